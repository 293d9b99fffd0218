"""Ladders at the console: what is in force, changed as a table of rungs, tried on a real case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.domain.clean import clean
from bot.domain.deadlines import BEIJING
from bot.domain.ladder_checks import MOST_RUNGS
from bot.domain.ladders import LADDERS
from bot.domain.rungs import Rung
from bot.services import ladder_files, ladder_words, master_history
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.ladder_preview import preview_of
from bot.services.master_desk import author_of, day_of
from bot.services.master_history import Change
from bot.services.ports import Deps
from bot.services.staff_tasks import full, seen
from bot.services.stations import fingerprint
from bot.services.turn import Turn
from bot.store import office_ladders, visits

SPARE = 3
"""Empty rows at the end of the form."""
COLUMNS = ("after", "audience", "notice", "effect")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LadderLine:
    """A ladder in the list. `since`: of the office's own; None: the product's."""

    name: str
    title: str
    since: datetime | None
    rungs: tuple[tuple[str, str, str], ...]
    """When, who, what."""


@dataclass(frozen=True, slots=True)
class LadderPage:
    """One ladder to be changed. `rows`: its rungs as the form has them; the three choices: value
    and words; `ahead`: a real case's next rungs under it."""

    name: str
    title: str
    since: datetime | None
    version: str
    rows: tuple[Row, ...]
    audiences: tuple[tuple[str, str], ...]
    notices: tuple[tuple[str, str], ...]
    effects: tuple[tuple[str, str], ...]
    history: tuple[Change, ...]
    waiting: tuple[tuple[date, tuple[str, ...]], ...]
    """What begins on a later day: from when on, and its rungs in words."""


def listed(deps: Deps) -> tuple[LadderLine, ...]:
    """All ladders as clocks that start now take them."""
    with deps.database.read() as session:
        own = office_ladders.own(session, deps.clock.now())
    return tuple(
        LadderLine(name, _title(deps, name), since, _said(deps, rungs))
        for name in LADDERS
        for since, rungs in [own.get(name, (None, LADDERS[name]))]
    )


def _title(deps: Deps, name: str) -> str:
    return deps.texts.say(f"ladder.name_{name}")


def _said(deps: Deps, rungs: tuple[Rung, ...]) -> tuple[tuple[str, str, str], ...]:
    words = deps.texts
    return tuple(
        (ladder_words.when(words, each.after), ladder_words.audience(words, each.audience),
         ladder_words.does(words, each))
        for each in rungs
    )  # fmt: skip


def look(deps: Deps, name: str, *, default: bool = False) -> LadderPage:
    """One ladder; `default`: the product's own in the form. Raises NotFound."""
    if name not in LADDERS:
        raise NotFound("console.no_view")
    choices = ladder_words.cells(deps.texts, name)
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        since, rungs = _now(turn, name)
        waiting = office_ladders.planned(session, name, turn.now)
        history = master_history.of_rows(turn, {f"ladders:{name}"})
    return LadderPage(
        name=name, title=_title(deps, name), since=since, version=fingerprint((rungs, waiting)),
        rows=_rows(LADDERS[name] if default else rungs),
        audiences=tuple(choices["audience"].items()),
        notices=tuple(choices["notice"].items()),
        effects=tuple(choices["effect"].items()),
        history=history,
        waiting=tuple(
            (at.astimezone(BEIJING).date(),
             tuple(f"{when}，{what}：{who}" for when, who, what in _said(deps, planned)))
            for at, planned in waiting
        ),
    )  # fmt: skip


def _now(turn: Turn, name: str) -> tuple[datetime | None, tuple[Rung, ...]]:
    return office_ladders.own(turn.session, turn.now).get(name, (None, LADDERS[name]))


def _rows(rungs: tuple[Rung, ...]) -> tuple[Row, ...]:
    return tuple({name: str(each.to_json().get(name) or "") for name in COLUMNS} for each in rungs)


def typed(fields: Mapping[str, str]) -> tuple[Row, ...]:
    """The rungs of a form: `after-1`, `audience-1` … Rows without a time are left out."""
    rows = []
    for number in range(MOST_RUNGS + SPARE + 1):
        row = {name: clean(fields.get(f"{name}-{number}", "")).strip()[:40] for name in COLUMNS}
        if row["after"]:
            rows.append(row)
    return tuple(rows)


def faults_of(deps: Deps, name: str, rows: tuple[Row, ...]) -> tuple[str, ...]:
    """What is wrong with these rungs, in sentences."""
    return tuple(fault.words for fault in _checked(deps, name, rows)[1])


def _checked(deps: Deps, name: str, rows: tuple[Row, ...]) -> tuple[dict[str, Any], list[Any]]:
    if name not in LADDERS:
        raise NotFound("console.no_view")
    return ladder_files.check(deps, {name: [dict(row) for row in rows]}, codes=False)


def attempt(
    deps: Deps, visit: ConsoleVisit, name: str, rows: tuple[Row, ...], number: str
) -> tuple[str, ...]:
    """What a real case would go through under these rungs, which are without fault, if its clocks
    had begun with them; first of all that it makes no difference, if so. Raises NotFound."""
    found, _ = _checked(deps, name, rows)
    known = ladder_files.with_others(deps, found)
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = seen(turn, visit, visits.case_of_number(session, full(number)))
        found_ahead, as_it_is = preview_of(turn, case, known), preview_of(turn, case)
        words = tuple(each.words for each in found_ahead)
        return (turn.say("ladder.no_difference"), *words) if found_ahead == as_it_is else words


def keep(
    deps: Deps, visit: ConsoleVisit, name: str, rows: tuple[Row, ...], *, reason: str,
    version: str, first: str = "",
) -> str:  # fmt: skip
    """Keep these rungs for clocks that start from the day `first` on, or from now; the sentence for
    who did it. Raises NotFound, Refused: faults, no reason, a past day, not theirs, or the ladder
    has changed meanwhile."""
    author = author_of(visit, reason)
    found, faults = _checked(deps, name, rows)
    if faults:
        raise Refused("master.wrong_ladder", count=len(faults))
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        _unchanged(turn, name, version)
        day = day_of(first, turn.today)
        changed = ladder_files.keep(turn, found, author, day)
    if not changed:
        return deps.texts.say("console.nothing_changed")
    later = day > turn.today
    return deps.texts.say("master.done_ladder_later" if later else "master.done_ladder", day=day)


def drop(
    deps: Deps, visit: ConsoleVisit, name: str, first: str, *, reason: str, version: str
) -> str:
    """What waits for that day will not begin. Raises as `keep`."""
    author = author_of(visit, reason)
    if name not in LADDERS:
        raise NotFound("console.no_view")
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        _unchanged(turn, name, version)
        begins_at = datetime.combine(day_of(first, turn.today), time.min, BEIJING)
        if not ladder_files.drop(turn, name, begins_at, author):
            raise Refused("master.ladder_changed")
    return deps.texts.say("master.dropped_ladder", day=first)


def _unchanged(turn: Turn, name: str, version: str) -> None:
    waiting = office_ladders.planned(turn.session, name, turn.now)
    if fingerprint((_now(turn, name)[1], waiting)) != version:
        raise Refused("master.ladder_changed")
