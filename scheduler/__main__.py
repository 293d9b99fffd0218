"""`python -m scheduler`: the process that makes time pass."""

import logging
import signal
import sys

from bot.settings import load_settings
from bot.wiring import build
from scheduler.embedded import run


def _stop(_signal: int, _frame: object) -> None:
    raise SystemExit(0)


def main() -> None:
    """Run the engine that the settings choose."""
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, _stop)
    run(build(load_settings()))


if __name__ == "__main__":
    main()
