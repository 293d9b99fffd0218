"""The menu words of residents and members."""

from collections.abc import Callable

from bot.domain.cases import OPEN, State, show_number
from bot.domain.inbound import Choice, Reply
from bot.domain.scenes import station_code
from bot.domain.showing import say_when
from bot.domain.stations import Station
from bot.models.cases import Case
from bot.models.organisation import StationRow
from bot.services import act, dispatch, privacy, timing, wording
from bot.services.register import register
from bot.services.talk import Said, Talk
from bot.store import cases, conversation, events
from bot.store.events import RESIDENT

SHOWN = 3
"""Cases listed by 查进度; the rest is counted."""


def run(talk: Talk, name: str) -> Said:
    """Carry out a command by its name (bot.domain.words.COMMANDS)."""
    return _COMMANDS.get(name, _plain)(talk, name)


def _plain(talk: Talk, name: str) -> Said:
    key = f"reply.{name}" if talk.turn.deps.texts.has(f"reply.{name}") else "reply.help"
    return Said(talk.say(key))


def _progress(talk: Talk, _name: str) -> Said:
    own = [c for c in cases.of_contact(talk.turn.session, talk.contact.id) if c.erased_at is None]
    if not own:
        return Said(talk.say("reply.progress_none"))
    own.sort(key=lambda case: State(case.state) not in OPEN)
    lines = [progress_line(talk, case) for case in own[:SHOWN]]
    if len(own) > SHOWN:
        lines.append(talk.turn.say("reply.progress_more", count=len(own) - SHOWN))
    return Said(Reply("\n".join(lines)))


def progress_line(talk: Talk, case: Case) -> str:
    """One own case in plain words."""
    return talk.turn.say(
        "reply.progress_line",
        number=show_number(case.number),
        topic=wording.topic(talk.turn, case),
        status=wording.status(talk.turn, case),
    )


def _find(talk: Talk, _name: str) -> Said:
    conversation.ask(talk.turn.session, talk.contact.id, "find", None, talk.turn.now)
    return Said(talk.say("reply.find"))


def station_of_place(talk: Talk) -> Said:
    """Which station serves the place that was named."""
    for hit in talk.reading.places:
        station = _serving(talk, hit.unit, hit.district)
        if station is not None:
            row = talk.turn.session.get_one(StationRow, station.id)
            return Said(
                talk.say(
                    "reply.find_found", place=hit.name, station=station.name,
                    address=f"地址：{row.address}。" if row.address else "",
                    hours=f"时间：{row.hours}。" if row.hours else "",
                )
            )  # fmt: skip
    return Said(talk.say("reply.find_unknown"))


def _serving(talk: Talk, unit: str | None, district: str | None) -> Station | None:
    open_ones = [s for s in talk.directory.stations if s.active]
    for station in open_ones:
        serves = unit and station.mode == "street" and station.unit == unit
        if serves and district in (None, station.district):
            return station
    own = (s for s in open_ones if s.mode == "district" and s.district == district)
    return next(own, None) if district else None


def _human(talk: Talk, _name: str) -> Said:
    """A person is wanted: the newest unfinished case goes to staff, or a new one is made."""
    turn = talk.turn
    due = say_when(timing.triage_due(turn.deps, turn.now), turn.now)
    case_id = cases.recent_open(turn.session, talk.contact.id, turn.now)
    if case_id is not None:
        case = cases.get(turn.session, case_id)
        case.want_human = True
        events.record(turn.session, turn.now, "human_wanted", case_id=case.id, by=RESIDENT)
        if case.state == State.NEW and case.queue is None:
            dispatch.to_staff(turn, case, "the resident asked for a person", RESIDENT)
        return Said(talk.say("reply.human_case", number=show_number(case.number), due=due), case.id)
    case = register(turn, talk.contact, talk.reading, talk.directory, intent="human")
    case.want_human = True
    conversation.ask(turn.session, talk.contact.id, "what", case.id, turn.now)
    return Said(talk.say("reply.received_human", number=show_number(case.number), due=due), case.id)


def _withdraw(talk: Talk, _name: str) -> Said:
    turn = talk.turn
    own = cases.own_open(turn.session, talk.contact.id)
    case = next((c for c in own if State(c.state) in OPEN), None)
    if case is None:
        return Said(talk.say("reply.withdraw_none"))
    row = cases.get(turn.session, case.id)
    question = conversation.ask(turn.session, talk.contact.id, "withdraw", case.id, turn.now)
    tappable = tuple(
        Choice(f"q{question}.{value}", turn.say(f"choice.withdraw_{value}"))
        for value in ("yes", "no")
    )
    number, topic = show_number(case.number), wording.topic(turn, row)
    return Said(Reply(turn.say("reply.withdraw_ask", number=number, topic=topic), tappable), row.id)


def _refuse(talk: Talk, _name: str) -> Said:
    return Said(privacy.refuse(talk))


def _items(talk: Talk, _name: str) -> Said:
    if talk.contact.person_id is None:
        return _progress(talk, "progress")
    return Said(Reply(act.items(talk.turn, talk.contact.person_id)))


def _more(talk: Talk, _name: str) -> Said:
    """Another matter follows: the one that settles is complete."""
    case_id = cases.settling_case(talk.turn.session, talk.contact.id)
    if case_id is not None:
        dispatch.settle(talk.turn, cases.get(talk.turn.session, case_id))
    return Said(talk.say("reply.more"))


def _scanned(talk: Talk, _name: str) -> Said:
    code = station_code(talk.inbound.event_key)
    station = next((s for s in talk.directory.stations if s.code == code and s.active), None)
    if station is None:
        return Said(talk.say("reply.welcome"))
    talk.contact.scene_unit_id = station.id
    return Said(talk.say("reply.scanned", station=station.name))


_COMMANDS: dict[str, Callable[[Talk, str], Said]] = {
    "progress": _progress,
    "find": _find,
    "human": _human,
    "withdraw": _withdraw,
    "refuse": _refuse,
    "items": _items,
    "more": _more,
    "scanned": _scanned,
}
