"""The lists of the console: which cases wait, for whom, and what hurts first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.cases import CHINESE, OPEN, State, show_number
from bot.domain.permissions import Actor
from bot.domain.roles import Role
from bot.domain.showing import say_when, shorten
from bot.domain.worklists import BY_DUE, Light, View, light, views_for, yellow_until
from bot.models.cases import Case
from bot.services import wording
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound
from bot.services.merging import is_guarded
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import same_matters, visits, worklists
from bot.store.remembering import looking
from bot.store.worklists import PAGE, At, Key

WORDS = 80
"""Characters of a resident's words in a list."""


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """One case in a list. `due` and `since` in words; `station`: who has it, `proposed`: whom the
    machine would ask. The words of restricted cases are not for lists."""

    number: str
    shown: str
    what: str
    text: str
    category: str
    state: str
    urgency: str
    station: str
    proposed: str
    light: Light | None
    due: str
    since: str
    returns: int
    version: int
    taken_by: str = ""
    """Of an emergency: who said that they deal with it."""
    script: str = ""
    """Of what is not written in Chinese characters: in what, in words."""
    same: int = 0
    """How many open cases may be of the same matter."""
    asked: bool = False
    """The resident was asked, and the answer is awaited."""


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of a list. `counts`: of all lists that this person has, up to COUNTED of the store;
    `after`: where the next page begins."""

    view: View
    lines: tuple[WorklistLine, ...]
    counts: Mapping[View, int]
    after: Key | None


def views(visit: ConsoleVisit) -> tuple[View, ...]:
    """The lists that this person has, the first is where their day begins."""
    return views_for(frozenset(Role(post.role) for post in visit.posts))


def listed(deps: Deps, visit: ConsoleVisit, view: View, after: Key | None = None) -> Worklist:
    """One page. NotFound for a list that is not theirs."""
    theirs = views(visit)
    if view not in theirs:
        raise NotFound("console.no_view")
    with deps.database.read() as session, looking(session):
        turn = Turn(deps, session, deps.clock.now())
        at = at_of(deps, visit, turn.now)
        seen = worklists.seen_by(visit.actor)
        counted = worklists.count(session, theirs, seen, at)
        rows = worklists.page(session, view, seen, at, after)
        lines = lines_of(turn, rows[:PAGE], at.yellow_until, visit.actor)
        if view is View.EMERGENCY:  # what nobody has comes first
            lines.sort(key=lambda line: bool(line.taken_by))
        counts = dict(zip(theirs, counted, strict=True))
        return Worklist(view, tuple(lines), counts, next_key(view, rows))


def at_of(deps: Deps, visit: ConsoleVisit, now: datetime) -> At:
    """What this person's lists are made from at a moment."""
    until = yellow_until(deps.calendar(), now)
    return At(now, until, frozenset(post.id for post in visit.posts))


def following(deps: Deps, visit: ConsoleVisit, view: View, number: str) -> str | None:
    """The number of the case that stands after this one in a list; None after the last."""
    if view not in views(visit):
        return None
    with deps.database.read() as session:
        case = visits.case_of_number(session, number)
        if case is None:
            return None
        now = deps.clock.now()
        due = worklists.due_times(session, [case.id]).get(case.id) if view in BY_DUE else None
        if due is None and view in BY_DUE:
            return None
        at, key = at_of(deps, visit, now), _key(view, case, due)
        rows = worklists.page(session, view, worklists.seen_by(visit.actor), at, key, most=1)
        return rows[0][0].number if rows else None


def lines_of(
    turn: Turn,
    rows: Sequence[tuple[Case, datetime | None]],
    until: datetime,
    actor: Actor,
) -> list[WorklistLine]:
    """Cases, each with the time by which it is due, as they stand in any list. `until`: see
    bot.domain.worklists.yellow_until; `actor`: whoever is shown how many may be the same."""
    asked = {case.owner_unit_id for case, _ in rows} | {c.proposed_unit_id for c, _ in rows}
    names = worklists.names(turn.session, {unit for unit in asked if unit is not None})
    alarms = [case.id for case, _ in rows if case.queue == "emergency"]
    taken = worklists.taken(turn.session, alarms)
    asking = worklists.asked(turn.session, [case.id for case, _ in rows if case.state == State.NEW])
    plain = [c.id for c, _ in rows if not is_guarded(c) and c.merged_into is None]
    same = same_matters.counts(turn.session, plain, worklists.seen_by(actor))
    return [
        replace(
            _line(turn, case, due, names, until),
            same=same.get(case.id, 0),
            taken_by=taken.get(case.id, ""),
            asked=case.id in asking,
        )
        for case, due in rows
    ]


def is_hidden(case: Case) -> bool:
    """Its words stand in no list, also when it is over."""
    return case.queue == "restricted" or case.handling == "named_staff"


def next_key(view: View, rows: Sequence[tuple[Case, datetime | None]]) -> Key | None:
    """Where the page after these rows of the store begins; None when they are all."""
    if len(rows) <= PAGE:
        return None
    return _key(view, *rows[PAGE - 1])


def _key(view: View, case: Case, due: datetime | None) -> Key:
    """Where it stands in a list."""
    return Key(case.id, due if view in BY_DUE else None, case.urgency != "normal")


def _line(
    turn: Turn, case: Case, due: datetime | None, names: Mapping[int, str], until: datetime
) -> WorklistLine:
    hidden = is_hidden(case)
    open_ = case.state in OPEN
    due = due if open_ else None
    return WorklistLine(
        number=case.number, shown=show_number(case.number),
        what=turn.say("console.restricted") if hidden else wording.what(turn, case),
        text="" if hidden else shorten(case.masked, WORDS),
        category="" if hidden else wording.topic(turn, case) if case.category else "",
        state=turn.say("console.merged") if case.merged_into else CHINESE[State(case.state)],
        urgency=case.urgency if open_ else "normal",
        station=names.get(case.owner_unit_id or 0, ""),
        proposed=names.get(case.proposed_unit_id or 0, ""),
        light=light(due, turn.now, until), due=say_when(due, turn.now) if due else "",
        since=say_when(case.created_at, turn.now), returns=case.returns,
        version=case.version, script="" if hidden else wording.script(turn, case),
    )  # fmt: skip
