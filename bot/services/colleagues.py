"""商: asking a colleague. What comes back is a note on the case; its state stays as it is."""

from bot.domain.cases import OPEN, State, show_number
from bot.models.cases import Case, Event
from bot.services import dispatch, naming, notify, standing_in
from bot.services.acting import Acting, not_allowed
from bot.services.errors import Refused
from bot.services.turn import Turn
from bot.store import cases, events, item_codes, organisation
from bot.store.events import By
from bot.store.organisation import PostView


def consult(turn: Turn, case: Case, acting: Acting, name: str, words: str) -> str:
    """Ask somebody of the own or of an assisting station, by name."""
    if not name or not words:
        raise Refused("member.consult_text", code=acting.code)
    post = naming.colleague(turn, case, name, assisting=True)
    if post.person_id == acting.post.person_id:
        raise Refused("member.consult_text", code=acting.code)
    case.version += 1
    events.record(
        turn.session, turn.now, "colleague_asked", case_id=case.id, by=acting.by,
        reason=words[:2000], person=post.person_id,
    )  # fmt: skip
    notify.tell_posts(
        turn, case, "colleague_asked", [post], f"v{case.version}", who=acting.post.person,
        words=words[:300],
    )  # fmt: skip
    return turn.say("member.consulted", number=show_number(case.number), holder=post.person)


def reply(turn: Turn, case: Case, person_id: int, words: str) -> str:
    """The colleague's words, for whoever asked. Only those who were asked may."""
    code = item_codes.give(turn.session, person_id, case.id, turn.now)
    asked = unanswered(turn, case, person_id)
    if asked is None:
        raise not_allowed(turn, case, "refusal.not_asked")
    if not words:
        raise Refused("member.reply_text", code=code)
    whose = int(asked.data["person"])
    who, by = _replies(turn, case, person_id, whose)
    case.version += 1
    events.record(
        turn.session, turn.now, "colleague_replied", case_id=case.id, by=by,
        reason=words[:2000], person=whose,
    )  # fmt: skip
    notify.tell_posts(
        turn, case, "colleague_replied", _askers(turn, case, asked), f"v{case.version}", who=who,
        words=words[:300],
    )  # fmt: skip
    return turn.say("member.replied", number=show_number(case.number))


def _replies(turn: Turn, case: Case, person_id: int, whose: int) -> tuple[str, By]:
    """Who answers, as the asker reads it and as the event keeps it."""
    if whose == person_id:
        own = organisation.posts_of_person(turn.session, person_id, turn.today)
        post = next(iter(own), None)
        return (post.person, By("post", post.id)) if post else ("", By("post"))
    carried = next(p for p, absent in _carried(turn, case, person_id) if absent == whose)
    return standing_in.carries(turn, carried), Acting(carried, 0).by


def _carried(turn: Turn, case: Case, person_id: int) -> list[tuple[PostView, int]]:
    """The posts of this case's stations that the person carries, and for whom."""
    units = {case.owner_unit_id, *cases.stations_of(turn.session, case.id, "assist")}
    return [
        (post, post.stands_in.person_id)
        for post in standing_in.at_hand(turn, person_id)
        if post.stands_in is not None and post.unit_id in units
    ]


def unanswered(turn: Turn, case: Case, person_id: int) -> Event | None:
    """What was asked last about the case and waits for this person's word: put to them, or to
    somebody for whom they stand in now; `data["person"]` says to whom."""
    asked = _open(turn, case)
    meant = [person_id, *(absent for _, absent in _carried(turn, case, person_id))] if asked else []
    return next((asked[each] for each in meant if each in asked), None)


def _open(turn: Turn, case: Case) -> dict[int, Event]:
    """By person, what each was asked last and has not answered."""
    found: dict[int, Event] = {}
    for event in events.of_case(turn.session, case.id):
        if event.kind == "colleague_asked":
            found[int(event.data["person"])] = event
        elif event.kind == "colleague_replied":
            found.pop(int(event.data["person"]), None)
    return found


def put_to(turn: Turn, post: PostView) -> list[int]:
    """Ids of the open cases of the post's station about which its holder was asked and has not
    answered."""
    coded = item_codes.live(turn.session, post.person_id)
    return [
        case.id
        for _, case in coded
        if State(case.state) in OPEN
        and post.unit_id
        in (case.owner_unit_id, *cases.stations_of(turn.session, case.id, "assist"))
        and post.person_id in _open(turn, case)
    ]


def _askers(turn: Turn, case: Case, asked: Event) -> list[PostView]:
    """Who asked, if still in that post; else whoever has the case."""
    post = organisation.post_by_id(turn.session, asked.post_id or 0, turn.today)
    return [post] if post is not None else dispatch.current_holders(turn, case)
