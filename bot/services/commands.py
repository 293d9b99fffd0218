"""The menu words of residents and members."""

from collections.abc import Callable

from bot.domain.cases import OPEN, Queue, State, show_number
from bot.domain.dialog import Command
from bot.domain.inbound import Choice, Reply
from bot.domain.moves import recent_among, settling_among
from bot.domain.roles import HANDLERS
from bot.domain.scenes import station_code
from bot.domain.showing import say_when
from bot.domain.stations import Station
from bot.models.cases import Case
from bot.models.organisation import StationRow
from bot.services import (
    absence,
    act,
    dispatch,
    drills,
    links,
    merging,
    notify,
    privacy,
    suggesting,
    timing,
    wording,
)
from bot.services.reading import read_safely
from bot.services.register import register
from bot.services.talk import Said, Talk
from bot.store import cases, conversation, events, organisation
from bot.store.events import RESIDENT

SHOWN = 3
"""Cases listed by 查进度; the rest is counted."""


def run(talk: Talk, command: Command) -> Said:
    """Carry out a command (names: bot.domain.words.COMMANDS, and more and scanned)."""
    if command.name == "withdraw":
        return _withdraw(talk, command.number)
    return _COMMANDS[command.name](talk)


def _agree(talk: Talk) -> Said:
    return Said(talk.say("reply.agree"))


def _help(talk: Talk) -> Said:
    person, turn = talk.contact.person_id, talk.turn
    posts = organisation.posts_of_person(turn.session, person, turn.today) if person else []
    works = any(post.role in HANDLERS for post in posts)
    return Said(talk.say("member.help" if works else "reply.help"))


def _new(talk: Talk) -> Said:
    """What comes next is a matter of its own, however short it is put."""
    return _ask_matter(talk, "reply.new")


def _more(talk: Talk) -> Said:
    """Another matter follows: the one that settles is complete."""
    finish_settling(talk)
    return _ask_matter(talk, "reply.more")


def _ask_matter(talk: Talk, key: str) -> Said:
    conversation.ask(talk.turn.session, talk.contact.id, "matter", None, talk.turn.now)
    return Said(talk.say(key))


def finish_settling(talk: Talk) -> None:
    """What was said so far is complete: it goes to its station now."""
    case_id = settling_among(cases.own_open(talk.turn.session, talk.contact.id))
    if case_id is not None:
        dispatch.settle(talk.turn, cases.get(talk.turn.session, case_id))
        talk.turn.session.flush()


def _progress(talk: Talk) -> Said:
    own = [c for c in cases.of_contact(talk.turn.session, talk.contact.id) if c.erased_at is None]
    if not own:
        return Said(talk.say("reply.progress_none"))
    own.sort(key=lambda case: State(case.state) not in OPEN)
    lines = [progress_line(talk, case) for case in own[:SHOWN]]
    if len(own) > SHOWN:
        lines.append(talk.turn.say("reply.progress_more", count=len(own) - SHOWN))
    lines.append(talk.turn.say("reply.progress_page", url=links.mine(talk.turn.deps)))
    return Said(Reply("\n".join(lines)))


def progress_line(talk: Talk, case: Case) -> str:
    """One own case in plain words."""
    return talk.turn.say(
        "reply.progress_line",
        number=show_number(case.number),
        what=wording.what(talk.turn, case),
        status=wording.status(talk.turn, case) + suggesting.also_said(talk.turn, case),
    )


def _find(talk: Talk) -> Said:
    return _ask_place(talk, "reply.find")


def _ask_place(talk: Talk, key: str) -> Said:
    conversation.ask(talk.turn.session, talk.contact.id, "find", None, talk.turn.now)
    return Said(talk.say(key))


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
    return _ask_place(talk, "reply.find_unknown")


def _serving(talk: Talk, unit: str | None, district: str | None) -> Station | None:
    open_ones = [s for s in talk.directory.stations if s.active]
    for station in open_ones:
        serves = unit and station.mode == "street" and station.unit == unit
        if serves and district in (None, station.district):
            return station
    own = (s for s in open_ones if s.mode == "district" and s.district == district)
    return next(own, None) if district else None


def _human(talk: Talk) -> Said:
    """A person is wanted: for the newest unfinished case, or for one that has no words yet."""
    turn = talk.turn
    due = say_when(timing.triage_due(turn.deps, turn.now), turn.now)
    case_id = recent_among(cases.own_open(turn.session, talk.contact.id), turn.now)
    if case_id is not None:
        case = cases.get(turn.session, case_id)
        _want_person(talk, case, due)
        return Said(talk.say("reply.human_case", number=show_number(case.number), due=due), case.id)
    nothing_yet = read_safely(turn.deps, "")
    case = register(turn, talk.contact, nothing_yet, talk.directory, intent="human")
    case.want_human = True
    conversation.ask(turn.session, talk.contact.id, "what", case.id, turn.now)
    return Said(talk.say("reply.received_human", number=show_number(case.number), due=due), case.id)


