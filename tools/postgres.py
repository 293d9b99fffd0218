"""A private PostgreSQL for one run of tests or of the demo: unix socket, gone afterwards.

The server refuses to run as root, so root hands it to the user `postgres`, or else `nobody`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 30
MISSING = "PostgreSQL is missing: run `make setup` (it installs what packages.txt names)"


def find_binaries() -> Path:
    """The folder with initdb and postgres: the one on PATH, else Debian's newest.

    Raises FileNotFoundError that says what to do.
    """
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise FileNotFoundError(MISSING)


def _server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as: None means ourselves."""
    if os.getuid() != 0:
        return None
    names = {user.pw_name: user for user in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _run_as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of subprocess that drop root and keep the caller's locale out."""
    common: dict[str, Any] = {"cwd": "/", "env": {"LC_ALL": "C", "PATH": os.environ["PATH"]}}
    if user is None:
        return common
    return common | {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _dies_with_us() -> list[str]:
    """On Linux the kernel stops the server even when the test run is killed."""
    return ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []


def _wait_until_ready(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.02)  # outside our control: the server offers nothing to wait on
        else:
            return


@contextmanager
def postgres_server() -> Iterator[Path]:
    """Run a server and give the folder of its socket. Superuser: `postgres`, no password."""
    binaries, user = find_binaries(), _server_user()
    # Straight below /tmp: a socket's path has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="xmz-pg-", dir="/tmp"))
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data, log = folder / "data", folder / "log"
    manners = _run_as(user)
    initdb = f"{binaries}/initdb -N -U postgres -A trust -E UTF8 --locale=C -D {data}".split()
    start = f"{binaries}/postgres -F -c listen_addresses= -k {folder} -D {data}".split()
    try:
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **manners)
        with log.open("wb") as output:
            server: subprocess.Popen[bytes] = subprocess.Popen(
                [*_dies_with_us(), *start],
                stdout=output,
                stderr=output,
                start_new_session=True,
                **manners,
            )
        try:
            _wait_until_ready(server, f"host={folder} user=postgres dbname=postgres", log)
            yield folder
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder)
