"""The list of common questions as a workbook: out, and in by two steps that are the same run."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.clean import clean
from bot.domain.common_questions import LONGEST, WORDINGS, Entry
from bot.domain.console import Right
from bot.domain.deadlines import BEIJING
from bot.services import common_questions as desk
from bot.services import sheets, tried_files
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Author
from bot.services.ports import Deps
from bot.services.roster_files import AT_THE_CONSOLE, RawRow, WrongCell, read_files
from bot.services.roster_sheets import Book
from bot.services.sheet_cells import Column, Formula
from bot.services.stations import fingerprint
from bot.services.tried_files import TriedFile
from bot.services.turn import Turn
from bot.store import access, common_questions

SHEET = "questions"
TITLE = "常见问题"
BETWEEN = "；"
"""Between the wordings in a cell."""


def _column(field: str, heading: str, expected: str, *, required: bool = True) -> Column:
    return Column(SHEET, field, heading, "text", required, expected)


COLUMNS = (
    _column("code", "代码", "已有的代码；新的一条空着，会自动编", required=False),
    _column("question", "问题", f"居民会怎么问，4 到 {LONGEST['question']} 字，别的条没有答过"),
    _column(
        "wordings", "别的问法", f"用“{BETWEEN}”隔开，最多 {WORDINGS} 种，每种不超过 100 字",
        required=False,
    ),
    _column("answer", "答案", f"不超过 {LONGEST['answer']} 字，没有私人的电话、证件号、车牌号"),
    _column("source", "出处", f"哪份文件、哪个部门、哪天核对的，不超过 {LONGEST['source']} 字"),
    _column("category", "类别", "诉求类别的名称，如 供热；空着是不限", required=False),
    _column("place", "地方", "旗县区，或“旗县区 街道乡镇”，都用全称；空着是全市", required=False),
    _column("valid_until", "有效到", "日期，如 2027-01-02，从今天起，最远两年"),
    _column("ended", "停用", "是 或者空着", required=False),
)  # fmt: skip
BOOK = Book({SHEET: TITLE}, COLUMNS)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file does to the list, or everything that is wrong with it; `sure`: of the list it was
    tried on; `ticket`: with it just this file can be applied."""

    new: int = 0
    changed: int = 0
    same: int = 0
    wrong: tuple[WrongCell, ...] = ()
    file: str = ""
    ticket: str = ""
    sure: str = ""


class _OnlyTried(Exception):
    """Carries the result of a dry run past the commit."""

    def __init__(self, found: Brought) -> None:
        super().__init__()
        self.found = found


def attempt(deps: Deps, visit: ConsoleVisit, name: str, content: bytes) -> Brought:
    """The dry run of an uploaded file. Raises Refused when there is none."""
    file = tried_files.uploaded(name, content)
    try:
        with deps.database.write() as session:
            turn = Turn(deps, session, deps.clock.now())
            sure = _sure(turn)
            raise _OnlyTried(replace(_bring_in(turn, file, Author()), sure=sure))
    except _OnlyTried as tried:
        found = replace(tried.found, file=clean(name)[:60])
    if found.wrong:
        return found
    return replace(found, ticket=tried_files.keep(deps, visit, file))


def apply(
    deps: Deps, visit: ConsoleVisit, ticket: str, *, file: str, reason: str, sure: str,
    address: str,
) -> str:  # fmt: skip
    """Bring in the file that was tried; the sentence for who did it. Raises Refused: it is gone, no
    reason was given, or the list has changed since."""
    author = author_of(visit, reason, right=Right.ANSWERS)
    tried = tried_files.kept(deps, visit, ticket)
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        if _sure(turn) != sure:
            raise Refused("question.list_changed")
        found = _bring_in(turn, tried, author)
        if found.wrong:
            raise Refused("question.list_changed")
        access.record(
            session, turn.now, "questions_import", account_id=visit.account_id, address=address,
            reason=author.reason, file=clean(file)[:60], rows=found.new + found.changed,
        )  # fmt: skip
    tried_files.forget(deps, ticket)
    return deps.texts.say(
        "question.done_import", new=found.new, changed=found.changed, same=found.same
    )


def _sure(turn: Turn) -> str:
    """What the list is now."""
    return fingerprint([(e.code, e.version) for e in common_questions.entries(turn.session)])


