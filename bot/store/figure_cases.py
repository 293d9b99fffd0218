"""Finding the cases behind a figure: events of its kinds by index, then what they counted for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true, tuple_
from sqlalchemy.orm import Session

from bot.domain.figures import KINDS, SEPARATOR, Cell, Dimension, Figure, cells
from bot.domain.periods import Period
from bot.models.cases import Case, Event
from bot.store.figures import Counted, of_cases, plain

PAGE = 50
AT_A_TIME = 200
"""Events that are looked at for a page at once…"""
ROUNDS = 25
"""…and how many times; then the page ends, and the next one looks on."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ends: the event that the next one begins after."""

    at: datetime
    event_id: int


def page(
    session: Session, figure: Figure, cell: Cell, where: tuple[Period, Mark | None],
    seen: ColumnElement[bool],
) -> tuple[list[Counted], Mark | None]:  # fmt: skip
    """The newest facts of a figure in a cell, after a mark if one is given; and where to go on."""
    period, mark = where
    base = _candidates(figure, cell, period).where(seen)
    found: list[Counted] = []
    for _ in range(ROUNDS):
        query = base
        if mark is not None:
            query = query.where(tuple_(Event.at, Event.id) < (mark.at, mark.event_id))
        rows = session.execute(query.limit(AT_A_TIME)).all()
        found += _counted(session, figure, cell, rows)
        if len(found) > PAGE:
            last = found[PAGE - 1].fact
            return found[:PAGE], Mark(last.at, last.event_id)
        if len(rows) < AT_A_TIME:
            return found, None
        mark = Mark(rows[-1].at, rows[-1].id)
    return found, mark


def _candidates(figure: Figure, cell: Cell, period: Period) -> Select[int, datetime, int | None]:
    return (
        select(Event.id, Event.at, Event.case_id)
        .join(Case, Case.id == Event.case_id)
        .where(Event.kind.in_(KINDS[figure]), Event.at >= period.begin, Event.at < period.end)
        .where(plain(), _of_case(cell))
        .order_by(Event.at.desc(), Event.id.desc())
    )


def _of_case(cell: Cell) -> ColumnElement[bool]:
    """What the case itself must be; what its station was is known from its events only."""
    dimension, key = cell
    if dimension is Dimension.CATEGORY:
        return func.coalesce(Case.category, "") == key
    if dimension is Dimension.DISTRICT:
        return func.coalesce(Case.district, "") == key
    if dimension is Dimension.STREET:
        return func.coalesce(Case.street, "") == key
    if dimension is Dimension.HEAT:
        category, _, street = key.partition(SEPARATOR)
        return (Case.category == category) & (Case.street == street)
    return true()


def _counted(session: Session, figure: Figure, cell: Cell, rows: Iterable[Any]) -> list[Counted]:
    """Which of these events count, in the order given."""
    place = {row.id: n for n, row in enumerate(rows)}
    found = [
        each
        for each in of_cases(session, {row.case_id for row in rows})
        if each.fact.figure is figure
        and each.fact.event_id in place
        and cell in cells(each.fact, each.matter)
    ]
    return sorted(found, key=lambda each: place[each.fact.event_id])


def by_id(session: Session, case_ids: Collection[int]) -> dict[int, Case]:
    """These cases."""
    query = select(Case).where(Case.id.in_(case_ids))
    return {case.id: case for case in session.scalars(query)} if case_ids else {}
