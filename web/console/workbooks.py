"""Workbooks at the console: how they come in by a form and go out."""

from flask import Response, request

from bot.services import sheets
from bot.services.roster_files import AT_THE_CONSOLE

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
