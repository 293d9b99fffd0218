"""How well pairs are told apart: measured on pairs of matters that nothing was learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.nlp import pair_fit
from bot.nlp.pair_fit import Row

FOLDS = 10
PRECISION = 0.9
"""What the threshold is chosen for."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Pairs of texts by their names, each with its features and whether it is the same matter."""

    names: Sequence[tuple[str, str]]
    rows: Sequence[Row]
    same: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Share:
    """`recall`: of the pairs that are the same, how many were found; `precision`: of those found,
    how many are the same; `found`: how many that were."""

    recall: float
    precision: float
    found: int


def share(taken: Sequence[bool], same: Sequence[bool]) -> Share:
    """Of what was taken for the same, against what is."""
    right = sum(t and s for t, s in zip(taken, same, strict=True))
    found = sum(taken)
    return Share(
        round(right / max(1, sum(same)), 4), round(right / found if found else 1.0, 4), found
    )


def threshold(scores: Sequence[float], same: Sequence[bool], precision: float = PRECISION) -> float:
    """The lowest score from which on so large a part of the pairs is the same; 1 if none is."""
    chosen, right, found = 1.0, 0, 0
    ranked = sorted(zip(scores, same, strict=True), reverse=True)
    for score, tied in groupby(ranked, key=lambda pair: pair[0]):
        labels = [is_same for _, is_same in tied]
        found, right = found + len(labels), right + sum(labels)
        if right >= precision * found:
            chosen = score
    return chosen


def held_out(given: Labelled) -> tuple[list[float], list[bool]]:
    """For each pair its score and whether it is taken for the same, both by weights and a threshold
    that were chosen without any pair of its group (bot.nlp.pair_fit.groups)."""
    group = pair_fit.groups(given.names)
    fold = [each % FOLDS for each in group]
    scores, taken = [0.0] * len(fold), [False] * len(fold)
    for number in set(fold):
        learned = [i for i, each in enumerate(fold) if each != number]
        rows, same = [given.rows[i] for i in learned], [given.same[i] for i in learned]
        weights, constant = pair_fit.fit(rows, same)
        bound = threshold([pair_fit.score(row, weights, constant) for row in rows], same)
        for i in (i for i, each in enumerate(fold) if each == number):
            scores[i] = pair_fit.score(given.rows[i], weights, constant)
            taken[i] = scores[i] >= bound
    return scores, taken


def worst(scores: Sequence[float], given: Labelled, most: int = 20) -> list[tuple[str, str, float]]:
    """The pairs of which the score is furthest from the label."""
    order = sorted(range(len(scores)), key=lambda i: -abs(scores[i] - given.same[i]))[:most]
    return [(*given.names[i], round(scores[i], 3)) for i in order]
