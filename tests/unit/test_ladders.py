"""Clocks: their plans, and what a sweep must do."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.clocks import ClockKind, ClockSnapshot, due_time, paused, resumed
from bot.domain.deadlines import (
    BEIJING,
    Span,
    WorkCalendar,
    add_working_days,
    office_time_between,
)
from bot.domain.ladders import LADDERS, advanced, decide, extended, start_clock
from bot.domain.notices import NOTICES
from bot.domain.rungs import (
    AUDIENCES,
    After,
    LadderError,
    Rung,
    checked,
    ladder_from_json,
    ladder_to_json,
    rung,
    steps_from_json,
    steps_to_json,
)

CAL = WorkCalendar(rest_days=frozenset(date(2026, 10, day) for day in range(1, 8)))
MONDAY = datetime(2026, 9, 21, 10, 0, tzinfo=BEIJING)
moments = st.integers(0, 60 * 24 * 3600).map(
    lambda seconds: datetime(2026, 9, 1, tzinfo=BEIJING) + timedelta(seconds=seconds)
)
kinds = st.sampled_from(list(ClockKind))


def clock_of(
    kind: ClockKind, started: datetime = MONDAY, span: str = "", *, urgent: bool = False
) -> ClockSnapshot:
    """A clock with the default ladder; a hold, which ends on a day of its own, lasts ten days."""
    length = Span.parse(span) if span else Span(10, "d") if kind is ClockKind.HOLD else None
    due = due_time(kind, CAL, started, span=length, urgent=urgent)
    return start_clock(kind, CAL, started, due)


def plan(clock: ClockSnapshot) -> list[tuple[str, str]]:
    """The plan as people read it: Beijing time and audience."""
    return [(f"{s.at.astimezone(BEIJING):%m-%d %H:%M}", s.rung.audience) for s in clock.steps]


def beijing(text: str) -> datetime:
    """ "09-21 10:00" of 2026, as UTC."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING).astimezone(UTC)


CLIMB = ["second_convener", "station_head", "district_convener", "staff", "leader"]


@pytest.mark.parametrize(
    ("clock", "times", "audiences"),
    [
        # One day: a single reminder at 80 % (120 minutes in the morning, 168 after lunch).
        (
            clock_of(ClockKind.ACCEPT),
            "09-21 17:18,09-22 10:00,09-22 10:00,09-23 10:00,09-24 10:00,09-24 10:00",
            ["holder", *CLIMB],
        ),
        # Urgent: half of it.
        (
            clock_of(ClockKind.ACCEPT, urgent=True),
            "09-21 14:54,09-21 15:30,09-21 15:30,09-22 15:30,09-23 15:30,09-23 15:30",
            ["holder", *CLIMB],
        ),
        # Two days: reminders at 50 % and 80 %.
        (
            clock_of(ClockKind.ACCEPT, span="2d"),
            "09-22 10:00,09-22 16:06,09-23 10:00,09-23 10:00,09-24 10:00,09-25 10:00,09-25 10:00",
            ["holder", "holder", *CLIMB],
        ),
        # Five days for the answer: yellow one day before, red when late.
        (
            clock_of(ClockKind.ANSWER),
            "09-25 10:00,09-28 10:00,09-28 10:00,09-29 10:00,09-30 10:00,09-30 10:00",
            ["holder", "holder", "station_head", "district_convener", "staff", "leader"],
        ),
        # The callback: two more tries, then closed unrated.
        (
            clock_of(ClockKind.FEEDBACK),
            "09-22 10:00,09-23 10:00,09-30 10:00",
            ["resident", "resident", "system"],
        ),
        # Triage: four working hours.
        (
            clock_of(ClockKind.TRIAGE),
            "09-21 16:30,09-21 16:30,09-22 16:30",
            ["staff", "resident", "leader"],
        ),
        # Settling is wall time, on a Sunday night too.
        (clock_of(ClockKind.SETTLE, beijing("09-20 23:59")), "09-21 00:00", ["system"]),
        # A question lapses after three days, over the holiday, in working time.
        (clock_of(ClockKind.QUESTION, beijing("09-30 10:00")), "10-12 10:00", ["system"]),
        # A case on hold comes back.
        (clock_of(ClockKind.HOLD), "10-12 10:00", ["system"]),
        # An assisting station is reminded twice; then the owner hears that nothing came.
        (
            clock_of(ClockKind.ASSIST),
            "09-23 10:00,09-24 10:00,09-28 10:00",
            ["holder", "holder", "owner"],
        ),
    ],
)
def test_plans(clock: ClockSnapshot, times: str, audiences: list[str]) -> None:
    """Each kind of clock tells the right people at the right working time."""
    assert plan(clock) == list(zip(times.split(","), audiences, strict=True))


