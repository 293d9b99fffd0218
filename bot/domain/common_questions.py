"""The list of common questions (常见问题): what an entry holds, when it counts, what is wrong.

An answer from the list goes to residents without anybody looking, so an entry says where it comes
from and until when it holds; one that is past its day stops by itself.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from bot.domain.understanding import PlaceHit, Reading

SOON = timedelta(days=14)
"""So long before its last day an entry is shown as one to look at."""
FARTHEST = timedelta(days=731)
"""Nobody knows what holds longer: it is looked at again by then."""
WORDINGS = 10
SHORTEST = 4
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "question": "问题",
        "wordings": "别的问法",
        "answer": "答案",
        "source": "出处",
        "category": "类别",
        "place": "地方",
        "valid_until": "有效到",
        "ended": "停用",
    }
)
"""What is kept of an entry, and what its past calls it."""
LONGEST: Mapping[str, int] = MappingProxyType(
    {"question": 100, "wordings": 100, "answer": 600, "source": 200}
)
"""Characters; of each of the wordings. A message holds 600 with what stands around it."""


class Standing(StrEnum):
    """Whether an entry answers anybody."""

    VALID = "valid"
    SOON = "soon"
    """It does, and is to be looked at within two weeks."""
    EXPIRED = "expired"
    ENDED = "ended"


STANDINGS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.VALID: "在用",
        Standing.SOON: "快到期",
        Standing.EXPIRED: "过期了",
        Standing.ENDED: "停用",
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with its answer. `district` and `street` by their full names; without them it
    holds everywhere. `valid_until`: the last day, in Beijing. `version` grows with every change."""

    code: str
    question: str
    wordings: tuple[str, ...]
    answer: str
    source: str
    category: str | None
    district: str | None
    street: str | None
    valid_until: date
    ended_at: datetime | None = None
    version: int = 1
    saved_at: datetime | None = None
    id: int | None = None
    """None before it is kept."""

    @property
    def place(self) -> str:
        """Where it holds, for people; empty: everywhere."""
        return self.street or self.district or ""


def standing(entry: Entry, today: date) -> Standing:
    """How an entry stands on that day."""
    if entry.ended_at is not None:
        return Standing.ENDED
    if entry.valid_until < today:
        return Standing.EXPIRED
    return Standing.SOON if entry.valid_until - today <= SOON else Standing.VALID


def answers(entry: Entry, today: date) -> bool:
    """Whether residents get it on that day."""
    return standing(entry, today) in (Standing.VALID, Standing.SOON)


class Said(StrEnum):
    """What came of an answer from the list."""

    YES = "yes"
    NO = "no"
    WORDS = "words"
    """The resident said more."""
    SILENCE = "silence"
    OFFICE = "office"
    """Somebody of the office took the case up before a word came."""


@dataclass(frozen=True, slots=True)
class Match:
    """The entry that answers a question, and how sure that is (0 to 1)."""

    entry: Entry
    score: float


@dataclass(frozen=True, slots=True)
class Asks:
    """Whether a message only asks, and what the list has for it."""

    asks: bool
    match: Match | None = None


class Answers(Protocol):
    """The list as residents are answered from it. Immutable: a changed list makes a new one."""

    def find(self, reading: Reading, scene: PlaceHit | None = None) -> Asks:
        """What the list has for a message; pure computation. `scene`: where the poster hangs that
        was scanned before."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an entry can't be kept: the field, and the key of a sentence with its values."""

    field: str
    key: str
    values: Mapping[str, object]


def faults(entry: Entry, today: date) -> tuple[Fault, ...]:
    """Everything wrong with its words and its day; personal data and names of places are the
    service's to check."""
    found = []
    for field in ("question", "answer", "source"):
        words = getattr(entry, field)
        if len(words) < (SHORTEST if field == "question" else 1):
            found.append(_fault(field, "question.missing"))
        elif len(words) > LONGEST[field]:
            found.append(_fault(field, "question.long", most=LONGEST[field], now=len(words)))
    longest = max(map(len, entry.wordings), default=0)
    if len(entry.wordings) > WORDINGS or longest > LONGEST["wordings"]:
        found.append(_fault("wordings", "question.wordings", most=WORDINGS))
    if not today <= entry.valid_until <= today + FARTHEST:
        found.append(_fault("valid_until", "question.day"))
    return tuple(found)


def _fault(field: str, key: str, **values: object) -> Fault:
    return Fault(field, key, {"field": FIELDS[field], **values})


def lines(words: str) -> tuple[str, ...]:
    """Wordings, one a line, each once; case, width and punctuation tell none apart."""
    found: dict[str, str] = {}
    for line in words.splitlines():
        said = line.strip()
        if said:
            found.setdefault(alike(said), said)
    return tuple(found.values())


def alike(words: str) -> str:
    """What two wordings of the same have in common."""
    folded = unicodedata.normalize("NFKC", words).lower()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


def differences(was: Entry | None, now: Entry) -> dict[str, list[str]]:
    """Field → was, is: for the past of the entry."""
    before, after = _told(was), _told(now)
    return {
        field: [before.get(field, ""), words]
        for field, words in after.items()
        if before.get(field, "") != words
    }


def _told(entry: Entry | None) -> dict[str, str]:
    if entry is None:
        return {}
    return {
        "question": entry.question,
        "wordings": "；".join(entry.wordings),
        "answer": entry.answer,
        "source": entry.source,
        "category": entry.category or "",
        "place": "".join(filter(None, (entry.district, entry.street))),
        "valid_until": entry.valid_until.isoformat(),
        "ended": "是" if entry.ended_at else "",
    }
