"""Ladders, the office's calendar, and the sentences that people read."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import calendar_desk, ladder_desk, office_categories, office_texts
from bot.services.category_book import CATEGORIES
from bot.services.errors import NotFound, Refused, ServiceError
from bot.services.ladder_book import LADDERS_BOOK
from bot.services.stations import fingerprint
from bot.services.text_book import TEXTS
from web.console import workbooks
from web.console.door import Answer, Console, carry, deps, visitor
from web.console.workbooks import Table


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/ladders", "ladders", ladders, Right.RULES)
    pages.page("/ladders/<name>", "ladder", ladder, Right.RULES)
    pages.page("/ladders/<name>/<step>", "ladder_act", ladder_act, Right.MASTER, ("POST",))
    pages.page("/categories", "categories", categories, Right.RULES)
    pages.page("/categories/<code>", "category", category, Right.RULES)
    pages.page("/categories/<code>/keep", "category_keep", keep_order, Right.MASTER, ("POST",))
    pages.page("/categories/<code>/name", "category_rewrite", rewrite, Right.MASTER, ("POST",))
    pages.page("/texts", "texts", texts, Right.RULES)
    pages.page("/texts/<key>", "text", text, Right.RULES)
    pages.page("/texts/<key>/keep", "text_keep", keep_text, Right.MASTER, ("POST",))
    for table in _TABLES:
        workbooks.put(pages, table)
    pages.page("/calendar", "calendar", calendar, Right.RULES)
    pages.page("/calendar/day", "calendar_day", day, Right.MASTER, ("POST",))


def ladders() -> Answer:
    """Who is told when, by clock."""
    return _ladders(200)


def _ladders(status: int, **values: object) -> tuple[str, int]:
    found = ladder_desk.listed(deps())
    return render_template("console/ladders.html", ladders=found, **values), status


def ladder(name: str) -> Answer:
    """One ladder; with ?default the product's own in the form."""
    return _ladder(name, 200)


def ladder_act(name: str, step: str) -> Answer:
    """Check a changed ladder and try it on a case, or keep it."""
    rows = ladder_desk.typed(request.form)
    fields = ("reason", "version", "number", "first")
    given = {field: request.form.get(field, "") for field in fields}
    try:
        if step == "try":
            return _tried(name, rows, given)
        said = _kept(name, step, rows, given)
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        if step == "drop":
            return _ladder(name, 409, problem=words)
        faults = ladder_desk.faults_of(deps(), name, rows)
        return _ladder(name, 409, rows=rows, problem=words, faults=faults, given=given)
    return redirect(url_for("console.ladder", name=name, said=carry(said)), 303)


def _kept(name: str, step: str, rows: tuple[ladder_desk.Row, ...], given: dict[str, str]) -> str:
    said = {"reason": given["reason"], "version": given["version"]}
    if step == "keep":
        return ladder_desk.keep(deps(), visitor(), name, rows, first=given["first"], **said)
    if step == "drop":
        return ladder_desk.drop(deps(), visitor(), name, given["first"], **said)
    raise NotFound("console.no_view")


def _tried(name: str, rows: tuple[ladder_desk.Row, ...], given: dict[str, str]) -> Answer:
    faults = ladder_desk.faults_of(deps(), name, rows)
    if faults or not given["number"].strip():
        status = 409 if faults else 200
        return _ladder(name, status, rows=rows, faults=faults, given=given, checked=True)
    try:
        ahead = ladder_desk.attempt(deps(), visitor(), name, rows, given["number"])
    except NotFound as missing:
        words = deps().texts.say(missing.key, **missing.values)
        return _ladder(name, 409, rows=rows, problem=words, given=given)
    return _ladder(name, 200, rows=rows, ahead=ahead, given=given, checked=True)


def _ladder(name: str, status: int, **values: object) -> tuple[str, int]:
    found = ladder_desk.look(deps(), name, default="default" in request.args)
    empty: dict[str, object] = {
        "faults": (),
        "ahead": None,
        "given": {},
        "checked": False,
        "rows": found.rows,
    }
    return render_template("console/ladder.html", ladder=found, spare=ladder_desk.SPARE,
                           **empty | values), status  # fmt: skip


