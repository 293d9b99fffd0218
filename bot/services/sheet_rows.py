"""Rows of a workbook of the office, cell by cell: what each holds, or what is wrong with it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.services.roster_files import RawRow, WrongCell
from bot.services.roster_sheets import Book
from bot.services.sheet_cells import Column, WrongValue, column_expected, parse

_NONE: Mapping[str, str] = MappingProxyType({})


def shown(cell: object) -> str:
    """A cell as it may be quoted: short, and never the object around it."""
    text = getattr(cell, "text", cell)
    return "" if text is None else str(text)[:60]


def read_row(
    book: Book, row: RawRow, wrong: list[WrongCell], topics: Mapping[str, str] = _NONE
) -> dict[str, Any]:
    """The row's values by field; wrong cells are appended to `wrong` and left out. `topics`: names
    of categories by code."""
    values: dict[str, Any] = {}
    for column in book.of(row.sheet):
        cell = row.cells.get(column.field)
        try:
            values[column.field] = parse(column, cell, topics)
        except WrongValue:
            wrong.append(wrong_cell(book, row, column, column_expected(column, cell)))
    return values


def wrong_cell(book: Book, row: RawRow, column: Column, expected: str) -> WrongCell:
    """This cell of the row, with what should stand there."""
    heading = f"{row.letters.get(column.field, '')} {column.heading}".strip()
    cell = shown(row.cells.get(column.field))
    return WrongCell(row.file, book.sheets[row.sheet], row.number, heading, cell, expected)
