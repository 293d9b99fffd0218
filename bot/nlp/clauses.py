"""Cuts a text into sentences and clauses."""

import re

_SENTENCE = re.compile(r"[^。！？!?；;\n…]+")
_COMMA = re.compile(r"[，,、\s]+")
SHORT = 16
"""Pieces between commas that together stay below this are one clause: "着火了，三楼，快来"."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans between sentence marks, in order; empty ones left out."""
    return [m.span() for m in _SENTENCE.finditer(text) if m[0].strip()]


def clauses(text: str, short: int = SHORT) -> list[tuple[int, int]]:
    """Spans between sentence marks and commas; short neighbours within a sentence stay together."""
    found: list[tuple[int, int]] = []
    for start, end in sentences(text):
        pieces = _pieces(text, start, end)
        joined = [pieces[0]]
        for piece in pieces[1:]:
            if piece[1] - joined[-1][0] <= short:
                joined[-1] = (joined[-1][0], piece[1])
            else:
                joined.append(piece)
        found += joined
    return found


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found, at = [], start
    for comma in _COMMA.finditer(text, start, end):
        if comma.start() > at:
            found.append((at, comma.start()))
        at = comma.end()
    if at < end:
        found.append((at, end))
    return found or [(start, end)]
