"""The platform's tags in the account's pages: a ticket, the judging of a page, and a stand-in for
the script, which in reality works only inside WeChat.

The stand-in draws the button of `wx-open-subscribe` in a frame of the desk. Who taps it is read
from the signed address of the page, NAME.localhost, as for signing in. Sources: the platform's
pages on getTicket, on the JS-SDK's signature and on 开放标签.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, render_template, request, send_from_directory

from simulator import consents
from simulator.desk import Desk
from simulator.errors import Refused
from simulator.incoming import BadMessage
from simulator.people import Person
from simulator.store import Row, Store

LIFE = 7200
"""Seconds. The platform says so each time, however much of them is left (told by developers)."""
PREFIX = "/open"
OK = "config:ok"


def give_ticket(store: Store, kind: str, now: float) -> tuple[Row, str]:
    """getticket: the same ticket as long as it lives, then another."""
    if kind != "jsapi":
        raise Refused(40097, "type must be jsapi; the desk has no cards")
    found = _tickets(store, now)
    ticket = found[0] if found else secrets.token_urlsafe(64)
    if not found:
        store.run("INSERT INTO tickets VALUES (?, ?)", (ticket, now))
    return {"ticket": ticket, "expires_in": LIFE}, "the same" if found else "new"


def _tickets(store: Store, now: float) -> list[str]:
    rows = store.rows(
        "SELECT ticket FROM tickets WHERE made_at > ? AND made_at <= ?", (now - LIFE, now)
    )
    return [row["ticket"] for row in rows]


def judge(desk: Desk, told: Mapping[str, str]) -> str:
    """What wx.config hears of a page with this appid, timestamp, nonce, signature and url."""
    url = told.get("url", "")
    if told.get("appid") != desk.config.app_id:
        return "config:invalid appid"
    if not _safe_domain(desk, url):
        return "config:fail, invalid url domain"
    signed = f"&noncestr={told.get('nonce', '')}&timestamp={told.get('timestamp', '')}&url={url}"
    for ticket in _tickets(desk.store, desk.clock.now()):
        text = f"jsapi_ticket={ticket}{signed}"
        good = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        if hmac.compare_digest(good, told.get("signature", "").encode("ascii", "replace").decode()):
            return OK
    return "config:invalid signature"


def _safe_domain(desk: Desk, url: str) -> bool:
    """The JS接口安全域名 of the console: the app's own, which a person has as NAME.localhost."""
    page, app = urlsplit(url), urlsplit(desk.config.app_url)
    if page.scheme not in ("http", "https") or page.port != app.port:
        return False
    return page.hostname == app.hostname or (page.hostname or "").endswith(".localhost")


def _person(desk: Desk, told: Mapping[str, str]) -> Person | None:
    name, _, rest = (urlsplit(told.get("url", "")).hostname or "").partition(".")
    return desk.store.person_by_handle(name) if rest == "localhost" else None


def page_tags_of(desk: Desk) -> Blueprint:
    """Routes for browsers: the script, the frame of a tag, and what was answered in it."""
    pages = Blueprint("open", __name__, url_prefix=PREFIX, static_folder=None)

    @pages.get("/js/jweixin-1.6.0.js")
    def script() -> Response:
        return send_from_directory("static", "jweixin.js", max_age=0)

    @pages.get("/tag")
    def tag() -> str:
        """Without a template: only the verdict on the page, which the script waits for."""
        told = request.args.to_dict()
        verdict, template = judge(desk, told), told.get("template", "")
        if not template:
            _note(desk, "wx.config", _person(desk, told), verdict)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(told.get("url", "")))
        shown = template if verdict == OK and _person(desk, told) else ""
        return render_template("tag.html", verdict=verdict, template=shown, origin=origin)

    @pages.post("/answer")
    def answer() -> Response | tuple[Response, int]:
        body = request.get_json(silent=True) if request.is_json else None
        told = {k: str(v) for k, v in body.items()} if isinstance(body, dict) else {}
        person = _person(desk, told)
        if judge(desk, told) != OK or person is None:
            return jsonify(errCode=10001), 400
        try:
            what = consents.answer(desk.store, person, told["template"], told["answer"], "h5")
        except (BadMessage, KeyError):
            return jsonify(errCode=20001), 400
        _note(desk, "wx-open-subscribe", person, told["answer"])
        desk.pusher.deliver(person.openid, what)
        return jsonify(errMsg="subscribe:ok")

    return pages


def _note(desk: Desk, call: str, person: Person | None, verdict: str) -> None:
    line = {"direction": "api", "call": call, "verdict": verdict, "rule": "in a page"}
    desk.store.note(desk.clock.now(), line | {"openid": person.openid if person else ""})
