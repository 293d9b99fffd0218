"""What a text is found by: pairs of neighbouring characters, and words of letters and digits.

Whatever stretch of two characters or more somebody looks for, its pairs are in every text that
holds it; no dictionary has to cut text and question alike. Both databases index these same strings
and take no word apart themselves: the same answers by construction.
"""

import re

from bot.nlp.fold import fold

_RUN = re.compile(
    # Letters and digits; Cyrillic and Mongolian words; the characters that SQLite's unicode61
    # takes for letters, too (it knows Unicode 6.1).
    "[a-z0-9]+|[\u0430-\u04ff]+|[\u1820-\u1877]+|[\u3007\u3400-\u4db5\u4e00-\u9fcc\U00020000-\U0002a6d6]+"
)
_HAN = "\u3007"
LONGEST = 16
"""Characters of a token that are kept: room beside them for those that nobody can write."""
MOST = 2000
"""Tokens of one text."""


def tokens(text: str) -> str:
    """The tokens of a text that is to be found, each once, in order, apart by spaces."""
    return " ".join(cut(fold(text).text.lower()))


def cut(folded: str) -> list[str]:
    """The same of a text that is folded, in small letters."""
    found: dict[str, None] = {}
    for run in _RUN.findall(folded):
        found.update(dict.fromkeys(_pairs(run)))
        if _is_han(run):
            found[run[-1]] = None  # nothing begins with it, and it may be looked for alone
    return list(found)[:MOST]


def asked(text: str) -> tuple[list[str], list[str]]:
    """The same for what is looked for: the tokens that a text must have, and the single characters
    of which it must have one token that begins so."""
    whole: dict[str, None] = {}
    starts: dict[str, None] = {}
    for run in _RUN.findall(fold(text).text.lower()):
        (starts if _is_han(run) and len(run) == 1 else whole).update(dict.fromkeys(_pairs(run)))
    return list(whole), list(starts)


def _is_han(run: str) -> bool:
    return run[0] >= _HAN


def _pairs(run: str) -> list[str]:
    if not _is_han(run):
        return [run[:LONGEST]]
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]
