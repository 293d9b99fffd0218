"""What a learned score looks at in a text: pieces of one to three characters, the lexicon's scores,
and words that hint at a category.

People name the matter first, and a letter's opening reads like a short message; the rest of a
letter speaks through the lexicon alone.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from bot.nlp.words import WordFinder, apart

OPENING = 120
"""Characters that are looked at."""
WIDTHS = (1, 2, 3)
COVERED = "□"
"""What stands for places and personal data; a run of it counts as one character."""
SCALE = 0.1
"""What a score of the lexicon, or the hints for a category, count beside the pieces of a text."""
RULE = 0.5
"""What it counts that a rule has found an intent or an emergency."""
_COVERED = re.compile(COVERED + "+")
_DIGITS = re.compile(r"\d+")
_STRETCH = re.compile(r"\w+")

Hints = Mapping[str, tuple[tuple[str, float], ...]]
"""Word → the categories that it hints at, and how strongly: 1 to 3."""


@dataclass(frozen=True, slots=True)
class Hinted:
    """The hints of a text. `strength`: by category; `words`: what hinted at each, with its part."""

    strength: Mapping[str, float]
    words: Mapping[str, Mapping[str, float]]


def pieces(text: str) -> Mapping[str, int]:
    """How often each piece stands in the opening of a folded text whose places and personal data
    are covered. Digits count as one 0; no piece reaches over punctuation or a covered stretch."""
    found: Counter[str] = Counter()
    for stretch in _STRETCH.findall(_opening(text)):
        for width in WIDTHS:
            found.update([stretch[at : at + width] for at in range(len(stretch) - width + 1)])
    return found


def _opening(text: str) -> str:
    return _DIGITS.sub("0", _COVERED.sub(COVERED, text[:OPENING]))


class PieceFinder:
    """Some pieces, found by one automaton: hundreds of look-ups in a table of so many would cost
    more than all else that the examples ask of a text."""

    __slots__ = ("_find",)

    def __init__(self, known: Sequence[str]) -> None:
        self._find = AhoCorasick(known).find_matches_as_indexes

    def count(self, text: str) -> dict[int, int]:
        """How often each of them is among the `pieces` of a text, by its number in the list."""
        found: dict[int, int] = {}
        for number, _, _ in self._find(_opening(text), overlapping=True):
            found[number] = found.get(number, 0) + 1
        return found


UNCUED = Hinted({}, {})
"""Where nothing hints."""


class HintFinder:
    """All words that hint at something."""

    __slots__ = ("_finder", "_hints")

    def __init__(self, hints: Hints) -> None:
        self._hints = hints
        self._finder = WordFinder(hints)

    def find(self, text: str) -> Hinted:
        """What hints in the opening of a folded text; of words that overlap the longest counts."""
        strength: dict[str, float] = {}
        words: dict[str, dict[str, float]] = {}
        for hit in apart(self._finder.every(text[:OPENING])):
            for code, strong in self._hints[hit.word]:
                strength[code] = strength.get(code, 0.0) + strong
                told = words.setdefault(code, {})
                told[hit.word] = told.get(hit.word, 0.0) + strong
        return Hinted(strength, words)


def dense(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores by category as the model takes them."""
    return {code: SCALE * math.log1p(score) for code, score in scores.items()}


def ruled(intent: str, emergency: str | None) -> dict[str, float]:
    """What the rules found, as the model takes it."""
    return {intent: RULE} | ({emergency: RULE} if emergency else {})
