"""Who may do what: every role and every action, on each kind of case."""

from dataclasses import replace

import pytest

from bot.domain.cases import Queue, State
from bot.domain.permissions import (
    Action,
    Actor,
    ActorPost,
    CaseSubject,
    Refusal,
    may,
    why_not,
)
from bot.domain.roles import HANDLERS, ROLE_NAMES, Role
from bot.domain.roster import ROLES

OWN, HELPER, FAR, DISTRICT = 1, 2, 3, 4

STAFF_QUEUE = CaseSubject(State.NEW, queue=Queue.STAFF)
EMERGENCY = CaseSubject(State.NEW, queue=Queue.EMERGENCY)
RESTRICTED = CaseSubject(State.NEW, queue=Queue.RESTRICTED, handling_restricted=True)
DISPATCHED = CaseSubject(
    State.DISPATCHED,
    owner_unit_id=OWN,
    assist_unit_ids=frozenset({HELPER}),
    holder_post_id=1,
    district_unit_id=DISTRICT,
)
ACCEPTED = replace(DISPATCHED, state=State.ACCEPTED)
HELD = replace(DISPATCHED, state=State.ON_HOLD)
NAMED = replace(DISPATCHED, handling_restricted=True)
SUBJECTS = {
    "staff": STAFF_QUEUE,
    "emergency": EMERGENCY,
    "restricted": RESTRICTED,
    "dispatched": DISPATCHED,
    "accepted": ACCEPTED,
    "named": NAMED,
    "held": HELD,
    "part": CaseSubject(State.NEW, merged=True),  # of another case
}

A = Action
TRIAGE = {A.SEE, A.DISPATCH, A.REJECT, A.REQUEUE, A.CORRECT, A.WRITE}
ALARM_OVER = {A.REJECT, A.REQUEUE, A.CORRECT, A.WRITE}
MEND = {A.SEE, A.CORRECT, A.OVERRIDE, A.WRITE}
PLAIN = {A.MERGE, A.SPLIT}  # of what is neither guarded nor on hold
ALARM = {A.SEE, A.ACKNOWLEDGE}
NEW = {A.SEE, A.ACCEPT, A.RETURN, A.REROUTE}
BEGUN = {A.SEE, A.ANSWER, A.RETURN, A.ASK, A.EXTEND, A.INVITE, A.OUTCOME, A.DELIBERATE,
         A.PROGRESS, A.PHOTO}  # fmt: skip
WORK = {
    "dispatched": NEW,
    "accepted": BEGUN,
    "named": NEW,
    "held": {A.SEE, A.ANSWER, A.RESUME, A.OUTCOME, A.PHOTO},
}
CONVENE = WORK | {
    "dispatched": NEW | {A.ASSIGN},
    "accepted": BEGUN | {A.ASSIGN},
    "named": NEW | {A.ASSIGN},
}
HEAD = WORK | {"accepted": BEGUN | {A.HOLD, A.GRANT}}
LOOK = {"dispatched": {A.SEE}, "accepted": {A.SEE}, "held": {A.SEE}}
DESK = {
    "dispatched": MEND | PLAIN,
    "accepted": MEND | PLAIN,
    "held": MEND,
    "part": {A.SEE, A.UNMERGE},
}
CALL = {A.UNMASK}
"""Who may have to call the resident reads what is covered."""
CALLING = {name: may_do | CALL for name, may_do in DESK.items()}
RULE = {A.SUPERVISE, A.RELEASE}
LEAD = {name: seen | RULE for name, seen in LOOK.items()} | {"part": {A.SEE}}
HELP = LOOK | {"accepted": {A.SEE, A.ASSIST}}

