"""What an examination of the system finds, in words for whoever runs it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import Literal, TypeVar

from bot.services.ports import Deps

Level = Literal["ok", "warn", "fail"]
T = TypeVar("T")
RANK: dict[Level, int] = {"ok": 0, "warn": 1, "fail": 2}


@dataclass(frozen=True, slots=True)
class Found:
    """One observation: how bad it is, what was seen, and what to do about it (Chinese)."""

    level: Level
    found: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What the checks of one examination share.

    `platform_time` asks the platform's server what time it has; None when it doesn't say. `asked`
    keeps what the platform answered, so that it is asked once.
    """

    deps: Deps
    platform_time: Callable[[], datetime | None]
    patience: float = 5.0
    """Seconds that any one question to the platform may take."""
    asked: dict[str, object] = field(default_factory=dict)

    @property
    def real(self) -> bool:
        """Real people depend on it (trial and production)."""
        return self.deps.settings.mode != "demo"

    @property
    def grave(self) -> Level:
        """How bad something is that only matters to real people."""
        return "fail" if self.real else "warn"


def sum_up(found: Sequence[Found], well: str) -> Found:
    """The worst level with everything that was found; `well` where nothing was."""
    if not found:
        return Found("ok", well)
    worst = max((one.level for one in found), key=RANK.__getitem__)
    doing = dict.fromkeys(one.do for one in found if one.do)
    return Found(worst, "；".join(one.found for one in found), "；".join(doing))


def within(seconds: float, work: Callable[[], T]) -> T:
    """The result of `work`, or its exception; TimeoutError when it takes longer. It then goes on in
    a thread that nobody waits for: a name server that never answers has no time-out of its own."""
    box: list[T] = []
    trouble: list[Exception] = []

    def run() -> None:
        try:
            box.append(work())
        except Exception as error:
            trouble.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if trouble:
        raise trouble[0]
    if not box:
        raise TimeoutError
    return box[0]
