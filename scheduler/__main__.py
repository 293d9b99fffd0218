"""`python -m scheduler`: the process that makes time pass."""

import logging
import os
import signal

from bot.logs import set_up
from bot.settings import load_settings
from bot.wiring import build, understand_or_refuse
from scheduler import embedded, workers

RUNNERS = {"embedded": embedded.run, "procrastinate": workers.run}


def main() -> None:
    """Run the engine that the settings choose, until SIGTERM or Ctrl-C."""
    settings = load_settings()
    set_up(settings.log_format, logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    signals: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        # Only noted here: what a handler may safely do in the middle of anything is very little.
        signal.signal(number, lambda received, _frame: signals.append(received))
    deps = build(settings)
    understand_or_refuse(deps)  # first asked for inside a write unit it would hold up everybody
    if not RUNNERS[settings.engine](deps, lambda: bool(signals)):
        logging.shutdown()
        os._exit(1)  # a job hangs, and a normal end would wait for its thread


if __name__ == "__main__":
    main()
