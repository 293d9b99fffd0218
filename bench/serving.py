"""Servers under measurement: real processes, ports of their own, a folder that is thrown away."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT

BIN = Path(sys.executable).parent
WORKERS = 2
THREADS = 8
"""Of a gthread worker: half of its 16 connections. Its rate hardly depends on it."""

Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Served:
    """A running server. `pid`: of its first process, whose children are the workers."""

    port: int
    pid: int
    folder: Path

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="utf-8")
        return [int(one) for one in children.split()]


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int) -> dict[str, str]:
    """Demo settings with data in `folder`; nothing of the caller's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XMZ_")}
    own = {"XMZ_MODE": "demo", "XMZ_VAR_DIR": str(folder), "XMZ_PORT": str(port)}
    return kept | own | {"PYTHONPATH": str(ROOT), "XMZ_WECHAT_CIPHER": "safe"}


def gunicorn(app: str, worker: str, threads: int = THREADS) -> Command:
    """Any application under gunicorn, workers forked from the loaded application."""
    more = ["--threads", str(threads)] if worker == "gthread" else []
    return (
        str(BIN / "gunicorn"), "--workers", str(WORKERS), "--worker-class", worker, *more,
        "--bind", "127.0.0.1:{port}", "--preload", "--no-control-socket", app,
    )  # fmt: skip


def product() -> Command:
    """The product as operators start it."""
    return (str(BIN / "flask"), "serve")


def prepare(folder: Path) -> None:
    """A database with the demo network of 219 stations."""
    for command in (("init",), ("roster", "demo")):
        subprocess.run(
            [BIN / "flask", *command], cwd=ROOT, env=environment(folder, 8000), check=True,
            capture_output=True,
        )  # fmt: skip


@contextmanager
def world() -> Iterator[Path]:
    """A prepared folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        prepare(Path(name))
        yield Path(name)


@contextmanager
def serve(command: Command, data: Path | None = None, *, wait: bool = True) -> Iterator[Served]:
    """Start a server (`{port}` in `command` is filled in) and end it. `data`: a prepared folder,
    which is copied. With `wait` it is ready to accept connections."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        if data is not None:
            shutil.copytree(data, folder, dirs_exist_ok=True)
        with (folder / "server.log").open("wb") as log:
            process = subprocess.Popen(
                [part.replace("{port}", str(port)) for part in command],
                cwd=ROOT if data else folder, env=environment(folder, port), stdout=log,
                stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            if wait:
                wait_for(port, process, folder / "server.log")
            yield Served(port, process.pid, folder)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the port accepts connections. RuntimeError with the log if the server ends."""
    for _ in range(3000):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended:\n{log.read_text(errors='replace')[-2000:]}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise RuntimeError(f"port {port} does not answer")
