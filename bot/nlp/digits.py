"""Numbers however they are written: in Chinese numerals, apart, with letters that look like digits.

Everything keeps the length of the text, so that offsets stay good.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_NUMERALS = str.maketrans(
    "〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖貳叄參陸", "00123456789121234567892336"
)
_LIKE_DIGITS = str.maketrans("oil", "011")
_MIXED = re.compile(r"[0-9oil]{7,30}")
_MOST_LIKE = 3
"""More letters than that in a number make it a word."""
_GROUP = re.compile("[0-9]+")
_GAP = re.compile(
    r"[\s.·•\-_—–‐~*+/|,，、;；()（）]{1,4}"
    r"|[\s,，]?(?:然后是?|再来?|接着是?|后面是?|后头是?|最后是?|空格|横杠|杠|减号?|点)[\s,，]?"
)
_LONGEST_GAP = 6
LONGEST = 24
"""Digits that one number has at most, its prefix for abroad too."""


class Group(NamedTuple):
    """Digits that stand together at text[start:end]."""

    start: int
    end: int


def plain(text: str) -> str:
    """The text with every way to write a digit made 0 to 9; its length stays."""
    text = text.translate(_NUMERALS)
    return _MIXED.sub(_without_letters, text)


def _without_letters(found: re.Match[str]) -> str:
    letters = sum(map(str.isalpha, found[0]))
    return found[0].translate(_LIKE_DIGITS) if letters <= _MOST_LIKE else found[0]


def runs(view: str) -> Iterator[list[Group]]:
    """Groups of digits with nothing between them but what people put into a number. `view`: as
    `plain` makes it. The work grows with the length of the text alone."""
    run: list[Group] = []
    for found in _GROUP.finditer(view):
        if run and not _joins(view, run[-1].end, found.start()):
            yield run
            run = []
        run.append(Group(*found.span()))
    if run:
        yield run


def _joins(view: str, start: int, end: int) -> bool:
    return end - start <= _LONGEST_GAP and _GAP.fullmatch(view, start, end) is not None


def windows(run: Sequence[Group]) -> list[int]:
    """Where a number that begins with the first group may end: indexes of its last group, the
    longest first, none with more than LONGEST digits."""
    total, ends = 0, []
    for last, group in enumerate(run):
        total += group.end - group.start
        if total > LONGEST:
            break
        ends.append(last)
    return ends[::-1]
