"""Same matter (同一件事): how likely two cases speak of one thing, and why."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """A reason, for or against."""

    WORDS = "words"
    """Both have these stretches; most are names."""
    CATEGORY = "category"
    """Both are of one category."""
    DAYS = "days"
    """So many days lie between the two."""
    OTHER_DISTRICT = "other_district"
    OTHER_NUMBER = "other_number"
    """Both name one, and another one."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`said`: the words, a category's code, a number of days; empty where there is no more to
    say."""

    why: Why
    said: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score`: between 0 and 1; `same`: high enough to be suggested to the office; `sure`: so high,
    and of one place and category, that residents are told how many said it; `reasons`: of what is
    the same."""

    score: float
    same: bool
    sure: bool
    reasons: tuple[Reason, ...]


class Verdict(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"
    TAKEN = "taken"
    """One went into the other (并案)."""
    REFUSED = "refused"
    """不是同一件: a person looked; it is kept as a label for training."""
