"""What a cell of an office sheet may hold, and what it means."""

from datetime import date, datetime
from typing import Any

import pytest

from bot.services.roster_export import escape
from bot.services.roster_files import unescape
from bot.services.roster_sheets import COLUMNS
from bot.services.sheet_cells import Column, Formula, WrongValue, column_expected, parse, show

TOPICS = {"heating": "供热", "education": "教育"}


def column(sheet: str, field: str) -> Column:
    """The column of this name."""
    return next(c for c in COLUMNS if (c.sheet, c.field) == (sheet, field))


GOOD = [
    # dates, in every spelling that an office uses
    ("posts", "valid_from", "2026-01-02", date(2026, 1, 2)),
    ("posts", "valid_from", "2026/1/2", date(2026, 1, 2)),
    ("posts", "valid_from", "2026.1.2", date(2026, 1, 2)),
    ("posts", "valid_from", "2026年1月2日", date(2026, 1, 2)),
    ("posts", "valid_from", "２０２６年１月２日", date(2026, 1, 2)),  # typed full width
    ("posts", "valid_from", " 2026-01-02 ", date(2026, 1, 2)),
    ("posts", "valid_from", datetime(2026, 1, 2), date(2026, 1, 2)),  # noqa: DTZ001 - from Excel
    ("posts", "valid_from", 20260102, date(2026, 1, 2)),
    ("posts", "valid_from", None, None),
    # phones, as text or as the number that Excel made of them
    ("people", "phone", "000-0000-0001", "000-0000-0001"),
    ("people", "phone", 13800000000, "13800000000"),
    ("people", "phone", 13800000000.0, "13800000000"),
    ("people", "phone", "+86 138 0000 0000", "+86 138 0000 0000"),
    ("people", "phone", "（0471）0000000", "(0471)0000000"),
    ("people", "phone", "0471-0000000转802、13800000000", "0471-0000000转802、13800000000"),
    ("people", "phone", None, ""),
    # codes
    ("people", "code", "M001", "M001"),
    ("people", "code", 127, "127"),
    ("people", "code", "Ｓ００１", "S001"),
    # texts
    ("people", "name", " 王板凳\n", "王板凳"),
    ("people", "name", "乌云·其其格", "乌云·其其格"),
    ("people", "sector", None, None),
    ("stations", "address", "一楼\n东门", "一楼 东门"),  # Alt+Enter in a cell
    ("stations", "address", "", ""),
    # words from a list
    ("posts", "role", "第一召集人", "first_convener"),
    ("people", "membership", None, ""),
    ("people", "represents", "是", True),
    ("people", "represents", None, False),
    ("stations", "topics", "供热、教育", ("heating", "education")),
    ("stations", "topics", "供热,供热 education", ("heating", "education")),
    ("stations", "topics", None, ()),
]

BAD = [
    ("posts", "valid_from", "2026-02-30"),  # no such day
    ("posts", "valid_from", "明年"),
    ("posts", "valid_from", 46024),  # a bare serial number may be anything
    ("posts", "valid_from", datetime(2026, 1, 2, 9)),  # noqa: DTZ001 - a time of day
    ("posts", "valid_from", "2026-1/2"),
    ("posts", "valid_from", True),
    ("people", "phone", "1.38E+10"),  # digits were lost on the way through a csv
    ("people", "phone", 1.5),
    ("people", "phone", "没有"),
    ("people", "phone", "123"),
    ("people", "phone", "0000000"),  # no area code
    ("people", "phone", "1380000000"),
    ("people", "phone", "0471-0000000转" + "9" * 6),
    ("people", "name", "<b>王板凳</b>"),
    ("people", "phone", "9" * 41),
    ("people", "code", None),
    ("people", "code", "S001:member"),  # a colon parts station and role
    ("people", "code", "甲"),
    ("people", "code", "M" * 41),
    ("people", "name", "   "),
    ("people", "name", "王" * 41),
    ("people", "name", "王\x00板凳"),
    ("people", "name", Formula("=A1")),
    ("people", "name", datetime(2026, 1, 2)),  # noqa: DTZ001
    ("posts", "role", "皇帝"),
    ("posts", "role", None),
    ("people", "represents", "也许"),
    ("stations", "topics", "供热、天气"),
    ("stations", "mode", "street"),
]


@pytest.mark.parametrize(("sheet", "field", "cell", "value"), GOOD)
def test_a_cell_is_read(sheet: str, field: str, cell: object, value: Any) -> None:
    """Each spelling stands for one value."""
    assert parse(column(sheet, field), cell, TOPICS) == value


@pytest.mark.parametrize(("sheet", "field", "cell"), BAD)
def test_a_wrong_cell_is_refused_and_says_what_is_expected(
    sheet: str, field: str, cell: object
) -> None:
    """Nothing is guessed, and the expectation is in Chinese."""
    with pytest.raises(WrongValue):
        parse(column(sheet, field), cell, TOPICS)
    assert any(
        "\u4e00" <= letter <= "\u9fff" for letter in column_expected(column(sheet, field), cell)
    )


@pytest.mark.parametrize(("sheet", "field", "cell", "value"), GOOD)
def test_what_is_shown_is_read_back(sheet: str, field: str, cell: object, value: Any) -> None:
    """A value goes out and comes in unchanged."""
    shown = show(column(sheet, field), value, TOPICS)
    assert parse(column(sheet, field), unescape(escape(shown)), TOPICS) == value


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1", "'-1"),
        ("@name", "'@name"),
        ("'=1", "''=1"),  # already escaped by hand
        ("'", "'"),
        ("", ""),
        ("王板凳", "王板凳"),
    ],
)
def test_no_exported_cell_starts_a_formula(text: str, written: str) -> None:
    """The escape is undone on the way in."""
    assert escape(text) == written
    assert unescape(written) == text


def test_a_required_cell_says_that_it_is_required() -> None:
    """An empty one and a formula each get their own hint."""
    name = column("people", "name")
    assert column_expected(name, "").startswith("必填")
    assert "公式" in column_expected(name, Formula("=A1"))
