"""The desk's pages: a desktop of phones, and one phone at each person's own origin."""

import secrets
from collections.abc import Callable

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.wrappers import Response as AnyResponse

from simulator import menu, qr
from simulator.clock import stamp
from simulator.desk import Desk
from simulator.people import Person
from simulator.render import bubbles, clock_words, own_origin
from simulator.store import Row

SENTENCES = (
    "我们乌兰不浪村到现在没通公交车，去趟城里要走五公里",
    "昭乌达路街道办门口的路灯坏了三天了，晚上摸黑走",
    "昭路的路灯坏了好几盏，晚上黑得看不见路",
    "蒙古场巷三百米没有一盏路灯，七个小区的人都走这条巷子",
    "家里暖气不热，室温只有十五度，老人孩子受不了",
    "小区旁边有块两千平米的荒地，能不能改成停车场",
    "我们是老旧小区，想要个健身的地方，给老人活动活动",
    "楼道里煤气味特别大，怎么办",
    "反映一下，某单位领导收钱办事",
    "你好",
    "那个事怎么样了，就是上次说的那个",
    "查进度",
)
"""Ready sentences to try: needs, an emergency, a discipline lead, a greeting, an unclear one, and
a command."""
PLACES = (
    ("昭乌达路", 40.8183, 111.7087),
    ("蒙古场巷", 40.8082, 111.6583),
    ("乌兰不浪村", 40.9412, 111.5631),
)
SHOWN = 200
"""Messages on a phone, and lines in the log drawer."""
BOOT = secrets.token_hex(4)


def pages_of(desk: Desk) -> Blueprint:
    """Routes of the pages."""
    pages = Blueprint("pages", __name__)
    _desktop(pages, desk)
    _phone(pages, desk)
    return pages


def _desktop(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/")
    def home() -> AnyResponse | str:
        if _owner(desk) is not None:
            return redirect("/phone")
        return render_template("desk.html", port=desk.config.port)

    @pages.get("/page/people")
    def people() -> Response:
        tag = f"people-{desk.store.version}"
        return _fresh(tag, lambda: render_template("people.html", people=_list(desk)))

    @pages.get("/q/<ticket>")
    def qr_code(ticket: str) -> str:
        code = qr.find(desk.store, ticket) or abort(404, "no QR code of this desk")
        return render_template("qr.html", scene=code["scene"])

    @pages.get("/page/log")
    def log() -> Response:
        lines = desk.store.log(limit=SHOWN)[::-1]
        shown = [line | {"time": stamp(line["at"])[5:19].replace("T", " ")} for line in lines]
        tag = f"log-{lines[0]['id'] if lines else 0}"
        return _fresh(tag, lambda: render_template("log.html", lines=shown))


def _phone(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/phone")
    def phone() -> str:
        person = _owner(desk) or abort(404, "open a person's phone at http://NAME.localhost")
        return render_template(
            "phone.html", person=person, sentences=SENTENCES, places=PLACES, shown=SHOWN,
            menu=_menu(desk, person),
        )  # fmt: skip

    @pages.get("/phone/thread")
    def thread() -> Response:
        person = _owner(desk) or abort(404)
        rows = desk.store.messages(person.openid, SHOWN)
        now = desk.clock.now()
        day = stamp(now)[:10]
        tag = f"thread-{rows[-1]['id'] if rows else 0}-{person.follows}-{person.blocks}-{day}"
        drawn = bubbles(rows, now, desk.config.app_url, person.handle)
        return _fresh(tag, lambda: render_template("thread.html", bubbles=drawn, person=person))

    @pages.post("/phone/read")
    def read() -> Response:
        person = _owner(desk) or abort(404)
        body = request.get_json(silent=True)
        last = body.get("id") if isinstance(body, dict) else None
        if isinstance(last, int) and last > person.read_id:
            desk.store.run("UPDATE people SET read_id = ? WHERE openid = ?", (last, person.openid))
        return jsonify(ok=True)


def _menu(desk: Desk, person: Person) -> list[Row]:
    """The account's buttons; pages of the app open at this person's own origin."""

    def own(button: Row) -> Row:
        below = [own(each) for each in button.get("sub_button", [])]
        url = button.get("url", "").replace(menu.APP, desk.config.app_url)
        here = own_origin(url, desk.config.app_url, person.handle) if url else ""
        return button | {"sub_button": below, "here": here, "url": url}

    return [own(button) for button in menu.shown(desk.store)]


def _owner(desk: Desk) -> Person | None:
    """Whose origin the page is asked at: HANDLE.localhost."""
    name, dot, rest = request.host.partition(".")
    if not dot or rest.partition(":")[0] != "localhost":
        return None
    return desk.store.person_by_handle(name)


def _list(desk: Desk) -> list[dict[str, object]]:
    now = desk.clock.now()
    return [
        row | {"time": clock_words(row["active_at"], now).split(" ")[0], "last": row["last"] or ""}
        for row in desk.store.people()
    ]


def _fresh(tag: str, draw: Callable[[], str]) -> Response:
    """The fragment, or 304 when the browser has this very one."""
    response = make_response()
    response.set_etag(f"{BOOT}-{tag}")
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    if response.status_code != 304:
        response.set_data(draw())
        response.mimetype = "text/html"
    return response
