"""Photos, voice and video that people send: how large, of what type, and how long they last.

The platform keeps a file for three days (its page on temporary media) and then answers 40007.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

MIB = 2**20
LIFETIME = timedelta(days=3)
"""How long the platform keeps what a person sent."""

GONE = 40007
"""The platform's code for a media id that it doesn't know or has forgotten."""


class MediaState(StrEnum):
    """What became of an attachment's file."""

    NONE = "none"
    """A place or a link: nothing to fetch."""
    WAITING = "waiting"
    KEPT = "kept"
    LOST = "lost"
    """The platform has it no more."""
    REFUSED = "refused"
    """Too large, or not what it claims to be."""
    ERASED = "erased"
    """Its words are gone; the file goes with the next run of the job."""


class TooLarge(Exception):
    """More bytes than a file of its kind may have."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`limit`: bytes. `types`: what the content itself may turn out to be."""

    limit: int
    types: frozenset[str]


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "image": Rule(10 * MIB, frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})),
        "voice": Rule(2 * MIB, frozenset({"audio/amr", "audio/amr-wb", "audio/mpeg", "audio/ogg"})),
        "video": Rule(20 * MIB, frozenset({"video/mp4"})),
    }
)
"""Kind of attachment → what is kept of it. Kinds that are not here have no file."""


def type_of(content: bytes) -> str:
    """The type that the first bytes show; empty when none that we know. What a server says of a
    file is not asked: a page that says it is a picture would be shown as one."""
    if content[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    if content[:3] == b"ID3" or (content[:1] == b"\xff" and content[1:2] in b"\xfb\xf3\xf2"):
        return "audio/mpeg" if len(content) > 2 else ""
    return next((mime for head, mime in _HEADS if content.startswith(head)), "")


_HEADS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"#!AMR-WB\n", "audio/amr-wb"),
    (b"#!AMR\n", "audio/amr"),
    (b"OggS", "audio/ogg"),
)


def first_state(kind: str, media_id: str) -> MediaState:
    """Of a new attachment."""
    return MediaState.WAITING if media_id and kind in RULES else MediaState.NONE


def next_try(attempts: int, now: datetime, wait: int = 0) -> datetime:
    """When to ask again after this many tries: half a minute, doubling up to an hour, and never
    earlier than the platform asks for (`wait`, seconds)."""
    backoff = min(30 * 2 ** min(attempts - 1, 7), 3600)
    return now + timedelta(seconds=max(backoff, wait))


def is_over(sent_at: datetime, now: datetime) -> bool:
    """Whether the platform has forgotten it by now."""
    return now >= sent_at + LIFETIME
