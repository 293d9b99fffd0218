"""Working time and due times."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.deadlines import (
    BEIJING,
    OfficeHours,
    Span,
    WorkCalendar,
    add_office_minutes,
    add_office_time,
    add_span,
    add_working_days,
    office_minutes_between,
    office_time_between,
    share_point,
    wall_share_point,
)

# National Day 2026: off from Thursday Oct 1 to Wednesday Oct 7; two weekend days are worked for it.
CAL = WorkCalendar(
    rest_days=frozenset(date(2026, 10, day) for day in range(1, 8)),
    work_days=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    known_until=date(2026, 12, 31),
)


def at(text: str) -> datetime:
    """ "09-30 17:00" of 2026 in Beijing, as UTC."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING).astimezone(UTC)


moments = st.integers(0, 90 * 24 * 3600).map(
    lambda seconds: datetime(2026, 9, 1, tzinfo=BEIJING) + timedelta(seconds=seconds)
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "not a span"),  # nothing at all
        ("9-12", "not a span"),  # no minutes
        ("09:00-25:00", "does not exist"),  # no such hour
        ("12:00-09:00", "ends before it starts"),
        ("09:00-09:00", "ends before it starts"),  # no time at all
        ("09:00-12:00,11:00-17:00", "overlaps"),
        ("14:00-17:00,09:00-12:00", "overlaps"),  # not in order
        ("09:00-12:00,", "not a span"),  # a comma too many
    ],
)
def test_wrong_office_hours(text: str, what: str) -> None:
    """Office hours that make no sense are refused with the piece that is wrong."""
    with pytest.raises(ValueError, match=what):
        OfficeHours.parse(text)


def test_office_hours() -> None:
    """Office hours are read as people write them."""
    hours = OfficeHours.parse("09:00-12:00, 14:30-17:30")
    assert hours.spans == ((time(9), time(12)), (time(14, 30), time(17, 30)))
    assert hours.per_day() == timedelta(hours=6)
    assert WorkCalendar().hours == hours
    with pytest.raises(ValueError, match="empty"):
        OfficeHours(())


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 30), True),  # an ordinary Wednesday
        (date(2026, 10, 1), False),  # a holiday on a Thursday
        (date(2026, 10, 10), True),  # a Saturday worked for the holiday
        (date(2026, 10, 11), False),  # an ordinary Sunday
        (date(2027, 10, 1), True),  # beyond what is known: a Friday like any other
        (date(2027, 10, 2), False),  # beyond what is known: a Saturday
    ],
)
def test_workdays(day: date, works: bool) -> None:
    """Holidays and make-up days are exceptions to the rule of the weekday."""
    assert CAL.is_workday(day) is works


def test_a_day_in_both_lists_is_refused() -> None:
    """A calendar that contradicts itself is refused."""
    day = frozenset({date(2026, 10, 1)})
    with pytest.raises(ValueError, match="2026-10-01"):
        WorkCalendar(rest_days=day, work_days=day)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("09-30 10:00", "09-30 10:00"),  # open: now
        ("09-30 08:59:59", "09-30 09:00"),  # early morning
        ("09-30 12:00", "09-30 12:00"),  # closing times are inside
        ("09-30 12:00:01", "09-30 14:30"),  # lunch
        ("09-30 17:30", "09-30 17:30"),
        ("09-30 17:30:01", "10-08 09:00"),  # the holiday begins
        ("10-04 10:00", "10-08 09:00"),  # in the middle of it
        ("10-10 03:00", "10-10 09:00"),  # a Saturday that is worked
    ],
)
def test_next_opening(moment: str, opening: str) -> None:
    """Outside office hours, time starts to count when the office opens."""
    assert CAL.next_opening(at(moment)) == at(opening)
    assert CAL.is_open(at(moment)) is (moment == opening)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("09-28 10:17", 1, "09-29 10:17"),  # the same office minute
        ("09-28 10:17:33", 1, "09-29 10:17:33"),  # to the second
        ("09-30 10:00", 1, "10-08 10:00"),  # over the holiday
        ("09-30 20:00", 1, "10-09 09:00"),  # from the next opening, which is Oct 8
        ("09-28 13:00", 1, "09-29 14:30"),  # lunch counts from the afternoon
        ("10-09 11:00", 1, "10-10 11:00"),  # Saturday is worked
        ("10-09 11:00", 2, "10-12 11:00"),  # Sunday is not
        ("09-28 17:30", 1, "09-29 17:30"),  # closing time is inside
        ("09-28 10:00", 0, "09-28 10:00"),
        ("10-08 10:00", -1, "09-30 10:00"),  # backwards
    ],
)
def test_working_days(start: str, days: int, due: str) -> None:
    """N days are the same office minute N working days on."""
    assert add_working_days(CAL, at(start), days) == at(due)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("09-28 09:00", 60, "09-28 10:00"),
        ("09-28 11:00", 60, "09-28 12:00"),  # ends at closing time, not after lunch
        ("09-28 11:00", 61, "09-28 14:31"),
        ("09-28 09:00", 240, "09-28 15:30"),  # four working hours over lunch
        ("09-30 17:00", 240, "10-08 15:00"),  # half an hour, then the holiday
        ("09-27 23:00", 0, "09-28 09:00"),  # nothing is due when the office is closed
        ("09-28 09:00", 360, "09-28 17:30"),  # a whole day ends at its own end
    ],
)
def test_office_minutes(start: str, minutes: int, due: str) -> None:
    """Minutes count only while the office is open."""
    assert add_office_minutes(CAL, at(start), minutes) == at(due)
    assert office_minutes_between(CAL, at(start), at(due)) == minutes


