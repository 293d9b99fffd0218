"""The words in which the dialog thinks: what it knows of a conversation, and what a message
may ask us to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.domain.understanding import Reading

QuestionKind = Literal[
    "place", "what", "matter", "asked", "solved", "satisfied", "lasting", "withdraw", "find",
    "digits", "photo", "helped"
]  # fmt: skip

QUESTION_RANK: dict[QuestionKind, int] = {
    "withdraw": 0, "digits": 0, "find": 1, "matter": 1, "photo": 1, "asked": 2, "what": 3,
    "place": 3, "helped": 3, "solved": 4, "satisfied": 4, "lasting": 5,
}  # fmt: skip
"""A question of lower rank may replace an open one of higher rank, never the reverse."""

FLEETING: frozenset[QuestionKind] = frozenset({"withdraw", "find", "matter", "digits", "photo"})
"""Over as soon as the person speaks of something else: a "是" of next week must not withdraw."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What we asked last and still may be answered."""

    id: int
    kind: QuestionKind
    case_id: int | None
    category: str | None = None
    """Of that case, which may be over by now (lasting)."""
    asked_at: datetime = LONG_AGO


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One of the sender's own open cases."""

    id: int
    number: str
    state: str
    category: str | None
    settling: bool = False
    """It still takes in pieces."""
    queue: str | None = None
    created_at: datetime = LONG_AGO
    place: str | None = None
    spoken_at: datetime | None = None
    """When its resident last spoke of how it went, or a station's question to them was over."""


RECENT = timedelta(days=1)
FRESH_EMERGENCY = timedelta(hours=1)
PHOTO_TIME = timedelta(minutes=10)
"""So long photos come after 图37 or another act, or wait for 图37."""
STILL_ABOUT = timedelta(days=3)
"""So long what somebody adds is about what was spoken of last: over a weekend."""


def settling_among(own: Sequence[OwnCase]) -> int | None:
    """The case that still takes in pieces."""
    return next((case.id for case in own if case.settling), None)


def recent_among(own: Sequence[OwnCase], now: datetime) -> int | None:
    """The newest unanswered case, if it is younger than a day."""
    found = (c for c in own if c.state != "answered" and c.created_at > now - RECENT)
    return next((case.id for case in found), None)


def emergency_among(own: Sequence[OwnCase], now: datetime) -> int | None:
    """The newest emergency of the last hour that nobody settled yet."""
    at_desk = (c for c in own if c.state == "new" and c.queue == "emergency")
    return next((c.id for c in at_desk if c.created_at > now - FRESH_EMERGENCY), None)


def spoken_of_among(own: Sequence[OwnCase], now: datetime) -> OwnCase | None:
    """The unanswered case that was spoken of last, unless a newer matter came after."""
    told = [(c.spoken_at, c) for c in own if c.spoken_at is not None and c.state != "answered"]
    if not told:
        return None
    at, case = max(told, key=lambda pair: pair[0])
    newer = any(c.created_at > at for c in own)
    return None if newer or at <= now - STILL_ABOUT else case


@dataclass(frozen=True, slots=True)
class DialogState:
    """All that a turn depends on besides the message itself."""

    question: OpenQuestion | None = None
    settling: int | None = None
    """Id of the case that still takes in pieces."""
    own_cases: tuple[OwnCase, ...] = ()
    """Open ones, newest first."""
    recent: int | None = None
    """Id of the newest own case if it is open and younger than a day."""
    emergency: int | None = None
    """Id of an own emergency that the duty desk still has: what is said goes there."""
    codes: frozenset[int] = frozenset()
    """Item codes that the sender has in hand."""
    has_posts: bool = False
    acted: int | None = None
    """Id of the item that the sender has just answered or told of: photos go there."""
    spoken_of: OwnCase | None = None
    """An own case that was opened again, or asked about by its station, a short while ago."""

    def still_about(self, reading: Reading) -> int | None:
        """The case spoken of last, when nothing else is asked and what is said names no other
        topic or place: 还是黑的 after 没有."""
        case = self.spoken_of
        if case is None or self.question is not None:
            return None
        guarded = reading.handling != "normal" or reading.urgency == "emergency"
        sure = reading.confident or reading.intent != "chat"
        another = sure and reading.category not in (None, case.category)
        elsewhere = case.place is not None and any(p.name != case.place for p in reading.places)
        return None if guarded or another or elsewhere else case.id


@dataclass(frozen=True, slots=True)
class Bind:
    """The sender typed an invitation code, or scanned it as a personal QR code. `digits`: the last
    four of the phone that the roster has, when they came along."""

    code: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class ItemAct:
    """A member acts on the item with this code of his own."""

    verb: str
    code: int
    text: str
    number: str = ""
    """The case's own number (YYMMDD-NNNN), typed instead of a code: a leader has none in hand."""


@dataclass(frozen=True, slots=True)
class ItemPhoto:
    """A member's photo for the item that they have just done something with."""

    case_id: int


@dataclass(frozen=True, slots=True)
class Slip:
    """A member or a station's staff writes a demand down for somebody else (开单)."""

    text: str


@dataclass(frozen=True, slots=True)
class Leave:
    """A member is away for some days (请假); `text`: which, and who stands in."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """The answer to our question; `value` as in bot.domain.words, `comment` what else was said.
    `satisfied`: the next question was answered in the same breath."""

    question: OpenQuestion
    value: str
    comment: str = ""
    satisfied: str = ""


@dataclass(frozen=True, slots=True)
class StaleTap:
    """A choice was tapped under a question that is not the open one."""

    question_id: int
    value: str


@dataclass(frozen=True, slots=True)
class NewCase:
    """Register what was said as a case. `fresh`: a settling case is complete first."""

    text: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One more piece of a case that is still open to it."""

    case_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Chase:
    """The sender asks how his open case is going (催办); the words are kept with it."""

    case_id: int
    text: str


@dataclass(frozen=True, slots=True)
class ShowCase:
    """Show the case of this number if it is the sender's own."""

    number: str


@dataclass(frozen=True, slots=True)
class Command:
    """A menu word: new, progress, find, human, withdraw, refuse, agree, help, items, one, more,
    back (销假).
    `number`: the case that was named with it."""

    name: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Small:
    """No case: welcome, greeting, thanks, praise, abuse, spam, unclear, script, sticker, empty;
    photo: one that nobody asked a member for; not_photo: something else when photos were."""

    kind: str


@dataclass(frozen=True, slots=True)
class Ignore:
    """Acknowledge and say nothing."""


Move = (
    Bind | ItemAct | ItemPhoto | Slip | Leave | AnswerQuestion | StaleTap | NewCase | Piece | Chase
    | ShowCase | Command | Small | Ignore
)  # fmt: skip
