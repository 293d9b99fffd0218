"""A member's photos by chat: 图37 and then the photos, or the photos first and 图37 after them.
The right is that of the page (bot.services.hand_acts: photo), looked at again for each photo."""

from bot.domain.cases import show_number
from bot.domain.moves import PHOTO_TIME
from bot.domain.permissions import Action
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.services import photos
from bot.services.acting import Acting, acting
from bot.services.errors import NotFound
from bot.services.talk import Said, Talk
from bot.services.turn import Turn
from bot.store import conversation, events


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
    who = acting(turn, person_id, Action.ANSWER, case)
    photos.attach_sent(turn, case, talk.message_id, talk.inbound.media_id, by=who.post.unit)
    _note(turn, case, who, 1)
    return Said(talk.say("member.photo_taken", number=show_number(case.number)), case.id)


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
