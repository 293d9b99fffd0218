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


_LOOKALIKE = str.maketrans(
    "\u0430\u0432\u0441\u0435\u043d\u0456\u043a\u043c\u043e\u0440\u0455"
    "\u0442\u0443\u0445\u0501\u0458\u04cf\u03b1\u03b2\u03b5\u03b9\u03ba"
    "\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03f2",
    "abcehikmopstyxdjlabeikmvoptyxc",
)
"""Cyrillic and Greek small letters that people and spammers take for Latin ones."""
_FOREIGN = re.compile("[\u0370-\u052f]")
_MIXED = re.compile("(?<![0-9a-z\u0370-\u052f])[0-9a-z\u0370-\u052f]+")
"""A word of Latin and foreign letters or digits; words of one script alone are what they are."""


class _Forms(dict[int, str | int]):
    """What each character becomes; characters met for the first time are looked up once. It can't
    outgrow Unicode."""

    def __missing__(self, code: int) -> str | int:
        form = self[code] = _form(chr(code))
        return form


def _form(char: str) -> str:
    """A single character in the form that words are written in."""
    if char in _PUNCTUATION or char in _KEEP:
        return char
    form = unicodedata.normalize("NFKC", SIMPLIFIED.get(char, char)).lower()
    form = form if len(form) == 1 else char
    if form.isspace():
        return " "
    digit = unicodedata.digit(form, None)
    return str(digit) if digit is not None else SIMPLIFIED.get(form, form)


_TABLE = _Forms()


def fold(text: str) -> Folded:
    """The folded text. Any string is allowed, lone surrogates too."""
    plain = text.translate(_TABLE)
    if _FOREIGN.search(plain):
        plain = _MIXED.sub(_latin, plain)
    if not _has_invisible(plain):
        return Folded(plain, None, len(text))
    origin = tuple(i for i, char in enumerate(plain) if not _invisible(char))
    return Folded("".join(plain[i] for i in origin), origin, len(text))


def _latin(found: re.Match[str]) -> str:
    mixed = re.search("[0-9a-z]", found[0]) is not None
    return found[0].translate(_LOOKALIKE) if mixed else found[0]


def _has_invisible(text: str) -> bool:
    return _PLAIN.fullmatch(text) is None and any(map(_invisible, set(text)))


def _invisible(char: str) -> bool:
    return char not in _KEEP and unicodedata.category(char) in _INVISIBLE
