"""The office's words of categories as a workbook: out, and in by two steps, the same run."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.clean import clean
from bot.domain.deadlines import BEIJING
from bot.domain.lexicon import ENDED, HEAVIEST, LIGHTEST, LONGEST, Word
from bot.services import office_words, sheets, tried_files
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import author_of
from bot.services.office_words import Line, Wish
from bot.services.ports import Deps
from bot.services.roster_files import MEGABYTE, FileRefused, Limits, Table, WrongCell, tables
from bot.services.roster_sheets import GUIDE_SHEET
from bot.services.sheet_cells import Column, WrongValue, column_expected, parse
from bot.services.sheet_rows import shown
from bot.services.tried_files import SHOWN, TriedFile, TriedRows, faulty

SHEET = "认类别的词"
LIMITS = Limits(MEGABYTE, 8 * MEGABYTE, 2000)
_STOPPED = "停用"


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: rows by field with their numbers, and what is wrong."""

    rows: tuple[tuple[int, dict[str, str]], ...]
    wrong: list[WrongCell]


def columns(deps: Deps) -> tuple[Column, ...]:
    """The columns of the sheet."""
    weights = {str(n): str(n) for n in range(LIGHTEST, HEAVIEST + 1)} | {str(ENDED): _STOPPED}
    names = office_words.categories(deps)
    expected = f"{LIGHTEST} 到 {HEAVIEST} 的整数，或者 {_STOPPED}"
    words = f"2 到 {LONGEST} 个字，只用汉字、字母和数字"
    return (
        Column("words", "word", "词", "text", True, expected=words),
        Column("words", "category", "类别", "choice", True, choices=names,
               expected="下列之一：" + "、".join(names.values())),
        Column("words", "weight", "分量", "choice", True, choices=weights, expected=expected),
    )  # fmt: skip


def attempt(deps: Deps, visit: ConsoleVisit, name: str, content: bytes) -> TriedRows:
    """The dry run of an uploaded file. Raises Refused when there is none."""
    file = tried_files.uploaded(name, content)
    wrong, changes, lines = _changes(deps, file)
    label = clean(name)[:60]
    if wrong:
        return faulty(label, wrong)
    if not changes:
        raise Refused("master.words_same")
    differ = office_words.what_would_change(deps, visit, changes)
    ticket = tried_files.keep(deps, visit, file)
    return TriedRows(
        label, changed=tuple(lines[:SHOWN]), count=len(lines), differences=differ,
        sure=differ.sure, ticket=ticket,
    )  # fmt: skip


def apply(deps: Deps, visit: ConsoleVisit, ticket: str, *, reason: str, sure: str) -> str:
    """Keep the words of a file that was tried, if it would still do just what was shown; the
    sentence for who did it. Raises Refused."""
    author = author_of(visit, reason)
    wrong, changes, _ = _changes(deps, tried_files.kept(deps, visit, ticket))
    if wrong or sure != office_words.what_would_change(deps, visit, changes).sure:
        raise Refused("master.words_changed")
    office_words.write(deps, changes, author)
    tried_files.forget(deps, ticket)
    return deps.texts.say("master.done_words", count=len(changes))


def export(deps: Deps, visit: ConsoleVisit) -> bytes:
    """The office's words as a workbook, which an import reads back to the same; without any, what
    it should look like."""
    now = f"{deps.clock.now().astimezone(BEIJING):%Y-%m-%d %H:%M}"
    facts = {"导出": f"{visit.person} {now}"}
    facts |= {each.heading: each.expected for each in columns(deps)}
    heading = tuple(each.heading for each in columns(deps))
    own = (line for line in office_words.lines(deps).values() if line.own)
    rows = sorted(_row(deps, line) for line in own)
    return sheets.workbook(facts, {SHEET: [heading, *rows]})


def _row(deps: Deps, line: Line) -> tuple[str, str, str]:
    weight = f"{line.now.weight:g}" if line.now.weight else _STOPPED
    first = next(iter(office_words.categories(deps).values()))
    return line.word, line.now.name or first, weight


def _changes(
    deps: Deps, file: TriedFile
) -> tuple[list[WrongCell], dict[str, Word | None], list[tuple[str, ...]]]:
    """What is wrong with a file; what it would change, by word; the same for people."""
    found = _rows_of(deps, file)
    before, changes = office_words.lines(deps), dict[str, Word | None]()
    first, told = dict[str, int](), list[tuple[str, ...]]()
    for number, row in found.rows:
        word = office_words.folded(row["word"])
        if word in first:
            words = deps.texts.say("master.word_twice", row=first[word])
            found.wrong.append(_wrong(number, "词", row["word"], words))
            continue
        first[word] = number
        try:
            given = office_words.checked(deps, Wish(word, row["category"], row["weight"]))
        except Refused as refusal:
            words = deps.texts.say(refusal.key, **refusal.values)
            found.wrong.append(_wrong(number, "词", row["word"], words))
            continue
        line = before.get(word) or Line(word, None, None, None)
        if not office_words.is_same(line, given):
            changes[word] = given
            after = office_words.after(deps, line, given)
            was, now = (office_words.said(deps, each) for each in (line.counts, after))
            told.append((word, was, now))
    return sorted(found.wrong, key=lambda cell: cell.row), changes, told


def _wrong(row: int, column: str, value: object, expected: str) -> WrongCell:
    return WrongCell("", SHEET, row, column, shown(value), expected)


def _rows_of(deps: Deps, file: TriedFile) -> _Read:
    rows, wrong = list[tuple[int, dict[str, str]]](), list[WrongCell]()
    try:
        with file.on_disk() as path:
            for title, table in tables(path, LIMITS):
                if title != GUIDE_SHEET:
                    _read(deps, table, rows, wrong)
    except FileRefused as refused:
        wrong.append(_wrong(0, "", "", str(refused)))
    if not rows and not wrong:
        wrong.append(_wrong(0, "", "", "至少一行内容：文件里没有找到任何一行"))
    return _Read(tuple(rows), wrong)


def _read(
    deps: Deps, table: Table, rows: list[tuple[int, dict[str, str]]], wrong: list[WrongCell]
) -> None:
    wanted = columns(deps)
    headings = [str(cell or "").strip() for cell in (table[0] if table else ())]
    if any(headings.count(each.heading) != 1 for each in wanted):
        names = "、".join(each.heading for each in wanted)
        told = deps.texts.say("master.words_headings", headings=names)
        wrong.append(_wrong(1, "", "、".join(filter(None, headings)), told))
        return
    at = {each.field: headings.index(each.heading) for each in wanted}
    for number, row in enumerate(table[1 : LIMITS.rows + 1], 2):
        if any(cell not in (None, "") for cell in row):
            cells = [(each, row[at[each.field]] if at[each.field] < len(row) else None)
                     for each in wanted]  # fmt: skip
            values = dict(_parsed(number, cells, wrong))
            if len(values) == len(wanted):
                rows.append((number, values))
    if len(table) > LIMITS.rows:
        told = f"不超过 {LIMITS.rows} 行（下面可能有看不见的空行，请删掉）"
        wrong.append(_wrong(LIMITS.rows + 1, "", "", told))


def _parsed(
    number: int, cells: Iterable[tuple[Column, object]], wrong: list[WrongCell]
) -> Iterator[tuple[str, str]]:
    """Fields whose cells hold what their columns expect; the others are told of."""
    for column, cell in cells:
        try:
            yield column.field, parse(column, cell, {})
        except WrongValue:
            wrong.append(_wrong(number, column.heading, cell, column_expected(column, cell)))
