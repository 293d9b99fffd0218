"""Which case may go into which other one, and whose times hold."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import Queue, State
from bot.domain.clocks import ClockKind, paused
from bot.domain.deadlines import BEIJING, WorkCalendar, add_working_days
from bot.domain.ladders import advanced, decide, start_clock
from bot.domain.merging import Mergeable, carried_on, hastened, why_not_merge

CASE, MAIN = Mergeable(1, State.NEW, Queue.STAFF), Mergeable(2, State.DISPATCHED)


@pytest.mark.parametrize(
    ("case", "main", "why"),
    [
        (CASE, MAIN, None),
        (CASE, replace(MAIN, state=State.NEW, queue=Queue.STAFF), None),
        (CASE, replace(MAIN, state=State.ON_HOLD), None),  # forty people about one thing till March
        (replace(MAIN, id=3), MAIN, None),
        (replace(MAIN, id=3, state=State.ACCEPTED), replace(MAIN, state=State.CONSULTING), None),
        (replace(CASE, id=2), MAIN, "self"),
        (replace(CASE, merged=True), MAIN, "self"),
        (replace(CASE, guarded=True), MAIN, "guarded"),
        (CASE, replace(MAIN, guarded=True), "guarded"),
        (CASE, replace(MAIN, state=State.NEW, queue=Queue.EMERGENCY), "guarded"),
        (CASE, replace(MAIN, state=State.ANSWERED), "over"),
        (CASE, replace(MAIN, merged=True), "over"),
        (replace(CASE, settling=True, queue=None), MAIN, "settling"),
        (CASE, replace(MAIN, state=State.NEW, settling=True), "settling"),
        (replace(CASE, wants_human=True), MAIN, "human"),
        (replace(CASE, supervised=True), MAIN, "supervised"),
        (CASE, replace(MAIN, supervised=True), None),
        (MAIN, CASE, "other_way"),  # what has come further keeps its people
        (replace(MAIN, id=3, state=State.ON_HOLD), MAIN, "other_way"),
    ],
)  # fmt: skip
def test_what_goes_into_what(case: Mergeable, main: Mergeable, why: str | None) -> None:
    """Each row names the refusal, or none."""
    assert why_not_merge(case, main) == (f"console.merge_{why}" if why else None)


CAL = WorkCalendar()
MONDAY = datetime(2026, 11, 23, 10, tzinfo=BEIJING)
HOURS = st.integers(0, 200).map(lambda hours: timedelta(hours=hours))


@given(HOURS, HOURS, HOURS)
def test_the_earlier_time_holds(later: timedelta, earlier: timedelta, gone: timedelta) -> None:
    """Whenever two are merged: due is the earlier time, nothing that was done is done again, and
    nothing is planned before now, or out of order."""
    own = MONDAY + later
    clock = start_clock(ClockKind.ANSWER, CAL, own, add_working_days(CAL, own, 5))
    now = own + gone
    clock = advanced(clock, decide(clock, now), now)
    other = own - earlier
    due = add_working_days(CAL, other, 5)
    for each in (clock, paused(clock, now)):
        found = hastened(each, CAL, other, due, now)
        assert (found.started, found.due) == (min(own, other), min(clock.due, due))
        assert found.steps[: clock.rung] == clock.steps[: clock.rung]
        ahead = [step.at for step in found.steps[clock.rung :]]
        assert ahead == sorted(ahead)
        assert all(at >= now for at in ahead)
        assert [s.rung for s in found.steps] == [s.rung for s in clock.steps]


def test_a_clock_that_goes_on_elsewhere_is_not_late_at_once() -> None:
    """What its plan had before it came here comes now."""
    clock = start_clock(ClockKind.ANSWER, CAL, MONDAY, add_working_days(CAL, MONDAY, 1))
    now = MONDAY + timedelta(days=3)
    found = carried_on(clock, now)
    assert (found.started, found.due) == (clock.started, clock.due)
    assert min(step.at for step in found.steps) == now
