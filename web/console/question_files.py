"""The list of common questions as a workbook: template, export, and import in two steps."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import question_files
from bot.services.errors import Refused
from bot.services.roster_files import AT_THE_CONSOLE
from web.addresses import address
from web.console import workbooks
from web.console.door import Answer, Console, carry, deps, visitor
from web.console.workbooks import LONGEST


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/questions/file", "questions_file", file, Right.ANSWERS)
    pages.page(
        "/questions/try",
        "questions_try",
        attempt,
        Right.ANSWERS,
        ("POST",),
        longest=LONGEST,
    )
    pages.page("/questions/apply", "questions_apply", apply, Right.ANSWERS, ("POST",))
    pages.page("/questions/template", "questions_template", template, Right.ANSWERS)
    pages.page("/questions/export", "questions_export", export, Right.ANSWERS, ("POST",))


def file() -> Answer:
    """Where files come in and go out."""
    return _page(200)


def attempt() -> Answer:
    """What a file would do, or everything that is wrong with it."""
    try:
        name, content = workbooks.given()
        tried = question_files.attempt(deps(), visitor(), name, content)
    except Refused as refusal:
        return _refused(refusal)
    return _page(409 if tried.wrong else 200, tried=tried)


def apply() -> Answer:
    """Bring in what was tried."""
    given = request.form
    try:
        said = question_files.apply(
            deps(), visitor(), given.get("ticket", ""), file=given.get("file", ""),
            reason=given.get("reason", ""), sure=given.get("sure", ""), address=address(),
        )  # fmt: skip
    except Refused as refusal:
        return _refused(refusal)
    return redirect(url_for("console.questions", said=carry(said)), 303)


def template() -> Answer:
    """An empty workbook."""
    return workbooks.sent(question_files.template(), "questions-template.xlsx")


def export() -> Answer:
    """The whole list; who took it and why stays known."""
    try:
        reason = request.form.get("reason", "")
        made = question_files.export(deps(), visitor(), reason, address())
    except Refused as refusal:
        return _refused(refusal)
    return workbooks.sent(made, "questions.xlsx")


def _refused(refusal: Refused) -> tuple[str, int]:
    return _page(409, problem=deps().texts.say(refusal.key, **refusal.values))


def _page(status: int, **values: object) -> tuple[str, int]:
    shown = render_template(
        "console/question_file.html", megabytes=AT_THE_CONSOLE.file // 1024 // 1024,
        **{"tried": None} | values,
    )  # fmt: skip
    return shown, status
