"""Rules of where cases go: seen, laid down, ended."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import office_rules
from bot.services.errors import Refused
from bot.services.route_book import ROUTES
from web.console import workbooks
from web.console.door import Answer, Console, carry, deps, visitor
from web.console.workbooks import Table

STATES = {
    "on": ("ok", "● 在用"), "ahead": ("rest", "○ 还没开始"), "over": ("rest", "○ 结束"),
    "idle": ("late", "▲ 站不收件，不起作用"),
}  # fmt: skip
FIELDS = ("category", "place", "station", "first", "last", "reason", "sure")


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/routes", "routes", routes, Right.RULES)
    pages.page("/routes/add", "routes_add", add, Right.MASTER, ("POST",))
    pages.page("/routes/<int:ref>", "route", route, Right.RULES)
    pages.page("/routes/<int:ref>/end", "route_end", end, Right.MASTER, ("POST",))
    headings = "现在", "导入以后"
    workbooks.put(pages, Table("routes", ROUTES, _routes, "条", headings, "这些地方、这些事"))


def routes() -> Answer:
    """All of them, and the form of a new one."""
    return _routes(200)


def add() -> Answer:
    """Say what a rule would change; said again, lay it down."""
    typed = _typed()
    try:
        done = office_rules.add(
            deps(), visitor(), typed, reason=typed["reason"], sure=typed["sure"]
        )
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _routes(409, problem=words, typed=typed)
    if isinstance(done, str):
        return redirect(url_for("console.routes", said=carry(done)), 303)
    return _routes(200, typed=typed, differences=done)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in FIELDS}


def _routes(status: int, **values: object) -> tuple[str, int]:
    empty: dict[str, object] = {"typed": {}, "differences": None}
    shown = render_template(
        "console/routes.html", rules=office_rules.listed(deps()), states=STATES,
        choices=office_rules.choices(deps()), **empty | values,
    )  # fmt: skip
    return shown, status


def route(ref: int) -> Answer:
    """One of them."""
    return _route(ref, 200)


def end(ref: int) -> Answer:
    """Say what its end would change; said again, end it."""
    typed = _typed()
    try:
        done = office_rules.end(
            deps(), visitor(), ref, typed["last"], reason=typed["reason"], sure=typed["sure"]
        )
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _route(ref, 409, problem=words, typed=typed)
    if isinstance(done, str):
        return redirect(url_for("console.route", ref=ref, said=carry(done)), 303)
    return _route(ref, 200, typed=typed, differences=done)


def _route(ref: int, status: int, **values: object) -> tuple[str, int]:
    rule, history = office_rules.look(deps(), ref)
    empty: dict[str, object] = {"typed": {}, "differences": None}
    shown = render_template(
        "console/route.html", rule=rule, history=history, states=STATES, **empty | values
    )
    return shown, status
