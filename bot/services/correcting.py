"""The office puts right what the machine made of a case; each correction is kept for training."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from bot.domain.cases import Handling, Queue, State
from bot.domain.clocks import ClockKind
from bot.domain.corrections import Correction, corrected
from bot.domain.roles import Role
from bot.domain.routing import route
from bot.domain.stations import Route
from bot.domain.understanding import Urgency
from bot.models.cases import Case
from bot.services import alerts, indexing, merging, notify, register, staff
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.reading import read_case
from bot.services.roster import directory
from bot.services.turn import Turn
from bot.store import cases, clocks, corrections, events, organisation
from bot.store.events import By

UNKNOWN = ""
"""The category of a case of which nobody can say what it is about."""


def correct(turn: Turn, case: Case, fields: Mapping[str, str], by: By) -> None:
    """Say what the case is about, where it is and how urgent. One that no station has yet is
    routed anew and waits for somebody to send it there; one that a station has stays there.

    Raises Refused for what does not exist, when nothing differs, when an emergency is lowered or
    a case for named people is opened to others without a reason, and when only the office's
    queue could take such a case.
    """
    said = _said(turn, case, fields, by)
    changed = _changed(case, said)
    if not changed:
        raise Refused("console.nothing_changed")
    if case.state == State.NEW:
        _route_anew(turn, case, said, fields.get("reason", ""), by)
    else:
        _relabel(turn, case, said)
    indexing.index(turn, case)
    case.version += 1
    events.record(
        turn.session, turn.now, "corrected", case_id=case.id, by=by,
        reason=fields.get("reason", ""), model=turn.deps.understander().version, **changed,
    )  # fmt: skip


def _said(turn: Turn, case: Case, fields: Mapping[str, str], by: By) -> Correction:
    known = turn.deps.understander()
    code = fields.get("category", UNKNOWN)
    urgency, _, emergency = (fields.get("urgency") or case.urgency).partition(":")
    emergency = emergency or (case.emergency or "" if urgency == "emergency" else "")
    if (code and code not in known.categories) or urgency not in get_args(Urgency):
        raise Refused("console.no_choice")
    if urgency == "emergency" and emergency not in known.emergencies:
        raise Refused("console.no_choice")
    place = fields.get("place", "")
    places = known.read(place).places if place else ()
    post = organisation.posts_by_id(turn.session, [by.post_id] if by.post_id else [])
    level: Urgency = next(each for each in get_args(Urgency) if each == urgency)
    return Correction(
        category=known.categories.get(code), place=place, places=places[:1], urgency=level,
        emergency=emergency or None,
        trusted=any(each.role == Role.RESTRICTED_STAFF for each in post),
    )  # fmt: skip


def _changed(case: Case, said: Correction) -> dict[str, Any]:
    """Field → what was read, and what is so."""
    code = said.category.code if said.category else None
    pairs: dict[str, list[str | None]] = {
        "category": [case.category, code],
        "place": [case.place, said.place or None],
        "urgency": [case.emergency or case.urgency, said.emergency or said.urgency],
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _relabel(turn: Turn, case: Case, said: Correction) -> None:
    """The station keeps it: what it is called changes, what is counted, and who is proposed if it
    comes back."""
    if said.handling != case.handling or said.emergency != case.emergency:
        raise Refused("console.recall_first")
    case.category = said.category.code if said.category else None
    case.urgency = said.urgency
    _place(case, said)
    _plan(turn, case, said)


def _plan(turn: Turn, case: Case, said: Correction) -> Route:
    """Who would have it by what was said, and why."""
    reading = corrected(read_case(turn.deps, case.text, case.reading), said)
    stations = directory(turn.deps)
    scene = stations.by_id.get(case.reading.get("scene", 0))
    plan = route(reading, stations, categories=turn.deps.understander().categories, scene=scene)
    planned = plan.owner or plan.proposed
    case.rule, case.words = plan.rule, list(plan.words)
    case.proposed_unit_id = planned.id if planned else None
    case.reading = case.reading | {"corrected": True, "partners": [s.id for s in plan.partners]}
    return plan


def _place(case: Case, said: Correction) -> None:
    """A place that was left as it was keeps its street, also one known by a poster alone."""
    if (said.place or None) != case.place:
        case.street, case.district = register.where(said.places)
    case.place = said.place or None


def _route_anew(turn: Turn, case: Case, said: Correction, reason: str, by: By) -> None:
    if case.queue == Queue.EMERGENCY and said.urgency != "emergency":
        staff.lower(turn, case, reason, by)
    opened = _opens(turn, case, said, reason)
    case.category = said.category.code if said.category else None
    case.handling = said.handling
    _place(case, said)
    case.urgency, case.emergency = said.urgency, said.emergency
    plan = _plan(turn, case, said)
    cases.set_assist(turn.session, case.id, [station.id for station in plan.assist])
    _queue(turn, case, plan.queue, by)
    merging.part_if_guarded(turn, case)
    if not alerts.tell_danger(turn, case) and opened:
        notify.tell_resident(turn, case, "opened_up", f"v{case.version}")


def _opens(turn: Turn, case: Case, said: Correction, reason: str) -> bool:
    """Whether others will see what its resident was promised to be for named people alone. Then
    the office owes a time anew: what was promised was that those people look at it."""
    guarded = case.queue == Queue.RESTRICTED or case.handling != Handling.NORMAL
    if not guarded or said.handling != "normal":
        return False
    if not reason.strip():
        raise Refused("console.needs_why_opened")
    clocks.end(turn.session, case.id, {ClockKind.TRIAGE}, turn.now, "opened up")
    return True


def _queue(turn: Turn, case: Case, planned: str | None, by: By) -> None:
    """Where it waits for somebody to send it on: routing alone sends nothing that a person has
    taken in hand."""
    queue = planned if planned in (Queue.EMERGENCY, Queue.RESTRICTED) else Queue.STAFF.value
    if queue != case.queue:
        case.queue = queue
        events.record(turn.session, turn.now, "queued", case_id=case.id, by=by, queue=queue)
    register.queue_clocks(turn, case)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One correction, as training wants it: masked words and field → [was, is]."""

    number: str
    at: datetime
    text: str
    model: str
    changed: dict[str, Any]


def lessons(deps: Deps, since: datetime | None = None) -> Iterator[Lesson]:
    """Every correction whose words are still there, oldest first."""
    with deps.database.read() as session:
        for event, case in corrections.corrections(session, since):
            data = dict(event.data)
            yield Lesson(case.number, event.at, case.masked, data.pop("model", ""), data)
