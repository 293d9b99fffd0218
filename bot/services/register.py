"""Making a case of what was said, and improving it with every further piece."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.cases import Queue, State, show_number
from bot.domain.clocks import ClockKind
from bot.domain.common_questions import Said
from bot.domain.inbound import Inbound
from bot.domain.routing import route
from bot.domain.stations import Directory, Route, Station
from bot.domain.understanding import PlaceHit, Reading
from bot.domain.words import joined
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.services import alerts, dispatch, indexing, merging, notify, offers, timing
from bot.services.reading import read_case, read_safely
from bot.services.turn import Turn
from bot.store import cases, clocks, events
from bot.store.events import RESIDENT


def register(
    turn: Turn,
    contact: Contact,
    reading: Reading,
    directory: Directory,
    *,
    source: str = "wechat",
    settling: bool = True,
    alarm: bool = True,
    reported_at: datetime | None = None,
    intent: str | None = None,
    located: str = "",
) -> Case:
    """A new case in the words of `reading.text`; it settles before it is dispatched.

    `alarm` False: an emergency waits in its queue without waking anybody (old rows of an import).
    `located`: what a phone named the location that it sent.
    """
    scene = _station(contact.scene_unit_id, directory)
    plan = _plan(turn, reading, directory, scene)
    known = _described(reading, plan, scene) | ({"intent": intent} if intent is not None else {})
    known["reading"] |= _scanned(scene) | _version(turn) | _sent([located] if located else [])
    if scene is not None:
        contact.scene_unit_id = None
    case = cases.add_case(
        turn.session, turn.now, contact_id=contact.id, source=source, settling=settling,
        reported_at=reported_at, want_human=reading.want_human, **known,
    )  # fmt: skip
    cases.add_assist(turn.session, case.id, [station.id for station in plan.assist])
    events.record(
        turn.session, turn.now, "registered", case_id=case.id, by=RESIDENT,
        intent=case.intent, category=case.category, urgency=case.urgency, rule=plan.rule,
    )  # fmt: skip
    if settling:
        timing.start(turn.deps, turn.session, case, ClockKind.SETTLE, turn.now)
    _first_clock(turn, case, alarm=alarm)
    return case


_OF_WORDS = ("text", "masked", "reading", "place", "street", "district")
"""What further words may change of a case that is guarded."""


_OF_PLACE = ("located", "options", "chosen")
"""What the resident sent and picked, so that a later piece does not lose it."""


def understand(
    turn: Turn, case: Case, reading: Reading, directory: Directory, scene: Station | None = None
) -> None:
    """Write down what a reading of the case's words says, and the route that follows.

    More words never open a door: what the duty desk or named people have stays theirs until a
    person moves it, and who asked for a person keeps that person. Only an emergency goes first.
    """
    plan = _plan(turn, reading, directory, scene)
    known = _described(reading, plan, scene) | {"place": place_name(reading) or case.place}
    if plan.queue != "emergency" and _is_guarded(case, reading):
        known = {name: known[name] for name in _OF_WORDS}
    else:
        cases.set_assist(turn.session, case.id, [station.id for station in plan.assist])
        if case.want_human and case.queue == Queue.STAFF:
            known["queue"] = plan.queue or Queue.STAFF.value
    known["reading"] |= (
        _scanned(scene)
        | _version(turn)
        | {name: case.reading[name] for name in _OF_PLACE if name in case.reading}
    )
    for name, value in known.items():
        setattr(case, name, value)
    case.want_human = case.want_human or reading.want_human


def _is_guarded(case: Case, reading: Reading) -> bool:
    held = case.queue in (Queue.EMERGENCY, Queue.RESTRICTED)
    return held or (case.handling != "normal" and reading.handling == "normal")


def _plan(turn: Turn, reading: Reading, directory: Directory, scene: Station | None) -> Route:
    return route(reading, directory, categories=turn.deps.understander().categories, scene=scene)


def _described(reading: Reading, plan: Route, scene: Station | None) -> dict[str, Any]:
    """Columns of the case that a reading and its route fill."""
    planned = plan.owner or plan.proposed
    street, district = where(reading.places, scene)
    return {
        "text": reading.text,
        "masked": reading.masked,
        "intent": reading.intent,
        "category": reading.category,
        "urgency": reading.urgency,
        "emergency": reading.emergency,
        "handling": reading.handling,
        "reading": _kept(reading) | {"partners": [s.id for s in plan.partners]},
        "place": place_name(reading),
        "street": street,
        "district": district,
        "rule": plan.rule,
        "words": list(plan.words),
        "queue": plan.queue,
        "proposed_unit_id": planned.id if planned else None,
    }


def place_name(reading: Reading) -> str | None:
    """The place that a case of these words is at."""
    sure = (place.name for place in reading.places if place.sure)
    return next(sure, None) or next((place.name for place in reading.places), None)


def where(
    places: Sequence[PlaceHit], scene: Station | None = None
) -> tuple[str | None, str | None]:
    """Street and district: of a sure place, else of the scanned poster, else of what was heard."""
    sure = next((p for p in places if p.sure), None)
    if sure is None and scene is not None:
        return scene.unit, scene.district
    heard = sure or next(iter(places), None)
    return (heard.unit, heard.district) if heard else (None, None)


def _first_clock(turn: Turn, case: Case, *, alarm: bool) -> None:
    if case.queue == "emergency" and alarm:
        alerts.raise_alert(turn, case)
    elif case.queue is not None:
        timing.start(turn.deps, turn.session, case, ClockKind.TRIAGE, turn.now)


def queue_clocks(turn: Turn, case: Case) -> None:
    """Whoever has the case next has a time by which something happens."""
    if case.queue == "emergency":
        clocks.end(turn.session, case.id, {ClockKind.TRIAGE}, turn.now, "emergency")
        alerts.raise_alert(turn, case)
    elif case.queue is not None:
        if ClockKind.TRIAGE not in clocks.running(turn.session, case.id):
            timing.start(turn.deps, turn.session, case, ClockKind.TRIAGE, turn.now)
    else:
        clocks.end(turn.session, case.id, {ClockKind.TRIAGE}, turn.now, "routed")


def improve(
    turn: Turn,
    case: Case,
    inbound: Inbound,
    message_id: int | None,
    directory: Directory,
    *,
    notice: str = "added",
) -> None:
    """One more piece: words are read again together with what was said before, media attached.
    `notice`: how those who have the case hear of it."""
    offered = offers.is_open(turn, case)
    if offered:
        offers.end(turn, case, Said.WORDS)
    if inbound.kind != "text":
        cases.attach(turn.session, case.id, message_id, inbound, turn.now)
    words = inbound.text or inbound.label
    if inbound.label and not inbound.text:
        case.reading = case.reading | _sent([*case.reading.get("located", []), inbound.label])
    if words:
        add_words(turn, case, words, directory, notice)
    else:
        tell_holders(turn, case, turn.say("added." + inbound.kind), str(message_id), notice)
        waits = case.state == State.NEW and case.queue is None and case.merged_into is None
        if inbound.kind == "voice" and waits:
            dispatch.to_staff(turn, case, "a voice message needs ears")
        elif offered:
            go_on(turn, case, directory)
    if case.settling:
        timing.start(turn.deps, turn.session, case, ClockKind.SETTLE, turn.now)
    case.version += 1
    events.record(turn.session, turn.now, "added", case_id=case.id, by=RESIDENT, piece=inbound.kind)


def add_words(
    turn: Turn, case: Case, words: str, directory: Directory, notice: str = "added"
) -> None:
    """More words: read together with what was said before, and routed by it."""
    # Read inside the write unit: what to read together is known only under the lock.
    both = read_case(turn.deps, joined(case.text, words), case.reading)
    added = read_safely(turn.deps, words)
    tell_holders(turn, case, added.masked, f"v{case.version}", notice)
    # What was with a station before, or a person put right, waits for a person's word: only a new
    # danger moves it.
    by_person = case.dispatched_at is not None or "corrected" in case.reading
    decided = by_person and added.urgency != "emergency"
    apart = both.handling == "normal" and both.urgency != "emergency"
    if case.state != State.NEW or decided or (case.merged_into is not None and apart):
        case.text, case.masked = both.text, both.masked
        indexing.index(turn, case, both)
        return
    _route_anew(turn, case, both, directory)


def go_on(turn: Turn, case: Case, directory: Directory) -> Reading:
    """An answer from the list was not the end of it: it goes its way as any other demand."""
    reading = read_case(turn.deps, case.text, case.reading)
    _route_anew(turn, case, reading, directory)
    if case.settling:
        timing.start(turn.deps, turn.session, case, ClockKind.SETTLE, turn.now)
    return reading


def _route_anew(turn: Turn, case: Case, reading: Reading, directory: Directory) -> None:
    understand(turn, case, reading, directory, _station(case.reading.get("scene"), directory))
    indexing.index(turn, case, reading)
    events.record(
        turn.session, turn.now, "understood", case_id=case.id, category=case.category,
        urgency=case.urgency, rule=case.rule, owner=case.proposed_unit_id, queue=case.queue,
    )  # fmt: skip
    queue_clocks(turn, case)
    merging.part_if_guarded(turn, case)
    if not case.settling and case.queue is None and case.proposed_unit_id is not None:
        dispatch.dispatch(turn, case, case.proposed_unit_id)


def tell_holders(turn: Turn, case: Case, text: str, cause: str, notice: str = "added") -> None:
    """Those who have the case on their list hear what the resident added: an address said after
    the alert is what the duty desk waits for."""
    if case.state == State.ANSWERED:
        return
    if case.merged_into is not None:
        number = show_number(case.number)
        case, text = cases.main(turn.session, case), turn.say("added.merged", number=number)
    if case.queue == Queue.EMERGENCY:
        posts = notify.people_for(turn, case, "duty", None)
    else:
        posts = dispatch.current_holders(turn, case)
    notify.tell_posts(turn, case, notice, posts, f"added:{cause}", text=text[:200])


def _station(unit_id: int | None, directory: Directory) -> Station | None:
    return directory.by_id.get(unit_id) if unit_id is not None else None


def _scanned(scene: Station | None) -> dict[str, int]:
    """The poster that the case came by, so that a later piece does not lose it."""
    return {"scene": scene.id} if scene else {}


def _version(turn: Turn) -> dict[str, str]:
    """Which data read it: the product's, with which words of the office."""
    return {"version": turn.deps.understander().version}


def _sent(labels: list[str]) -> dict[str, list[str]]:
    """Names of the locations that were sent: where the resident was, not always what is meant."""
    return {"located": labels} if labels else {}


def _kept(reading: Reading) -> dict[str, Any]:
    return {
        "confident": reading.confident,
        **({"script": reading.script} if reading.script else {}),
        **heard(reading),
    }


def heard(reading: Reading) -> dict[str, Any]:
    """What was heard in its words, as it is kept with a case and shown."""
    return {
        "categories": [{"code": c.code, "p": c.p} for c in reading.categories[:5]],
        "evidence": [
            {"word": e.word, "code": e.code, "weight": e.weight}
            for e in [each for each in reading.evidence if each.whole][:20]
        ],
        "places": [
            {"name": p.name, "unit": p.unit, "district": p.district, "sure": p.sure}
            for p in reading.places[:5]
        ],
        "parts": [{"start": p.start, "end": p.end, "code": p.code} for p in reading.parts],
    }
