"""The overview: figures of some days, each of which opens its cases."""

from datetime import UTC, date, datetime
from enum import StrEnum
from io import BytesIO
from typing import TypeVar
from urllib.parse import urlencode

from flask import redirect, render_template, request, send_file, url_for

from bot.domain.console import Right
from bot.domain.deadlines import BEIJING
from bot.domain.figures import NAMES, OF, Cell, Dimension, Figure
from bot.domain.periods import Period, Range, period
from bot.services import figure_cases, figures_export, sheets
from bot.services import overview as service
from bot.services.errors import NotFound
from bot.store.figure_cases import Mark
from web.addresses import address
from web.console.door import Answer, Console, deps, visitor

RANGES = {Range.TODAY: "今天", Range.WEEK: "这周", Range.YEAR: "今年"}
"""By one tap; days of one's own stand beside them."""
LONGEST_KEY = 120
Choice = TypeVar("Choice", bound=StrEnum)


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/overview", "overview", overview, Right.OVERVIEW)
    pages.page("/overview/export", "figures_export", export, Right.OVERVIEW, ("POST",))
    pages.page("/overview/cases", "figure_cases", cases, Right.OVERVIEW)


def overview() -> Answer:
    """All figures of the chosen days."""
    chosen, days = _days()
    return render_template(
        "console/overview.html", found=service.overview(deps(), days), chosen=chosen,
        ranges=RANGES, names=NAMES, of=OF, trend=service.TREND,
    )  # fmt: skip


def export() -> Answer:
    """The same as a workbook, for who has given a code of the authenticator."""
    chosen, days = _days()
    if not visitor().may(Right.EXPORT):
        ends = {"from": days.first.isoformat(), "to": days.last.isoformat()}
        back = f"{url_for('console.overview')}?{urlencode({'range': chosen.value} | ends)}"
        name = "console.code" if visitor().has_authenticator else "console.authenticator"
        return redirect(url_for(name, to=back), 303)
    file = figures_export.export(deps(), visitor(), days, address())
    name = f"figures-{days.first.isoformat()}-{days.last.isoformat()}.xlsx"
    return send_file(BytesIO(file), sheets.TYPE, as_attachment=True, download_name=name)


def cases() -> Answer:
    """The cases behind one figure."""
    figure = _one(Figure, "figure", Figure.RECEIVED)
    key = request.args.get("key", "").replace("\0", "")[:LONGEST_KEY]
    cell: Cell = (_one(Dimension, "by", Dimension.TOTAL), key)
    chosen, days = _days()
    found = figure_cases.behind(
        deps(), visitor(), figure, cell, days, after=_mark(request.args.get("after", ""))
    )
    return render_template(
        "console/figure_cases.html", found=found, figure=figure, cell=cell, days=days,
        name=NAMES[figure], chosen=chosen, after=_words(found.after),
        where=service.label(deps(), *cell) if cell[0] is not Dimension.TOTAL else "",
    )  # fmt: skip


def _days() -> tuple[Range, Period]:
    """Which days the address means; this week where it says nothing."""
    chosen = _one(Range, "range", Range.WEEK)
    today = deps().clock.now().astimezone(BEIJING).date()
    return chosen, period(chosen, today, (_date("from"), _date("to")))


def _one(kind: type[Choice], name: str, usual: Choice) -> Choice:
    """What the address says; NotFound for what there is not."""
    given = request.values.get(name, usual.value)
    found = next((each for each in kind if each.value == given), None)
    if found is None:
        raise NotFound("console.no_view")
    return found


def _date(name: str) -> date | None:
    try:
        return date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return None


def _words(mark: Mark | None) -> str | None:
    """Where the next page begins, for its address."""
    return f"{mark.event_id}.{mark.at.timestamp():.6f}" if mark else None


def _mark(words: str) -> Mark | None:
    """The same again; what makes no sense begins at the start."""
    number, _, at = words.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    try:
        return Mark(datetime.fromtimestamp(float(at), UTC), int(number))
    except (ValueError, OverflowError, OSError):
        return None
