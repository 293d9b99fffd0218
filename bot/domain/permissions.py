"""Who may do what to which case. Chat, pages, commands and API only build an Actor and ask here.

Closed by default: what no rule allows is refused. Rules about the state of a case belong to
bot.domain.cases; here the state only tells apart what an action is about.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.cases import OPEN, Queue, State
from bot.domain.roles import HANDLERS, Role


class Action(StrEnum):
    """What somebody may want to do."""

    SEE = "see"
    ACCEPT = "accept"
    RETURN = "return"
    ANSWER = "answer"
    ASK = "ask"
    """Ask the resident, or a colleague."""
    PHOTO = "photo"
    """Put a photo to it. How long after the answer is a rule of bot.services.photographing."""
    HOLD = "hold"
    RESUME = "resume"
    EXTEND = "extend"
    """Ask for more time."""
    GRANT = "grant"
    """Decide on a request for more time."""
    REROUTE = "reroute"
    """Pass it on to another station."""
    ASSIGN = "assign"
    """Give it to a member of the own station."""
    INVITE = "invite"
    """Ask another station to assist."""
    ASSIST = "assist"
    """Take and answer an assisting station's part."""
    DELIBERATE = "deliberate"
    """Take it into consultation (协商中)."""
    CONCLUDE = "conclude"
    """The consultation is over: back to work."""
    OUTCOME = "outcome"
    """Write down what came of it."""
    DISPATCH = "dispatch"
    REJECT = "reject"
    REQUEUE = "requeue"
    """Move a case to another queue, for example when an emergency turns out to be none."""
    CORRECT = "correct"
    """Put right what it is about, where it is and how urgent."""
    OVERRIDE = "override"
    """Take it from the station that has it."""
    MERGE = "merge"
    """Let it go on as a part of another case (并案)."""
    UNMERGE = "unmerge"
    """Take it out of the other case again (拆开)."""
    SPLIT = "split"
    """Make a case of its own of one of its matters (拆单)."""
    WRITE = "write"
    """Write to its resident in the office's name."""
    ACKNOWLEDGE = "acknowledge"
    PROGRESS = "progress"
    """Say how it goes, and when there will be news."""
    SUPERVISE = "supervise"
    """Put it under supervision (督办)."""
    RELEASE = "release"
    """End the supervision."""
    UNMASK = "unmask"
    """Read what is covered of the resident, with a reason that is kept."""


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
    stands_in: bool = False
    """Held by somebody who is on leave: the actor carries it, for that post's own items only."""


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
    assigned_post_id: int | None = None
    """Whom a convener gave it to, until it is accepted."""
    handling_restricted: bool = False
    """Category for named members or named staff."""
    named_staff: bool = False
    """Category for named staff: whatever else it is, nobody else ends it."""
    district_unit_id: int | None = None
    """The owning station's district, for its district convener."""
    supervised_post_id: int | None = None
    """The leader's post under whose supervision it is, if somebody still holds that post."""
    merged: bool = False
    """It goes on as a part of another case: nothing is done with it but to take it out again."""


_LOOKERS = frozenset({Role.INTAKE_STAFF, Role.ADMIN, Role.LEADER})
_TRIAGE = frozenset({Role.INTAKE_STAFF, Role.ADMIN})
_ALARM = frozenset({Role.DUTY, Role.INTAKE_STAFF, Role.LEADER})
"""Whoever an alarm climbs to must be able to stop it."""

_IN_CHARGE = frozenset({Role.FIRST_CONVENER, Role.SECOND_CONVENER, Role.STATION_HEAD})
"""Conveners, and the head to whom the ladder climbs: whoever is asked to accept must be able to."""

_IN_WORK = frozenset({State.ACCEPTED, State.CONSULTING})