def test_emergency_climbs_every_five_minutes() -> None:
    """An emergency rings every five minutes of the night, and climbs to staff and leader."""
    night = beijing("10-03 02:00")
    clock = clock_of(ClockKind.EMERGENCY, night)
    assert clock.due == night + timedelta(minutes=5)
    assert plan(clock)[:5] == [
        ("10-03 02:05", "duty"),
        ("10-03 02:05", "staff"),
        ("10-03 02:10", "duty"),
        ("10-03 02:10", "staff"),
        ("10-03 02:10", "leader"),
    ]
    assert clock.steps[-1].at == night + timedelta(hours=1)


def test_default_ladders_are_sound() -> None:
    """Every default ladder tells notices that exist, and there is one for every kind of clock."""
    assert set(LADDERS) == {*ClockKind, "accept_short"}
    told = {each.notice for ladder in LADDERS.values() for each in ladder if each.notice}
    assert told <= set(NOTICES)


def test_steps_never_go_back() -> None:
    """A reminder "one day before" on a clock of three hours comes at the start, not before it."""
    clock = clock_of(ClockKind.ANSWER, span="3h")
    assert clock.steps[0].at == clock.started
    short = start_clock(
        ClockKind.SETTLE,
        CAL,
        MONDAY,
        MONDAY + timedelta(minutes=1),
        ladders={"settle": (rung("due-5m", "staff", "triage_needed"),)},
    )
    assert short.steps[0].at == MONDAY


def test_hours_before_the_end() -> None:
    """ "due-2h" counts office hours back from the end, over lunch."""
    clock = start_clock(
        ClockKind.TRIAGE,
        CAL,
        MONDAY,
        beijing("09-21 15:30"),
        ladders={"triage": (rung("due-2h", "staff", "triage_needed"),)},
    )
    assert plan(clock) == [("09-21 11:00", "staff")]


def test_decide_before_anything_is_due() -> None:
    """Nothing due: look again at the next rung."""
    decision = decide(clock_of(ClockKind.ACCEPT), MONDAY)
    assert (decision.fired, decision.ended) == ((), False)
    assert decision.next_step_at == beijing("09-21 17:18")


def test_after_days_off_only_the_latest_is_told() -> None:
    """After a long stop every rung is recorded once; older ones for the same people are silent."""
    decision = decide(clock_of(ClockKind.ANSWER), MONDAY + timedelta(days=60))
    assert [(f.index, f.rung.audience, f.superseded) for f in decision.fired] == [
        (0, "holder", True),  # yellow is pointless once it is red
        (1, "holder", False),
        (2, "station_head", False),
        (3, "district_convener", False),
        (4, "staff", False),
        (5, "leader", False),
    ]
    assert (decision.next_step_at, decision.ended) == (None, False)


def test_an_effect_ends_the_clock() -> None:
    """Seven silent days close a case unrated, and that clock is over."""
    clock = clock_of(ClockKind.FEEDBACK)
    decision = decide(clock, beijing("09-30 10:00"))
    assert [f.rung.effect for f in decision.fired] == [None, None, "close_unrated"]
    assert decision.ended
    over = advanced(clock, decision, beijing("09-30 10:00"))
    assert over.next_step_at is None
    assert decide(over, beijing("10-30 10:00")) == type(decision)((), None, True)


def test_a_paused_clock_is_silent() -> None:
    """A paused clock fires nothing; resumed after six office hours it is a day later."""
    clock = clock_of(ClockKind.ACCEPT)
    stopped = paused(clock, beijing("09-21 11:00"))
    assert stopped.next_step_at is None
    assert decide(stopped, beijing("10-20 10:00")).fired == ()
    assert paused(stopped, beijing("09-22 11:00")) == stopped
    going = resumed(stopped, CAL, beijing("09-22 11:00"))
    assert going.due == beijing("09-23 10:00")
    assert going.next_step_at == beijing("09-22 17:18")
    assert resumed(clock, CAL, beijing("09-22 11:00")) == clock


