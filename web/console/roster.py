"""The roster's workbook: template, export, and import in two steps."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import roster_desk
from bot.services.errors import Refused
from bot.services.roster_files import AT_THE_CONSOLE
from bot.services.roster_import import Imported
from bot.services.roster_sheets import SHEETS
from web.addresses import address
from web.console import workbooks
from web.console.door import Answer, Console, carry, deps, visitor
from web.console.workbooks import LONGEST


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/roster", "roster", roster, Right.MASTER)
    pages.page("/roster/try", "roster_try", attempt, Right.MASTER, ("POST",), longest=LONGEST)
    pages.page("/roster/apply", "roster_apply", apply, Right.MASTER, ("POST",))
    pages.page("/roster/template", "roster_template", template, Right.MASTER)
    pages.page("/roster/export", "roster_export", export, Right.MASTER, ("POST",))


def roster() -> Answer:
    """Where files come in and go out."""
    return _page(200)


def attempt() -> Answer:
    """What a file would do, or everything that is wrong with it."""
    try:
        name, content = workbooks.given()
        tried = roster_desk.attempt(deps(), visitor(), name, content)
    except Refused as refusal:
        return _refused(refusal)
    return _page(409 if tried.count else 200, tried=tried)


def apply() -> Answer:
    """Bring in what was tried."""
    given = request.form
    try:
        found = roster_desk.apply(
            deps(), visitor(), given.get("ticket", ""), file=given.get("file", ""),
            reason=given.get("reason", ""), version=given.get("version", 0, type=int),
            address=address(),
        )  # fmt: skip
    except Refused as refusal:
        return _refused(refusal)
    if found.saved is None:
        return _page(409, problem=deps().texts.say("master.roster_changed"))
    return redirect(url_for("console.roster", said=carry(_told(found))), 303)


def _told(found: Imported) -> str:
    saved = found.saved
    kinds = [getattr(saved, sheet) for sheet in SHEETS]
    return deps().texts.say(
        "master.done_import", new=sum(each.new for each in kinds),
        changed=sum(each.changed for each in kinds), same=sum(each.same for each in kinds),
    )  # fmt: skip


def template() -> Answer:
    """An empty workbook."""
    return workbooks.sent(roster_desk.template(), "roster-template.xlsx")


def export() -> Answer:
    """The whole roster; who took it and why stays known."""
    try:
        made = roster_desk.export(deps(), visitor(), request.form.get("reason", ""), address())
    except Refused as refusal:
        return _refused(refusal)
    return workbooks.sent(made, "roster.xlsx")


def _refused(refusal: Refused) -> tuple[str, int]:
    return _page(409, problem=deps().texts.say(refusal.key, **refusal.values))


def _page(status: int, **values: object) -> tuple[str, int]:
    shown = render_template(
        "console/roster.html", sheets=SHEETS, typed=request.form,
        megabytes=AT_THE_CONSOLE.file // 1024 // 1024, **{"tried": None} | values,
    )  # fmt: skip
    return shown, status
