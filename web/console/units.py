"""Posts of the office and of districts: seen, given, ended."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.domain.roles import ROLE_NAMES
from bot.services import unit_posts
from bot.services.errors import Refused
from web.addresses import address
from web.console.door import Answer, Console, carry, deps, visitor


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/units", "units", units, Right.MASTER)
    pages.page("/units/<code>", "unit", unit, Right.MASTER)
    pages.page("/units/<code>/<name>", "unit_act", act, Right.MASTER, ("POST",))


def units() -> Answer:
    """Who is in the office, and who convenes which district."""
    return render_template("console/units.html", units=unit_posts.listed(deps()))


def unit(code: str) -> Answer:
    """One of them."""
    return _unit(code, 200)


def act(code: str, name: str) -> Answer:
    """Give a post, or end one."""
    typed = {field: request.form.get(field, "") for field in unit_posts.FIELDS}
    try:
        said = unit_posts.do(deps(), visitor(), code, name, typed, address=address())
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _unit(code, 409, problem=words, tried=name, typed=typed)
    return redirect(url_for("console.unit", code=code, said=carry(said)), 303)


def _unit(code: str, status: int, **values: object) -> tuple[str, int]:
    found = unit_posts.look(deps(), visitor(), code)
    empty: dict[str, object] = {"typed": {}, "tried": ""}
    shown = render_template(
        "console/unit.html", unit=found, role_words=ROLE_NAMES, **empty | values
    )
    return shown, status
