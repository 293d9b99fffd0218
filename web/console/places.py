"""Names of places that no list knows: looked through, put in their place, set aside."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import office_places
from bot.services.errors import NotFound, Refused
from bot.services.office_places import ASIDE, BACK, MOST, Wish
from bot.services.place_book import PLACES
from web.console import workbooks
from web.console.door import Answer, Console, carry, deps, visitor
from web.console.workbooks import Table


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/places", "places", places, Right.MASTER)
    table = Table("places", PLACES, _places, "个地名", ("地名", "导入以后"), "它们", Right.MASTER)
    workbooks.put(pages, table)
    pages.page("/places/<name>", "place", place, Right.MASTER)
    pages.page("/places/keep", "place_keep", keep, Right.MASTER, ("POST",))


def places() -> Answer:
    """All of them, the most frequent first."""
    return _places(200)


def _places(status: int, **values: object) -> tuple[str, int]:
    found = office_places.listed(deps(), visitor())
    empty: dict[str, object] = {"typed": {}}
    shown = render_template("console/places.html", found=found, aside=ASIDE, **empty | values)
    return shown, status


def place(name: str) -> Answer:
    """One of them."""
    if not any(office_places.look(deps(), visitor(), name)):
        raise NotFound("console.no_view")
    return _place(name, 200)


def keep() -> Answer:
    """Say what it would change; without a difference, or said again, keep it."""
    names = ("name", "where", "act", "reason", "sure")
    typed = {name: request.form.get(name, "").strip()[:300] for name in names}
    wish = Wish(typed["name"], typed["where"], typed["act"])
    try:
        done = office_places.keep(
            deps(), visitor(), wish, reason=typed["reason"], sure=typed["sure"]
        )
    except Refused as refusal:
        problem = deps().texts.say(refusal.key, **refusal.values)
        if request.form.get("new"):
            return _places(409, typed=typed, problem=problem)
        return _place(wish.name, 409, typed=typed, problem=problem)
    if isinstance(done, str):
        return redirect(url_for("console.places", said=carry(done)), 303)
    return _place(wish.name, 200, typed=typed, differences=done)


def _place(name: str, status: int, **values: object) -> tuple[str, int]:
    made, holding, history = office_places.look(deps(), visitor(), name)
    empty: dict[str, object] = {"typed": {}, "differences": None}
    shown = render_template(
        "console/place.html", name=name, made=made, now=office_places.said(deps(), made),
        holding=holding, history=history, aside=ASIDE, back=BACK, most=MOST, **empty | values,
    )  # fmt: skip
    return shown, status
