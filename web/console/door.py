"""Who comes in at the console, and to which page of it: closed unless a page says for whom it is.

A session is a row (bot.services.console_visits); the browser has its token in a cookie of its own,
apart from the residents' pages. Forms carry a token made of it, and come from our own origin.
"""

import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from bot.domain.console import LONGEST, Right
from bot.domain.roles import ROLE_NAMES, Role
from bot.services import secrets
from bot.services.console_visits import ConsoleVisit, visit
from bot.services.ports import Deps
from web.guard import OPEN_ROUTES

PAGES = "/console"
COOKIE, DEVICE = "xmz_console", "xmz_device"
TOKEN = "token"  # noqa: S105 - a field's name
LONGEST_FORM = 64 * 1024
WORDS = ("station", "place", "answer", "reason", "note", "heard", "words", "whose")
"""Fields whose words are given back when a form is not taken; never a password."""
POLL = "X-Poll"
"""Header of a page that looks for news by itself: that keeps nobody signed in."""
WITHOUT_OWN_PASSWORD = frozenset({"console.password", "console.logout"})
"""What somebody may do who came in with the office's one-time password."""

Answer = AnyResponse | str | tuple[str, int]


class Console(Blueprint):
    """The blueprint; `page` is the only way to add to it that anybody gets to see."""

    rights: dict[str, Right]
    longest: dict[str, int]

    def page(
        self, rule: str, name: str, view: Callable[..., Answer], right: Right,
        methods: tuple[str, ...] = ("GET",), *, longest: int = LONGEST_FORM,
    ) -> None:  # fmt: skip
        """A page for whoever has this right. `longest`: bytes of a form of theirs."""
        self.add_url_rule(rule, name, view, methods=list(methods))
        self.rights[f"{self.name}.{name}"] = right
        self.longest[f"{self.name}.{name}"] = longest


def make(import_name: str) -> Console:
    """The blueprint with its door."""
    pages = Console("console", import_name, url_prefix=PAGES, template_folder="templates")
    pages.rights, pages.longest = {}, {}
    pages.before_request(lambda: _door(pages))
    return pages


def deps() -> Deps:
    """What wiring made for this app."""
    found: Deps = current_app.extensions["deps"]
    return found


def visitor() -> ConsoleVisit:
    """Who looks at this page. Only behind the door."""
    found: ConsoleVisit = g.console
    return found


def _door(pages: Console) -> Answer | None:
    request.max_content_length = LONGEST_FORM
    if request.method == "POST" and not _from_here():
        return told("stale", 400)
    if request.endpoint in OPEN_ROUTES:
        return None
    found = visit(deps(), request.cookies.get(COOKIE, ""), active=POLL not in request.headers)
    if found is None:
        return _outside()
    g.console = found
    right = pages.rights.get(request.endpoint or "")
    if right is not None and found.may(right):  # nobody else may send much
        request.max_content_length = pages.longest[request.endpoint or ""]
    if request.method == "POST" and not _has_token():
        return told("stale", 400, typed=typed_words())
    if not found.own_password and request.endpoint not in WITHOUT_OWN_PASSWORD:
        return redirect(url_for("console.password"))
    if right is None or not found.may(right):
        return _closed(found, right)
    return None


def _closed(found: ConsoleVisit, right: Right | None) -> Answer:
    """Some posts count only after a code of the authenticator."""
    if right is not None and found.with_code(right) and request.method != "POST":
        name = "console.code" if found.has_authenticator else "console.authenticator"
        return redirect(url_for(name, to=request.full_path.rstrip("?")))
    return told("closed", 403)


def _outside() -> Answer:
    if POLL in request.headers:
        return "", 401  # htmx puts no error in a page
    if request.method == "POST":
        return told("ended", 401, typed=typed_words())
    wanted = request.full_path.rstrip("?")
    return redirect(url_for("console.login", to=wanted if wanted != f"{PAGES}/" else None))


def typed_words(*shown: str) -> str:
    """The words of a form that was not taken, but for those of fields that are shown again."""
    typed = (request.form.get(name, "") for name in WORDS if name not in shown)
    return "\n\n".join(words for words in typed if words)


def _from_here() -> bool:
    """Browsers say which site a form came from; another one's is not taken."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def form_token() -> str:
    """What a form of this session carries."""
    return secrets.keyed(deps(), "form", request.cookies.get(COOKIE, ""))[:32]


def _has_token() -> bool:
    return hmac.compare_digest(request.form.get(TOKEN, "").encode(), form_token().encode())


def let_in(response: AnyResponse, token: str, device: str) -> AnyResponse:
    """The cookies of a session that has just begun."""
    secure = deps().settings.base_url.startswith("https://")
    common: dict[str, Any] = {"path": PAGES, "httponly": True, "samesite": "Lax", "secure": secure}
    response.set_cookie(COOKIE, token, max_age=int(LONGEST.total_seconds()), **common)
    response.set_cookie(DEVICE, device, max_age=180 * 86400, **common)
    return response


def let_out(response: AnyResponse) -> AnyResponse:
    """The session's cookie goes; the browser's mark stays."""
    response.delete_cookie(COOKIE, path=PAGES)
    return response


def safe_way(to: str) -> str:
    """Where to go on: only to pages of the console."""
    ours = to.startswith(f"{PAGES}/") and "\\" not in to and "\n" not in to
    return to if ours else f"{PAGES}/"


def carry(words: str) -> str:
    """A sentence for the next page, as a part of its address that nobody else can make."""
    return _signer().dumps(words)


def carried() -> str:
    """The sentence that the page before sent along, for a minute."""
    try:
        found: str = _signer().loads(request.args.get("said", ""), max_age=60)
    except BadSignature:
        return ""
    return found


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secrets.keyed(deps(), "said", ""), "console")


def told(which: str, status: int, **values: object) -> tuple[str, int]:
    """A page that says one thing and what to do next."""
    return render_template("console/told.html", which=which, **values), status


def role_names(found: ConsoleVisit) -> str:
    """The posts of somebody, as they read them."""
    names = (ROLE_NAMES[Role(post.role)] for post in (*found.posts, *found.resting))
    return "、".join(dict.fromkeys(names))
