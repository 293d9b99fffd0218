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
_MIXED = re.compile(r"[0-9oil](?:[ \-]?[0-9oil]){6,29}")
_MOST_LIKE = 3
"""One letter more, for each so many digits, makes it a word."""
_BY_RADIO = re.compile(
    r"(?<![什怎那这多要])么(?=[0-9么拐洞勾])|(?<=[0-9])[么拐洞勾]|[拐洞勾](?=[0-9么拐洞勾])"
)
_RADIO = {"么": "1", "拐": "7", "洞": "0", "勾": "9"}
"""How numbers are read out over a radio, as whoever served says them."""
_GROUP = re.compile("[0-9]+")
_GAP = re.compile(
    r"(?:[^\w:：%]|[_丨]|(?:然后|再来?|接着|开头|再?后[面边头]|最后|末尾|后[三四五六]位|嗯|呃|那个|中间)是?"
    r"|空格|横杠|杠|减号?|点|加){1,5}"
)
"""Signs of any kind, pictures too, and what is said between two breaths."""
_LONGEST_GAP = 8
LONGEST = 24
"""Digits that one number has at most, its prefix for abroad too."""


class Group(NamedTuple):
    """Digits that stand together at text[start:end]."""

    start: int
    end: int


def plain(text: str) -> str:
    """The text with every way to write a digit made 0 to 9; its length stays."""
    text = text.translate(_NUMERALS)
    if not _RADIO.keys().isdisjoint(text):
        text = _BY_RADIO.sub(lambda found: _RADIO[found[0]], text)
    return _MIXED.sub(_without_letters, text)


def _without_letters(found: re.Match[str]) -> str:
    letters = sum(map(str.isalpha, found[0]))
    like = letters <= _MOST_LIKE or 2 * letters <= sum(map(str.isdigit, found[0]))
    return found[0].translate(_LIKE_DIGITS) if like else found[0]


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
