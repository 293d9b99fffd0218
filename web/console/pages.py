"""The staff console, put together: one blueprint under /console."""

import logging
import secrets
from datetime import datetime

from flask import Response, g, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from bot.domain.console import Right
from bot.domain.deadlines import BEIJING
from bot.services.errors import NotFound
from bot.services.staff_tasks import full
from bot.services.unmasking import note_look
from web.addresses import address
from web.assets import asset
from web.console import (
    bulk,
    calls,
    entry,
    export,
    files,
    lexicon,
    log,
    new_case,
    office,
    overview,
    papers,
    places,
    question_files,
    questions,
    queue,
    roster,
    routes,
    rules,
    search,
    split,
    stations,
    units,
    write,
)
from web.console.door import (
    LONGEST_FORM,
    Console,
    carried,
    deps,
    form_token,
    make,
    role_names,
    told,
    typed_words,
    visitor,
)
from web.headers import CONSOLE, protect

logs = logging.getLogger(__name__)

GIVEN_BACK = 6 * LONGEST_FORM
"""Bytes of a form that is too large to be taken, but whose words are given back."""


def console() -> Console:
    """All pages of the console. Whatever is added says whom it is for, or nobody sees it."""
    pages = make(__name__)
    pages.before_request(_note_look)
    entry.put(pages)
    queue.put(pages)
    calls.put(pages)
    bulk.put(pages)
    files.put(pages)
    split.put(pages)
    write.put(pages)
    search.put(pages)
    papers.put(pages)
    new_case.put(pages)
    export.put(pages)
    stations.put(pages)
    roster.put(pages)
    units.put(pages)
    rules.put(pages)
    lexicon.put(pages)
    places.put(pages)
    routes.put(pages)
    office.put(pages)
    questions.put(pages)
    question_files.put(pages)
    log.put(pages)
    overview.put(pages)
    pages.page("/", "home", _home, Right.ENTER)
    pages.page("/<path:_rest>", "elsewhere", lambda _rest: told("missing", 404), Right.ENTER)
    pages.add_app_template_filter(_beijing, "beijing")
    pages.context_processor(_known_to_templates)
    pages.after_request(_protect)
    pages.register_error_handler(413, lambda _: _too_much())
    pages.register_error_handler(NotFound, lambda _: told("missing", 404))
    pages.register_error_handler(Exception, _broke)
    return pages


def _too_much() -> tuple[str, int]:
    """What was typed comes back to whoever is signed in, as far as it may be read at all."""
    if (request.max_content_length or 0) > LONGEST_FORM:  # a page that takes files
        return told("file", 413)
    if "console" not in g:
        return told("long", 413)
    request.max_content_length = GIVEN_BACK
    try:
        return told("long", 413, typed=typed_words())
    except RequestEntityTooLarge:
        return told("long", 413)


def _note_look() -> None:
    """Whatever page of a restricted case it is: that somebody looks at it is kept before."""
    if "console" in g and "number" in (request.view_args or {}):
        number = full(str((request.view_args or {})["number"]))
        note_look(deps(), visitor(), number, address())


def _home() -> AnyResponse:
    found = visitor()
    queue = found.may(Right.QUEUE) or found.with_code(Right.QUEUE)
    return redirect(url_for("console.queue" if queue else "console.audit"))


def _beijing(at: datetime) -> str:
    """A moment as the office reads it."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def _known_to_templates() -> dict[str, object]:
    found = g.get("console")
    return {
        "asset": asset,
        "token": form_token() if found else "",
        "visit": found,
        "roles": role_names(found) if found else "",
        "Right": Right,
        "said": carried() if found else "",
        "here": request.endpoint,
    }


def _protect(response: Response) -> Response:
    # Under "no-referrer" a browser says Origin: null of our own forms, too.
    response.headers["Referrer-Policy"] = "same-origin"
    https = deps().settings.base_url.startswith("https://")
    return protect(response, https=https, more=CONSOLE)


def _broke(error: Exception) -> tuple[str, int]:
    """Whatever it was: what to do next, and a code that staff can search the log for."""
    code = secrets.token_hex(3)
    logs.exception("page_failed code=%s page=%s", code, request.endpoint, exc_info=error)
    return told("broke", 500, code=code)


blueprint = console()
