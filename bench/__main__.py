"""`make bench`: runs the benchmarks, prints a table, writes build/bench.json.

`BENCH=prefix` runs those whose names start so. Ends with 1 when a target does not hold. Servers
are only compared when asked for: `BENCH=servers`.
"""

import os
import sys
from collections.abc import Callable

from bench import classify, deliver, intake, page, process, same, search, servers, sweep
from bench.results import Result, save, table
from bot.settings import ROOT

BENCHES: dict[str, Callable[[], list[Result]]] = {
    "classify": classify.results,
    "start": process.start,
    "memory": process.memory,
    "intake": intake.results,
    "page": page.results,
    "deliver": deliver.results,
    "sweep.sqlite": sweep.sqlite,
    "sweep.find": sweep.find,
    "sweep.postgres": sweep.postgres,
    "sweep.workers": sweep.workers,
    "same.sqlite": same.sqlite,
    "search.sqlite": search.sqlite,
    "queue.sqlite": search.sqlite,
    "search.postgres": search.postgres,
    "queue.postgres": search.postgres,
}
ON_REQUEST: dict[str, Callable[[], list[Result]]] = {"servers": servers.results}


def chosen(prefix: str) -> list[Callable[[], list[Result]]]:
    """The benches that may have results of this prefix (`intake` and `intake.p99` run intake)."""
    every = BENCHES | ON_REQUEST if prefix else BENCHES
    found = (
        run for name, run in every.items()
        if name.startswith(prefix) or prefix.startswith(f"{name}.")
    )  # fmt: skip
    return list(dict.fromkeys(found))  # one that has results of two names runs once


def main() -> int:
    """Run, print, save; 0 when every target holds, 2 when nothing has this prefix."""
    prefix = os.environ.get("BENCH", "").strip()
    results: list[Result] = []
    for run in chosen(prefix):
        print(f"{run.__module__}.{run.__name__} …", file=sys.stderr, flush=True)
        results += [result for result in run() if result.name.startswith(prefix)]
    if not results:
        print(f"no benchmark is called {prefix}…", file=sys.stderr)
        return 2
    save(results, ROOT / "build" / "bench.json")
    print(table(results))
    return 1 if any(result.holds is False for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
