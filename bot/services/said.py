"""The reply to a registered or improved case: number, who has it, by when, why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.cases import Queue, State, show_number
from bot.domain.dialog import QuestionKind
from bot.domain.inbound import Choice, Reply
from bot.domain.showing import say_when
from bot.domain.understanding import PlaceHit, Reading
from bot.models.cases import Case
from bot.services import alerts, consents, links, timing, which_place, wording
from bot.services.reading import read_case
from bot.services.talk import Talk
from bot.store import cases, conversation

FAR = timedelta(days=4)
"""A due time further away than this has holidays in between: a weekend makes three days."""
_ASKS_NOTHING = ("received", "received_staff")
"""Replies after which nothing else is open: one question is enough."""


def registered(talk: Talk, case: Case, reading: Reading) -> Reply:
    """What the resident reads right after the case was registered."""
    if case.queue == "emergency":
        return _in_their_script(talk, reading, _emergency(talk, case, reading))
    if not talk.inbound.text and talk.inbound.kind != "text":
        _ask(talk, case, "what")
        kind = talk.inbound.kind if talk.inbound.kind in ("voice", "location") else "media"
        return talk.say(f"reply.received_{kind}", **_values(talk, case))
    guarded = _guarded(case, reading)
    question = None if guarded else _ask_place(talk, case, reading)
    key = guarded or _key(case, asks=question is not None)
    by = due(talk, case)
    ask = question.sentence if question else ""
    reply = talk.say(f"reply.{key}", ask=ask, **_values(talk, case, by))
    reply = reply if by - talk.turn.now < FAR else _with_patience(talk, reply)
    reply = replace(reply, choices=question.choices) if question else reply
    return _with_consent(talk, reply) if key in _ASKS_NOTHING else reply


def _with_consent(talk: Talk, reply: Reply) -> Reply:
    """The answer comes when the reply window of 48 hours is over. Where it then travels as a
    subscription notice and no consent is left, say where to give one."""
    if not consents.missing(talk.turn, talk.contact):
        return reply
    more = talk.turn.say("reply.allow_notice", url=links.notices(talk.turn.deps))
    return Reply(f"{reply.text}\n{more}", reply.choices)


def _with_patience(talk: Talk, reply: Reply) -> Reply:
    """Over holidays nobody takes it up for days: say so, and which door is open meanwhile."""
    return Reply(f"{reply.text}{talk.turn.say('reply.holidays')}", reply.choices)


def _guarded(case: Case, reading: Reading) -> str:
    """The reply to what only named people see, or what few can read: nothing is asked in chat."""
    if case.queue == "staff" and reading.script is not None:
        return f"received_{reading.script}"
    if case.queue == "restricted":
        return "received_discipline" if case.category == "discipline" else "received_restricted"
    return "received_named" if case.handling == "named_members" else ""


def _key(case: Case, *, asks: bool) -> str:
    if case.queue == "staff":
        return "received_staff_ask_place" if asks else "received_staff"
    return "received_ask_place" if asks else "received"


@dataclass(frozen=True, slots=True)
class _Question:
    """Where it is, as the resident is asked, with the places to tap on if only a few can be."""

    sentence: str
    choices: tuple[Choice, ...] = ()


def _ask_place(talk: Talk, case: Case, reading: Reading) -> _Question | None:
    """Ask where it is, unless it is known or was asked, or something more important is open."""
    found = which_place.open_places(case, reading, talk.directory)
    if found:
        return _ask_which(talk, case, found)
    if not _place_is_missing(case, reading) or _ask(talk, case, "place") is None:
        return None
    return _Question(wording.place_question(talk.turn, reading))


def _ask_which(talk: Talk, case: Case, found: Sequence[PlaceHit]) -> _Question | None:
    asked = conversation.ask(talk.turn.session, talk.contact.id, "place", case.id, talk.turn.now)
    if asked is None:
        return None
    tappable = which_place.choices(case, asked, found)
    return _Question(which_place.sentence(talk.turn, found), tappable)


def _place_is_missing(case: Case, reading: Reading) -> bool:
    """No place at all, or only a weak one that could not route."""
    known = any(place.sure and place.unit for place in reading.places)
    return not known and "scene" not in case.reading and reading.category is not None


def _ask(talk: Talk, case: Case, kind: QuestionKind) -> int | None:
    """Ask unless it was asked before, or something more important is open; the question's id."""
    session = talk.turn.session
    if conversation.was_asked(session, case.id, kind):
        return None
    return conversation.ask(session, talk.contact.id, kind, case.id, talk.turn.now)


