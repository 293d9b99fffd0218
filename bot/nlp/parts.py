"""Tells two matters in one text apart."""

import re
from collections.abc import Callable

from bot.domain.understanding import Part
from bot.nlp.categories import Scores
from bot.nlp.clauses import sentences

LIMIT = 400
"""Longer texts are letters: they wander, and are kept whole."""
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
