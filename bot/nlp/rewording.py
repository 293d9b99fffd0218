"""Reading with words of the office over the product's own, never less carefully than without."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from bot.domain.understanding import (
    CategoryScore,
    Handling,
    Intent,
    Reading,
    Understander,
    Weighed,
    Where,
)
from bot.nlp.fold import fold
from bot.nlp.words import WordFinder

DECIDES = 10.0
"""A word of the office with this weight settles the category by itself."""
DECIDED = 0.95
"""The share that such a category gets."""
_RANK: Mapping[Handling, int] = {"normal": 0, "named_members": 1, "named_staff": 2}
_MATTERS: frozenset[Intent] = frozenset({"demand", "suggestion", "followup", "human"})
"""What a person wants something by; nothing of it is lost to a word that was taken away."""


class Scores(Understander, Protocol):
    """An understander that can be had with other words."""

    def scoring(self, words: Mapping[str, Weighed]) -> Understander:
        """The same with just these words of categories."""
        ...


class Reworded:
    """An understander over another one. A text with no word of the office in it is read just as
    the product reads it; the others are read both ways."""

    __slots__ = (
        "_base",
        "_deciding",
        "_finder",
        "_office",
        "_other",
        "categories",
        "emergencies",
        "version",
        "words",
    )

    def __init__(self, base: Scores, office: Mapping[str, Weighed]) -> None:
        digest = hashlib.sha256(repr(sorted(office.items())).encode()).hexdigest()[:8]
        self.version = f"{base.version}+w{digest}"
        self.categories, self.emergencies = base.categories, base.emergencies
        self.words = base.words
        ended = {word for word, counts in office.items() if not counts}
        words = {word: each for word, each in {**base.words, **office}.items() if word not in ended}
        self._base, self._other = base, base.scoring(words)
        self._finder, self._office = WordFinder(office), office
        decide = (word for word, counts in office.items() if any(w >= DECIDES for _, w in counts))
        self._deciding = WordFinder(decide)

    def with_words(self, office: Mapping[str, Weighed]) -> Understander:
        """Other words in the place of these."""
        return self._base.with_words(office)

    def with_places(self, office: Mapping[str, Where]) -> Understander:
        """The same words over other places."""
        return self._base.with_places(office).with_words(self._office)

    def unlisted(self, masked: str) -> tuple[str, ...]:
        """As without the words."""
        return self._base.unlisted(masked)

    def read(self, text: str) -> Reading:
        """Read one text."""
        own = self._base.read(text)
        body = fold(text).text
        if self._finder.first(body) is None:
            return own
        other = _careful(own, self._other.read(text))
        words = {hit.word for hit in self._deciding.every(body)}
        codes = {code for word in words for code, weight in self._office[word] if weight >= DECIDES}
        return self._decided(other, *codes) if len(codes) == 1 else other

    def _decided(self, reading: Reading, code: str) -> Reading:
        """The category that a single word settles, before what the examples say. Who may see it,
        and what is no plain matter, are not settled so."""
        plain = reading.handling == self.categories[code].handling == "normal"
        if not plain or reading.script is not None or reading.intent not in _MATTERS:
            return reading
        rest = (one for one in reading.categories if one.code != code)
        left = tuple(replace(one, p=one.p * (1 - DECIDED)) for one in rest)
        best = CategoryScore(code, DECIDED)
        return replace(reading, categories=(best, *left), confident=True)


def _careful(own: Reading, other: Reading) -> Reading:
    """The second, unless the first is for fewer people. Neither how urgent it is nor that somebody
    wants something hangs on words of the office."""
    if _RANK[own.handling] > _RANK[other.handling]:
        return own
    intent = own.intent if own.intent in _MATTERS else other.intent
    return replace(
        other, intent=intent, urgency=own.urgency, emergency=own.emergency, command=own.command
    )