_AT_STATION: dict[Action, frozenset[Role]] = {
    Action.ACCEPT: HANDLERS,
    Action.RETURN: HANDLERS,
    Action.ANSWER: HANDLERS,
    Action.PHOTO: HANDLERS,
    Action.ASK: HANDLERS,
    Action.HOLD: frozenset({Role.STATION_HEAD}),
    Action.RESUME: HANDLERS,
    Action.EXTEND: HANDLERS,
    Action.GRANT: frozenset({Role.STATION_HEAD}),
    Action.REROUTE: HANDLERS,
    Action.ASSIGN: frozenset({Role.FIRST_CONVENER, Role.SECOND_CONVENER}),
    Action.INVITE: HANDLERS,
    Action.DELIBERATE: HANDLERS,
    Action.CONCLUDE: HANDLERS,
    Action.OUTCOME: HANDLERS,
    Action.PROGRESS: HANDLERS,
}
"""Which roles of the owning station may do what; 双召集人: either may assign."""

_NEEDS_STATE: dict[Action, frozenset[State]] = {
    Action.ACCEPT: frozenset({State.DISPATCHED}),
    Action.RETURN: frozenset({State.DISPATCHED, State.ACCEPTED}),
    Action.ANSWER: frozenset({State.ACCEPTED, State.CONSULTING, State.ON_HOLD}),
    Action.PHOTO: _IN_WORK | {State.ON_HOLD, State.ANSWERED, State.CLOSED},
    Action.ASK: _IN_WORK,
    Action.HOLD: _IN_WORK,
    Action.RESUME: frozenset({State.ON_HOLD}),
    Action.EXTEND: _IN_WORK,
    Action.GRANT: _IN_WORK,
    Action.REROUTE: frozenset({State.DISPATCHED}),
    Action.ASSIGN: frozenset({State.DISPATCHED, State.ACCEPTED, State.CONSULTING}),
    Action.INVITE: _IN_WORK,
    Action.ASSIST: _IN_WORK,
    Action.DELIBERATE: frozenset({State.ACCEPTED}),
    Action.CONCLUDE: frozenset({State.CONSULTING}),
    Action.OUTCOME: _IN_WORK | {State.ON_HOLD, State.ANSWERED, State.CLOSED},
    Action.DISPATCH: frozenset({State.NEW}),
    Action.REJECT: frozenset({State.NEW}),
    Action.REQUEUE: frozenset({State.NEW}),
    Action.CORRECT: OPEN | {State.ANSWERED, State.CLOSED},
    Action.OVERRIDE: OPEN - {State.NEW},
    Action.MERGE: OPEN - {State.ON_HOLD},
    Action.UNMERGE: frozenset({State.NEW}),
    Action.SPLIT: OPEN - {State.ON_HOLD},
    Action.WRITE: OPEN | {State.ANSWERED},
    Action.ACKNOWLEDGE: frozenset({State.NEW}),
    Action.PROGRESS: _IN_WORK,
    Action.SUPERVISE: OPEN,
    Action.RELEASE: OPEN | {State.ANSWERED},
    Action.UNMASK: frozenset(State),
}


def may(actor: Actor, action: Action, subject: CaseSubject) -> bool:
    """Whether the actor may do this now."""
    return why_not(actor, action, subject) is None


def why_not(actor: Actor, action: Action, subject: CaseSubject) -> Refusal | None:
    """None when allowed, else the reason."""
    if not _sees(actor, action, subject):
        return Refusal.UNSEEN
    if action is Action.SEE:
        return None
    if not _has_right(actor, action, subject):
        return Refusal.NO_RIGHT
    stands = action is Action.UNMASK or subject.merged is (action is Action.UNMERGE)
    fits = stands and subject.state in _NEEDS_STATE[action]
    return None if fits else Refusal.WRONG_STATE


_DECIDES = frozenset({Action.HOLD, Action.GRANT})
"""What waits for a role of the station, not for whoever has the case."""


def _is_its_own(post: ActorPost, action: Action, subject: CaseSubject) -> bool:
    """What a stand-in may touch: what the absent person has or was given, what waits for those in
    charge while nobody has it, and what the absent head is to decide."""
    if post.id in (subject.holder_post_id, subject.assigned_post_id) or action in _DECIDES:
        return True
    waits = subject.holder_post_id is None and subject.assigned_post_id is None
    return waits and post.role in _IN_CHARGE


