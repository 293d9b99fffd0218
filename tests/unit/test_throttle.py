"""Failures from one address are counted for a while, and only so many addresses are remembered."""

from web.h5 import throttle
from web.h5.throttle import Throttle


def test_an_address_waits_until_its_oldest_failure_is_old_enough() -> None:
    """Three within ten seconds are enough; others are not touched; later it goes on."""
    now = [0.0]
    guard = Throttle(limit=3, seconds=10, monotonic=lambda: now[0])
    for _ in range(3):
        assert not guard.over("a")
        guard.count("a")
        now[0] += 2
    assert (guard.over("a"), guard.over("b")) == (True, False)
    now[0] = 10.5
    assert not guard.over("a")


def test_many_addresses_do_not_fill_the_memory() -> None:
    """The one that was unheard of for the longest is forgotten."""
    guard = Throttle(limit=1, seconds=10, monotonic=lambda: 0.0)
    for number in range(throttle.ADDRESSES + 1):
        guard.count(str(number))
    assert (guard.over("0"), guard.over("1")) == (False, True)
