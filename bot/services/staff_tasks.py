"""What the office does with a case at the console: one task, one transaction, one sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.cases import CHINESE, State, parse_number, show_number
from bot.domain.clean import clean
from bot.domain.permissions import Action, Actor, CaseSubject, Refusal, may, why_not
from bot.domain.quality import Review
from bot.models.cases import Case
from bot.services import (
    correcting,
    hands,
    merging,
    overriding,
    quality,
    splitting,
    staff,
    suggesting,
    writing,
    writing_down,
)
from bot.services.acting import actor_of, case_subject
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.services.views import unit_name
from bot.services.worklists import is_hidden
from bot.store import cases, events, organisation, visits
from bot.store.events import By
from bot.store.organisation import PostView


@dataclass(frozen=True, slots=True)
class Task:
    """Something the office may do with it. `why_not`: a sentence, empty when it may be done now."""

    name: str
    why_not: str


BY_HAND = ("acknowledge", "supervise", "release")
"""What of the phone's acts the console offers as well."""


def full(number: str) -> str:
    """The number as it is kept. Raises NotFound for what is none."""
    typed = parse_number(number)
    if typed is None or typed.full is None:
        raise NotFound("console.no_case")
    return typed.full


def seen(turn: Turn, visit: ConsoleVisit, case: Case | None) -> Case:
    """The case, if this person may see it in this session. Raises NotFound."""
    if case is None or not may(visit.actor, Action.SEE, case_subject(turn, case)):
        raise NotFound("console.no_case")
    return case


def person(turn: Turn, post_id: int | None) -> str:
    """Who holds, or held, a post."""
    posts = organisation.posts_by_id(turn.session, [post_id] if post_id else [])
    return posts[0].person if posts else ""


def taken_by(turn: Turn, case: Case) -> str:
    """Who said that they deal with the emergency."""
    return person(turn, events.last_post(turn.session, case.id, "acknowledged"))


TASKS: dict[str, Action] = {
    "dispatch": Action.DISPATCH,
    "write_down": Action.REQUEUE,
    "correct": Action.CORRECT,
    "move": Action.OVERRIDE,
    "recall": Action.OVERRIDE,
    "review": Action.CORRECT,
    "unreasonable": Action.CORRECT,
    "merge": Action.MERGE,
    "not_same": Action.MERGE,
    "unmerge": Action.UNMERGE,
    "split": Action.SPLIT,
    "write": Action.WRITE,
    "answer": Action.REJECT,
    "reject": Action.REJECT,
}
"""What only the office does. Whoever may say that it is no case may also answer it there: both end
what no station gets."""


_INSTEAD = {"dispatch": "move", "move": "dispatch", "recall": "dispatch"}
"""What is not shown greyed because something else does it as the case stands."""


def tasks(turn: Turn, visit: ConsoleVisit, case: Case) -> tuple[Task, ...]:
    """What this person's posts have to do with such a case; greyed, with the reason, where only its
    state is in the way."""
    subject = case_subject(turn, case)
    found = []
    for name in _at_hand(case):
        why = _why_not(visit.actor, name, case, subject)
        if why is None:
            found.append(Task(name, ""))
        elif why is Refusal.WRONG_STATE:
            state = CHINESE[State(case.state)]
            found.append(Task(name, turn.say("console.wrong_state", state=state)))
    able = {task.name for task in found if not task.why_not}
    return tuple(task for task in found if _INSTEAD.get(task.name) not in able)


def _at_hand(case: Case) -> tuple[str, ...]:
    """A part of another case is only taken out again; the other one is worked on."""
    part = case.merged_into is not None
    return tuple(n for n in TASKS if (n == "unmerge") is part and n not in _BESIDE)


_BESIDE = frozenset({"not_same"})
"""What stands with what it is about, never in the list of what may be done."""


