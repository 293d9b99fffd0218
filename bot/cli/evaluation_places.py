"""Figures of places for `flask evaluate`: how many of those that a text names are understood."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from bot.cli.rows import Row
from bot.domain.understanding import PlaceHit, Understander
from bot.nlp import data
from bot.nlp.fold import fold
from bot.nlp.records import Spot

PLACES = "places"
"""Column with a JSON list of names as they stand in the text; empty when it names none."""
MISSED = 30

Spots = Mapping[str, tuple[Spot, ...]]


def measured_places(rows: Iterable[Row], understander: Understander) -> dict[str, Any]:
    """Figures over rows with the column `places`; empty when no row has it.

    found_share: named places that were found by these characters. placed_share: of those listed
    in places.json with a district, the share that was put in the right street or district.
    unknown_names: in no list, so nobody can place them. false_rows: of the rows that name none.
    """
    spots = data.load().spots
    count: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row in rows:
        if row.error is not None or PLACES not in row.fields:
            continue
        hits = understander.read(row.text).places
        names = _names(row.fields[PLACES])
        count["rows"] += 1
        count["rows_without"] += not names
        count["false_rows"] += bool(hits) and not names
        for name in names:
            marks = _marks(fold(name).text, hits, spots)
            count.update(marks)
            if "placeable" in marks and "placed" not in marks:
                missed[name] += 1
    return _figures(count, missed) if count["rows"] else {}


def _names(told: str) -> list[str]:
    try:
        found = json.loads(told or "[]")
    except ValueError:
        return told.split()
    return [str(name) for name in found] if isinstance(found, list) else [str(found)]


def _marks(name: str, hits: Iterable[PlaceHit], spots: Spots) -> list[str]:
    """What is counted of one named place."""
    known = spots.get(name, ())
    own = {name, *(spot.name.lower() for spot in known)}
    found = [hit for hit in hits if _same(hit.name.lower(), own)]
    marks = ["named"] + ["found"] * bool(found or any(spot.kind == "city" for spot in known))
    if not known:
        return [*marks, "unknown_names"]
    where = {spot.unit for spot in known} | {spot.district for spot in known}
    if where == {None}:
        return [*marks, "listed"]
    right = any(hit.unit in where - {None} or hit.district in where - {None} for hit in found)
    return [*marks, "listed", "placeable"] + ["placed"] * right


def _same(hit: str, own: Iterable[str]) -> bool:
    return any(hit in name or name in hit for name in own)


def _figures(count: Mapping[str, int], missed: Counter[str]) -> dict[str, Any]:
    return {
        "rows": count["rows"],
        "named": count["named"],
        "found_share": _share(count["found"], count["named"]),
        "listed": count["listed"],
        "placed_share": _share(count["placed"], count["placeable"]),
        "unknown_names": count["unknown_names"],
        "false_rows": _share(count["false_rows"], count["rows_without"]),
        "missed": dict(missed.most_common(MISSED)),
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
