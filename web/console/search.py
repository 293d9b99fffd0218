"""Search: one box on every page, and the page of what was found."""

from dataclasses import fields

from flask import render_template, request

from bot.domain.console import Right
from bot.services import searching
from bot.services.errors import Refused
from bot.services.searching import Found, SearchForm
from web.console.door import Answer, Console, deps, visitor

LABELS = {
    "words": "字词、编号或电话", "state": "办到哪里", "category": "什么事", "urgency": "急不急",
    "station": "工作站全名或代码", "person": "在办的人", "since": "从哪天", "until": "到哪天",
}  # fmt: skip


def put(pages: Console) -> None:
    """Add this page."""
    pages.page("/search", "search", search, Right.QUEUE)


def asked() -> SearchForm:
    """What stands in this address."""
    return SearchForm(**{each.name: request.args.get(each.name, "") for each in fields(SearchForm)})


def search() -> Answer:
    """The box with its filters, and what was found, if anything is looked for."""
    form = asked()
    after = request.args.get("after", type=int)
    after = after if after is not None and 0 < after < 2**31 else None
    try:
        found = searching.find(deps(), visitor(), form, after) if form.given() else None
    except Refused as refusal:
        return _page(form, None, deps().texts.say(refusal.key, **refusal.values)), 409
    return _page(form, found, "")


def in_words(form: SearchForm) -> str:
    """What is looked for, as people say it."""
    chosen = searching.choices(deps())
    said = (
        f"{LABELS[name]}：{chosen.get(name, {}).get(value, value)}"
        for name, value in form.given().items()
    )
    return "；".join(said)


def _page(form: SearchForm, found: Found | None, problem: str) -> str:
    return render_template(
        "console/search.html", form=form, given=form.given(), found=found, problem=problem,
        choices=searching.choices(deps()), labels=LABELS,
    )  # fmt: skip
