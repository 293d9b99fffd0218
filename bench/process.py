"""What a process costs: time to its first reply, memory of a worker."""

import time
from pathlib import Path

from bench import messages, serving
from bench.load import drive
from bench.results import Result, paired

ROUNDS = 3
MIB = 1024


def start() -> list[Result]:
    """start.first_reply: seconds from the start of the server to the first encrypted reply, with
    nothing prepared but the database; against a bare Flask application."""
    with serving.world() as data:
        bare = serving.gunicorn("bench.bare_app:make()", "sync")
        pairs = [
            (_first_reply(serving.product(), data), _first_reply(bare, None)) for _ in range(ROUNDS)
        ]
    return [paired("start.first_reply", "s", pairs, limit=5)]


def _first_reply(command: serving.Command, data: Path | None) -> float:
    begun = time.perf_counter()
    with serving.serve(command, data) as server:
        run = drive(server.port, iter(messages.requests(1, messages.texts())), connections=1,
                    seconds=10)  # fmt: skip
        if run.failed:
            raise RuntimeError("the first push got no reply")
        return time.perf_counter() - begun


def memory() -> list[Result]:
    """memory.worker: what a worker has of its own (USS) after 1,000 messages, in MiB."""
    bare = serving.gunicorn("bench.bare_app:make()", "sync")
    with serving.world() as data:
        pair = _of_its_own(serving.product(), data), _of_its_own(bare, None)
    return [paired("memory.worker", "MiB", [pair], limit=150)]


def _of_its_own(command: serving.Command, data: Path | None) -> float:
    """The larger of the two workers, after about 1,000 messages each."""
    with serving.serve(command, data) as server:
        pushes = messages.requests(1000 * serving.WORKERS, messages.texts())
        drive(server.port, iter(pushes), connections=8, seconds=120)
        return max(map(_uss, server.workers()))


def _uss(pid: int) -> float:
    """Unique set size in MiB: pages that no other process shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    private = (line.split()[1] for line in lines if line.startswith("Private_"))
    return sum(map(int, private)) / MIB
