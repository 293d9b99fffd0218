"""Writing down that the scheduler's jobs run. Liveness goes by the machine's own clock: in the demo
ours can be moved, and no job runs more often for it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.services.ports import Deps
from bot.store import ticks


def begin(deps: Deps, every: Mapping[str, float]) -> None:
    """A process begins to lead: its jobs (name → seconds between runs) count from now on; others
    are forgotten."""
    now = datetime.now(UTC)
    with deps.database.write() as session:
        known = {tick.name for tick in ticks.all_ticks(session)}
        ticks.forget(session, known - every.keys())
        for name, seconds in every.items():
            ticks.begin(session, name, seconds, now)


def ran(deps: Deps, name: str, every: float, did: int) -> None:
    """A job ran to its end."""
    with deps.database.write() as session:
        ticks.keep(session, name, every, datetime.now(UTC), deps.clock.now(), did=did)


def failed(deps: Deps, name: str, every: float, failure: str) -> None:
    """A job failed; `failure`: what kind of error."""
    with deps.database.write() as session:
        ticks.keep_failure(
            session, name, every, datetime.now(UTC), deps.clock.now(), failure=failure[:80]
        )
