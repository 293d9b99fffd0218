"""What services hand out about cases: frozen values, never rows."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from bot.domain.events import TYPED
from bot.models.cases import Case, CaseOutcome, Event
from bot.models.organisation import Unit
from bot.services.media import as_listed
from bot.services.reading import cover
from bot.services.turn import Turn
from bot.services.wording import what
from bot.store import cases, clocks, events


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One case in the staff queue. `due_at`: by when staff must have dealt with it."""

    number: str
    queue: str
    urgency: str
    what: str
    text: str
    proposed: str | None
    rule: str
    created_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as `flask cases show` and the export give it (contract: one case a line)."""

    number: str
    state: str
    queue: str | None
    intent: str
    category: str | None
    urgency: str
    text: str
    place: str | None
    owner: str | None
    assist: list[str]
    proposed: str | None
    rule: str
    words: list[str]
    resident: str
    source: str
    created_at: datetime
    reported_at: datetime | None
    due_at: datetime | None
    next_step_at: datetime | None
    ending: str | None
    answer: str
    merged_into: str | None
    """The number of the case that it goes on in."""
    outcomes: list[dict[str, Any]]
    rating: dict[str, str | None] | None
    attachments: list[str]
    files: list[dict[str, Any]]
    """The same with what became of each: bot.services.media.as_listed."""
    events: list[dict[str, Any]]
    notices: list[dict[str, Any]] | None = None
    """What we told whom, and by which hops; only where one case is shown."""
    ahead: list[str] | None = None
    """What its clocks will do if nobody does anything; only where one case is shown."""


def unit_name(turn: Turn, unit_id: int | None) -> str | None:
    """Name of a unit."""
    unit = turn.session.get(Unit, unit_id) if unit_id else None
    return unit.name if unit else None


def queue_line(turn: Turn, case: Case) -> QueueLine:
    """A case in the queue; restricted ones show no words."""
    running = clocks.running(turn.session, case.id)
    due = clocks.due_of(running)
    hidden = case.queue == "restricted"
    return QueueLine(
        number=case.number, queue=case.queue or "", urgency=case.urgency,
        what="专人办理" if hidden else what(turn, case), text="" if hidden else case.masked,
        proposed=unit_name(turn, case.proposed_unit_id), rule=case.rule,
        created_at=case.created_at, due_at=due,
    )  # fmt: skip


def case_view(turn: Turn, case: Case) -> CaseView:
    """The whole case, masked; the resident only by an opaque name."""
    running = clocks.running(turn.session, case.id)
    due = clocks.due_of(running)
    assist = cases.stations_of(turn.session, case.id, "assist")
    attached = cases.attachments(turn.session, case.id)
    rated = case.solved is not None or case.satisfied is not None
    return CaseView(
        number=case.number, state=case.state, queue=case.queue, intent=case.intent,
        category=case.category, urgency=case.urgency, text=case.masked, place=case.place,
        owner=unit_name(turn, case.owner_unit_id),
        assist=[name for name in (unit_name(turn, u) for u in assist) if name],
        proposed=unit_name(turn, case.proposed_unit_id), rule=case.rule, words=case.words,
        resident=opaque(turn, case), source=case.source, created_at=case.created_at,
        reported_at=case.reported_at, due_at=due,
        next_step_at=clocks.next_step_of(turn.session, case.id), ending=case.ending,
        answer=cover(turn.deps, case.answer),
        merged_into=None if case.merged_into is None else cases.main(turn.session, case).number,
        outcomes=[_outcome(row) for row in cases.outcomes_of(turn.session, case.id)],
        rating={"solved": case.solved, "satisfied": case.satisfied} if rated else None,
        attachments=[attachment.kind for attachment in attached],
        files=[as_listed(attachment) for attachment in attached],
        events=[_event(turn, e) for e in events.of_case(turn.session, case.id)],
    )  # fmt: skip


def _outcome(row: CaseOutcome) -> dict[str, Any]:
    return {"outcome": row.outcome, "number": row.number, "text": row.text, "at": row.at}


def opaque(turn: Turn, case: Case) -> str:
    """The same for all cases of one sender, and meaningless outside this installation."""
    key = turn.deps.settings.secret_key.get_secret_value().encode()[:64]
    return blake2b(str(case.contact_id).encode(), key=key, digest_size=8).hexdigest()


def _event(turn: Turn, event: Event) -> dict[str, Any]:
    said = {name: event.data.get(name) for name in TYPED}
    typed = {name: cover(turn.deps, w) for name, w in said.items() if isinstance(w, str)}
    return {
        "at": event.at,
        "kind": event.kind,
        "actor": f"post:{event.post_id}" if event.post_id else event.actor,
        "reason": cover(turn.deps, event.reason),
        "data": event.data | typed,
    } | ({"instead_of": f"post:{event.for_post_id}"} if event.for_post_id else {})
