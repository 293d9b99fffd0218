"""Phone, identity, card and account numbers in any spelling, for `bot.nlp.pii`.

The patterns of pii.json know the usual spellings; this finds the same numbers spaced at will,
spoken ("幺三八零四七一…"), mistyped behind a word that names them, or without their area code.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from bot.domain.understanding import PersonalData
from bot.nlp.digits import LONGEST, Group, plain, runs, windows

_MOBILE = re.compile(r"(?:0{0,2}86)?1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:(?:0{0,2}86)?0(?:10|2[0-9]|[3-9][0-9]{2})|0{0,2}86471)[2-9][0-9]{6,7}")
_ID18 = re.compile(
    r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9x]?"
)
_ID15 = re.compile(r"[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}")
_CARD = re.compile(r"(?:62|4|5[1-5]|9558|3[57])[0-9]{13,17}")
_ANY = re.compile("|".join(one.pattern for one in (_ID18, _CARD, _ID15, _MOBILE, _LANDLINE)))
_SHORTEST = 4
"""Digits of the shortest number that is anybody's own, the last of a longer one."""
_CHECK = re.compile(r"[\s.\-]{0,2}[x×叉]")
"""The last sign of an identity number, however far off it stands."""

_BEFORE = 18
"""Characters before a number in which the word that names it may stand."""
_GLUE = (
    r"(?:号码?|邮箱|找我|加我|到|家里?|单位|村里|店里|固定|就?是|为|填|写|这个|我的|他的|她的|的|后面"
    r"|[\s:：,，=(（\"“\-]){0,4}"
)
_AFAR = "[^0-9]{0,8}"
"""Behind these words a long number can hardly be anything else."""
_CUES: tuple[tuple[str, re.Pattern[str], int, int], ...] = tuple(
    (kind, re.compile(rf"(?:{words}){glue}$"), least, most)
    for kind, words, glue, least, most in (
        ("id18", "身份证|身分证|证件|身份号|残疾人?证|老年证|证号", _AFAR, 13, 20),
        (
            "bankcard",
            "银行|储蓄卡|工资卡|信用卡|社保卡|卡号|卡里|账号|帐号|账户|帐户|存折|工行|农行|建行|中行",
            _AFAR, 11, 22,
        ),
        (
            "number",
            "住院号|病案号|病历号|门诊号|就诊号|考号|准考证|学号|社保号|医保号|户号|序号|学籍号|imei"
            "|权第|字第|(?<!工单)(?<!受理)(?<!诉求)(?<!投诉)编号[a-z]?",
            _GLUE, 6, 20,
        ),
        ("number", "后[四五六]位", _GLUE, 4, 6),
        ("qq", "qq|(?<![a-z])q(?=[:：])|扣扣|企鹅|口口号|q号|q群", _GLUE, 5, 12),
        ("wechat", "微信|威信|薇信|v信|vx|wx|weixin", _GLUE, 5, 12),
        (
            "number",
            "手机|电话|联系方式|联系我|座机|固话|号码|打给我|拨打|致电|拨|tel|phone|call|mobile",
            _GLUE, 9, 13,
        ),
        ("landline", "电话|座机|固话|号码|联系方式|打|拨|tel|phone|call|0?471", _GLUE, 7, 8),
    )
)  # fmt: skip
_NOBODYS = re.compile(r"(?:400|800)[0-9]{7}|9[56][0-9]{3,6}")
"""Numbers to call that belong to nobody: 400 lines, banks, companies."""
_HOTLINE = re.compile(r"1(?:1[0-9]|2[0-2])|12[0-9]{3}|1[01]0[0-9]{2}|9[56][0-9]{3}")


_LOCAL = re.compile("[2-8][0-9]{6}")
_LOCAL_CUTS = ((7,), (4, 3), (3, 4), (3, 2, 2))
_NUMBERED = re.compile(
    r"(?:[单编户表证案序学工房票批型文].{0,2}号码?|第|no\.?|[￥¥a-z0-9.\-/])[\s:：是为#]{0,3}$"
)
"""Ends in what gives a number to a thing."""
_COUNTED = re.compile(
    r"\s?(?:[元块万亿吨度米个人户只头亩斤方份张件次年月日天路号栋楼平立多余%a-z]|[.,:：/-]?[0-9]|公里)"
)

_TIMES = re.compile(r"(?:[0-9]个[0-9]|[0-9])(?:(?:[^\w]|_){0,2}(?:[0-9]个[0-9]|[0-9])){2,24}")
"""Digits, some of them told by how often they come: 三个八."""


