"""Answers to our one open question."""

from bot.domain.cases import OPEN, State, show_number
from bot.domain.dialog import AnswerQuestion, StaleTap
from bot.domain.inbound import Reply
from bot.domain.ratings import RATINGS
from bot.models.cases import Case
from bot.services import (
    asking,
    binding,
    commands,
    feedback,
    inquiries,
    lasting,
    photographing,
    said,
    which_place,
    wording,
)
from bot.services.privacy import withdraw
from bot.services.register import improve
from bot.services.talk import Said, Talk
from bot.store import cases, conversation, dialogs


def take(talk: Talk, answer: AnswerQuestion) -> Said:
    """Close the question with what was said, and do what follows from it."""
    question = answer.question
    if question.kind == "photo" and question.case_id is not None:  # more may follow: stays open
        return photographing.take(talk, cases.get(talk.turn.session, question.case_id))
    conversation.end_question(talk.turn.session, question.id, talk.turn.now, answer.value)
    if question.kind == "digits":
        return Said(Reply(binding.prove(talk.turn, talk.contact, answer.comment)))
    if question.kind == "find":
        return commands.station_of_place(talk)
    if question.case_id is None:
        return Said(talk.say("reply.stale_tap"))
    case = cases.get(talk.turn.session, question.case_id)
    if question.kind in ("solved", "satisfied"):
        return _rating(talk, case, answer)
    if question.kind == "helped":
        return inquiries.take(talk, case, answer.value, answer.comment)
    if question.kind == "lasting":
        return _lasting(talk, case, answer.value, answer.comment)
    if question.kind == "asked":
        return asking.take_answer(talk, case)
    if question.kind == "withdraw":
        return _withdraw(talk, case, answer.value)
    return _improve(talk, case, answer.value)


def late_tap(talk: Talk, tap: StaleTap) -> Said:
    """A tap under an older question. One on how it went counts as long as nothing was said yet:
    another question may have come in between."""
    asked = dialogs.question(talk.turn.session, talk.contact.id, tap.question_id)
    if asked is None or asked.case_id is None or asked.kind not in feedback.VALUES:
        return Said(talk.say("reply.stale_tap"))
    case = cases.get(talk.turn.session, asked.case_id)
    if asked.kind == "helped":
        return inquiries.take(talk, case, tap.value, "")
    if asked.kind == "lasting":
        return _lasting(talk, case, tap.value, "")
    said_before = case.solved if asked.kind == "solved" else case.satisfied
    if said_before is not None:
        return Said(talk.say("reply.stale_tap"), case.id)
    return _rating(talk, case, AnswerQuestion(asked, tap.value))


def _rating(talk: Talk, case: Case, answer: AnswerQuestion) -> Said:
    if case.state != State.ANSWERED or answer.value not in RATINGS:
        return Said(talk.say("reply.stale_tap"), case.id)
    take_it = feedback.solved if answer.question.kind == "solved" else feedback.satisfied
    reply = take_it(talk.turn, case, answer.value, answer.comment)
    if answer.satisfied:
        conversation.end_case_questions(talk.turn.session, case.id, talk.turn.now)
        reply = feedback.satisfied(talk.turn, case, answer.satisfied, "")
    return Said(reply, case.id)


def _lasting(talk: Talk, case: Case, value: str, comment: str) -> Said:
    if not lasting.is_asked(case) or value not in feedback.VALUES["lasting"]:
        return Said(talk.say("reply.stale_tap"), case.id)
    return Said(lasting.said(talk.turn, case, value, comment), case.id)


def _withdraw(talk: Talk, case: Case, value: str) -> Said:
    number = show_number(case.number)
    if value != "yes" or State(case.state) not in OPEN:
        return Said(talk.say("reply.withdraw_kept", number=number), case.id)
    withdraw(talk.turn, case, wording.what(talk.turn, case))
    return Said(talk.say("reply.withdraw_done", number=number), case.id)


def _improve(talk: Talk, case: Case, value: str) -> Said:
    if value == "skip":
        number = show_number(case.number)
        return Said(
            talk.say("reply.skipped", number=number, status=wording.status(talk.turn, case)),
            case.id,
        )
    which_place.choose(case, value)
    improve(talk.turn, case, talk.inbound, talk.message_id, talk.directory)
    return Said(said.placed(talk, case), case.id)
