"""The list of common questions: what residents are told at once."""

from flask import redirect, render_template, request, url_for

from bot.domain.common_questions import FIELDS, LONGEST, STANDINGS, WORDINGS, Entry
from bot.domain.console import Right
from bot.services import common_questions, question_trial, unanswered
from bot.services.errors import NotFound, Refused
from web.console.door import Answer, Console, carry, deps, visitor


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/questions", "questions", questions, Right.RULES)
    pages.page("/questions/unanswered", "questions_unanswered", missing, Right.RULES)
    pages.page("/questions/new", "question_new", new, Right.ANSWERS)
    pages.page("/questions/new/<step>", "question_add", add, Right.ANSWERS, ("POST",))
    pages.page("/questions/<code>", "question", question, Right.RULES)
    pages.page("/questions/<code>/<step>", "question_act", act, Right.ANSWERS, ("POST",))


def questions() -> Answer:
    """The list."""
    given = {name: request.args.get(name, "")[:60] for name in ("q", "standing")}
    found = common_questions.listed(deps(), given["q"], given["standing"])
    return render_template("console/questions.html", listed=found, given=given, standings=STANDINGS)


def missing() -> Answer:
    """What residents ask and the list lacks."""
    found = unanswered.look(deps(), visitor())
    return render_template(
        "console/questions_unanswered.html", found=found, days=unanswered.LOOK_BACK.days
    )


def new() -> Answer:
    """A form, empty but for what a question that has no answer brings along."""
    asked = {name: request.args.get(name, "")[:100] for name in ("question", "category")}
    if not any(asked.values()):
        return _page(None, 200)
    proposed = common_questions.half_a_year(deps()).isoformat()
    return _page(None, 200, given=asked | {"valid_until": proposed})


def add(step: str) -> Answer:
    """See how a new entry looks, or keep it."""
    return _act(None, step)


def question(code: str) -> Answer:
    """One entry."""
    return _page(code, 200)


def act(code: str, step: str) -> Answer:
    """See how a changed entry looks, keep it, or end it."""
    return _act(code, step)


def _act(code: str | None, step: str) -> Answer:
    given = {name: request.form.get(name, "") for name in (*FIELDS, "reason")}
    version = request.form.get("version", 0, type=int)
    try:
        if step == "try":
            tried = common_questions.attempt(deps(), code, given)
            return _page(code, 200, given=given, tried=tried)
        if step == "keep":
            code, said = common_questions.keep(
                deps(), visitor(), code, given, reason=given["reason"], version=version
            )
        elif step == "end" and code is not None:
            said = common_questions.end(
                deps(), visitor(), code, reason=given["reason"], version=version
            )
        else:
            raise NotFound("console.no_view")
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _page(code, 409, problem=words, given=given if step != "end" else None)
    return redirect(url_for("console.question", code=code, said=carry(said)), 303)


def _page(code: str | None, status: int, **values: object) -> tuple[str, int]:
    found = common_questions.look(deps(), code)
    empty: dict[str, object] = {"given": None, "tried": None}
    tried = values.get("tried")
    shown = tried if isinstance(tried, Entry) else found.line.entry if found.line else None
    page = render_template(
        "console/question.html", found=found, longest=LONGEST, wordings=WORDINGS,
        standings=STANDINGS, proposed=common_questions.half_a_year(deps()).isoformat(),
        shown=common_questions.shown_answer(deps(), shown) if shown else "",
        unheard=question_trial.unheard(deps(), shown) if shown and not shown.ended_at else (),
        **empty | values,
    )  # fmt: skip
    return page, status
