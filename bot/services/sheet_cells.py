"""What a cell of an office sheet may hold, what it means, and how a value is shown in one."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

FIRST_YEAR, LAST_YEAR = 1949, 2099
"""A date of a sheet lies between them; another one is mistyped."""


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
    for pattern in (
        r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})",
        r"(\d{4})(年)(\d{1,2})月(\d{1,2})[日号]?",
    ):
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
