"""Rows of text from every kind of file, the broken ones kept."""

import io
import sys
from pathlib import Path

import click
import pytest
from openpyxl import Workbook

from bot.cli.rows import Row, read_rows


def rows(path: Path, *columns: str) -> list[tuple[str, bool]]:
    """Text of each row, and whether it can be used."""
    return [(row.text, row.error is None) for row in read_rows(path, columns)]


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


LINES = [
    ("路灯不亮\n暖气不热\n", [("路灯不亮", True), ("暖气不热", True)]),
    ("路灯不亮", [("路灯不亮", True)]),  # no line break at the end
    ("\ufeff路灯不亮\r\n", [("路灯不亮", True)]),  # as Windows writes it
    ("一\n\n二\n", [("一", True), ("", False), ("二", True)]),  # an empty line keeps its place
    ("一\u2028二\x0c三\n", [("一\u2028二\x0c三", True)]),  # only \n ends a line
    ("", []),
]


@pytest.mark.parametrize(("content", "expected"), LINES, ids=range(len(LINES)))
def test_plain_lines(tmp_path: Path, content: str, expected: list[tuple[str, bool]]) -> None:
    """Each line is a text."""
    assert rows(written(tmp_path, "a.txt", content)) == expected


TABLES = [
    # two columns joined by a space
    ("标题,内容\n路灯,不亮\n", [("路灯 不亮", True)]),
    # quoted commas and line breaks belong to the text
    ('标题,内容\n"a,b","c\nd"\n', [("a,b c\nd", True)]),
    ("\ufeff标题,内容\n一,二\n", [("一 二", True)]),
    # empty, blank and short rows keep their place
    ("标题,内容\n,\n\n一\n", [("", False), ("", False), ("一", True)]),
    # too many cells: something is quoted wrongly
    ("标题,内容\n一,二,三\n四,五\n", [("一 二", False), ("四 五", True)]),
    ("标题\t内容\n一\t二\n", [("一 二", True)]),
]


@pytest.mark.parametrize(("content", "expected"), TABLES, ids=range(len(TABLES)))
def test_csv(tmp_path: Path, content: str, expected: list[tuple[str, bool]]) -> None:
    """A csv row is a text made of the chosen columns."""
    assert rows(written(tmp_path, "a.csv", content), "标题", "内容") == expected


def test_a_file_of_the_old_national_encoding_reads_the_same(tmp_path: Path) -> None:
    """Office programs still write GB18030."""
    path = written(tmp_path, "a.csv", "标题,内容\n路灯,不亮\n".encode("gb18030"))
    assert rows(path, "标题", "内容") == [("路灯 不亮", True)]


def test_bytes_of_no_encoding_are_read_as_far_as_possible(tmp_path: Path) -> None:
    """Nothing is raised; the row is there."""
    assert len(rows(written(tmp_path, "a.txt", b"\xff\xff\xff\n"))) == 1


def test_jsonl_keeps_broken_lines_in_their_place(tmp_path: Path) -> None:
    """Broken JSON, a missing column, another kind of value, an empty text: each an error."""
    content = '{"t": "路灯"}\n{"t": \n[1]\n{"x": 1}\n{"t": null}\n\n{"t": 5}\n' + "[" * 99_999
    found = rows(written(tmp_path, "a.jsonl", content), "t")
    assert [ok for _, ok in found] == [True, False, False, False, False, False, True, False]
    assert (found[0][0], found[6][0]) == ("路灯", "5")


def test_a_workbook_is_read_by_its_headings(tmp_path: Path) -> None:
    """The first sheet counts; numbers become text."""
    book = Workbook()
    sheet = book.worksheets[0]
    for line in (["标题", "内容"], ["路灯", 5], [None, None]):
        sheet.append(line)
    book.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx", "标题", "内容") == [("路灯 5", True), ("", False)]


def test_all_columns_come_along(tmp_path: Path) -> None:
    """Other columns are there by name, whichever make the text."""
    path = written(tmp_path, "a.csv", "id,t\n7,路灯\n")
    assert list(read_rows(path, ["t"])) == [Row(1, "路灯", {"id": "7", "t": "路灯"})]


def test_standard_input_tells_its_kind_by_the_first_character(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With columns it is jsonl or csv, without them lines."""
    for content, columns in (('{"t": "一"}\n', ["t"]), ("t,u\n一,二\n", ["t"]), ("一\n", [])):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
        assert [row.text for row in read_rows(None, columns)] == ["一"]


MISUSED = [
    ("a.csv", "text,text\n灯不亮,昭乌达路\n", ["text"]),  # which of the two?
    ("a.csv", "标题\n一\n", []),  # which column?
    ("a.csv", "标题\n一\n", ["内容"]),  # no such column
    ("a.csv", "", ["内容"]),  # nothing at all
    ("a.jsonl", "{}\n", []),
    ("a.xlsx", "not a workbook", ["内容"]),
]


@pytest.mark.parametrize(("name", "content", "columns"), MISUSED, ids=range(len(MISUSED)))
def test_misuse_is_said(tmp_path: Path, name: str, content: str, columns: list[str]) -> None:
    """A wrong or missing column and a file that isn't one are the operator's to mend."""
    with pytest.raises(click.UsageError):
        list(read_rows(written(tmp_path, name, content), columns))
