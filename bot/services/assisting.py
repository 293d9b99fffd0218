"""协办: the owner invites a second station, whose part has a clock and an answer of its own. The
owner closes the case, with that part or without it."""

from typing import Any

from bot.domain.cases import show_number
from bot.domain.clocks import ClockKind
from bot.domain.showing import say_when
from bot.models.cases import Case, CaseStation
from bot.services import dispatch, naming, notify, timing, wording
from bot.services.acting import Acting, not_allowed
from bot.services.errors import Refused
from bot.services.turn import Turn
from bot.store import cases, clocks, events, organisation, worklists

OFFERED = 6
"""Stations named to whoever invites one: more than that nobody reads on a phone."""


def invite(turn: Turn, case: Case, acting: Acting, station: str, words: str = "") -> str:
    """Ask this station (code or name) to assist; without one, the studio that routing named.
    One part at a time: the next may be asked when it has answered or its time is over."""
    if case.handling != "normal":
        raise not_allowed(turn, case, "refusal.named_only", code=acting.code)
    if ClockKind.ASSIST in clocks.running(turn.session, case.id):
        raise not_allowed(turn, case, "refusal.assist_waits", station=helper(turn, case))
    unit_id, name = _wanted(turn, case, acting, station)
    if unit_id == case.owner_unit_id:
        raise not_allowed(turn, case, "refusal.assist_own", code=acting.code)
    part = cases.part_of(turn.session, case.id, unit_id)
    if part is None:
        cases.add_assist(turn.session, case.id, [unit_id])
        part = cases.part_of(turn.session, case.id, unit_id)
        assert part is not None  # noqa: S101 - added above
    part.invited_at, part.post_id, part.answer, part.answered_at = turn.now, None, "", None
    receivers = dispatch.receivers(turn, unit_id)
    due = timing.start(
        turn.deps, turn.session, case, ClockKind.ASSIST, turn.now,
        holder_post_id=receivers[0].id if receivers else None,
    )  # fmt: skip
    case.version += 1
    events.record(
        turn.session, turn.now, "assist_invited", case_id=case.id, by=acting.by, reason=words,
        unit=unit_id, due_at=due.isoformat(),
    )  # fmt: skip
    notify.tell_posts(
        turn, case, "assist_push", receivers, f"v{case.version}",
        words=f"\n{acting.post.person}：{words[:200]}" if words else "",
    )  # fmt: skip
    shown = say_when(due, turn.now)
    return turn.say("member.invited", number=show_number(case.number), station=name, due=shown)


def _wanted(turn: Turn, case: Case, acting: Acting, station: str) -> tuple[int, str]:
    if station:
        found = naming.receiver(turn, station)
        return found.id, found.name
    named = cases.stations_of(turn.session, case.id, "assist")
    name = organisation.unit_name(turn.session, named[0]) if named else None
    if name is None:
        raise Refused("member.invite_text", code=acting.code)
    return naming.receiver(turn, name).id, name


def may_be_invited(turn: Turn, case: Case) -> tuple[str, ...]:
    """Names of stations to offer to the owner: the studio that routing named, those that are paired
    with the owner, and institutions with the topic."""
    offered = [
        *cases.stations_of(turn.session, case.id, "assist"),
        *case.reading.get("partners", ()),
    ]
    known = worklists.names(turn.session, offered)
    return tuple(known[each] for each in dict.fromkeys(offered) if each in known)[:OFFERED]


def open_part(turn: Turn, case: Case, unit_id: int) -> CaseStation | None:
    """This station's part, if it was invited and has not answered."""
    part = cases.part_of(turn.session, case.id, unit_id)
    waits = part is not None and part.invited_at is not None and part.answered_at is None
    return part if waits else None


def accept_part(turn: Turn, case: Case, acting: Acting) -> str:
    """Take the station's part on; the owner hears who has it."""
    part = _own_part(turn, case, acting)
    if part.post_id is not None:
        holder = organisation.post_by_id(turn.session, part.post_id, turn.today)
        if holder is not None:
            number = show_number(case.number)
            raise Refused("member.accept_taken", number=number, holder=holder.person)
    _take(turn, case, acting, part)
    clock = clocks.running(turn.session, case.id).get(ClockKind.ASSIST)
    due = say_when(clock.due_at, turn.now) if clock else ""
    return turn.say(
        "member.assist_accepted", number=show_number(case.number),
        what=wording.what(turn, case), due=due, code=acting.code,
    )  # fmt: skip


def _take(turn: Turn, case: Case, acting: Acting, part: CaseStation) -> None:
    part.post_id = acting.post.id
    clock = clocks.running(turn.session, case.id).get(ClockKind.ASSIST)
    if clock is not None:
        clock.holder_post_id = acting.post.id
    case.version += 1
    events.record(
        turn.session, turn.now, "assist_accepted", case_id=case.id, by=acting.by,
        unit=acting.post.unit_id,
    )  # fmt: skip
    _tell_owner(turn, case, "assist_accepted", acting)


def answer_part(turn: Turn, case: Case, acting: Acting, text: str) -> str:
    """The station's part is done: its words go to the owner, not to the resident."""
    if not text:
        raise Refused("member.assist_text", code=acting.code)
    part = _own_part(turn, case, acting)
    if part.post_id is None:
        _take(turn, case, acting, part)
    part.answer, part.answered_at = text[:2000], turn.now
    clocks.end(turn.session, case.id, {ClockKind.ASSIST}, turn.now, "answered")
    case.version += 1
    events.record(
        turn.session, turn.now, "assist_answered", case_id=case.id, by=acting.by,
        reason=text[:2000], unit=acting.post.unit_id,
    )  # fmt: skip
    _tell_owner(turn, case, "assist_answered", acting, words=text[:300])
    return turn.say("member.assist_answered", number=show_number(case.number))


def _own_part(turn: Turn, case: Case, acting: Acting) -> CaseStation:
    part = open_part(turn, case, acting.post.unit_id)
    if part is None:
        raise not_allowed(turn, case, "refusal.not_invited")
    return part


def _tell_owner(turn: Turn, case: Case, kind: str, acting: Acting, **params: Any) -> None:
    holders = dispatch.current_holders(turn, case)
    notify.tell_posts(
        turn, case, kind, holders, f"v{case.version}", helper=acting.post.unit,
        who=acting.post.person, **params,
    )  # fmt: skip


def helper(turn: Turn, case: Case) -> str:
    """The station whose part is waited for; "" when there is none, or its time is over."""
    if ClockKind.ASSIST not in clocks.running(turn.session, case.id):
        return ""
    for unit_id in cases.stations_of(turn.session, case.id, "assist"):
        if open_part(turn, case, unit_id) is not None:
            return organisation.unit_name(turn.session, unit_id) or ""
    return ""
