"""The order of sectors by which a category finds the studio that helps, as the office wants it; and
what a change would do, by the cases of the last ninety days routed again.

Nothing moves by a change: it is for what is routed from then on.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.services import master_history, roster
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Change
from bot.services.office_understander import with_orders
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.services.what_if import LOOK_BACK, Differences, Ways, compare
from bot.store import events, office_sectors, worklists

MOST = 2000
"""Cases that are routed again, the newest: a third of a millisecond each to read."""
SECTORS = 6
"""As many a category may name."""


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A category. `sectors`: in their order; `since`: of the office's own."""

    code: str
    name: str
    days: int
    sectors: tuple[str, ...]
    since: datetime | None


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
        stations = roster.directory_within(deps, session, turn.today)
        before, after = (
            Ways(with_orders(deps.understander(), {code: order}), stations)
            for order in (found.sectors, sectors)
        )
        return compare(turn, rows, before, after, found.sectors, sectors)


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
