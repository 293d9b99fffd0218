"""What the office writes over the product's categories: the order of sectors by which one finds
the studio that helps, its name, and the working days for its answer.

Nothing moves by a change: it is for what is routed, or sent to a station, from then on. What
another order would do is shown first, by the cases of the last ninety days routed again.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.clean import clean
from bot.domain.understanding import Rewritten
from bot.nlp import data as language_data
from bot.services import master_history, roster
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Change
from bot.services.office_understander import with_categories
from bot.services.ports import Deps
from bot.services.stations import fingerprint
from bot.services.turn import Turn
from bot.services.what_if import LOOK_BACK, Differences, Ways, compare
from bot.store import events, office_categories, worklists

MOST = 2000
"""Cases that are routed again, the newest: a third of a millisecond each to read."""
SECTORS = 6
"""As many a category may name."""
LONGEST_NAME, MOST_DAYS = 12, 60


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A category. `sectors`: in their order; `since`: when the office last wrote over it."""

    code: str
    name: str
    days: int
    sectors: tuple[str, ...]
    since: datetime | None


def listed(deps: Deps) -> tuple[CategoryLine, ...]:
    """All categories, as routing takes them from now on."""
    with deps.database.read() as session:
        written = office_categories.written(session)
        since = office_categories.saved_at(session)
    known = with_categories(deps.understander(), written).categories
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
        history = master_history.of_rows(turn, {f"sectors:{code}", f"categories:{code}"})
        names = dict.fromkeys((*office_categories.known(session), *found.sectors))
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
        rows = office_categories.of_category(session, code, turn.now - LOOK_BACK, seen, MOST)
        stations = roster.directory_within(deps, session, turn.today)
        before, after = (
            Ways(with_categories(deps.understander(), {code: Rewritten(order)}), stations)
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
        written = office_categories.written(session).get(code, Rewritten())
        office_categories.replace(session, code, replace(written, sectors=sectors), now)
        pair = ["、".join(found.sectors), "、".join(sectors)]
        events.record(
            session, now, "master_changed", by=author.by, reason=author.reason,
            about=f"sectors:{code}", fields={"sectors": pair},
        )  # fmt: skip
    return deps.texts.say("master.done_sectors", category=found.name)


_NAME = re.compile(r"(?=.*[\u4e00-\u9fff])[\u4e00-\u9fffA-Za-z0-9、·（）]+")
"""Chinese, and no signs of which pages and sentences are made."""


def _shipped(code: str) -> set[str]:
    """The product's names of the other categories: files of before still hold them."""
    raw = language_data.read_files(language_data.DATA_DIR)["categories.json"]["categories"]
    return {each["name"] for each in raw if each["code"] != code}


def rewrite(
    deps: Deps, visit: ConsoleVisit, code: str, *, name: str, days: str, reason: str, before: str
) -> str:
    """Name the category anew, and say within how many working days it is to be answered. `before`:
    fingerprint of the line that the page showed. Raises NotFound, Refused."""
    author = author_of(visit, reason)
    name, shipped = clean(name).strip(), _shipped(code)
    with deps.database.write() as session:
        lines = listed(deps)
        found = next((each for each in lines if each.code == code), None)
        if found is None:
            raise NotFound("console.no_view")
        if fingerprint(found) != before:
            raise Refused("master.category_changed")
        taken = {each.name for each in lines if each.code != code} | shipped
        if len(name) > LONGEST_NAME or not _NAME.fullmatch(name) or name in taken:
            raise Refused("master.no_name", most=LONGEST_NAME)
        if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= MOST_DAYS:
            raise Refused("master.no_days", most=MOST_DAYS)
        given = {"name": name, "days": int(days)}
        was = {"name": found.name, "days": found.days}
        if given == was:
            raise Refused("console.nothing_changed")
        now = deps.clock.now()
        written = office_categories.written(session).get(code, Rewritten())
        office_categories.replace(session, code, replace(written, name=name, days=int(days)), now)
        fields = {n: [str(was[n]), str(v)] for n, v in given.items() if v != was[n]}
        events.record(
            session, now, "master_changed", by=author.by, reason=author.reason,
            about=f"categories:{code}", fields=fields,
        )  # fmt: skip
    return deps.texts.say("master.done_category", category=name, days=int(days))
