"""The page on which the office says which words make a case of their own."""

from dataclasses import dataclass

from bot.domain.cases import show_number
from bot.domain.splitting import Clause, clauses
from bot.services import slips, wording
from bot.services.console_visits import ConsoleVisit
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.staff_tasks import full, seen, tasks
from bot.services.turn import Turn
from bot.store import visits


@dataclass(frozen=True, slots=True)
class SplitForm:
    """`may`: it can be split now; else `why_not` says what is in the way."""

    number: str
    shown: str
    what: str
    version: int
    clauses: tuple[Clause, ...]
    may: bool
    why_not: str


def look(deps: Deps, visit: ConsoleVisit, number: str) -> SplitForm:
    """The clauses of a case that may be seen. Raises NotFound."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = seen(turn, visit, visits.case_of_number(session, full(number)))
        task = next((each for each in tasks(turn, visit, case) if each.name == "split"), None)
        found = clauses(read_safely(deps, slips.apart(turn, case.text)[0])) if task else ()
        why = task.why_not if task else turn.say("console.not_for_you")
        if task and not why and len(found) < 2:
            why = turn.say("console.split_one")
        return SplitForm(
            number=case.number, shown=show_number(case.number), what=wording.what(turn, case),
            version=case.version, clauses=found, may=not why, why_not=why,
        )  # fmt: skip
