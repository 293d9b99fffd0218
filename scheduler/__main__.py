"""`python -m scheduler`: the process that makes time pass."""

import logging
import os
import signal
import sys

from bot.settings import load_settings
from bot.wiring import build
from scheduler import embedded, workers

RUNNERS = {"embedded": embedded.run, "procrastinate": workers.run}


def main() -> None:
    """Run the engine that the settings choose, until SIGTERM or Ctrl-C."""
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    signals: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        # Only noted here: what a handler may safely do in the middle of anything is very little.
        signal.signal(number, lambda received, _frame: signals.append(received))
    settings = load_settings()
    if not RUNNERS[settings.engine](build(settings), lambda: bool(signals)):
        logging.shutdown()
        os._exit(1)  # a job hangs, and a normal end would wait for its thread


if __name__ == "__main__":
    main()
