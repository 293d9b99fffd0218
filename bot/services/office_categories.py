"""What the office writes over the product's categories: the order of sectors by which one finds
the studio that helps, its name, and the working days for its answer.

Nothing moves by a change: it is for what is routed, or sent to a station, from then on. What
another order would do is shown first, by the cases of the last ninety days routed again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.clean import clean
from bot.domain.understanding import Rewritten
from bot.nlp import data as language_data
from bot.services import master_history, roster
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Author, Change
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


def sectors(deps: Deps) -> frozenset[str]:
    """Names of all that there are."""
    with deps.database.read() as session:
        return frozenset(office_categories.known(session))


def what_would_change(
    deps: Deps, visit: ConsoleVisit, orders: Mapping[str, tuple[str, ...]]
) -> Differences:
    """The last ninety days' cases of these categories, read and routed again with other orders of
    sectors. What a person put right is theirs. Raises NotFound, Refused: no such sector, or none at
    all."""
    now = {each.code: each.sectors for each in listed(deps) if each.code in orders}
    if len(now) < len(orders):
        raise NotFound("console.no_view")
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        names = {
            *office_categories.known(session),
            *(name for each in now.values() for name in each),
        }
        for order in orders.values():
            if not order or set(order) - names or len(set(order)) < len(order):
                raise Refused("master.no_sectors")
        seen, since = worklists.seen_by(visit.actor), turn.now - LOOK_BACK
        rows = [
            case
            for code in orders
            for case in office_categories.of_category(session, code, since, seen, MOST)
        ]
        stations = roster.directory_within(deps, session, turn.today)
        before, after = (
            Ways(with_categories(deps.understander(), _over(each)), stations)
            for each in (now, orders)
        )
        return compare(turn, rows[:MOST], before, after, now, orders)


def _over(orders: Mapping[str, tuple[str, ...]]) -> dict[str, Rewritten]:
    return {code: Rewritten(order) for code, order in orders.items()}


def keep(
    deps: Deps, visit: ConsoleVisit, code: str, sectors: tuple[str, ...], *, reason: str, sure: str
) -> str | Differences:
    """Keep the order, if just these differences were shown; else what would change. Raises
    NotFound, Refused."""
    author = author_of(visit, reason)
    shown = what_would_change(deps, visit, {code: sectors})
    if sure != shown.sure:
        return shown
    found, _, _ = look(deps, code)
    if sectors == found.sectors:
        raise Refused("console.nothing_changed")
    write(deps, {code: replace(found, sectors=sectors)}, author)
    return deps.texts.say("master.done_sectors", category=found.name)


_NAME = re.compile(r"(?=.*[\u4e00-\u9fff])[\u4e00-\u9fffA-Za-z0-9·（）]+")
"""Chinese, and no signs of which pages and sentences are made."""


def _shipped() -> dict[str, str]:
    """The product's names of categories by code: files of before still hold them."""
    raw = language_data.read_files(language_data.DATA_DIR)["categories.json"]["categories"]
    return {each["code"]: each["name"] for each in raw}


def checked_name(code: str, name: str, others: Mapping[str, str]) -> str:
    """The name as it would be kept. `others`: names of categories by code. Raises Refused."""
    name = clean(name).strip()
    taken = {
        each for names in (others, _shipped()) for other, each in names.items() if other != code
    }
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name) or name in taken:
        raise Refused("master.no_name", most=LONGEST_NAME)
    return name


def checked_days(days: str) -> int:
    """Raises Refused."""
    if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= MOST_DAYS:
        raise Refused("master.no_days", most=MOST_DAYS)
    return int(days)


def rewrite(
    deps: Deps, visit: ConsoleVisit, code: str, *, name: str, days: str, reason: str, before: str
) -> str:
    """Name the category anew, and say within how many working days it is to be answered. `before`:
    fingerprint of the line that the page showed. Raises NotFound, Refused."""
    author = author_of(visit, reason)
    with deps.database.write() as session:
        lines = {each.code: each for each in listed(deps)}
        if code not in lines:
            raise NotFound("console.no_view")
        if fingerprint(lines[code]) != before:
            raise Refused("master.category_changed")
        name = checked_name(code, name, {each.code: each.name for each in lines.values()})
        given = replace(lines[code], name=name, days=checked_days(days))
        if given == lines[code]:
            raise Refused("console.nothing_changed")
        _write(session, deps.clock.now(), lines, {code: given}, author)
    return deps.texts.say("master.done_category", category=name, days=int(days))


def write(deps: Deps, changes: Mapping[str, CategoryLine], author: Author) -> None:
    """Keep categories that were checked, by code."""
    with deps.database.write() as session:
        lines = {each.code: each for each in listed(deps)}
        _write(session, deps.clock.now(), lines, changes, author)


def _write(
    session: Session, now: datetime, lines: Mapping[str, CategoryLine],
    changes: Mapping[str, CategoryLine], author: Author,
) -> None:  # fmt: skip
    """What was written over a category stays beside what is written now."""
    written = office_categories.written(session)
    for code, given in changes.items():
        fields = {
            name: (_shown(lines[code], name), _shown(given, name))
            for name in ("name", "days", "sectors")
        }
        differ = {name: list(pair) for name, pair in fields.items() if pair[0] != pair[1]}
        over = {name: getattr(given, name) for name in differ}
        kept = replace(written.get(code, Rewritten()), **over)
        office_categories.replace(session, code, kept, now)
        events.record(
            session, now, "master_changed", by=author.by, reason=author.reason,
            about=f"categories:{code}", fields=differ,
        )  # fmt: skip


def _shown(line: CategoryLine, field: str) -> str:
    value = getattr(line, field)
    return "、".join(value) if isinstance(value, tuple) else str(value)
