"""Which server carries the product best: `BENCH=servers make bench`.

Throughput and tail of full intake under each, interleaved; what operators start is the baseline.
"""

from bench import messages, serving
from bench.intake import CONNECTIONS, POOL, SECONDS
from bench.load import Run, drive
from bench.results import Result, paired

ROUNDS = 3
BASE = "product"


def _granian(threads: int) -> serving.Command:
    return (
        str(serving.BIN / "granian"), "--interface", "wsgi", "--factory", "--workers",
        str(serving.WORKERS), "--blocking-threads", str(threads), "--no-ws", "--port", "{port}",
        "app:create_app",
    )  # fmt: skip


SERVERS: dict[str, serving.Command] = {
    BASE: serving.product(),
    "granian_4": _granian(4),
    "gunicorn_sync": serving.gunicorn("app:create_app()", "sync"),
    "gunicorn_gthread_2": serving.gunicorn("app:create_app()", "gthread", 2),
    "gunicorn_gthread_8": serving.gunicorn("app:create_app()", "gthread", 8),
}


def results() -> list[Result]:
    """servers.NAME.rate and servers.NAME.p99, each against the product's own of the same round."""
    source = messages.texts()
    found: dict[str, list[Run]] = {name: [] for name in SERVERS}
    with serving.world() as data:
        for _ in range(ROUNDS):
            for name, command in SERVERS.items():
                with serving.serve(command, data) as server:
                    drive(server.port, iter(messages.requests(300, source)),
                          connections=CONNECTIONS, seconds=SECONDS)  # fmt: skip
                    pushes = iter(messages.requests(POOL, source))
                    run = drive(server.port, pushes, connections=CONNECTIONS, seconds=SECONDS)
                    found[name].append(run)
    return [result for name in SERVERS for result in _compare(name, found[name], found[BASE])]


def _compare(name: str, runs: list[Run], base: list[Run]) -> list[Result]:
    both = list(zip(runs, base, strict=True))
    return [
        paired(f"servers.{name}.rate", "req/s", [(a.rate, b.rate) for a, b in both]),
        paired(f"servers.{name}.p99", "ms",
               [(a.percentile(0.99), b.percentile(0.99)) for a, b in both]),
    ]  # fmt: skip
