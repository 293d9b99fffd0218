"""The pages inside WeChat, put together: one blueprint under /h5."""

import logging
import secrets

from flask import Blueprint, Response, g, make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.services import tab_counts
from bot.services.errors import NotFound
from bot.services.tab_counts import TabCounts
from web.assets import asset
from web.h5 import files, leave, members, notices, residents, slips
from web.h5.door import TOKEN, deps, put_door, told, visitor
from web.h5.parts import LARGE, wants_large
from web.headers import protect, tag_sources
from web.sessions import PAGES

log = logging.getLogger(__name__)


def h5() -> Blueprint:
    """All pages for residents and members. The door comes first: whatever is added is behind it."""
    pages = Blueprint("h5", __name__, url_prefix=PAGES, template_folder="templates")
    put_door(pages)
    residents.put(pages)
    members.put(pages)
    files.put(pages)
    slips.put(pages)
    leave.put(pages)
    notices.put(pages)
    pages.add_url_rule("/", "home", _home)
    pages.add_url_rule("/large", "large", _large, methods=["POST"])
    pages.add_url_rule("/<path:_rest>", "elsewhere", _elsewhere)
    pages.context_processor(_known_to_templates)
    pages.after_request(_protect)
    pages.teardown_request(lambda _: request.close())  # uploaded files, read or not
    pages.register_error_handler(413, lambda _: told("long", 413))
    pages.register_error_handler(NotFound, lambda _: told("missing", 404))
    pages.register_error_handler(Exception, _broke)
    return pages


def _home() -> AnyResponse:
    return redirect(url_for("h5.todo" if visitor().person_id is not None else "h5.mine"))


def _large() -> AnyResponse:
    """Switch large type on or off, and go back to the page it was tapped on."""
    back_to = request.form.get("back", "")
    safe = back_to if back_to.startswith(f"{PAGES}/") and "\\" not in back_to else f"{PAGES}/"
    response = make_response(redirect(safe, 303))
    on = "" if wants_large() else "1"
    response.set_cookie(LARGE, on, max_age=365 * 86400 if on else 0, path=PAGES, samesite="Lax",
                        httponly=True, secure=request.is_secure)  # fmt: skip
    return response


def _elsewhere(_rest: str) -> tuple[str, int]:
    return told("missing", 404)


def _known_to_templates() -> dict[str, object]:
    return {
        "asset": asset,
        "large": wants_large(),
        "token": session.get(TOKEN, ""),
        "once": secrets.token_urlsafe(12),
        "visit": g.get("visit"),
        "counts": _counts,
        "here": request.path,
    }


def _counts() -> TabCounts:
    """Asked by the template where it shows tabs; a page about a fault counts nothing."""
    return TabCounts() if g.get("broke") else tab_counts.counts(deps(), visitor())


def _protect(response: Response) -> Response:
    https = deps().settings.base_url.startswith("https://")
    return protect(response, https=https, more=tag_sources(g.get("tags")))


def _broke(error: Exception) -> tuple[str, int]:
    """Whatever it was: what to do next, and a code that staff can search the log for."""
    code, g.broke = secrets.token_hex(3), True
    log.exception("page_failed code=%s page=%s", code, request.endpoint, exc_info=error)
    return told("broke", 500, code=code)


blueprint = h5()
