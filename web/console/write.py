"""Writing to a resident: written, seen as they will read it, then sent."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import staff_letter, staff_tasks
from bot.services.errors import Refused
from web.console.door import Answer, Console, carry, deps, typed_words, visitor


def put(pages: Console) -> None:
    """Add this page."""
    pages.page("/cases/<number>/write", "write", write, Right.QUEUE, ("GET", "POST"))


def write(number: str) -> Answer:
    """One page in three steps: `step` is look, edit or send."""
    if request.method != "POST":
        return _page(number, 200)
    fields = {name: request.form.get(name, "") for name in ("kind", "words")}
    step = request.form.get("step", "look")
    try:
        if step == "send":
            return _send(number, fields)
        return _page(number, 200, typed=fields, look=step == "look")
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _page(number, 409, typed=fields, problem=words)


def _send(number: str, fields: dict[str, str]) -> Answer:
    version = request.form.get("version", 0, type=int)
    done = staff_tasks.do(deps(), visitor(), number, "write", fields, version=version)
    view = request.form.get("view") or None
    return redirect(url_for("console.case", number=number, view=view, said=carry(done.words)), 303)


def _page(
    number: str, status: int, *, typed: dict[str, str] | None = None, look: bool = False,
    problem: str = "",
) -> tuple[str, int]:  # fmt: skip
    found = staff_letter.look(deps(), visitor(), number, typed if look else None)
    named = request.args.get("letter", "")
    ready = next((each for each in found.letters if each.name == named), None)
    first = {"kind": ready.kind, "words": ready.words} if ready else {"kind": "ask", "words": ""}
    view = request.values.get("view", "")
    return render_template(
        "console/write.html", case=found, typed=typed or first, view=view, problem=problem,
        kept=typed_words("words"),
    ), status  # fmt: skip
