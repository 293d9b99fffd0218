"""The sentences that people read as a workbook: out, and in by two steps."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import text_files
from bot.services.errors import Refused
from web.console import workbooks
from web.console.door import Answer, Console, carry, deps, visitor
from web.console.rules import texts_page
from web.console.workbooks import LONGEST


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/texts.xlsx", "texts_export", export, Right.RULES)
    pages.page("/texts/try", "texts_try", attempt, Right.MASTER, ("POST",), longest=LONGEST)
    pages.page("/texts/apply", "texts_apply", apply, Right.MASTER, ("POST",))


def export() -> Answer:
    """All sentences, and what the office made of them."""
    return workbooks.sent(text_files.export(deps(), visitor()), "texts.xlsx")


def attempt() -> Answer:
    """What a file would do, or everything that is wrong with it."""
    try:
        tried = text_files.attempt(deps(), visitor(), *workbooks.given())
    except Refused as refusal:
        return texts_page(409, problem=deps().texts.say(refusal.key, **refusal.values))
    shown = render_template(
        "console/file_tried.html", tried=tried, what="说的话", unit="句", first="原来的话",
        back="console.texts", apply="console.texts_apply",
    )  # fmt: skip
    return shown, 409 if tried.wrong else 200


def apply() -> Answer:
    """Keep what was tried."""
    given = {name: request.form.get(name, "")[:300] for name in ("ticket", "reason", "sure")}
    try:
        said = text_files.apply(
            deps(), visitor(), given["ticket"], reason=given["reason"], sure=given["sure"]
        )
    except Refused as refusal:
        return texts_page(409, problem=deps().texts.say(refusal.key, **refusal.values))
    return redirect(url_for("console.texts", said=carry(said)), 303)
