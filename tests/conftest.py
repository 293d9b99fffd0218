"""What every test has: fixtures for databases and time, and three rules of the house.

No test skips; none talks to another machine; hypothesis tries the same examples each time.
"""

import gc
import ipaddress
import sys
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

from tests.fakes import FakeClock

pytest_plugins = ["tests.database_rig"]

gc.set_threshold(100_000, 50, 100)
"""Half a million objects of the dictionary and of mapped classes stay for the whole run: to look
through them as often as Python does by default takes a fifth of the time."""

settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")


def _is_this_machine(host: object) -> bool:
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return host == "localhost" or str(host).endswith(".localhost")


def _refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: an address is a path (unix socket) or a tuple that begins with the host."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    if not _is_this_machine(arguments[1][0]):
        raise RuntimeError(f"a test tried to reach {arguments[1][0]}: only this machine is allowed")


sys.addaudithook(_refuse_other_machines)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure: what is missing must be set up, not passed over."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"tests never skip here: {report.longrepr}"
    return report


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at Monday 23 November 2026, 10:00 in Hohhot."""
    return FakeClock()
