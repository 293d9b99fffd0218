"""`make demo`'s launcher: what dies comes back, and nothing outlives it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

pytestmark = pytest.mark.slow


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A demo in a folder of its own that has said where to look."""
    environment = {
        "PATH": "/usr/bin:/bin", "XMZ_VAR_DIR": str(tmp_path),
        "XMZ_PORT": str(free_port()), "XMZ_DESK_PORT": str(free_port()),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, ROOT / "tools" / "demo.py"],
        env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    read_until(process, "Ctrl-C")
    yield process
    process.kill()
    process.wait(timeout=10)
    assert process.stdout is not None
    process.stdout.close()


def read_until(process: "subprocess.Popen[str]", words: str) -> None:
    """Read what the launcher says up to the line with these words."""
    assert process.stdout is not None
    assert any(words in line for line in process.stdout), f"it never said {words}"


def children(pid: int) -> dict[str, int]:
    """The programs that the launcher runs now: by the last word of their command line."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    lines = {int(each): Path(f"/proc/{each}/cmdline").read_bytes() for each in listed}
    return {line.rstrip(b"\0").split(b"\0")[-1].decode(): each for each, line in lines.items()}


def wait_for(seconds: float, holds: Callable[[], bool]) -> None:
    """Fails when it doesn't hold within `seconds`."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.05)  # another process's state: there is nothing to wait on


def alive(pid: int) -> bool:
    """Whether the process runs; one that nobody has buried yet does not."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return words.rpartition(")")[2].split()[0] != "Z"


def test_a_killed_program_comes_back_and_a_killed_launcher_leaves_none(
    launcher: "subprocess.Popen[str]",
) -> None:
    """SIGKILL for scheduler and app: each is told and started again, the others run on. SIGKILL for
    the launcher itself: all of them end."""
    first = children(launcher.pid)
    for name in ("scheduler", "serve"):
        os.kill(first[name], signal.SIGKILL)
        read_until(launcher, "停了")
        read_until(launcher, "又启动了")
    # Between fork and exec a program has no name yet.
    wait_for(10, lambda: children(launcher.pid).keys() == first.keys())
    second = children(launcher.pid)
    assert second.keys() == {"serve", "scheduler", "simulator"}
    assert second["simulator"] == first["simulator"]
    assert not {second["scheduler"], second["serve"]} & set(first.values())
    launcher.kill()
    wait_for(20, lambda: not any(alive(pid) for pid in second.values()))
