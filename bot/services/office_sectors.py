"""The order of sectors by which a category finds the studio that helps, as the office wants it; and
what a change would do, by the cases of the last ninety days routed again.

Nothing moves by a change: it is for what is routed from then on.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from bot.domain.cases import CHINESE, State, show_number
from bot.domain.routing import route
from bot.domain.stations import Directory, Route
from bot.domain.understanding import CategoryInfo, Understander
from bot.models.cases import Case
from bot.services import master_history, roster, wording
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Change
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.stations import fingerprint
from bot.services.turn import Turn
from bot.services.worklists import is_hidden
from bot.store import events, office_sectors, worklists
from bot.store.unit_of_work import Database

FRESH_SECONDS = 30
LOOK_BACK = timedelta(days=90)
MOST = 2000
"""Cases that are routed again, the newest: a third of a millisecond each to read."""
SHOWN = 50
SECTORS = 6
"""As many a category may name."""


class Ordered:
    """An understander whose categories have other orders of sectors. What is read is the same:
    they are for routing."""

    def __init__(
        self, base: Understander, version: str, categories: dict[str, CategoryInfo]
    ) -> None:
        self.version, self.categories = version, categories
        self.emergencies = base.emergencies
        self.read = base.read


class OfficeUnderstander:
    """Call it for the understander of now, whose orders are at most FRESH_SECONDS old. `monotonic`:
    seconds that only grow."""

    def __init__(
        self,
        load: Callable[[], Understander],
        database: Database,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load, self._database, self._monotonic = load, database, monotonic
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._orders: Mapping[str, tuple[str, ...]] = {}
        self._made: Understander | None = None

    def __call__(self) -> Understander:
        """The product's own, or one over it."""
        base = self._load()
        with self._lock:
            now = self._monotonic()
            if self._made is None or self._read_at is None or now - self._read_at >= FRESH_SECONDS:
                self._read_at, orders = now, self._look()
                if self._made is None or orders != self._orders:
                    self._orders, self._made = orders, with_orders(base, orders)
            return self._made

    def _look(self) -> Mapping[str, tuple[str, ...]]:
        if not self._database.is_there():
            return self._orders
        try:
            with self._database.read() as session:
                return office_sectors.orders(session)
        except (SQLAlchemyError, WaitedTooLong):
            return self._orders


def with_orders(base: Understander, orders: Mapping[str, tuple[str, ...]]) -> Understander:
    """The same with these orders over its own; a new version when there are any."""
    if not orders:
        return base
    categories = {
        code: replace(info, sector_units=orders.get(code, info.sector_units))
        for code, info in base.categories.items()
    }
    version = f"{base.version}+{fingerprint(sorted(orders.items()))}"
    return Ordered(base, version, categories)


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A category. `sectors`: in their order; `since`: of the office's own."""

    code: str
    name: str
    days: int
    sectors: tuple[str, ...]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that would go another way: whom routing names now, and with the change."""

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


def listed(deps: Deps) -> tuple[CategoryLine, ...]:
    """All categories, as routing takes them from now on."""
    with deps.database.read() as session:
        orders, since = office_sectors.orders(session), office_sectors.saved_at(session)
    known = with_orders(deps.understander(), orders).categories
    return tuple(
        CategoryLine(code, info.name, info.days, info.sector_units, since.get(code))
        for code, info in known.items()
    )


def look(deps: Deps, code: str) -> tuple[CategoryLine, tuple[str, ...], tuple[Change, ...]]:
    """One category, the sectors that there are, and its past. Raises NotFound."""
    found = next((each for each in listed(deps) if each.code == code), None)
    if found is None:
        raise NotFound("console.no_view")
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        history = master_history.of_rows(turn, {f"sectors:{code}"})
        names = dict.fromkeys((*office_sectors.known(session), *found.sectors))
        return found, tuple(names), history


def what_would_change(
    deps: Deps, visit: ConsoleVisit, code: str, sectors: tuple[str, ...]
) -> Differences:
    """The last ninety days' cases of the category, read and routed again with this order. What a
    person put right is theirs. Raises NotFound, Refused: no such sector, or none at all."""
    found, names, _ = look(deps, code)
    if not sectors or set(sectors) - set(names) or len(set(sectors)) < len(sectors):
        raise Refused("master.no_sectors")
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        seen = worklists.seen_by(visit.actor)
        rows = office_sectors.of_category(session, code, turn.now - LOOK_BACK, seen, MOST)
        rows = [case for case in rows if "corrected" not in case.reading]
        before, after = (
            with_orders(deps.understander(), {code: order}).categories
            for order in (found.sectors, sectors)
        )
        stations = roster.directory_within(deps, session, turn.today)
        made = [_difference(turn, case, stations, before, after) for case in rows]
    differ = [each for each in made if each is not None]
    sure = fingerprint(found.sectors, sectors, differ)
    return Differences(len(rows), len(differ), tuple(differ[:SHOWN]), sure)


def _difference(
    turn: Turn, case: Case, stations: Directory, before: Mapping[str, CategoryInfo],
    after: Mapping[str, CategoryInfo],
) -> Difference | None:  # fmt: skip
    reading = read_safely(turn.deps, case.text)
    scene = stations.by_id.get(case.reading.get("scene", 0))
    plans = [route(reading, stations, categories=each, scene=scene) for each in (before, after)]
    was, now = (_names(turn, plan) for plan in plans)
    if was == now:
        return None
    what = turn.say("console.restricted") if is_hidden(case) else wording.what(turn, case)
    state = CHINESE[State(case.state)]
    return Difference(case.number, show_number(case.number), what, state, was, now)


def _names(turn: Turn, plan: Route) -> str:
    owner = plan.owner.name if plan.owner else turn.say("notice.staff")
    helpers = "、".join(station.name for station in plan.assist)
    return turn.say("master.route_assist", owner=owner, assist=helpers) if helpers else owner


def keep(
    deps: Deps, visit: ConsoleVisit, code: str, sectors: tuple[str, ...], *, reason: str, sure: str
) -> str | Differences:
    """Keep the order, if just these differences were shown; else what would change. Raises
    NotFound, Refused."""
    author = author_of(visit, reason)
    shown = what_would_change(deps, visit, code, sectors)
    if sure != shown.sure:
        return shown
    found, _, _ = look(deps, code)
    if sectors == found.sectors:
        raise Refused("console.nothing_changed")
    with deps.database.write() as session:
        now = deps.clock.now()
        office_sectors.replace(session, code, sectors, now)
        pair = ["、".join(found.sectors), "、".join(sectors)]
        events.record(
            session, now, "master_changed", by=author.by, reason=author.reason,
            about=f"sectors:{code}", fields={"sectors": pair},
        )  # fmt: skip
    return deps.texts.say("master.done_sectors", category=found.name)
