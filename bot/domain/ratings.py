"""What follows from a resident's word on an answer. One rule, whichever way the word came."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

RATINGS = ("yes", "partly", "no")
"""What may be said to 解决了吗 and to 满意吗."""
UNRATED = "unrated"
"""Silence. Never counted as satisfied."""


class After(StrEnum):
    """What becomes of the case."""

    ASK = "ask"
    """The other question is still to be answered."""
    CLOSE = "close"
    REOPEN = "reopen"
    """Back to the station that answered, without staff."""
    STAFF = "staff"
    """A person of the office decides what comes next."""


Said = tuple[str | None, str | None]

_AFTER: Mapping[Said, tuple[After, After]] = MappingProxyType(
    {
        # (solved, satisfied): (what follows, and what when it was opened again before)
        (None, None): (After.ASK, After.ASK),
        (None, "yes"): (After.ASK, After.ASK),
        (None, "partly"): (After.ASK, After.ASK),
        (None, "no"): (After.REOPEN, After.STAFF),
        ("yes", None): (After.ASK, After.ASK),
        ("yes", "yes"): (After.CLOSE, After.CLOSE),
        ("yes", "partly"): (After.CLOSE, After.CLOSE),
        # It is solved, but how they were treated is not right yet: that is not over either.
        ("yes", "no"): (After.REOPEN, After.STAFF),
        ("partly", None): (After.ASK, After.ASK),
        ("partly", "yes"): (After.CLOSE, After.CLOSE),
        ("partly", "partly"): (After.CLOSE, After.CLOSE),
        ("partly", "no"): (After.REOPEN, After.STAFF),
        # Not solved needs no second question.
        ("no", None): (After.REOPEN, After.STAFF),
        ("no", "yes"): (After.REOPEN, After.STAFF),
        ("no", "partly"): (After.REOPEN, After.STAFF),
        ("no", "no"): (After.REOPEN, After.STAFF),
    }
)


def after_rating(
    solved: str | None, satisfied: str | None, reopened: int, *, station: bool = True
) -> After:
    """What follows when the resident said this (None: nothing yet) of a case that was opened again
    so many times before. `station`: the one that answered can still take it."""
    first, again = _AFTER[solved, satisfied]
    then = again if reopened else first
    return After.STAFF if then is After.REOPEN and not station else then
