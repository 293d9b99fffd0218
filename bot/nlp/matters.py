"""What two texts are compared by, to tell whether they speak of the same matter.

Same means: the same thing (a site, a building, a line, a shop) and the same grievance. One place
with another thing is not the same, and the same thing at another place isn't either; so rare words,
which are mostly names, and common words of topics are looked at apart, and both must agree.
"""

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.nlp.fold import fold
from bot.nlp.pairs import cut
from bot.nlp.rarity import Rarity, characters

OPENING = 40
"""Characters at the beginning, where most people say what it is about."""
LOOKED = 3000
"""Only so many characters of a text are compared."""
RARE = 6.0
"""From here on a pair is most likely a piece of a name: it stands in one of 400 texts."""
EVERYWHERE = 2.0
"""Below, a single character says nothing: it stands in one of 7 texts."""
COMMON = 2.5
"""Below, a pair says nothing of a topic: it stands in one of 12 texts."""

FEATURES = (
    "named_and_topic", "openings_both", "opening_pairs", "opening_least", "opening_most", "chars",
    "categories", "days", "place_and_category", "other_place", "other_category", "other_district",
    "other_number",
)  # fmt: skip
"""Each between 0 and 1, but for `days`: the logarithm of 1 + days between the two.

named_and_topic: how much of one's opening the other text has, the rare pairs' share times the
topical pairs' share · openings_both: how alike the two openings are, in both respects ·
opening_pairs: the share of all pairs, for the opening that is found less · opening_least,
opening_most: of single characters, for either · chars: the cosine of all characters · categories:
the cosine of their shares · place_and_category: both name one place and are of one category ·
other_…: both name or have one, and none is the same."""

_NUMBER = re.compile(
    r"(\d{1,5}|[一二三四五六七八九十]{1,3})\s*(号线|号楼|单元|区间|中学|路|线|栋|期|幢|班|中|小)"
)
_DISTRICT = re.compile(r"[a-z]\d{1,2}(?=[区县市])")
"""As letters with covered names write them, and estates of several areas (A1区)."""
_NAME = re.compile(
    "(?=([\u4e00-\u9fff]{2})(小区|花园|家园|公寓|新[村居]|公馆|苑|府|郡|湾|广场|国际|城|大道|路|街|巷|桥|"
    "学校|中学|小学|幼儿园|学院|大学|医院|市场|公园|社区|村|镇|公司|店|大厦|工地))"
)
"""What ends as places do, with the two characters before: where a name begins nobody can tell."""
_LINE = re.compile(r"\d{1,4}(?=路|号线|区间)")
NAMED, RATHER_RARE = 200, 5.0
"""Places are looked for in so many characters; before the ending stands what is so rare."""
_DIGIT = str.maketrans("一二三四五六七八九", "123456789")

Bag = Mapping[str, float]
"""Token → weight: its rarity squared."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One text, taken apart. `categories`: code → share; `places`, `districts`, `numbers`: those it
    names (a number of its opening, with what is counted)."""

    text: str
    at: datetime
    pairs: Bag
    chars: Bag
    rare: Bag
    """Those pairs that are rare; `topic`: those that are neither rare nor everywhere. The other
    four are the same of the opening."""
    topic: Bag
    opening: Bag
    opening_chars: Bag
    opening_rare: Bag
    opening_topic: Bag
    numbers: frozenset[str]
    places: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    categories: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def category(self) -> str | None:
        """The code with the largest share."""
        return max(self.categories, key=self.categories.__getitem__, default=None)


def matter(
    text: str,
    at: datetime,
    rarity: Rarity,
    *,
    places: Iterable[str] = (),
    districts: Iterable[str] = (),
    categories: Mapping[str, float] = MappingProxyType({}),
) -> Matter:
    """Take a text apart. `places`: names of places that were found in it, which count as rare
    however often they are spoken of."""
    listed = tuple(places)
    folded = " ".join(fold(text[:LOOKED]).text.lower().split())
    names = {pair for place in listed for pair in cut(fold(place).text.lower())}
    pairs = {each: _weight(each, rarity, names) for each in cut(folded)}
    opening = _only(pairs, set(cut(folded[:OPENING])))
    chars = {each: rarity.char(each) ** 2 for each in characters(pairs)}
    return Matter(
        text=folded, at=at, pairs=pairs, chars=chars,
        rare=_between(pairs, RARE, math.inf), topic=_between(pairs, COMMON, RARE),
        opening=opening, opening_chars=_only(chars, characters(opening)),
        opening_rare=_between(opening, RARE, math.inf),
        opening_topic=_between(opening, COMMON, RARE),
        numbers=frozenset(_numbers(folded[:OPENING])),
        places=frozenset(listed) | frozenset(_places(folded[:NAMED], rarity)),
        districts=frozenset(districts) | frozenset(_DISTRICT.findall(folded)),
        categories=categories,
    )  # fmt: skip


def _weight(pair: str, rarity: Rarity, names: Collection[str]) -> float:
    rare = rarity.pair(pair)
    return (max(rare, RARE) if pair in names else rare) ** 2


def _only(bag: Bag, those: Collection[str]) -> Bag:
    return {each: weight for each, weight in bag.items() if each in those}


def _between(bag: Bag, least: float, below: float) -> Bag:
    return {each: w for each, w in bag.items() if least**2 <= w < below**2}


