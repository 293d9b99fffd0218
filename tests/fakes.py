"""Stand-ins for what lies outside: time, and later the channel. Never for code of our own."""

from datetime import UTC, datetime, timedelta

MONDAY_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday 23 November 2026, 10:00 in Hohhot: a working day, inside office hours."""


class FakeClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move on (never back) and return the new present."""
        if by < timedelta():
            raise ValueError("time runs forward; use set() to begin a test elsewhere")
        self._now += by
        return self._now

    def set(self, to: datetime) -> None:
        """Jump to an aware time."""
        if to.tzinfo is None:
            raise ValueError("a time without a zone says nothing")
        self._now = to.astimezone(UTC)
