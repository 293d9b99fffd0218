"""Tables of the console as workbooks: out, and in by the form of their page."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook, load_workbook

from tests.web.console_rig import Desk

Row = Sequence[object]


def out(desk: Desk, name: str) -> list[Row]:
    """The rows that /console/`name` hands out, the heading first."""
    desk.open(f"/console/{name}.xlsx")
    book = load_workbook(BytesIO(desk.page.data))
    return list(book.worksheets[1].values)


def upload(desk: Desk, name: str, rows: Iterable[Row]) -> str:
    """Choose a workbook with these rows in the form of the page; what is said of it. A fraction is
    a percentage, as Excel keeps one."""
    book, made = Workbook(), BytesIO()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, float):
                cell.number_format = "0%"
    book.save(made)
    desk.open(f"/console/{name}")
    form = desk.tree.xpath(f"//form[contains(@action, '/{name}/try')]//input[@name='token']")[0]
    file = (BytesIO(made.getvalue()), f"{name}.xlsx")
    return desk.post(f"/console/{name}/try", {"token": form.get("value"), "file": file})


def sure(desk: Desk) -> dict[str, str]:
    """The fields of the form that confirms what the page shows."""
    form = desk.tree.xpath("//input[@name='sure']/ancestor::form")[0]
    return {str(i.get("name")): i.get("value") or "" for i in form.xpath(".//input")}


def take_in(desk: Desk, name: str) -> str:
    """Confirm what a tried file would do, after it was refused for want of a reason, and for what
    somebody else did meanwhile; the file is there each time, and the reason once it was given."""
    form, apply = sure(desk), f"/console/{name}/apply"
    assert "请写明为什么改" in desk.post(apply, form | {"reason": " "})
    assert sure(desk) == form | {"reason": " "}
    assert "刚刚有" in desk.post(apply, form | {"reason": "整理", "sure": "x"})
    assert sure(desk) == form | {"reason": "整理"}
    return desk.post(apply, form | {"reason": "整理"})
