"""The labelled messages of bot/data/corpus: read, checked, and cut into folds for measuring."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from bot.domain.understanding import Intent
from bot.nlp.data import DATA_DIR
from bot.nlp.fold import fold

CORPUS_DIR = DATA_DIR / "corpus"
FOLDS = 5
FROZEN = 12
"""One group of near-duplicates in so many is never learned from."""
ALIKE = 0.6
"""From this share of common character triples on two messages are near-duplicates."""
MOST_ALIKE = 0.03
"""No more of the messages may be near-duplicates of an earlier one."""
LEAST_CATEGORY, LEAST_EMERGENCY, LEAST_INTENT = 100, 40, 40
_FIELDS = {"id", "text", "accept", "intent", "emergency", "places", "kind"}


@dataclass(frozen=True, slots=True)
class Example:
    """One message with what people say it means."""

    id: str
    text: str
    accept: tuple[str, ...]
    """Category codes that count as right, best first; empty when it is about no matter."""
    intent: str
    emergency: str | None
    places: tuple[str, ...]
    kind: str
    parts: tuple[tuple[str, str], ...] = ()
    """Stretch and category, where it tells of several matters."""
    like: str | None = None
    """The emergency that it only looks like."""


class Broken(ValueError):
    """A line that is no example; says which."""


def load(folder: Path = CORPUS_DIR) -> list[Example]:
    """All examples, file by file. OSError, or Broken at the first line that is no example."""
    return [
        _example(f"{path.name}:{number}", line)
        for path in sorted(folder.glob("*.jsonl"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
    ]


def _example(where: str, line: str) -> Example:
    try:
        raw: dict[str, Any] = json.loads(line)
        missing = _FIELDS - raw.keys()
        if missing:
            raise Broken(f"{where}: {', '.join(sorted(missing))} missing")
        return Example(
            str(raw["id"]), str(raw["text"]), tuple(raw["accept"]), raw["intent"],
            raw["emergency"], tuple(raw["places"]), raw["kind"],
            tuple((str(a), str(b)) for a, b in raw.get("parts", ())), raw.get("like"),
        )  # fmt: skip
    except Broken:
        raise
    except (ValueError, TypeError, AttributeError) as error:
        raise Broken(f"{where}: {error}") from error


def problems(
    examples: Sequence[Example], categories: Collection[str], emergencies: Collection[str]
) -> Iterator[str]:
    """What is wrong, one plain sentence each."""
    for name, count in Counter(one.id for one in examples).items():
        if count > 1:
            yield f"{name}: the id is there {count} times"
    for one in examples:
        yield from _wrong(one, categories, emergencies)
    counts = counted(examples)
    for kind, codes, least in (
        ("category", categories, LEAST_CATEGORY),
        ("emergency", emergencies, LEAST_EMERGENCY),
        ("lookalike", emergencies, LEAST_EMERGENCY),
        ("intent", get_args(Intent), LEAST_INTENT),
    ):
        for code in codes:
            if counts[kind][code] < least:
                yield f"{kind} {code}: {counts[kind][code]} messages, fewer than {least}"
    repeated = repeats(groups(examples))
    if repeated > MOST_ALIKE * len(examples):
        yield f"{repeated} of {len(examples)} messages are near-duplicates, more than 3 %"


def _wrong(
    one: Example, categories: Collection[str], emergencies: Collection[str]
) -> Iterator[str]:
    if not one.text.strip():
        yield f"{one.id}: no text"
    for code in (*one.accept, *(code for _, code in one.parts)):
        if code not in categories:
            yield f"{one.id}: category {code} is unknown"
    for emergency in (one.emergency, one.like):
        if emergency is not None and emergency not in emergencies:
            yield f"{one.id}: emergency {emergency} is unknown"
    if one.intent not in get_args(Intent):
        yield f"{one.id}: intent {one.intent} is unknown"
    for part in (*one.places, *(stretch for stretch, _ in one.parts)):
        if part not in one.text:
            yield f"{one.id}: {part} is not in the text"


def counted(examples: Sequence[Example]) -> Mapping[str, Counter[str]]:
    """Messages by category (best one), emergency, look-alike, intent and kind."""
    return {
        "category": Counter(one.accept[0] for one in examples if one.accept),
        "emergency": Counter(one.emergency for one in examples if one.emergency),
        "lookalike": Counter(one.like for one in examples if one.like and not one.emergency),
        "intent": Counter(one.intent for one in examples),
        "kind": Counter(one.kind for one in examples),
    }


def groups(examples: Sequence[Example]) -> list[int]:
    """For each example the place of the first one that it is, through others too, nearly the
    same as; its own when it is the first."""
    triples = [_triples(one.text) for one in examples]
    often = Counter(triple for each in triples for triple in each)
    first = list(range(len(examples)))
    index: dict[str, list[int]] = defaultdict(list)
    for here, each in enumerate(triples):
        # Two sets with so much in common share one of their rarest members: only these are kept.
        rare = sorted(each, key=lambda triple: (often[triple], triple))
        kept = rare[: len(rare) - int(ALIKE * len(rare)) + 1]
        for there in sorted({one for triple in kept for one in index[triple]}):
            if _alike(each, triples[there]):
                _join(first, here, there)
        for triple in kept:
            index[triple].append(here)
    return [_root(first, each) for each in range(len(first))]


def repeats(grouped: Sequence[int]) -> int:
    """How many are nearly the same as an earlier one."""
    return len(grouped) - len(set(grouped))


def folds(examples: Sequence[Example], number: int = FOLDS) -> list[int]:
    """The fold of each example, the same on every machine; near-duplicates share one."""
    return [_bucket(examples[first].id, number) for first in groups(examples)]


def split(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Those to learn from, and one in FROZEN that no model ever learns from, nor from anything
    nearly the same: what different models are compared on."""
    buckets = folds(examples, FROZEN)
    known = [one for one, bucket in zip(examples, buckets, strict=True) if bucket]
    return known, [one for one, bucket in zip(examples, buckets, strict=True) if not bucket]


def _bucket(name: str, number: int) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % number


def _triples(text: str) -> frozenset[str]:
    bare = "".join(char for char in fold(text).text if char.isalnum())
    return frozenset(bare[at : at + 3] for at in range(max(1, len(bare) - 2)))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common >= ALIKE * (len(one) + len(other) - common)


def _root(first: list[int], at: int) -> int:
    while first[at] != at:
        first[at] = first[first[at]]
        at = first[at]
    return at


def _join(first: list[int], one: int, other: int) -> None:
    low, high = sorted((_root(first, one), _root(first, other)))
    first[high] = low
