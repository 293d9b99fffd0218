"""Who may do what to which case. Chat, pages, commands and API only build an Actor and ask here.

Closed by default: what no rule allows is refused. Rules about the state of a case belong to
bot.domain.cases; here the state only tells apart what an action is about.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.cases import Queue, State
from bot.domain.roles import HANDLERS, Role


class Action(StrEnum):
    """What somebody may want to do."""

    SEE = "see"
    ACCEPT = "accept"
    RETURN = "return"
    ANSWER = "answer"
    DISPATCH = "dispatch"
    REJECT = "reject"
    REQUEUE = "requeue"
    """Move a case to another queue, for example when an emergency turns out to be none."""
    ACKNOWLEDGE = "acknowledge"


class Refusal(StrEnum):
    """Why not; bot/data/texts.toml has the sentence."""

    UNSEEN = "unseen"
    """Must not even learn that it exists: answer as for a number nobody has."""
    NO_RIGHT = "no_right"
    """Sees it, but the action is for others."""
    WRONG_STATE = "wrong_state"
    """Could do it, but not as the case stands now."""


@dataclass(frozen=True, slots=True)
class ActorPost:
    """A post that is valid today."""

    id: int
    role: Role
    unit_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with today's posts, or the system itself."""

    person_id: int | None
    posts: tuple[ActorPost, ...] = ()
    system: bool = False


@dataclass(frozen=True, slots=True)
class CaseSubject:
    """What permissions need to know of a case."""

    state: State
    queue: Queue | None = None
    owner_unit_id: int | None = None
    assist_unit_ids: frozenset[int] = frozenset()
    holder_post_id: int | None = None
    handling_restricted: bool = False
    """Category for named members or named staff."""
    district_unit_id: int | None = None
    """The owning station's district, for its district convener."""


_LOOKERS = frozenset({Role.INTAKE_STAFF, Role.ADMIN, Role.LEADER})
_TRIAGE = frozenset({Role.INTAKE_STAFF, Role.ADMIN})
_ALARM = frozenset({Role.DUTY, Role.INTAKE_STAFF, Role.LEADER})
"""Whoever an alarm climbs to must be able to stop it."""

_NEEDS_STATE: dict[Action, frozenset[State]] = {
    Action.ACCEPT: frozenset({State.DISPATCHED}),
    Action.RETURN: frozenset({State.DISPATCHED, State.ACCEPTED}),
    Action.ANSWER: frozenset({State.ACCEPTED, State.CONSULTING, State.ON_HOLD}),
    Action.DISPATCH: frozenset({State.NEW}),
    Action.REJECT: frozenset({State.NEW}),
    Action.REQUEUE: frozenset({State.NEW}),
    Action.ACKNOWLEDGE: frozenset({State.NEW}),
}


def may(actor: Actor, action: Action, subject: CaseSubject) -> bool:
    """Whether the actor may do this now."""
    return why_not(actor, action, subject) is None


def why_not(actor: Actor, action: Action, subject: CaseSubject) -> Refusal | None:
    """None when allowed, else the reason."""
    if not _sees(actor, subject):
        return Refusal.UNSEEN
    if action is Action.SEE:
        return None
    if not _has_right(actor, action, subject):
        return Refusal.NO_RIGHT
    return None if subject.state in _NEEDS_STATE[action] else Refusal.WRONG_STATE


def _sees(actor: Actor, subject: CaseSubject) -> bool:
    return actor.system or any(_post_sees(post, subject) for post in actor.posts)


def _post_sees(post: ActorPost, subject: CaseSubject) -> bool:
    """An emergency is seen by those who act on it, whatever its category: a life comes first."""
    if subject.queue is Queue.EMERGENCY:
        return post.role in _ALARM
    if subject.queue is Queue.RESTRICTED:
        return post.role is Role.RESTRICTED_STAFF
    if subject.handling_restricted:
        return post.role is Role.RESTRICTED_STAFF or _works_on(post, subject)
    if post.role is Role.DISTRICT_CONVENER:
        return subject.district_unit_id is not None and post.unit_id == subject.district_unit_id
    assists = post.unit_id in subject.assist_unit_ids and post.role in HANDLERS
    return post.role in _LOOKERS or assists or _works_on(post, subject)


def _works_on(post: ActorPost, subject: CaseSubject) -> bool:
    """A handler of the owning station. Holding the clock alone gives no right: it may be stale."""
    return post.unit_id == subject.owner_unit_id and post.role in HANDLERS


def _has_right(actor: Actor, action: Action, subject: CaseSubject) -> bool:
    if action in (Action.ACCEPT, Action.RETURN, Action.ANSWER):
        return any(_works_on(post, subject) for post in actor.posts)
    if actor.system:
        return action in (Action.DISPATCH, Action.REQUEUE)
    return bool({post.role for post in actor.posts} & _desk(action, subject))


def _desk(action: Action, subject: CaseSubject) -> frozenset[Role]:
    """Who works at the queue that has the case. No emergency goes to a station directly: it is
    requeued first, by somebody who found that it is none."""
    if action is Action.ACKNOWLEDGE:
        return _ALARM if subject.queue is Queue.EMERGENCY else frozenset()
    if subject.queue is Queue.EMERGENCY:
        at_desk = frozenset({Role.DUTY, Role.INTAKE_STAFF})
        return frozenset() if action is Action.DISPATCH else at_desk
    if subject.queue is Queue.RESTRICTED or subject.handling_restricted:
        return frozenset({Role.RESTRICTED_STAFF})
    return _TRIAGE
