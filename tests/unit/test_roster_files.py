"""Files that are no roster, or worse: each is refused in words, and none does harm."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.services.roster_files import AT_THE_SHELL, MEGABYTE, read_files
from tests.roster_rig import PEOPLE, POSTS, SMALL, Rows, table, workbook


def refusal(path: Path) -> str:
    """Why nothing of the file was taken."""
    rows, wrong = read_files([path])
    assert rows == []
    assert len(wrong) == 1
    return wrong[0].expected


def repacked(source: Path, target: Path, change: dict[str, bytes]) -> Path:
    """A copy of a workbook with some of its parts replaced or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, content in change.items():
            new.writestr(name, content)
    return target


def test_a_pdf_renamed_is_seen_through(tmp_path: Path) -> None:
    """The name says .xlsx, the content does not."""
    path = tmp_path / "名册.xlsx"
    path.write_bytes(b"%PDF-1.7\n" + b"0" * 1000)
    assert "改了扩展名" in refusal(path)


def test_an_old_workbook_gets_advice(tmp_path: Path) -> None:
    """.xls is another format; Excel itself can save it anew."""
    path = tmp_path / "名册.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    assert "另存为" in refusal(path)


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    """A gigabyte of zeros packs into one megabyte: the declared sizes are looked at first."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", bytes(80 * 1024 * 1024))
    assert path.stat().st_size < 1024 * 1024
    assert "没有打开" in refusal(path)


def test_too_many_parts_are_not_opened(tmp_path: Path) -> None:
    """Thousands of tiny parts are a bomb of another kind."""
    path = tmp_path / "parts.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(1000):
            package.writestr(f"xl/{number}.xml", b"")
    assert "没有打开" in refusal(path)


def test_a_hundred_megabytes_are_refused_by_size(tmp_path: Path) -> None:
    """Nothing of such a file is read."""
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert str(AT_THE_SHELL.file // MEGABYTE) in refusal(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    """A document type has no place in a workbook; it could read files or blow up."""
    good = workbook(tmp_path / "good.xlsx", SMALL)
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    path = repacked(good, tmp_path / "bad.xlsx", {"xl/worksheets/sheet1.xml": bomb})
    assert "DOCTYPE" in refusal(path)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"]
)
def test_a_broken_part_is_said_plainly(tmp_path: Path, part: str) -> None:
    """Whatever the parser makes of it, the office reads one sentence."""
    good = workbook(tmp_path / "good.xlsx", SMALL)
    path = repacked(good, tmp_path / "bad.xlsx", {part: b"<worksheet><sheetData><row"})
    assert "打不开" in refusal(path)


def test_merged_cells_are_refused_with_their_place(tmp_path: Path) -> None:
    """Only the first of merged cells holds anything; the others would be read as empty."""
    path = workbook(tmp_path / "merged.xlsx", SMALL)
    book = load_workbook(path)
    book["人员"].merge_cells("D2:D3")
    book.save(path)
    _, wrong = read_files([path])
    assert "人员" in wrong[0].expected
    assert "D2:D3" in wrong[0].expected


def test_a_huge_merged_range_costs_nothing(tmp_path: Path) -> None:
    """Seventeen billion merged cells are refused as quickly as two."""
    good = workbook(tmp_path / "good.xlsx", {"posts": POSTS})
    with zipfile.ZipFile(good) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    merge = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    sheet = sheet.replace(b"</sheetData>", merge)
    path = repacked(good, tmp_path / "bad.xlsx", {"xl/worksheets/sheet1.xml": sheet})
    assert "XFD1048576" in refusal(path)


def test_a_cell_in_the_last_row_is_refused_not_waited_for(tmp_path: Path) -> None:
    """A million empty rows above it are not walked through."""
    path = workbook(tmp_path / "far.xlsx", {"posts": POSTS})
    book = load_workbook(path)
    book["职务"]["A1048576"] = "X1"
    book.save(path)
    _, wrong = read_files([path])
    assert [(cell.sheet, "看不见的空行" in cell.expected) for cell in wrong] == [("职务", True)]


def test_an_unknown_sheet_is_named(tmp_path: Path) -> None:
    """Nothing is skipped silently but the guide of the template."""
    path = workbook(tmp_path / "wrong.xlsx", SMALL)
    book = load_workbook(path)
    book.create_sheet("Sheet1").append(["姓名", "电话"])
    book.create_sheet("说明").append(["随便写什么"])
    book.save(path)
    _, wrong = read_files([path])
    assert [(cell.sheet, cell.row) for cell in wrong] == [("Sheet1", 1)]


def test_headings_must_be_those_of_the_template(tmp_path: Path) -> None:
    """A missing and an unknown one are each named; rows under them are not guessed at."""
    path = workbook(tmp_path / "headings.xlsx", {"people": PEOPLE})
    book = load_workbook(path)
    book["人员"]["C1"] = "手机"
    book.save(path)
    rows, wrong = read_files([path])
    assert rows == []
    assert [(cell.column, cell.value) for cell in wrong] == [("电话", ""), ("C", "手机")]


def test_a_cell_under_no_heading_is_not_lost(tmp_path: Path) -> None:
    """What stands beside the table is pointed at."""
    path = workbook(tmp_path / "stray.xlsx", {"posts": POSTS})
    book = load_workbook(path)
    book["职务"]["H2"] = "别忘了"
    book.save(path)
    _, wrong = read_files([path])
    assert [(c.row, c.column, c.value) for c in wrong] == [(2, "H", "别忘了")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_csv_is_known_by_its_headings(tmp_path: Path, encoding: str) -> None:
    """In any encoding that Excel saves here; empty rows are passed over."""
    rows: Rows = [*PEOPLE, ("",) * 7]
    found, wrong = read_files([table(tmp_path / "a.csv", "people", rows, encoding)])
    assert wrong == []
    assert [(row.sheet, row.number, row.cells["name"]) for row in found] == [
        ("people", 2, "王板凳"),
        ("people", 3, "李茶壶"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "第一行标题"),
        (b"a,b,c\n1,2,3\n", "第一行标题"),
        (b"\x00\x01\x02", "文字表格"),
        ('人员编号,"姓名\n'.encode(), "引号"),
    ],
)
def test_a_csv_that_is_none_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    """Empty, of other things, binary, or cut off."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert says in refusal(path)


def test_a_folder_is_all_its_files(tmp_path: Path) -> None:
    """What Excel leaves beside an open file is not one of them."""
    table(tmp_path / "a.csv", "people", PEOPLE)
    table(tmp_path / "b.csv", "posts", POSTS)
    (tmp_path / "~$b.xlsx").write_bytes(b"lock")
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    rows, wrong = read_files([tmp_path])
    assert wrong == []
    assert [row.sheet for row in rows] == ["people", "people", "posts"]
