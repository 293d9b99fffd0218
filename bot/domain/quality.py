"""Which closed cases somebody of the office reads again, and what two people must agree on."""

import hashlib
from enum import StrEnum

ONE_IN = 10
"""Of so many closed cases one is read again."""


class Review(StrEnum):
    """Where a case stands that is to be read again."""

    WANTED = "wanted"
    GOOD = "good"
    POOR = "poor"
    """The answer says too little, or not what was done."""


class Unreasonable(StrEnum):
    """不合理: what was asked for can't be granted to anybody. It takes two people to say so."""

    SAID = "said"
    AGREED = "agreed"


def is_sampled(number: str) -> bool:
    """Whether the case with this number is read again: by its number alone, so that nobody picks
    and nobody is spared."""
    return hashlib.sha256(number.encode()).digest()[0] * ONE_IN < 256
