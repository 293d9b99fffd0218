"""What goes out to a person: the words of the channel port that services and channels share."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Scope = Literal["channel", "hop", "template"]

MAX_CHARACTERS = 600
MAX_BYTES = 1800
"""The platform publishes no limit for a text; about 2048 bytes have been seen to work."""

_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SENTENCE_END = re.compile("[。！？；\n][”’」』）]*")


class Action(StrEnum):
    """What the sender of an outbox row does after the platform refused it."""

    RETRY = "R"
    """Same row again, with backoff and jitter."""
    NEXT_HOP = "N"
    """Not this way: the next hop of the delivery route."""
    UNREACHABLE = "U"
    """Next hop, and this person can't be reached here until they write or follow again."""
    DEAD = "X"
    """Our mistake: dead letter, staff see it."""
    STOP = "S"
    """Nothing goes out this way (see SendError.scope) until it is repaired; rows stay queued."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel's word that a message was accepted (not that it was read)."""

    hop: str
    """custom, template, subscribe or sms"""
    message_id: str = ""


class SendError(Exception):
    """The message was not accepted; `action` says what to do now. Its text holds no secret and no
    openid, so it may be stored and logged.

    `code`: the platform's errcode; None when the platform gave no verdict.
    `unknown_outcome`: the message may have arrived all the same; a second try may double it.
    `wait`: seconds at least before the next try (RETRY) or before the way is tried again (STOP).
    `tries`: how many retries this error is worth; after them do `then`.
    `scope`: what STOP stops. `alarm`: staff must hear of it. `slower`: this hop as a whole is
    given a rest of `wait`. `many`: one such refusal concerns a person, several the account.
    `lost_consent`: the person takes no more notices of this template.
    """

    def __init__(  # the errors of the platform have this many sides
        self,
        action: Action | str,
        code: int | None,
        reason: str,
        *,
        unknown_outcome: bool = False,
        wait: int = 0,
        tries: int = 5,
        then: Action = Action.DEAD,
        scope: Scope = "channel",
        alarm: bool = False,
        slower: bool = False,
        many: bool = False,
        lost_consent: bool = False,
    ) -> None:
        super().__init__(reason)
        self.action = Action(action)
        self.code = code
        self.reason = reason
        self.unknown_outcome = unknown_outcome
        self.wait = wait
        self.tries = tries
        self.then = then
        self.scope = scope
        self.alarm = alarm
        self.slower = slower
        self.many = many
        self.lost_consent = lost_consent


def harmless(words: str) -> str:
    """A person's own words, safe inside a WeChat message to somebody else.

    The app renders `<a href>` in text messages: without this a resident could put a link of their
    choice into a push that a member trusts.
    """
    return words.replace("<", "＜").replace(">", "＞")


def printable(text: str) -> str:
    """Text without what XML 1.0 can't carry, and without the C1 controls."""
    return _FORBIDDEN.sub("", text)


def fits(text: str) -> bool:
    """Whether the platform takes the text whole."""
    return len(text) <= MAX_CHARACTERS and len(text.encode()) <= MAX_BYTES


def shorten(text: str, tail: str) -> str:
    """As much of `text` as fits together with `tail`, up to the end of a sentence; then `tail`.

    A link is kept whole or left out; a sentence that fills more than half is cut inside.
    """
    room = MAX_CHARACTERS - len(tail)
    head = text[: max(room, 0)].encode()[: max(MAX_BYTES - len(tail.encode()), 0)]
    part = head.decode(errors="ignore")
    link = part.rfind("<a ")
    if link > part.rfind("</a>"):
        part = part[:link]
    ends = [match.end() for match in _SENTENCE_END.finditer(part)]
    if ends and ends[-1] >= len(part) // 2:
        part = part[: ends[-1]]
    return part.rstrip().rstrip("\u200d") + tail
