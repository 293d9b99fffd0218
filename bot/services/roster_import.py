"""Bring office sheets in: check everything, say everything that is wrong, apply all or nothing.

A form of the console is a sheet of a few rows, taken in the same way (`take_in`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.roster import (
    DayEntry,
    PairingEntry,
    PersonEntry,
    PostEntry,
    Roster,
    StationEntry,
    UnitEntry,
)
from bot.nlp import data as language_data
from bot.services import leaving, master_history
from bot.services.master_history import Author
from bot.services.ports import Deps
from bot.services.roster_checks import Parsed, Vocabulary, check, in_order
from bot.services.roster_files import RawRow, WrongCell, read_files
from bot.services.roster_sheets import ROSTER, SHEETS
from bot.services.sheet_rows import read_row
from bot.services.turn import Turn
from bot.store import office_categories
from bot.store import roster as store
from bot.store.roster import Saved


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or (with `wrong`) why it did nothing."""

    saved: Saved | None
    wrong: tuple[WrongCell, ...] = ()
    moved: int = 0
    """Cases that went on because whoever held them left a post, or their station is closed."""
    would_move: tuple[int, ...] = ()
    """After a dry run: ids of cases that would go on."""


class _OnlyTried(Exception):
    """Carries the result of a dry run past the commit."""

    def __init__(self, found: Imported) -> None:
        super().__init__()
        self.found = found


def load_vocabulary(session: Session) -> Vocabulary:
    """Categories and places of the project's data files, categories as the office names them."""
    raw = language_data.read_files(language_data.DATA_DIR)
    places, own = raw["places.json"], office_categories.written(session)
    shipped = {c["code"]: c["name"] for c in raw["categories.json"]["categories"]}
    renamed = {code: each.name for code, each in own.items() if code in shipped and each.name}
    return Vocabulary(
        topics=shipped | renamed,
        districts=frozenset(d["name"] for d in places["districts"]),
        streets=frozenset((u["district"], u["name"]) for u in places["units"]),
    )


def import_roster(deps: Deps, paths: Iterable[Path], *, dry_run: bool = False) -> Imported:
    """Add and update rows by their codes; rows that the files don't hold are left alone.

    With any wrong cell nothing is written. `dry_run`: the very same run, without the commit.
    """
    raw, wrong = read_files(paths)
    return bring_in(deps, raw, wrong, lambda turn: Author(), dry_run=dry_run)


def bring_in(
    deps: Deps,
    raw: Iterable[RawRow],
    wrong: list[WrongCell],
    author: Callable[[Turn], Author],
    *,
    dry_run: bool,
    then: Callable[[Turn, Saved], None] = lambda turn, saved: None,
) -> Imported:
    """The same for rows that are read. `author` says under the lock who does it, and may refuse;
    `then`: what is written with it."""
    try:
        with deps.database.write() as session:
            turn = Turn(deps, session, deps.clock.now())
            found = take_in(turn, raw, wrong, author(turn))
            if found.saved is None:
                return found
            if dry_run:
                raise _OnlyTried(replace(found, would_move=leaving.waiting(turn)))
            then(turn, found.saved)
    except _OnlyTried as tried:
        return tried.found
    return replace(found, moved=leaving.hand_over_soon(deps))


def take_in(turn: Turn, raw: Iterable[RawRow], wrong: list[WrongCell], author: Author) -> Imported:
    """The same for rows at hand, in a write unit that is open: whoever calls hands over what is
    held by who has left (bot.services.leaving), once it is committed."""
    words = load_vocabulary(turn.session)
    rows = [Parsed(row, read_row(ROSTER, row, wrong, words.topics)) for row in raw]
    before = store.load(turn.session)
    wrong.extend(check(rows, before, words))
    if wrong:
        return Imported(None, in_order(wrong))
    given = _roster(rows)
    saved = store.save(turn.session, given)
    master_history.record(turn, before, given, words.topics, author)
    return Imported(saved)


def _roster(rows: list[Parsed]) -> Roster:
    by_sheet: dict[str, list[dict[str, Any]]] = {sheet: [] for sheet in SHEETS}
    for row in rows:
        by_sheet[row.raw.sheet].append(row.values)
    return Roster(
        units=tuple(UnitEntry(**values) for values in by_sheet["units"]),
        stations=tuple(StationEntry(**values) for values in by_sheet["stations"]),
        people=tuple(PersonEntry(**values) for values in by_sheet["people"]),
        posts=tuple(PostEntry(**values) for values in by_sheet["posts"]),
        pairings=tuple(PairingEntry(**values) for values in by_sheet["pairings"]),
        days=tuple(DayEntry(**values) for values in by_sheet["days"]),
    )
