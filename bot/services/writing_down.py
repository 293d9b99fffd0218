"""A voice message becomes words that somebody of the office heard."""

from collections.abc import Mapping

from bot.domain.cases import Queue, State
from bot.domain.clocks import ClockKind
from bot.models.cases import Case
from bot.services import alerts, notify, register, timing
from bot.services.errors import Refused
from bot.services.roster import directory
from bot.services.turn import Turn
from bot.store import cases, clocks, events
from bot.store.events import By

TITLE = 300
"""Characters of the words that are kept with the voice itself."""


def write_down(turn: Turn, case: Case, fields: Mapping[str, str], by: By) -> None:
    """Add what was heard to the case's words, as if its resident had typed it: it is read and
    routed anew, and its resident hears where it went. Raises Refused where nothing was heard."""
    heard = fields.get("heard", "")
    if not heard:
        raise Refused("console.needs_words")
    for piece in cases.attachments(turn.session, case.id):
        if piece.kind == "voice" and not piece.title:
            piece.title = heard[:TITLE]
    events.record(turn.session, turn.now, "written_down", case_id=case.id, by=by)
    case.version += 1
    before, case.settling = case.queue, False  # who listened has heard it to its end
    clocks.end(turn.session, case.id, {ClockKind.SETTLE}, turn.now, "written down")
    register.add_words(turn, case, heard, directory(turn.deps))
    _tell(turn, case, before)


def _tell(turn: Turn, case: Case, before: str | None) -> None:
    """What they would have read had they typed it. Who waits in the office's queue knows by when
    somebody listens, and hears by the same clock."""
    if case.state == State.DISPATCHED:
        notify.tell_resident(turn, case, "dispatched", f"v{case.version}")
    elif case.queue == before:
        return
    elif case.queue == Queue.EMERGENCY:
        alerts.tell_danger(turn, case)
    elif case.queue == Queue.RESTRICTED:
        # Other people have it now: their time begins, however long the voice waited for ears.
        clocks.end(turn.session, case.id, {ClockKind.TRIAGE}, turn.now, "written down")
        due = timing.start(turn.deps, turn.session, case, ClockKind.TRIAGE, turn.now)
        notify.tell_resident(turn, case, "guarded", f"v{case.version}", until=due.isoformat())
