"""The figures of days that are over, written down once, and anew when a case of theirs changes."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.deadlines import BEIJING
from bot.domain.periods import DAY, Period
from bot.services.ports import Deps
from bot.store import figures
from bot.store import statistics as store

SETTLED = timedelta(minutes=10)
"""So long after its end a day is whole: no write unit takes nearly as long."""
DAYS_A_RUN = 40
"""A town with years behind it is caught up with in some runs, and others get their turn."""
BATCHES_A_RUN = 10


def statistics(deps: Deps) -> Sequence[str]:
    """Count the days that are over, the oldest first, and those again of which a case has changed
    since. Each day is a write unit of its own and comes out the same however often it is counted,
    so that it may stop anywhere. Returns the days."""
    return [day.isoformat() for day in (*_new_days(deps), *_changed_days(deps))]


def _new_days(deps: Deps) -> list[date]:
    today = (deps.clock.now() - SETTLED).astimezone(BEIJING).date()
    done: list[date] = []
    with deps.database.read() as session:
        at = store.counted_until(session)
        if at is not None and at >= today:
            return done
        first = store.first_event(session) if at is None else None
        newest = store.newest_event(session)
    if at is None:
        if first is None:
            return done
        at = first.astimezone(BEIJING).date()
        with deps.database.write() as session:
            # Whatever changed before this moment is counted as it now is. What is on its way at
            # this moment has one of the next few ids, or of the last few.
            store.set_looked_at(session, max(0, newest - store.AT_A_TIME))
    while at < today and len(done) < DAYS_A_RUN:
        _count(deps, at, until=at + DAY)
        done.append(at)
        at += DAY
    return done


def _changed_days(deps: Deps) -> list[date]:
    before = deps.clock.now() - SETTLED
    done: list[date] = []
    for _ in range(BATCHES_A_RUN):
        with deps.database.read() as session:
            until = store.counted_until(session)
            looked = store.looked_at(session)
            last, cases = store.changes(session, looked, before)
            moments = store.moments(session, cases)
        if until is None or last == looked:
            break
        days = {at.astimezone(BEIJING).date() for at in moments}
        for day in sorted(day for day in days if day < until):
            _count(deps, day)
            done.append(day)
        with deps.database.write() as session:
            store.set_looked_at(session, last)
    return done


def _count(deps: Deps, day: date, *, until: date | None = None) -> None:
    """Read first: the others wait only while the sums are written."""
    span = Period(day, day)
    with deps.database.read() as session:
        counts = figures.count(figures.between(session, span.begin, span.end))
    with deps.database.write() as session:
        figures.keep(session, day, counts)
        if until is not None:
            store.set_counted_until(session, until)
