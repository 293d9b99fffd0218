"""What a case would go through if nobody did anything: the rungs ahead, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import parse_number
from bot.domain.deadlines import BEIJING
from bot.domain.ladders import ladder_for, step_times
from bot.domain.rungs import Rung, Step
from bot.models.cases import Case
from bot.models.timing import ClockRow
from bot.services import ladder_words, notify
from bot.services.errors import NotFound
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import cases, clocks

_WEEK = "一二三四五六日"
ENOUGH = 12
"""Lines of one clock: an emergency's ladder alone has three dozen."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A rung to come. `at`: when its people hear of it, quiet hours counted; `people`: who they
    are now; `words`: all of it in a sentence (Chinese)."""

    at: datetime
    clock: str
    after: str
    audience: str
    notice: str
    effect: str | None
    people: tuple[str, ...]
    words: str


def preview(
    deps: Deps, number: str, ladders: Mapping[str, tuple[Rung, ...]] | None = None
) -> list[Ahead]:
    """The rungs ahead of a case, in order. `ladders`: as if its clocks had begun with these.
    Raises NotFound."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        typed = parse_number(number)
        case = cases.by_number(session, typed.full) if typed and typed.full else None
        if case is None:
            raise NotFound("operator.no_case", number=number)
        return preview_of(turn, case, ladders)


def preview_of(
    turn: Turn, case: Case, ladders: Mapping[str, tuple[Rung, ...]] | None = None
) -> list[Ahead]:
    """The same for a case at hand. What stands still now has nothing ahead."""
    found = [
        _ahead(turn, case, row, step)
        for row in clocks.running(turn.session, case.id).values()
        if row.paused_at is None
        for step in _steps(turn, row, ladders)[:ENOUGH]
    ]
    return sorted(found, key=lambda each: each.at)


def _steps(
    turn: Turn, row: ClockRow, ladders: Mapping[str, tuple[Rung, ...]] | None
) -> tuple[Step, ...]:
    clock = clocks.snapshot(row)
    if ladders is None:
        return clock.steps[clock.rung :]
    calendar = turn.deps.calendar()
    ladder = ladder_for(clock.kind, calendar, clock.started, clock.due, ladders=ladders)
    times = step_times(ladder, clock.kind, calendar, started=clock.started, due=clock.due)
    return tuple(Step(*each) for each in zip(ladder, times, strict=True) if each[1] > turn.now)


def _ahead(turn: Turn, case: Case, row: ClockRow, step: Step) -> Ahead:
    rung = step.rung
    at = (turn.waits(rung.notice, step.at) if rung.notice else None) or step.at
    found = notify.people_for(turn, case, rung.audience, row.holder_post_id)
    people = tuple(dict.fromkeys(post.person for post in found))
    words = turn.say(
        "ladder.line", when=_day_and_time(at), what=ladder_words.does(turn.deps.texts, rung),
        who=_who(turn, notify.meant(case, rung.audience), people),
    )  # fmt: skip
    return Ahead(
        at, row.kind, str(rung.after), rung.audience, rung.notice, rung.effect, people, words
    )  # fmt: skip


def _who(turn: Turn, audience: str, people: Iterable[str]) -> str:
    name = ladder_words.audience(turn.deps.texts, audience)
    named = "、".join(people)
    if named or audience in ("system", "resident"):
        return f"{name} {named}".strip()
    return turn.say("ladder.nobody_there", who=name)


def _day_and_time(at: datetime) -> str:
    local = at.astimezone(BEIJING)
    return f"{local.month}月{local.day}日 周{_WEEK[local.weekday()]} {local:%H:%M}"
