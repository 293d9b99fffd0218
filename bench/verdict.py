"""Whether the promises were kept, read from the tables and from what people were told.

It shares no query with the sweep or the watch: every clock's own plan is compared with the rungs
that were recorded for it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.models.cases import Case, Event
from bot.models.conversation import Outbox
from bot.models.timing import ClockRow

OVER = frozenset({"closed", "withdrawn", "rejected"})
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Rung:
    """One recorded rung."""

    at: datetime
    due_at: datetime
    data: dict[str, Any]


@dataclass
class Verdict:
    """What was found. `wrong`: kind → cases, at most a few of each named."""

    cases: int = 0
    closed: int = 0
    waiting: int = 0
    late: int = 0
    """Accept and answer clocks that ran past their due time."""
    rungs: int = 0
    doubtful: int = 0
    """Notices that may have arrived twice, and are marked."""
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def count(self, *kinds: str) -> int:
        """How many of these."""
        return sum(len(self.wrong[kind]) for kind in kinds)

    def lines(self) -> list[str]:
        """One line a kind of trouble; none when all is well."""
        return [
            f"{kind}: {len(found)} ({', '.join(found[:SHOWN])})"
            for kind, found in sorted(self.wrong.items())
            if found
        ]


LOST = ("promised number is no case", "open without a next step")
DOUBLED = ("rung recorded twice",)
UNESCALATED = (
    "rung left out",
    "rung out of order",
    "rung late",
    "rung told nobody and says not why",
)


def judge(session: Session, now: datetime, grace: timedelta, promised: Collection[str]) -> Verdict:
    """Look at everything. `grace`: how long after its moment a rung may be recorded. `promised`:
    the numbers that residents were given."""
    found = Verdict()
    numbers = _cases(session, found, promised)
    rungs, stops = _rungs(session), _stops(session)
    found.rungs = sum(map(len, rungs.values()))
    for clock in session.scalars(select(ClockRow).order_by(ClockRow.id)):
        own = rungs.get(clock.id, []), now, grace, stops[clock.subject_id]
        for kind in _clock(clock, *own):
            found.wrong[kind].append(f"{numbers[clock.subject_id]} {clock.kind}")
        end = clock.ended_at or now
        found.late += clock.kind in ("accept", "answer") and end > clock.due_at
    doubtful = select(func.count()).select_from(Outbox).where(Outbox.in_doubt)
    found.doubtful = session.scalars(doubtful).one()
    return found


def _cases(session: Session, found: Verdict, promised: Collection[str]) -> dict[int, str]:
    """Counts by state; every open case has a running clock with a next step, every promised
    number a case. Returns id → number."""
    awake = select(ClockRow.subject_id).where(ClockRow.next_step_at.is_not(None))
    waking = set(session.scalars(awake))
    rows = session.execute(select(Case.id, Case.number, Case.state, Case.merged_into)).all()
    for case_id, number, state, merged in rows:
        over = state in OVER or merged is not None
        found.closed += over
        found.waiting += not over
        if not over and case_id not in waking:
            found.wrong["open without a next step"].append(number)
    found.cases = len(rows)
    known = {number for _, number, _, _ in rows}
    found.wrong["promised number is no case"] += sorted(set(promised) - known)
    return {case_id: number for case_id, number, _, _ in rows}


def _rungs(session: Session) -> dict[int, list[Rung]]:
    query = (
        select(Event.clock_id, Event.at, Event.due_at, Event.data)
        .where(Event.kind == "rung").order_by(Event.id)
    )  # fmt: skip
    found: dict[int, list[Rung]] = defaultdict(list)
    for clock_id, at, due_at, data in session.execute(query):
        found[clock_id].append(Rung(at, due_at, data))
    return found


def _stops(session: Session) -> dict[int | None, list[datetime]]:
    """When clocks of a case were stopped or went on: what was due while one stood comes after it
    runs again, if it still runs then."""
    query = select(Event.case_id, Event.at).where(Event.kind.in_(("paused", "continued")))
    found: dict[int | None, list[datetime]] = defaultdict(list)
    for case_id, at in session.execute(query):
        found[case_id].append(at)
    return found


def _clock(
    clock: ClockRow, rungs: list[Rung], now: datetime, grace: timedelta, stops: list[datetime]
) -> Iterable[str]:
    """What is wrong with one clock, each kind once."""
    places = Counter(rung.data["index"] for rung in rungs)
    if max(places.values(), default=1) > 1:
        yield "rung recorded twice"
    if set(places) != set(range(clock.rung)) or _left_out(clock, now, grace, stops):
        yield "rung left out"
    if any(a.at > b.at for a, b in pairwise(rungs)):
        yield "rung out of order"
    if any(_late(rung, grace, stops) for rung in rungs):
        yield "rung late"
    told = {rung.due_at for rung in rungs if rung.data["told"]}
    if any(_told_nobody(rung.data) and rung.due_at not in told for rung in rungs):
        yield "rung told nobody and says not why"  # who holds two posts is told once a moment


def _left_out(clock: ClockRow, now: datetime, grace: timedelta, stops: list[datetime]) -> bool:
    """A rung of the plan was due for longer than the grace while the clock ran."""
    end = clock.ended_at or now
    stood = clock.paused_at is not None or any(end - grace <= at <= end for at in stops)
    pending = (datetime.fromisoformat(step["at"]) for step in clock.ladder[clock.rung :])
    return not stood and any(at <= end - grace for at in pending)


def _late(rung: Rung, grace: timedelta, stops: list[datetime]) -> bool:
    stood = any(rung.due_at <= at <= rung.at for at in stops)
    return rung.at - rung.due_at > grace and not stood


def _told_nobody(data: dict[str, Any]) -> bool:
    silent = not data["notice"] or data["superseded"] or data["told"]
    return not silent and not data["missing"]
