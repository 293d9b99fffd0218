"""A last look before a claimed notice leaves: between claim and sending somebody may have acted."""

from collections.abc import Iterable

from sqlalchemy.exc import SQLAlchemyError

from bot.models.conversation import Outbox
from bot.services.ports import Deps
from bot.services.render import NEEDS_STATE, case_of, still_true
from bot.services.turn import Turn


def overtaken(deps: Deps, kind: str, row_ids: Iterable[int]) -> bool:
    """Whether anything that this message would say has become untrue. What can't become untrue is
    not looked at; a database in trouble stops no message."""
    if kind not in NEEDS_STATE:
        return False
    try:
        with deps.database.read() as session:
            turn = Turn(deps, session, deps.clock.now())
            rows = [session.get_one(Outbox, row_id) for row_id in row_ids]
            about = [(row, case) for row in rows if (case := case_of(turn, row)) is not None]
            return any(not still_true(turn, row, case) for row, case in about)
    except SQLAlchemyError:
        return False