def test_what_was_due_before_the_pause_stays_due() -> None:
    """A reminder that the sweep had not yet sent is not put off by a pause."""
    stopped = paused(clock_of(ClockKind.ACCEPT), beijing("09-21 17:20"))
    going = resumed(stopped, CAL, beijing("09-23 17:20"))
    assert plan(going)[:2] == [("09-21 17:18", "holder"), ("09-24 10:00", "second_convener")]


def test_wall_clocks_are_shifted_in_wall_time() -> None:
    """A paused emergency goes on by the minute."""
    clock = paused(clock_of(ClockKind.EMERGENCY), MONDAY + timedelta(minutes=2))
    going = resumed(clock, CAL, MONDAY + timedelta(minutes=32))
    assert going.next_step_at == MONDAY + timedelta(minutes=35)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"after": "-5m", "audience": "duty", "notice": "emergency"}], "rung 1: -5m is negative"),
        ([{"after": "120%", "audience": "duty", "notice": "emergency"}], "rung 1: 120% is past"),
        ([{"after": "soon", "audience": "duty", "notice": "emergency"}], "rung 1: 'soon' is not"),
        ([{"after": "50%", "audience": "", "notice": "emergency"}], "rung 1: nobody to tell"),
        ([{"after": "50%", "audience": "king", "notice": "emergency"}], "rung 1: nobody to tell"),
        ([{"after": "50%", "audience": "duty", "notice": ""}], "rung 1: neither a notice"),
        ([{"after": "50%", "audience": "duty", "effect": "explode"}], "rung 1: unknown effect"),
        ([{"audience": "duty", "notice": "emergency"}], "rung 1: after, audience and notice"),
        ([{"after": "50%", "audience": "duty", "effect": 3}], "rung 1: after, audience"),
    ],
)
def test_wrong_rungs(rows: list[dict[str, Any]], message: str) -> None:
    """A wrong rung is refused by its number and with the reason."""
    with pytest.raises(LadderError, match=message):
        ladder_from_json(rows)


@pytest.mark.parametrize(
    ("first", "second", "sound"),
    [
        ("50%", "80%", True),
        ("80%", "50%", False),  # shares go up
        ("+1d", "+2d", True),
        ("+2d", "+1d", False),  # days after the end go up
        ("+1d", "80%", False),  # after the end comes after every share
        ("+1d", "due-1d", False),
        ("+1d", "5m", False),
        ("100%", "due-1d", False),  # the end comes after what is before it
        ("due-1d", "100%", True),
        ("due-1d", "due-2d", False),  # counted back: two days before comes first
        ("due-2d", "due-1d", True),
        ("5m", "10m", True),
        ("10m", "5m", False),
        ("7d", "50%", True),  # depends on the clock's length: the plan puts it right
        ("100%", "100%", True),  # two people at once
    ],
)
def test_order_of_rungs(first: str, second: str, sound: bool) -> None:
    """A ladder whose order can't be is refused."""
    rungs = [rung(first, "holder", "push"), rung(second, "staff", "push")]
    if sound:
        assert checked(rungs) == tuple(rungs)
    else:
        with pytest.raises(LadderError, match="rung 2"):
            checked(rungs)


def test_nothing_follows_an_effect() -> None:
    """An effect ends the clock, so it must be the last rung."""
    with pytest.raises(LadderError, match="rung 1: dispatch ends the clock"):
        checked([rung("50%", "system", "", "dispatch"), rung("100%", "staff", "push")])


@pytest.mark.parametrize(
    ("moments_", "message"),
    [
        (["2026-09-21T10:00:00+08:00", "2026-09-21T01:00:00+00:00"], "rung 2: its moment"),
        (["2026-09-21T10:00:00+08:00", "2026-09-21T10:00:00"], "rung 2: .* no time zone"),
        (["yesterday", "2026-09-21T10:00:00+00:00"], "rung 1: 'yesterday' is no moment"),
    ],
)
def test_wrong_snapshots(moments_: list[str], message: str) -> None:
    """A snapshot whose moments make no sense is refused."""
    row = {"after": "100%", "audience": "staff", "notice": "push"}
    with pytest.raises(LadderError, match=message):
        steps_from_json([row | {"at": moment} for moment in moments_])


