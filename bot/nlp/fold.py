"""Brings a text into the form that words are matched in, and keeps the way back.

Full width becomes half width, capitals small, Traditional characters Simplified; invisible
characters disappear. Every step but the last keeps the length, so the way back is needed only then.
"""

import re
import unicodedata
from dataclasses import dataclass

from bot.nlp.variants import SIMPLIFIED

_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Mn", "Me"})
_KEEP = frozenset("\n\t\r")
_PLAIN = re.compile("[\n\t\r -~\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]*")
"""What nearly every message is made of, known to be visible."""
_PUNCTUATION = "，。！？；：、（）"
"""Kept full width: they separate clauses and never belong to a word."""


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` for matching; `origin[i]` is where its character i stood, None when nothing moved."""

    text: str
    origin: tuple[int, ...] | None
    length: int
    """Length of the text as given."""

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span of the given text that the folded span came from."""
        if self.origin is None or start >= end:
            return min(start, self.length), min(end, self.length)
        return self.origin[start], self.origin[end - 1] + 1


def _same_length_form(char: str) -> str | None:
    form = unicodedata.normalize("NFKC", char).lower()
    return form if len(form) == 1 and form != char else None


def _build_table() -> dict[int, str]:
    table = {}
    ranges = ((0x41, 0x5B), (0xFF01, 0xFF5F), (0x2460, 0x2474), (0x2F00, 0x2FD6), (0xF900, 0xFB00))
    for start, end in ranges:
        for code in range(start, end):
            form = _same_length_form(chr(code))
            if form is not None and chr(code) not in _PUNCTUATION:
                table[code] = form
    table[0x3000] = table[0xA0] = " "
    return table | {ord(old): new for old, new in SIMPLIFIED.items()}


_TABLE = _build_table()


def fold(text: str) -> Folded:
    """The folded text. Any string is allowed, lone surrogates too."""
    plain = text.translate(_TABLE)
    if not _has_invisible(plain):
        return Folded(plain, None, len(text))
    origin = tuple(i for i, char in enumerate(plain) if not _invisible(char))
    return Folded("".join(plain[i] for i in origin), origin, len(text))


def _has_invisible(text: str) -> bool:
    return _PLAIN.fullmatch(text) is None and any(map(_invisible, set(text)))


def _invisible(char: str) -> bool:
    return char not in _KEEP and unicodedata.category(char) in _INVISIBLE
