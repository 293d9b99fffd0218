"""What was said about a case, to and fro, in order: the resident's messages with what came along,
our replies, and what people of ours wrote. Personal data is covered."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.showing import say_when
from bot.models.cases import Attachment, Case, Event
from bot.models.conversation import Message
from bot.services.reading import cover
from bot.services.turn import Turn
from bot.store import cases, conversation, events, organisation

MOST = 60
"""Messages of a case that are shown, the newest."""
WRITTEN = {"asked": "question", "written": "words"}
"""Kinds of events by which somebody of ours wrote to the resident → where the words stand."""


_TAG = re.compile(r"<[^<>]*>")
"""Links of our own replies; what people write is left as it is."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A photo, voice, video, place or link. `state`, `mime`: bot.domain.media; `title`: of a place
    or link, or the station that added a photo."""

    id: int
    kind: str
    title: str
    state: str
    mime: str


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said. `side`: resident, opener (who wrote it down for somebody), us (a
    reply by itself) or person (`who`)."""

    at: datetime
    when: str
    side: str
    who: str
    words: str
    sent: tuple[Sent, ...]


def said(turn: Turn, case: Case) -> tuple[Said, ...]:
    """Oldest first; nothing where only the case's first words were said and nothing replied: they
    stand there anyhow."""
    messages = conversation.messages_of_case(turn.session, case.id, MOST)
    files = cases.attachments(turn.session, case.id)
    shown = {message.id for message in messages}
    lines = [line for each in messages for line in _message(turn, case, each, files)]
    lines += [_loose(turn, each) for each in files if each.message_id not in shown]
    lines += _written(turn, case)
    if len(lines) < 2 and not any(line.sent for line in lines):
        return ()
    return tuple(sorted(lines, key=lambda line: line.at))


def _message(
    turn: Turn, case: Case, message: Message, files: Iterable[Attachment]
) -> Iterable[Said]:
    own = message.contact_id == case.contact_id
    sent = tuple(_sent(turn, each) for each in files if each.message_id == message.id)
    at = message.received_at
    if message.text or sent:
        yield _said(turn, at, "resident" if own else "opener", words=message.text, sent=sent)
    reply = _TAG.sub("", str(message.reply.get("text", "")))
    if reply and own:
        yield _said(turn, at, "us", words=reply)


def _loose(turn: Turn, file: Attachment) -> Said:
    """By a page: the resident's own, or a station's, whose name stands with it."""
    side = "person" if file.kind == "image" and file.title else "resident"
    return _said(
        turn, file.created_at, side, who=file.title if side == "person" else "",
        sent=(_sent(turn, file),),
    )  # fmt: skip


def _written(turn: Turn, case: Case) -> list[Said]:
    found = [e for e in events.of_case(turn.session, case.id) if e.kind in WRITTEN]
    ids = {event.post_id for event in found if event.post_id is not None}
    names = {post.id: post.person for post in organisation.posts_by_id(turn.session, ids)}
    return [_by_person(turn, event, names.get(event.post_id or 0, "")) for event in found] + (
        [_said(turn, case.answered_at, "person", words=case.answer)]
        if case.answered_at is not None and case.answer
        else []
    )


def _by_person(turn: Turn, event: Event, who: str) -> Said:
    words = str(event.data.get(WRITTEN[event.kind], ""))
    return _said(turn, event.at, "person", who=who, words=words)


def _said(
    turn: Turn, at: datetime, side: str, *, who: str = "", words: str = "",
    sent: tuple[Sent, ...] = (),
) -> Said:  # fmt: skip
    words = cover(turn.deps, words)
    return Said(at, say_when(at, turn.now), side, who, words, sent)


def _sent(turn: Turn, file: Attachment) -> Sent:
    title = file.title if file.kind == "image" else cover(turn.deps, file.title)
    return Sent(file.id, file.kind, title, file.state, file.mime)
