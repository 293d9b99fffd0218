"""The office's names of places as a workbook."""

from bot.domain.office_places import NamedPlace
from bot.nlp.fold import fold
from bot.services import office_places
from bot.services.errors import Refused
from bot.services.office_books import OfficeBook, Rows
from bot.services.office_places import ASIDE, Changes, Wish
from bot.services.ports import Deps
from bot.services.roster_files import MEGABYTE, Limits
from bot.services.sheet_cells import Column

NOWHERE = "不是地名"
_OF_WHERE = ("master.no_place", "master.place_several")
"""Refusals that are about where it is."""
COLUMNS = (
    Column("places", "name", "地名", "text", True, "2 到 20 个字，没有空格和标点，每个只写一次"),
    Column("places", "where", "在哪里", "text", True, longest=60,
           expected=f"一个已有的地名，或者街道、旗县区；“{NOWHERE}”是以后不再列出来"),
)  # fmt: skip


def _rows(deps: Deps) -> list[tuple[str, str]]:
    return sorted((name, _where(made)) for name, made in office_places.made_of(deps).items())


def _where(made: NamedPlace) -> str:
    """In words that are read back to the same."""
    if not made.is_place:
        return NOWHERE
    parts = (made.district, made.same_as or made.street)
    return "".join(dict.fromkeys(part for part in parts if part))


def _read(deps: Deps, rows: Rows) -> dict[str, NamedPlace | None]:
    before, found = office_places.made_of(deps), dict[str, NamedPlace | None]()
    seen = set[str]()
    for row, values in rows.whole:
        name, where = fold(values["name"]).text.strip(), values["where"]
        if name in seen:
            rows.fault(row, "name", COLUMNS[0].expected)
            continue
        seen.add(name)
        try:
            made = office_places.checked(deps, Wish(name, where, ASIDE if where == NOWHERE else ""))
        except Refused as refusal:
            about = "where" if refusal.key in _OF_WHERE else "name"
            rows.fault(row, about, deps.texts.say(refusal.key, **refusal.values))
            continue
        if before.get(name) != made:
            found[name] = made
    return found


def _told(deps: Deps, changes: Changes) -> list[tuple[str, ...]]:
    return [(name, office_places.said(deps, made)) for name, made in changes.items()]


PLACES = OfficeBook(
    "地名", Limits(2 * MEGABYTE, 16 * MEGABYTE, 10_001), lambda _deps: COLUMNS, _rows, _read,
    _told, office_places.what_would_change, office_places.write, same="master.places_same",
    changed="master.places_changed", done="master.done_places",
)  # fmt: skip
