"""Reads rows of text for every command that takes a file: plain lines, jsonl, csv, xlsx."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import BadZipFile

import click
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

FIELD_LIMIT = 10_000_000
"""Characters in one csv field; Python's own limit is 131,072."""
NO_FIELDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of input. `text`: the chosen columns, joined by a space; `fields`: all columns.
    `error`: why the row can't be used, None when it can."""

    number: int
    """Counts from 1, without the heading."""
    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None


def read_rows(
    source: Path | None, text_columns: Sequence[str], *, more_columns: Sequence[str] = ()
) -> Iterator[Row]:
    """Rows of a file, or of standard input when `source` is None; every row is kept, broken and
    empty ones with `error`. Without text columns each line is a text. A byte order mark is
    dropped; what is not UTF-8 is read as GB18030. click.UsageError when a column is missing or
    the file as a whole can't be read."""
    if source is not None and source.suffix.lower() == ".xlsx":
        _need(text_columns)
        yield from _table(_sheet(source), text_columns, more_columns)
        return
    content = _decode(source.read_bytes() if source else _standard_input())
    kind = _kind(source, content, text_columns)
    if kind == "lines":
        for number, line in enumerate(_lines(content), 1):
            yield _row(number, line, NO_FIELDS)
        return
    _need(text_columns)
    if kind == "jsonl":
        yield from _json_lines(content, text_columns)
    else:
        yield from _table(_csv(content), text_columns, more_columns)


def _standard_input() -> bytes:
    return sys.stdin.buffer.read()


def _kind(source: Path | None, content: str, text_columns: Sequence[str]) -> str:
    suffix = source.suffix.lower() if source else ""
    if suffix in (".jsonl", ".ndjson", ".json"):
        return "jsonl"
    if suffix in (".csv", ".tsv"):
        return "csv"
    if not text_columns:
        return "lines"
    return "jsonl" if content.lstrip()[:1] == "{" else "csv"


def _need(text_columns: Sequence[str]) -> None:
    if not text_columns:
        raise click.UsageError("这种文件有多列，请用 --text-column 指明文字在哪一列（可重复）。")


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8-sig", errors="replace")


def _lines(content: str) -> list[str]:
    """Lines as `wc` counts them; a form feed or U+2028 within a text doesn't end it."""
    lines = content.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _row(number: int, text: str, fields: Mapping[str, str]) -> Row:
    text = text.strip()
    if not text:
        return Row(number, "", fields, "没有文字")
    return Row(number, text, fields)


def _json_lines(content: str, text_columns: Sequence[str]) -> Iterator[Row]:
    for number, line in enumerate(_lines(content), 1):
        if not line.strip():
            yield _row(number, "", NO_FIELDS)
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Row(number, "", NO_FIELDS, f"不是有效的 JSON：{error}")
            continue
        yield _json_row(number, value, text_columns)


def _json_row(number: int, value: Any, text_columns: Sequence[str]) -> Row:
    if not isinstance(value, dict):
        return Row(number, "", NO_FIELDS, "不是一个 JSON 对象")
    fields = {str(key): _plain(one) for key, one in value.items()}
    missing = [name for name in text_columns if name not in fields]
    if missing:
        return Row(number, "", fields, f"缺少列：{'、'.join(missing)}")
    return _row(number, _joined(fields, text_columns), fields)


def _csv(content: str) -> Iterator[list[str] | csv.Error]:
    csv.field_size_limit(FIELD_LIMIT)
    delimiter = "\t" if "\t" in content.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield error


def _sheet(source: Path) -> Iterator[list[str]]:
    try:
        book = load_workbook(source, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise click.UsageError(f"{source.name} 不是可以打开的 Excel 文件：{error}") from error
    try:
        for values in book.worksheets[0].iter_rows(values_only=True):
            yield [_plain(value) for value in values]
    finally:
        book.close()


def _table(
    records: Iterator[list[str]] | Iterator[list[str] | csv.Error],
    text_columns: Sequence[str],
    more_columns: Sequence[str],
) -> Iterator[Row]:
    head = next(records, [])
    names = [] if isinstance(head, csv.Error) else [name.strip() for name in head]
    _check_head(names, (*text_columns, *more_columns))
    for number, record in enumerate(records, 1):
        if isinstance(record, csv.Error):
            yield Row(number, "", NO_FIELDS, f"这一行读不出来：{record}")
            continue
        fields = dict(zip(names, record, strict=False))
        if len(record) > len(names) and any(record[len(names) :]):
            yield Row(number, _joined(fields, text_columns), fields, "列数比表头多")
            continue
        yield _row(number, _joined(fields, text_columns), fields)


def _check_head(names: Sequence[str], asked: Sequence[str]) -> None:
    """Every column that is asked for is there, once."""
    missing = [name for name in asked if name not in names]
    if missing:
        known = "、".join(filter(None, names)) or "（空）"
        raise click.UsageError(f"没有这些列：{'、'.join(missing)}。文件里有：{known}")
    doubled = [name for name in dict.fromkeys(asked) if names.count(name) > 1]
    if doubled:
        raise click.UsageError(f"这些列名在表头里不止一个，请先改名：{'、'.join(doubled)}")


def _joined(fields: Mapping[str, str], text_columns: Sequence[str]) -> str:
    return " ".join(fields.get(name, "") for name in text_columns).strip()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
