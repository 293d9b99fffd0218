"""拆单: two matters in one message. Which clauses it has, and which make the second matter."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.understanding import Reading

_END = re.compile(r"[，,。；;！!？?\n]+")
_EDGE = " \t\n，,；;、"


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the text, with its own stop. `masked`: its words, personal data covered;
    `second`: the machine takes it for the second matter."""

    start: int
    end: int
    masked: str
    second: bool


def clauses(reading: Reading) -> tuple[Clause, ...]:
    """The clauses of a text in order; together they are all of it. Never cut within a number or a
    name that is covered."""
    text = reading.text
    cuts = {match.end() for match in _END.finditer(text)} | {part.start for part in reading.parts}
    cuts -= {at for one in reading.pii for at in range(one.start + 1, one.end)}
    stops = [0, *sorted(at for at in cuts if 0 < at < len(text)), len(text)]
    covered = "".join(
        "*" if any(one.start <= at < one.end for one in reading.pii) else sign
        for at, sign in enumerate(text)
    )
    first, last = _second(reading)
    pairs = ((a, b) for a, b in pairwise(stops) if a < b)
    return tuple(Clause(a, b, covered[a:b].strip(), first <= a < last) for a, b in pairs)


def _second(reading: Reading) -> tuple[int, int]:
    if len(reading.parts) < 2:
        return len(reading.text), len(reading.text)
    return reading.parts[1].start, reading.parts[1].end


def divided(text: str, found: Collection[Clause], chosen: Collection[int]) -> tuple[str, str]:
    """What stays and what goes, when the clauses with these places (from 0) go."""
    pieces = [(number in chosen, text[one.start : one.end]) for number, one in enumerate(found)]
    stays = "".join(words for goes, words in pieces if not goes)
    goes = "".join(words for goes, words in pieces if goes)
    return stays.strip(_EDGE), goes.strip(_EDGE)
