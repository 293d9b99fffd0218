"""The page on which the office writes to a resident, and sees before what will be sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.cases import show_number
from bot.services import wording
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.staff_tasks import full, seen, tasks, written
from bot.services.turn import Turn
from bot.services.writing import LETTERS, Draft, check, drafted, may_ask
from bot.store import visits


@dataclass(frozen=True, slots=True)
class Letter:
    """One that is ready: what it is called, whether it asks or tells, and its words."""

    name: str
    title: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class LetterPage:
    """`draft`: what would be sent, where something was written; `why_not`: why nothing can be;
    `no_asking`: why nothing can be asked just now."""

    number: str
    shown: str
    what: str
    version: int
    said: str
    letters: tuple[Letter, ...]
    draft: Draft | None
    why_not: str
    no_asking: str


def look(
    deps: Deps, visit: ConsoleVisit, number: str, fields: Mapping[str, str] | None = None
) -> LetterPage:
    """The page, with a draft of what was written (`fields`: kind, words). Raises NotFound, and
    Refused when that can't be sent."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = seen(turn, visit, visits.case_of_number(session, full(number)))
        task = next((each for each in tasks(turn, visit, case) if each.name == "write"), None)
        why = task.why_not if task else turn.say("console.not_yours_to_write")
        draft = None
        if fields is not None:
            if why:
                raise Refused("console.not_yours_to_write")
            given = written(fields)
            check(turn, case, given["kind"], given["words"])
            draft = drafted(turn, case, given["kind"], given["words"])
        return LetterPage(
            number=case.number, shown=show_number(case.number), what=wording.what(turn, case),
            version=case.version, said=case.masked, letters=_letters(turn), draft=draft,
            why_not=why, no_asking="" if may_ask(case) else turn.say("console.write_waits"),
        )  # fmt: skip


def _letters(turn: Turn) -> tuple[Letter, ...]:
    return tuple(
        Letter(name, turn.say(f"letter.{name}_title"), kind, turn.say(f"letter.{name}"))
        for name, kind in LETTERS.items()
    )