@pytest.mark.parametrize(
    ("share", "point"),
    [
        (0.0, "09-30 16:00"),  # from 16:00, a day is 360 office minutes
        (0.25, "09-30 17:30"),  # exactly closing time
        (0.5, "10-08 10:30"),
        (0.8, "10-08 14:48"),
        (1.0, "10-08 16:00"),
    ],
)
def test_shares(share: float, point: str) -> None:
    """A share of a clock counts office minutes."""
    start = at("09-30 16:00")
    assert share_point(CAL, start, add_working_days(CAL, start, 1), share) == at(point)


def test_the_whole_share_is_the_due_time() -> None:
    """The 100 % point is what was promised, 09:00, though counting would end at 17:30."""
    assert share_point(CAL, at("09-28 09:00"), at("09-29 09:00"), 1) == at("09-29 09:00")


def test_wall_time() -> None:
    """Clocks on wall time run through the night."""
    start = at("09-30 23:00")
    assert add_span(CAL, start, Span.parse("5m"), wall=True) == at("09-30 23:05")
    assert wall_share_point(start, at("10-01 01:00"), 0.5) == at("10-01 00:00")


@pytest.mark.parametrize(
    ("span", "due"),
    [
        ("30m", "09-28 10:30"),
        ("4h", "09-28 16:30"),
        ("2d", "09-30 10:00"),
        ("5s", "09-28 10:00:05"),
    ],
)
def test_spans(span: str, due: str) -> None:
    """A length of time is read as people set it, and written back the same."""
    assert add_span(CAL, at("09-28 10:00"), Span.parse(span)) == at(due)
    assert str(Span.parse(span)) == span


@pytest.mark.parametrize("text", ["", "5", "-5m", "5 m", "1w", "1.5h", "٥m"])
def test_wrong_spans(text: str) -> None:
    """A length of time that is negative or unclear is refused."""
    with pytest.raises(ValueError, match="length of time"):
        Span.parse(text)


def test_refusals() -> None:
    """Naive times, negative lengths and shares beyond the whole are errors, not guesses."""
    naive = datetime(2026, 9, 28, 10)  # noqa: DTZ001 - the very thing refused
    with pytest.raises(ValueError, match="without a zone"):
        CAL.next_opening(naive)
    with pytest.raises(ValueError, match="negative"):
        add_office_minutes(CAL, at("09-28 10:00"), -1)
    for share in (-0.1, 1.1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            share_point(CAL, at("09-28 10:00"), at("09-29 10:00"), share)
        with pytest.raises(ValueError, match="between 0 and 1"):
            wall_share_point(at("09-28 10:00"), at("09-29 10:00"), share)


@settings(max_examples=60)
@given(moments, st.integers(0, 20), st.integers(0, 5000), st.floats(0, 1))
def test_never_due_when_the_office_is_closed(
    start: datetime, days: int, minutes: int, share: float
) -> None:
    """Nothing is ever due on a rest day or outside office hours, and never before it starts."""
    due = add_working_days(CAL, start, days)
    for moment in (
        due,
        add_office_minutes(CAL, start, minutes),
        share_point(CAL, start, due, share),
    ):
        assert CAL.is_open(moment)
        assert moment >= start
        assert moment.tzinfo is UTC


days = st.frozensets(st.integers(0, 90).map(lambda n: date(2026, 9, 1) + timedelta(days=n)))


@settings(max_examples=60)
@given(days, days, moments, st.integers(0, 20))
def test_never_due_on_an_own_day_off(
    rest: frozenset[date], work: frozenset[date], start: datetime, count: int
) -> None:
    """Whatever days the office takes off or works: it is open when something is due, its days off
    are off, its other days are on, and all other days are as published."""
    own = CAL.with_own_days(rest, work - rest)
    assert own.is_open(add_working_days(own, start, count))
    for day in rest | work | {start.date()}:
        expected = day not in rest and (day in work or CAL.is_workday(day))
        assert own.is_workday(day) is expected


def test_a_year_is_known_when_its_last_holiday_is_listed() -> None:
    """The office may list a year that was not published yet; the year after is still unknown."""
    first = CAL.with_own_days(frozenset({date(2027, 1, 1)}), frozenset())
    assert first.known_until == date(2026, 12, 31)
    whole = CAL.with_own_days(frozenset({date(2027, 10, 1)}), frozenset())
    assert whole.known_until == date(2027, 12, 31)


@settings(max_examples=60)
@given(moments, st.integers(0, 200_000))
def test_adding_and_measuring_agree(start: datetime, seconds: int) -> None:
    """Office time that was added is measured back to the second."""
    length = timedelta(seconds=seconds)
    assert office_time_between(CAL, start, add_office_time(CAL, start, length)) == length


@settings(max_examples=60)
@given(st.lists(moments, min_size=2, max_size=4), st.integers(0, 5), st.integers(0, 900))
def test_later_starts_are_never_due_earlier(
    starts: list[datetime], days: int, minutes: int
) -> None:
    """Who starts later is never due earlier."""
    for earlier, later in pairwise(sorted(starts)):
        assert add_working_days(CAL, earlier, days) <= add_working_days(CAL, later, days)
        assert add_office_minutes(CAL, earlier, minutes) <= add_office_minutes(CAL, later, minutes)
        assert office_time_between(CAL, later, earlier) == timedelta(0)
