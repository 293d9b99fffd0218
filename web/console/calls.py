"""Whom to call, and what to say."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import staff_calls
from bot.services.errors import Refused
from web.addresses import address
from web.console.door import Answer, Console, carry, deps, visitor


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/calls", "calls", calls, Right.CALLS)
    pages.page("/calls/<int:call_id>/called", "called", called, Right.CALLS, ("POST",))
    pages.page("/calls/<int:call_id>/resend", "resend", resend, Right.CALLS, ("POST",))
    pages.page("/calls/<int:call_id>/phone", "phone", phone, Right.CALLS, ("POST",))


def calls() -> Answer:
    """All calls to make."""
    return _page(200)


def called(call_id: int) -> Answer:
    """One was made."""
    reason = request.form.get("reason", "")
    try:
        staff_calls.called(deps(), visitor(), call_id, reason)
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _page(409, problem=words, tried=call_id, typed=reason)
    return _back("console.done_called")


def resend(call_id: int) -> Answer:
    """Try all its ways again."""
    staff_calls.resend(deps(), visitor(), call_id)
    return _back("console.done_resend")


def phone(call_id: int) -> Answer:
    """The number, on this page alone."""
    number = staff_calls.phone(deps(), visitor(), call_id, address())
    return _page(200, tried=call_id, number=number)


def _page(status: int, **values: object) -> tuple[str, int]:
    lines = staff_calls.listed(deps(), visitor())
    shown = {"tried": 0, "typed": "", "number": ""} | values
    return render_template("console/calls.html", lines=lines, **shown), status


def _back(key: str) -> Answer:
    return redirect(url_for("console.calls", said=carry(deps().texts.say(key))), 303)
