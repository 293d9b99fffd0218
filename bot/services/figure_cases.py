"""The cases behind a figure: each time that it was counted is a line, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import CHINESE, State, show_number
from bot.domain.figures import Cell, Figure
from bot.domain.periods import Period
from bot.domain.showing import say_when, shorten
from bot.models.cases import Case
from bot.services import wording
from bot.services.console_visits import ConsoleVisit
from bot.services.figures import Number, of_period
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import figure_cases, worklists
from bot.store.figure_cases import Mark

WORDS = 80
"""Characters of a resident's words in a list."""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One time that a case was counted. `when`: when that was."""

    number: str
    shown: str
    what: str
    text: str
    category: str
    place: str
    state: str
    station: str
    when: str


@dataclass(frozen=True, slots=True)
class FigureCases:
    """A page. `number`: the figure itself; `after`: where the next page begins."""

    number: Number
    lines: tuple[FigureLine, ...]
    after: Mark | None


def behind(
    deps: Deps, visit: ConsoleVisit, figure: Figure, cell: Cell, period: Period,
    *, after: Mark | None = None,
) -> FigureCases:  # fmt: skip
    """One page of the cases that this person may see."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        number = of_period(session, period, cell).number(figure, cell)
        seen = worklists.seen_by(visit.actor)
        found, more = figure_cases.page(session, figure, cell, (period, after), seen)
        cases = figure_cases.by_id(session, {each.case_id for each in found})
        units = {case.owner_unit_id for case in cases.values() if case.owner_unit_id}
        names = worklists.names(session, units)
        lines = (_line(turn, cases[each.case_id], each.fact.at, names) for each in found)
        return FigureCases(number, tuple(lines), more)


def _line(turn: Turn, case: Case, at: datetime, names: dict[int, str]) -> FigureLine:
    return FigureLine(
        number=case.number, shown=show_number(case.number), what=wording.what(turn, case),
        text=shorten(case.masked, WORDS),
        category=wording.topic(turn, case) if case.category else "",
        place=" ".join(filter(None, (case.district, case.street))),
        state=CHINESE[State(case.state)], station=names.get(case.owner_unit_id or 0, ""),
        when=say_when(at, turn.now),
    )  # fmt: skip
