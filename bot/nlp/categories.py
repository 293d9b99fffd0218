"""Scores the categories by the words of the lexicon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.understanding import CategoryScore, Evidence
from bot.nlp.clauses import sentences
from bot.nlp.records import Scoring
from bot.nlp.tokens import Tokens
from bot.nlp.words import Hit, WordFinder, apart


@dataclass(frozen=True, slots=True)
class Scores:
    """What the words add up to."""

    ranked: tuple[tuple[str, float], ...]
    """Code and score, best first."""
    evidence: tuple[Evidence, ...]
    """Each word once with all it counted, the weightiest first."""
    strongest: Mapping[str, float]
    """The highest weight of a single word, by code."""
    lifted: bool = False
    """The best was put before others, by more than single words."""

    def of(self, code: str) -> float:
        """The score of one category; 0 when no word spoke for it."""
        return dict(self.ranked).get(code, 0.0)


class Seen(NamedTuple):
    """What there is to score in a text."""

    hits: Sequence[Hit]
    """All words of the lexicon, overlapping ones too."""
    cuts: frozenset[int]
    """Where words of the language begin and end, around them."""

    def within(self, start: int, end: int) -> "Seen":
        """The same for the stretch text[start:end]."""
        return Seen(
            [Hit(a - start, b - start, w) for a, b, w in self.hits if start <= a and b <= end],
            frozenset(at - start for at in self.cuts if start <= at <= end),
        )


class CategoryScorer:
    """The lexicon, ready to score."""

    __slots__ = ("_finder", "_scoring", "_tokens", "_words")

    def __init__(
        self,
        words: Mapping[str, tuple[tuple[str, float], ...]],
        scoring: Scoring,
        tokens: Tokens,
    ) -> None:
        self._words = words
        self._scoring = scoring
        self._tokens = tokens
        self._finder = WordFinder(words)

    def look(self, text: str) -> Seen:
        """The words in a folded text whose places and personal data are covered. The dearest step,
        so it is taken once a text."""
        hits = self._finder.every(text)
        return Seen(hits, self._tokens.cuts(text, hits))

    def score(self, text: str, seen: Seen) -> Scores:
        """Scores of that text, or of a stretch of it with what was seen within."""
        hits = apart(seen.hits)
        if not hits:
            return Scores((), (), {})
        s = self._scoring
        opening = opening_end(text, s.opening_chars)
        often: dict[str, int] = {}
        counted: dict[tuple[str, str], float] = {}
        strongest: dict[str, float] = {}
        for start, end, word in hits:
            share = s.repeat ** often.get(word, 0)
            often[word] = often.get(word, 0) + 1
            if _straddles(start, end, seen.cuts):
                share *= s.cut
            for code, weight in self._words[word]:
                strongest[code] = max(strongest.get(code, 0.0), weight)
                boost = s.opening_boost if start < opening else 1.0
                key = (word, code)
                counted[key] = counted.get(key, 0.0) + weight * share * boost
        return _scores(counted, strongest)

    def lifted(self, scores: Scores, code: str, words: str) -> Scores:
        """The scores with one category clearly the best, for a reason beyond single words."""
        s = self._scoring
        best = scores.ranked[0][1] if scores.ranked else 0.0
        score = 2 * best + s.enough
        others = tuple(one for one in scores.ranked if one[0] != code)
        told = (Evidence(words, code, round(score, 2)), *scores.evidence)
        weights = {**scores.strongest, code: max(s.strong, s.alarming)}
        return Scores(((code, score), *others), told, weights, lifted=bool(others))

    def shares(self, scores: Scores) -> tuple[CategoryScore, ...]:
        """Scores as shares between 0 and 1; what is missing to 1 is "none of them"."""
        s = self._scoring
        powers = [(code, score**s.sharpness) for code, score in scores.ranked]
        total = sum(power for _, power in powers) + s.floor**s.sharpness
        return tuple(CategoryScore(code, round(power / total, 4)) for code, power in powers)

    def confident(self, scores: Scores) -> bool:
        """Enough evidence, a strong word, and a clear lead."""
        s = self._scoring
        if not scores.ranked:
            return False
        (best, score), second = scores.ranked[0], scores.ranked[1:2]
        lead = score - (second[0][1] if second else 0.0)
        return score >= s.enough and scores.strongest[best] >= s.strong and lead >= s.margin * score


def opening_end(text: str, limit: int) -> int:
    """Where the first sentence or line of subject ends; people name the matter first."""
    for start, end in sentences(text):
        head = text[start:end]
        at = head.find(" ", 6)
        return start + min(at if at > 0 else len(head), limit)
    return 0


def _straddles(start: int, end: int, cuts: frozenset[int]) -> bool:
    """Pieces of two words: "通道" in "交通道路". A word within a longer one is fine."""
    if start in cuts and end in cuts:
        return False
    return any(at in cuts for at in range(start + 1, end))


def _scores(counted: dict[tuple[str, str], float], strongest: dict[str, float]) -> Scores:
    totals: dict[str, float] = {}
    for (_, code), weight in counted.items():
        totals[code] = totals.get(code, 0.0) + weight
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    words = sorted(counted.items(), key=lambda item: -item[1])
    return Scores(
        tuple(ranked),
        tuple(Evidence(word, code, round(weight, 2)) for (word, code), weight in words),
        strongest,
    )
