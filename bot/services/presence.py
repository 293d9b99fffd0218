"""Two people on one case see each other."""

from datetime import timedelta

from bot.services.console_visits import ConsoleVisit
from bot.services.ports import Deps
from bot.services.staff_tasks import full, seen
from bot.services.turn import Turn
from bot.store import console, visits

THERE = timedelta(seconds=50)
"""A screen asks each 20 seconds; one that missed two is gone."""


def looking(deps: Deps, visit: ConsoleVisit, number: str) -> list[str]:
    """Note that this person has the case on the screen; names of who else has. Raises NotFound."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = seen(turn, visit, visits.case_of_number(session, full(number)))
        console.look(session, case.id, visit.account_id, turn.now, since=turn.now - THERE)
        return console.lookers(session, case.id, but=visit.account_id)
