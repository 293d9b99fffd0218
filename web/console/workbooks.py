"""Workbooks at the console: how they come in by a form and go out."""

from collections.abc import Callable, Mapping
from typing import Protocol

from flask import Response, redirect, render_template, request, url_for

from bot.services import sheets
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.roster_files import AT_THE_CONSOLE
from bot.services.tried_files import TriedRows
from web.console.door import Answer, carry, deps, visitor

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


class Apply(Protocol):
    """Keeps a file that was tried; the sentence for who did it. Raises Refused."""

    def __call__(
        self, deps: Deps, visit: ConsoleVisit, ticket: str, *, reason: str, sure: str
    ) -> str: ...


def attempted(
    attempt: Callable[[Deps, ConsoleVisit, str, bytes], TriedRows],
    refused: Callable[[str], Answer], **page: object,
) -> Answer:  # fmt: skip
    """What a file would do, or everything that is wrong with it. `refused`: the page that says why
    it was not even tried; `page`: words and addresses of console/file_tried.html."""
    try:
        tried = attempt(deps(), visitor(), *given())
    except Refused as refusal:
        return refused(deps().texts.say(refusal.key, **refusal.values))
    shown = render_template("console/file_tried.html", tried=tried, **page)
    return shown, 409 if tried.wrong else 200


def applied(apply: Apply, refused: Callable[[str, Mapping[str, str]], Answer], back: str) -> Answer:
    """Keep what was tried. `refused`: the page that says why not, with what was typed; `back`:
    where one is sent when it is done."""
    typed = {name: request.form.get(name, "") for name in ("ticket", "reason", "sure")}
    try:
        said = apply(deps(), visitor(), typed["ticket"], reason=typed["reason"], sure=typed["sure"])
    except Refused as refusal:
        return refused(deps().texts.say(refusal.key, **refusal.values), typed)
    return redirect(url_for(back, said=carry(said)), 303)
