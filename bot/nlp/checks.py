"""Finds mistakes in the data files before they mislead anybody."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from bot.domain.understanding import Handling
from bot.nlp import pii
from bot.nlp.fold import fold

_HANDLINGS = get_args(Handling)
_DAYS = (3, 5, 15)


def all_problems(raw: dict[str, Any]) -> Iterator[str]:
    """What is wrong in the files as read, by file name: one plain sentence each."""
    try:
        codes = {c["code"] for c in raw["categories.json"]["categories"]}
        yield from _versions(raw)
        yield from _categories(raw["categories.json"], raw["sectors.json"])
        yield from _corruption(raw["categories.json"]["corruption"], codes)
        yield from _lexicon(raw["lexicon.json"], codes)
        yield from _places(raw["places.json"])
        yield from _doubles(
            "sounds.json: character", "".join(raw["sounds.json"]["syllables"].values())
        )
        yield from _studios(raw["sectors.json"], codes)
        yield from _emergencies(raw["emergencies.json"])
        yield from _pii(raw["pii.json"])
    except (KeyError, TypeError, AttributeError) as error:
        yield f"bot/data: a field is missing or of the wrong kind: {error!r}"


def _versions(raw: dict[str, Any]) -> Iterator[str]:
    for name, part in raw.items():
        if not re.fullmatch(r"\d{4}\.\d{2}\.\d{2}", str(part.get("version", ""))):
            yield f"{name}: version is not a date such as 2026.11.23"


def _categories(raw: dict[str, Any], sectors: dict[str, Any]) -> Iterator[str]:
    known = {studio.get("sector") for studio in sectors["studios"]}
    yield from _doubles("categories.json: code", (c["code"] for c in raw["categories"]))
    for c in raw["categories"]:
        where = f"categories.json: {c['code']}"
        if c["handling"] not in _HANDLINGS:
            yield f"{where}: handling {c['handling']!r} is unknown"
        if c["days"] not in _DAYS:
            yield f"{where}: {c['days']} days, not one of {_DAYS}"
        if not c["sectors"] and c["handling"] != "named_staff":
            yield f"{where}: no sector"
        for sector in c["sectors"]:
            if sector not in known:
                yield f"{where}: sector {sector} has no studio"


def _corruption(lists: dict[str, list[str]], codes: set[str]) -> Iterator[str]:
    if "discipline" not in codes:
        yield "categories.json: discipline is missing, where corruption leads go"
    for name, words in lists.items():
        if not words or not all(words):
            yield f"categories.json: corruption {name} is empty or holds an empty word"
        yield from _doubles(f"categories.json: corruption {name}: word", words)


def _lexicon(raw: dict[str, Any], codes: set[str]) -> Iterator[str]:
    for code in codes - raw["keywords"].keys():
        yield f"lexicon.json: {code} has no keywords"
    for code in (raw["keywords"].keys() | raw["masks"].keys()) - codes - {"nothing"}:
        yield f"lexicon.json: category {code} is unknown"
    words = [w for by_weight in raw["keywords"].values() for ws in by_weight.values() for w in ws]
    masks = [w for phrases in raw["masks"].values() for w in phrases]
    yield from _doubles("lexicon.json: word", words + masks)
    for by_weight in raw["keywords"].values():
        for weight in by_weight:
            if not 0 < float(weight) <= 10:
                yield f"lexicon.json: weight {weight} is not between 0 and 10"
    for name, value in raw["scoring"].items():
        if not 0 <= value <= 1000:
            yield f"lexicon.json: scoring {name} is {value}"


def _places(raw: dict[str, Any]) -> Iterator[str]:
    districts = {d["name"] for d in raw["districts"]}
    units = {(u["district"], u["name"]) for u in raw["units"]}
    yield from _doubles("places.json: district", (d["name"] for d in raw["districts"]))
    yield from _doubles("places.json: unit", (f"{u['district']}{u['name']}" for u in raw["units"]))
    for u in raw["units"]:
        if u["district"] not in districts:
            yield f"places.json: unit {u['name']} lies in unknown district {u['district']}"
    for p in raw["places"]:
        if p["unit"] is not None and (p["district"], p["unit"]) not in units:
            yield f"places.json: {p['name']} names unknown unit {p['district']}{p['unit']}"
        elif p["district"] is not None and p["district"] not in districts:
            yield f"places.json: {p['name']} names unknown district {p['district']}"
        if p["sure"] and p["district"] is None:
            yield f"places.json: {p['name']} is sure but has no district"
    for entry in (*raw["districts"], *raw["units"], *raw["places"]):
        names = [entry["name"], *entry.get("aliases", ()), *entry.get("weak_aliases", ())]
        yield from _doubles(f"places.json: {entry['name']}: alias", names)


def _studios(raw: dict[str, Any], codes: set[str]) -> Iterator[str]:
    yield from _doubles("sectors.json: id", (s["id"] for s in raw["studios"]))
    yield from _doubles("sectors.json: name", (s["name"] for s in raw["studios"]))
    for studio in raw["studios"]:
        for topic in studio["topics"]:
            if topic not in codes:
                yield f"sectors.json: {studio['name']}: topic {topic} is unknown"


def _emergencies(raw: dict[str, Any]) -> Iterator[str]:
    yield from _doubles("emergencies.json: code", (c["code"] for c in raw["classes"]))
    for name, patterns in (*raw["non_patterns"].items(), ("doubts", raw["doubts"])):
        for pattern in patterns:
            yield from _regex(f"emergencies.json: {name}", pattern)
    for c in raw["classes"]:
        where = f"emergencies.json: {c['code']}"
        if not c["phones"] or not all(re.fullmatch(r"\d{3,5}", p) for p in c["phones"]):
            yield f"{where}: phones {c['phones']}"
        if c["phones"] and c["phones"][0] not in c["reply"]:
            yield f"{where}: the reply does not name {c['phones'][0]}"
        if c["non_pattern"] not in raw["non_patterns"]:
            yield f"{where}: non_pattern {c['non_pattern']} is unknown"
        if not all(group for way in c["cues"] for group in way):
            yield f"{where}: an empty group of cues"
        for way in c["cues"]:
            for group in way:
                yield from _doubles(f"{where}: cue", group)


def _pii(raw: dict[str, Any]) -> Iterator[str]:
    for p in raw["patterns"]:
        wrong = list(_regex(f"pii.json: {p['code']}", p.get("regex", "")))
        yield from wrong
        if wrong:
            continue
        find = pii.finder(p, raw["names"])
        for example in p["positive"]:
            if not any(find(fold(example).text)):
                yield f"pii.json: {p['code']} misses its example {example}"
        for example in p["negative"]:
            if any(find(fold(example).text)):
                yield f"pii.json: {p['code']} wrongly finds {example}"


def _regex(where: str, pattern: str) -> Iterator[str]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield f"{where}: {pattern!r} does not compile: {error}"


def _doubles(where: str, values: Iterable[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{where} {value} is there {count} times"
