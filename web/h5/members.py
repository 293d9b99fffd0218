"""Pages of a person of the network: 待办, one case with what may be done now, 办过的."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from bot.domain.cases import CHINESE, Ending
from bot.services import consents, hands
from bot.services.errors import NotFound, Refused
from web.h5.door import deps, visitor
from web.h5.parts import Page, sent_photos, sentence

ENDINGS = tuple((ending.value, CHINESE[ending]) for ending in Ending)


def put(pages: Blueprint) -> None:
    """Add the routes."""
    pages.add_url_rule("/todo", "todo", _todo)
    pages.add_url_rule("/done", "done", _done)
    pages.add_url_rule("/work/<number>", "work", _work)
    pages.add_url_rule("/work/<number>/<name>", "act", _act, methods=["POST"])


def _person() -> int:
    person_id = visitor().person_id
    if person_id is None:
        raise NotFound("page.no_case")
    return person_id


def _todo() -> str:
    hand = hands.waiting(deps(), _person())
    allow = consents.would_help_at_work(deps(), visitor().contact_id)
    return render_template("h5/todo.html", hand=hand, allow=allow)


def _done() -> str:
    return render_template("h5/done.html", lines=hands.done(deps(), _person()))


def _work(number: str) -> str:
    return _shown(number)


def _shown(number: str, problem: str = "", tried: str = "") -> str:
    found = hands.look(deps(), _person(), number)
    return render_template(
        "h5/work.html", case=found, problem=problem, tried=tried, typed=request.form,
        endings=ENDINGS,
    )  # fmt: skip


def _act(number: str, name: str) -> Page:
    """One act; who comes second reads who has it, and keeps what they typed."""
    try:
        flash(hands.do(deps(), _person(), number, name, request.form, sent=sent_photos()))
    except (NotFound, Refused) as refusal:
        if refusal.key == "page.no_case":
            raise
        return _shown(number, sentence(refusal), name), 409
    gone = name in ("return", "pass")  # with others now, where this person may not look
    where = url_for("h5.todo") if gone else url_for("h5.work", number=number)
    return redirect(where, 303)
