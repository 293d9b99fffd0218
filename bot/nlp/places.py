"""Finds places of the city in a text and says which street, town or area they lie in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.domain.understanding import PlaceHit, Where
from bot.nlp.nearnames import NearNames
from bot.nlp.records import Spot
from bot.nlp.words import Hit, WordFinder, apart

_CONTEXT = re.compile(
    r"的?(?:街道|社区|小区|附近|办事处|一带|[这那][边片块面头]|旁边?|边上|跟前|居委|派出所|[斜正]?对面|对过"
    r"|门[口前]|拐角|[东西南北]{1,2}[侧头口边段角]|[往向朝以][东西南北]|路[东西南北]"
    r"|(?:公交|地铁|汽?车)?站(?!点)|\d{1,5}(?:-\d{1,3})?号(?!线)"
    r"|(?:[和与跟同]\w{2,8}?)?(?:路口|街口|十字|交叉|交汇))"
)
"""After a weak name these say that the neighbourhood is meant, not the road as such."""
_NEAR = re.compile(
    r"村|嘎查|新村|花园|家园|小区|社区|附近|一带|[这那][边片块面头]|旁边|边上|跟前|居委|对面|路口"
)
"""After a short name these say that it is one; or before it, that somebody lives there."""
_LIVES = re.compile(r"(?:家住|我住|住在|人在|位于|地址[是:：]?)$")
_PIECE = 2
OFFICE = "office"
"""Kind of a place that the office wrote down."""
_UNMASKED = frozenset({"hospital"})
"""Kinds whose names also tell the matter."""


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """Places, best first, and the spans to cover before categories are scored."""

    hits: tuple[PlaceHit, ...]
    spans: tuple[tuple[int, int], ...]
    plain_spans: tuple[tuple[int, int], ...] = ()
    """Those of every listed name that is too long to be a piece of another: 新村 is one."""


class Gazetteer:
    """All place names."""

    __slots__ = ("_finder", "_near", "_sounds", "_spots")

    def __init__(self, spots: Mapping[str, tuple[Spot, ...]], sounds: Mapping[int, str]) -> None:
        self._spots, self._sounds = spots, sounds
        self._finder = WordFinder(spots)
        self._near = NearNames(
            (
                name
                for name, means in spots.items()
                if not any(each.kind == "city" or each.only_near for each in means)
            ),
            sounds,
        )

    def with_names(self, office: Mapping[str, Where]) -> "Gazetteer":
        """The same with these names, which mean one place each."""
        own = {name: (Spot(name, OFFICE, *where, sure=True),) for name, where in office.items()}
        left = {name: means for name, means in self._spots.items() if means[0].kind != OFFICE}
        return Gazetteer({**left, **own}, self._sounds)

    def find(self, text: str) -> FoundPlaces:
        """Places in a folded text. The longest name wins; several meanings are told apart by a
        district or street that is named too, else nothing is sure."""
        exact = apart([hit for hit in self._finder.every(text) if self._is_name(text, hit)])
        near = self._near.find(text, exact)
        found = apart([*exact, *(one.hit for one in near)])
        if not found:
            return FoundPlaces((), ())
        doubted = {one.hit for one in near if not one.sure}
        named = [self._spots[hit.word] for hit in found]
        districts = _agreed(named, "district")
        units = _agreed(named, "unit")
        hits = [
            replace(resolved, sure=False) if hit in doubted else resolved
            for hit, spots in zip(found, named, strict=True)
            if (resolved := _resolve(text, hit, spots, districts, units)) is not None
        ]
        spans = tuple(
            (hit.start, hit.end)
            for hit, spots in zip(found, named, strict=True)
            if spots[0].kind not in _UNMASKED
        )
        plain = tuple((hit.start, hit.end) for hit in found if len(hit.word) > _PIECE)
        return FoundPlaces(_ranked(hits), spans, plain)

    def knows(self, name: str) -> bool:
        """Whether a list has it."""
        return name in self._spots

    def _is_name(self, text: str, hit: Hit) -> bool:
        if not self._spots[hit.word][0].only_near:
            return True
        after, before = _NEAR.match(text, hit.end), text[max(0, hit.start - 4) : hit.start]
        return after is not None or _LIVES.search(before) is not None


def _agreed(named: Iterable[tuple[Spot, ...]], kind: str) -> frozenset[str]:
    """Districts (or units) named outright: one meaning, full trust."""
    found = set()
    for spots in named:
        if len(spots) == 1 and spots[0].kind == kind and spots[0].sure:
            found.add(spots[0].district if kind == "district" else spots[0].unit)
    return frozenset(one for one in found if one)


def _resolve(
    text: str,
    hit: Hit,
    spots: tuple[Spot, ...],
    districts: frozenset[str],
    units: frozenset[str],
) -> PlaceHit | None:
    fitting = _fitting(spots, districts, units)
    if not fitting:
        return None
    meant = tuple(dict.fromkeys((spot.unit, spot.district) for spot in fitting))
    if len(meant) > 1:
        shared = {district for _, district in meant}
        return PlaceHit(hit.word, None, shared.pop() if len(shared) == 1 else None, False, meant)
    spot = fitting[0]
    if spot.kind == "city":
        return None
    near = not spot.only_near and _CONTEXT.match(text, hit.end) is not None
    backed = spot.weak and spot.unit is not None and (spot.district in districts or near)
    name = spot.name if spot.kind == "district" else hit.word
    return PlaceHit(name, spot.unit, spot.district, spot.sure or backed)


def _fitting(
    spots: tuple[Spot, ...], districts: frozenset[str], units: frozenset[str]
) -> list[Spot]:
    """Meanings that agree with what else is named; the trusted and precise ones among them."""
    fitting = [s for s in spots if s.unit in units] or [
        s for s in spots if not districts or s.district is None or s.district in districts
    ]
    precise = [s for s in fitting if s.unit is not None] or fitting
    return [s for s in precise if s.sure] or precise


def _ranked(hits: Iterable[PlaceHit]) -> tuple[PlaceHit, ...]:
    """Sure before unsure, a street before a district, then as in the text; each once."""
    best: dict[tuple[str, str | None, str | None], PlaceHit] = {}
    for hit in hits:
        key = (hit.name, hit.unit, hit.district)
        if key not in best or hit.sure:
            best[key] = hit
    return tuple(sorted(best.values(), key=lambda hit: (not hit.sure, hit.unit is None)))
