"""The sentences that people read as a workbook: out, and in by two steps, the same run."""

from collections.abc import Mapping

from bot.domain.clean import clean
from bot.domain.deadlines import BEIJING
from bot.services import office_texts, sheets, tried_files
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import author_of
from bot.services.office_texts import Sentence
from bot.services.ports import Deps
from bot.services.roster_files import MEGABYTE, Limits, WrongCell, read_files
from bot.services.roster_sheets import Book
from bot.services.sheet_cells import Column
from bot.services.sheet_rows import read_row, wrong_cell
from bot.services.stations import fingerprint
from bot.services.tried_files import SHOWN, TriedFile, TriedRows, faulty

SHEET, TITLE = "texts", "说的话"
LIMITS = Limits(2 * MEGABYTE, 16 * MEGABYTE, 2001)
LONGEST = 2000
COLUMNS = (
    Column(SHEET, "key", "代码", "text", True, "导出的表里的代码，不要改", longest=60),
    Column(SHEET, "group", "哪一类", "text", False, "只给您看，改了不算", longest=60),
    Column(SHEET, "shipped", "原来的话", "text", False, "只给您看，改了不算", longest=LONGEST),
    Column(SHEET, "own", "办公室的话", "text", False, longest=LONGEST,
           expected="空着就是用原来的话；花括号里的要和原来的一样"),
)  # fmt: skip
BOOK = Book({SHEET: TITLE}, COLUMNS)
KEY, OWN = COLUMNS[0], COLUMNS[3]


def attempt(deps: Deps, visit: ConsoleVisit, name: str, content: bytes) -> TriedRows:
    """The dry run of an uploaded file. Raises Refused when there is none, or it changes nothing."""
    file = tried_files.uploaded(name, content)
    known = _known(deps)
    wrong, changes = _changes(deps, file, known)
    label = clean(name)[:60]
    if wrong:
        return faulty(label, wrong)
    if not changes:
        raise Refused("master.texts_same")
    told = [(known[key].shipped, own or known[key].shipped) for key, own in changes.items()]
    return TriedRows(
        label, changed=tuple(told[:SHOWN]), count=len(told), sure=_sure(changes, known),
        ticket=tried_files.keep(deps, visit, file),
    )  # fmt: skip


def apply(deps: Deps, visit: ConsoleVisit, ticket: str, *, reason: str, sure: str) -> str:
    """Keep the sentences of a file that was tried, if it would still do just what was shown; the
    sentence for who did it. Raises Refused."""
    author = author_of(visit, reason)
    known = _known(deps)
    wrong, changes = _changes(deps, tried_files.kept(deps, visit, ticket), known)
    if wrong or sure != _sure(changes, known):
        raise Refused("master.texts_changed")
    office_texts.write(deps, changes, author)
    tried_files.forget(deps, ticket)
    return deps.texts.say("master.done_texts", count=len(changes))


def _known(deps: Deps) -> Mapping[str, Sentence]:
    return {each.key: each for each in office_texts.listed(deps)}


def _sure(changes: Mapping[str, str], known: Mapping[str, Sentence]) -> str:
    return fingerprint(sorted(changes.items()), [known[key].own for key in sorted(changes)])


def export(deps: Deps, visit: ConsoleVisit) -> bytes:
    """All sentences as a workbook that an import reads back to the same."""
    now = f"{deps.clock.now().astimezone(BEIJING):%Y-%m-%d %H:%M}"
    facts = {"导出": f"{visit.person} {now}"} | {each.heading: each.expected for each in COLUMNS}
    rows = [(each.key, each.group, each.shipped, each.own) for each in office_texts.listed(deps)]
    return sheets.workbook(facts, {TITLE: [tuple(each.heading for each in COLUMNS), *rows]})


def _changes(
    deps: Deps, file: TriedFile, known: Mapping[str, Sentence]
) -> tuple[list[WrongCell], dict[str, str]]:
    """What is wrong with a file, and the sentences that it would change; empty: the product's."""
    with file.on_disk() as path:
        rows, wrong = read_files([path], LIMITS, BOOK)
    found, seen = dict[str, str](), set[str]()
    for row in rows:
        values = read_row(BOOK, row, wrong)
        key = values.get("key", "")
        if len(values) < len(COLUMNS):
            continue
        if key not in known or key in seen:
            wrong.append(wrong_cell(BOOK, row, KEY, KEY.expected + "，每个只写一次"))
            continue
        seen.add(key)
        try:
            own = office_texts.checked(known[key], _lines(row.cells.get("own")))
        except Refused as refusal:
            told = deps.texts.say(refusal.key, **refusal.values)
            wrong.append(wrong_cell(BOOK, row, OWN, told))
            continue
        if own != known[key].own:
            found[key] = own
    return sorted(wrong, key=lambda cell: cell.row), found


def _lines(cell: object) -> str:
    """A sentence keeps its line breaks, which other cells lose."""
    return "" if cell is None else str(cell)
