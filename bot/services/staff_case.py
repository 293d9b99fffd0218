"""One case on one screen of the console."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import CHINESE, OPEN, Handling, Queue, State, show_number
from bot.domain.showing import marked, say_when
from bot.domain.worklists import Light, light, yellow_until
from bot.models.cases import Case
from bot.services import alerts, conversations, hands, unmasking, wording
from bot.services.console_visits import ConsoleVisit
from bot.services.conversations import Said
from bot.services.hands import Offer
from bot.services.hot import Hint, hint
from bot.services.ladder_preview import preview_of
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.roster import directory
from bot.services.staff_family import Family, family
from bot.services.staff_tasks import BY_HAND, Task, full, person, seen, taken_by
from bot.services.staff_tasks import tasks as tasks_of
from bot.services.story import Piece, pieces
from bot.services.timeline import PastLine, timeline
from bot.services.turn import Turn
from bot.services.unmasking import Covered
from bot.services.views import unit_name
from bot.services.worklists import is_hidden
from bot.store import cases, clocks, visits, worklists

CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Choices:
    """What a case can be said to be: categories and emergencies as (code, name), known places."""

    categories: tuple[tuple[str, str], ...]
    emergencies: tuple[tuple[str, str], ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffCase:
    """A case as the office sees it, masked. `said`: the words in pieces, with whether a piece
    decided; `candidates`: categories with percent; `rule`: why this station, in words; `ahead`:
    what its clocks will do; `version`: which state of the case the page shows."""

    number: str
    shown: str
    what: str
    version: int
    state: str
    queue: str | None
    urgency: str
    emergency: str
    emergency_code: str
    taken_by: str
    """Who said that they deal with the emergency."""
    light: Light | None
    due: str
    since: str
    said: tuple[tuple[str, bool], ...]
    script: str
    candidates: tuple[tuple[str, int], ...]
    category: str | None
    place: str
    scanned: str
    """The station whose poster was scanned."""
    located: tuple[str, ...]
    """What the phone named the locations that it sent, covered like the words."""
    guarded: bool
    """Its resident was promised that named people alone see it."""
    rule: str
    station: str
    proposed: str
    assist: tuple[str, ...]
    holder: str
    supervised: str
    returns: int
    answer: str
    ending: str | None
    unreasonable: str | None
    solved: str | None
    satisfied: str | None
    stations: tuple[str, ...]
    """Names of those that can receive it, where somebody may send it to one."""
    choices: Choices
    tasks: tuple[Task, ...]
    offers: tuple[Offer, ...]
    ahead: tuple[str, ...]
    past: tuple[PastLine, ...]
    pieces: tuple[Piece, ...]
    said_all: tuple[Said, ...]
    """What was said about it, to and fro."""
    matters: int
    """How many matters the machine heard in it; 0 for one."""
    family: Family
    hot: Hint | None
    """How many other residents say the same of the same street these days."""
    others: tuple[tuple[str, str, str], ...]
    """The resident's other cases that may be seen: number, what, state."""
    came_at: datetime
    matter: str
    """Name of the category, empty without one."""
    covered: tuple[Covered, ...]
    """What this person may read of what is covered."""


