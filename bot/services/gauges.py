"""The figures of /metrics: all from the database, so that every worker gives the same ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.domain.cases import OPEN, Queue, State
from bot.services.engine import LEADER
from bot.services.health import readiness
from bot.services.ports import Deps
from bot.services.promises import Promise, promises
from bot.services.watch import FLAP_SPAN, PREFIX, QUICK, THOROUGH
from bot.store import alarms, gauges, ticks


@dataclass(frozen=True, slots=True)
class Sample:
    """One number with its labels."""

    value: float
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """One metric. `labels` names those of its samples. A histogram's samples are its bins, in the
    order of bot.domain.lateness.BOUNDS."""

    name: str
    help: str
    samples: tuple[Sample, ...]
    labels: tuple[str, ...] = ()
    kind: Literal["gauge", "counter", "histogram"] = "gauge"


def figures(deps: Deps) -> tuple[Family, ...]:
    """Every figure; of a database that does not answer only that it does not."""
    ready = not readiness(deps)
    first = Family("xmz_ready", "1 while /readyz answers 200", (Sample(float(ready)),))
    try:
        kept = promises(deps)
        with deps.database.read() as session:
            rest = (*_work(session, deps.clock.now()), *_engines(session, deps.clock.now()))
        return first, *rest, *_promises(kept)
    except SQLAlchemyError:
        return (first,)


def _work(session: Session, now: datetime) -> Iterator[Family]:
    """What is open, and what waits."""
    cases = gauges.open_cases(session)
    states: dict[str, float] = dict.fromkeys((*sorted(OPEN), State.ANSWERED), 0)
    queues: dict[str, float] = dict.fromkeys(Queue, 0)
    for (state, queue), count in cases.items():
        states[state] += count
        if state == State.NEW and queue:
            queues[queue] += count
    yield _by("xmz_cases", "Cases that are not over", "state", states)
    yield _by("xmz_queue", "New cases that wait for a person", "queue", queues)
    yield _by("xmz_outbox", "Notices that are not through", "state", gauges.notices(session))
    for name, backlog in (
        ("xmz_clocks", gauges.clocks_due(session, now)),
        ("xmz_notices", gauges.notices_due(session, now)),
    ):
        late = (now - backlog.oldest).total_seconds() if backlog.oldest else 0.0
        yield Family(f"{name}_due", "Due now", (Sample(backlog.due),))
        yield Family(f"{name}_oldest_due_seconds", "Age of the oldest due one", (Sample(late),))
    waiting = Sample(gauges.files_waiting(session))
    yield Family("xmz_attachments_waiting", "Files that are not fetched yet", (waiting,))
    last = gauges.last_message(session)
    if last is not None:
        stamp = (Sample(last.timestamp()),)
        yield Family("xmz_last_message_timestamp_seconds", "When anybody last wrote", stamp)


def _engines(session: Session, now: datetime) -> Iterator[Family]:
    """Alarms, the watch's findings, and the jobs of the scheduler."""
    open_ones = alarms.open_alarms(session)
    found: dict[str, float] = dict.fromkeys(sorted(QUICK | THOROUGH), 0)
    kinds: dict[str, float] = {}
    for alarm in open_ones:
        if alarm.kind.startswith(PREFIX):
            found[alarm.kind.removeprefix(PREFIX)] = alarm.count
        else:
            kind = alarm.kind.partition(":")[0]
            kinds[kind] = kinds.get(kind, 0) + 1
    yield _by("xmz_watch_found", "What the watch found wrong", "kind", found)
    yield _by("xmz_alarms", "Other open alarms", "kind", kinds)
    moves = ticks.moves_since(session, LEADER, now - FLAP_SPAN)
    yield Family("xmz_lead_moves", "Moves of the lead in 15 minutes", (Sample(moves),))
    jobs = ticks.all_ticks(session)
    last = {tick.name: tick.at.timestamp() for tick in jobs}
    yield _by("xmz_job_last_run_timestamp_seconds", "End of the job's last good run", "job", last)
    did, failed = {t.name: t.did for t in jobs}, {t.name: t.failures for t in jobs}
    yield _by("xmz_job_did", "Things that the job did", "job", did, "counter")
    yield _by("xmz_job_failures", "Runs that failed", "job", failed, "counter")


def _promises(kept: tuple[Promise, ...]) -> Iterator[Family]:
    """What bot.services.promises tells."""
    both = [(k.window, "rungs", k.rungs) for k in kept]
    both += [(k.window, "reminders", k.reminders) for k in kept]
    stats = tuple(
        Sample(value, (of, window, stat))
        for window, of, late in both
        for stat, value in (("p50", late.p50), ("p95", late.p95), ("max", late.worst))
    )
    names = ("of", "window", "stat")
    yield Family("xmz_lateness_seconds", "From due to done", stats, names)
    counts = tuple(Sample(late.count, (of, window)) for window, of, late in both)
    yield Family("xmz_lateness_counted", "How many that is of", counts, names[:2])
    for name, words, values in (
        ("xmz_lost", "Rungs and reminders lost", {k.window: k.lost for k in kept}),
        ("xmz_doubled", "Rungs recorded twice", {k.window: k.doubled for k in kept}),
        ("xmz_in_doubt", "Reminders maybe sent twice", {k.window: k.in_doubt for k in kept}),
    ):
        yield _by(name, words, "window", values)
    for name, late in (("rung", kept[-1].rungs), ("reminder", kept[-1].reminders)):
        bins = tuple(Sample(count) for count in late.counts)
        words = "From due to done, since records began"
        yield Family(f"xmz_{name}_late_seconds", words, bins, kind="histogram")


def _by(
    name: str, words: str, label: str, values: Mapping[str, float],
    kind: Literal["gauge", "counter"] = "gauge",
) -> Family:  # fmt: skip
    samples = tuple(Sample(float(value), (str(key),)) for key, value in values.items())
    return Family(name, words, samples, (label,), kind)
