"""Tells two matters in one text apart."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from bot.domain.understanding import Part
from bot.nlp.categories import Scores
from bot.nlp.clauses import sentences
from bot.nlp.linear import NONE

LIMIT = 400
"""Longer texts are letters: they wander, and are kept whole."""
SHORTEST, MOST = 5, 10
"""Letters of a clause that may be a matter of its own, and how many clauses are looked at."""
TOLD, ELSEWHERE = 0.7, 0.1
"""Of a matter beside another one: its least probability in its own clause, and its most in the
clause of the other, where a word such as 另外 stands between or before them;"""
UNTOLD, NOWHERE = 0.95, 0.03
"""and where none does."""
_ENTANGLED = frozenset({"estate", "safety", "service", "legal"})
"""Who should have seen to it, and what might come of it: other matters only after such a word."""
_CLAUSE = re.compile(r"[^，,。！？!?；;、\n]+")
_ALSO = re.compile(
    r"另外|还有|再一个|再就是|第二|其次|顺便|顺带|捎带|二是|一个是|一是|又一个|两件|两个[事问]"
    r"|对了|再说|加上|同时|也(?!不)"
)
_TURN = re.compile(r"另外|还有一件|还有个|再一个|再就是|第二[,，、]|其次|顺便")


def split(
    text: str, score: Callable[[int, int], Scores], sure: Callable[[Scores], bool]
) -> list[Part]:
    """Stretches with a confident category each, when there are two or more different ones; else
    empty. Stretches with the same category are joined, unclear ones go to the one before. `score`
    takes a stretch by its start and end."""
    if len(text) > LIMIT:
        return []
    pieces = _pieces(text)
    if len(pieces) < 2:
        return []
    parts: list[Part] = []
    for start, end in pieces:
        scores = score(start, end)
        code = scores.ranked[0][0] if sure(scores) else None
        if parts and code in (None, parts[-1].code):
            parts[-1] = Part(parts[-1].start, end, parts[-1].code)
        elif code is not None:
            parts.append(Part(start if parts else 0, end, code))
    return parts if len({part.code for part in parts}) > 1 else []


def _pieces(text: str) -> list[tuple[int, int]]:
    found = []
    for start, end in sentences(text):
        at = start
        for turn in _TURN.finditer(text, start, end):
            if turn.start() > at:
                found.append((at, turn.start()))
            at = turn.start()
        found.append((at, end))
    return found


class _Heard(NamedTuple):
    start: int
    end: int
    code: str
    shares: Mapping[str, float]

    @property
    def sure(self) -> float:
        return self.shares[self.code]


def by_example(text: str, shares: Callable[[int, int], Mapping[str, float]]) -> list[Part]:
    """The same where the words of the lexicon don't tell: two clauses of which the examples say
    that each is about something that the other is not. `shares`: the probability of each category
    for a stretch by itself, with one more for NONE."""
    if len(text) > LIMIT:
        return []
    long = [one for one in _clauses(text) if _letters(text[slice(*one)]) >= SHORTEST]
    if len(long) < 2:
        return []
    heard = [_judged(start, end, shares(start, end)) for start, end in long[:MOST]]
    for one, two in combinations(filter(None, heard), 2):
        if _apart(text, one, two):
            return [Part(0, two.start, one.code), Part(two.start, len(text), two.code)]
    return []


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    for clause in _CLAUSE.finditer(text):
        at = clause.start()
        for turn in _TURN.finditer(text, *clause.span()):
            if turn.start() > at:
                yield at, turn.start()
                at = turn.start()
        yield at, clause.end()


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _judged(start: int, end: int, shares: Mapping[str, float]) -> _Heard | None:
    code = max(shares, key=lambda one: shares[one]) if shares else NONE
    known = code != NONE and shares[code] >= TOLD
    return _Heard(start, end, code, shares) if known else None


def _apart(text: str, one: _Heard, two: _Heard) -> bool:
    elsewhere = max(one.shares.get(two.code, 0.0), two.shares.get(one.code, 0.0))
    if one.code == two.code or elsewhere >= ELSEWHERE:
        return False
    if _ALSO.search(text, one.start, two.end):
        return True
    alone = min(one.sure, two.sure) >= UNTOLD and elsewhere < NOWHERE
    return alone and not {one.code, two.code} & _ENTANGLED
