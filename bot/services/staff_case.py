"""One case on one screen, and what the office does with it there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.cases import CHINESE, State, parse_number, show_number
from bot.domain.permissions import Action, Actor, Refusal, may, why_not
from bot.domain.showing import marked, say_when
from bot.domain.worklists import Light, light, yellow_until
from bot.models.cases import Case
from bot.services import hands, staff, wording
from bot.services.acting import actor_of, case_subject
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.hands import Offer
from bot.services.ladder_preview import preview_of
from bot.services.ports import Deps
from bot.services.roster import directory
from bot.services.story import Line, Piece, pieces, story
from bot.services.turn import Turn
from bot.services.views import unit_name
from bot.store import cases, clocks, organisation, visits, worklists
from bot.store.events import By
from bot.store.organisation import PostView

CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Task:
    """Something the office may do with it. `why_not`: a sentence, empty when it may be done now."""

    name: str
    why_not: str


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
    light: Light | None
    due: str
    since: str
    source: str
    said: tuple[tuple[str, bool], ...]
    candidates: tuple[tuple[str, int], ...]
    place: str
    rule: str
    station: str
    proposed: str
    assist: tuple[str, ...]
    holder: str
    supervised: str
    returns: int
    answer: str
    ending: str | None
    solved: str | None
    satisfied: str | None
    stations: tuple[str, ...]
    """Names of those that can receive it, where somebody may send it to one."""
    tasks: tuple[Task, ...]
    offers: tuple[Offer, ...]
    ahead: tuple[str, ...]
    story: tuple[Line, ...]
    pieces: tuple[Piece, ...]
    others: tuple[tuple[str, str, str], ...]
    """The resident's other cases that may be seen: number, what, state."""


