"""Scores whether two texts speak of the same matter, by a dozen weights that a person can read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from bot.domain.same_matter import Likeness, Reason, Why
from bot.domain.understanding import Reading
from bot.nlp import pair_fit
from bot.nlp.data import DATA_DIR
from bot.nlp.matters import (
    FEATURES,
    Matter,
    beside_places,
    features,
    matter,
    shared_words,
)
from bot.nlp.rarity import Rarity
from bot.nlp.rarity import load as load_rarity

FILE = "same_matter.json"
LEAST_BESIDE = 0.1
"""So much two texts of one matter have in common besides its place. It takes no labelled pair that
is the same away."""


class Broken(ValueError):
    """The file of weights is not what this code expects; the message says how."""


@dataclass(frozen=True, slots=True)
class Weights:
    """`threshold`: from this score on a pair is suggested to the office; `sure`: from this one on,
    with one place and one category, a resident is told that others said the same."""

    version: str
    of: tuple[float, ...]
    """In the order of FEATURES."""
    constant: float
    threshold: float
    sure: float


@dataclass(frozen=True, slots=True)
class PairScorer:
    """Weights, and how rare words are."""

    weights: Weights
    rarity: Rarity

    def score(self, one: Matter, other: Matter) -> Likeness:
        """How likely the two are the same, and why if they are. The same whichever comes first, but
        for the order of the words."""
        row = features(one, other)
        score = pair_fit.score(row, self.weights.of, self.weights.constant)
        likely = score >= self.weights.threshold
        same = likely and beside_places(one, other) >= LEAST_BESIDE
        one_thing = bool(row[_PLACE_AND_CATEGORY])
        return Likeness(
            score=score,
            same=same,
            sure=same and one_thing and score >= self.weights.sure,
            reasons=_reasons(one, other, row) if same else (),
        )


_PLACE_AND_CATEGORY = FEATURES.index("place_and_category")


def _reasons(one: Matter, other: Matter, row: Sequence[float]) -> tuple[Reason, ...]:
    given = dict(zip(FEATURES, row, strict=True))
    found = [Reason(Why.WORDS, "、".join(words))] if (words := shared_words(one, other)) else []
    if one.category and one.category == other.category:
        found.append(Reason(Why.CATEGORY, one.category))
    found.append(Reason(Why.DAYS, str(abs(one.at - other.at).days)))
    against = ((Why.OTHER_DISTRICT, "other_district"), (Why.OTHER_NUMBER, "other_number"))
    return (*found, *(Reason(why) for why, name in against if given[name]))


def of_reading(reading: Reading, at: datetime, rarity: Rarity) -> Matter:
    """What words that were read are compared by: masked, with the places that are sure."""
    sure = [place for place in reading.places if place.sure]
    return matter(
        reading.masked, at, rarity,
        places=[place.name for place in sure],
        districts=[place.district for place in sure if place.district],
        categories={one.code: one.p for one in reading.categories},
    )  # fmt: skip


@lru_cache(maxsize=1)
def load(folder: Path = DATA_DIR) -> PairScorer:
    """The scorer of the project. OSError, ValueError or KeyError when a file is broken."""
    return PairScorer(_weights(folder), load_rarity(folder))


def _weights(folder: Path) -> Weights:
    raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
    if list(raw["weights"]) != list(FEATURES):
        raise Broken(f"{FILE} has weights of other features than {', '.join(FEATURES)}")
    of = tuple(map(float, raw["weights"].values()))
    numbers = (float(raw[name]) for name in ("constant", "threshold", "sure"))
    return Weights(raw["version"], of, *numbers)


def written(weights: Weights) -> str:
    """The weights as the file has them."""
    rounded = {name: round(each, 3) for name, each in zip(FEATURES, weights.of, strict=True)}
    told = {
        "version": weights.version,
        "weights": rounded,
        "constant": round(weights.constant, 3),
        "threshold": weights.threshold,
        "sure": weights.sure,
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
