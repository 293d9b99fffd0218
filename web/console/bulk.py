"""Several cases of a list at once; what became of each is told."""

from flask import render_template, request

from bot.domain.console import Right
from bot.services import staff_bulk
from bot.services.errors import Refused
from bot.services.staff_bulk import Chosen
from web.console import queue
from web.console.door import Answer, Console, deps, visitor


def put(pages: Console) -> None:
    """Add this page."""
    pages.page("/bulk", "bulk", bulk, Right.QUEUE, ("POST",))


def bulk() -> Answer:
    """Do it; the list again where nothing could be begun, with what was ticked and typed."""
    view, marked = queue.named_view(), request.form.getlist("case")
    reason = request.form.get("reason", "")
    task = request.form.get("task", "")
    try:
        done = staff_bulk.do_all(deps(), visitor(), map(_chosen, marked), task, reason)
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return queue.page(view, 409, problem=words, marked=marked, reason=reason)
    return render_template("console/bulk.html", outcomes=done, view=view, names=queue.NAMES)


def _chosen(words: str) -> Chosen:
    """What a box of the list holds: number.version."""
    number, _, version = words.rpartition(".")
    known = version.isascii() and version.isdigit() and len(version) <= 9
    return Chosen(number, int(version) if known else 0)
