"""Workbooks at the console: how they come in by a form and go out."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from flask import Response, redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import sheets
from bot.services.errors import Refused
from bot.services.office_books import OfficeBook
from bot.services.roster_files import AT_THE_CONSOLE
from web.addresses import address
from web.console.door import Answer, Console, carry, deps, visitor

LONGEST = AT_THE_CONSOLE.file + 64 * 1024
"""The file and what is around it."""


def given() -> tuple[str, bytes]:
    """Name and content of the file in the form; empty when there is none."""
    file = request.files.get("file")
    return (file.filename or "", file.read()) if file else ("", b"")


def sent(made: bytes, name: str) -> Response:
    """A workbook to keep under this name."""
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(made, mimetype=sheets.TYPE, headers=headers)


class Refuses(Protocol):
    """The page of a table, that says why a file was not taken. `typed`: what stood in the form."""

    def __call__(self, status: int, *, problem: str, typed: dict[str, str]) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the office with a page, /console/`name`. `unit`: what its rows are counted in;
    `headings`: of what a file would change; `about`: the cases that would go another way."""

    name: str
    book: OfficeBook[Any]
    page: Refuses
    unit: str
    headings: tuple[str, ...]
    about: str = ""
    reads: Right = Right.RULES


def put(pages: Console, table: Table) -> None:
    """Add how its workbook goes out, is tried, and is taken in."""
    name, ways = table.name, ("POST",)
    steps = (partial(each, table) for each in (_export, _attempt, _apply))
    export, attempt, apply = steps
    pages.page(f"/{name}.xlsx", f"{name}_export", export, table.reads)
    pages.page(f"/{name}/try", f"{name}_try", attempt, Right.MASTER, ways, longest=LONGEST)
    pages.page(f"/{name}/apply", f"{name}_apply", apply, Right.MASTER, ways)


def _export(table: Table) -> Answer:
    return sent(table.book.export(deps(), visitor(), address()), f"{table.name}.xlsx")


def _attempt(table: Table) -> Answer:
    """What a file would do, or everything that is wrong with it."""
    try:
        tried = table.book.attempt(deps(), visitor(), *given())
    except Refused as refusal:
        return table.page(409, problem=deps().texts.say(refusal.key, **refusal.values), typed={})
    shown = render_template("console/file_tried.html", tried=tried, table=table)
    return shown, 409 if tried.wrong else 200


def _apply(table: Table) -> Answer:
    """Keep what was tried."""
    typed = {name: request.form.get(name, "") for name in ("ticket", "reason", "sure")}
    try:
        said = table.book.apply(
            deps(), visitor(), typed["ticket"], reason=typed["reason"], sure=typed["sure"]
        )
    except Refused as refusal:
        return _refused(table, typed, deps().texts.say(refusal.key, **refusal.values))
    return redirect(url_for(f"console.{table.name}", said=carry(said)), 303)


def _refused(table: Table, typed: dict[str, str], problem: str) -> Answer:
    """The tried file with what is wrong, if it can still be taken in as it stands."""
    try:
        tried = table.book.again(deps(), visitor(), typed["ticket"])
    except Refused:
        return table.page(409, problem=problem, typed=typed)
    shown = render_template(
        "console/file_tried.html", tried=tried, table=table, problem=problem, typed=typed
    )
    return shown, 409
