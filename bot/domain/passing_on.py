"""A rung whose people can't be reached passes on, at the same instant, to the next who can.

Pure: who there is and why somebody can't be reached is told by `look`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

CHAIN = ("holder", "second_convener", "station_head", "district_convener", "staff")
"""Whom a rung of a station passes to, one after the other; the intake desk is the last."""
_ENTERS = {"holder": 1, "owner": 1, "first_convener": 1, "second_convener": 2, "station_head": 3,
           "district_convener": 4}  # fmt: skip
"""Where in the chain the next audience stands. Others have nobody after them: emergencies and the
office's own rungs have alarms and ladders that already name everybody."""


NOBODY = "nobody holds"
"""So begins what was in the way where an audience is empty."""


class Trouble(StrEnum):
    """Why a person of a rung can't be told where they are."""

    UNBOUND = "unbound"
    UNSUBSCRIBED = "unsubscribed"
    ON_LEAVE = "on leave"
    """And nobody stands in."""
    STOOD_IN = "on leave, told the stand-in"
    """Not in the way: somebody hears of it. The history says why it was not the person."""


_HEARS = frozenset({None, Trouble.STOOD_IN})


@dataclass(frozen=True, slots=True)
class Passed:
    """`to`: the audiences to tell, the rung's own first, then where it passed to. `why`: what was
    in the way, as the event keeps it; empty when nothing was."""

    to: tuple[str, ...]
    why: str = ""


OUTSIDE = frozenset({"district_convener", "staff"})
"""Not of the station: what is for named members never passes there."""


def pass_on(
    audience: str, look: Callable[[str], Sequence[Trouble | None]], *, within: bool = False
) -> Passed:
    """Who is told. `look` gives for each person of an audience what is in the way (None: nothing).
    As soon as one person can be reached it ends there. Those who can't be reached stay among
    the told: a short message or a call of the office may still get through (but for who is on
    leave, whom bot.services.sweep leaves alone). If nobody in the
    chain can be reached, the rung stays with its own people, who are called. `within`: never
    beyond the station."""
    why: list[str] = []
    after = CHAIN[_ENTERS.get(audience, len(CHAIN)) :]
    for each in (audience, *(a for a in after if not (within and a in OUTSIDE))):
        found = look(each)
        if _HEARS & set(found):
            why += [_why(each, [Trouble.STOOD_IN])] if Trouble.STOOD_IN in found else []
            return Passed(tuple(dict.fromkeys((audience, each))), "; ".join(why))
        why.append(_why(each, found))
    return Passed((audience,), "; ".join(why))


def stay(audience: str, found: Sequence[Trouble | None]) -> Passed:
    """A rung that never passes on; said is who is missing, and who is told instead of somebody."""
    if not found:
        return Passed((audience,), _why(audience, found))
    away = [t for t in found if t in (Trouble.ON_LEAVE, Trouble.STOOD_IN)]
    return Passed((audience,), _why(audience, away) if away else "")


def _why(audience: str, found: Sequence[Trouble | None]) -> str:
    if not found:
        return f"{NOBODY} {audience}"
    return f"{audience} " + ", ".join(dict.fromkeys(str(t) for t in found if t is not None))
