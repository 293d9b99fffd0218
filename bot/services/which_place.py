"""Asking which of a few places is meant: once, with the places to tap on.

What is tapped is kept with the case and decides from then on, whatever its words may also mean.
"""

from collections.abc import Sequence

from bot.domain.inbound import Choice
from bot.domain.placing import options_of
from bot.domain.stations import Directory
from bot.domain.understanding import PlaceHit, Reading
from bot.models.cases import Case
from bot.services.turn import Turn

_VALUE = "p"
"""Before the number of a place, in what a tap sends back."""


def open_places(case: Case, reading: Reading, directory: Directory) -> tuple[PlaceHit, ...]:
    """The places among which only the resident can tell; none when it is clear, or was asked."""
    if "options" in case.reading:
        return ()
    return options_of(reading, directory.by_id.get(case.reading.get("scene", 0)))


def sentence(turn: Turn, found: Sequence[PlaceHit]) -> str:
    """The question itself."""
    names = {hit.name for hit in found}
    if len(names) == 1:
        return turn.say("ask.place_which", place=names.pop())
    return turn.say("ask.place_among")


def choices(case: Case, question_id: int, found: Sequence[PlaceHit]) -> tuple[Choice, ...]:
    """What can be tapped; the case remembers what it stood for."""
    case.reading = case.reading | {"options": [[hit.name, hit.unit, hit.district] for hit in found]}
    return tuple(
        Choice(f"q{question_id}.{_VALUE}{number}", label(hit)) for number, hit in enumerate(found)
    )


def label(hit: PlaceHit) -> str:
    """A place as people tell it from another one: with its district."""
    where = hit.unit or hit.name
    return where if hit.district in (None, where) else f"{hit.district}{where}"


def choose(case: Case, value: str) -> None:
    """Keep what was tapped; what is no place of the question changes nothing."""
    number = value.removeprefix(_VALUE)
    offered = case.reading.get("options", [])
    if value != number and number.isdecimal() and int(number) < len(offered):
        case.reading = case.reading | {"chosen": offered[int(number)]}
