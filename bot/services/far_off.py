"""A machine whose time was wrong for a while, a year ahead perhaps, has planned next steps that lie
as far away. When its time is right again nobody would hear of those cases until then."""

from datetime import timedelta

from bot.domain.clocks import ClockKind, brought_back
from bot.domain.deadlines import add_working_days
from bot.services.ports import Deps
from bot.store import alarms, cases, clocks

ALARM = "clock_was_wrong"
FAR = timedelta(days=120)
"""No ladder plans so far ahead: the longest answer, extended, takes 25 working days. Only a case on
hold waits longer, for its own review date."""
STANDS = timedelta(days=1)
"""How long the alarm stands after the last find."""
BATCH = 200


def bring_back(deps: Deps) -> list[str]:
    """Have such clocks looked at on the next working day, and staff told once; due times stay what
    they were announced to be. Returns the cases' numbers, of other subjects the kind."""
    now = deps.clock.now()
    with deps.database.read() as session:
        found = clocks.beyond(session, now + FAR, {ClockKind.HOLD}, BATCH)
        told = next((a.last_at for a in alarms.open_alarms(session) if a.kind == ALARM), None)
    if not found:
        if told is not None and not now - STANDS <= told <= now:
            with deps.database.write() as session:
                alarms.clear(session, ALARM, now)
        return []
    return [number for clock_id in found if (number := _one(deps, clock_id))]


def _one(deps: Deps, clock_id: int) -> str:
    now = deps.clock.now()
    with deps.database.write() as session:
        case_id = clocks.case_id_of(session, clock_id)
        number = "" if case_id is None else cases.get(session, case_id).number
        row = clocks.locked(session, clock_id)
        if row.next_step_at is None or row.next_step_at <= now + FAR:
            return ""
        soon = add_working_days(deps.calendar(), now, 1)
        clocks.rewrite(row, brought_back(clocks.snapshot(row), soon))
        alarms.raise_alarm(session, ALARM, number or row.subject_kind, now)
        return number or row.subject_kind
