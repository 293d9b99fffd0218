"""What a photo, a voice or a place means in its conversation."""

from bot.domain.inbound import Inbound
from bot.domain.moves import (
    PHOTO_TIME,
    AnswerQuestion,
    DialogState,
    ItemPhoto,
    Move,
    NewCase,
    OpenQuestion,
    Piece,
    Small,
)
from bot.domain.understanding import Reading


def media_turn(state: DialogState, inbound: Inbound, reading: Reading) -> Move:
    """What this message without typed words asks us to do."""
    question = state.question
    if question and question.kind == "find" and inbound.kind == "location":
        return AnswerQuestion(question, "place")
    if question and question.kind == "matter":
        return NewCase(reading.text, fresh=True)
    if question and question.kind == "asked":
        return AnswerQuestion(question, "media")
    if question and question.kind == "photo" and _in_time(question, inbound):
        return AnswerQuestion(question, "photo") if inbound.kind == "image" else Small("not_photo")
    if inbound.kind == "image" and state.acted is not None:
        return ItemPhoto(state.acted)
    case_id = state.settling or state.emergency or _waiting_case(state)
    case_id = case_id or state.still_about(reading) or state.recent
    if case_id is not None:
        return Piece(case_id, reading.text)
    # Who has items in hand most likely means one of them: asked, not registered.
    loose = inbound.kind == "image" and bool(state.codes)
    return Small("photo") if loose else NewCase(reading.text)


def _in_time(question: OpenQuestion, inbound: Inbound) -> bool:
    return inbound.sent_at < question.asked_at + PHOTO_TIME


def _waiting_case(state: DialogState) -> int | None:
    """The case that our open question is about, when the answer may improve it."""
    question = state.question
    return question.case_id if question and question.kind in ("place", "what") else None
