"""A demand for somebody who called, came by or wrote: one screen, the same slip as on the phone."""

import secrets

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import slip_page
from bot.services.errors import Refused
from bot.services.slip_page import Alike, SlipForm
from web.console.door import Answer, Console, carry, deps, visitor

SOURCES = {"phone": "电话", "walk_in": "来访", "letter": "来信"}
FIELDS = ("words", "place", "whose", "once", "choice", "station", "source")


def put(pages: Console) -> None:
    """Add this page."""
    pages.page("/new", "new_case", new_case, Right.OPEN, ("GET", "POST"))


def new_case() -> Answer:
    """The form; what is alike and open is shown before anything is opened."""
    if request.method != "POST":
        return _shown()
    given = {name: request.form.get(name, "") for name in FIELDS}
    form = SlipForm(**given, sent=())
    try:
        said, alike = slip_page.open_by_page(deps(), visitor().person_id, form)
    except Refused as refusal:
        return _shown(deps().texts.say(refusal.key, **refusal.values)), 409
    if alike:
        return _shown(alike=alike)
    return redirect(url_for("console.new_case", said=carry(said)), 303)


def _shown(problem: str = "", alike: tuple[Alike, ...] = ()) -> str:
    stations = slip_page.may_open(deps(), visitor().person_id)
    return render_template(
        "console/new_case.html", problem=problem, alike=alike, stations=stations,
        typed=request.form, sources=SOURCES,
        once=request.form.get("once") or secrets.token_urlsafe(12),
    )  # fmt: skip
