"""The calendar that clocks count by: the published one, with the office's own days on top."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from bot.domain.deadlines import WorkCalendar
from bot.domain.roster import DAY_PLANS
from bot.services.ports import Deps
from bot.store import roster as store
from bot.store.unit_of_work import Database

FRESH_SECONDS = 30
"""How long a process goes on with the days it has read: a change is known everywhere soon, and a
sweep of thousands of clocks asks once."""


class OfficeCalendar:
    """Call it for the calendar of now. What was announced before a change stays as announced: due
    times are kept with their clocks. `monotonic`: seconds that only grow."""

    def __init__(
        self,
        published: WorkCalendar,
        database: Database,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._published, self._database = published, database
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._read: tuple[float, WorkCalendar] | None = None

    def __call__(self) -> WorkCalendar:
        """The calendar, at most FRESH_SECONDS old. Raises SQLAlchemyError while the database can't
        be read."""
        with self._lock:
            now = self._monotonic()
            if self._read is None or now - self._read[0] >= FRESH_SECONDS:
                self._read = now, self._look()
            return self._read[1]

    def _look(self) -> WorkCalendar:
        with self._database.read() as session:
            days = store.load_days(session)
        planned = {
            plan: frozenset(entry.day for entry in days if entry.plan == plan)
            for plan in DAY_PLANS
        }  # fmt: skip
        return self._published.with_own_days(planned["rest"], planned["work"])


def days_ahead(deps: Deps, first: date, count: int) -> Iterator[dict[str, Any]]:
    """Each of `count` days: whether the office works, whether that was published, the note."""
    calendar = deps.calendar()
    with deps.database.read() as session:
        own = {entry.day: entry for entry in store.load_days(session)}
    for day in (first + timedelta(days=number) for number in range(count)):
        entry = own.get(day)
        yield {
            "date": day.isoformat(),
            "weekday": "一二三四五六日"[day.weekday()],
            "works": calendar.is_workday(day),
            "own": DAY_PLANS[entry.plan] if entry else None,
            "note": entry.note if entry else None,
            "published": day <= calendar.known_until,
        }
