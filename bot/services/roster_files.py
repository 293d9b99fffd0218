"""Roster files as rows of raw cells. Nothing in a file is trusted: sizes are checked before it is
opened, formulas are not computed, and merged cells are refused because they hide empty ones."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from bot.services.roster_sheets import GUIDE_SHEET, ROSTER, Book
from bot.services.sheet_cells import Formula

MEGABYTE = 1024 * 1024
MOST_PARTS = 500
MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at all. `file` and `unpacked` in bytes, `rows` of one sheet."""

    file: int
    unpacked: int
    rows: int


AT_THE_SHELL = Limits(10 * MEGABYTE, 60 * MEGABYTE, 100_000)
AT_THE_CONSOLE = Limits(4 * MEGABYTE, 16 * MEGABYTE, 20_000)
"""A worker of the web server does nothing else meanwhile: ten thousand rows take two seconds."""

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:]{2,30})[\"']")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class WrongCell:
    """Something wrong in a file. `row` 0 and an empty `column`: the sheet or file as a whole."""

    file: str
    sheet: str
    row: int
    column: str
    """Letter and heading, e.g. "C 电话"."""
    value: str
    expected: str


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a known sheet: cells by column field, with the letter each stands under."""

    file: str
    sheet: str
    number: int
    cells: dict[str, object]
    letters: dict[str, str]


class FileRefused(Exception):
    """The file can't be read as a roster; the message says what to do."""


def read_files(
    paths: Iterable[Path], limits: Limits = AT_THE_SHELL, book: Book = ROSTER
) -> tuple[list[RawRow], list[WrongCell]]:
    """All rows of all files and folders, and everything wrong with their form. `book`: the kind of
    workbook that they are."""
    rows: list[RawRow] = []
    wrong: list[WrongCell] = []
    for path in _expand(paths):
        try:
            for title, table in tables(path, limits):
                _read_table(path.name, title, table, (rows, wrong), most=limits.rows, book=book)
        except FileRefused as refused:
            wrong.append(WrongCell(path.name, "", 0, "", "", str(refused)))
    if not rows and not wrong:
        wrong.append(WrongCell("", "", 0, "", "", "至少一行内容：文件里没有找到任何一行"))
    return rows, wrong


