"""The watch: an eye on the engines that shares no code with them.

It alarms on anything that should have moved and did not, once a cause, with when it began, and
clears the alarm when it is over. The scheduler runs `watch` and `inspect`; `flask watch`, `doctor`
and `/readyz` look from outside, where a scheduler that stands still is seen as well.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.domain.cases import show_number
from bot.domain.lateness import DOUBLED, PASSED_OVER
from bot.services.engine import LEADER, at_work
from bot.services.ports import Deps
from bot.services.settle import WAY
from bot.store import alarms, lateness, leases, ticks
from bot.store import watch as looks
from bot.store.ticks import Tick
from bot.store.watch import Suspect

log = logging.getLogger(__name__)

PREFIX = "watch:"
"""How the kinds of the watch's alarms begin."""
FLAPPING, FLAP_SPAN = 5, timedelta(minutes=15)
"""Moves of the lead in this span. A restart is one; a process that dies at once makes many."""
BETWEEN_LOOKS = timedelta(seconds=30)
SILENT_RUNS, SILENT_GRACE = 3, timedelta(seconds=60)
"""A job is silent when it has missed so many runs and this long on top."""

Kind = Literal[
    "database", "scheduler", "job_silent", "overdue", "flapping", "claimed", "unsent", "media",
    "receipts", "no_next_step", "put_off", "clock_on_closed", "two_owners", "rung_doubled",
    "rung_left_out",
]  # fmt: skip

