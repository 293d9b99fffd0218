"""Search: one box on every page, and the page of what was found."""

from dataclasses import fields
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import own_filters, searching
from bot.services.errors import Refused
from bot.services.searching import Found, SearchForm
from web.console.door import Answer, Console, deps, visitor

LABELS = {
    "words": "字词、编号或电话", "state": "办到哪里", "category": "什么事", "urgency": "急不急",
    "station": "工作站全名或代码", "person": "在办的人", "since": "从哪天", "until": "到哪天",
}  # fmt: skip


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/search", "search", search, Right.QUEUE)
    pages.page("/search/keep", "keep_filter", keep, Right.QUEUE, ("POST",))
    pages.page("/search/drop", "drop_filter", drop, Right.QUEUE, ("POST",))


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


def keep() -> Answer:
    """Keep what this address looks for under a name."""
    form = asked()
    try:
        own_filters.keep(deps(), visitor(), request.form.get("name", ""), form)
    except Refused as refusal:
        return _page(form, None, deps().texts.say(refusal.key, **refusal.values)), 409
    return redirect(f"{url_for('console.search')}?{urlencode(form.given())}", 303)


def drop() -> Answer:
    """Forget one that was kept."""
    own_filters.drop(deps(), visitor(), request.form.get("name", ""))
    return redirect(url_for("console.search"), 303)


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
        mine=own_filters.mine(deps(), visitor()),
    )  # fmt: skip
