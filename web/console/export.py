"""A list, or what a search found, as a workbook to take away."""

from flask import make_response, render_template, request

from bot.domain.console import Right
from bot.domain.deadlines import BEIJING
from bot.domain.worklists import View
from bot.services import console_export, sheets
from bot.services.console_export import MOST, Wanted
from bot.services.errors import NotFound, Refused
from web.addresses import address
from web.console.door import Answer, Console, deps, visitor
from web.console.queue import NAMES
from web.console.search import asked, in_words


def put(pages: Console) -> None:
    """Add this page."""
    pages.page("/export", "export", export, Right.EXPORT, ("GET", "POST"))


def export() -> Answer:
    """Asks for the reason, then gives the file. What is exported stands in the address."""
    wanted = _wanted()
    if request.method != "POST":
        return _page(wanted)
    try:
        reason = request.form.get("reason", "")
        file = console_export.export(deps(), visitor(), wanted, reason, address=address())
    except Refused as refusal:
        return _page(wanted, deps().texts.say(refusal.key, **refusal.values)), 409
    answer = make_response(file)
    name = f"cases-{deps().clock.now().astimezone(BEIJING):%Y%m%d-%H%M}.xlsx"
    answer.headers["Content-Type"] = sheets.TYPE
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _wanted() -> Wanted:
    form, view = asked(), request.args.get("view", "")
    if view in set(View):
        return Wanted(View(view), form, f"列表：{NAMES[View(view)]}")
    if view or not form.given():
        raise NotFound("console.no_view")
    return Wanted(None, form, in_words(form))


def _page(wanted: Wanted, problem: str = "") -> str:
    back = {"view": wanted.view.value} if wanted.view else wanted.form.given()
    return render_template(
        "console/export.html", wanted=wanted, back=back, problem=problem, most=MOST,
        reason=request.form.get("reason", ""),
    )  # fmt: skip