spans = st.builds(lambda n, unit: f"{n}{unit}", st.integers(0, 999_999), st.sampled_from("smhd"))
afters = st.one_of(
    st.integers(0, 100).map(lambda n: f"{n}%"),
    st.builds(lambda prefix, span: prefix + span, st.sampled_from(["", "+", "due-"]), spans),
)
rungs_ = st.builds(
    lambda after, audience: rung(after, audience, "push"),
    afters,
    st.sampled_from(sorted(AUDIENCES)),
)


@settings(max_examples=60)
@given(st.lists(rungs_, max_size=6))
def test_ladders_survive_json(ladder: list[Rung]) -> None:
    """A ladder is read back from JSON as it was, or refused both before and after."""
    stored = json.loads(json.dumps(ladder_to_json(ladder)))
    assert [Rung.from_json(each) for each in stored] == ladder
    assert all(After.parse(str(each.after)) == each.after for each in ladder)
    try:
        expected = checked(ladder)
    except LadderError:
        with pytest.raises(LadderError):
            ladder_from_json(stored)
    else:
        assert ladder_from_json(stored) == expected


@settings(max_examples=60)
@given(kinds, moments)
def test_plans_are_sound(kind: ClockKind, started: datetime) -> None:
    """Steps never go back, working clocks step only in office hours, snapshots survive JSON."""
    clock = clock_of(kind, started)
    times = [step.at for step in clock.steps]
    assert times == sorted(times)
    assert times[0] >= started
    assert kind.wall or all(CAL.is_open(moment) for moment in [*times, clock.due])
    assert steps_from_json(json.loads(json.dumps(steps_to_json(clock.steps)))) == clock.steps


@settings(max_examples=60)
@given(kinds, moments, st.lists(st.integers(0, 60 * 24 * 20), max_size=12))
def test_each_rung_fires_once(kind: ClockKind, started: datetime, ticks: list[int]) -> None:
    """However the sweeps come, repeated and out of order, each rung is recorded exactly once,
    in order, never early, and what is next is always in the future."""
    clock = clock_of(kind, started)
    plan_ = clock.steps
    fired: list[int] = []
    for minutes in [*ticks, 60 * 24 * 60]:
        now = started + timedelta(minutes=minutes)
        decision = decide(clock, now)
        clock = advanced(clock, decision, now)
        fired += [each.index for each in decision.fired]
        assert all(each.due_at <= now for each in decision.fired)
        told = Counter(f.rung.audience for f in decision.fired if not f.superseded)
        assert told.keys() == {f.rung.audience for f in decision.fired}
        assert all(count == 1 for count in told.values())
        assert clock.next_step_at == (None if decision.ended else decision.next_step_at)
        assert decision.next_step_at is None or decision.next_step_at > now
    assert fired == list(range(len(plan_)))


@settings(max_examples=60)
@given(kinds, moments, st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_pause_costs_no_time(kind: ClockKind, started: datetime, before: int, long: int) -> None:
    """After a pause exactly as much time is left as before it, and nothing is due in the past."""
    stop = started + timedelta(minutes=before)
    go = stop + timedelta(minutes=long)
    clock = clock_of(kind, started)
    going = resumed(paused(clock, stop), CAL, go)
    for old, new in zip(clock.steps, going.steps, strict=True):
        if old.at <= stop:
            assert new.at == old.at
        elif kind.wall:
            assert new.at - go == old.at - stop
        else:
            left = office_time_between(CAL, stop, old.at)
            assert office_time_between(CAL, go, new.at) == left
            assert CAL.is_open(new.at)
    times = [step.at for step in going.steps]
    assert times == sorted(times)


@settings(max_examples=40)
@given(moments, st.integers(0, 10_000), st.integers(1, 10))
def test_an_extension_gives_its_days_and_no_more(started: datetime, gone: int, days: int) -> None:
    """The due time and what is still ahead move by so many working days; what is over stays."""
    clock = clock_of(ClockKind.ANSWER, started)
    clock = advanced(clock, decide(clock, started + timedelta(minutes=gone)), started)
    longer, over = extended(clock, CAL, days), clock.rung
    assert longer.due == add_working_days(CAL, clock.due, days)
    assert longer.steps[:over] == clock.steps[:over]
    for old, new in zip(clock.steps[over:], longer.steps[over:], strict=True):
        assert (new.rung, new.at) == (old.rung, add_working_days(CAL, old.at, days))
    assert longer.steps == tuple(sorted(longer.steps, key=lambda step: step.at))
