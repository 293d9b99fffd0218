"""Rungs of a ladder: when a reminder or escalation is due, to whom, and what it does.

Ladders are edited by the office and snapshotted on every clock as JSON, so reading one back
checks it; a LadderError names the rung (counted from 1) and what is wrong with it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any, Self

from bot.domain.deadlines import Span
from bot.domain.roles import Role


class RungError(ValueError):
    """One rung can't be read. `why` is the fault's short name (ladder.* in bot/data/texts.toml), by
    which the office is told."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class LadderError(ValueError):
    """A ladder that contradicts itself or can't be read."""


AUDIENCES = frozenset(Role) | {"holder", "owner", "resident", "staff", "supervisor", "system"}
"""A role (of the owning station, of its district, or of the office); `holder` is whoever holds
the clock, `owner` whoever has the case, `staff` is the intake desk, `supervisor` the leader who
supervises it, `system` is nobody: the rung
only has an effect."""

ENDINGS = frozenset(
    {
        *("dispatch", "close_unrated", "lapse_question", "end_hold", "lapse_assist"),
        *("watch_progress", "press_on", "end_drill", "lapse_offer"),
    }
)
"""What a rung may do besides telling, and its clock is over with it: it must be the last rung.
`watch_progress` and `press_on` start another of its kind; no ladder is written with `end_drill`,
see ladders.wound_up."""

CHANGES = frozenset({"supervise", "co_owner"})
"""What else it may change, while its clock runs on: the first leader told supervises the case; the
first person told of its station has it in hand as well, and hears what its owner hears."""

EFFECTS = ENDINGS | CHANGES


class Basis(StrEnum):
    """What the time of a rung is counted from."""

    START = "start"
    SHARE = "share"
    BEFORE_DUE = "before_due"
    AFTER_DUE = "after_due"


@dataclass(frozen=True, slots=True)
class After:
    """When a rung is due: "50%" of the clock, "5m" from its start, "due-1d" before and "+1d" after
    its 100 % point. Lengths are wall time or working time, whichever the clock counts."""

    basis: Basis
    share: int = 0
    """Percent, 0 to 100."""
    span: Span | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one; ValueError says what is wrong."""
        if share := re.fullmatch(r"([0-9]{1,4})%", text):
            if int(share[1]) > 100:
                raise RungError("past_end", f"{text} is past the end; write +1d for a day after it")
            return cls(Basis.SHARE, share=int(share[1]))
        for prefix, basis in (("due-", Basis.BEFORE_DUE), ("+", Basis.AFTER_DUE)):
            if text.startswith(prefix):
                return cls(basis, span=Span.parse(text.removeprefix(prefix)))
        if text.startswith("-"):
            raise RungError(
                "negative", f"{text} is negative; write due{text} for a time before the end"
            )
        return cls(Basis.START, span=Span.parse(text))

    def __str__(self) -> str:
        prefix = {Basis.BEFORE_DUE: "due-", Basis.AFTER_DUE: "+"}.get(self.basis, "")
        return f"{self.share}%" if self.span is None else f"{prefix}{self.span}"

    def contradicts(self, later: "After") -> bool:
        """Whether this, as an earlier rung, can only come after `later`."""
        if self.basis == later.basis:
            return self._size() > later._size()
        if self.basis == Basis.AFTER_DUE:
            return True
        whole = self.basis == Basis.SHARE and self.share == 100
        return whole and later.basis == Basis.BEFORE_DUE and later._size() < 0

    def _size(self) -> float:
        if self.span is None:
            return self.share
        seconds = self.span.length.total_seconds()
        return -seconds if self.basis == Basis.BEFORE_DUE else seconds


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: `notice` (a kind of notice, "" for none) to `audience`; `effect` or None."""

    after: After
    audience: str
    notice: str
    effect: str | None = None

    def __post_init__(self) -> None:
        if self.audience not in AUDIENCES:
            raise RungError("nobody", f"nobody to tell: {self.audience!r} is no role or audience")
        if self.effect is not None and self.effect not in EFFECTS:
            raise RungError("effect", f"unknown effect {self.effect!r}")
        if not self.notice and self.effect not in ENDINGS:
            raise RungError("nothing", "neither a notice nor an effect")

    def to_json(self) -> dict[str, Any]:
        """As plain data; Rung.from_json reads it back."""
        return {
            "after": str(self.after),
            "audience": self.audience,
            "notice": self.notice,
            "effect": self.effect,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read one rung; ValueError says what is wrong."""
        fields = [data.get("after"), data.get("audience"), data.get("notice", "")]
        effect = data.get("effect")
        texts = [value for value in fields if isinstance(value, str)]
        if len(texts) < 3 or not (effect is None or isinstance(effect, str)):
            raise RungError(
                "no_text", "after, audience and notice must be text, effect text or null"
            )
        return cls(After.parse(texts[0]), texts[1], texts[2], effect)


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of a running clock and its moment (aware UTC)."""

    rung: Rung
    at: datetime


def rung(after: str, audience: str, notice: str, effect: str | None = None) -> Rung:
    """A rung written short, for tables."""
    return Rung(After.parse(after), audience, notice, effect)


def checked(ladder: Iterable[Rung]) -> tuple[Rung, ...]:
    """The ladder itself, or LadderError when its order contradicts itself."""
    rungs = tuple(ladder)
    for number, (earlier, later) in enumerate(pairwise(rungs), start=1):
        if earlier.after.contradicts(later.after):
            raise LadderError(f"rung {number + 1}: {later.after} comes before {earlier.after}")
        if earlier.effect in ENDINGS:
            raise LadderError(f"rung {number}: {earlier.effect} ends the clock, but rungs follow")
    return rungs


def ladder_to_json(ladder: Iterable[Rung]) -> list[dict[str, Any]]:
    """As plain data; ladder_from_json reads it back."""
    return [each.to_json() for each in ladder]


def ladder_from_json(data: Sequence[Mapping[str, Any]]) -> tuple[Rung, ...]:
    """Read and check a ladder; LadderError says which rung and why."""
    return checked(_read_rung(number, each) for number, each in enumerate(data, start=1))


def steps_to_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The snapshot kept with a clock: rungs with their moments in ISO 8601, UTC."""
    return [s.rung.to_json() | {"at": s.at.astimezone(UTC).isoformat()} for s in steps]


def steps_from_json(data: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Read a snapshot back. Its moments decide, so they must never go back in time."""
    rungs = ladder_from_json(data)
    times = [_read_time(number, each.get("at")) for number, each in enumerate(data, start=1)]
    for number, (earlier, later) in enumerate(pairwise(times), start=2):
        if later < earlier:
            raise LadderError(f"rung {number}: its moment is before that of the rung above")
    return tuple(map(Step, rungs, times))


def _read_rung(number: int, data: Mapping[str, Any]) -> Rung:
    try:
        return Rung.from_json(data)
    except ValueError as error:
        raise LadderError(f"rung {number}: {error}") from error


def _read_time(number: int, text: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise LadderError(f"rung {number}: {text!r} is no moment") from error
    if at.tzinfo is None:
        raise LadderError(f"rung {number}: {text!r} has no time zone")
    return at.astimezone(UTC)
