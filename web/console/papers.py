"""What leaves the screen: a covered field shown once, a page to print, words for the hotline."""

from flask import render_template, request

from bot.domain.console import Right
from bot.services import staff_case, unmasking
from bot.services.errors import Refused
from bot.services.staff_tasks import full
from bot.services.unmasking import Covered, Unmasked
from web.addresses import address
from web.console.door import Answer, Console, deps, visitor
from web.console.queue import case_page


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/cases/<number>/unmask", "unmask", unmask, Right.QUEUE, ("POST",))
    pages.page("/cases/<number>/print", "print_case", print_case, Right.QUEUE)
    pages.page("/cases/<number>/hotline", "hotline", hotline, Right.QUEUE, ("GET", "POST"))


def unmask(number: str) -> Answer:
    """One field, on this answer alone: nothing of it stands in an address, and no copy is kept."""
    try:
        shown = _read(number, request.form.get("field", ""))
    except Refused as refusal:
        return case_page(
            number, 409, problem=_said(refusal), tried="unmask", typed=request.form.to_dict()
        )
    return case_page(number, 200, unmasked=shown)


def print_case(number: str) -> Answer:
    """The case on paper, masked, with who printed it and when."""
    found = staff_case.look(deps(), visitor(), number)
    return render_template("console/print.html", case=found, now=deps().clock.now())


def hotline(number: str) -> Answer:
    """What is pasted into the form of 12345; with a reason in the resident's own words."""
    shown, problem = None, ""
    if request.method == "POST":
        try:
            shown = _read(number, Covered.WORDS.value)
        except Refused as refusal:
            problem = _said(refusal)
    found = staff_case.look(deps(), visitor(), number)
    page = render_template(
        "console/hotline.html", case=found, shown=shown, problem=problem,
        reason=request.form.get("reason", ""),
    )  # fmt: skip
    return page, 409 if problem else 200


def _read(number: str, field: str) -> Unmasked:
    reason = request.form.get("reason", "")
    return unmasking.unmask(deps(), visitor(), full(number), field, reason, address=address())


def _said(refusal: Refused) -> str:
    return deps().texts.say(refusal.key, **refusal.values)