# role, unit, what it may do to which case; nothing else
RIGHTS: list[tuple[Role, int, dict[str, set[Action]]]] = [
    # the owning station works on its case, and on nothing in a queue
    (Role.FIRST_CONVENER, OWN, CONVENE),
    (Role.SECOND_CONVENER, OWN, CONVENE),
    (Role.STATION_HEAD, OWN, HEAD),
    (Role.MEMBER, OWN, WORK),
    (Role.STAND_IN, OWN, WORK),
    (Role.SECRETARY, OWN, {}),
    (Role.PARTNER_CONTACT, OWN, {}),
    # a helping station sees it, but not what is for named members
    (Role.FIRST_CONVENER, HELPER, HELP),
    (Role.SECOND_CONVENER, HELPER, HELP),
    (Role.STATION_HEAD, HELPER, HELP),
    (Role.MEMBER, HELPER, HELP),
    (Role.STAND_IN, HELPER, HELP),
    (Role.SECRETARY, HELPER, {}),
    (Role.PARTNER_CONTACT, HELPER, {}),
    # other stations see nothing
    (Role.FIRST_CONVENER, FAR, {}),
    (Role.SECOND_CONVENER, FAR, {}),
    (Role.STATION_HEAD, FAR, {}),
    (Role.MEMBER, FAR, {}),
    (Role.STAND_IN, FAR, {}),
    # a district convener sees the district's cases only
    (Role.DISTRICT_CONVENER, DISTRICT, LOOK),
    (Role.DISTRICT_CONVENER, FAR, {}),
    # the office: triage; alarms climb to staff and leader, so they can stop them
    (
        Role.INTAKE_STAFF,
        FAR,
        {"staff": TRIAGE | PLAIN | CALL, "emergency": ALARM | ALARM_OVER | CALL, **CALLING},
    ),
    (Role.DUTY, FAR, {"emergency": ALARM | ALARM_OVER | CALL}),
    (Role.LEADER, FAR, {"staff": {A.SEE} | RULE, "emergency": ALARM | RULE, **LEAD}),
    # admin is no key to restricted cases, nor to those of named members
    (Role.ADMIN, FAR, {"staff": TRIAGE | PLAIN, **DESK}),
    (Role.RESTRICTED_STAFF, FAR, {"restricted": TRIAGE | CALL, "named": MEND | CALL}),
    # the auditor reads the access log, not the cases
    (Role.AUDITOR, FAR, {}),
]


@pytest.mark.parametrize(("role", "unit", "rights"), RIGHTS)
@pytest.mark.parametrize("name", SUBJECTS)
def test_every_role_and_action(
    role: Role, unit: int, rights: dict[str, set[Action]], name: str
) -> None:
    """A role may do exactly what the table says, and nothing else."""
    actor = Actor(7, (ActorPost(70, role, unit),))
    assert {a for a in Action if may(actor, a, SUBJECTS[name])} == rights.get(name, set())


def test_the_table_has_every_role() -> None:
    """No role is forgotten here, and each has the Chinese name that office sheets use."""
    assert {role for role, _, _ in RIGHTS} == set(Role) == set(ROLE_NAMES)
    assert {role.value: name for role, name in ROLE_NAMES.items()} == dict(ROLES)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("name", SUBJECTS)
def test_nobody_may_nothing(action: Action, name: str) -> None:
    """Somebody without a post sees and does nothing."""
    assert why_not(Actor(7), action, SUBJECTS[name]) is Refusal.UNSEEN


@pytest.mark.parametrize(
    ("role", "post", "allowed"),
    [
        (Role.MEMBER, 70, True),  # to whom it was given
        (Role.MEMBER, 71, False),  # another member
        (Role.SECOND_CONVENER, 71, True),
        (Role.STATION_HEAD, 71, True),  # the ladder climbs to the head
    ],
)
def test_who_accepts_what_was_given_to_somebody(role: Role, post: int, allowed: bool) -> None:
    """A member to whom a convener gave it accepts it, or one who answers for the station."""
    given = replace(DISPATCHED, assigned_post_id=70)
    assert may(Actor(7, (ActorPost(post, role, OWN),)), A.ACCEPT, given) is allowed


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_system_only_moves_cases(name: str) -> None:
    """The system sees all; it dispatches and queues, and never decides a case."""
    actor = Actor(None, system=True)
    done = {a for a in Action if may(actor, a, SUBJECTS[name])}
    waits = SUBJECTS[name].state is State.NEW and not SUBJECTS[name].merged
    assert done == ({A.SEE, A.DISPATCH, A.REQUEUE} if waits else {A.SEE})


