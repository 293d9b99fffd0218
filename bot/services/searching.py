"""Finding cases at the console: by words, number or phone, and by what else is known of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.cases import CHINESE, OPEN, State, parse_number
from bot.domain.clean import clean
from bot.domain.worklists import yellow_until
from bot.models.cases import Case
from bot.nlp.pairs import asked
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.indexing import phone_token
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.turn import Turn
from bot.services.worklists import WorklistLine, lines_of
from bot.store import organisation, search, worklists
from bot.store.remembering import looking
from bot.store.search import Asked, Only

LONGEST = 100
"""Characters of what is looked for."""
ALL_OPEN = "open"
URGENCIES = ("urgent", "emergency")


@dataclass(frozen=True, slots=True)
class SearchForm:
    """What was typed and chosen, as it stands in the address; empty: any. `words`: words, a case
    number or a phone; `state`: a state, or `open`; `person`: who has it; `since`, `until`: days of
    Beijing (2026-11-23)."""

    words: str = ""
    state: str = ""
    category: str = ""
    urgency: str = ""
    station: str = ""
    person: str = ""
    since: str = ""
    until: str = ""

    def given(self) -> dict[str, str]:
        """What is not empty."""
        return {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, newest first. `after`: where the next one begins; `named`: the
    words are the whole name of a station or a person, by which somebody may have meant to look."""

    lines: tuple[WorklistLine, ...]
    after: int | None
    named: tuple[str, ...] = ()


def choices(deps: Deps) -> Mapping[str, Mapping[str, str]]:
    """What can be chosen: field → value → words."""
    known = deps.understander().categories
    return {
        "state": {ALL_OPEN: "在办的"} | {state.value: CHINESE[state] for state in State},
        "category": {code: info.name for code, info in known.items()},
        "urgency": {"urgent": "急件", "emergency": "紧急"},
    }


def find(deps: Deps, visit: ConsoleVisit, form: SearchForm, after: int | None = None) -> Found:
    """One page. Raises Refused for what can't be looked for."""
    with deps.database.read() as session, looking(session):
        turn = Turn(deps, session, deps.clock.now())
        rows, on = page(turn, visit, form, after)
        due = worklists.due_times(session, [case.id for case in rows])
        until = yellow_until(deps.calendar(), turn.now)
        shown = [(case, due.get(case.id)) for case in rows]
        lines = lines_of(turn, shown, until, visit.actor)
        return Found(tuple(lines), on, _named(turn, form))


def page(
    turn: Turn, visit: ConsoleVisit, form: SearchForm, after: int | None = None
) -> tuple[Sequence[Case], int | None]:
    """The same as rows, and after which the next page begins."""
    wanted = _asked(turn.deps, form.words)
    only, seen = _only(turn, form), worklists.seen_by(visit.actor)
    rows, on = search.page(turn.session, wanted, only, seen, after)
    if wanted.numbers and not rows:  # it may have been no number after all
        return search.page(turn.session, _of_words(turn.deps, form.words), only, seen, after)
    return rows, on


def _asked(deps: Deps, typed: str) -> Asked:
    words = clean(typed)
    if len(words) > LONGEST:
        raise Refused("console.search_long", most=LONGEST)
    number = parse_number(words)
    if number is None:
        return _of_words(deps, words)
    return Asked(numbers=number.possible)


_COVERED = re.compile(r"(?<![\d*])[\d*]*\*[\d*-]*")


def _of_words(deps: Deps, typed: str) -> Asked:
    """Phones among the words are found by their hash: nothing else is kept of them to be found."""
    read = read_safely(deps, clean(typed))
    whole, starts = asked(_COVERED.sub(" ", read.masked) if read.phones else typed)
    phones = tuple(phone_token(deps, each) for each in read.phones)
    if typed.strip() and not (whole or starts or phones):
        raise Refused("console.search_signs")
    return Asked(tuple(whole), tuple(starts), phones)


def _only(turn: Turn, form: SearchForm) -> Only:
    known = choices(turn.deps)
    state = form.state if form.state in known["state"] else ""
    states = tuple(OPEN) if state == ALL_OPEN else (State(state),) if state else ()
    return Only(
        states=tuple(each.value for each in states),
        category=form.category if form.category in known["category"] else "",
        urgency=form.urgency if form.urgency in known["urgency"] else "",
        station=_station(turn, form.station), posts=_posts(turn, form.person),
        since=_day(form.since), until=_day(form.until),
    )  # fmt: skip


def _station(turn: Turn, ref: str) -> int | None:
    if not (name := clean(ref)):
        return None
    unit = organisation.station_by_code_or_name(turn.session, name)
    if unit is None:
        raise Refused("console.no_station", ref=name[:LONGEST])
    return unit.id


def _posts(turn: Turn, person: str) -> tuple[int, ...] | None:
    if not (name := clean(person)):
        return None
    posts = search.posts_of(turn.session, name)
    if not posts:
        raise Refused("console.search_nobody", ref=name[:LONGEST])
    return tuple(posts)


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        day = date.fromisoformat(typed.strip())
        if not 2000 < day.year < 2099:
            raise ValueError("no year of ours")
    except ValueError:
        raise Refused("console.search_day", ref=typed[:20]) from None
    return day


def _named(turn: Turn, form: SearchForm) -> tuple[str, ...]:
    name, found = clean(form.words), []
    if not name or form.station or form.person:
        return ()
    if organisation.station_by_code_or_name(turn.session, name) is not None:
        found.append("station")
    if search.posts_of(turn.session, name):
        found.append("person")
    return tuple(found)
