"""The one table of recurring work: name, how often, and the service function that does it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.services.audit import seal
from bot.services.backup import nightly as nightly_backup
from bot.services.calendar_check import check_calendar
from bot.services.changing_over import change_over
from bot.services.deliver import deliver
from bot.services.far_off import bring_back
from bot.services.hand_out import hand_out_sweep, sweep_share
from bot.services.heartbeat import beat
from bot.services.indexing import index_new
from bot.services.lasting import ask_whether_it_lasts
from bot.services.leaving import hand_over_by_day
from bot.services.media import fetch
from bot.services.ports import Deps
from bot.services.privacy import erase_ended
from bot.services.promises import fold_lateness
from bot.services.quiet_stations import look_at_stations
from bot.services.receipts import confirm
from bot.services.retention import nightly as nightly_retention
from bot.services.same_matters import compare_new
from bot.services.statistics import statistics
from bot.services.sweep import sweep
from bot.services.watch import inspect, watch


@dataclass(frozen=True, slots=True)
class Shares:
    """How a job is shared among workers: `hand_out` enqueues its shares, `run` does one."""

    hand_out: Callable[[Deps], Sequence[int]]
    run: Callable[[Deps, int], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Job:
    """One row. `every`: seconds between runs, a divisor or multiple of 60. `run` returns what it
    did, empty when nothing. `shares`: how the engine at scale does it instead."""

    name: str
    every: float
    run: Callable[[Deps], Sequence[Any]]
    shares: Shares | None = None


JOBS: tuple[Job, ...] = (
    Job("posts", 600, hand_over_by_day),
    Job("absences", 600, change_over),
    Job("sweep", 1, sweep, Shares(hand_out_sweep, sweep_share)),
    Job("lasting", 3600, ask_whether_it_lasts),
    Job("stations", 3600, look_at_stations),
    Job("deliver", 1, deliver),
    Job("media", 2, fetch),
    Job("erase", 60, erase_ended),
    Job("receipts", 60, confirm),
    Job("calendar", 3600, check_calendar),
    Job("far_off", 3600, bring_back),
    Job("backup", 600, nightly_backup),
    Job("retention", 600, nightly_retention),
    Job("search", 5, index_new),
    Job("same", 5, compare_new),
    Job("lateness", 600, fold_lateness),
    Job("statistics", 600, statistics),
    Job("watch", 60, watch),
    Job("inspect", 600, inspect),
    Job("seal", 60, seal),
    Job("heartbeat", 60, beat),
)
"""In the order in which one tick runs them: what a day or a clock causes goes out in the same
tick."""
