"""Finds many words in a text at once."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick


class Hit(NamedTuple):
    """A word found at text[start:end]."""

    start: int
    end: int
    word: str


class WordFinder:
    """A fixed set of words, found by one automaton whatever their number."""

    __slots__ = ("_find", "_words")

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted({word for word in words if word})
        self._find = AhoCorasick(self._words).find_matches_as_indexes

    def every(self, text: str) -> list[Hit]:
        """All occurrences in order, overlapping ones too, longer before shorter ones."""
        words = self._words
        found = self._find(text, overlapping=True)
        if len(found) > 1:
            found.sort(key=_place)
        return [Hit(start, end, words[number]) for number, start, end in found]

    def longest(self, text: str) -> list[Hit]:
        """Occurrences that don't overlap, the longest chosen first, in order of the text."""
        return apart(self.every(text))

    def first(self, text: str) -> Hit | None:
        """The first occurrence, or None."""
        hits = self.every(text)
        return hits[0] if hits else None


def _place(found: tuple[int, int, int]) -> tuple[int, int]:
    return found[1], -found[2]


def apart(hits: Sequence[Hit]) -> list[Hit]:
    """Those of `hits` that don't overlap, the longest chosen first, in order of the text."""
    if len(hits) < 2:
        return list(hits)
    chosen: list[Hit] = []
    taken = bytearray(max(hit.end for hit in hits))
    for hit in sorted(hits, key=lambda hit: hit.start - hit.end):
        if not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
            chosen.append(hit)
    return sorted(chosen)


BLANK = "□"
"""What stands for a covered character."""


def blank(text: str, spans: Iterable[tuple[int, int]], filler: str = BLANK) -> str:
    """The text with every span covered, the length kept."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            pieces += [text[at : max(at, start)], filler * (end - max(at, start))]
            at = end
    return "".join(pieces) + text[at:]


STUFFED = 0.4
"""A text of which so few pairs of characters differ says one thing over and over."""


def stuffed(text: str) -> bool:
    """Whether a text repeats a few words to weigh more: nobody may be sure of it."""
    pairs = [a + b for a, b in pairwise(filter(str.isalnum, text))]
    return len(pairs) >= 8 and len(set(pairs)) < STUFFED * len(pairs)
