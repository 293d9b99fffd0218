"""请假: what is typed as days and a name, what is wrong with days, and who stands in."""

from datetime import date

import pytest

from bot.domain.absences import LONGEST, Seat, Wish, fault, named, stand_in
from bot.domain.dialog import Command, Leave
from bot.domain.leave_words import read_leave
from bot.domain.verbs import read_act

TODAY = date(2026, 11, 26)


def day(text: str) -> date:
    """12-03 of the winter that begins, or a whole date."""
    year = "" if len(text) > 5 else "2027-" if text < "06" else "2026-"
    return date.fromisoformat(year + text)


@pytest.mark.parametrize(
    ("words", "first", "last", "who"),
    [
        # until a day, from today on
        ("到12月3日", "11-26", "12-03", ""),
        ("到12月3日 由牛茶壶", "11-26", "12-03", "牛茶壶"),
        ("到12月3日 由 牛茶壶", "11-26", "12-03", "牛茶壶"),
        ("到12月3日，请 牛茶壶 代", "11-26", "12-03", "牛茶壶"),
        ("到12月3日由牛茶壶代办", "11-26", "12-03", "牛茶壶"),
        ("到 12-3，牛茶壶代", "11-26", "12-03", "牛茶壶"),
        # two days
        ("12月1日到12月3日 牛茶壶", "12-01", "12-03", "牛茶壶"),
        ("12月1日到3日", "12-01", "12-03", ""),
        ("2026-12-01 2026-12-03", "12-01", "12-03", ""),
        ("从12月1日起到12月3日止，由第二召集人代办", "12-01", "12-03", "第二召集人"),
        ("明天到后天 由李四，家里有事", "11-27", "11-28", "李四"),
        # one day; days counted from today
        ("明天", "11-27", "11-27", ""),
        ("3天 由李四", "11-26", "11-28", "李四"),
        ("三天", "11-26", "11-28", ""),
        ("十天", "11-26", "12-05", ""),
        ("明天起 两天", "11-27", "11-28", ""),
        # days of the week, and numbers in words; today is a Thursday
        ("后天到周五", "11-28", "12-04", ""),
        ("明天到下周三 由李四", "11-27", "12-02", "李四"),
        ("周五", "11-27", "11-27", ""),
        ("下周一到下周五", "11-30", "12-04", ""),
        ("十二月三日", "12-03", "12-03", ""),
        ("十二月一日到十五日", "12-01", "12-15", ""),
        ("明天 周一鸣", "11-27", "11-27", "周一鸣"),
        # the year that is meant: the nearest
        ("12月28日到1月3日", "12-28", "01-03", ""),
        ("到3日", "11-26", "12-03", ""),
        ("到11月20日", "11-26", "2026-11-20", ""),
        ("12月5日到12月1日", "12-05", "12-01", ""),
    ],
)
def test_days_and_a_name(words: str, first: str, last: str, who: str) -> None:
    """As people write it; what makes no sense as days is found after."""
    assert read_leave(words, TODAY) == Wish(day(first), day(last), who)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "有事",
        "到明年",
        "2月30日",
        "到2月30日",
        "由牛茶壶",
        "0000-01-01",
        "12月3日起",
        "下个月",
        "明天下午",
        "半天",
    ],
)
def test_no_days(words: str) -> None:
    """No date, or one that doesn't exist."""
    assert read_leave(words, TODAY) is None


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("请假", Leave("")),
        ("请假到12月3日 由牛茶壶", Leave("到12月3日 由牛茶壶")),
        ("我要请假 12月1日到3日", Leave("12月1日到3日")),
        ("请假：明天", Leave("明天")),
        # as it is said
        ("请假三天", Leave("3天")),
        ("请3天假 由李四", Leave("3天 由李四")),
        ("明天请假", Leave("明天")),
        ("我明天请假", Leave("明天")),
        ("明天我想请假，由李四代", Leave("明天 由李四代")),
        ("后天到周五请假", Leave("后天到周五")),
        ("十二月三日起请假", Leave("12月3日起")),
        ("12月1日到3日请假", Leave("12月1日到3日")),
        ("明天起请假三天", Leave("明天起 3天")),
        ("请 假", Leave("")),
        ("我请假", Leave("")),
        ("我想请个假", Leave("")),
        # a wish that names no day: what to write is said
        ("下个月要请假", Leave("下个月")),
        ("请假半天", Leave("半天")),
        ("我明天下午请假", Leave("明天下午")),
        ("销假", Command("back")),
        ("我回来了。", Command("back")),
        # a matter of its own
        ("请假的老师没人代课，孩子没学上", None),
        ("请假条在哪里开", None),
        ("请假三天的学生没人管", None),
        ("老师请假没人上课", None),
        ("孩子明天请假要不要交钱", None),
    ],
)
def test_what_is_leave(text: str, act: object) -> None:
    """Days or a name follow; a sentence about somebody's leave is none."""
    assert read_act(text, None, ()) == act


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        ("11-26", "11-26", None),
        ("11-20", "11-26", None),  # began before, and runs
        ("11-26", "01-24", None),  # the 60th day
        ("11-26", "01-25", "long"),
        ("12-05", "12-01", "backwards"),
        ("11-20", "11-25", "past"),
        ("2027-06-01", "2027-06-02", "far"),
    ],
)
def test_what_is_wrong_with_days(first: str, last: str, wrong: str | None) -> None:
    """Each fault has a name, by which the sentence is found."""
    assert fault(day(first), day(last), TODAY) == wrong
    assert LONGEST == 60


