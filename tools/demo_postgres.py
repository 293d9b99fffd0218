"""`make demo-postgres`: the demo at scale, on a private PostgreSQL with two worker processes.

The server listens on a unix socket only and is thrown away at the end: each time begins anew.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from tools.postgres import postgres_server

ROOT = Path(__file__).resolve().parent.parent
NAME = "xiaomazha"


def run(socket: Path, var: str) -> int:
    """The demo on this server, until it ends or is ended; its exit code."""
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as link:
        link.execute(f"CREATE DATABASE {NAME}")
    keys = {
        "XMZ_DATABASE_URL": f"postgresql://postgres@/{NAME}?host={socket}",
        "XMZ_ENGINE": "procrastinate", "XMZ_VAR_DIR": var,
    }  # fmt: skip
    demo = subprocess.Popen([sys.executable, "tools/demo.py"], cwd=ROOT, env=os.environ | keys)
    # Ctrl-C reaches the demo as well, which ends all that it started; here it is only waited for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: demo.terminate())
    return demo.wait()


def main() -> int:
    """Start the server, run the demo, end the server."""
    var = ROOT / "var"
    var.mkdir(mode=0o700, exist_ok=True)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="demo-postgres-", dir=var) as folder,
            postgres_server() as socket,
        ):
            return run(socket, folder)
    except FileNotFoundError as error:
        sys.exit(f"make demo-postgres: {error}")


if __name__ == "__main__":
    sys.exit(main())