def categories() -> Answer:
    """Which sectors a category finds its studio by."""
    return _categories(200)


def _categories(status: int, **values: object) -> tuple[str, int]:
    found = office_categories.listed(deps())
    return render_template("console/categories.html", categories=found, **values), status


def category(code: str) -> Answer:
    """One of them."""
    return _category(code, 200)


def keep_order(code: str) -> Answer:
    """Say what another order would change; said again, keep it."""
    given = request.form
    named = (given.get(f"sector-{n}", "") for n in range(office_categories.SECTORS))
    order = tuple(name for name in named if name)
    why = given.get("reason", "")
    try:
        done = office_categories.keep(
            deps(), visitor(), code, order, reason=why, sure=given.get("sure", "")
        )
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _category(code, 409, problem=words, order=order, reason=why)
    if isinstance(done, str):
        return redirect(url_for("console.category", code=code, said=carry(done)), 303)
    return _category(code, 200, order=order, reason=why, differences=done)


def rewrite(code: str) -> Answer:
    """Name it anew, or give its answer other days."""
    typed = {name: request.form.get(name, "") for name in ("name", "days", "reason", "before")}
    try:
        said = office_categories.rewrite(deps(), visitor(), code, **typed)
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _category(code, 409, problem=words, typed=typed)
    return redirect(url_for("console.category", code=code, said=carry(said)), 303)


def _category(code: str, status: int, **values: object) -> tuple[str, int]:
    found, names, history = office_categories.look(deps(), code)
    empty: dict[str, object] = {"order": found.sectors, "reason": "", "differences": None,
                                "typed": {}, "before": fingerprint(found)}  # fmt: skip
    shown = render_template(
        "console/category.html", category=found, names=names, history=history,
        slots=office_categories.SECTORS, **empty | values,
    )  # fmt: skip
    return shown, status


def texts() -> Answer:
    """Sentences that may be written anew."""
    return _texts(200)


def _texts(status: int, **values: object) -> tuple[str, int]:
    given = {name: request.args.get(name, "")[:60] for name in ("q", "group")}
    found = office_texts.listed(deps(), given["q"], given["group"])
    shown = render_template(
        "console/texts.html", sentences=found, given=given, groups=office_texts.GROUPS, **values
    )
    return shown, status


def text(key: str) -> Answer:
    """One of them."""
    return _text(key, 200)


def keep_text(key: str) -> Answer:
    """Write it anew, or give the product's own back."""
    given = {name: request.form.get(name, "") for name in ("words", "reason", "before")}
    try:
        said = office_texts.keep(
            deps(), visitor(), key, given["words"], reason=given["reason"], before=given["before"]
        )
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _text(key, 409, problem=words, given=given)
    return redirect(url_for("console.text", key=key, said=carry(said)), 303)


def _text(key: str, status: int, **values: object) -> tuple[str, int]:
    found, history = office_texts.look(deps(), key)
    shown = render_template(
        "console/text.html",
        sentence=found,
        history=history,
        means=office_texts.MEANS,
        **{"given": None} | values,
    )
    return shown, status


def calendar() -> Answer:
    """Eight weeks: which days the office works."""
    try:
        return _calendar(200, request.args.get("from", "")[:10])
    except Refused:
        return _calendar(200)


def day() -> Answer:
    """Change one day."""
    fields = dict(request.form.items())
    try:
        said = calendar_desk.change(deps(), visitor(), fields)
    except ServiceError as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _calendar(409, problem=words, typed=fields)
    return redirect(url_for("console.calendar", said=carry(said)), 303)


def _calendar(status: int, first: str = "", **values: object) -> tuple[str, int]:
    found = calendar_desk.look(deps(), first)
    shown = render_template(
        "console/calendar.html", calendar=found, plans=calendar_desk.PLANS,
        **{"typed": {}} | values,
    )  # fmt: skip
    return shown, status


_TABLES = (
    Table("ladders", LADDERS_BOOK, _ladders, "个阶梯", ("时限", "现在", "导入以后")),
    Table("categories", CATEGORIES, _categories, "个类别", ("现在", "导入以后"), "这些类别"),
    Table("texts", TEXTS, _texts, "句", ("原来的话", "导入以后")),
)
"""What goes out and comes in as workbooks."""