def _emergency(talk: Talk, case: Case, reading: Reading) -> Reply:
    where = any(place["unit"] for place in case.reading["places"]) or "scene" in case.reading
    found = which_place.open_places(case, reading, talk.directory)
    question = _ask_which(talk, case, found) if found else None
    asks = question or (not where and _ask(talk, case, "place") is not None)
    key = "reply.received_emergency_ask_place" if asks else "reply.received_emergency"
    reply = talk.say(key, advice=_advice(talk, case, reading), number=show_number(case.number))
    return replace(reply, choices=question.choices) if question else reply


def _in_their_script(talk: Talk, reading: Reading, reply: Reply) -> Reply:
    """Whoever does not read Chinese learns first which number to call."""
    if reading.script is None:
        return reply
    info = talk.turn.deps.understander().emergencies[reading.emergency or ""]
    first = talk.turn.say(f"reply.danger_{reading.script}", phones=" / ".join(info.phones))
    return Reply(f"{first}\n\n{reply.text}", reply.choices)


def _advice(talk: Talk, case: Case, reading: Reading) -> str:
    """What to do about it; where no word says what danger it is, whom to call for which."""
    told = any(each.code == case.emergency for each in reading.evidence)
    info = talk.turn.deps.understander().emergencies.get(case.emergency or "") if told else None
    return info.reply if info else talk.turn.say("reply.emergency_unknown")


def _values(talk: Talk, case: Case, by: datetime | None = None) -> dict[str, str]:
    turn = talk.turn
    return {
        "number": show_number(case.number),
        "station": wording.station_name(turn, case, talk.directory),
        "due": say_when(by or due(talk, case), turn.now),
        "why": wording.why(turn, case),
    }


def due(talk: Talk, case: Case) -> datetime:
    """By when the next person has it: the station must accept, or staff must route."""
    if case.queue is not None:
        return timing.triage_due(talk.turn.deps, talk.turn.now)
    return timing.accept_due(talk.turn.deps, case, talk.turn.now)


def added(talk: Talk, case: Case) -> Reply:
    """What the resident reads after one more piece."""
    number = show_number(case.number)
    if case.queue == "emergency":
        return talk.say("reply.added_emergency", phones=_phones(talk, case))
    if talk.inbound.kind == "voice" and not talk.inbound.text:
        return talk.say("reply.added_voice", number=number)
    if talk.inbound.kind not in ("text", "location"):
        return talk.say("reply.added_media", number=number)
    return talk.say("reply.added", number=number, next=next_step(talk, case))


def placed(talk: Talk, case: Case) -> Reply:
    """The same after they said where it is. A name of several places is asked about once."""
    reply = added(talk, case)
    waits = case.state == State.NEW and case.queue in (None, Queue.STAFF)
    reading = read_case(talk.turn.deps, case.text, case.reading)
    if not waits or _guarded(case, reading):
        return reply
    found = which_place.open_places(case, reading, talk.directory)
    question = _ask_which(talk, case, found) if found else None
    return Reply(f"{reply.text}{question.sentence}", question.choices) if question else reply


def _phones(talk: Talk, case: Case) -> str:
    """For what was said last: after a gas leak somebody may speak of another danger."""
    info = talk.turn.deps.understander().emergencies.get(talk.reading.emergency or "")
    return "、".join(info.phones) if info else alerts.phones(talk.turn, case)


def next_step(talk: Talk, case: Case) -> str:
    """One sentence: who has the case and by when."""
    case = cases.main(talk.turn.session, case)
    if case.state == State.NEW:
        keys = {None: "added_next_station", "restricted": "added_next_restricted"}
        key = keys.get(case.queue, "added_next_staff")
        return talk.turn.say(f"reply.{key}", **_values(talk, case))
    station = wording.station_name(talk.turn, case, talk.directory)
    return talk.turn.say("reply.added_next_progress", station=station)