def _expand(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for inside in sorted(path.iterdir()):
            # Excel leaves ~$ files beside what is open.
            if inside.suffix.lower() in {".xlsx", ".csv"} and not inside.name.startswith("~$"):
                yield inside


Table = Sequence[Sequence[object]]


def tables(path: Path, limits: Limits) -> Iterator[tuple[str | None, Table]]:
    """Title and rows of each sheet, one more than the limit if there are more; a csv has no
    title."""
    if path.stat().st_size > limits.file:
        raise FileRefused(f"不超过 {limits.file // MEGABYTE} MB 的文件")
    if path.suffix.lower() == ".csv":
        yield None, _csv_rows(path)[: limits.rows + 1]
    elif path.suffix.lower() == ".xlsx":
        yield from _xlsx_sheets(path, limits)
    else:
        raise FileRefused("扩展名为 .xlsx 或 .csv 的文件（旧的 .xls 请另存为 .xlsx）")


def _csv_rows(path: Path) -> Table:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")  # what Excel here saves as plain csv
    if "\0" in text or "\ufffd" in text:
        raise FileRefused("文字表格（UTF-8 或 GB18030 编码）：这个文件不是")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise FileRefused("完整的 csv：引号或分隔符不成对") from error
    return [[_csv_cell(cell) for cell in row] for row in rows]


def _csv_cell(cell: str) -> object:
    return _text_cell(cell)


def _xlsx_sheets(path: Path, limits: Limits) -> Iterator[tuple[str, Table]]:
    try:
        merged = _check_package(path, limits.unpacked)
        with path.open("rb") as file, warnings.catch_warnings():  # a broken one is left open by it
            warnings.simplefilter("ignore")  # styles and validations of no interest here
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
            try:
                for sheet in book.worksheets:
                    if merged.get(sheet.title) and sheet.title != GUIDE_SHEET:
                        where = f"工作表“{sheet.title}”中 {merged[sheet.title]}"
                        raise FileRefused(f"没有合并单元格的表：{where} 是合并的，请拆开")
                    sheet.reset_dimensions()
                    rows = islice(sheet.iter_rows(max_col=MOST_COLUMNS), limits.rows + 1)
                    yield sheet.title, [[_xlsx_cell(cell) for cell in row] for row in rows]
            finally:
                book.close()
    except FileRefused:
        raise
    except Exception as error:  # the library lets through whatever its parsers met
        raise FileRefused("完整的 .xlsx 工作簿：这个文件打不开") from error


def _xlsx_cell(cell: object) -> object:
    value = getattr(cell, "value", None)
    kind = getattr(cell, "data_type", "n")
    if kind in {"f", "e"}:
        return Formula(str(value))
    if kind == "n" and value is not None and str(getattr(cell, "number_format", "")).endswith("%"):
        return f"{round(float(value) * 100, 4):g}%"  # 50% as Excel keeps it
    return _text_cell(value) if isinstance(value, str) else value


def _text_cell(text: str) -> object:
    return Formula(text) if text.lstrip().startswith("=") else unescape(text)


def _check_package(path: Path, most: int) -> dict[str, str]:
    """Refuse bombs before anything is unpacked. Returns the first merged range by sheet title."""
    try:
        package = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise FileRefused("真正的 .xlsx 文件：这个文件只是改了扩展名，或已损坏、加密") from error
    with package:
        parts = package.infolist()
        # Python never unpacks more of a part than it declares, so the declared sizes are binding.
        if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > most:
            raise FileRefused(
                f"展开后不超过 {most // MEGABYTE} MB 的文件：这个文件异常地大，没有打开"
            )
        ranges: dict[str, str] = {}
        for part in parts:
            content = package.read(part)
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content:
                raise FileRefused("不含 DOCTYPE 的工作簿：这个文件不是 Excel 存出来的")
            if found := _MERGED.search(content):
                ranges[part.filename] = found[1].decode()
        return {t: ranges[p] for t, p in _sheet_parts(package) if p in ranges} if ranges else {}


def _sheet_parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Title of each sheet and the part of the package it is in."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    links = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    book = etree.fromstring(package.read("xl/workbook.xml"), parser)
    for sheet in book.iter("{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        yield str(sheet.get("name")), part


def unescape(text: str) -> str:
    """Undo `bot.services.roster_export.escape`."""
    escaped = text.startswith("'") and text.lstrip("'").startswith(("=", "+", "-", "@"))
    return text[1:] if escaped else text


def _read_table(
    file: str,
    title: str | None,
    table: Table,
    found: tuple[list[RawRow], list[WrongCell]],
    *,
    most: int,
    book: Book,
) -> None:
    """Append the rows of one sheet to those that were found, or say why they can't be read."""
    rows, wrong = found
    if title == GUIDE_SHEET:
        return
    headings = [_heading(cell) for cell in table[0]] if table else []
    if title and len(book.sheets) == 1 and not any(headings):
        return  # the empty sheets that Excel begins a workbook with
    sheet = _sheet(title, headings, book)
    if sheet is None:
        names = "、".join(book.sheets.values())
        expected = f"工作表 {names} 之一（csv 按第一行标题识别，标题须与模板一致）"
        wrong.append(
            WrongCell(file, title or "", 1, "", "、".join(filter(None, headings)), expected)
        )
        return
    problems = list(_check_headings(file, book, sheet, headings))
    wrong.extend(problems)
    if problems:
        return
    fields = {c.heading: c.field for c in book.of(sheet)}
    letters = {fields[h]: get_column_letter(i) for i, h in enumerate(headings, 1) if h}
    for number, row in enumerate(table[1:], 2):
        if number > most:
            expected = f"不超过 {most} 行（下面可能有看不见的空行，请删掉）"
            wrong.append(WrongCell(file, book.sheets[sheet], number, "", "", expected))
            return
        if all(cell is None or cell == "" for cell in row):
            continue
        wrong.extend(_strays(file, book.sheets[sheet], number, headings, row=row))
        cells = {fields[h]: cell for h, cell in zip(headings, row, strict=False) if h}
        rows.append(RawRow(file, sheet, number, cells, letters))


def _heading(cell: object) -> str:
    return "" if cell is None else re.sub(r"\s|\*", "", str(cell))


def _sheet(title: str | None, headings: Sequence[str], book: Book) -> str | None:
    """The one of this title; the only one whatever its title; that of a csv by its headings."""
    if len(book.sheets) == 1:
        return next(iter(book.sheets))
    named = next((key for key, name in book.sheets.items() if name == title), None)
    return _recognise(headings, book) if title is None else named


def _recognise(headings: Sequence[str], book: Book) -> str | None:
    """The sheet that shares most headings with a csv, if it shares at least half of its own."""
    shares = {
        sheet: sum(column.heading in headings for column in book.of(sheet)) for sheet in book.sheets
    }
    best = max(shares, key=lambda sheet: shares[sheet] / len(book.of(sheet)))
    return best if shares[best] * 2 >= len(book.of(best)) else None


def _check_headings(
    file: str, book: Book, sheet: str, headings: Sequence[str]
) -> Iterator[WrongCell]:
    known = [column.heading for column in book.of(sheet)]
    for name in known:
        if headings.count(name) != 1:
            expected = f"一列（只一列）标题为“{name}”"
            yield WrongCell(file, book.sheets[sheet], 1, name, "", expected)
    for number, name in enumerate(headings, 1):
        if name and name not in known:
            letter = get_column_letter(number)
            expected = "模板中的标题：" + "、".join(known)
            yield WrongCell(file, book.sheets[sheet], 1, letter, name, expected)


def _strays(
    file: str, sheet: str, number: int, headings: Sequence[str], *, row: Sequence[object]
) -> Iterator[WrongCell]:
    """Cells under no heading: somebody's content would be lost without a word."""
    for index, cell in enumerate(row):
        if cell not in (None, "") and not (index < len(headings) and headings[index]):
            letter = get_column_letter(index + 1)
            yield WrongCell(file, sheet, number, letter, str(cell)[:60], "空：这一列没有标题")