def _want_person(talk: Talk, case: Case, due: str) -> None:
    """Told once: asking again does not wake the office again."""
    turn = talk.turn
    if case.want_human and case.queue == Queue.STAFF:
        return
    case.want_human = True
    events.record(turn.session, turn.now, "human_wanted", case_id=case.id, by=RESIDENT)
    if case.merged_into is not None:
        merging.unmerge(turn, case, reason="the resident asked for a person", tell=False)
    elif case.state == State.NEW and case.queue is None:
        dispatch.to_staff(turn, case, "the resident asked for a person", RESIDENT)
    posts = notify.people_for(turn, case, "staff", None)
    notify.tell_posts(turn, case, "human_wanted", posts, "human", due=due)


def _withdraw(talk: Talk, number: str) -> Said:
    turn = talk.turn
    case = _open_case(talk, number)
    if case is None:
        return _nothing_to_withdraw(talk, number)
    question = conversation.ask(turn.session, talk.contact.id, "withdraw", case.id, turn.now)
    tappable = tuple(
        Choice(f"q{question}.{value}", turn.say(f"choice.withdraw_{value}"))
        for value in ("yes", "no")
    )
    shown, matter = show_number(case.number), wording.what(turn, case)
    return Said(Reply(turn.say("reply.withdraw_ask", number=shown, what=matter), tappable), case.id)


def _open_case(talk: Talk, number: str) -> Case | None:
    """The sender's open case of this number; without one the newest."""
    session, contact_id = talk.turn.session, talk.contact.id
    if number:
        case = cases.by_number(session, number)
        own = case is not None and case.contact_id == contact_id
        return case if case is not None and own and State(case.state) in OPEN else None
    wanted = (c for c in cases.own_open(session, contact_id) if State(c.state) in OPEN)
    found = next(wanted, None)
    return cases.get(session, found.id) if found else None


def _nothing_to_withdraw(talk: Talk, number: str) -> Said:
    """Of the case that was named, or of the one withdrawn last, it is said where it stands."""
    own = cases.of_contact(talk.turn.session, talk.contact.id)
    seen = [c for c in own if c.erased_at is None and number in ("", c.number)]
    if number and not seen:
        return Said(talk.say("reply.progress_unknown", number=show_number(number)))
    case = seen[0] if seen else None
    if case is not None and case.state == State.WITHDRAWN:
        return Said(talk.say("reply.withdraw_again", number=show_number(case.number)), case.id)
    if case is not None and number:
        return Said(Reply(progress_line(talk, case)), case.id)
    return Said(talk.say("reply.withdraw_none"))


def _refuse(talk: Talk) -> Said:
    # Who already says no is not told once more how to say it.
    talk.contact.informed_at = talk.contact.informed_at or talk.turn.now
    return Said(privacy.refuse(talk.turn, talk.contact))


def _items(talk: Talk) -> Said:
    if talk.contact.person_id is None:
        return _progress(talk)
    return Said(Reply(act.items(talk.turn, talk.contact.person_id)))


def _drill(talk: Talk) -> Said:
    """Somebody heard the alarm of an exercise."""
    return Said(Reply(drills.acknowledge(talk.turn, talk.contact.person_id)))


def _one(talk: Talk) -> Said:
    if talk.contact.person_id is None:
        return _help(talk)
    return Said(Reply(act.act_on_only(talk.turn, talk.contact.person_id)))


def _back(talk: Talk) -> Said:
    if talk.contact.person_id is None:
        return _help(talk)
    return Said(Reply(absence.come_back(talk.turn, talk.contact.person_id)))


def _scanned(talk: Talk) -> Said:
    code = station_code(talk.inbound.event_key)
    station = next((s for s in talk.directory.stations if s.code == code and s.active), None)
    if station is None:
        return Said(talk.say("reply.welcome"))
    talk.contact.scene_unit_id = station.id
    return Said(talk.say("reply.scanned", station=station.name))


_COMMANDS: dict[str, Callable[[Talk], Said]] = {
    "agree": _agree,
    "back": _back,
    "drill": _drill,
    "find": _find,
    "help": _help,
    "human": _human,
    "items": _items,
    "more": _more,
    "new": _new,
    "one": _one,
    "progress": _progress,
    "refuse": _refuse,
    "scanned": _scanned,
}
