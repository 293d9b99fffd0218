"""Rows of a workbook of the office, cell by cell: what each holds, or what is wrong with it."""

from typing import Any

from bot.services.roster_checks import shown
from bot.services.roster_files import RawRow, WrongCell
from bot.services.roster_sheets import Book
from bot.services.sheet_cells import Column, WrongValue, column_expected, parse


def read_row(book: Book, row: RawRow, wrong: list[WrongCell]) -> dict[str, Any]:
    """The row's values by field; wrong cells are appended to `wrong` and left out."""
    values: dict[str, Any] = {}
    for column in book.of(row.sheet):
        cell = row.cells.get(column.field)
        try:
            values[column.field] = parse(column, cell, {})
        except WrongValue:
            wrong.append(wrong_cell(book, row, column, column_expected(column, cell)))
    return values


def wrong_cell(book: Book, row: RawRow, column: Column, expected: str) -> WrongCell:
    """This cell of the row, with what should stand there."""
    heading = f"{row.letters.get(column.field, '')} {column.heading}".strip()
    cell = shown(row.cells.get(column.field))
    return WrongCell(row.file, book.sheets[row.sheet], row.number, heading, cell, expected)
