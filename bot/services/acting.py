"""Who acts: the post under which a person may do something now, or the sentence why not."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.cases import CHINESE, Queue, State, Who, show_number, who_is
from bot.domain.permissions import Action, Actor, ActorPost, CaseSubject, Refusal, why_not
from bot.domain.roles import Role
from bot.models.cases import Case
from bot.services import standing_in, wording
from bot.services.errors import Refused
from bot.services.turn import Turn
from bot.store import cases, districts, item_codes, organisation
from bot.store.events import By
from bot.store.organisation import PostView

_RIGHT_KEYS = {
    Action.GRANT: "refusal.head_only",
    Action.ASSIGN: "refusal.conveners_only",
    Action.ASSIST: "refusal.not_invited",
    Action.SUPERVISE: "refusal.leaders_only",
    Action.RELEASE: "refusal.its_leader",
}
"""Who could do it, where that helps more than a plain no."""

_TELLS_MORE = {
    Refusal.UNSEEN: (Refusal.NO_RIGHT, Refusal.WRONG_STATE),
    Refusal.NO_RIGHT: (Refusal.WRONG_STATE,),
    Refusal.WRONG_STATE: (),
}
"""Of several posts' refusals the one that says what can be done is given."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A person with the post under which this act is done, and the code of the case in their
    chat."""

    post: PostView
    code: int

    @property
    def by(self) -> By:
        """As the event records it: a stand-in's own post, and whose they carried."""
        if self.post.stands_in is not None:
            return By("post", self.post.stands_in.own_post_id, self.post.id)
        return By("post", self.post.id)

    @property
    def who(self) -> frozenset[Who]:
        """As the lifecycle table asks it."""
        return who_is(Role(self.post.role))


def actor_of(person_id: int, posts: Iterable[PostView]) -> Actor:
    """A person with these posts, as permissions see them."""
    held = (ActorPost(p.id, Role(p.role), p.unit_id, p.stands_in is not None) for p in posts)
    return Actor(person_id, tuple(held))


def acting(turn: Turn, person_id: int, action: Action, case: Case) -> Acting:
    """The post under which this person may do this now. Raises Refused with the reason."""
    subject = case_subject(turn, case)
    refusal = Refusal.UNSEEN
    for post in standing_in.in_order(turn, standing_in.at_hand(turn, person_id), case):
        actor = actor_of(person_id, [post])
        reason = why_not(actor, action, subject)
        if reason is None:
            return Acting(post, item_codes.give(turn.session, person_id, case.id, turn.now))
        refusal = reason if reason in _TELLS_MORE[refusal] else refusal
    raise _refused(turn, case, action, refusal)


def can(turn: Turn, person_id: int, action: Action, case: Case) -> bool:
    """Whether this person may do this now, under any post that they hold or carry today."""
    posts = standing_in.at_hand(turn, person_id)
    return why_not(actor_of(person_id, posts), action, case_subject(turn, case)) is None


def who_has(turn: Turn, case: Case) -> str:
    """The person who has the case, also by a stand-in, or its station."""
    named = case.holder_post_id or case.assigned_post_id
    if named is not None:
        holder = organisation.post_by_id(turn.session, named, turn.today)
        if holder is not None:
            return standing_in.name(turn, holder)
    return wording.station_name(turn, case)


def _refused(turn: Turn, case: Case, action: Action, refusal: Refusal) -> Refused:
    if refusal is Refusal.UNSEEN and case.owner_unit_id is not None and case.handling == "normal":
        # It was on this person's list and lies elsewhere by now.
        return not_allowed(turn, case, "refusal.moved", holder=who_has(turn, case))
    if refusal is Refusal.NO_RIGHT and action is Action.ACCEPT and case.assigned_post_id:
        return not_allowed(turn, case, "refusal.assigned", holder=who_has(turn, case))
    if refusal is not Refusal.WRONG_STATE:
        return not_allowed(turn, case, _RIGHT_KEYS.get(action, "refusal.no_right"))
    if case.merged_into is not None:
        main = show_number(cases.main(turn.session, case).number)
        return not_allowed(turn, case, "refusal.merged", main=main)
    taken = case.state in (State.ACCEPTED, State.CONSULTING) and case.holder_post_id is not None
    if taken and action in (Action.ACCEPT, Action.RETURN, Action.ASSIGN):
        holder = who_has(turn, case)
        return Refused("member.accept_taken", number=show_number(case.number), holder=holder)
    if action is Action.CONCLUDE and case.state == State.ACCEPTED:
        return not_allowed(turn, case, "refusal.not_consulting")
    if taken and action is Action.REROUTE:
        return not_allowed(turn, case, "refusal.pass_accepted")
    if case.state == State.DISPATCHED:
        return not_allowed(turn, case, "refusal.accept_first")
    return not_allowed(turn, case, "refusal.wrong_state", state=CHINESE[State(case.state)])


def not_allowed(turn: Turn, case: Case, key: str, **values: object) -> Refused:
    """The refusal of a step, with the sentence of `key` as its reason."""
    why = turn.say(key, **values)
    return Refused("member.not_allowed", number=show_number(case.number), why=why)


def case_subject(turn: Turn, case: Case) -> CaseSubject:
    """The case as permissions see it."""
    owner = case.owner_unit_id
    district = districts.district_of(turn.session, owner) if owner is not None else None
    leader = case.supervised_post_id
    supervisor = organisation.post_by_id(turn.session, leader, turn.today) if leader else None
    return CaseSubject(
        state=State(case.state), queue=Queue(case.queue) if case.queue else None,
        owner_unit_id=owner,
        assist_unit_ids=frozenset(cases.stations_of(turn.session, case.id, "assist")),
        holder_post_id=case.holder_post_id, assigned_post_id=case.assigned_post_id,
        handling_restricted=case.handling != "normal", named_staff=case.handling == "named_staff",
        district_unit_id=district, supervised_post_id=supervisor.id if supervisor else None,
        merged=case.merged_into is not None,
    )  # fmt: skip
