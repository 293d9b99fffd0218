"""Sentences that people read: the product's own, with those that the office wrote over them."""

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as WaitedTooLong
from sqlalchemy.orm import Session

from bot.domain.clean import clean
from bot.services import master_history
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Author, Change
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import events, office_texts
from bot.store.unit_of_work import Database
from bot.texts import load_texts, placeholders

FRESH_SECONDS = 30
"""How long a process goes on with what it has read."""
GROUPS: Mapping[str, str] = {
    "reply": "居民发来消息时的回复",
    "ask": "问居民",
    "status": "进度",
    "notice": "通知",
    "poster": "海报",
}
"""What the office may write anew, by the first part of the key. Words that people type or tap, and
what the console says, stay as they are."""
MEANS: Mapping[str, str] = {
    "number": "编号", "due": "到什么时候", "station": "工作站", "why": "提到了什么",
    "what": "什么事",
    "code": "代号", "who": "谁", "person": "谁", "reason": "理由", "answer": "答复", "day": "哪天",
    "text": "原话", "place": "地方", "count": "几件", "phone": "电话", "days": "几天", "at": "时间",
    "holder": "谁在办", "verb": "回什么字", "url": "网址", "name": "姓名",
}  # fmt: skip
"""What a value stands for, for who writes a sentence anew; others go by their names."""
ROOM = 200
"""Characters that every sentence may have; a long one twice its own."""
_HOLE = re.compile(r"\{[^{}]*\}")


class OfficeSentences(Mapping[str, str]):
    """Sentences by key, at most FRESH_SECONDS old. One of the office whose values don't fit any
    more, after an update, is passed over. `monotonic`: seconds that only grow."""

    def __init__(
        self,
        shipped: Mapping[str, str],
        database: Database,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shipped, self._database, self._monotonic = shipped, database, monotonic
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._own: Mapping[str, str] = {}

    def __getitem__(self, key: str) -> str:
        return self._fresh().get(key) or self._shipped[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._shipped)

    def __len__(self) -> int:
        return len(self._shipped)

    def _fresh(self) -> Mapping[str, str]:
        with self._lock:
            now = self._monotonic()
            if self._read_at is None or now - self._read_at >= FRESH_SECONDS:
                self._read_at = now
                self._own = self._look()
            return self._own

    def _look(self) -> Mapping[str, str]:
        """While the database can't be read people are told so in the words that are known."""
        if not self._database.is_there():
            return self._own
        try:
            with self._database.read() as session:
                found = office_texts.words(session)
        except (SQLAlchemyError, WaitedTooLong):
            return self._own
        return {key: words for key, words in found.items() if not self._misfit(key, words)}

    def _misfit(self, key: str, words: str) -> bool:
        shipped = self._shipped.get(key)
        return shipped is None or _holes(words) != placeholders(shipped)


def _holes(words: str) -> frozenset[str] | None:
    """Names of its values; None when it can't be read, or when a value is more than its name."""
    try:
        names = placeholders(words)
    except ValueError:
        return None
    plain = {f"{{{name}}}" for name in names} == set(_HOLE.findall(words))
    return names if plain else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `own`: the office's, empty without one; `values`: what it must hold."""

    key: str
    group: str
    shipped: str
    own: str
    since: datetime | None
    values: tuple[str, ...]


def listed(deps: Deps, words: str = "", group: str = "") -> tuple[Sentence, ...]:
    """All that may be written anew, or those of a group or with these words."""
    shipped = load_texts().sentences
    with deps.database.read() as session:
        own = {row.key: row for row in office_texts.rows(session)}
    found = []
    for key, text in shipped.items():
        first = key.partition(".")[0]
        row = own.get(key)
        written = row.words if row else ""
        wanted = not group or group == first
        if first in GROUPS and wanted and words in f"{key}{text}{written}":
            since = row.saved_at if row else None
            names = tuple(sorted(placeholders(text)))
            found.append(Sentence(key, GROUPS[first], text, written, since, names))
    return tuple(found)


def look(deps: Deps, key: str) -> tuple[Sentence, tuple[Change, ...]]:
    """One sentence and its past. Raises NotFound."""
    found = next((each for each in listed(deps) if each.key == key), None)
    if found is None:
        raise NotFound("console.no_view")
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        return found, master_history.of_rows(turn, {f"texts:{key}"})


def keep(deps: Deps, visit: ConsoleVisit, key: str, words: str, *, reason: str, before: str) -> str:
    """Write a sentence anew (empty: the product's own again); the sentence for who did it.
    `before`: the office's as the page showed it. Raises NotFound, Refused: values, length, no
    reason, not theirs, or somebody was faster."""
    author = author_of(visit, reason)
    shown, _ = look(deps, key)
    own = checked(shown, words)
    with deps.database.write() as session:
        was = office_texts.words(session).get(key, "")
        if was != before.replace("\r\n", "\n"):
            raise Refused("master.text_changed")
        if own == was:
            raise Refused("console.nothing_changed")
        _write(session, deps.clock.now(), {key: own}, author)
    return deps.texts.say("master.done_text")


def write(deps: Deps, changes: Mapping[str, str], author: Author) -> None:
    """Keep sentences by their keys (empty: the product's own again) in a write unit of its own,
    each with its past."""
    with deps.database.write() as session:
        _write(session, deps.clock.now(), changes, author)


def _write(session: Session, now: datetime, changes: Mapping[str, str], author: Author) -> None:
    before, shipped = office_texts.words(session), load_texts().sentences
    for key, own in changes.items():
        office_texts.replace(session, key, own, now)
        pair = [before.get(key) or shipped[key], own or shipped[key]]
        events.record(
            session, now, "master_changed", by=author.by, reason=author.reason,
            about=f"texts:{key}", fields={"words": pair},
        )  # fmt: skip


def checked(shown: Sentence, words: str) -> str:
    """What to keep of a sentence as it was typed; empty when it is the product's own. Raises
    Refused."""
    text = clean(words.replace("\r\n", "\n")).strip()
    most = max(ROOM, 2 * len(shown.shipped))
    if len(text) > most:
        raise Refused("console.too_long", most=most, now=len(text))
    if text and _holes(text) != frozenset(shown.values):
        names = "、".join(f"{{{name}}}" for name in shown.values)
        raise Refused("master.text_values", values=names or "（没有）")
    return "" if text == shown.shipped.strip() else text