def look(deps: Deps, visit: ConsoleVisit, number: str) -> StaffCase:
    """The case, if it may be seen. Raises NotFound."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = seen(turn, visit, visits.case_of_number(session, full(number)))
        due = clocks.due_of(clocks.running(session, case.id)) if case.state in OPEN else None
        tasks = tasks_of(turn, visit, case)
        emergency = deps.understander().emergencies.get(case.emergency or "")
        return StaffCase(
            number=case.number, shown=show_number(case.number), what=wording.what(turn, case),
            version=case.version, state=CHINESE[State(case.state)], queue=case.queue,
            urgency=case.urgency if case.state in OPEN else "normal",
            emergency=emergency.name if emergency else "", emergency_code=case.emergency or "",
            taken_by=taken_by(turn, case),
            light=light(due, turn.now, yellow_until(deps.calendar(), turn.now)),
            due=say_when(due, turn.now) if due else "",
            since=say_when(case.created_at, turn.now),
            said=tuple(marked(case.masked, case.words)), script=wording.script(turn, case),
            candidates=_candidates(turn, case), category=case.category, place=case.place or "",
            scanned=unit_name(turn, case.reading.get("scene")) or "", located=_located(turn, case),
            guarded=case.queue == Queue.RESTRICTED or case.handling != Handling.NORMAL,
            choices=_choices(turn),
            rule=turn.say(f"rule.{case.rule}") if deps.texts.has(f"rule.{case.rule}") else "",
            station=unit_name(turn, case.owner_unit_id) or "",
            proposed=unit_name(turn, case.proposed_unit_id) or "", assist=_assist(turn, case),
            holder=person(turn, case.holder_post_id),
            supervised=person(turn, case.supervised_post_id), returns=case.returns,
            answer=unmasking.masked_answer(turn, case), ending=case.ending,
            unreasonable=case.unreasonable, solved=case.solved, satisfied=case.satisfied,
            stations=_stations(turn) if _sends(tasks) else (), tasks=tasks,
            offers=_offers(turn, visit, case),
            ahead=_ahead(turn, case), past=timeline(turn, case),
            pieces=pieces(turn, case), said_all=conversations.said(turn, case),
            family=family(turn, visit, case),
            matters=len(case.reading.get("parts", [])),
            others=_others(turn, visit, case), came_at=case.created_at,
            matter=wording.topic(turn, case) if case.category else "",
            covered=unmasking.covered(turn, visit, case),
            hot=hint(turn, visit, case),
        )  # fmt: skip


def _located(turn: Turn, case: Case) -> tuple[str, ...]:
    return tuple(read_safely(turn.deps, each).masked for each in case.reading.get("located", ()))


def _candidates(turn: Turn, case: Case) -> tuple[tuple[str, int], ...]:
    known = turn.deps.understander().categories
    scores = case.reading.get("categories", [])[:CANDIDATES]
    return tuple(
        (known[each["code"]].name, round(each["p"] * 100))
        for each in scores
        if each["code"] in known
    )


def _choices(turn: Turn) -> Choices:
    known = turn.deps.understander()
    served = ((s.unit, s.district) for s in directory(turn.deps).stations)
    return Choices(
        tuple((each.code, each.name) for each in known.categories.values()),
        tuple((code, each.name) for code, each in known.emergencies.items()),
        tuple(sorted({name for pair in served for name in pair if name})),
    )


def _ahead(turn: Turn, case: Case) -> tuple[str, ...]:
    """What comes if nobody acts; what comes again and again is said once, with how often."""
    found: dict[tuple[str, str, str, str | None], list[str]] = {}
    for each in preview_of(turn, case):
        key = (each.clock, each.audience, each.notice, each.effect)
        found.setdefault(key, []).append(each.words)
    return tuple(
        turn.say("ladder.again", line=lines[0], more=len(lines) - 1) if lines[1:] else lines[0]
        for lines in found.values()
    )


def _assist(turn: Turn, case: Case) -> tuple[str, ...]:
    found = worklists.names(turn.session, cases.stations_of(turn.session, case.id, "assist"))
    return tuple(found.values())


def _sends(tasks: tuple[Task, ...]) -> bool:
    return Task("dispatch", "") in tasks or Task("move", "") in tasks


def _stations(turn: Turn) -> tuple[str, ...]:
    open_ones = (s.name for s in directory(turn.deps).stations if s.active and s.staffed)
    return tuple(sorted(open_ones))


def _offers(turn: Turn, visit: ConsoleVisit, case: Case) -> tuple[Offer, ...]:
    """An emergency that somebody has is not offered again."""
    found = hands.offers(turn, visit.person_id, list(visit.posts), case)
    taken = not alerts.unacknowledged(turn, case)
    return tuple(
        offer
        for offer in found
        if offer.name in BY_HAND and not (offer.name == "acknowledge" and taken)
    )


def _others(turn: Turn, visit: ConsoleVisit, case: Case) -> tuple[tuple[str, str, str], ...]:
    rows = worklists.others_of(turn.session, case, worklists.seen_by(visit.actor))
    return tuple(
        (each.number, wording.what(turn, each), CHINESE[State(each.state)])
        for each in rows
        if not is_hidden(each)
    )