STOPS: frozenset[Kind] = frozenset({"database", "scheduler", "job_silent", "overdue"})
"""The engines stand still, as a whole or one of them: no heartbeat goes out."""
QUICK: frozenset[Kind] = frozenset(
    {"job_silent", "flapping", "overdue", "claimed", "unsent", "media", "receipts"}
)
THOROUGH: frozenset[Kind] = frozenset(
    {
        "no_next_step", "put_off", "clock_on_closed", "two_owners", "rung_doubled",
        "rung_left_out",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """One cause. `count`: how many things (at most 1000); `cases`: some of their numbers; `since`:
    when it began, as far as is known; `names`: of jobs. `stops`: the engines stand still."""

    kind: Kind
    count: int
    since: datetime | None = None
    cases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    stops: bool = False


def look(deps: Deps) -> list[Wrong]:
    """Everything that is wrong now, seen from outside the scheduler; what stops all comes first.
    A database that does not answer is a finding, not an error. Writes nothing."""
    now = deps.clock.now()
    try:
        with deps.database.read() as session:
            known = ticks.all_ticks(session)
            quick, thorough = _quick(session, known, now), _thorough(session, now)
            found = [*quick, *thorough]
            begun = {a.kind: a.first_at for a in alarms.open_alarms(session)}
        working = at_work(deps).who
    except SQLAlchemyError:
        return [Wrong("database", 1, stops=True)]
    if not working:
        found = [each for each in found if each.kind != "job_silent"]  # no wonder
        found.append(Wrong("scheduler", 1, stops=True))
    dated = [replace(w, since=w.since or begun.get(f"{PREFIX}{w.kind}")) for w in found]
    return sorted(dated, key=lambda each: not each.stops)


def standing_still(deps: Deps) -> list[Wrong]:
    """What is known to have stopped, at little cost: silent jobs now, and the watch's own open
    alarms of that kind. Raises SQLAlchemyError."""
    with deps.database.read() as session:
        silent = list(_silent(ticks.all_ticks(session)))
        open_ones = _open(session, STOPS - {"job_silent"})
    return silent + open_ones


def alarmed(deps: Deps) -> list[Wrong]:
    """The watch's open alarms. Raises SQLAlchemyError."""
    with deps.database.read() as session:
        return _open(session, QUICK | THOROUGH)


def _open(session: Session, kinds: Collection[Kind]) -> list[Wrong]:
    rows = {alarm.kind: alarm for alarm in alarms.open_alarms(session)}
    found = ((kind, rows.get(f"{PREFIX}{kind}")) for kind in sorted(kinds))
    return [
        Wrong(kind, row.count, row.first_at, stops=kind in STOPS)
        for kind, row in found
        if row is not None
    ]


def watch(deps: Deps) -> list[str]:
    """Look at what has been due for too long, by index, and at the scheduler itself; ring or clear
    the alarms. Returns what changed."""
    with deps.database.read() as session:
        known = ticks.all_ticks(session)
        asof = _last_look(known, "watch", deps.clock.now())
        if asof is None:
            return []
        found = _quick(session, known, asof)
    return _ring(deps, found, QUICK)


def inspect(deps: Deps) -> list[str]:
    """Look at everything that is open: cases without a next step, clocks on what is over, rungs
    that were left out or came twice; ring or clear the alarms. Returns what changed."""
    with deps.database.read() as session:
        asof = _last_look(ticks.all_ticks(session), "inspect", deps.clock.now())
        if asof is None:
            return []
        found = _thorough(session, asof)
    return _ring(deps, found, THOROUGH)


def _last_look(known: Sequence[Tick], job: str, now: datetime) -> datetime | None:
    """What was due at the last look and is due still has stood still. So neither days of being
    off nor a demo clock that was pushed rings while the engines make up for it. None when that
    look was only just now: nothing has had time to move."""
    seen = next((tick for tick in known if tick.name == job), None)
    if seen is None:
        return now
    just_now = seen.clock_at != ticks.NEVER and datetime.now(UTC) - seen.at < BETWEEN_LOOKS
    return None if just_now else min(seen.clock_at, now)


def _quick(session: Session, known: Sequence[Tick], asof: datetime) -> list[Wrong]:
    closed = "channel" in leases.closed(session, WAY, asof)
    found = [_wrong(*each) for each in looks.quick(session, asof, closed=closed).items()]
    moves = ticks.moves_since(session, LEADER, asof - FLAP_SPAN)
    flapping = [Wrong("flapping", moves)] if moves >= FLAPPING else []
    return [*_silent(known), *found, *flapping]


def _thorough(session: Session, asof: datetime) -> list[Wrong]:
    found = [_wrong(*each) for each in looks.thorough(session, asof).items()]
    flaws = lateness.count_flaws(session, asof - timedelta(days=1), asof)
    for measure, kind in _FLAWS.items():
        if flaws[measure]:
            found.append(Wrong(kind, flaws[measure]))
    return found


_FLAWS: dict[str, Kind] = {DOUBLED: "rung_doubled", PASSED_OVER: "rung_left_out"}


def _wrong(kind: str, suspect: Suspect) -> Wrong:
    name = _KINDS[kind]
    numbers = tuple(show_number(number) for number in suspect.cases)
    return Wrong(name, suspect.count, suspect.since, numbers, stops=name in STOPS)


_KINDS: dict[str, Kind] = {kind: kind for kind in QUICK | THOROUGH}


def _silent(known: Sequence[Tick]) -> Iterable[Wrong]:
    """Jobs that have not come to their end for several runs, by the machine's clock."""
    now = datetime.now(UTC)
    silent = [
        tick
        for tick in known
        if tick.at + SILENT_RUNS * timedelta(seconds=tick.every) + SILENT_GRACE < now
    ]
    if silent:
        names = tuple(tick.name for tick in silent)
        since = min(tick.at for tick in silent)
        yield Wrong("job_silent", len(silent), since, names=names, stops=True)


def _ring(deps: Deps, found: Iterable[Wrong], kinds: Collection[Kind]) -> list[str]:
    wrong = {f"{PREFIX}{each.kind}": each for each in found}
    with deps.database.read() as session:
        known = {a.kind: (a.count, a.detail) for a in alarms.open_alarms(session)}
    ours = {f"{PREFIX}{kind}" for kind in kinds} & known.keys()
    news = {k: w for k, w in wrong.items() if known.get(k) != (w.count, _detail(w))}
    over = sorted(ours - wrong.keys())
    if not news and not over:
        return []
    now = deps.clock.now()
    with deps.database.write() as session:
        for kind, each in news.items():
            alarms.keep_raised(session, kind, _detail(each), now, count=each.count)
        alarms.clear_all(session, over, now)
    rung = [w.kind for k, w in news.items() if k not in known]
    for kind in rung:
        log.error("alarm_watch kind=%s count=%s", kind, wrong[f"{PREFIX}{kind}"].count)
    for gone in over:
        log.info("watch_clear kind=%s", gone.removeprefix(PREFIX))
    return [f"raised {kind}" for kind in rung] + [f"cleared {each[len(PREFIX) :]}" for each in over]


def _detail(wrong: Wrong) -> str:
    return " ".join((*wrong.names, *wrong.cases))