def find(text: str) -> Iterator[PersonalData]:
    """Numbers in a folded text; those of `bot/data/pii.json` may be among them."""
    view = plain(text)
    if "个" in view:
        yield from _by_times(view)
    for run in runs(view):
        at = 0
        while at < len(run):
            found = _longest(text, view, run[at : at + LONGEST])
            if found is None:
                at += 1
                continue
            last, one = found
            yield one
            at += last + 1


def _by_times(view: str) -> Iterator[PersonalData]:
    for found in _TIMES.finditer(view):
        if "个" in found[0]:
            told = re.sub(r"([0-9])个([0-9])", lambda m: m[2] * int(m[1]), found[0])
            if _MOBILE.fullmatch(re.sub("[^0-9]", "", told)):
                yield PersonalData("spelled", *found.span())


def _longest(text: str, view: str, run: Sequence[Group]) -> tuple[int, PersonalData] | None:
    ends = windows(run)
    digits = "".join([view[start:end] for start, end in run[: ends[0] + 1]]) if ends else ""
    if len(digits) < _SHORTEST:
        return None
    numbers = _ends(run, ends, digits)
    before = text[max(0, run[0].start - _BEFORE) : run[0].start]
    for kinds in (_by_shape, _by_cue(before)):
        for last, number in numbers:
            kind = kinds(number, run[: last + 1], view)
            if kind is not None:
                end = _with_check(view, run[last].end) if kind == "id18" else run[last].end
                return last, PersonalData(kind, run[0].start, end)
    return None


def _ends(run: Sequence[Group], ends: Sequence[int], digits: str) -> list[tuple[int, str]]:
    """Each number that may end there, the longest first, by its last group."""
    numbers, length = [], len(digits)
    for last in ends:
        numbers.append((last, digits[:length]))
        length -= run[last].end - run[last].start
    return [(last, number) for last, number in numbers if len(number) >= _SHORTEST]


def _by_shape(number: str, groups: Sequence[Group], view: str) -> str | None:
    """What a number is by its digits alone."""
    if not _ANY.fullmatch(number):
        return "landline" if _is_local(number, groups, view) else None
    if _ID18.fullmatch(number) and (len(number) == 18 or _CHECK.match(view, groups[-1].end)):
        return "id18"
    if _CARD.fullmatch(number) and _is_card(number, groups):
        return "bankcard"
    if _ID15.fullmatch(number) and _looks_meant(groups, view):
        return "id15"
    if _MOBILE.fullmatch(number) and _looks_meant(groups, view):
        return "mobile"
    if _LANDLINE.fullmatch(number) and _looks_meant(groups, view):
        return "landline"
    return None


def _by_cue(before: str) -> Callable[[str, Sequence[Group], str], str | None]:
    """What a number is by the word before it."""
    named = [cue for cue in _CUES if cue[1].search(before)] if before else []

    def kind(number: str, groups: Sequence[Group], view: str) -> str | None:
        first = view[groups[0].start : groups[0].end]
        if _NOBODYS.fullmatch(number) or (len(groups) > 1 and _HOTLINE.fullmatch(first)):
            return None
        return next((one for one, _, least, most in named if least <= len(number) <= most), None)

    return kind


def _looks_meant(groups: Sequence[Group], view: str) -> bool:
    """Numbers of a list, "15、16、17", are no phone number: only some ways to cut one are usual."""
    sizes = [group.end - group.start for group in groups]
    between = "".join(view[a.end : b.start] for a, b in pairwise(groups))
    if set(sizes) == {1} or len(sizes) == 1:
        return True
    if re.search(r"[、,，;；/~.]", between):
        return len(sizes) <= 4 and min(sizes[1:]) >= 3
    return len(sizes) <= 7


def _is_local(number: str, groups: Sequence[Group], view: str) -> bool:
    """Seven digits without area code, as people cut them, that nothing counts or numbers."""
    sizes = tuple(group.end - group.start for group in groups)
    if not _LOCAL.fullmatch(number) or (sizes not in _LOCAL_CUTS and set(sizes) != {1}):
        return False
    between = "".join(view[a.end : b.start] for a, b in pairwise(groups))
    if between.strip(" -　"):
        return False
    before = view[max(0, groups[0].start - _BEFORE) : groups[0].start]
    return not (_NUMBERED.search(before) or _COUNTED.match(view, groups[-1].end))


def _is_card(number: str, groups: Sequence[Group]) -> bool:
    """62 is the prefix of every UnionPay card: mistyped ones are covered too."""
    in_fours = all(group.end - group.start == 4 for group in groups[:-1])
    return in_fours or number.startswith("62") or luhn(number)


def _with_check(view: str, end: int) -> int:
    found = _CHECK.match(view, end)
    return found.end() if found else end


def luhn(number: str) -> bool:
    """Whether the last digit is the check digit of a card (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        double = int(digit) * (1 + place % 2)
        total += double - 9 if double > 9 else double
    return total % 10 == 0
