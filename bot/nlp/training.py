"""Learns the weights of `linear.py` from examples. Needs scikit-learn (requirements-learn.txt), so
nothing that reads messages imports it."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

from bot.nlp import linear
from bot.nlp.corpus import Example, folds
from bot.nlp.features import pieces
from bot.nlp.learned import CATEGORY, EMERGENCY, INTENT, Known
from bot.nlp.linear import CALM, GROUPS, NONE, UNIT, Model
from bot.nlp.understander import LexiconUnderstander

HEADS = (CATEGORY, EMERGENCY, INTENT)
CLOSE = {CATEGORY: 0.5, EMERGENCY: 1.0, INTENT: 0.5}
"""How closely the weights follow the examples (C of LinearSVC)."""
EVEN = {CATEGORY: 0.0, EMERGENCY: 0.0, INTENT: 0.5}
"""How far rare answers are made up for: 0 not at all, 1 wholly."""
RARE = 3
"""A piece that fewer examples hold is not learned."""
SHARES = {1: (1.0,), 2: (0.65, 0.35), 3: (0.5, 0.3, 0.2), 4: (0.4, 0.3, 0.2, 0.1)}
"""How much each of several right categories counts, the best first."""
TINY = 0.06
"""Weights below are left out of the file."""
TARGET = 0.93
"""Share of what is routed without a person that shall be acceptable."""
FALSE_ALARMS, FOOLED = 0.02, 0.09
"""Rules and examples together may raise so many of all other messages, and of the look-alikes."""

Raw = dict[str, Any]
"""A model as its file holds it."""
Matrix = np.ndarray[Any, np.dtype[np.float64]]


class Sample(NamedTuple):
    """An example as it is learned from."""

    example: Example
    found: Mapping[str, int]
    given: Mapping[str, Mapping[str, float]]
    alarmed: bool
    """A rule raises an alarm without doubt."""
    right: Mapping[str, Sequence[tuple[str, float]]]
    """By head the right codes, and how much each counts."""


class Judged(NamedTuple):
    """A sample, and what a model that never saw it adds up for it, by head and code."""

    sample: Sample
    sums: Mapping[str, Mapping[str, float]]

    @property
    def ranked(self) -> list[str]:
        """The categories, the best first."""
        own = self.sums[CATEGORY]
        return sorted((code for code in own if code != NONE), key=lambda code: -own[code])


@dataclass(frozen=True, slots=True)
class Space:
    """The columns of a sample: the pieces that are known, how rare each is, and the scores that are
    given besides."""

    pieces: Mapping[str, int]
    rarity: Matrix
    given: Mapping[tuple[str, str], int]

    def matrix(self, samples: Sequence[Sample]) -> csr_matrix:
        """One row for each sample."""
        known = _sparse([self._told(one) for one in samples], len(self.pieces))
        given = _sparse(
            [
                {self.given[group, code]: value for group, own in one.given.items()
                 for code, value in own.items() if (group, code) in self.given}
                for one in samples
            ],
            len(self.given),
        )  # fmt: skip
        return hstack([known, given]).tocsr()

    def _told(self, one: Sample) -> dict[int, float]:
        row = {
            at: (1 + math.log(count)) * self.rarity[at]
            for piece, count in one.found.items()
            if (at := self.pieces.get(piece)) is not None
        }
        norm = math.sqrt(sum(size * size for size in row.values())) or 1.0
        return {at: size / norm for at, size in row.items()}


def _sparse(rows: Sequence[Mapping[int, float]], width: int) -> csr_matrix:
    ends = np.cumsum([0, *map(len, rows)])
    values = [value for row in rows for value in row.values()]
    columns = [at for row in rows for at in row]
    return csr_matrix((values, columns, ends), shape=(len(rows), width))


def samples_of(examples: Sequence[Example], reader: LexiconUnderstander) -> list[Sample]:
    """The examples as the reader sees them."""
    return [_sample(one, reader.look(one.text)) for one in examples]


def _sample(one: Example, seen: Known) -> Sample:
    codes = one.accept[: max(SHARES)]
    return Sample(
        one, pieces(seen.topic), seen.given, seen.alarmed,
        {
            CATEGORY: list(zip(codes, SHARES[len(codes)], strict=True)) if codes else [(NONE, 1.0)],
            EMERGENCY: [(one.emergency or CALM, 1.0)],
            INTENT: [(one.intent, 1.0)],
        },
    )  # fmt: skip


def _space(samples: Sequence[Sample]) -> Space:
    often = Counter(piece for one in samples for piece in one.found)
    known = sorted(piece for piece, count in often.items() if count >= RARE)
    rarity = [math.log((1 + len(samples)) / (1 + often[piece])) + 1 for piece in known]
    given = sorted({(group, code) for one in samples for group, own in one.given.items()
                    for code in own})  # fmt: skip
    return Space(
        {piece: at for at, piece in enumerate(known)}, np.array(rarity),
        {key: at for at, key in enumerate(given)},
    )  # fmt: skip


def fit(samples: Sequence[Sample], version: str = "") -> Raw:
    """Weights of all heads, as the file holds them; scale and limits are not set yet."""
    space = _space(samples)
    rows = space.matrix(samples)
    names = list(space.pieces)
    weights: list[dict[str, int]] = [{} for _ in names]
    given: dict[str, dict[str, dict[str, int]]] = {group: {} for group in GROUPS}
    heads: Raw = {}
    for head in HEADS:
        learned = [(at, *one) for at, sample in enumerate(samples) for one in sample.right[head]]
        often = Counter(code for _, code, _ in learned)
        made_up = {code: (len(learned) / count) ** EVEN[head] for code, count in often.items()}
        svm = LinearSVC(C=CLOSE[head], random_state=0)
        svm.fit(rows[[at for at, _, _ in learned]], [code for _, code, _ in learned],
                sample_weight=[share * made_up[code] for _, code, share in learned])  # fmt: skip
        codes = [str(code) for code in svm.classes_]
        for code, row in zip(codes, svm.coef_, strict=True):
            for at in np.flatnonzero(np.abs(row[: len(names)]) >= TINY):
                weights[at][code] = round(float(row[at]) * UNIT)
            for (group, of), place in space.given.items():
                weight = round(float(row[len(names) + place]) * UNIT)
                if weight:
                    given[group].setdefault(of, {})[code] = weight
        bias = {code: round(float(b) * UNIT) for code, b in zip(codes, svm.intercept_, strict=True)}
        heads[head] = {"scale": 1.0, "sure": 1.0, "bias": bias}
    return {
        "version": version, "heads": heads, **given,
        "pieces": {
            piece: [round(float(space.rarity[at]) * UNIT), weights[at]]
            for piece, at in space.pieces.items() if weights[at]
        },
    }  # fmt: skip


def judge(model: Model, samples: Sequence[Sample]) -> list[Judged]:
    """Sums of a model over samples, as reading has them."""
    row_of = {piece: row for row, piece in enumerate(model.pieces)}
    return [Judged(one, _sums(model, one, row_of)) for one in samples]


def _sums(model: Model, one: Sample, row_of: Mapping[str, int]) -> dict[str, dict[str, float]]:
    found = {row_of[piece]: count for piece, count in one.found.items() if piece in row_of}
    sums = linear.summed(model, found, one.given)
    return {
        name: dict(zip(head.codes, sums.scores[head.columns].tolist(), strict=True))
        for name, head in model.heads.items()
    }


def crossed(samples: Sequence[Sample]) -> list[Judged]:
    """Every sample, in order, judged by a model that saw neither it nor its near-duplicates."""
    cut = folds([one.example for one in samples])
    found: dict[int, Judged] = {}
    for fold in sorted(set(cut)):
        own = linear.model(fit([s for s, f in zip(samples, cut, strict=True) if f != fold]))
        held = [at for at, f in enumerate(cut) if f == fold]
        found |= zip(held, judge(own, [samples[at] for at in held]), strict=True)
    return [found[at] for at in range(len(samples))]


def calibrate(raw: Raw, unseen: Sequence[Judged]) -> None:
    """Set scales and limits of a model by what unseen samples show: a probability is how often a
    first choice of that probability is acceptable; `sure` the lowest at which TARGET of the routed
    are, and at which an emergency raises few of the others."""
    for head in HEADS:
        topical = [one for one in unseen if head != CATEGORY or one.sample.example.accept]
        raw["heads"][head]["scale"] = _scale(head, topical)
    category, emergency = (raw["heads"][head] for head in (CATEGORY, EMERGENCY))
    ranked = []
    for one in unseen:
        if one.sample.example.accept:
            shares = linear.probable(one.sums[CATEGORY], category["scale"])
            ranked.append((shares[one.ranked[0]], one.ranked[0] in one.sample.example.accept))
    category["sure"] = _limit(ranked, TARGET)
    emergency["sure"] = _raises(unseen, emergency["scale"])


def _scale(head: str, unseen: Sequence[Judged]) -> float:
    def surprise(scale: float) -> float:
        lost = 0.0
        for one in unseen:
            shares = linear.probable(one.sums[head], scale)
            best = max(shares, key=lambda code: shares[code])
            good = best in dict(one.sample.right[head])
            lost -= math.log(max(1e-6, shares[best] if good else 1 - shares[best]))
        return lost

    found = minimize_scalar(surprise, bounds=(0.3, 8), method="bounded", options={"maxiter": 25})
    return round(float(found.x), 2)


def _limit(ranked: Sequence[tuple[float, bool]], target: float) -> float:
    best, right = 1.0, 0
    for count, (p, good) in enumerate(sorted(ranked, reverse=True), 1):
        right += good
        if right >= target * count:
            best = p
    return round(best, 3)


def _raises(unseen: Sequence[Judged], scale: float) -> float:
    """From which probability of danger the examples raise an alarm: the lowest within FALSE_ALARMS
    and FOOLED. A rule's alarm stands, whatever they say, unless the rule has doubts."""
    danger = np.array([1 - linear.probable(one.sums[EMERGENCY], scale)[CALM] for one in unseen])
    ruled = np.array([one.sample.alarmed for one in unseen])
    real = np.array([one.sample.example.emergency is not None for one in unseen])
    like = np.array([one.sample.example.like is not None for one in unseen]) & ~real
    for limit in np.arange(0.05, 0.95, 0.005):
        raised = (danger >= limit) | ruled
        if raised[like].mean() <= FOOLED and raised[~real & ~like].mean() <= FALSE_ALARMS:
            return round(float(limit), 3)
    return 1.0
