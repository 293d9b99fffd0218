"""PostgreSQL's own programs for copies: pg_dump and pg_restore, wherever this machine has them.

https://www.postgresql.org/docs/current/app-pgdump.html
"""

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.engine import URL

PATIENCE = 3600
"""Seconds after which a program is ended: a night is no longer than that."""
DEBIAN = Path("/usr/lib/postgresql")
"""Debian keeps the programs of each version in a folder of its own, off the PATH."""


class DumpFailed(Exception):
    """The copy could not be made, read back or put in place; the reason, without any row."""


def dump(url: URL, file: Path, snapshot: str) -> None:
    """Write the state that the exported snapshot sees. Raises DumpFailed."""
    _run(
        url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
        f"--snapshot={snapshot}", f"--file={file}",
    )  # fmt: skip
    file.chmod(0o600)


def restore(url: URL, file: Path) -> None:
    """Fill an empty database, all or nothing. Raises DumpFailed."""
    _run(
        url, "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner",
        "--no-privileges", str(file),
    )  # fmt: skip


def count(file: Path) -> dict[str, int]:
    """Rows by table, by unpacking the whole file and reading every one. Raises DumpFailed."""
    command = [find("pg_restore"), "--data-only", "--file=-", str(file)]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 - our own arguments
            command, stdout=subprocess.PIPE, stderr=said
        ) as running:
            found = count_rows(running.stdout or ())
        if running.returncode:
            said.seek(0)
            raise DumpFailed(_complaint(said.read(), "pg_restore"))
    return found


def count_rows(lines: Iterable[bytes]) -> dict[str, int]:
    """Rows by table of a script with COPY blocks, where a row is a line."""
    found: Counter[str] = Counter()
    table = None
    for line in lines:
        if table is None and line.startswith(b"COPY public.") and line.endswith(b"FROM stdin;\n"):
            table = line.split()[1].removeprefix(b"public.").strip(b'"').decode()
            found[table] = 0
        elif line == b"\\.\n":
            table = None
        elif table is not None:
            found[table] += 1
    return dict(found)


def find(program: str) -> str:
    """The program on the PATH, else Debian's newest. Raises DumpFailed."""
    on_path = shutil.which(program)
    if on_path:
        return on_path
    found = [path for path in DEBIAN.glob(f"*/bin/{program}") if path.is_file()]
    if not found:
        raise DumpFailed(f"{program} is missing: install postgresql-client")
    return str(max(found, key=lambda path: float(path.parent.parent.name)))


def _run(url: URL, program: str, *arguments: str) -> None:
    # Other users of the machine see a program's arguments, so the password goes another way.
    bare = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    secret = {"PGPASSWORD": url.password} if url.password else {}
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            [find(program), f"--dbname={bare}", *arguments], env=os.environ | secret,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise DumpFailed(f"{program} took longer than {PATIENCE} s") from error
    if done.returncode:
        raise DumpFailed(_complaint(done.stderr, program))


def _complaint(said: bytes, program: str) -> str:
    """The first complaint; later ones and details may hold a row's words."""
    lines = [line for line in said.decode(errors="replace").splitlines() if "error:" in line]
    return (lines[0] if lines else f"{program} failed")[:200]
