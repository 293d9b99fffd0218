"""Whether others say the same as one resident: a hint on the case's page."""

from dataclasses import dataclass

from bot.domain.figures import SEPARATOR
from bot.domain.hot import window
from bot.domain.periods import Period
from bot.models.cases import Case
from bot.services import wording
from bot.services.console_visits import ConsoleVisit
from bot.services.turn import Turn
from bot.store import hot, worklists

LEAST = 2
"""One other is chance."""


@dataclass(frozen=True, slots=True)
class Hint:
    """`residents` others spoke of the `topic` in the same street; `key` of the dimension HEAT."""

    residents: int
    topic: str
    key: str
    period: Period


def hint(turn: Turn, visit: ConsoleVisit, case: Case) -> Hint | None:
    """Counted are only cases that this person may see."""
    if not case.street or not case.category:
        return None
    days = window(turn.today)
    found = hot.alike(turn.session, case, days, worklists.seen_by(visit.actor))
    if found < LEAST:
        return None
    return Hint(found, wording.topic(turn, case), f"{case.category}{SEPARATOR}{case.street}", days)
