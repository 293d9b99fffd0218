"""Tables of the office as workbooks: out, and in by two steps, the same run."""

from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.domain.clean import clean
from bot.domain.deadlines import BEIJING
from bot.services import sheets, tried_files
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Author
from bot.services.ports import Deps
from bot.services.roster_files import Limits, RawRow, WrongCell, read_files
from bot.services.roster_sheets import Book
from bot.services.sheet_cells import Column
from bot.services.sheet_rows import read_row, wrong_cell
from bot.services.tried_files import SHOWN, TriedFile, TriedRows
from bot.services.what_if import Differences
from bot.store import access

C = TypeVar("C", bound=Sized)


class Rows:
    """The rows of a file, cell by cell, and all that is wrong with them."""

    def __init__(self, book: Book, rows: Sequence[RawRow], wrong: list[WrongCell]) -> None:
        self._book, self._wrong = book, wrong
        self.whole: list[tuple[RawRow, dict[str, Any]]] = []
        """Rows without a wrong cell, with their values by field."""
        self.broken: list[RawRow] = []
        """The others."""
        for row in rows:
            before, values = len(wrong), read_row(book, row, wrong)
            if len(wrong) == before:
                self.whole.append((row, values))
            else:
                self.broken.append(row)

    def fault(self, row: RawRow, field: str, expected: str) -> None:
        """This cell is wrong after all; `expected`: what should stand there."""
        column = next(each for each in self._book.of(row.sheet) if each.field == field)
        self._wrong.append(wrong_cell(self._book, row, column, expected))


@dataclass(frozen=True, slots=True)
class OfficeBook(Generic[C]):
    """A table that goes out and comes in as a workbook of one sheet. C: what a file would change;
    empty when it is nothing."""

    title: str
    limits: Limits
    columns: Callable[[Deps], tuple[Column, ...]]
    rows: Callable[[Deps], Iterable[Sequence[sheets.Value]]]
    """What goes out, and would come in as the same."""
    read: Callable[[Deps, Rows], C]
    told: Callable[[Deps, C], Sequence[tuple[str, ...]]]
    """Its rows as people read them."""
    weigh: Callable[[Deps, ConsoleVisit, C], Differences | str]
    """How cases would go another way; or only a sign by which a change meanwhile is seen."""
    write: Callable[[Deps, C, Author], None]
    same: str
    changed: str
    done: str
    """Sentences: nothing to change, somebody was faster, done ({count})."""

    def attempt(self, deps: Deps, visit: ConsoleVisit, name: str, content: bytes) -> TriedRows:
        """The dry run of an uploaded file. Raises Refused when there is none, or it changes
        nothing."""
        file = tried_files.uploaded(name, content)
        wrong, changes = self._changes(deps, file)
        label = clean(name)[:60]
        if wrong:
            return TriedRows(label, tuple(wrong[:SHOWN]), len(wrong))
        if not changes:
            raise Refused(self.same)
        return self._tried(deps, visit, changes, label, tried_files.keep(deps, visit, file))

    def again(self, deps: Deps, visit: ConsoleVisit, ticket: str) -> TriedRows:
        """What a file that was tried would do, once more. Raises Refused when it can't be any
        more."""
        wrong, changes = self._changes(deps, tried_files.kept(deps, visit, ticket))
        if wrong or not changes:
            raise Refused(self.changed)
        return self._tried(deps, visit, changes, self.title, ticket)

    def _tried(
        self, deps: Deps, visit: ConsoleVisit, changes: C, label: str, ticket: str
    ) -> TriedRows:
        told, found = self.told(deps, changes), self.weigh(deps, visit, changes)
        return TriedRows(
            label, changed=tuple(told[:SHOWN]), count=len(told), sure=_sure(found), ticket=ticket,
            differences=None if isinstance(found, str) else found,
        )  # fmt: skip

    def apply(self, deps: Deps, visit: ConsoleVisit, ticket: str, *, reason: str, sure: str) -> str:
        """Keep what is in a file that was tried, if it would still do just what was shown; the
        sentence for who did it. Raises Refused."""
        author = author_of(visit, reason)
        wrong, changes = self._changes(deps, tried_files.kept(deps, visit, ticket))
        if wrong or not changes or sure != _sure(self.weigh(deps, visit, changes)):
            raise Refused(self.changed)
        count = len(self.told(deps, changes))
        self.write(deps, changes, author)
        tried_files.forget(deps, ticket)
        return deps.texts.say(self.done, count=count)

    def export(self, deps: Deps, visit: ConsoleVisit, address: str) -> bytes:
        """The table as a workbook that says who took it out, when, and what each column holds; a
        line of the access log from this network address."""
        now, columns = deps.clock.now(), self.columns(deps)
        with deps.database.write() as session:
            access.record(session, now, "table_export", account_id=visit.account_id,
                          address=address, table=self.title)  # fmt: skip
        facts = {"导出": f"{visit.person} {now.astimezone(BEIJING):%Y-%m-%d %H:%M}"}
        facts |= {each.heading: each.expected for each in columns}
        heading = tuple(each.heading for each in columns)
        return sheets.workbook(facts, {self.title: [heading, *self.rows(deps)]})

    def _changes(self, deps: Deps, file: TriedFile) -> tuple[list[WrongCell], C]:
        columns = self.columns(deps)
        book = Book({columns[0].sheet: self.title}, columns)
        with file.on_disk() as path:
            rows, wrong = read_files([path], self.limits, book)
        changes = self.read(deps, Rows(book, rows, wrong))
        return sorted(wrong, key=lambda cell: cell.row), changes


def _sure(found: Differences | str) -> str:
    return found if isinstance(found, str) else found.sure
