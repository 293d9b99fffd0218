"""What the report draws: lights day by day, how long people take to accept, who carries what."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from bot.domain.deadlines import BEIJING, WorkCalendar, add_working_days, office_time_between
from bot.models.cases import Event
from bot.models.organisation import Person, Post
from bot.models.timing import ClockRow
from bot.store.unit_of_work import Database

STEPS = (1, 2, 4, 6, 12, 18)
"""Office hours; six are a working day."""


@dataclass(frozen=True, slots=True)
class Lights:
    """Unanswered cases on one evening: nothing near, due within a working day, late."""

    day: date
    green: int
    yellow: int
    red: int


@dataclass
class Samples:
    """Looks at the database; writes nothing."""

    database: Database
    calendar: WorkCalendar
    lights: list[Lights] = field(default_factory=list)

    def take(self, now: datetime) -> None:
        """Look at the lights of this evening: one a case, the worst of its clocks."""
        soon = add_working_days(self.calendar, now, 1)
        query = (
            select(ClockRow.subject_id, func.min(ClockRow.due_at))
            .where(ClockRow.ended_at.is_(None), ClockRow.paused_at.is_(None))
            .where(ClockRow.kind.in_(("accept", "answer"))).group_by(ClockRow.subject_id)
        )  # fmt: skip
        with self.database.read() as session:
            found = Counter(
                "red" if due <= now else "yellow" if due <= soon else "green"
                for _, due in session.execute(query)
            )
        day = now.astimezone(BEIJING).date()
        self.lights.append(Lights(day, found["green"], found["yellow"], found["red"]))

    def accepting(self) -> list[tuple[str, int]]:
        """(how long, how many): office time from a dispatch to its acceptance."""
        waits = [_step(wait) for wait in self._waits()]
        labels = [*(f"≤ {hours} 小时" for hours in STEPS), "更久"]
        counted = Counter(waits)
        return [(label, counted[place]) for place, label in enumerate(labels)]

    def _waits(self) -> list[timedelta]:
        sent = ("dispatched", "rerouted", "reopened")
        query = (
            select(Event.case_id, Event.kind, Event.at)
            .where(Event.kind.in_((*sent, "accepted"))).order_by(Event.id)
        )  # fmt: skip
        since: dict[int | None, datetime] = {}
        found: list[timedelta] = []
        with self.database.read() as session:
            for case_id, kind, at in session.execute(query):
                if kind in sent:
                    since[case_id] = at
                elif begun := since.pop(case_id, None):
                    found.append(office_time_between(self.calendar, begun, at))
        return found

    def load(self) -> list[tuple[str, int, int]]:
        """(name, accepted, answered) of everybody who accepted or answered, the busiest first."""
        query = (
            select(Post.person_id, Person.name, Event.kind, func.count())
            .join(Post, Post.id == Event.post_id).join(Person, Person.id == Post.person_id)
            .where(Event.kind.in_(("accepted", "answered")))
            .group_by(Post.person_id, Person.name, Event.kind)
        )  # fmt: skip
        with self.database.read() as session:
            rows = session.execute(query).all()
        people: dict[int, tuple[str, dict[str, int]]] = {}
        for person_id, name, kind, number in rows:
            people.setdefault(person_id, (name, {}))[1][kind] = number
        found = [(n, d.get("accepted", 0), d.get("answered", 0)) for n, d in people.values()]
        return sorted(found, key=lambda each: -each[1])


def _step(wait: timedelta) -> int:
    hours = wait / timedelta(hours=1)
    return next((place for place, limit in enumerate(STEPS) if hours <= limit), len(STEPS))
