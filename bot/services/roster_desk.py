"""The roster's sheets at the console: out, and in by two steps that are the same run.

A file that was tried is kept for the second step under the hash of its content, as attachments are;
what is never applied goes with the files that belong to nothing (bot.services.retention).
"""

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.clean import clean
from bot.domain.deadlines import BEIJING
from bot.services import media_files, secrets
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Author
from bot.services.ports import Deps
from bot.services.roster_export import export_roster, write_template
from bot.services.roster_files import AT_THE_CONSOLE, RawRow, WrongCell, read_files
from bot.services.roster_import import Imported, bring_in
from bot.services.station_plans import Moving, moving
from bot.services.turn import Turn
from bot.services.views import unit_name
from bot.store import access, organisation, worklists
from bot.store.roster import Saved

SHOWN = 200
"""Wrong cells on the page; of more only the number is told."""
_HASH = re.compile(r"[0-9a-f]{64}")
_ENDS = (".xlsx", ".csv")


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
    if not name or not content:
        raise Refused("master.no_file")
    end = Path(name).suffix.lower()
    raw, wrong = _read(content, end if end in _ENDS else ".other")
    found = bring_in(deps, raw, wrong, lambda turn: Author(), dry_run=True)
    if found.saved is None:
        return Tried(None, found.wrong[:SHOWN], len(found.wrong), (), name[:60], "", 0)
    sha256 = media_files.keep(deps.settings.var_path, content)
    return _tried(deps, visit, found, name[:60], f"{sha256}{end}")


def _tried(deps: Deps, visit: ConsoleVisit, found: Imported, name: str, kept: str) -> Tried:
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        seen = worklists.seen_by(visit.actor)
        rows = worklists.of_ids(session, found.would_move, seen)
        cases = tuple(
            moving(turn, case, unit_name(turn, case.owner_unit_id) or "", ()) for case in rows
        )
        version = organisation.roster_version(session)
    ticket = f"{kept}.{_sign(deps, visit, kept)}"
    return Tried(found.saved, (), 0, cases, name, ticket, version)


def _read(content: bytes, end: str) -> tuple[list[RawRow], list[WrongCell]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"roster{end}"
        path.write_bytes(content)
        return read_files([path], AT_THE_CONSOLE)


def _sign(deps: Deps, visit: ConsoleVisit, kept: str) -> str:
    """So that nobody applies what they have not tried."""
    return secrets.keyed(deps, "import", f"{visit.account_id}:{kept}")[:32]


def apply(
    deps: Deps, visit: ConsoleVisit, ticket: str, *, file: str, reason: str, version: int,
    address: str,
) -> Imported:  # fmt: skip
    """Bring in the file that was tried. Raises Refused: it is gone, no reason was given, or the
    roster has changed since."""
    by = author_of(visit, reason)
    sha256, end, content = _kept(deps, visit, ticket)
    raw, wrong = _read(content, end)

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
    media_files.remove(deps.settings.var_path, sha256)
    return found


def _rows(saved: Saved) -> int:
    kinds = (saved.units, saved.stations, saved.people, saved.posts, saved.days)
    return sum(each.new + each.changed for each in kinds)


def _kept(deps: Deps, visit: ConsoleVisit, ticket: str) -> tuple[str, str, bytes]:
    kept, _, sign = ticket.rpartition(".")
    sha256, end = kept[:64], kept[64:]
    if not _HASH.fullmatch(sha256) or sign != _sign(deps, visit, kept):
        raise Refused("master.file_gone")
    try:
        return sha256, end, media_files.place(deps.settings.var_path, sha256).read_bytes()
    except FileNotFoundError as error:
        raise Refused("master.file_gone") from error


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
