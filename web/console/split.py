"""One case becomes two: which words go into the second."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import staff_split, staff_tasks
from bot.services.errors import Refused
from web.console.door import Answer, Console, carry, deps, typed_words, visitor


def put(pages: Console) -> None:
    """Add this page."""
    pages.page("/cases/<number>/split", "split", split, Right.QUEUE, ("GET", "POST"))


def split(number: str) -> Answer:
    """The clauses to choose from; then the same case again, with what became of it."""
    if request.method != "POST":
        return _page(number, 200, ())
    chosen = request.form.getlist("clause", type=int)
    fields = {"clauses": ",".join(map(str, chosen))}
    version = request.form.get("version", 0, type=int)
    try:
        done = staff_tasks.do(deps(), visitor(), number, "split", fields, version=version)
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _page(number, 409, tuple(chosen), problem=words)
    view = request.form.get("view") or None
    return redirect(url_for("console.case", number=number, view=view, said=carry(done.words)), 303)


def _page(
    number: str, status: int, chosen: tuple[int, ...], problem: str = ""
) -> tuple[str, int]:  # fmt: skip
    found = staff_split.look(deps(), visitor(), number)
    marked = chosen if status != 200 else [n for n, each in enumerate(found.clauses) if each.second]
    view = request.values.get("view", "")
    return render_template(
        "console/split.html", case=found, marked=marked, view=view, problem=problem,
        kept=typed_words(),
    ), status  # fmt: skip
