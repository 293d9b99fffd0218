"""The sentences that people read as a workbook."""

from collections.abc import Mapping

from bot.services import office_texts
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.office_books import OfficeBook, Rows
from bot.services.office_texts import Sentence
from bot.services.ports import Deps
from bot.services.roster_files import MEGABYTE, Limits
from bot.services.sheet_cells import Column
from bot.services.stations import fingerprint

LONGEST = 2000
COLUMNS = (
    Column("texts", "key", "代码", "text", True, "导出的表里的代码，不要改", longest=60),
    Column("texts", "group", "哪一类", "text", False, "只给您看，改了不算", longest=60),
    Column("texts", "shipped", "原来的话", "text", False, "只给您看，改了不算", longest=LONGEST),
    Column("texts", "own", "办公室的话", "text", False, longest=LONGEST,
           expected="空着就是用原来的话；花括号里的要和原来的一样"),
)  # fmt: skip


def _rows(deps: Deps) -> list[tuple[str, ...]]:
    return [(each.key, each.group, each.shipped, each.own) for each in office_texts.listed(deps)]


def _known(deps: Deps) -> Mapping[str, Sentence]:
    return {each.key: each for each in office_texts.listed(deps)}


def _read(deps: Deps, rows: Rows) -> dict[str, str]:
    """Sentences that it would change; empty: the product's."""
    known, found, seen = _known(deps), dict[str, str](), set[str]()
    for row, values in rows.whole:
        key = values["key"]
        if key not in known or key in seen:
            rows.fault(row, "key", COLUMNS[0].expected + "，每个只写一次")
            continue
        seen.add(key)
        try:
            own = office_texts.checked(known[key], _lines(row.cells.get("own")))
        except Refused as refusal:
            rows.fault(row, "own", deps.texts.say(refusal.key, **refusal.values))
            continue
        if own != known[key].own:
            found[key] = own
    return found


def _lines(cell: object) -> str:
    """A sentence keeps its line breaks, which other cells lose."""
    return "" if cell is None else str(cell)


def _told(deps: Deps, changes: Mapping[str, str]) -> list[tuple[str, ...]]:
    known = _known(deps)
    return [(known[key].shipped, own or known[key].shipped) for key, own in changes.items()]


def _weigh(deps: Deps, _visit: ConsoleVisit, changes: Mapping[str, str]) -> str:
    known = _known(deps)
    return fingerprint(sorted(changes.items()), [known[key].own for key in sorted(changes)])


TEXTS = OfficeBook(
    "说的话", Limits(2 * MEGABYTE, 16 * MEGABYTE, 2001), lambda _deps: COLUMNS, _rows, _read,
    _told, _weigh, office_texts.write, same="master.texts_same",
    changed="master.texts_changed", done="master.done_texts",
)  # fmt: skip
