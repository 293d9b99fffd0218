"""What a change of rules would do: cases of the last ninety days routed with it and without.

Nothing moves by such a change: it is for what is routed from then on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.cases import CHINESE, State, show_number
from bot.domain.routing import route
from bot.domain.stations import Directory, Route
from bot.domain.understanding import Reading, Understander
from bot.models.cases import Case
from bot.services import wording
from bot.services.reading import read_case
from bot.services.stations import fingerprint
from bot.services.turn import Turn
from bot.services.worklists import is_hidden

LOOK_BACK = timedelta(days=90)
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that would go another way: what is made of it now, and with the change."""

    number: str
    shown: str
    what: str
    state: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Differences:
    """The first SHOWN of `count` differences among `looked` cases. `sure`: what a form says to keep
    just this."""

    looked: int
    count: int
    first: tuple[Difference, ...]
    sure: str


@dataclass(frozen=True, slots=True)
class Ways:
    """By what a case finds its way."""

    understander: Understander
    stations: Directory


def compare(
    turn: Turn, rows: Iterable[Case], before: Ways, after: Ways, *shown: object
) -> Differences:
    """These cases both ways. What a person put right is theirs. `shown`: what else a form shows,
    and must not have changed when it is sent again."""
    cases = [case for case in rows if "corrected" not in case.reading]
    made = [_difference(turn, case, before, after) for case in cases]
    differ = [each for each in made if each is not None]
    sure = fingerprint(shown, differ)
    return Differences(len(cases), len(differ), tuple(differ[:SHOWN]), sure)


def _difference(turn: Turn, case: Case, before: Ways, after: Ways) -> Difference | None:
    one = _read(turn, case, before)
    # Most changes are of routing alone.
    same = before.understander.read == after.understander.read
    other = one if same else _read(turn, case, after)
    was, now = _way(turn, case, one, before), _way(turn, case, other, after)
    if (one.category, was) == (other.category, now):
        return None
    if one.category != other.category:
        was, now = (f"{_topic(turn, r)}：{w}" for r, w in ((one, was), (other, now)))
    what = turn.say("console.restricted") if is_hidden(case) else wording.what(turn, case)
    state = CHINESE[State(case.state)]
    return Difference(case.number, show_number(case.number), what, state, was, now)


def _read(turn: Turn, case: Case, by: Ways) -> Reading:
    deps = replace(turn.deps, understander=lambda: by.understander)
    return read_case(deps, case.text, case.reading)


def _topic(turn: Turn, reading: Reading) -> str:
    info = turn.deps.understander().categories.get(reading.category or "")
    return info.name if info else turn.say("past_value.none")


def _way(turn: Turn, case: Case, reading: Reading, by: Ways) -> str:
    scene = by.stations.by_id.get(case.reading.get("scene", 0))
    plan = route(reading, by.stations, categories=by.understander.categories, scene=scene)
    return _names(turn, plan)


def _names(turn: Turn, plan: Route) -> str:
    owner = plan.owner.name if plan.owner else turn.say("notice.staff")
    helpers = "、".join(station.name for station in plan.assist)
    return turn.say("master.route_assist", owner=owner, assist=helpers) if helpers else owner
