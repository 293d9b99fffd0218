"""Words by which categories are told, as the office may write them over the product's own.

A word of the office may make reading more careful, never less: it lowers no emergency and shows to
nobody what the product's own words keep for named people (bot.nlp.rewording holds to that whatever
is written here; these rules say so before anybody relies on such a word).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.understanding import CategoryInfo, Weighed

SHORTEST, LONGEST = 2, 20
"""Characters of a word of the office."""
LIGHTEST, HEAVIEST = 1, 10
ENDED = 0
"""Weight of a word of the product that the office wants counted no more."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the office, folded (bot.nlp.fold). `weight` ENDED: it counts no more."""

    word: str
    category: str
    weight: int

    @property
    def weighed(self) -> Weighed:
        """What it counts for; nothing when it is ended."""
        return () if self.weight == ENDED else ((self.category, float(self.weight)),)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a word: the key of a sentence and its values."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


def fault(
    given: Word, words: Mapping[str, Weighed], categories: Mapping[str, CategoryInfo]
) -> Fault | None:
    """Why this word can't be kept; None when it can. `words`: the product's own."""
    if not SHORTEST <= len(given.word) <= LONGEST or not given.word.isalnum():
        return Fault("master.word_form")
    if given.weight != ENDED and given.category not in categories:
        return Fault("console.no_choice")
    if given.weight != ENDED and not LIGHTEST <= given.weight <= HEAVIEST:
        return Fault("master.word_weight")
    if given.weight == ENDED and given.word not in words:
        return Fault("master.word_unknown", {"word": given.word})
    return _lowers(given, words, categories)


def _lowers(
    given: Word, words: Mapping[str, Weighed], categories: Mapping[str, CategoryInfo]
) -> Fault | None:
    """Words for named people stay theirs and at least as heavy. Of a word within a longer one only
    the longer one counts: a new one would hide them."""
    looked = {given.word} if given.word in words else _pieces(given.word) & words.keys()
    for word in sorted(looked, key=lambda each: (-len(each), each)):
        for code, weight in words[word]:
            info = categories[code]
            kept = code == given.category and given.weight >= weight
            if info.handling != "normal" and not kept:
                key = "master.word_guarded" if word == given.word else "master.word_hides"
                return Fault(key, {"word": given.word, "inner": word, "category": info.name})
    return None


def _pieces(word: str) -> set[str]:
    size = len(word)
    return {word[start:end] for start in range(size) for end in range(start + 1, size + 1)}
