"""Finding hot matters: by what was registered in a few days, never by all cases."""

from itertools import pairwise

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from bot.domain.cases import OPEN
from bot.domain.hot import Hot
from bot.domain.periods import DAY, Period, midnight
from bot.models.cases import Case, Event
from bot.store.figures import plain

MOST = 10


def hot(session: Session, days: Period, least: int) -> list[Hot]:
    """Category and street from which at least so many residents wrote in these days; those of most
    residents first."""
    residents = func.count(func.distinct(Case.contact_id))
    mornings = (midnight(days.first + n * DAY) for n in range(days.days + 1))
    by_day = [
        func.sum(case(((Event.at >= one) & (Event.at < other), 1), else_=0))
        for one, other in pairwise(mornings)
    ]
    query = (
        select(
            Case.category, Case.street, residents, func.count(),
            func.sum(case((Case.state.in_(OPEN), 1), else_=0)), *by_day,
        )
        .join(Case, Case.id == Event.case_id)
        .where(
            Event.kind == "registered", Event.at >= days.begin, Event.at < days.end,
            Case.street.is_not(None), Case.category.is_not(None), plain(),
        )
        .group_by(Case.category, Case.street)
        .having(residents >= least)
        .order_by(residents.desc(), Case.category, Case.street)
        .limit(MOST)
    )  # fmt: skip
    return [
        Hot(category, street, people, cases, int(open_), tuple(int(n) for n in each))
        for category, street, people, cases, open_, *each in session.execute(query)
    ]


def alike(session: Session, one: Case, days: Period, seen: ColumnElement[bool]) -> int:
    """How many other residents wrote of the same category in the same street in these days, as far
    as it may be seen."""
    query = (
        select(func.count(func.distinct(Case.contact_id)))
        .join(Event, Case.id == Event.case_id)
        .where(
            *(Event.kind == "registered", Event.at >= days.begin, Event.at < days.end),
            *(Case.street == one.street, Case.category == one.category),
            *(Case.contact_id != one.contact_id, seen, plain()),
        )
    )
    return session.execute(query).scalar_one()
