"""Carrying out what the dialog decided: one function a move."""

from collections.abc import Callable

from bot.domain import dialog
from bot.domain.cases import show_number
from bot.domain.common_questions import Asks
from bot.domain.inbound import Reply
from bot.services import (
    absence,
    act,
    answers,
    binding,
    commands,
    inquiries,
    photographing,
    said,
    slips,
    wording,
)
from bot.services.dispatch import settle
from bot.services.errors import NotFound
from bot.services.reading import read_safely
from bot.services.register import improve, register, tell_holders
from bot.services.talk import Said, Talk
from bot.store import cases, events
from bot.store.events import RESIDENT


def carry_out(talk: Talk, move: dialog.Move) -> Said:
    """Do what a move asks; the answer says what happened. Raises ServiceError for refusals."""
    if inquiries.asks_apart(talk, move):
        move = dialog.NewCase(talk.inbound.text)
    handler = _HANDLERS[type(move)]
    return handler(talk, move)


def _bind(talk: Talk, move: dialog.Bind) -> Said:
    return Said(Reply(binding.bind(talk.turn, talk.contact, move.code, move.digits)))


def _item(talk: Talk, move: dialog.ItemAct) -> Said:
    person_id = talk.contact.person_id
    if person_id is None:
        raise NotFound("member.no_item", code=move.code)
    done = act.act(talk.turn, person_id, move)
    more = photographing.after(talk, person_id, move)
    return Said(Reply("\n".join(filter(None, (done, more)))))


def _item_photo(talk: Talk, move: dialog.ItemPhoto) -> Said:
    return photographing.take(talk, cases.get(talk.turn.session, move.case_id))


def _slip(talk: Talk, move: dialog.Slip) -> Said:
    person_id = talk.contact.person_id
    if person_id is None:
        raise NotFound("member.slip_not_yours")
    case, sentence = slips.open_slip(talk.turn, person_id, move.text, str(talk.message_id))
    return Said(Reply(sentence), case.id)


def _leave(talk: Talk, move: dialog.Leave) -> Said:
    person_id = talk.contact.person_id
    if person_id is None:
        raise NotFound("leave.no_post")
    return Said(Reply(absence.take_leave(talk.turn, person_id, move.text)))


def _new_case(talk: Talk, move: dialog.NewCase) -> Said:
    if move.fresh:
        commands.finish_settling(talk)
    said_it_all = move.text == talk.reading.text or not move.text
    reading = talk.reading if said_it_all else read_safely(talk.turn.deps, move.text)
    asks = inquiries.find(talk, reading) if talk.inbound.text else Asks(False)
    settling = asks.match is None
    located = "" if talk.inbound.text else talk.inbound.label
    case = register(
        talk.turn, talk.contact, reading, talk.directory, settling=settling, located=located
    )
    photographing.follow(talk, case)
    if talk.inbound.kind != "text":
        cases.attach(talk.turn.session, case.id, talk.message_id, talk.inbound, talk.turn.now)
    if answer := inquiries.asked(talk, case, asks):
        return Said(answer, case.id)
    told = said.registered(talk, case, reading)
    if not settling:
        settle(talk.turn, case)
    return Said(told, case.id)


def _piece(talk: Talk, move: dialog.Piece) -> Said:
    case = cases.get(talk.turn.session, move.case_id)
    improve(talk.turn, case, talk.inbound, talk.message_id, talk.directory)
    return Said(said.added(talk, case), case.id)


def _answer(talk: Talk, move: dialog.AnswerQuestion) -> Said:
    return answers.take(talk, move)


def _chase(talk: Talk, move: dialog.Chase) -> Said:
    case = cases.get(talk.turn.session, move.case_id)
    events.record(talk.turn.session, talk.turn.now, "chased", case_id=case.id, by=RESIDENT)
    # A chase often says more than "催一下": whoever has the case reads it.
    tell_holders(talk.turn, case, talk.reading.masked, f"chase{talk.message_id}")
    number, status = show_number(case.number), wording.status(talk.turn, case)
    return Said(talk.say("reply.chased", number=number, status=status), case.id)


def _show(talk: Talk, move: dialog.ShowCase) -> Said:
    case = cases.by_number(talk.turn.session, move.number)
    if case is None or case.contact_id != talk.contact.id:
        # Also for a stranger's number: nobody learns whether it exists.
        return Said(talk.say("reply.progress_unknown", number=show_number(move.number)))
    return Said(Reply(commands.progress_line(talk, case)))


def _command(talk: Talk, move: dialog.Command) -> Said:
    return commands.run(talk, move)


def _small(talk: Talk, move: dialog.Small) -> Said:
    if move.kind == "welcome" and talk.inbound.event_key:
        return commands.run(talk, dialog.Command("scanned"))
    return Said(talk.say(f"reply.{move.kind}"))


def _stale(talk: Talk, move: dialog.StaleTap) -> Said:
    return answers.late_tap(talk, move)


def _ignore(talk: Talk, move: dialog.Ignore) -> Said:
    return Said(Reply())


_HANDLERS: dict[type, Callable[..., Said]] = {
    dialog.Bind: _bind,
    dialog.ItemAct: _item,
    dialog.ItemPhoto: _item_photo,
    dialog.Slip: _slip,
    dialog.Leave: _leave,
    dialog.NewCase: _new_case,
    dialog.Piece: _piece,
    dialog.AnswerQuestion: _answer,
    dialog.Chase: _chase,
    dialog.ShowCase: _show,
    dialog.Command: _command,
    dialog.Small: _small,
    dialog.StaleTap: _stale,
    dialog.Ignore: _ignore,
}
