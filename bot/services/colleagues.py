"""商: asking a colleague. What comes back is a note on the case; its state stays as it is."""

from bot.domain.cases import show_number
from bot.models.cases import Case, Event
from bot.services import dispatch, naming, notify
from bot.services.acting import Acting, not_allowed
from bot.services.errors import Refused
from bot.services.turn import Turn
from bot.store import events, item_codes, organisation
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
    own = organisation.posts_of_person(turn.session, person_id, turn.today)
    post = next(iter(own), None)
    case.version += 1
    events.record(
        turn.session, turn.now, "colleague_replied", case_id=case.id,
        by=By("post", post.id if post else None), reason=words[:2000], person=person_id,
    )  # fmt: skip
    who = post.person if post else ""
    notify.tell_posts(
        turn, case, "colleague_replied", _askers(turn, case, asked), f"v{case.version}", who=who,
        words=words[:300],
    )  # fmt: skip
    return turn.say("member.replied", number=show_number(case.number))


def unanswered(turn: Turn, case: Case, person_id: int) -> Event | None:
    """What this person was asked last about the case, unless they have replied since."""
    last = None
    for event in events.of_case(turn.session, case.id):
        if event.data.get("person") == person_id and event.kind.startswith("colleague_"):
            last = event if event.kind == "colleague_asked" else None
    return last


def _askers(turn: Turn, case: Case, asked: Event) -> list[PostView]:
    """Who asked, if still in that post; else whoever has the case."""
    post = organisation.post_by_id(turn.session, asked.post_id or 0, turn.today)
    return [post] if post is not None else dispatch.current_holders(turn, case)
