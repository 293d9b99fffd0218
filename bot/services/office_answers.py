"""The list of common questions as residents are answered from it, read again every half minute."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from bot.domain.common_questions import Answers, Entry, answers
from bot.domain.deadlines import BEIJING
from bot.store import common_questions
from bot.store.unit_of_work import Database

FRESH_SECONDS = 30


class OfficeAnswers:
    """Call it for the list of now, at most FRESH_SECONDS old, without what is ended or past its
    day. `now`: the office's clock; `monotonic`: seconds that only grow."""

    def __init__(
        self,
        make: Callable[[tuple[Entry, ...]], Answers],
        database: Database,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make, self._database, self._now, self._monotonic = make, database, now, monotonic
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._entries: tuple[Entry, ...] = ()
        self._made = make(())

    def __call__(self) -> Answers:
        """What answers now; made anew only when the list is another."""
        with self._lock:
            now = self._monotonic()
            if self._read_at is None or now - self._read_at >= FRESH_SECONDS:
                self._read_at, entries = now, self._look()
                if entries != self._entries:
                    self._entries, self._made = entries, self._make(entries)
            return self._made

    def _look(self) -> tuple[Entry, ...]:
        if not self._database.is_there():
            return self._entries
        try:
            with self._database.read() as session:
                found = common_questions.entries(session)
        except (SQLAlchemyError, WaitedTooLong):
            return self._entries
        day = self._now().astimezone(BEIJING).date()
        return tuple(each for each in found if answers(each, day))
