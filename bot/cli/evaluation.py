"""Figures of `flask evaluate`: how often reading is right, how sure it may be, where it errs."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.cli.evaluation_pii import measured_pii
from bot.cli.evaluation_places import measured_places
from bot.cli.rows import Row
from bot.domain.understanding import Reading, Understander

WORST = 30
CONFUSED = 15
BINS = 10
LIKE = "like"
"""Column that names the emergency that a message only looks like."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row that was read, and what people say of it."""

    row: Row
    codes: tuple[str, ...]
    """Categories that count as right, best first."""
    reading: Reading

    @property
    def right(self) -> bool:
        """The first choice is acceptable."""
        return self.reading.category in self.codes

    @property
    def p(self) -> float:
        """The probability that was said of the first choice."""
        return self.reading.categories[0].p if self.reading.categories else 0.0


def measured(rows: Iterable[Row], understander: Understander, accept: str) -> dict[str, Any]:
    """Figures over rows whose column `accept` names the codes that count as right. Emergencies,
    intents, places and personal data are measured where there are columns of that name."""
    rows = list(rows)
    read: list[Verdict] = []
    skipped = 0
    for row in rows:
        if row.error is not None or accept not in row.fields:
            skipped += 1
            continue
        codes = tuple(_codes(row.fields[accept]))
        read.append(Verdict(row, codes, understander.read(row.text)))
    topical = [one for one in read if one.codes]
    special = _emergencies(read) | _intents(read)
    skipped += 0 if special else len(read) - len(topical)
    more = {
        "places": measured_places(rows, understander), "pii": measured_pii(rows, understander),
    }  # fmt: skip
    special |= {name: found for name, found in more.items() if found}
    return _categories(topical) | special | {"skipped": skipped, "version": understander.version}


def _codes(told: str) -> list[str]:
    """Codes separated by spaces, or a JSON list of them."""
    if told.lstrip()[:1] == "[":
        try:
            return [str(code) for code in json.loads(told)]
        except ValueError:
            return []
    return told.split()


def _categories(topical: Sequence[Verdict]) -> dict[str, Any]:
    routed = [one for one in topical if one.reading.confident]
    three = [any(c.code in one.codes for c in one.reading.categories[:3]) for one in topical]
    return {
        "rows": len(topical),
        "acceptable_first_choice": _share([one.right for one in topical]),
        "acceptable_first_three": _share(three),
        "routed_share": _share([one.reading.confident for one in topical]),
        "routed_precision": _share([one.right for one in routed]),
        "calibration_error": _calibration(topical),
        "reliability": [[round(said, 4), round(true, 4)] for said, true, _ in _bins(topical)],
        "coverage_accuracy": _curve(topical),
        "categories": _by_choice(topical),
        "confused": _confused(topical),
        "worst": _worst(topical),
    }


def _by_choice(topical: Sequence[Verdict]) -> dict[str, dict[str, int]]:
    chosen: dict[str, Counter[str]] = {}
    for one in topical:
        routed = one.reading.confident
        marks = {"rows": True, "right": one.right, "routed": routed}
        marks["routed_right"] = one.right and routed
        of_code = chosen.setdefault(one.reading.category or "none", Counter())
        of_code.update({name: int(mark) for name, mark in marks.items()})
    return {code: dict(counts) for code, counts in sorted(chosen.items())}


def _confused(topical: Sequence[Verdict]) -> list[dict[str, Any]]:
    """What was taken for what, the most frequent first."""
    pairs = Counter((v.codes[0], v.reading.category or "none") for v in topical if not v.right)
    return [
        {"is": true, "read_as": read, "rows": count}
        for (true, read), count in pairs.most_common(CONFUSED)
    ]


def _worst(topical: Sequence[Verdict]) -> list[dict[str, Any]]:
    """The surest of the wrong ones, by row number, with the words that misled."""
    wrong = sorted((one for one in topical if not one.right), key=lambda one: -one.p)
    return [
        {
            "row": one.row.number, "is": list(one.codes), "read_as": one.reading.category,
            "p": one.p,
            "words": [e.word for e in one.reading.evidence if e.code == one.reading.category],
        }
        for one in wrong[:WORST]
    ]  # fmt: skip


def _curve(topical: Sequence[Verdict]) -> dict[str, float]:
    """Share of the surest rows → how many of them are acceptable."""
    surest = sorted(topical, key=lambda one: -one.p)
    return {
        f"{tenths * 10}%": _share([one.right for one in surest[: len(surest) * tenths // 10]])
        for tenths in range(1, BINS + 1)
    }


def _bins(topical: Sequence[Verdict]) -> list[tuple[float, float, int]]:
    """Ten bins of equal size: the mean probability that was said, the share that is right, rows."""
    told = sorted(topical, key=lambda one: one.p)
    edges = [len(told) * at // BINS for at in range(BINS + 1)]
    bins = [told[start:end] for start, end in pairwise(edges) if end > start]
    return [
        (sum(one.p for one in each) / len(each), sum(one.right for one in each) / len(each),
         len(each))
        for each in bins
    ]  # fmt: skip


def _calibration(topical: Sequence[Verdict]) -> float:
    """Mean distance of the probability that was said and the share that is right."""
    gaps = [rows * abs(said - true) for said, true, rows in _bins(topical)]
    return round(sum(gaps) / len(topical), 4) if topical else 0.0


def _emergencies(read: Sequence[Verdict]) -> dict[str, Any]:
    known = [one for one in read if "emergency" in one.row.fields]
    if not known:
        return {}
    real: list[bool] = []
    alike: list[bool] = []
    other: list[bool] = []
    for one in known:
        fields = one.row.fields
        kind = real if fields["emergency"] else alike if fields.get(LIKE) else other
        kind.append(one.reading.emergency is not None)
    figures = {"found": _share(real), "lookalikes_raised": _share(alike), "raised": _share(other)}
    return {"emergency": {"rows": len(real), **figures}}


def _intents(read: Sequence[Verdict]) -> dict[str, Any]:
    known = [one for one in read if one.row.fields.get("intent")]
    right = [one.reading.intent == one.row.fields["intent"] for one in known]
    return {"intent": {"rows": len(known), "right": _share(right)}} if known else {}


def _share(marks: Sequence[bool]) -> float:
    return round(sum(marks) / len(marks), 4) if marks else 0.0