def _why_not(actor: Actor, name: str, case: Case, subject: CaseSubject) -> Refusal | None:
    """An emergency that is none any more is dispatched by whoever may take it from its queue."""
    action = TASKS[name]
    if name == "write_down" and case.state != State.NEW:
        return Refusal.NO_RIGHT  # its station listens
    if name == "review" and case.review != Review.WANTED:
        return Refusal.NO_RIGHT
    if name == "unreasonable" and case.state not in (State.ANSWERED, State.CLOSED):
        return Refusal.NO_RIGHT
    named = case.handling != "normal" and case.queue == "emergency"
    if name == "dispatch" and (is_hidden(case) or named):
        return Refusal.NO_RIGHT  # it goes to no station
    if name == "dispatch" and case.queue == "emergency":
        action = Action.REQUEUE
    return why_not(actor, action, subject)


Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in a sentence, and whether who did it still sees the case."""

    words: str
    seen: bool


def do(
    deps: Deps, visit: ConsoleVisit, number: str, name: str, fields: Fields, *, version: int
) -> Done:
    """Carry out a task. Raises NotFound; Refused when it may not be done, or when the case has
    changed since the page was shown (`version`)."""
    if name in BY_HAND:
        return _by_hand(deps, visit, number, name, fields, version=version)
    if name not in TASKS:
        raise NotFound("console.no_case")
    given = written(fields)
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        if name == "merge":
            _lock_both(turn, number, given["into"])
        case = seen(turn, visit, cases.by_number(session, full(number)))
        _unchanged(case, version)
        post = _post(turn, visit, name, case)
        try:
            _DO[name](turn, case, given, By("post", post.id))
        except (Refused, NotFound) as error:
            raise _in_own_words(error) from error
        shown = show_number(case.number)
        station = unit_name(turn, case.owner_unit_id) or ""
        return Done(
            turn.say(f"console.done_{name}", number=shown, station=station),
            may(visit.actor, Action.SEE, case_subject(turn, case)),
        )


def _lock_both(turn: Turn, *numbers: str) -> None:
    """Two people who merge two cases into each other must not wait for each other."""
    typed = (parse_number(each) for each in numbers)
    cases.lock_all(turn.session, [number for each in typed if each for number in each.possible])


def _unchanged(case: Case, version: int) -> None:
    if case.version != version:
        raise Refused("console.changed", state=CHINESE[State(case.state)])


LONGEST = {
    "answer": 600, "reason": 300, "note": 300, "station": 120, "category": 20, "place": 80,
    "urgency": 30, "heard": 1000, "verdict": 10, "into": 20, "clauses": 300, "kind": 10,
    "words": 300,
}  # fmt: skip
"""Characters that a resident's message, or the history, has room for."""


def written(fields: Fields) -> Fields:
    """What was typed, without what nobody can see. Raises Refused for what is too long."""
    given = {name: clean(fields.get(name, "")).strip() for name in LONGEST}
    for name, words in given.items():
        if len(words) > LONGEST[name]:
            raise Refused("console.too_long", most=LONGEST[name], now=len(words))
    return given


_OWN_WORDS = {
    "operator.needs_reason": "console.needs_reason",
    "operator.needs_answer": "console.needs_answer",
    "operator.emergency": "console.needs_why_over",
    "operator.no_station": "console.no_station",
    "operator.station_closed": "console.station_closed",
    "operator.station_empty": "console.station_empty",
}
"""The shell says what to type there; here it is said for whoever reads the page."""


def _in_own_words(error: Refused | NotFound) -> Refused:
    return Refused(_OWN_WORDS.get(error.key, error.key), **error.values)


def _post(turn: Turn, visit: ConsoleVisit, name: str, case: Case) -> PostView:
    """Under which post it is done."""
    subject = case_subject(turn, case)
    for post in visit.posts:
        if _why_not(actor_of(visit.person_id, [post]), name, case, subject) is None:
            return post
    raise Refused("console.not_yours", state=CHINESE[State(case.state)])


def _by_hand(
    deps: Deps, visit: ConsoleVisit, number: str, name: str, fields: Fields, *, version: int
) -> Done:
    """What the person may do with it on the phone as well; restricted cases only after a code."""
    given = written(fields)
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = seen(turn, visit, visits.case_of_number(session, full(number)))
        _unchanged(case, version)
        if name == "acknowledge" and (who := taken_by(turn, case)):
            raise Refused("console.taken", person=who)
        shown = show_number(case.number)
    hands.do(deps, visit.person_id, full(number), name, dict(given))
    return Done(deps.texts.say(f"console.done_{name}", number=shown), seen=True)


def _dispatch(turn: Turn, case: Case, fields: Fields, by: By) -> None:
    staff.dispatch_case(turn, case, fields["station"], fields["reason"], by)


_DO: dict[str, Callable[[Turn, Case, Fields, By], object]] = {
    "dispatch": _dispatch,
    "write_down": writing_down.write_down,
    "correct": correcting.correct,
    "review": quality.review,
    "unreasonable": quality.unreasonable,
    "move": lambda turn, case, fields, by: overriding.to_station(
        turn, case, fields["station"], fields["reason"], by
    ),
    "recall": lambda turn, case, fields, by: overriding.recall(turn, case, fields["reason"], by),
    "merge": lambda turn, case, fields, by: merging.merge(turn, case, fields["into"], by),
    "not_same": lambda turn, case, fields, by: suggesting.not_same(turn, case, fields["into"], by),
    "unmerge": lambda turn, case, fields, by: merging.unmerge(turn, case, by),
    "split": lambda turn, case, fields, by: splitting.split(turn, case, fields["clauses"], by),
    "write": lambda turn, case, fields, by: writing.write(
        turn, case, fields["kind"], fields["words"], by
    ),
    "answer": lambda turn, case, fields, by: staff.answer_case(turn, case, fields["answer"], by),
    "reject": lambda turn, case, fields, by: staff.reject_case(turn, case, fields["reason"], by),
}