FIRST = Seat(1, 11, "马板凳", "first_convener", True)
SECOND = Seat(2, 12, "牛茶壶", "second_convener", True)
HEAD = Seat(3, 13, "羊小桌", "station_head", True)
MEMBER = Seat(4, 14, "鸡毛毯", "member", True)
DEAF = Seat(5, 15, "鸭脚凳", "second_convener", False)
ALSO_FIRST = Seat(6, 11, "马板凳", "station_head", True)


@pytest.mark.parametrize(
    ("absent", "wanted", "seats", "away", "found"),
    [
        # who was named
        (FIRST, 4, [FIRST, SECOND, HEAD, MEMBER], {1}, MEMBER),
        # nobody was: by rule
        (FIRST, None, [FIRST, SECOND, HEAD, MEMBER], {1}, SECOND),
        (SECOND, None, [FIRST, SECOND, HEAD], {2}, HEAD),
        (MEMBER, None, [FIRST, MEMBER], {4}, FIRST),
        # who was named is away as well, or left: by rule, no chain
        (FIRST, 4, [FIRST, SECOND, MEMBER], {1, 4}, SECOND),
        (FIRST, 9, [FIRST, SECOND, MEMBER], {1}, SECOND),
        # the next by rule, where the first is away or has no phone
        (FIRST, None, [FIRST, SECOND, HEAD], {1, 2}, HEAD),
        (FIRST, None, [FIRST, DEAF, HEAD], {1}, HEAD),
        (FIRST, None, [FIRST, DEAF], {1}, DEAF),
        # nobody: a member is not asked by rule, nor is one's other post
        (FIRST, None, [FIRST, MEMBER], {1}, None),
        (FIRST, None, [FIRST, ALSO_FIRST], {1}, None),
    ],
)
def test_who_stands_in(
    absent: Seat, wanted: int | None, seats: list[Seat], away: set[int], found: Seat | None
) -> None:
    """The named one, else the next of those in charge who is there and can be reached."""
    assert stand_in(absent, wanted, seats, away) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("牛茶壶", [SECOND]),
        ("第二召集人", [SECOND]),
        ("牛茶壶（第二召集人）", [SECOND]),
        ("牛", []),
        ("马板凳", [FIRST, ALSO_FIRST]),
    ],
)
def test_who_is_meant(name: str, found: list[Seat]) -> None:
    """A whole name, a role, or both; never a part of a name."""
    assert named([FIRST, SECOND, HEAD, ALSO_FIRST], name) == found
