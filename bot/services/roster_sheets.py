"""The sheets of a roster file: ONE table says what every column holds and expects."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.domain.roster import DAY_PLANS, MEMBERSHIPS, MODES, ROLES, STATUSES, UNIT_KINDS

SHEETS: Mapping[str, str] = {
    "units": "机构",
    "stations": "工作站",
    "people": "人员",
    "posts": "职务",
    "days": "放假调休",
}
"""Kinds of rows, and what their sheets are called."""

GUIDE_SHEET = "说明"
"""Explains the others in the template; ignored when a file is read."""

FIRST_YEAR, LAST_YEAR = 1949, 2099
"""A date of a roster lies between them; another one is mistyped."""

DATE_EXPECTED = "日期，如 2026-01-02 或 2026年1月2日"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula where a value should be."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one sheet. `kind`: code, text, name, phone, date, yes_no, choice or topics."""

    sheet: str
    field: str
    heading: str
    kind: str
    required: bool
    expected: str
    longest: int = 40
    choices: Mapping[str, str] | None = None
    """Value in the database → word in the sheet (kind choice)."""


def _choice(sheet: str, field: str, heading: str, words: Mapping[str, str], need: bool) -> Column:
    expected = "下列之一：" + "、".join(words.values())
    return Column(sheet, field, heading, "choice", need, expected=expected, choices=words)


def _dates(sheet: str) -> tuple[Column, Column]:
    return (
        Column(sheet, "valid_from", "起始日期", "date", False, expected=DATE_EXPECTED),
        Column(sheet, "valid_to", "结束日期", "date", False, expected=DATE_EXPECTED),
    )


SECTOR_EXPECTED = "机构表中一个界别或民主党派的名称"
_PHONE = "电话号码，如 0471-0000000，手机 11 位"
_NAME = "名称，不超过 120 字"
_CODE = "代码：字母、数字或 - _ .，不超过 40 个，如 "

COLUMNS: tuple[Column, ...] = (
    Column("units", "code", "机构代码", "code", True, expected=_CODE + "OFFICE"),
    _choice("units", "kind", "机构类型", UNIT_KINDS, True),
    Column("units", "name", "机构名称", "text", True, expected=_NAME, longest=120),
    Column("units", "parent", "上级机构代码", "code", False, expected="一个已有的机构代码"),
    *_dates("units"),
    Column("stations", "code", "工作站代码", "code", True, expected=_CODE + "S001"),
    Column("stations", "name", "工作站名称", "text", True, expected=_NAME, longest=120),
    _choice("stations", "mode", "模式", MODES, True),
    Column("stations", "parent", "上级机构代码", "code", False, expected="一个已有的机构代码"),
    Column("stations", "district", "旗县区", "text", False, expected="旗县区全称，如 赛罕区"),
    Column("stations", "street", "街道乡镇", "text", False, expected="街道乡镇全称", longest=60),
    Column("stations", "sector", "界别", "text", False, expected=SECTOR_EXPECTED),
    Column("stations", "topics", "领域", "topics", False, expected="诉求类别，如 供热、教育"),
    Column("stations", "address", "地址", "text", False, expected="不超过 200 字", longest=200),
    Column("stations", "hours", "开放时间", "text", False, expected="不超过 100 字", longest=100),
    Column("stations", "phone", "电话", "phone", False, expected=_PHONE),
    _choice("stations", "status", "状态", STATUSES, True),
    *_dates("stations"),
    Column("people", "code", "人员编号", "code", True, expected=_CODE + "M001"),
    Column("people", "name", "姓名", "name", True, expected="姓名，不超过 40 字，不带尖括号"),
    Column("people", "phone", "电话", "phone", False, expected=_PHONE),
    _choice("people", "membership", "委员身份", MEMBERSHIPS, False),
    Column("people", "sector", "界别", "text", False, expected=SECTOR_EXPECTED),
    Column("people", "represents", "界别群众代表", "yes_no", False, expected="是 或 否"),
    Column("people", "contact", "联系委员编号", "code", False, expected="一位委员的人员编号"),
    Column("posts", "person", "人员编号", "code", True, expected="一个已有的人员编号"),
    Column("posts", "unit", "机构代码", "code", True, expected="一个已有的机构或工作站代码"),
    _choice("posts", "role", "职务", ROLES, True),
    *_dates("posts"),
    Column("days", "day", "日期", "date", True, expected=DATE_EXPECTED),
    _choice("days", "plan", "安排", DAY_PLANS, True),
    Column("days", "note", "说明", "text", False, expected="不超过 40 字，如 春节放假"),
)  # fmt: skip
"""Every column, in the order of the sheets."""


@dataclass(frozen=True, slots=True)
class Book:
    """A kind of workbook: its sheets' names by key, and all their columns in order."""

    sheets: Mapping[str, str]
    columns: tuple[Column, ...]

    def of(self, sheet: str) -> tuple[Column, ...]:
        """The columns of a sheet."""
        return tuple(column for column in self.columns if column.sheet == sheet)


ROSTER = Book(SHEETS, COLUMNS)


def columns_of(sheet: str) -> tuple[Column, ...]:
    """The columns of a sheet (units, stations, people or posts)."""
    return tuple(column for column in COLUMNS if column.sheet == sheet)


class WrongValue(ValueError):
    """The cell does not hold what its column expects."""


