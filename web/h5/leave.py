"""请假 on the phone: days, who stands in, and 销假."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.services import leave_page
from bot.services.errors import NotFound, Refused
from web.h5.door import deps, told, visitor
from web.h5.parts import sentence

Page = str | tuple[str, int] | AnyResponse


def put(pages: Blueprint) -> None:
    """Add the routes."""
    pages.add_url_rule("/leave", "leave", _shown)
    pages.add_url_rule("/leave", "take_leave", _take, methods=["POST"])
    pages.add_url_rule("/leave/back", "back", _back, methods=["POST"])


def _shown(problem: str = "") -> Page:
    person_id = visitor().person_id
    try:
        if person_id is None:
            raise Refused("leave.no_post")
        page = leave_page.look(deps(), person_id)
    except Refused as refusal:
        return told("refused", 403, words=sentence(refusal))
    return render_template("h5/leave.html", page=page, problem=problem, typed=request.form)


def _take() -> Page:
    given = [request.form.get(name, "") for name in ("first", "last", "name")]
    return _done(lambda person_id: leave_page.take(deps(), person_id, *given))


def _back() -> Page:
    return _done(lambda person_id: leave_page.back(deps(), person_id))


def _done(act: Callable[[int], str]) -> Page:
    """A refusal keeps what was typed."""
    person_id = visitor().person_id
    if person_id is None:
        return _shown()
    try:
        flash(act(person_id))
    except (NotFound, Refused) as refusal:
        page = _shown(sentence(refusal))
        return (page, 409) if isinstance(page, str) else page
    return redirect(url_for("h5.leave"), 303)
