"""Write the roster, or an empty template, for the office: a workbook, or a folder of csv files."""

import csv
import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.domain.roster import Roster
from bot.services.ports import Deps
from bot.services.roster_import import load_vocabulary
from bot.services.roster_sheets import COLUMNS, GUIDE_SHEET, SHEETS, columns_of
from bot.services.sheet_cells import show
from bot.store import roster as store

TEMPLATE_ROWS = 2000
"""Rows of the template that are prepared for typing."""


def export_roster(deps: Deps, target: Path, said: str = "") -> dict[str, int]:
    """Write the whole roster to `target`: an .xlsx file, or a folder for one csv a sheet. `said`:
    who took it and why, on a sheet of its own that an import passes over.

    Returns the number of rows by sheet. OSError when it can't be written, FileExistsError when
    something lies there: what the office has typed into an earlier one is never written over.
    """
    _refuse_to_overwrite(target)
    with deps.database.read() as session:
        roster, topics = store.load(session), load_vocabulary(session).topics
    tables = {sheet: list(_table(roster, sheet, topics)) for sheet in SHEETS}
    if target.suffix.lower() == ".xlsx":
        book = _workbook(tables)
        if said:
            book.create_sheet(GUIDE_SHEET).append([escape(said)])
        _save_workbook(book, target)
    else:
        _save_folder(tables, target)
    return {SHEETS[sheet]: len(table) for sheet, table in tables.items()}


def write_template(target: Path) -> None:
    """Write an empty workbook with the headings, the expected contents, and lists to pick from.

    FileExistsError: what the office typed into an earlier one is never written over.
    """
    _refuse_to_overwrite(target)
    book = _workbook({sheet: [] for sheet in SHEETS})
    for sheet in SHEETS:
        _prepare_for_typing(book[SHEETS[sheet]], sheet)
    guide = book.create_sheet(GUIDE_SHEET, 0)
    guide.append(["工作表", "列", "必填", "应填内容"])
    for column in COLUMNS:
        need = "是" if column.required else "否"
        guide.append([SHEETS[column.sheet], column.heading, need, column.expected])
    guide.append([])
    guide.append(
        ["按代码更新：已有的代码会被改写，文件里没有的行保持不变。请不要合并单元格或写公式。"]
    )
    for letter, width in zip("ABCD", (12, 18, 8, 90), strict=True):
        guide.column_dimensions[letter].width = width
    _head(guide)
    _save_workbook(book, target)


def _refuse_to_overwrite(target: Path) -> None:
    folder = target.suffix.lower() != ".xlsx"
    there = [target / f"{SHEETS[sheet]}.csv" for sheet in SHEETS] if folder else [target]
    if any(path.exists() for path in there):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def escape(text: str) -> str:
    """Keep a cell from starting a formula where it is opened next; the import undoes it."""
    return f"'{text}" if text.lstrip("'").startswith(("=", "+", "-", "@")) else text


def _table(roster: Roster, sheet: str, topics: Mapping[str, str]) -> Iterator[list[str]]:
    for entry in getattr(roster, sheet):
        yield [escape(show(c, getattr(entry, c.field), topics)) for c in columns_of(sheet)]


def _workbook(tables: dict[str, list[list[str]]]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet, table in tables.items():
        page = book.create_sheet(SHEETS[sheet])
        page.append([column.heading for column in columns_of(sheet)])
        for row in table:
            page.append([cell or None for cell in row])
        for number, column in enumerate(columns_of(sheet), 1):
            width = 30 if column.longest > 40 else 16
            page.column_dimensions[get_column_letter(number)].width = width
        _head(page)
    return book


def _head(page: Worksheet) -> None:
    page.freeze_panes = "A2"
    for cell in page[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center")


def _prepare_for_typing(page: Worksheet, sheet: str) -> None:
    """Text format keeps phones and codes as typed; lists offer the allowed words."""
    for number, column in enumerate(columns_of(sheet), 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].number_format = "@"
        words = list((column.choices or {}).values())
        if column.kind == "yes_no":
            words = ["是", "否"]
        if words:
            validation = DataValidation(type="list", formula1=f'"{",".join(words)}"')
            validation.add(f"{letter}2:{letter}{TEMPLATE_ROWS}")
            page.add_data_validation(validation)


def _save_workbook(book: Workbook, target: Path) -> None:
    """Written aside and moved: a reader never meets half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.part")
    book.save(aside)
    os.replace(aside, target)


def _save_folder(tables: dict[str, list[list[str]]], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for sheet, table in tables.items():
        path = target / f"{SHEETS[sheet]}.csv"
        # The mark at the start makes Excel read it as UTF-8.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.heading for column in columns_of(sheet)])
            writer.writerows(table)
