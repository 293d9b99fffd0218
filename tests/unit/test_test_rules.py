"""The rules that conftest keeps for all tests, and the clock that it hands out."""

import socket
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes import FakeClock


def test_another_machine_cannot_be_reached() -> None:
    """A connection to any address but this machine's is refused before a packet leaves."""
    with socket.socket() as outside, pytest.raises(RuntimeError, match="only this machine"):
        outside.connect(("192.0.2.1", 80))  # an address reserved for documents


def test_this_machine_can_be_reached() -> None:
    """A server on the loopback address answers as always."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), timeout=5) as client:
            assert client.getpeername() == server.getsockname()


def test_the_clock_moves_only_when_told(clock: FakeClock) -> None:
    """Two looks show the same time; advance() and set() move it."""
    before = clock.now()
    assert clock.now() == before
    assert clock.advance(timedelta(hours=1)) == before + timedelta(hours=1)
    clock.set(datetime(2027, 1, 1, tzinfo=UTC))
    assert clock.now() == datetime(2027, 1, 1, tzinfo=UTC)


def test_the_clock_refuses_nonsense(clock: FakeClock) -> None:
    """Time runs forward, and a time without a zone says nothing."""
    with pytest.raises(ValueError, match="forward"):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="zone"):
        clock.set(datetime(2027, 1, 1))  # noqa: DTZ001 - the case under test
