"""Finds out whether somebody is in danger now, or the matter can't wait."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from bot.domain.understanding import Evidence
from bot.nlp.clauses import clauses, sentences
from bot.nlp.records import EmergencyClass, UrgentRules
from bot.nlp.words import WordFinder, blank

LETTER = 150
"""From this many characters on a text is a letter: who is in danger writes short. There only words
that are enough alone still count ("不想活"), and others with a word like "现在"."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An emergency class and the words that told it."""

    code: str
    evidence: tuple[Evidence, ...]
    doubtful: bool = False
    """Something in the text says that it may be a film, a joke, or long over."""


class Tone(NamedTuple):
    """How a text speaks."""

    now: bool
    """A word like "现在" is in the clause."""
    letter: bool
    """It is a letter, and nothing says that it happens now."""
    cry: bool
    """Nearly nothing is said: "着火了"."""


class EmergencyFinder:
    """All emergency classes, in their order: the first that fits is taken."""

    __slots__ = ("_alone_chars", "_any", "_classes", "_doubts", "_override", "_tells")

    def __init__(
        self, classes: Sequence[EmergencyClass], override: Sequence[str], alone_chars: int,
        doubts: Sequence[re.Pattern[str]],
    ) -> None:  # fmt: skip
        self._doubts = doubts
        self._alone_chars = alone_chars
        self._classes = tuple((c, WordFinder(c.non_cues)) for c in classes)
        self._override = WordFinder(override)
        self._tells: dict[str, set[str]] = {}
        for c in classes:
            for word in chain(c.alone, *(min(way, key=_broad) for way in c.cues)):
                self._tells.setdefault(word, set()).add(c.info.code)
        self._any = WordFinder(self._tells)

    def find(self, text: str, *, spaced: bool = False) -> Alarm | None:
        """The emergency that a folded text tells of, or None. `spaced`: its language parts words
        by spaces, which in Chinese part clauses."""
        telling = self._any.every(text)
        if not telling:
            return None
        cry = sum(map(str.isalnum, text)) <= self._alone_chars
        for start, end in sentences(text) if spaced else clauses(text):
            told = [hit.word for hit in telling if start <= hit.start and hit.end <= end]
            if not told:
                continue
            possible = set().union(*(self._tells[word] for word in told))
            clause = text[start:end]
            now = self._override.first(clause) is not None
            tone = Tone(now, letter=len(text) >= LETTER and not now, cry=cry)
            for kind, non_cues in self._classes:
                if kind.info.code not in possible:
                    continue
                words = _told(clause, kind, non_cues, tone)
                if words:
                    code = kind.info.code
                    evidence = tuple(Evidence(word, code, 1.0) for word in words)
                    return Alarm(code, evidence, doubtful=self._doubtful(text))
        return None

    def _doubtful(self, text: str) -> bool:
        return not self._override.every(text) and any(one.search(text) for one in self._doubts)


def _broad(group: frozenset[str]) -> float:
    """How little a group of cues says: short words are everywhere."""
    return -sum(map(len, group)) / max(1, len(group))


def _told(clause: str, kind: EmergencyClass, non_cues: WordFinder, tone: Tone) -> list[str]:
    """One word for every group of the first way to tell this class; empty if none is told."""
    rest = blank(clause, [(hit.start, hit.end) for hit in non_cues.longest(clause)])
    if not tone.now:
        spans = [m.span() for pattern in kind.non_patterns for m in pattern.finditer(clause)]
        rest = blank(rest, spans)
    ways = [way for way in kind.cues if len(way) == 1 or not tone.letter]
    if tone.cry:
        ways.append((frozenset(kind.alone),))
    return next((words for way in ways if (words := _meeting(way, rest))), [])


def _meeting(way: tuple[frozenset[str], ...], rest: str) -> list[str]:
    """A word for each group, the longest first, none of them counted for two groups."""
    words = []
    for group in way:
        word = max((w for w in group if w in rest), key=lambda w: (len(w), w), default="")
        if not word:
            return []
        words.append(word)
        rest = rest.replace(word, "□", 1)
    return words


class UrgencyFinder:
    """Words that say that a matter can't wait."""

    __slots__ = ("_finder", "_together", "_words")

    def __init__(self, rules: UrgentRules) -> None:
        self._words = frozenset(rules.words)
        self._together = rules.together
        self._finder = WordFinder(
            chain(rules.words, *(chain(*groups) for groups in rules.together))
        )

    def find(self, text: str) -> list[str]:
        """The words that make it urgent; empty when nothing does."""
        if not self._finder.every(text):
            return []
        for start, end in sentences(text):
            words = [hit.word for hit in self._finder.every(text[start:end])]
            for word in words:
                if word in self._words:
                    return [word]
            for groups in self._together:
                found = [next((w for w in words if w in group), "") for group in groups]
                if all(found):
                    return found
        return []
