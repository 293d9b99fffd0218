"""A city around the machine: moments at which somebody does something, in order, and time between.

It is the platform (which tries a push three times), the scheduler's metronome, and whoever kills,
locks and silences.
"""

import heapq
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bench import messages
from bench.fuse import LABELS
from bench.machine import Died, Machine, Message, Request

SLOT = timedelta(minutes=15)
"""Between two ticks when something is due. The engine looks each second; a year of that is 31
million looks."""
ALERT, ALERT_FOR = timedelta(minutes=1), timedelta(hours=1)
"""After an emergency it ticks each minute, as long as its ladder is steep."""
WHOLE = timedelta(hours=4)
"""Between two runs of the whole jobs table."""
SETTLED = timedelta(seconds=61)
RETRY = timedelta(seconds=5)
TRIES = 3
"""Of the platform, for one push."""
DEEP = {"statement": 40, "begin": 6, "before commit": 6, "after commit": 6}
"""How often a fuse's label may be passed before it kills."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

Do = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Faults:
    """What is done to the machine. `silent`: spans in which the platform answers nothing."""

    kills: tuple[datetime, ...] = ()
    locks: tuple[datetime, ...] = ()
    silent: tuple[tuple[datetime, datetime], ...] = ()


@dataclass
class City:
    """Time, the heap of what is to come, and the way in and out."""

    machine: Machine
    now: datetime
    faults: Faults
    dice: random.Random
    heard: Callable[[Message], None] = lambda _message: None
    """Called for every message that arrived on a phone."""
    refused: int = 0
    """Pushes that got no reply in three tries."""
    locked: int = 0
    """Times that something foreign kept the database to itself."""
    retried: int = 0
    _heap: list[tuple[datetime, int, Do]] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=lambda: count(25000000000000001))
    _fuse: tuple[str, int] = ("", 1)
    _lock_next: bool = False
    _due: datetime | None = None
    _ticked: datetime = LONG_AGO
    _whole: datetime = LONG_AGO
    _alert: datetime = LONG_AGO

    def __post_init__(self) -> None:
        for at in self.faults.kills:
            self.at(at, self._arm)
        for at in self.faults.locks:
            self.at(at, self._lock_the_next_push)

    def at(self, moment: datetime, do: Do) -> None:
        """Have something done at a moment; what is past already is done now."""
        heapq.heappush(self._heap, (moment, next(self._serial), do))

    def live(self, until: datetime) -> None:
        """Let everything happen up to this moment."""
        while True:
            coming = self._heap[0][0] if self._heap else until
            tick = self._next_tick()
            if min(coming, tick) >= until:
                break
            if tick <= coming:
                self.now = max(self.now, tick)
                self._tick()
            else:
                _, _, do = heapq.heappop(self._heap)
                self.now = max(self.now, coming)
                do()
            self._hand_out()
        self.now = max(self.now, until)

    def say(self, openid: str, words: str) -> str:
        """A person writes. The reply they see; "" when there is none."""
        reply = self._push(openid, messages.text(words, next(self._serial)))
        if "值班人员" in reply:
            self._alert = self.now + ALERT_FOR
        return reply

    def _push(self, openid: str, content: str) -> str:
        """Pushed three times at most, as the platform does. The text of the passive reply."""
        for _ in range(TRIES):
            stamp = int(self.now.timestamp())
            with self._maybe_locked():
                answer = self._try(
                    "push", messages.signed(stamp), messages.clear(openid, stamp, content)
                )
            if answer is not None and answer[0] == 200:
                self._owes(self.now + SETTLED)
                return messages.shown(answer[1])
            self.now += RETRY
            self.retried += 1
        self.refused += 1
        return ""

    def command(self, *arguments: str) -> str:
        """Run `flask ARGUMENTS`, again when it was killed; its stdout. What is refused prints
        nothing there. RuntimeError when it was misused."""
        while (answer := self._try("command", arguments)) is None:
            self.now += RETRY
        code, out, err = answer
        if code not in (0, 1):
            raise RuntimeError(f"flask {' '.join(arguments)} ended with {code}: {err}")
        self._owes(self.now)
        return str(out)

    def look(self) -> list[str]:
        """What the watch finds that contradicts itself."""
        while (found := self._try("look")) is None:
            continue
        return list(found)

    def _try(self, name: str, *arguments: Any) -> Any:
        """The machine's answer; None when it was killed over it."""
        silent = any(begin <= self.now < end for begin, end in self.faults.silent)
        try:
            return self.machine.ask(Request(name, self.now, arguments, self._fuse, silent))
        except Died:
            self._fuse = ("", 1)
            self._owes(self.now)
            return None

    def _tick(self) -> None:
        whole = self.now - self._whole >= WHOLE
        answer = self._try("tick", whole)
        if answer is None:
            self.now += RETRY  # it is started again, and what is due still is
            return
        self._ticked, self._due = self.now, answer[1]
        self._whole = self.now if whole else self._whole

    def _next_tick(self) -> datetime:
        gap = ALERT if self._alert > self._ticked else SLOT
        whole = self._whole + WHOLE
        return max(self._ticked + gap, min(self._due or whole, whole))

    def _owes(self, moment: datetime) -> None:
        self._due = min(self._due or moment, moment)

    def _hand_out(self) -> None:
        for message in self.machine.collect():
            self.heard(message)
            if message.receipt:
                self._push(message.openid, messages.confirmation(message.receipt))

    def _arm(self) -> None:
        label = self.dice.choice(LABELS)
        self._fuse = (label, self.dice.randint(1, DEEP.get(label, 3)))

    def _lock_the_next_push(self) -> None:
        self._lock_next = True

    @contextmanager
    def _maybe_locked(self) -> Iterator[None]:
        """Something foreign writes, a shell or a copying tool, for longer than we wait."""
        if not self._lock_next:
            yield
            return
        self._lock_next = False
        self.locked += 1
        url = self.machine.settings.sqlalchemy_url
        stranger = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        try:
            stranger.execute("BEGIN IMMEDIATE")
            yield
        finally:
            stranger.close()
