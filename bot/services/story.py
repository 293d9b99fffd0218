"""The story of a case as its pages tell it: what happened, in order, less what is private."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services.turn import Turn
from bot.store import events, organisation, visits
from bot.store.events import Told

TOLD = frozenset(
    {
        "registered", "imported", "added", "human_wanted", "chased", "queued", "dispatched",
        "rerouted", "reopened", "accepted", "returned", "consulting", "consulted", "held",
        "resumed", "answered", "solved", "satisfied", "closed", "withdrawn", "erased", "rejected",
        "acknowledged", "lasting_asked", "lasting", "photographed", "asked", "replied",
        "unreplied", "extension_granted",
    }
)  # fmt: skip
"""Kinds of events that mean something to the resident; the rest is machinery."""
AT_ONCE = frozenset({"queued", "photographed"})
"""Kinds that come several times in a row and are told once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `when` in words, `at` for machines; `station` took part; `value`
    tells apart (yes, partly, no; how it closed; the queue; what piece was added) or says more (what
    was asked; working days)."""

    at: datetime
    when: str
    kind: str
    station: str
    value: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that came with a case: photo, voice, video, place or link. `state` and `mime` of
    its file: bot.domain.media; `title`: of a place or link, or the station that added a photo."""

    id: int
    kind: str
    when: str
    title: str
    state: str
    mime: str


def story(turn: Turn, case: Case) -> tuple[Line, ...]:
    """Newest first. What repeats itself is told once."""
    lines: list[Line] = []
    station = ""
    for event in events.told(turn.session, case.id):
        if event.kind not in TOLD:
            continue
        station = _station(turn, event) or station
        line = _line(turn, event, station)
        last = (lines[-1].kind, lines[-1].value, lines[-1].station) if lines else None
        if line.kind in AT_ONCE and last == (line.kind, line.value, line.station):
            continue
        lines.append(line)
    return tuple(reversed(lines))


def _station(turn: Turn, event: Told) -> str:
    unit_id = event.data.get("owner") if event.kind in ("dispatched", "rerouted", "reopened") else 0
    return (organisation.unit_name(turn.session, unit_id) or "") if unit_id else ""


def _line(turn: Turn, event: Told, station: str) -> Line:
    given = (
        event.data.get(name) for name in ("value", "how", "queue", "piece", "question", "days")
    )
    value = next((str(each) for each in given if each), "")
    return Line(event.at, say_when(event.at, turn.now), event.kind, station, value)


def pieces(turn: Turn, case: Case) -> tuple[Piece, ...]:
    """What came with the case, oldest first."""
    found = visits.came_with(turn.session, case.id)
    return tuple(
        Piece(p.id, p.kind, say_when(p.at, turn.now), p.title, p.state, p.mime) for p in found
    )
