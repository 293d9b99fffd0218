"""What we promise of reminders, and what came of it: published, also to ourselves.

Every figure comes from events, outbox and clocks; docs/operations.md says how to count them again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.lateness import (
    DOUBLED,
    HOUR,
    IN_DOUBT,
    PASSED_OVER,
    REMINDER,
    RUNG,
    SETTLED,
    Lateness,
    hour_of,
)  # fmt: skip
from bot.services.ports import Deps
from bot.store import alarms, lateness
from bot.store.lateness import Counts

DAY = timedelta(days=1)
WINDOWS: dict[str, timedelta | None] = {"24h": DAY, "7d": 7 * DAY, "since": None}
HOURS_A_RUN = 48
PUT_OFF = "watch:put_off"
"""The watch's alarm about rungs whose own plan is long past; it counts them."""


@dataclass(frozen=True, slots=True)
class Promise:
    """The promises over one window, which begins at the full hour `since`.

    `rungs`: from the moment a rung was due until it was recorded. `reminders`: from that moment, or
    the end of the quiet hours after it, until the message was handed over. `lost`: rungs left out,
    rungs due for over an hour and not recorded, reminders due for over a day and neither sent nor
    given up. `doubled`: rungs recorded twice. `in_doubt`: reminders that may have arrived twice.
    """

    window: str
    since: datetime
    rungs: Lateness
    reminders: Lateness
    lost: int
    doubled: int
    in_doubt: int


def promises(deps: Deps) -> tuple[Promise, ...]:
    """The last 24 hours, the last 7 days, and all since records began."""
    now = deps.clock.now()
    with deps.database.read() as session:
        return tuple(_kept(session, name, length, now) for name, length in WINDOWS.items())


def _kept(session: Session, name: str, length: timedelta | None, now: datetime) -> Promise:
    begin = _begin(session, length, now)
    folded_until = lateness.folded_until(session) or begin
    counted = lateness.count(session, max(begin, folded_until), now + HOUR)
    before = lateness.folded(session, begin) if folded_until > begin else {}
    lost = _number(counted, before, PASSED_OVER) + _missing(session, now)
    return Promise(
        name, begin, _lateness(counted, before, RUNG), _lateness(counted, before, REMINDER),
        lost, _number(counted, before, DOUBLED), _number(counted, before, IN_DOUBT),
    )  # fmt: skip


def _begin(session: Session, length: timedelta | None, now: datetime) -> datetime:
    if length is not None:
        return hour_of(now - length)
    first = lateness.first_folded(session) or lateness.first_after(session, None)
    return hour_of(first or now)


def _lateness(counted: Counts, before: Counts, measure: str) -> Lateness:
    return Lateness.of([*counted.get(measure, ()), *before.get(measure, ())])


def _number(counted: Counts, before: Counts, measure: str) -> int:
    return _lateness(counted, before, measure).count


def _missing(session: Session, now: datetime) -> int:
    """What is owed at this moment. The sweep may have put a clock off: then the watch's own count
    of the plans tells more than the next step."""
    put_off = sum(a.count for a in alarms.open_alarms(session) if a.kind == PUT_OFF)
    return max(lateness.missing_now(session, now, HOUR, DAY), put_off)


def fold_lateness(deps: Deps) -> list[str]:
    """Count the hours that are over for good, oldest first, so that a window over a year costs no
    more than one over a day. Returns the hours in which anything happened."""
    now = deps.clock.now()
    until = hour_of(now - SETTLED)
    done: list[str] = []
    with deps.database.read() as session:
        begin = lateness.folded_until(session)
        first = lateness.first_after(session, begin)
    if first is None or hour_of(first) >= until:
        return []
    with deps.database.write() as session:
        at: datetime | None = first
        while at is not None and hour_of(at) < until and len(done) < HOURS_A_RUN:
            hour = hour_of(at)
            lateness.fold(session, hour)
            done.append(hour.isoformat(timespec="minutes"))
            lateness.mark_folded(session, hour + HOUR)
            at = lateness.first_after(session, hour + HOUR)
    return done
