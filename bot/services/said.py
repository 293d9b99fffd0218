"""The reply to a registered or improved case: number, who has it, by when, why."""

from datetime import datetime, timedelta

from bot.domain.cases import State, show_number
from bot.domain.dialog import QuestionKind
from bot.domain.inbound import Reply
from bot.domain.showing import say_when
from bot.domain.understanding import Reading
from bot.models.cases import Case
from bot.services import alerts, consents, links, timing, wording
from bot.services.talk import Talk
from bot.store import cases, conversation

FAR = timedelta(days=4)
"""A due time further away than this has holidays in between: a weekend makes three days."""
_ASKS_NOTHING = ("received", "received_staff")
"""Replies after which nothing else is open: one question is enough."""


def registered(talk: Talk, case: Case, reading: Reading) -> Reply:
    """What the resident reads right after the case was registered."""
    if case.queue == "emergency":
        return _in_their_script(talk, reading, _emergency(talk, case))
    if not talk.inbound.text and talk.inbound.kind != "text":
        _ask(talk, case, "what")
        kind = talk.inbound.kind if talk.inbound.kind in ("voice", "location") else "media"
        return talk.say(f"reply.received_{kind}", **_values(talk, case))
    key = _key(talk, case, reading)
    asked = wording.place_question(talk.turn, reading)
    by = due(talk, case)
    reply = talk.say(f"reply.{key}", ask=asked, **_values(talk, case, by))
    reply = reply if by - talk.turn.now < FAR else _with_patience(talk, reply)
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


def _key(talk: Talk, case: Case, reading: Reading) -> str:
    if case.queue == "staff" and reading.script is not None:
        return f"received_{reading.script}"
    if case.queue == "restricted":
        return "received_discipline" if case.category == "discipline" else "received_restricted"
    if case.handling == "named_members":
        return "received_named"
    asks = _place_is_missing(case, reading) and _ask(talk, case, "place")
    if case.queue == "staff":
        return "received_staff_ask_place" if asks else "received_staff"
    return "received_ask_place" if asks else "received"


def _place_is_missing(case: Case, reading: Reading) -> bool:
    """No place at all, or only a weak one that could not route."""
    known = any(place.sure and place.unit for place in reading.places)
    return not known and "scene" not in case.reading and reading.category is not None


def _ask(talk: Talk, case: Case, kind: QuestionKind) -> bool:
    """Ask unless it was asked before, or something more important is open."""
    session = talk.turn.session
    if conversation.was_asked(session, case.id, kind):
        return False
    asked = conversation.ask(session, talk.contact.id, kind, case.id, talk.turn.now)
    return asked is not None


def _emergency(talk: Talk, case: Case) -> Reply:
    where = any(place["unit"] for place in case.reading["places"]) or "scene" in case.reading
    asks = not where and _ask(talk, case, "place")
    key = "reply.received_emergency_ask_place" if asks else "reply.received_emergency"
    return talk.say(key, advice=_advice(talk, case), number=show_number(case.number))


def _in_their_script(talk: Talk, reading: Reading, reply: Reply) -> Reply:
    """Whoever does not read Chinese learns first which number to call."""
    if reading.script is None:
        return reply
    info = talk.turn.deps.understander().emergencies[reading.emergency or ""]
    first = talk.turn.say(f"reply.danger_{reading.script}", phones=" / ".join(info.phones))
    return Reply(f"{first}\n\n{reply.text}", reply.choices)


def _advice(talk: Talk, case: Case) -> str:
    info = talk.turn.deps.understander().emergencies.get(case.emergency or "")
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
