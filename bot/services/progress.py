"""Accepted, then silent: whoever has it is asked how it goes, and may say when there is news."""

from datetime import date, datetime, time, timedelta

from bot.domain.answers import read_date, says_more_than_a_day, speaks_of_a_day
from bot.domain.cases import show_number
from bot.domain.clocks import ClockKind, due_time
from bot.domain.deadlines import BEIJING
from bot.domain.leave_words import leading_day
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services import timing, wording
from bot.services.acting import Acting
from bot.services.errors import Refused
from bot.services.turn import Turn
from bot.store import clocks, events

FARTHEST = timedelta(days=62)
"""News further away is a case on hold (挂账)."""
LONGEST = 300


def begin(turn: Turn, case: Case) -> None:
    """Somebody has just taken it on."""
    _start(turn, case, turn.now)


def _start(turn: Turn, case: Case, since: datetime, due: datetime | None = None) -> None:
    calendar = turn.deps.calendar()
    soonest = due or due_time(ClockKind.PROGRESS, calendar, since)
    # Work that is long past must not make a reminder late that nobody could have had.
    until = max(soonest, calendar.next_opening(turn.now))
    timing.start_until(turn.deps, turn.session, case, ClockKind.PROGRESS, since, due=until)


def day_named(text: str, today: date) -> tuple[date | None, str]:
    """The day of news and the words; the whole text where there is no day to come."""
    until, words = read_date(text, today)
    passed = until is not None and until > today + FARTHEST and str(until.year) not in text
    if until is not None and not passed:
        return until, words
    said = leading_day(text, today)
    ahead = said is not None and today < said <= today + FARTHEST
    return (said if ahead else None), text.strip()


def tell(turn: Turn, case: Case, acting: Acting, until: date | None, words: str) -> str:
    """A day of news, words, or both; of a day that can't be read, or has passed, the words are kept
    and how to write it is said. Raises Refused when there is neither, or the day is far."""
    far = until is not None and until > turn.today + FARTHEST
    if far or (until is None and not says_more_than_a_day(words)):
        raise Refused("member.progress_text", code=acting.code)
    events.record(
        turn.session, turn.now, "progress", case_id=case.id, by=acting.by, reason=words[:LONGEST],
        until=until.isoformat() if until else None,
    )  # fmt: skip
    case.version += 1
    case.progress_date = until
    due = _opening(turn, until) if until else None
    _start(turn, case, turn.now, due)
    answer = clocks.running(turn.session, case.id)[ClockKind.ANSWER].due_at
    number, by = show_number(case.number), say_when(answer, turn.now)
    if until is None:
        told = turn.say("member.progress_told", number=number, due=by)
        if not speaks_of_a_day(words):
            return told
        example = wording.day(turn.today + timedelta(days=7), turn.today)
        how = turn.say("member.progress_no_day", code=acting.code, example=example)
        return f"{told}\n{how}"
    day = wording.day(until, turn.today)
    return turn.say("member.progress_until", number=number, day=day, due=by)


def _opening(turn: Turn, day: date) -> datetime:
    midnight = datetime.combine(day, time.min, BEIJING)
    return turn.deps.calendar().next_opening(midnight)


def needs_no_question(turn: Turn, case: Case, since: datetime) -> str:
    """Why nobody is asked how it goes, as the event keeps it; empty: somebody is."""
    running = clocks.running(turn.session, case.id)
    answer = running.get(ClockKind.ANSWER)
    if ClockKind.QUESTION in running:
        return "the resident's answer is waited for"
    if answer is not None and answer.paused_at is None and answer.due_at <= turn.now:
        return "the answer is late: its own ladder speaks"
    if _announced_ahead(turn, case):
        return "news was announced for a later day"
    worked = events.worked_on(turn.session, case.id, since)
    return "" if worked is None else "there was progress"


def _announced_ahead(turn: Turn, case: Case) -> bool:
    return case.progress_date is not None and case.progress_date > turn.today


def watch_again(turn: Turn, case: Case) -> None:
    """Another round, counted from the last sign of work; from now when there was none."""
    horizon = turn.now - timedelta(days=14)
    case.progress_date = None
    last = events.worked_on(turn.session, case.id, horizon)
    _start(turn, case, last or turn.now)
