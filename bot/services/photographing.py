"""A member's photos by chat: 图37 and then the photos, or the photos first and 图37 after them; and
those that follow 答37 or 进展37. The right is looked at again for each photo."""

from bot.domain.cases import State, show_number
from bot.domain.moves import PHOTO_TIME, ItemAct
from bot.domain.permissions import Action
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.services import photos
from bot.services.acting import Acting, acting, can
from bot.services.errors import NotFound
from bot.services.talk import Said, Talk
from bot.services.turn import Turn
from bot.store import cases, conversation, events, item_codes, organisation

_TOLD = frozenset({"answered", "progress", "photographed"})
"""Kinds of events after which a photo is about the same item."""


def right(turn: Turn, case: Case) -> Action:
    """What somebody must be allowed to do who puts a photo there: a while after the answer it
    still belongs to it, later it is as late as an answer would be."""
    over = State(case.state) in (State.ANSWERED, State.CLOSED)
    lately = case.answered_at is not None and turn.now < case.answered_at + PHOTO_TIME
    return Action.PHOTO if lately or not over else Action.ANSWER


def want(turn: Turn, person_id: int, case: Case, who: Acting, words: str) -> str:
    """Photos may come for a while; those just sent are taken at once. Words belong to an answer:
    the sentence says so."""
    contact = conversation.contact_of_person(turn.session, person_id)
    if contact is None:
        raise NotFound("member.no_item", code=who.code)
    count = _take_loose(turn, contact, case, by=who.post.unit)
    if count:
        _note(turn, case, who, count)
    current = conversation.open_question(turn.session, contact.id)
    if current is not None and current.kind == "photo":
        conversation.end_question(turn.session, current.id, turn.now, "asked anew")
    conversation.ask(turn.session, contact.id, "photo", case.id, turn.now)
    key = "member.photos_taken" if count else "member.photo_wanted"
    said = turn.say(key, number=show_number(case.number), count=count)
    return f"{said}\n{turn.say('member.photo_words', code=who.code)}" if words else said


def take(talk: Talk, case: Case) -> Said:
    """One photo that was asked for. Raises Refused when it may not be put there any more."""
    turn, person_id = talk.turn, talk.contact.person_id
    if person_id is None:
        return Said(talk.say("reply.stale_tap"))
    who = acting(turn, person_id, right(turn, case), case)
    photos.attach_sent(turn, case, talk.message_id, talk.inbound.media_id, by=who.post.unit)
    _note(turn, case, who, 1)
    return Said(talk.say("member.photo_taken", number=show_number(case.number)), case.id)


def after(talk: Talk, person_id: int, item: ItemAct) -> str:
    """After an act by chat: photos of another item are waited for no more; those that follow an
    answer or a word on progress go to the same item, which the sentence says."""
    turn = talk.turn
    case = _case_of(turn, person_id, item)
    current = conversation.open_question(turn.session, talk.contact.id)
    other = case is None or current is None or case.id != current.case_id
    if current is not None and current.kind == "photo" and other:
        conversation.end_question(turn.session, current.id, turn.now, "another item")
    told = case is not None and (item.verb == "progress" or case.answered_at == turn.now)
    if case is None or not told or not can(turn, person_id, right(turn, case), case):
        return ""
    return turn.say("member.photo_after", number=show_number(case.number))


def _case_of(turn: Turn, person_id: int, item: ItemAct) -> Case | None:
    """The act's case; None when the code is free again, because it went elsewhere."""
    if item.number:
        return cases.by_number(turn.session, item.number)
    case_id = item_codes.case_named(turn.session, person_id, item.code)
    return cases.get(turn.session, case_id) if case_id is not None else None


def acted(talk: Talk) -> int | None:
    """The item that this person has just answered or told of, unless they have spoken of a matter
    of their own since."""
    turn, person_id = talk.turn, talk.contact.person_id
    if person_id is None or talk.inbound.kind != "image":
        return None
    posts = organisation.posts_of_person(turn.session, person_id, turn.today)
    last = events.last_of(
        turn.session, [post.id for post in posts], _TOLD, turn.now - PHOTO_TIME
    )  # fmt: skip
    if last is None or conversation.spoke_of_a_case(turn.session, talk.contact.id, last.at):
        return None
    return last.case_id


def follow(talk: Talk, case: Case) -> None:
    """What a person with items in hand sent just before turns out to be about their own matter."""
    if talk.contact.person_id is not None:
        _take_loose(talk.turn, talk.contact, case, but=talk.message_id)


def _take_loose(
    turn: Turn, contact: Contact, case: Case, *, by: str = "", but: int | None = None
) -> int:
    since = turn.now - PHOTO_TIME
    loose = conversation.loose_photos(turn.session, contact.id, since)[: photos.MOST_OF_CASE]
    found = [message for message in loose if message.id != but]
    for message in found:
        photos.attach_sent(turn, case, message.id, str(message.data.get("media_id", "")), by=by)
        message.case_id = case.id
    return len(found)


def _note(turn: Turn, case: Case, who: Acting, count: int) -> None:
    events.record(
        turn.session, turn.now, "photographed", case_id=case.id, by=who.by, count=count
    )  # fmt: skip
