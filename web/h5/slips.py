"""开单 on the phone: a demand for somebody who does not write to us themselves."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.services import slip_page
from bot.services.errors import Refused
from bot.services.slip_page import Alike, SlipForm
from web.h5.door import deps, told, visitor
from web.h5.parts import sent_photos, sentence

Page = str | tuple[str, int] | AnyResponse


def put(pages: Blueprint) -> None:
    """Add the routes."""
    pages.add_url_rule("/slip", "slip", _slip, methods=["GET", "POST"])


def _slip() -> Page:
    person_id = visitor().person_id
    try:
        if person_id is None:
            raise Refused("member.slip_not_yours")
        slip_page.may_open(deps(), person_id)
    except Refused as refusal:
        return told("refused", 403, words=sentence(refusal))
    return _sent(person_id) if request.method == "POST" else _shown()


def _sent(person_id: int) -> Page:
    given = {name: request.form.get(name, "") for name in ("words", "place", "whose", "once")}
    form = SlipForm(**given, choice=request.form.get("choice", ""), sent=sent_photos())
    try:
        said, alike = slip_page.open_by_page(deps(), person_id, form)
    except Refused as refusal:
        return _shown(sentence(refusal)), 409
    if alike:
        return _shown(alike=alike)
    flash(said)
    return redirect(url_for("h5.todo"), 303)


def _shown(problem: str = "", alike: tuple[Alike, ...] = ()) -> str:
    return render_template("h5/slip.html", problem=problem, alike=alike, typed=request.form)
