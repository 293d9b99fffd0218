"""A case's events walked from the first one on: which of them count, and for which figure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from bot.domain.cases import Ending
from bot.domain.figures import Fact, Figure, Happened

_SENT = frozenset({"dispatched", "rerouted", "reopened"})
_SAID: Mapping[str, Figure] = MappingProxyType(
    {"yes": Figure.SOLVED, "partly": Figure.PARTLY, "no": Figure.NOT_SOLVED}
)


class _Story:
    """What is remembered of a case on the way through its events."""

    def __init__(self) -> None:
        self.station: tuple[str, str] | None = None
        self.due: datetime | None = None
        self.sent = self.corrected = self.over = self.late = False
        self.waits = True
        """For the office or the machine: no station has it."""


def facts(story: Iterable[Happened]) -> Iterator[Fact]:
    """What counts of a case's events, which come oldest first and from its first one on."""
    known = _Story()
    for event in story:
        for figure in _counted(known, event):
            yield Fact(figure, event.id, event.at, known.station)


def _counted(known: _Story, event: Happened) -> list[Figure]:
    kind, data = event.kind, event.data
    if kind in _SENT:
        return _sent(known, event)
    if kind == "answered":
        return _answered(known, event)
    if kind == "registered":
        return [Figure.RECEIVED]
    if kind in ("offered", "offer_over"):
        helped = data.get("value") == "yes"
        return [Figure.OFFERED] if kind == "offered" else [Figure.HELPED] * helped
    if kind == "corrected":
        return _corrected(known)
    if kind == "accepted":
        in_time = known.due is not None and event.at <= known.due
        return [Figure.ACCEPTED] + [Figure.ACCEPTED_IN_TIME] * in_time
    if kind == "solved":
        said = _SAID.get(str(data.get("value")))
        return [said, Figure.SAID] if said else []
    if kind == "satisfied":
        return [Figure.RATED] + [Figure.SATISFIED] * (data.get("value") == "yes")
    return _moved(known, event)


def _sent(known: _Story, event: Happened) -> list[Figure]:
    """Sent to a station, by the machine or a person, for the first time or again."""
    data = event.data
    found = _handed(known) if event.person and known.waits else []
    if known.over:
        found.append(Figure.REOPENED)
    if not known.sent:
        found += [Figure.DISPATCHED] + [Figure.ROUTED] * (not event.person)
    chosen = data.get("proposed")
    if event.person and (event.kind == "rerouted" or chosen not in (None, data.get("owner"))):
        found += _corrected(known)
    known.station = (str(data.get("mode") or ""), str(data.get("sector") or ""))
    known.due = _moment(data.get("due_at"))
    known.sent, known.over, known.waits, known.late = True, False, False, False
    return found


def _answered(known: _Story, event: Happened) -> list[Figure]:
    found = [Figure.ANSWERED]
    due = _moment(event.data.get("due_at"))
    if due is not None:
        found += [Figure.ANSWERED_TIMED] + [Figure.ANSWERED_IN_TIME] * (event.at <= due)
    if event.data.get("ending") == Ending.TRANSFERRED:
        found.append(Figure.TRANSFERRED)
    if event.person and known.waits:
        found += _handed(known)
        known.station = None  # the office answered itself
    known.over, known.waits, known.late = True, False, False
    return found


def _moved(known: _Story, event: Happened) -> list[Figure]:
    """What changes who has it, or how late the office is with it."""
    if event.kind == "rung":
        known.late = known.late or event.data.get("notice") == "triage_overdue"
    if event.kind == "closed":
        known.over = True
    if event.kind == "returned":
        known.waits = True
        return [Figure.RETURNED]
    if event.kind == "queued":
        again, known.over, known.waits = known.over, False, True
        return [Figure.REOPENED] * again
    return []


def _handed(known: _Story) -> list[Figure]:
    return [Figure.HANDED] + [Figure.HANDED_LATE] * known.late


def _corrected(known: _Story) -> list[Figure]:
    first, known.corrected = not known.corrected, True
    return [Figure.CORRECTED] * first


def _moment(written: object) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) else None
