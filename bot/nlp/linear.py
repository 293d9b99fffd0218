"""The learned part of reading: weights of pieces of text, read from bot/data/model.json.

A score is a sum that can be read: for each code its bias; for each known piece its weight times how
much of the text it is; for each score of the lexicon and of the hints its weight. Learned offline
by tools/learn.py; here it only adds up.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.nlp.features import PieceFinder

UNIT = 100
"""The file holds hundredths as whole numbers."""
NONE = "none"
"""The code of a text that is about no matter."""
CALM = "calm"
"""The code of a text that is no emergency."""
LEXICON, HINTS, CUES, RULES = GROUPS = "lexicon", "hints", "cues", "rules"
"""Groups of scores that are given besides the pieces."""

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Head:
    """One question that is answered: its codes, how sharp its sums are, and from which probability
    on an answer is believed."""

    codes: tuple[str, ...]
    first: int
    """Column of its first code."""
    scale: float
    sure: float

    @property
    def columns(self) -> slice:
        """Where its codes stand."""
        return slice(self.first, self.first + len(self.codes))


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that was learned. `weights`: a row for each of the `pieces`, a column for each
    code of each head; `rarity`: of each piece; `beside`: the same columns for the scores that are
    given, and `given` by group and code the row of each."""

    version: str
    heads: Mapping[str, Head]
    pieces: Sequence[str]
    finder: PieceFinder
    rarity: Floats
    weights: Floats
    bias: Floats
    given: Mapping[str, Mapping[str, int]]
    beside: Floats


class Sums(NamedTuple):
    """What a text adds up to: a score for each column, not yet sharpened, and the known pieces it
    is made of, by their rows."""

    scores: Floats
    rows: Sequence[int]
    sizes: Floats


def model(raw: Mapping[str, Any]) -> Model:
    """The model of the file as read. KeyError, TypeError or ValueError when it is broken."""
    heads: dict[str, Head] = {}
    columns: dict[str, int] = {}
    bias: list[float] = []
    for name, head in raw["heads"].items():
        codes = tuple(head["bias"])
        heads[name] = Head(codes, len(columns), float(head["scale"]), float(head["sure"]))
        columns |= {code: len(columns) + at for at, code in enumerate(codes)}
        bias += head["bias"].values()
    learned = raw["pieces"]
    rarity = np.array([rare for rare, _ in learned.values()], np.float32) / UNIT
    pairs = [(group, code) for group in GROUPS for code in raw[group]]
    given: dict[str, dict[str, int]] = {group: {} for group in GROUPS}
    for row, (group, code) in enumerate(pairs):
        given[group][code] = row
    return Model(
        raw["version"], heads, list(learned), PieceFinder(list(learned)), rarity,
        _rows([own for _, own in learned.values()], columns), np.array(bias, np.float32) / UNIT,
        given, _rows([raw[group][code] for group, code in pairs], columns),
    )  # fmt: skip


def _rows(learned: Sequence[Mapping[str, int]], columns: Mapping[str, int]) -> Floats:
    rows = np.zeros((len(learned), len(columns)), np.float32)
    for row, own in enumerate(learned):
        for code, weight in own.items():
            rows[row, columns[code]] = weight / UNIT
    return rows


def summed(
    learned: Model, found: Mapping[int, int], given: Mapping[str, Mapping[str, float]]
) -> Sums:
    """Every column's score. `found`: how often the known pieces stand in the text, by their rows;
    `given`: by group the scores of the codes, as features.dense makes them."""
    rows = list(found)
    counts = np.array([1.0 + math.log(count) for count in found.values()], np.float32)
    sizes = counts * learned.rarity[rows]
    sizes /= math.sqrt(float(sizes @ sizes)) or 1.0
    beside = [
        (own[code], value)
        for group, values in given.items()
        if (own := learned.given[group])
        for code, value in values.items()
        if code in own
    ]
    scores = learned.bias + sizes @ learned.weights[rows]
    if beside:
        values = np.array([value for _, value in beside], np.float32)
        scores += values @ learned.beside[[row for row, _ in beside]]
    return Sums(scores, rows, sizes)


def shares(head: Head, sums: Sums) -> dict[str, float]:
    """Probabilities of the codes of one head, together 1."""
    return probable(
        dict(zip(head.codes, sums.scores[head.columns].tolist(), strict=True)), head.scale
    )


def probable(scores: Mapping[str, float], scale: float) -> dict[str, float]:
    """Scores of one head as probabilities."""
    top = max(scores.values())
    powers = {code: math.exp(scale * (score - top)) for code, score in scores.items()}
    total = sum(powers.values())
    return {code: power / total for code, power in powers.items()}


def parts(learned: Model, head: Head, sums: Sums, code: str) -> list[tuple[str, float]]:
    """Each piece, and its part of the score of a code."""
    column = head.first + head.codes.index(code)
    told = sums.sizes * learned.weights[sums.rows, column] * head.scale
    return [(learned.pieces[row], part) for row, part in zip(sums.rows, told.tolist(), strict=True)]


def telling(told: Sequence[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """The pieces that spoke loudest, as they stand in the text, none of them within another."""
    ranked = sorted(
        (one for one in told if one[1] > 0 and len(one[0]) > 1 and one[0].isalpha()),
        key=lambda one: (-one[1] * len(one[0]), one[0]),
    )
    chosen: list[tuple[str, float]] = []
    for piece, part in ranked:
        if len(chosen) == most:
            break
        if not any(piece in one or one in piece for one, _ in chosen):
            chosen.append((piece, part))
    return chosen
