"""请假 as people type it: which sentences ask for leave, and for which days. Pure: the day comes
from whoever calls."""

import re
import unicodedata
from datetime import date, timedelta

from bot.domain.absences import AHEAD, Wish

_GAP = " \t\r\n,，。:：、;；　!！"
_NEAR = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}
_WEEK = "一二三四五六日"
_WORD = rf"{'|'.join(sorted(_NEAR, key=len, reverse=True))}"
_WEEKDAY = (
    r"(?:(下)个?|这|本)?(?:周|星期|礼拜)([一二三四五六日天])"
    r"(?=$|[\s,，、。由请让托有起开到至止为—–~-])"
)
"""Not 周一鸣, who is a person."""
_DATE = r"(?:(\d{4}) ?[-/.年])? ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?[日号]?(?!\d)"
_DAY = rf"(?:({_WORD})|{_WEEKDAY}|{_DATE}"
_FIRST = re.compile(rf"(?:从|自)? ?{_DAY}) ?(起|开始)?")
_LAST = re.compile(rf"{_DAY}|(\d{{1,2}})[日号]) ?(?:为止|止)?")
_UNTIL = re.compile(r"[ ,，、]{0,3}(?:到|至|—{1,3}|–|~|-)?[ ,，、]{0,3}")
_DAYS = re.compile(r"(\d{1,3}) ?天(?!的)")
_CALLED = re.compile(r"^(?:由|请|让|托)? ?(.*?) ?(?:代办|代理|代班|代管|替我|代)?$")
_NO_NAME = re.compile(r"\d|假|上午|下午|晚上|半天|几天|月底|年底")
"""What is left over where a name should be, and is none."""

_ONE = "零一二三四五六七八九"
_COUNTED = re.compile(r"[一二两三四五六七八九十]{1,3}(?= ?[天月日号])")
_ASKED = re.compile(
    r"(?:我|本人)? ?(?:要|想|得|需要)? ?(?P<before>.*?)[ ,，]{0,3}(?:我|本人)? ?(?:要|想|得|需要)?"
    r"请 ?(?:个|(?P<count>\d{1,3} ?天))?(?:病|事|年|公)? ?假(?P<after>.*)",
    re.DOTALL,
)
_ABOUT_DAYS = re.compile(r"到|至|从|自|由|\d|下|周|星期|礼拜|" + _WORD)
_TIME = re.compile(r"天|日|号|周|月|星期|礼拜|下午|上午|几|半")
_LOOSE = 12
"""Characters around 请假 that still say nothing but 请假."""


def leave_asked(text: str, category: str | None) -> str | None:
    """The words on days and name, if somebody asks for leave: 请假三天 · 12月1日到3日请假 由李四.
    None for a sentence about somebody's leave: 请假的老师没人代课. `category`: the matter of which
    the words speak; without one a short wish that names no day is a wish all the same."""
    found = _ASKED.fullmatch(_plain(text))
    if found is None:
        return None
    before, after = found["before"].strip(_GAP), found["after"].strip(_GAP)
    words = " ".join(filter(None, (before, found["count"], after)))
    follows = not after or (_ABOUT_DAYS.match(after) and not _of_somebody(after))
    if follows and (not before or _is_days(before)):
        return words
    short = len(before) + len(after) <= _LOOSE and "的" not in before + after
    vague = not before or _TIME.search(before) is not None
    told = not after or _TIME.search(after) is not None
    return words if short and vague and told and category is None else None


def _of_somebody(after: str) -> bool:
    """请假三天的学生: the days of somebody else."""
    return re.match(r"\d{1,3}\s*天?的", after) is not None


def _is_days(before: str) -> bool:
    """Nothing but days: 明天, 12月1日到3日, 后天到周五, 12月3日起."""
    begins = _FIRST.match(before)
    if begins is None:
        return False
    rest = before[begins.end() :]
    ends = _LAST.match(rest, _end(_UNTIL, rest))
    return not rest[ends.end() if ends else 0 :].strip(_GAP)


def _plain(text: str) -> str:
    """One width of signs, one space where there are several (the patterns allow one, so that no
    text makes them try for long), and digits for the numbers of days."""
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    return _COUNTED.sub(lambda found: str(_number(found[0])), text)


def _number(word: str) -> int:
    tens, ten, ones = word.replace("两", "二").rpartition("十")
    if not ten:
        return int("".join(str(_ONE.index(sign)) for sign in ones))
    return (_ONE.index(tens) if tens else 1) * 10 + (_ONE.index(ones) if ones else 0)


def read_leave(words: str, today: date) -> Wish | None:
    """到12月3日 由李四 · 12月1日到3日 · 后天到周五 · 2026-12-01 2026-12-03 李四 · 明天起三天. One
    day alone is that day; with 到 before it, from today until then. None: no date, one that doesn't
    exist, 起 without an end, or more than days and a name."""
    wish = _read(_plain(words).strip(_GAP), today)
    return None if wish is None or _NO_NAME.search(wish.stand_in) else wish


def _read(rest: str, today: date) -> Wish | None:
    first, begins = today, None
    if rest[:1] in ("到", "至"):
        rest = rest[1:].strip(_GAP)
    elif _DAYS.match(rest) is None:
        begins = _FIRST.match(rest)
        day = _day(begins, today, today) if begins else None
        if begins is None or day is None:
            return None
        first, rest = day, rest[begins.end() :]
    if counted := _DAYS.match(rest.lstrip(_GAP)):
        last = first + timedelta(days=max(int(counted[1]), 1) - 1)
        return Wish(first, last, _name(rest.lstrip(_GAP)[counted.end() :]))
    found = _LAST.match(rest, _end(_UNTIL, rest) if begins else 0)
    if found is None:
        alone = begins is not None and begins[begins.re.groups] is None
        return Wish(first, first, _name(rest)) if alone else None
    last_day = _day(found, first, today)
    return Wish(first, last_day, _name(rest[found.end() :])) if last_day else None


def leading_day(words: str, today: date) -> date | None:
    """The day with which these words begin, as people say it: 明天, 周五, 十二月三日."""
    found = _FIRST.match(_plain(words).strip(_GAP))
    return _day(found, today, today) if found else None


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def _day(found: re.Match[str], since: date, today: date) -> date | None:
    """Without a year the nearest one: on 28 December 1月3日 is the next, on 26 November 11月20日 is
    the one that has passed. A bare day (3日) is the first such from `since` on, and so is 周五."""
    word, coming, weekday, year, month, day, more = found.groups()
    if word:
        return today + timedelta(days=_NEAR[word])
    if weekday:
        return _weekday(_WEEK.index(weekday.replace("天", "日")), since, today, coming is not None)
    if month is None:
        days = (since + timedelta(days=n) for n in range(62))
        return next((each for each in days if each.day == int(more)), None)
    for each in [int(year)] if year else [since.year, since.year + 1]:
        try:
            meant = date(each, int(month), int(day))
        except ValueError:
            continue
        if year or (since - meant).days <= AHEAD:
            return meant
    return None


def _weekday(number: int, since: date, today: date, coming: bool) -> date:
    if coming:
        return today + timedelta(days=7 - today.weekday() + number)
    return since + timedelta(days=(number - since.weekday()) % 7)


def _name(rest: str) -> str:
    named = re.sub(r"^(?:由|请|让|托)[\s,，:：]+", "", rest.strip(_GAP))
    head = re.split(r"[\s,，。;；]+", named, maxsplit=1)[0]
    found = _CALLED.match(head)
    return found[1] if found else head
