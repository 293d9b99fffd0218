"""Answers to our one open question."""

from collections.abc import Callable

from bot.domain.cases import OPEN, State, show_number
from bot.domain.dialog import AnswerQuestion
from bot.domain.inbound import Reply
from bot.models.cases import Case
from bot.services import commands, feedback, said
from bot.services.privacy import withdraw
from bot.services.register import improve
from bot.services.talk import Said, Talk
from bot.services.turn import Turn
from bot.store import cases, conversation

Taker = Callable[[Turn, Case, str, str], Reply]


def take(talk: Talk, answer: AnswerQuestion) -> Said:
    """Close the question with what was said, and do what follows from it."""
    question = answer.question
    conversation.end_question(talk.turn.session, question.id, talk.turn.now, answer.value)
    if question.kind == "find":
        return commands.station_of_place(talk)
    if question.case_id is None:
        return Said(talk.say("reply.stale_tap"))
    case = cases.get(talk.turn.session, question.case_id)
    if question.kind == "solved":
        return _rating(talk, case, answer, feedback.solved)
    if question.kind == "satisfied":
        return _rating(talk, case, answer, feedback.satisfied)
    if question.kind == "withdraw":
        return _withdraw(talk, case, answer.value)
    return _improve(talk, case, answer.value)


def _rating(talk: Talk, case: Case, answer: AnswerQuestion, take_it: Taker) -> Said:
    if case.state != State.ANSWERED:
        return Said(talk.say("reply.stale_tap"), case.id)
    return Said(take_it(talk.turn, case, answer.value, answer.comment), case.id)


def _withdraw(talk: Talk, case: Case, value: str) -> Said:
    number = show_number(case.number)
    if value != "yes" or State(case.state) not in OPEN:
        return Said(talk.say("reply.withdraw_kept", number=number), case.id)
    withdraw(talk.turn, case)
    return Said(talk.say("reply.withdraw_done", number=number), case.id)


def _improve(talk: Talk, case: Case, value: str) -> Said:
    if value == "skip":
        number = show_number(case.number)
        return Said(
            talk.say("reply.skipped", number=number, next=said.next_step(talk, case)), case.id
        )
    improve(talk.turn, case, talk.inbound, talk.message_id, talk.directory)
    return Said(said.added(talk, case), case.id)
