"""Signing in to the account's pages: the platform's OAuth2, as a person inside the app meets it.

The desk has no app that knows who holds it: the person is read from the origin of the page to come
back to (NAME.localhost), at which the desk's phones open pages. Source: the platform's 网页授权.
"""

import hashlib
import re
import secrets
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from simulator.api import answer_call
from simulator.desk import Desk
from simulator.errors import Refused
from simulator.people import Person
from simulator.store import Row

LIFE = 300
"""Seconds that a code is good for."""
SCOPES = ("snsapi_base", "snsapi_userinfo")
_STATE = re.compile(r"[A-Za-z0-9]{0,128}")


def oauth_of(desk: Desk) -> Blueprint:
    """Routes of the platform's pages, and of the call that exchanges a code."""
    pages = Blueprint("oauth", __name__)

    @pages.get("/connect/oauth2/authorize")
    def authorize() -> AnyResponse | tuple[str, int]:
        wrong = _wrong(desk)
        person = _person(desk)
        if person is None:
            wrong = wrong or "请从桌面微信里某个人的手机上打开这个页面"
        _note(desk, person, f"refused: {wrong}" if wrong else "code given")
        if wrong or person is None:
            return render_template("sorry.html", wrong=wrong), 400
        asked = {"code": _new_code(desk, person), "state": request.args.get("state", "")}
        return redirect(_with(request.args["redirect_uri"], asked))

    @pages.get("/sns/oauth2/access_token")
    def access_token() -> Response:
        return answer_call(desk, "oauth", lambda: _exchange(desk))

    return pages


def _wrong(desk: Desk) -> str:
    """What the platform's own page would complain of; empty when nothing is wrong."""
    asked = request.args
    if asked.get("appid") != desk.config.app_id:
        return "AppID 参数错误"
    if asked.get("response_type") != "code" or asked.get("scope") not in SCOPES:
        return "scope 参数错误或没有 scope 权限"
    if not _STATE.fullmatch(asked.get("state", "")):
        return "state 参数错误"
    if not _at_our_domain(desk, asked.get("redirect_uri", "")):
        return "redirect_uri 域名与后台配置不一致（10003）"
    return ""


def _at_our_domain(desk: Desk, url: str) -> bool:
    """The domain set in the console: the app's own, which a desk's person has as NAME.localhost."""
    back, app = urlsplit(url), urlsplit(desk.config.app_url)
    if back.scheme not in ("http", "https") or back.port != app.port:
        return False
    return back.hostname == app.hostname or (back.hostname or "").endswith(".localhost")


def _person(desk: Desk) -> Person | None:
    host = urlsplit(request.args.get("redirect_uri", "")).hostname or ""
    name, _, rest = host.partition(".")
    return desk.store.person_by_handle(name) if rest == "localhost" else None


def _new_code(desk: Desk, person: Person) -> str:
    code = secrets.token_hex(16)
    snapshot = desk.faults.take(("snapshot",), "oauth") is not None
    desk.store.run(
        "INSERT INTO codes VALUES (?, ?, ?, ?, NULL, ?)",
        (code, person.openid, request.args["scope"], desk.clock.now(), snapshot),
    )
    return code


def _with(url: str, asked: dict[str, str]) -> str:
    joint = "&" if urlsplit(url).query else "?"
    return f"{url}{joint}{urlencode(asked)}"


def _exchange(desk: Desk) -> tuple[Row, str]:
    asked = request.args
    if asked.get("grant_type") != "authorization_code":
        raise Refused(40002, "grant_type must be authorization_code")
    if asked.get("appid") != desk.config.app_id:
        raise Refused(40013, "appid is not this account's")
    if asked.get("secret") != desk.config.app_secret:
        raise Refused(40125, "secret is wrong")
    found = _use_code(desk, asked.get("code", ""))
    openid = found["openid"]
    body: Row = {
        "access_token": f"web_{secrets.token_urlsafe(60)}", "expires_in": 7200,
        "refresh_token": f"web_{secrets.token_urlsafe(60)}", "openid": openid,
        "scope": found["scope"],
    }  # fmt: skip
    if found["snapshot"]:
        virtual = hashlib.sha256(f"snapshot:{openid}".encode()).hexdigest()[:23]
        body |= {"openid": f"oSNAP{virtual}", "is_snapshotuser": 1}
    return body, "code used"


def _use_code(desk: Desk, code: str) -> Row:
    """A code opens once, and only for five minutes."""
    now = desk.clock.now()
    with desk.store.db() as db:
        found = db.execute("SELECT * FROM codes WHERE code = ?", (code,)).fetchone()
        if found is None:
            raise Refused(40029, "no such code")
        if found["used_at"] is not None:
            raise Refused(40163, "this code was used already")
        if now - found["made_at"] > LIFE:
            raise Refused(42003, f"the code is older than {LIFE} s")
        db.execute("UPDATE codes SET used_at = ? WHERE code = ?", (now, code))
        return dict(found)


def _note(desk: Desk, person: Person | None, verdict: str) -> None:
    line = {"direction": "api", "call": "authorize", "verdict": verdict}
    desk.store.note(desk.clock.now(), line | {"openid": person.openid if person else ""})