def _numbers(opening: str) -> Iterable[str]:
    for found in _NUMBER.finditer(opening):
        yield found[1].translate(_DIGIT) + found[2]


def _places(text: str, rarity: Rarity) -> Iterable[str]:
    for found in _NAME.finditer(text):
        if rarity.pair(found[1]) >= RATHER_RARE:
            yield found[1] + found[2][0]
    yield from _LINE.findall(text)


def features(one: Matter, other: Matter) -> tuple[float, ...]:
    """How the two agree, in the order of FEATURES; the same whichever comes first."""
    rare = _parts(one.opening_rare, other.pairs, other.opening_rare, one.pairs)
    topic = _parts(one.opening_topic, other.pairs, other.opening_topic, one.pairs)
    pairs = _parts(one.opening, other.pairs, other.opening, one.pairs)
    chars = _parts(one.opening_chars, other.chars, other.opening_chars, one.chars)
    openings = _cosine(one.opening_rare, other.opening_rare) * _cosine(
        one.opening_topic, other.opening_topic
    )
    return (
        rare[1] * topic[1], math.sqrt(openings), pairs[0], *chars,
        _cosine(one.chars, other.chars),
        _alike(one.categories, other.categories),
        math.log1p(abs(one.at - other.at) / timedelta(days=1)),
        float(bool(one.places & other.places) and _one_category(one, other)),
        float(_apart(one.places, other.places)),
        float(_apart(_category(one), _category(other))),
        float(_apart(one.districts, other.districts)),
        float(_other_number(one.numbers, other.numbers)),
    )  # fmt: skip


def _parts(one: Bag, in_one: Bag, other: Bag, in_other: Bag) -> tuple[float, float]:
    """The shares of two bags that are found in the other's text, the smaller one first."""
    first, second = sorted((_part(one, in_one), _part(other, in_other)))
    return first, second


def _part(bag: Bag, other: Bag) -> float:
    """The share of a bag's weight that another bag has."""
    whole = sum(bag.values())
    return sum(w for each, w in bag.items() if each in other) / whole if whole else 0.0


def _cosine(one: Bag, other: Bag) -> float:
    few, many = sorted((one, other), key=len)
    shared = sum(weight for each, weight in few.items() if each in many)
    return shared / math.sqrt(sum(one.values()) * sum(other.values())) if shared else 0.0


UNKNOWN = 0.3
"""How alike categories count where one of the two has none."""


def _alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    sizes = math.sqrt(sum(p * p for p in one.values()) * sum(p * p for p in other.values()))
    shared = sum(p * other.get(code, 0.0) for code, p in one.items())
    return shared / sizes if sizes else UNKNOWN


def _category(one: Matter) -> frozenset[str]:
    return frozenset([one.category] if one.category else [])


def _one_category(one: Matter, other: Matter) -> bool:
    return one.category is not None and one.category == other.category


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)


def _other_number(one: frozenset[str], other: frozenset[str]) -> bool:
    counted = {each.lstrip("0123456789") for each in one} & {
        each.lstrip("0123456789") for each in other
    }
    return bool(counted) and not one & other


def beside_places(one: Matter, other: Matter) -> float:
    """The cosine of what the two say apart from the characters of places: two short messages about
    one place have most of their words in common whatever they are about."""
    places = {char for place in one.places | other.places for char in place}
    return _cosine(_without(one.chars, places), _without(other.chars, places))


def _without(bag: Bag, those: Collection[str]) -> Bag:
    return {each: w for each, w in bag.items() if each not in those and w > EVERYWHERE**2}


def shared_words(one: Matter, other: Matter, most: int = 3) -> tuple[str, ...]:
    """The longest and rarest stretches that both texts have, as the first one writes them."""
    found: dict[str, float] = {}
    for run in _runs(one, other):
        pairs = (run[at : at + 2] for at in range(len(run) - 1))
        weight = sum(max(0.0, one.pairs.get(pair, 0.0) - COMMON**2) for pair in pairs)
        if weight and not any(run in each for each in found):
            found[run] = weight
    return tuple(sorted(found, key=lambda run: -found[run])[:most])


LONGEST = 12
"""Characters of a stretch that is shown."""


_MARKS = "，。！？；：、（）,.!?;: "


def _runs(one: Matter, other: Matter) -> Iterable[str]:
    run = ""
    for char in [*one.text, " "]:
        longer = run + char
        if len(longer) <= LONGEST and not char.isspace() and longer in other.text:
            run = longer
            continue
        if len(run) > 1:
            yield run.strip(_MARKS)
        run = char


TERMS, PLACES = 16, 6
"""By so many rare pairs, and so many places, a text is found."""


def terms(one: Matter) -> dict[str, float]:
    """What a text is found by, with what each counts: rare pairs, of the opening first; places; and
    places together with the category, for those of which many speak."""
    opening = sorted(one.opening_rare, key=lambda pair: -one.pairs[pair])
    rest = sorted(one.rare.keys() - one.opening_rare.keys(), key=lambda pair: -one.pairs[pair])
    found = {pair: one.pairs[pair] for pair in (opening + rest)[:TERMS]}
    for place in sorted(one.places)[:PLACES]:
        found[f"@{place}"] = RARE**2
        if one.category:
            found[f"@{place}#{one.category}"] = RARE**2
    return found
