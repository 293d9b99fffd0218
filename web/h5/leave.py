"""请假 on the phone: days, who stands in, and 销假."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for

from bot.services import leave_page
from bot.services.errors import NotFound, Refused
from web.h5.door import deps
from web.h5.parts import Page, for_person, sentence


def put(pages: Blueprint) -> None:
    """Add the routes."""
    pages.add_url_rule("/leave", "leave", _shown)
    pages.add_url_rule("/leave", "take_leave", _take, methods=["POST"])
    pages.add_url_rule("/leave/back", "back", _back, methods=["POST"])


def _shown(problem: str = "") -> Page:
    return for_person(partial(_page, problem), "leave.no_post")


def _page(problem: str, person_id: int) -> Page:
    page = leave_page.look(deps(), person_id)
    return render_template("h5/leave.html", page=page, problem=problem, typed=request.form)


def _take() -> Page:
    given = [request.form.get(name, "") for name in ("first", "last", "name")]
    return _done(lambda person_id: leave_page.take(deps(), person_id, *given))


def _back() -> Page:
    return _done(lambda person_id: leave_page.back(deps(), person_id))


def _done(act: Callable[[int], str]) -> Page:
    return for_person(partial(_acted, act), "leave.no_post")


def _acted(act: Callable[[int], str], person_id: int) -> Page:
    """A refusal keeps what was typed."""
    try:
        flash(act(person_id))
    except (NotFound, Refused) as refusal:
        page = _shown(sentence(refusal))
        return (page, 409) if isinstance(page, str) else page
    return redirect(url_for("h5.leave"), 303)
