"""The story of a case as its pages tell it: what happened, in order, less what is private."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.events import TYPED
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services.reading import cover
from bot.services.turn import Turn
from bot.store import events, organisation, visits
from bot.store.events import Told

TOLD = frozenset(
    {
        "registered", "imported", "added", "human_wanted", "chased", "queued", "dispatched",
        "rerouted", "reopened", "accepted", "returned", "consulting", "consulted", "held",
        "resumed", "answered", "solved", "satisfied", "closed", "withdrawn", "erased", "rejected",
        "acknowledged", "lasting_asked", "lasting", "photographed", "asked", "replied",
        "unreplied", "extension_granted", "merged", "unmerged", "took_in", "gave_up",
        "split", "split_off", "written", "offered",
    }
)  # fmt: skip
"""Kinds of events that mean something to the resident; the rest is machinery."""
AT_ONCE = frozenset({"queued", "photographed", "took_in", "gave_up"})
"""Kinds that come several times in a row and are told once."""


OF_BOTH = frozenset(
    {"queued", "dispatched", "rerouted", "accepted", "returned", "consulting", "consulted", "held",
     "resumed", "extension_granted"}
)  # fmt: skip
"""What the story of a merged case tells of the case that it went on in: what was done, never what
that one's resident said or was asked."""
APART = frozenset({"unmerged", "merged", "answered", "rejected", "withdrawn"})
"""What ends that."""


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
    for event, shown in _events(turn, case):
        station = _station(turn, event) or station
        if not shown:
            continue
        line = _line(turn, event, station)
        last = (lines[-1].kind, lines[-1].value, lines[-1].station) if lines else None
        if line.kind in AT_ONCE and last == (line.kind, line.value, line.station):
            continue
        lines.append(line)
    lines.sort(key=lambda line: line.at)
    return tuple(reversed(lines))


def _events(turn: Turn, case: Case) -> Iterator[tuple[Told, bool]]:
    """Each event, and whether it is told; what is not may say which station the next are about."""
    own = events.told(turn.session, case.id)
    for number, event in enumerate(own):
        yield event, event.kind in TOLD and not _is_silent(event)
        if event.kind != "merged":
            continue
        until = next((e.at for e in own[number + 1 :] if e.kind in APART), turn.now)
        main = visits.case_of_number(turn.session, event.data["into"])
        for other in events.told(turn.session, main.id) if main is not None else ():
            if other.at <= until:
                told = other.kind in OF_BOTH and not _is_silent(other)
                yield other, told and other.at > event.at


def _is_silent(event: Told) -> bool:
    """A move back to new is told by the queue that it ends in."""
    return event.kind == "queued" and not event.data.get("queue")


def _station(turn: Turn, event: Told) -> str:
    unit_id = event.data.get("owner") if event.kind in ("dispatched", "rerouted", "reopened") else 0
    return (organisation.unit_name(turn.session, unit_id) or "") if unit_id else ""


def _line(turn: Turn, event: Told, station: str) -> Line:
    names = ("value", "how", "queue", "piece", "question", "days", "number", "words")
    name = next((name for name in names if event.data.get(name)), "")
    value = str(event.data[name]) if name else ""
    if name in TYPED:
        value = cover(turn.deps, value)
    return Line(event.at, say_when(event.at, turn.now), event.kind, station, value)


def pieces(turn: Turn, case: Case, *, own: bool = False) -> tuple[Piece, ...]:
    """What came with the case, oldest first. What a voice says, a place or a link is masked, but
    for its sender (`own`); the title of a photo is the station that took it."""
    return tuple(
        Piece(
            p.id, p.kind, say_when(p.at, turn.now),
            p.title if own or p.kind == "image" else cover(turn.deps, p.title), p.state, p.mime,
        )
        for p in visits.came_with(turn.session, case.id)
    )  # fmt: skip
