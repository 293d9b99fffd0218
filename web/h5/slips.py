"""开单 on the phone: a demand for somebody who does not write to us themselves."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for

from bot.services import slip_page
from bot.services.errors import Refused
from bot.services.slip_page import Alike, OwnStation, SlipForm
from web.h5.door import deps
from web.h5.parts import Page, for_person, sent_photos, sentence

FIELDS = ("words", "place", "whose", "once", "choice", "station")


def put(pages: Blueprint) -> None:
    """Add the routes."""
    pages.add_url_rule("/slip", "slip", _slip, methods=["GET", "POST"])


def _slip() -> Page:
    return for_person(_for_opener, "member.slip_not_yours")


def _for_opener(person_id: int) -> Page:
    shown = partial(_shown, slip_page.may_open(deps(), person_id))
    return _sent(person_id, shown) if request.method == "POST" else shown()


def _sent(person_id: int, shown: Callable[..., str]) -> Page:
    given = {name: request.form.get(name, "") for name in FIELDS}
    form = SlipForm(**given, sent=sent_photos())
    try:
        said, alike = slip_page.open_by_page(deps(), person_id, form)
    except Refused as refusal:
        return shown(problem=sentence(refusal)), 409
    if alike:
        return shown(alike=alike)
    flash(said)
    return redirect(url_for("h5.todo"), 303)


def _shown(
    stations: tuple[OwnStation, ...], problem: str = "", alike: tuple[Alike, ...] = ()
) -> str:
    return render_template(
        "h5/slip.html", problem=problem, alike=alike, stations=stations, typed=request.form
    )
