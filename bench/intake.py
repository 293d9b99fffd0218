"""Full intake against WeRoBot's echo: the same pushes, interleaved, real servers."""

import os
import sys
from collections.abc import Iterator
from itertools import cycle

from bench import messages, serving
from bench.load import Run, drive
from bench.results import Result, paired

CONNECTIONS = 32
SECONDS = 4.0
ROUNDS = 5
POOL = 4000
"""Distinct pushes a round: more than the product takes in, so that none comes twice. The echoes
take them in a circle."""


def results() -> list[Result]:
    """intake.throughput, intake.vs_werobot_sqlite, intake.p99 and intake.slowest."""
    source = messages.texts()
    with (
        serving.world() as data,
        serving.serve(serving.product(), data) as ours,
        serving.serve(serving.gunicorn("bench.echo_app:memory()", "gthread")) as echo,
        serving.serve(serving.gunicorn("bench.echo_app:sqlite()", "gthread")) as session,
    ):
        for server in (ours, echo, session):
            drive(server.port, iter(messages.requests(300, source)), connections=CONNECTIONS,
                  seconds=SECONDS)  # fmt: skip
        rounds = [_round((ours, echo, session), source) for _ in range(ROUNDS)]
    lost = sum(mine.failed for mine, _, _ in rounds)
    if lost:
        raise RuntimeError(f"the product left {lost} pushes without a reply")
    return _judge(rounds)


def _round(servers: tuple[serving.Served, ...], source: Iterator[str]) -> tuple[Run, Run, Run]:
    ours, echo, session = servers
    pool = messages.requests(POOL, source)
    found = tuple(
        drive(server.port, pushes, connections=CONNECTIONS, seconds=SECONDS)
        for server, pushes in ((ours, iter(pool)), (echo, cycle(pool)), (session, cycle(pool)))
    )
    said = "  ".join(
        f"{r.rate:.0f}/s p99 {r.percentile(0.99):.0f} ms failed {r.failed}" for r in found
    )
    print(f"  ours, echo, session: {said}  load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return found[0], found[1], found[2]


def _judge(rounds: list[tuple[Run, Run, Run]]) -> list[Result]:
    tails = [(ours.percentile(0.99), echo.percentile(0.99)) for ours, echo, _ in rounds]
    worst = max(ours.waits[-1] for ours, _, _ in rounds), max(e.waits[-1] for _, e, _ in rounds)
    return [
        paired("intake.throughput", "req/s", [(o.rate, e.rate) for o, e, _ in rounds],
               at_least=0.2),
        paired("intake.vs_werobot_sqlite", "req/s", [(o.rate, s.rate) for o, _, s in rounds],
               at_least=1),
        paired("intake.p99", "ms", tails, at_most=3.5),
        paired("intake.slowest", "ms", [worst], limit=1000),
    ]  # fmt: skip
