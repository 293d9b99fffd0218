"""Workbooks that the console hands out: who made it, when and of what on the first sheet; no cell
can start a formula."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bot.services.roster_export import escape

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_000
"""Characters that a cell of Excel holds are a few more."""
WIDEST = 60
"""Characters of a column."""
Value = str | int | None
Rows = Iterable[Sequence[Value]]


def workbook(facts: Mapping[str, str], pages: Mapping[str, Rows]) -> bytes:
    """An .xlsx file. `facts`: lines of its first sheet, 说明; `pages`: the other sheets by name,
    the first row of each is its heading."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _page(book, "说明", [("项目", "内容"), *facts.items()])
    for title, rows in pages.items():
        _page(book, title, rows)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _page(book: Workbook, title: str, rows: Rows) -> None:
    page = book.create_sheet(title)
    widths: dict[int, int] = {}
    for row in rows:
        page.append([_cell(value) for value in row])
        for n, value in enumerate(row, 1):
            widths[n] = max(widths.get(n, 0), 2 * len(str(value or "")) + 2)
    for n, width in widths.items():
        page.column_dimensions[get_column_letter(n)].width = min(width, WIDEST)
    page.freeze_panes = "A2"
    for cell in page[1]:
        cell.font = Font(bold=True)


def _cell(value: Value) -> Value:
    return safe(value) if isinstance(value, str) else value


def safe(text: str) -> str:
    """As a cell: what Excel would take for a formula stays text, what no file may hold is left
    out."""
    return escape(ILLEGAL_CHARACTERS_RE.sub("", text).strip())[:LONGEST]
