"""The roster's sheets at the console: out, and in by two steps that are the same run."""

from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.clean import clean
from bot.domain.deadlines import BEIJING
from bot.services import tried_files
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Author
from bot.services.ports import Deps
from bot.services.roster_export import export_roster, write_template
from bot.services.roster_files import AT_THE_CONSOLE, RawRow, WrongCell, read_files
from bot.services.roster_import import Imported, bring_in
from bot.services.station_plans import Moving, moving
from bot.services.tried_files import TriedFile
from bot.services.turn import Turn
from bot.services.views import unit_name
from bot.store import access, organisation, worklists
from bot.store.roster import Saved

SHOWN = 200
"""Wrong cells on the page; of more only the number is told."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a file would do. `wrong`: the first SHOWN of `count` wrong cells; `ticket`: with it just
    this file can be applied, empty when something is wrong; `version`: of the roster it was tried
    on; `cases`: what would go on to other people, with where it is now."""

    saved: Saved | None
    wrong: tuple[WrongCell, ...]
    count: int
    cases: tuple[Moving, ...]
    file: str
    ticket: str
    version: int


def attempt(deps: Deps, visit: ConsoleVisit, name: str, content: bytes) -> Tried:
    """The dry run of an uploaded file. Raises Refused when there is none."""
    file = tried_files.uploaded(name, content)
    raw, wrong = _read(file)
    found = bring_in(deps, raw, wrong, lambda turn: Author(), dry_run=True)
    if found.saved is None:
        return Tried(None, found.wrong[:SHOWN], len(found.wrong), (), name[:60], "", 0)
    return _tried(deps, visit, found, name[:60], tried_files.keep(deps, visit, file))


def _tried(deps: Deps, visit: ConsoleVisit, found: Imported, name: str, ticket: str) -> Tried:
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        seen = worklists.seen_by(visit.actor)
        rows = worklists.of_ids(session, found.would_move, seen)
        cases = tuple(
            moving(turn, case, unit_name(turn, case.owner_unit_id) or "", ()) for case in rows
        )
        version = organisation.roster_version(session)
    return Tried(found.saved, (), 0, cases, name, ticket, version)


def _read(file: TriedFile) -> tuple[list[RawRow], list[WrongCell]]:
    with file.on_disk() as path:
        return read_files([path], AT_THE_CONSOLE)


def apply(
    deps: Deps, visit: ConsoleVisit, ticket: str, *, file: str, reason: str, version: int,
    address: str,
) -> Imported:  # fmt: skip
    """Bring in the file that was tried. Raises Refused: it is gone, no reason was given, or the
    roster has changed since."""
    by = author_of(visit, reason)
    raw, wrong = _read(tried_files.kept(deps, visit, ticket))

    def author(turn: Turn) -> Author:
        if organisation.roster_version(turn.session) != version:
            raise Refused("master.roster_changed")
        return by

    def log(turn: Turn, saved: Saved) -> None:
        access.record(
            turn.session, turn.now, "import", account_id=visit.account_id, address=address,
            reason=by.reason, file=clean(file)[:60], rows=_rows(saved),
        )  # fmt: skip

    found = bring_in(deps, raw, wrong, author, dry_run=False, then=log)
    tried_files.forget(deps, ticket)
    return found


def _rows(saved: Saved) -> int:
    kinds = (getattr(saved, each.name) for each in fields(saved))
    return sum(each.new + each.changed for each in kinds)


def template() -> bytes:
    """An empty workbook with headings and what each column expects."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        write_template(path)
        return path.read_bytes()


def export(deps: Deps, visit: ConsoleVisit, reason: str, address: str) -> bytes:
    """The whole roster as a workbook that says who took it, when and why; kept in the access log.
    Raises Refused without a reason."""
    why = author_of(visit, reason, needed="master.needs_use").reason
    now = deps.clock.now()
    said = deps.texts.say(
        "master.exported", person=visit.person, reason=why,
        at=f"{now.astimezone(BEIJING):%Y-%m-%d %H:%M}",
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        rows = export_roster(deps, path, said)
        made = path.read_bytes()
    with deps.database.write() as session:
        access.record(session, now, "roster_export", account_id=visit.account_id, address=address,
                      reason=why, rows=sum(rows.values()))  # fmt: skip
    return made
