"""Search: one box on every page, and the page of what was found."""

from dataclasses import fields

from flask import render_template, request

from bot.domain.console import Right
from bot.services import searching
from bot.services.errors import Refused
from bot.services.searching import Found, SearchForm
from web.console.door import Answer, Console, deps, visitor


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


def _page(form: SearchForm, found: Found | None, problem: str) -> str:
    return render_template(
        "console/search.html", form=form, given=form.given(), found=found, problem=problem,
        choices=searching.choices(deps()),
    )  # fmt: skip
