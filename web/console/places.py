"""Names of places that no list knows: looked through, put in their place, set aside."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import office_places, place_files
from bot.services.errors import NotFound, Refused
from bot.services.office_places import ASIDE, BACK, MOST, Wish
from web.console import workbooks
from web.console.door import Answer, Console, carry, deps, visitor
from web.console.workbooks import LONGEST


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/places", "places", places, Right.MASTER)
    pages.page("/places.xlsx", "places_export", export, Right.MASTER)
    pages.page("/places/try", "places_try", attempt, Right.MASTER, ("POST",), longest=LONGEST)
    pages.page("/places/apply", "places_apply", apply, Right.MASTER, ("POST",))
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


def export() -> Answer:
    """What the office made of names, as a workbook."""
    return workbooks.sent(place_files.export(deps(), visitor()), "places.xlsx")


def attempt() -> Answer:
    """What a file would do, or everything that is wrong with it."""
    return workbooks.attempted(
        place_files.attempt, lambda why: _places(409, problem=why), what="地名", unit="个地名",
        headings=("地名", "导入以后"), about="它们", back="console.places",
        apply="console.places_apply",
    )  # fmt: skip


def apply() -> Answer:
    """Keep what was tried."""
    return workbooks.applied(
        place_files.apply, lambda why, _typed: _places(409, problem=why), "console.places"
    )