def parse(column: Column, cell: object, topics: Mapping[str, str]) -> Any:
    """The value that a cell stands for. Raises WrongValue; `column_expected` tells the office why.

    `topics`: names of categories by code.
    """
    try:
        return _value(column, cell, topics)
    except (ValueError, KeyError) as error:  # KeyError: not one of the words of a list
        raise WrongValue(column.heading) from error


def _value(column: Column, cell: object, topics: Mapping[str, str]) -> Any:
    if isinstance(cell, Formula):
        raise ValueError("formula")
    if column.kind == "date":
        day = _date(cell)
        if day is None and column.required:
            raise ValueError("empty")
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError("a year mistyped")
        return day
    text = _text(cell)
    if not text:
        if column.required:
            raise ValueError("empty")
        return EMPTY.get((column.sheet, column.field), "" if column.kind == "phone" else None)
    value = _READERS[column.kind](column, text, topics)
    if isinstance(value, str) and len(value) > column.longest:
        raise ValueError("too long")
    return value


def show(column: Column, value: Any, topics: Mapping[str, str]) -> str:
    """The cell for a value: what `parse` reads back to the same."""
    if value is None:
        return ""
    if column.kind == "choice":
        return (column.choices or {}).get(value, value)
    if column.kind == "topics":
        return "、".join(topics.get(code, code) for code in value)
    if column.kind == "yes_no":
        return "是" if value else "否"
    return str(value)


def column_expected(column: Column, cell: object) -> str:
    """What should have been there, as an office reads it."""
    if isinstance(cell, Formula):
        return "直接填写的内容，不要用公式；" + column.expected
    if column.required and not _text_or_none(cell):
        return "必填：" + column.expected
    return column.expected


EMPTY: Mapping[tuple[str, str], Any] = {
    ("stations", "topics"): (),
    ("stations", "address"): "",
    ("stations", "hours"): "",
    ("people", "membership"): "",
    ("people", "represents"): False,
}
"""What an empty cell means where it does not mean "none"."""


def _text(cell: object) -> str:
    """Whole numbers lose their ".0": Excel keeps phones and codes as numbers."""
    if cell is None:
        return ""
    if isinstance(cell, bool | datetime | date | time):
        raise ValueError("not a text")
    if isinstance(cell, float):
        if not cell.is_integer():
            raise ValueError("a broken number")
        cell = int(cell)
    text = re.sub(r"\s*[\r\n\t]+\s*", " ", str(cell)).strip()
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        raise ValueError("control characters")
    return text


def _text_or_none(cell: object) -> str | None:
    try:
        return _text(cell)
    except ValueError:
        return "?"


def _date(cell: object) -> date | None:
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise ValueError("a time of day")
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = unicodedata.normalize("NFKC", _text(cell)).replace(" ", "")
    if not text:
        return None
    for pattern in (r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", r"(\d{4})(年)(\d{1,2})月(\d{1,2})日?"):
        if found := re.fullmatch(pattern, text):
            year, _, month, day = found.groups()
            return date(int(year), int(month), int(day))
    if re.fullmatch(r"(19|20)\d{6}", text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    raise ValueError("no date")


def _code(_column: Column, text: str, _topics: Mapping[str, str]) -> str:
    # ":" is not allowed: it parts the station from the role in S001:first_convener.
    code = unicodedata.normalize("NFKC", text)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", code):
        raise ValueError("no code")
    return code


def _plain(_column: Column, text: str, _topics: Mapping[str, str]) -> str:
    return text


def _phone(_column: Column, text: str, _topics: Mapping[str, str]) -> str:
    """One number or several: mobiles of 11 digits, landlines with their area code (000 of invented
    people rings nowhere), 400 and 800; also with +86 and an extension."""
    phone = unicodedata.normalize("NFKC", text)
    for each in re.split(r"[,;/、]", phone):
        number, _, extension = each.partition("转")
        digits = re.sub(r"[-\s()]", "", number)
        if extension and not re.fullmatch(r"\s?\d{1,5}\s?", extension, re.ASCII):
            raise ValueError("no extension")
        if not _DIALLED.fullmatch(digits):
            raise ValueError("no phone")
    return phone


_DIALLED = re.compile(
    r"(?:\+?86|0086)?1[3-9]\d{9}|(?:\+86|0086)[1-9]\d{9,10}|0\d{10,11}|[48]00\d{7}", re.ASCII
)


def _name(_column: Column, text: str, _topics: Mapping[str, str]) -> str:
    """No signs of which pages are made: they come from a paste that went wrong."""
    if set("<>") & set(text):
        raise ValueError("no name")
    return text


def _yes_no(_column: Column, text: str, _topics: Mapping[str, str]) -> bool:
    return {"是": True, "否": False}[text]


def _choose(column: Column, text: str, _topics: Mapping[str, str]) -> str:
    words = {word: value for value, word in (column.choices or {}).items()}
    return words[text]


def _topic_list(_column: Column, text: str, topics: Mapping[str, str]) -> tuple[str, ...]:
    codes = {name: code for code, name in topics.items()} | {code: code for code in topics}
    names = [name for name in re.split(r"[、,，;；\s]+", text) if name]
    return tuple(dict.fromkeys(codes[name] for name in names))


_Reader = Callable[[Column, str, Mapping[str, str]], Any]
_READERS: Mapping[str, _Reader] = {
    "code": _code,
    "text": _plain,
    "name": _name,
    "phone": _phone,
    "yes_no": _yes_no,
    "choice": _choose,
    "topics": _topic_list,
}
"""Readers of one kind of value each."""
