"""The office's names of places as a workbook: out, and in by two steps, the same run."""

from bot.domain.clean import clean
from bot.domain.deadlines import BEIJING
from bot.domain.office_places import NamedPlace
from bot.nlp.fold import fold
from bot.services import office_places, sheets, tried_files
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import author_of
from bot.services.office_places import ASIDE, Wish
from bot.services.ports import Deps
from bot.services.roster_files import MEGABYTE, Limits, WrongCell, read_files
from bot.services.roster_sheets import Book
from bot.services.sheet_cells import Column
from bot.services.sheet_rows import read_row, wrong_cell
from bot.services.tried_files import SHOWN, TriedFile, TriedRows, faulty

SHEET, TITLE = "places", "地名"
NOWHERE = "不是地名"
LIMITS = Limits(2 * MEGABYTE, 16 * MEGABYTE, 10_001)
_OF_WHERE = ("master.no_place", "master.place_several")
"""Refusals that are about where it is."""
COLUMNS = (
    Column(SHEET, "name", "地名", "text", True, "2 到 20 个字，没有空格和标点，每个只写一次"),
    Column(SHEET, "where", "在哪里", "text", True, longest=60,
           expected=f"一个已有的地名，或者街道、旗县区；“{NOWHERE}”是以后不再列出来"),
)  # fmt: skip
BOOK = Book({SHEET: TITLE}, COLUMNS)


def attempt(deps: Deps, visit: ConsoleVisit, name: str, content: bytes) -> TriedRows:
    """The dry run of an uploaded file. Raises Refused when there is none, or it changes nothing."""
    file = tried_files.uploaded(name, content)
    wrong, changes = _changes(deps, file)
    label = clean(name)[:60]
    if wrong:
        return faulty(label, wrong)
    if not changes:
        raise Refused("master.places_same")
    told = [(each, office_places.said(deps, made)) for each, made in changes.items()]
    differ = office_places.what_would_change(deps, visit, changes)
    ticket = tried_files.keep(deps, visit, file)
    return TriedRows(
        label, changed=tuple(told[:SHOWN]), count=len(told), differences=differ, sure=differ.sure,
        ticket=ticket,
    )  # fmt: skip


def apply(deps: Deps, visit: ConsoleVisit, ticket: str, *, reason: str, sure: str) -> str:
    """Keep the names of a file that was tried, if it would still do just what was shown; the
    sentence for who did it. Raises Refused."""
    author = author_of(visit, reason)
    wrong, changes = _changes(deps, tried_files.kept(deps, visit, ticket))
    if wrong or sure != office_places.what_would_change(deps, visit, changes).sure:
        raise Refused("master.places_changed")
    office_places.write(deps, changes, author)
    tried_files.forget(deps, ticket)
    return deps.texts.say("master.done_places", count=len(changes))


def export(deps: Deps, visit: ConsoleVisit) -> bytes:
    """What the office made of names, as a workbook that an import reads back to the same."""
    now = f"{deps.clock.now().astimezone(BEIJING):%Y-%m-%d %H:%M}"
    facts = {"导出": f"{visit.person} {now}"} | {each.heading: each.expected for each in COLUMNS}
    rows = sorted((name, _where(made)) for name, made in office_places.made_of(deps).items())
    return sheets.workbook(facts, {TITLE: [tuple(each.heading for each in COLUMNS), *rows]})


def _where(made: NamedPlace) -> str:
    """In words that are read back to the same."""
    if not made.is_place:
        return NOWHERE
    parts = (made.district, made.same_as or made.street)
    return "".join(dict.fromkeys(part for part in parts if part))


def _changes(deps: Deps, file: TriedFile) -> tuple[list[WrongCell], dict[str, NamedPlace | None]]:
    """What is wrong with a file, and what it would change."""
    with file.on_disk() as path:
        rows, wrong = read_files([path], LIMITS, BOOK)
    before, found = office_places.made_of(deps), dict[str, NamedPlace | None]()
    seen = set[str]()
    for row in rows:
        values = read_row(BOOK, row, wrong)
        name = fold(values.get("name", "")).text.strip()
        if name in seen:
            wrong.append(wrong_cell(BOOK, row, COLUMNS[0], COLUMNS[0].expected))
        seen.add(name)
        if len(values) < len(COLUMNS):
            continue
        where = values["where"]
        try:
            made = office_places.checked(deps, Wish(name, where, ASIDE if where == NOWHERE else ""))
        except Refused as refusal:
            told = deps.texts.say(refusal.key, **refusal.values)
            about = COLUMNS[refusal.key in _OF_WHERE]
            wrong.append(wrong_cell(BOOK, row, about, told))
            continue
        if before.get(name) != made:
            found[name] = made
    return sorted(wrong, key=lambda cell: cell.row), found
