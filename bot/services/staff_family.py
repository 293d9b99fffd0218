"""Cases around a case on its screen: the one that it is a part of, its parts, and those alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.cases import CHINESE, State, show_number
from bot.domain.permissions import Action, may
from bot.domain.same_matter import Why
from bot.domain.showing import say_when, shorten
from bot.models.cases import Case
from bot.models.same_matter import CaseLikeness
from bot.services import wording
from bot.services.acting import case_subject
from bot.services.console_visits import ConsoleVisit
from bot.services.turn import Turn
from bot.store import cases, same_matters, worklists

WORDS = 80
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Relative:
    """Another case beside the one shown. `text`: its resident's words, masked and cut; `version`:
    for a form that acts on it."""

    number: str
    shown: str
    what: str
    text: str
    state: str
    since: str
    version: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that may be of the same matter. `percent`: how likely; `reasons`: in words."""

    case: Relative
    percent: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """`main`: the case that this one goes on in; `parts`: those that go on in this one; `same`:
    open ones that may be of the same matter, the likeliest first; `alike`: others of the last
    thirty days in the same place or about the same, the nearest first."""

    main: Relative | None
    parts: tuple[Relative, ...]
    same: tuple[Suggestion, ...]
    alike: tuple[Relative, ...]


def family(turn: Turn, visit: ConsoleVisit, case: Case) -> Family:
    """The relatives of a case that this person sees; of others only those that they see as well."""
    main = cases.main(turn.session, case)
    parts = cases.merged_in(turn.session, case.id)
    alike: Iterable[Case] = ()
    same: list[tuple[CaseLikeness, Case]] = []
    if may(visit.actor, Action.MERGE, case_subject(turn, case)):
        seen = worklists.seen_by(visit.actor)
        same = same_matters.suggested(turn.session, case.id, seen)
        alike = worklists.alike(turn.session, case, seen, turn.now - LATELY)
    named = {other.id for _, other in same}
    return Family(
        _relative(turn, main) if main is not case and _sees(turn, visit, main) else None,
        tuple(_relative(turn, each) for each in parts if _sees(turn, visit, each)),
        tuple(_suggestion(turn, row, other) for row, other in same),
        tuple(_relative(turn, each) for each in alike if each.id not in named),
    )


def _suggestion(turn: Turn, row: CaseLikeness, other: Case) -> Suggestion:
    reasons = tuple(_reason(turn, Why(why), said) for why, said in row.reasons)
    return Suggestion(_relative(turn, other), min(99, row.score // 10), reasons)


def _reason(turn: Turn, why: Why, said: str) -> str:
    if why is Why.DAYS and said == "0":
        return turn.say("same.one_day")
    known = turn.deps.understander().categories
    if why is Why.CATEGORY and said in known:
        said = known[said].name
    return turn.say(f"same.{why}", said=said)


def _sees(turn: Turn, visit: ConsoleVisit, case: Case) -> bool:
    return may(visit.actor, Action.SEE, case_subject(turn, case))


def _relative(turn: Turn, case: Case) -> Relative:
    return Relative(
        number=case.number, shown=show_number(case.number), what=wording.what(turn, case),
        text=shorten(case.masked, WORDS), state=CHINESE[State(case.state)],
        since=say_when(case.created_at, turn.now), version=case.version,
    )  # fmt: skip
