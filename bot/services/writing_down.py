"""A voice message becomes words that somebody of the office heard."""

from collections.abc import Mapping

from bot.models.cases import Case
from bot.services import register
from bot.services.errors import Refused
from bot.services.roster import directory
from bot.services.turn import Turn
from bot.store import cases, events
from bot.store.events import By

TITLE = 300
"""Characters of the words that are kept with the voice itself."""


def write_down(turn: Turn, case: Case, fields: Mapping[str, str], by: By) -> None:
    """Add what was heard to the case's words, as if its resident had typed it: it is read and
    routed anew. Raises Refused where nothing was heard."""
    heard = fields.get("heard", "")
    if not heard:
        raise Refused("console.needs_words")
    for piece in cases.attachments(turn.session, case.id):
        if piece.kind == "voice" and not piece.title:
            piece.title = heard[:TITLE]
    events.record(turn.session, turn.now, "written_down", case_id=case.id, by=by)
    case.version += 1
    register.add_words(turn, case, heard, directory(turn.deps))