@pytest.mark.parametrize(
    ("role", "unit", "action", "subject", "reason"),
    [
        # one who must not know of a case gets the same answer as for none
        (Role.FIRST_CONVENER, FAR, A.ACCEPT, DISPATCHED, Refusal.UNSEEN),
        (Role.ADMIN, FAR, A.REJECT, RESTRICTED, Refusal.UNSEEN),
        (Role.MEMBER, HELPER, A.SEE, NAMED, Refusal.UNSEEN),
        # one who only looks on
        (Role.MEMBER, HELPER, A.ANSWER, ACCEPTED, Refusal.NO_RIGHT),
        (Role.LEADER, FAR, A.DISPATCH, STAFF_QUEUE, Refusal.NO_RIGHT),
        # an emergency is never sent to a station before it was found to be none
        (Role.INTAKE_STAFF, FAR, A.DISPATCH, EMERGENCY, Refusal.NO_RIGHT),
        # the right person, the wrong moment
        (Role.MEMBER, OWN, A.ACCEPT, ACCEPTED, Refusal.WRONG_STATE),
        (Role.MEMBER, OWN, A.ANSWER, DISPATCHED, Refusal.WRONG_STATE),
        (Role.INTAKE_STAFF, FAR, A.REJECT, DISPATCHED, Refusal.WRONG_STATE),
    ],
)
def test_reasons(
    role: Role, unit: int, action: Action, subject: CaseSubject, reason: Refusal
) -> None:
    """A refusal says as much as the person may know."""
    assert why_not(Actor(7, (ActorPost(70, role, unit),)), action, subject) is reason


def test_posts_add_up() -> None:
    """A person with several posts has the rights of each, for the unit of each."""
    posts = (ActorPost(1, Role.MEMBER, OWN), ActorPost(2, Role.STATION_HEAD, FAR))
    assert may(Actor(7, posts), A.ACCEPT, DISPATCHED)
    assert not may(Actor(7, posts[1:]), A.ACCEPT, DISPATCHED)


def test_a_stale_holder_has_no_rights() -> None:
    """Holding the clock gives nothing once the case lies with another station."""
    moved = replace(DISPATCHED, owner_unit_id=FAR)
    for role in HANDLERS:
        assert not may(Actor(7, (ActorPost(1, role, OWN),)), A.ACCEPT, moved)


@pytest.mark.parametrize(
    ("role", "action", "subject", "allowed"),
    [
        # what the absent person has, or was given
        (Role.MEMBER, A.ANSWER, replace(ACCEPTED, holder_post_id=70), True),
        (Role.MEMBER, A.ACCEPT, replace(DISPATCHED, assigned_post_id=70), True),
        # what waits for those in charge, while nobody has it
        (Role.FIRST_CONVENER, A.ACCEPT, replace(DISPATCHED, holder_post_id=None), True),
        (Role.MEMBER, A.ACCEPT, replace(DISPATCHED, holder_post_id=None), False),
        # a head's decisions, whoever has the case
        (Role.STATION_HEAD, A.GRANT, replace(ACCEPTED, holder_post_id=71), True),
        (Role.STATION_HEAD, A.HOLD, replace(ACCEPTED, holder_post_id=71), True),
        (Role.FIRST_CONVENER, A.GRANT, replace(ACCEPTED, holder_post_id=70), False),
        # nothing that is somebody else's
        (Role.FIRST_CONVENER, A.ANSWER, replace(ACCEPTED, holder_post_id=71), False),
        (Role.FIRST_CONVENER, A.ASSIGN, replace(ACCEPTED, holder_post_id=71), False),
        (Role.STATION_HEAD, A.ACCEPT, replace(DISPATCHED, assigned_post_id=71), False),
        (Role.MEMBER, A.SEE, replace(ACCEPTED, holder_post_id=71), False),
        # nothing of another station
        (Role.STATION_HEAD, A.GRANT, replace(ACCEPTED, owner_unit_id=FAR), False),
    ],
)
def test_what_a_stand_in_may(
    role: Role, action: Action, subject: CaseSubject, allowed: bool
) -> None:
    """The absent person's post is carried for that post's own items only."""
    carried = Actor(7, (ActorPost(70, role, OWN, stands_in=True),))
    assert may(carried, action, subject) is allowed


def test_only_its_leader_releases_what_is_supervised() -> None:
    """Another leader sees it and may not end it; when nobody holds the post, any leader may."""
    one, other = (Actor(n, (ActorPost(n, Role.LEADER, FAR),)) for n in (7, 8))
    supervised = replace(ACCEPTED, supervised_post_id=7)
    assert may(one, A.RELEASE, supervised)
    assert why_not(other, A.RELEASE, supervised) is Refusal.NO_RIGHT
    assert may(other, A.RELEASE, replace(supervised, supervised_post_id=None))
