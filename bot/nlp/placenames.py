"""All names of places.json, with what each may mean, and the short forms that people say."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.nlp.records import Spot

_STEMS: Mapping[str, tuple[str, int]] = {"village": ("村", 3), "community": ("社区", 5)}
"""What people leave away, and from which length of the rest (a village) or of the whole (a
community, often named after a road) the rest is a name that stands alone."""
_SHORTEST = 2


def spots(places: Mapping[str, Any]) -> dict[str, tuple[Spot, ...]]:
    """Name or alias, small letters → its meanings, of a mapping in the shape of places.json."""
    found: dict[str, list[Spot]] = {}
    for key, spot in _listed(places):
        known = found.setdefault(key.lower(), [])
        if spot not in known:
            known.append(spot)
    short: dict[str, list[Spot]] = {}
    for key, spot in _shortened(places["places"]):
        if key not in found:
            short.setdefault(key, []).append(spot)
    return {key: tuple(each) for key, each in (found | short).items()}


def _listed(places: Mapping[str, Any]) -> Iterator[tuple[str, Spot]]:
    for name in (places["city"], *places["city_aliases"]):
        yield name, Spot(name, "city", None, None, False)
    for d in places["districts"]:
        yield from named(d, "district", unit=None, district=d["name"], sure=True)
    for u in places["units"]:
        yield from named(u, "unit", unit=u["name"], district=u["district"], sure=True)
    for p in places["places"]:
        yield from named(p, p["kind"], unit=p["unit"], district=p["district"], sure=p["sure"])


def named(
    entry: Mapping[str, Any], kind: str, *, unit: str | None, district: str | None, sure: bool
) -> Iterator[tuple[str, Spot]]:
    """The keys of one entry: its name, aliases and weak aliases."""
    name = entry["name"]
    for key in (name, *entry.get("aliases", ())):
        yield key, Spot(name, kind, unit, district, sure)
    for key in entry.get("weak_aliases", ()):
        yield key, Spot(name, kind, unit, district, False, weak=sure)


def _shortened(places: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Spot]]:
    """塔利 for 塔利村. Short ones are words too (团结), so they need a place's words around."""
    for p in places:
        ending, alone = _STEMS.get(p["kind"], ("", 0))
        stem = p["name"].lower().removesuffix(ending) if ending else ""
        if not _SHORTEST <= len(stem) < len(p["name"]):
            continue
        yield stem, Spot(
            p["name"], p["kind"], p["unit"], p["district"],
            sure=p["sure"] and p["kind"] == "village" and len(stem) >= alone,
            weak=p["sure"], only_near=len(stem) < 3,
        )  # fmt: skip