def _bring_in(turn: Turn, file: TriedFile, author: Author) -> Brought:
    """Add and change entries by their codes, all or none; those that the file lacks stay."""
    common_questions.lock(turn.session)
    with file.on_disk() as path:
        rows, wrong = read_files([path], AT_THE_CONSOLE, BOOK)
    done: Counter[str] = Counter()
    codes: set[str] = set()
    for row in rows if not wrong else ():
        faults, what = _row(turn, row, author, codes)
        wrong += faults
        done[what] += 1
    return Brought(done["new"], done["changed"], done["same"], tuple(wrong))


def _row(turn: Turn, row: RawRow, author: Author, codes: set[str]) -> tuple[list[WrongCell], str]:
    """One row kept, or what is wrong in it; and whether it was new, changed or the same."""
    given = {name: _words(cell) for name, cell in row.cells.items()}
    known = {entry.code: entry for entry in common_questions.entries(turn.session)}
    code = given["code"]
    bad = [name for name, cell in row.cells.items() if isinstance(cell, Formula)]
    if code and (code not in known or code in codes):
        bad.append("code")
    if given["ended"] not in ("", "是"):
        bad.append("ended")
    codes.add(code)
    before = known.get(code)
    entry = _entry(turn, given, before)
    if entry != before:
        bad += [fault.field for fault in desk.faults(turn, entry, tuple(known.values()))]
    if bad:
        return [_wrong(row, column) for column in COLUMNS if column.field in bad], "same"
    named = entry if code else replace(entry, code=common_questions.next_code(turn.session))
    if not desk.record(turn, before, named, author):
        return [], "same"
    return [], "changed" if before else "new"


def _entry(turn: Turn, given: Mapping[str, str], before: Entry | None) -> Entry:
    """A name that nobody knows stays as it is, for the faults to say."""
    topics = {c.name: c.code for c in turn.deps.understander().categories.values()}
    fields = dict(given) | {
        "wordings": given["wordings"].replace(BETWEEN, "\n").replace(";", "\n"),
        "category": topics.get(given["category"], given["category"]),
        "place": given["place"].replace(" ", desk.PARTS, 1),
    }
    try:
        entry = desk.typed(fields, given["code"], before)
    except Refused:  # no day at all: as wrong as one long ago
        entry = desk.typed(fields | {"valid_until": f"{date.min}"}, given["code"], before)
    ended = (
        (before.ended_at if before and before.ended_at else turn.now) if given["ended"] else None
    )
    return replace(entry, ended_at=ended)


def _words(cell: object) -> str:
    if cell is None or isinstance(cell, Formula):
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    return clean(str(cell)).strip()


def _wrong(row: RawRow, column: Column) -> WrongCell:
    value = _words(row.cells.get(column.field))[:60]
    heading = f"{row.letters.get(column.field, '')} {column.heading}".strip()
    return WrongCell(row.file, TITLE, row.number, heading, value, column.expected)


def template() -> bytes:
    """An empty workbook, with what each column expects."""
    return sheets.workbook(_guide(), {TITLE: [[column.heading for column in COLUMNS]]})


def _guide() -> dict[str, str]:
    return {
        column.heading: ("必填：" if column.required else "") + column.expected
        for column in COLUMNS
    }


def export(deps: Deps, visit: ConsoleVisit, reason: str, address: str) -> bytes:
    """The whole list as a workbook that says who took it, when and why. Raises Refused without a
    reason."""
    why = author_of(visit, reason, needed="master.needs_use", right=Right.ANSWERS).reason
    now = deps.clock.now()
    at = f"{now.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    said = deps.texts.say("master.exported", person=visit.person, reason=why, at=at)
    with deps.database.write() as session:
        entries = common_questions.entries(session)
        access.record(
            session, now, "questions_export", account_id=visit.account_id, address=address,
            reason=why, rows=len(entries),
        )  # fmt: skip
    rows = [[column.heading for column in COLUMNS], *_rows(deps, entries)]
    return sheets.workbook({"导出": said, **_guide()}, {TITLE: rows})


def _rows(deps: Deps, entries: tuple[Entry, ...]) -> Iterator[list[str]]:
    topics = deps.understander().categories
    for e in entries:
        topic = topics.get(e.category or "")
        yield [
            e.code, e.question, BETWEEN.join(e.wordings), e.answer, e.source,
            topic.name if topic else "", " ".join(filter(None, (e.district, e.street))),
            e.valid_until.isoformat(), "是" if e.ended_at else "",
        ]  # fmt: skip