def _posts_for(actor: Actor, action: Action, subject: CaseSubject) -> list[ActorPost]:
    """The actor's posts that count here."""
    return [p for p in actor.posts if not p.stands_in or _is_its_own(p, action, subject)]


def _sees(actor: Actor, action: Action, subject: CaseSubject) -> bool:
    posts = _posts_for(actor, action, subject)
    return actor.system or any(_post_sees(post, subject) for post in posts)


def _post_sees(post: ActorPost, subject: CaseSubject) -> bool:
    """An emergency is seen by those who act on it, whatever its category: a life comes first."""
    if subject.queue is Queue.EMERGENCY:
        theirs = subject.named_staff and post.role is Role.RESTRICTED_STAFF
        return post.role in _ALARM or theirs
    if subject.queue is Queue.RESTRICTED:
        return post.role is Role.RESTRICTED_STAFF
    if subject.handling_restricted:
        return post.role is Role.RESTRICTED_STAFF or _works_on(post, subject)
    if post.role is Role.DISTRICT_CONVENER:
        return subject.district_unit_id is not None and post.unit_id == subject.district_unit_id
    return post.role in _LOOKERS or _assists(post, subject) or _works_on(post, subject)


def _assists(post: ActorPost, subject: CaseSubject) -> bool:
    """A handler of an assisting station."""
    return post.unit_id in subject.assist_unit_ids and post.role in HANDLERS


def _works_on(post: ActorPost, subject: CaseSubject) -> bool:
    """A handler of the owning station. Holding the clock alone gives no right: it may be stale."""
    return post.unit_id == subject.owner_unit_id and post.role in HANDLERS


def _accepts(post: ActorPost, subject: CaseSubject) -> bool:
    """What was given to somebody is theirs to accept, or of those who answer for the station."""
    given = subject.assigned_post_id
    return given in (None, post.id) or post.role in _IN_CHARGE


def _supervises(post: ActorPost, action: Action, subject: CaseSubject) -> bool:
    """A leader; to release it only the one who supervises, while that post is held."""
    its_own = subject.supervised_post_id in (None, post.id)
    return post.role is Role.LEADER and (action is Action.SUPERVISE or its_own)


def _has_right(actor: Actor, action: Action, subject: CaseSubject) -> bool:
    posts = _posts_for(actor, action, subject)
    if action in _AT_STATION:
        roles = _AT_STATION[action]
        if action is Action.ACCEPT:
            return any(_works_on(p, subject) and _accepts(p, subject) for p in posts)
        return any(_works_on(p, subject) and p.role in roles for p in posts)
    if action is Action.ASSIST:
        return any(_assists(post, subject) for post in posts)
    if action in (Action.SUPERVISE, Action.RELEASE):
        return any(_supervises(post, action, subject) for post in posts)
    if actor.system:
        return action in (Action.DISPATCH, Action.REQUEUE)
    return bool({post.role for post in posts} & _desk(action, subject))


_PLAIN = frozenset({Action.MERGE, Action.UNMERGE, Action.SPLIT})
"""What is never done with a case that only named people see, or in which somebody is in danger."""


def _desk(action: Action, subject: CaseSubject) -> frozenset[Role]:
    """Who works at the queue that has the case. No emergency goes to a station directly: it is
    requeued first, by somebody who found that it is none."""
    if action is Action.ACKNOWLEDGE:
        return _ALARM if subject.queue is Queue.EMERGENCY else frozenset()
    if subject.queue is Queue.EMERGENCY:
        if action is Action.DISPATCH or action in _PLAIN:
            return frozenset()
        if subject.named_staff:
            return frozenset({Role.RESTRICTED_STAFF})
        return frozenset({Role.DUTY, Role.INTAKE_STAFF})
    if subject.queue is Queue.RESTRICTED or subject.handling_restricted:
        return frozenset() if action in _PLAIN else frozenset({Role.RESTRICTED_STAFF})
    return _TRIAGE - {Role.ADMIN} if action is Action.UNMASK else _TRIAGE
