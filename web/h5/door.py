"""Who comes in: sessions begin by the platform's silent OAuth2 and end after a while of nothing.

Outside WeChat nobody can be known; a plain page says so. In demo mode each person of the desk has
an origin of their own, NAME.localhost, which stands for that person's WeChat.
"""

import hmac
import logging
import re
import secrets

from flask import Blueprint, current_app, g, redirect, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from bot.domain.signing_in import SignInFailed
from bot.services import qr_codes, visits
from bot.services.ports import Deps
from bot.services.visits import Visit
from web.addresses import address
from web.guard import OPEN_ROUTES
from web.h5.throttle import Throttle
from web.sessions import IDLE, PAGES

log = logging.getLogger(__name__)

RENEW = 600
"""Seconds after which a visit is written down again, so that the idle time starts anew."""
OPEN_STATES = 3
"""Sign-ins under way in one browser: a link tapped twice starts two."""
LONGEST_FORM = 64 * 1024
LONGEST_WITH_PHOTOS = 32 * 1024 * 1024
"""Three photos of the largest kind that is kept, and the words beside them."""
WITH_PHOTOS = frozenset({"h5.add", "h5.reopen", "h5.act", "h5.slip"})
"""Forms that take photos. Others stay small, and so does whatever comes without a session."""
FAILURES = "sign_in_failures"
LONGEST_PATH = 100
"""Characters of a path; none of ours is longer, and a code of more is hard to scan."""
TOKEN = "token"  # noqa: S105 - a field's name

_DESK_HOST = re.compile(r"[a-z0-9-]{1,63}\.localhost(:\d{1,5})?")


def deps() -> Deps:
    """What wiring made for this app."""
    found: Deps = current_app.extensions["deps"]
    return found


def visitor() -> Visit:
    """Who looks at this page. Only behind the door."""
    found: Visit = g.visit
    return found


def put_door(pages: Blueprint) -> None:
    """Every route of these pages but the open ones needs a session, every form its token."""
    pages.record_once(lambda state: state.app.extensions.update({FAILURES: _throttle()}))
    pages.before_request(_door)
    pages.add_url_rule("/in", "come_in", come_in)


def _door() -> AnyResponse | tuple[str, int] | None:
    request.max_content_length = LONGEST_FORM
    if request.endpoint in OPEN_ROUTES:
        return None
    found = _session_visit()
    if found is None:
        return _outside()
    g.visit = found
    if request.endpoint in WITH_PHOTOS:
        request.max_content_length = LONGEST_WITH_PHOTOS
    return told("stale", 400) if request.method == "POST" and not _has_token() else None


def _has_token() -> bool:
    """The form was ours: another site can post here, but does not know the session's token."""
    given, known = request.form.get(TOKEN, ""), session.get(TOKEN, "")
    return bool(known) and hmac.compare_digest(given.encode(), known.encode())


def _session_visit() -> Visit | None:
    now = int(deps().clock.now().timestamp())
    seen, contact_id = session.get("at"), session.get("contact")
    if not isinstance(seen, int) or not isinstance(contact_id, int):
        return None
    if now - seen > IDLE.total_seconds():
        session.clear()
        return None
    if now - seen > RENEW:
        session["at"] = now
    return visits.visit(deps(), contact_id)


def _outside() -> AnyResponse | tuple[str, int]:
    """No session: sign in silently where that can be done, else say what to do."""
    if request.method == "POST":
        return told("ended", 401, typed=_typed())
    if not _inside_wechat():
        return told("outside", 403, account=deps().settings.account_name, code=_code_to_scan())
    return _ask_who(request.full_path.rstrip("?"))


def _code_to_scan() -> str:
    """The page one wanted as a code for WeChat to scan: its address alone, without what a query
    may hold."""
    wanted = request.path if len(request.path) <= LONGEST_PATH else f"{PAGES}/"
    return qr_codes.inline(f"{deps().settings.base_url}{wanted}")


def _typed() -> str:
    """The words of a form whose session has ended; with photos it is too long to be read now."""
    if (request.content_length or 0) > LONGEST_FORM:
        return ""
    return "\n\n".join(v for k, v in request.form.items() if k not in (TOKEN, "once") and v)


def _inside_wechat() -> bool:
    return "MicroMessenger" in request.user_agent.string or _desk_origin() is not None


def _desk_origin() -> str | None:
    """The origin of a person on the desk; only the demo has such people."""
    if deps().settings.mode != "demo" or not _DESK_HOST.fullmatch(request.host):
        return None
    return f"http://{request.host}"


def _ask_who(back_to: str) -> AnyResponse:
    state = secrets.token_hex(16)
    kept = list(session.get("states", {}).items())[1 - OPEN_STATES :]
    session.permanent = True
    session["states"] = dict([*kept, (state, back_to)])
    return redirect(deps().sign_in.address(f"{origin()}{PAGES}/in", state))


def origin() -> str:
    """Where the browser has our pages, whatever stands between."""
    return _desk_origin() or deps().settings.base_url


def come_in() -> AnyResponse | tuple[str, int]:
    """The platform sends the browser here with a code; the state says that we asked for it."""
    if _failures().over(address()):
        return told("busy", 429)
    back_to = session.get("states", {}).pop(request.args.get("state", ""), None)
    session.modified = True
    if back_to is None:
        # The way back leads over this page, too: whoever is in already goes on.
        return redirect(f"{PAGES}/") if _session_visit() else _failed("state")
    try:
        found = deps().sign_in.visitor(request.args.get("code", ""))
    except SignInFailed as error:
        if error.again and not session.get("again"):
            session["again"] = True
            return _ask_who(back_to)
        return _failed(str(error))
    if found.snapshot:
        return told("snapshot", 403)
    begin(visits.enter(deps(), found.openid))
    return redirect(back_to)


def begin(contact_id: int) -> None:
    """A new session of the phone with this contact: nothing of an earlier one, which may be another
    person's, stays."""
    session.clear()
    session.permanent = True
    session["contact"] = contact_id
    session["at"] = int(deps().clock.now().timestamp())
    session[TOKEN] = secrets.token_urlsafe(16)


def _failed(reason: str) -> tuple[str, int]:
    code = secrets.token_hex(3)
    _failures().count(address())
    session.pop("again", None)
    log.warning("sign_in_failed code=%s why=%s", code, reason)
    return told("reenter", 403, code=code)


def _throttle() -> Throttle:
    """Twenty failures in ten minutes: nobody who means well comes near that."""
    return Throttle(limit=20, seconds=600)


def _failures() -> Throttle:
    found: Throttle = current_app.extensions[FAILURES]
    return found


def told(which: str, status: int, **values: object) -> tuple[str, int]:
    """A page that says one thing and what to do next."""
    return render_template("h5/told.html", which=which, **values), status
