"""Files that were tried at the console and wait to be applied.

Each is kept under the hash of its content, as attachments are; what is never applied goes with the
files that belong to nothing (bot.services.retention).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.services import media_files, secrets
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.roster_files import WrongCell
from bot.services.what_if import Differences

_HASH = re.compile(r"[0-9a-f]{64}")
_ENDS = (".xlsx", ".csv")
SHOWN = 200
"""Wrong cells, and changed rows, on a page; of more only the number is told."""


@dataclass(frozen=True, slots=True)
class TriedFile:
    """An uploaded file. `end`: of its name, with the dot."""

    content: bytes
    end: str

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Where libraries that want a path may read it, for a moment."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"file{self.end}"
            path.write_bytes(self.content)
            yield path


@dataclass(frozen=True, slots=True)
class TriedRows:
    """What a file would do. `wrong`: the first SHOWN of `faults` wrong cells; `changed`: cells of
    the first SHOWN of `count` rows as they are told; `sure`: of all that would change; `ticket`:
    with it just this file can be applied, empty when something is wrong."""

    file: str
    wrong: tuple[WrongCell, ...] = ()
    faults: int = 0
    changed: tuple[tuple[str, ...], ...] = ()
    count: int = 0
    differences: Differences | None = None
    sure: str = ""
    ticket: str = ""


def uploaded(name: str, content: bytes) -> TriedFile:
    """What a form sent. Raises Refused when there is none."""
    if not name or not content:
        raise Refused("master.no_file")
    end = Path(name).suffix.lower()
    return TriedFile(content, end if end in _ENDS else ".other")


def keep(deps: Deps, visit: ConsoleVisit, file: TriedFile) -> str:
    """Keep it until it is applied; the ticket with which just this person can."""
    kept = f"{media_files.keep(deps.settings.var_path, file.content)}{file.end}"
    return f"{kept}.{_sign(deps, visit, kept)}"


def _sign(deps: Deps, visit: ConsoleVisit, kept: str) -> str:
    """So that nobody applies what they have not tried."""
    return secrets.keyed(deps, "import", f"{visit.account_id}:{kept}")[:32]


def kept(deps: Deps, visit: ConsoleVisit, ticket: str) -> TriedFile:
    """The file of a ticket. Raises Refused when it is not there any more."""
    name, _, sign = ticket.rpartition(".")
    sha256 = name[:64]
    if not _HASH.fullmatch(sha256) or sign != _sign(deps, visit, name):
        raise Refused("master.file_gone")
    try:
        content = media_files.place(deps.settings.var_path, sha256).read_bytes()
    except FileNotFoundError as error:
        raise Refused("master.file_gone") from error
    return TriedFile(content, name[64:])


def forget(deps: Deps, ticket: str) -> None:
    """It was applied."""
    media_files.remove(deps.settings.var_path, ticket[:64])