def look(deps: Deps, visit: ConsoleVisit, number: str) -> StaffCase:
    """The case, if it may be seen. Raises NotFound."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = _seen(turn, visit, visits.case_of_number(session, _full(number)))
        due = clocks.due_of(clocks.running(session, case.id))
        tasks = _tasks(turn, visit, case)
        emergency = deps.understander().emergencies.get(case.emergency or "")
        return StaffCase(
            number=case.number, shown=show_number(case.number), what=wording.what(turn, case),
            version=case.version, state=CHINESE[State(case.state)], queue=case.queue,
            urgency=case.urgency, emergency=emergency.name if emergency else "",
            light=light(due, turn.now, yellow_until(deps.calendar(), turn.now)),
            due=say_when(due, turn.now) if due else "", since=say_when(case.created_at, turn.now),
            source=case.source, said=tuple(marked(case.masked, case.words)),
            candidates=_candidates(turn, case), place=case.place or "",
            rule=turn.say(f"rule.{case.rule}") if deps.texts.has(f"rule.{case.rule}") else "",
            station=unit_name(turn, case.owner_unit_id) or "",
            proposed=unit_name(turn, case.proposed_unit_id) or "", assist=_assist(turn, case),
            holder=_person(turn, case.holder_post_id),
            supervised=_person(turn, case.supervised_post_id), returns=case.returns,
            answer=case.answer, ending=case.ending, solved=case.solved, satisfied=case.satisfied,
            stations=_stations(turn) if Task("dispatch", "") in tasks else (), tasks=tasks,
            offers=hands.offers(turn, visit.person_id, list(visit.posts), case),
            ahead=tuple(each.words for each in preview_of(turn, case)), story=story(turn, case),
            pieces=pieces(turn, case), others=_others(turn, visit, case),
        )  # fmt: skip


def _full(number: str) -> str:
    typed = parse_number(number)
    if typed is None or typed.full is None:
        raise NotFound("console.no_case")
    return typed.full


def _seen(turn: Turn, visit: ConsoleVisit, case: Case | None) -> Case:
    if case is None or not may(visit.actor, Action.SEE, case_subject(turn, case)):
        raise NotFound("console.no_case")
    return case


def _candidates(turn: Turn, case: Case) -> tuple[tuple[str, int], ...]:
    known = turn.deps.understander().categories
    scores = case.reading.get("categories", [])[:CANDIDATES]
    return tuple(
        (known[each["code"]].name, round(each["p"] * 100))
        for each in scores
        if each["code"] in known
    )


def _assist(turn: Turn, case: Case) -> tuple[str, ...]:
    found = worklists.names(turn.session, cases.stations_of(turn.session, case.id, "assist"))
    return tuple(found.values())


def _stations(turn: Turn) -> tuple[str, ...]:
    open_ones = (s.name for s in directory(turn.deps).stations if s.active and s.staffed)
    return tuple(sorted(open_ones))


def _person(turn: Turn, post_id: int | None) -> str:
    posts = organisation.posts_by_id(turn.session, [post_id] if post_id else [])
    return posts[0].person if posts else ""


def _others(turn: Turn, visit: ConsoleVisit, case: Case) -> tuple[tuple[str, str, str], ...]:
    rows = worklists.others_of(turn.session, case, worklists.seen_by(visit.actor))
    return tuple(
        (each.number, wording.what(turn, each), CHINESE[State(each.state)])
        for each in rows
        if each.queue != "restricted"
    )


TASKS: dict[str, Action] = {
    "dispatch": Action.DISPATCH,
    "answer": Action.REJECT,
    "reject": Action.REJECT,
}
"""What only the office does. Whoever may say that it is no case may also answer it there: both end
what no station gets."""


def _tasks(turn: Turn, visit: ConsoleVisit, case: Case) -> tuple[Task, ...]:
    """What this person's posts have to do with such a case; greyed, with the reason, where only its
    state is in the way."""
    found = []
    for name in TASKS:
        why = _why_not(turn, visit.actor, name, case)
        if why is None:
            found.append(Task(name, ""))
        elif why is Refusal.WRONG_STATE:
            state = CHINESE[State(case.state)]
            found.append(Task(name, turn.say("console.wrong_state", state=state)))
    return tuple(found)


def _why_not(turn: Turn, actor: Actor, name: str, case: Case) -> Refusal | None:
    """An emergency that is none any more is dispatched by whoever may take it from its queue."""
    action = TASKS[name]
    if name == "dispatch" and case.queue == "emergency":
        action = Action.REQUEUE
    return why_not(actor, action, case_subject(turn, case))


Fields = Mapping[str, str]


def do(
    deps: Deps, visit: ConsoleVisit, number: str, name: str, fields: Fields, *, version: int
) -> str:
    """Carry out a task; the sentence for who did it. Raises NotFound; Refused when it may not be
    done, or when the case has changed since the page was shown (`version`)."""
    if name not in TASKS:
        return _by_hand(deps, visit, number, name, fields)
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = _seen(turn, visit, cases.by_number(session, _full(number)))
        if case.version != version:
            raise Refused("console.changed", state=CHINESE[State(case.state)])
        post = _post(turn, visit, name, case)
        _DO[name](turn, case, fields, By("post", post.id))
        shown = show_number(case.number)
        station = unit_name(turn, case.owner_unit_id) or ""
        return turn.say(f"console.done_{name}", number=shown, station=station)


def _post(turn: Turn, visit: ConsoleVisit, name: str, case: Case) -> PostView:
    """Under which post it is done."""
    for post in visit.posts:
        if _why_not(turn, actor_of(visit.person_id, [post]), name, case) is None:
            return post
    raise Refused("console.not_yours", state=CHINESE[State(case.state)])


def _by_hand(deps: Deps, visit: ConsoleVisit, number: str, name: str, fields: Fields) -> str:
    """What the person may do with it on the phone as well; restricted cases only after a code."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        _seen(turn, visit, visits.case_of_number(session, _full(number)))
    return hands.do(deps, visit.person_id, _full(number), name, dict(fields))


def _dispatch(turn: Turn, case: Case, fields: Fields, by: By) -> None:
    station = fields.get("station", "").strip()
    try:
        staff.dispatch_case(turn, case, station, fields.get("reason", "").strip(), by)
    except NotFound as error:
        raise Refused("console.no_station", ref=station) from error


_DO: dict[str, Callable[[Turn, Case, Fields, By], None]] = {
    "dispatch": _dispatch,
    "answer": lambda turn, case, fields, by: staff.answer_case(
        turn, case, fields.get("answer", ""), by
    ),
    "reject": lambda turn, case, fields, by: staff.reject_case(
        turn, case, fields.get("reason", ""), by
    ),
}
