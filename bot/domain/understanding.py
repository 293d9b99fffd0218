"""What reading a text tells: guesses, each with the words that led to it.

`bot.nlp` makes these values; dialog and routing decide on them. Offsets count characters of the
text as given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

Urgency = Literal["normal", "urgent", "emergency"]
Intent = Literal[
    "demand", "suggestion", "praise", "followup", "command", "chat", "abuse", "spam", "human"
]
Script = Literal["mongolian", "cyrillic", "latin"]
"""Scripts other than Chinese characters in which people write to us."""
Handling = Literal["normal", "named_members", "named_staff"]
Weighed = tuple[tuple[str, float], ...]
"""What a word counts for: category and weight; nothing when it only keeps shorter words from
counting."""

Where = tuple[str | None, str | None]
"""Full name of the street, town or area, and of the district."""


DANGER = "danger"
"""What the words of an emergency speak for where it is not sure which one it is."""


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """One candidate category; `p` between 0 and 1, all candidates sum to at most 1."""

    code: str
    p: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word that counted: for which code (category, intent, emergency) and how much."""

    word: str
    code: str
    weight: float
    whole: bool = True
    """Not a piece that only the examples know: 没有路 tells nobody why."""


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place found in the text. `unit`: full name of the street, town or area it lies in.
    `sure` means it may route by itself; otherwise it is only weak evidence."""

    name: str
    unit: str | None
    district: str | None
    sure: bool
    options: tuple[tuple[str | None, str | None], ...] = ()
    """Unit and district of each meaning, where the name has several and nothing tells which."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A span of personal data: kind as in bot/data/pii.json."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text that is about one matter."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one text says to us."""

    text: str
    masked: str
    intent: Intent
    categories: tuple[CategoryScore, ...]
    """Best first; empty when no word counted."""
    confident: bool
    """False: a person should look before it goes anywhere."""
    urgency: Urgency
    emergency: str | None
    """Code of the emergency class, when urgency is "emergency"."""
    places: tuple[PlaceHit, ...]
    pii: tuple[PersonalData, ...]
    parts: tuple[Part, ...]
    evidence: tuple[Evidence, ...]
    handling: Handling = "normal"
    """Of the best category; named_staff also when a category for named members meets a risk cue."""
    want_human: bool = False
    angry: bool = False
    command: str | None = None
    """The exact command word, when intent is "command"."""
    elsewhere: tuple[PlaceHit, ...] = ()
    """Places of a location that was sent, where the words surely name another: those count."""
    script: Script | None = None
    """When it is not written in Chinese characters: who reads that must look."""
    phones: tuple[str, ...] = ()
    """The phone numbers in the words, in digits."""

    @property
    def category(self) -> str | None:
        """Code of the best category."""
        return self.categories[0].code if self.categories else None


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    """What the rest of the system needs to know of a category (from bot/data/categories.json)."""

    code: str
    name: str
    days: int
    """Working days for the answer: 3, 5 or 15."""
    handling: Handling
    sector_units: tuple[str, ...]
    """Short names of the sectors, best first; the first active studio assists."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What the office wrote over a category; empty: the product's own."""

    sectors: tuple[str, ...] = ()
    name: str = ""
    days: int | None = None

    def over(self, info: CategoryInfo) -> CategoryInfo:
        """The category as the office has it."""
        return replace(
            info, name=self.name or info.name, days=self.days or info.days,
            sector_units=self.sectors or info.sector_units,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmergencyInfo:
    """An emergency class: the numbers to call and what to tell the person."""

    code: str
    name: str
    phones: tuple[str, ...]
    reply: str


class Understander(Protocol):
    """Reads text. Immutable: a new lexicon makes a new one."""

    version: str
    categories: dict[str, CategoryInfo]
    emergencies: dict[str, EmergencyInfo]
    words: Mapping[str, Weighed]
    """The product's own words of categories, folded, without the office's."""

    def with_words(self, office: Mapping[str, Weighed]) -> "Understander":
        """The same with just these words of the office over the product's; nothing: it counts no
        more. Takes milliseconds."""
        ...

    def with_places(self, office: Mapping[str, Where]) -> "Understander":
        """The same with just these places of the office over the product's. Takes milliseconds."""
        ...

    def unlisted(self, masked: str) -> tuple[str, ...]:
        """Names in a masked text that look like places and are in no list; a few at most."""
        ...

    def read(self, text: str) -> Reading:
        """Read one text; pure computation, never raises for any text."""
        ...
