"""Counting what happened, straight from events; and the figures that are kept by day.

Restricted cases are left out here, once for all figures: whoever reads them may see every case that
is counted, and nobody can work out one that they may not see.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from bot.domain.facts import facts
from bot.domain.figures import (
    COUNTED,
    READ,
    Cell,
    Dimension,
    Fact,
    Figure,
    Happened,
    Matter,
    cells,
)
from bot.models.cases import Case, Event
from bot.models.figures import DayFigure

AT_A_TIME = 500
"""Cases whose events are read at once."""
BY_PERSON = frozenset({"post", "shell"})
"""Actors of events who are people at work."""

KIND = func.coalesce(Event.kind, "")
"""As an expression, so that SQLite looks up the events of the cases that are asked for, and not all
events of these kinds."""

Counts = Counter[tuple[Cell, Figure]]


def plain() -> ColumnElement[bool]:
    """The cases that are counted: those which everybody with the overview may see. Emergencies are
    among them, whatever queue they are in."""
    return and_(Case.handling == "normal", or_(Case.queue.is_(None), Case.queue != "restricted"))


@dataclass(frozen=True, slots=True)
class Counted:
    """One fact of one case."""

    case_id: int
    fact: Fact
    matter: Matter


def between(session: Session, begin: datetime, end: datetime) -> Iterator[Counted]:
    """All facts from one moment up to another, by case."""
    query = (
        select(Event.case_id)
        .join(Case, Case.id == Event.case_id)
        .where(Event.kind.in_(COUNTED), Event.at >= begin, Event.at < end, plain())
        .distinct()
    )
    ids = [case_id for case_id in session.scalars(query) if case_id is not None]
    for each in of_cases(session, ids):
        if begin <= each.fact.at < end:
            yield each


def of_cases(session: Session, case_ids: Collection[int]) -> Iterator[Counted]:
    """All facts of these cases."""
    for some in _batches(sorted(case_ids)):
        rows = session.execute(_stories(some))
        for (case_id, *known), story in groupby(rows, lambda row: tuple(row[:4])):
            matter = Matter(*(value or "" for value in known))
            for fact in facts(_happened(row) for row in story):
                yield Counted(case_id, fact, matter)


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(ids), AT_A_TIME):
        yield ids[at : at + AT_A_TIME]


def _stories(case_ids: Collection[int]) -> Select[Any]:
    return (
        select(
            Event.case_id, Case.category, Case.district, Case.street,
            Event.id, Event.kind, Event.at, Event.actor, Event.data,
        )
        .join(Case, Case.id == Event.case_id)
        .where(Event.case_id.in_(case_ids), KIND.in_(READ))
        .order_by(Event.case_id, Event.id)
    )  # fmt: skip


def _happened(row: Any) -> Happened:
    return Happened(row.id, row.kind, row.at, row.actor in BY_PERSON, row.data)


def count(found: Iterable[Counted]) -> Counts:
    """How many facts lie in each cell."""
    counts: Counts = Counter()
    for each in found:
        for cell in cells(each.fact, each.matter):
            counts[cell, each.fact.figure] += 1
    return counts


def keep(session: Session, day: date, counts: Counts) -> None:
    """Write one day's figures, in place of those that are there."""
    session.execute(delete(DayFigure).where(DayFigure.day == day))
    rows = [
        {"day": day, "dimension": dimension.value, "key": key, "figure": figure.value,
         "number": number}
        for ((dimension, key), figure), number in counts.items()
    ]  # fmt: skip
    if rows:
        session.execute(insert(DayFigure), rows)


def kept(
    session: Session, first: date, last: date, but: Collection[date] = (), cell: Cell | None = None
) -> Counts:
    """The sums over days that are kept, both ends included, some days left out; of one cell alone,
    if it is named."""
    query = (
        select(DayFigure.dimension, DayFigure.key, DayFigure.figure, func.sum(DayFigure.number))
        .where(DayFigure.day.between(first, last), DayFigure.day.not_in(but))
        .group_by(DayFigure.dimension, DayFigure.key, DayFigure.figure)
    )
    if cell is not None:
        query = query.where(DayFigure.dimension == cell[0].value, DayFigure.key == cell[1])
    counts: Counts = Counter()
    for dimension, key, figure, number in session.execute(query):
        counts[(Dimension(dimension), key), Figure(figure)] = int(number)
    return counts


def kept_by_day(
    session: Session, first: date, last: date, but: Collection[date] = ()
) -> dict[tuple[date, Figure], int]:
    """The totals of each day that is kept, some days left out."""
    query = select(DayFigure.day, DayFigure.figure, DayFigure.number).where(
        DayFigure.day.between(first, last), DayFigure.day.not_in(but),
        DayFigure.dimension == Dimension.TOTAL.value,
    )  # fmt: skip
    return {(day, Figure(figure)): number for day, figure, number in session.execute(query)}
