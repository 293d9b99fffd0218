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

UNIT = 100
"""The file holds hundredths as whole numbers."""
NONE = "none"
"""The code of a text that is about no matter."""
CALM = "calm"
"""The code of a text that is no emergency."""
LEXICON, HINTS, RULES = "lexicon", "hints", "rules"
"""Groups of scores that are given besides the pieces."""

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Head:
    """One question that is answered: its codes, the bias of each, how sharp its sums are, and from
    which probability on an answer is believed."""

    codes: tuple[str, ...]
    first: int
    """Column of its first code."""
    bias: Floats
    scale: float
    sure: float


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that was learned. `weights`: a row for each piece, a column for each code of each
    head; `rarity`: of each piece; `given`: by group and code, a row of the same columns."""

    version: str
    heads: Mapping[str, Head]
    row_of: Mapping[str, int]
    rarity: Floats
    weights: Floats
    given: Mapping[str, Mapping[str, Floats]]


class Sums(NamedTuple):
    """What a text adds up to: a score for each column, and the pieces it is made of."""

    scores: Floats
    pieces: Sequence[str]
    rows: Sequence[int]
    sizes: Floats

    def known(self) -> bool:
        """Whether any piece was known."""
        return bool(self.pieces)


def model(raw: Mapping[str, Any]) -> Model:
    """The model of the file as read. KeyError, TypeError or ValueError when it is broken."""
    heads: dict[str, Head] = {}
    columns: dict[str, int] = {}
    for name, head in raw["heads"].items():
        codes = tuple(head["bias"])
        bias = np.array(list(head["bias"].values()), np.float32) / UNIT
        heads[name] = Head(codes, len(columns), bias, float(head["scale"]), float(head["sure"]))
        columns |= {code: len(columns) + at for at, code in enumerate(codes)}
    learned = raw["pieces"]
    weights = np.zeros((len(learned), len(columns)), np.float32)
    for row, (_, own) in enumerate(learned.values()):
        for code, weight in own.items():
            weights[row, columns[code]] = weight / UNIT
    rarity = np.array([rare for rare, _ in learned.values()], np.float32) / UNIT
    given = {
        group: {code: _row(own, columns) for code, own in raw[group].items()}
        for group in (LEXICON, HINTS, RULES)
    }
    row_of = {piece: row for row, piece in enumerate(learned)}
    return Model(raw["version"], heads, row_of, rarity, weights, given)


def _row(own: Mapping[str, int], columns: Mapping[str, int]) -> Floats:
    row = np.zeros(len(columns), np.float32)
    for code, weight in own.items():
        row[columns[code]] = weight / UNIT
    return row


def summed(
    learned: Model, found: Mapping[str, int], given: Mapping[str, Mapping[str, float]]
) -> Sums:
    """Every column's score, without the bias and not yet sharpened. `given`: by group the scores of
    the categories, as features.dense makes them."""
    row_of = learned.row_of
    known = [(piece, row_of[piece], count) for piece, count in found.items() if piece in row_of]
    rows = [row for _, row, _ in known]
    counts = np.array([1.0 + math.log(count) for _, _, count in known], np.float32)
    sizes = counts * learned.rarity[rows]
    sizes /= math.sqrt(float(sizes @ sizes)) or 1.0
    scores = sizes @ learned.weights[rows]
    for group, values in given.items():
        own = learned.given[group]
        for code, value in values.items():
            if code in own:
                scores = scores + value * own[code]
    return Sums(scores, [piece for piece, _, _ in known], rows, sizes)


def shares(head: Head, sums: Sums) -> dict[str, float]:
    """Probabilities of the codes of one head, together 1."""
    last = head.first + len(head.codes)
    raised = head.scale * (head.bias + sums.scores[head.first : last])
    powers = np.exp(raised - raised.max())
    return dict(zip(head.codes, (powers / powers.sum()).tolist(), strict=True))


def parts(learned: Model, head: Head, sums: Sums, code: str) -> list[tuple[str, float]]:
    """Each piece, and its part of the score of a code."""
    column = head.first + head.codes.index(code)
    told = sums.sizes * learned.weights[sums.rows, column] * head.scale
    return list(zip(sums.pieces, told.tolist(), strict=True))


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
