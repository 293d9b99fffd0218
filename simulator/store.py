"""The desk's memory: one SQLite file, one connection, one lock. It survives a restart of the desk;
when the file is deleted the desk starts anew.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulator.people import Person, handle_of, openid_of

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
  openid TEXT PRIMARY KEY, nickname TEXT UNIQUE, handle TEXT UNIQUE, follows INTEGER,
  blocks INTEGER, messages_left INTEGER, window_end REAL, read_id INTEGER, active_at REAL);
CREATE INDEX IF NOT EXISTS people_active ON people (active_at);
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, openid TEXT, at REAL, direction TEXT, kind TEXT, text TEXT,
  choices TEXT, url TEXT);
CREATE INDEX IF NOT EXISTS messages_openid ON messages (openid, id);
CREATE TABLE IF NOT EXISTS log (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL, direction TEXT, call TEXT, openid TEXT,
  verdict TEXT, rule TEXT, ms INTEGER);
CREATE TABLE IF NOT EXISTS tokens (
  token TEXT PRIMARY KEY, kind TEXT, made_at REAL, expires_at REAL, killed_at REAL);
CREATE TABLE IF NOT EXISTS tickets (ticket TEXT PRIMARY KEY, made_at REAL);
CREATE TABLE IF NOT EXISTS codes (
  code TEXT PRIMARY KEY, openid TEXT, scope TEXT, made_at REAL, used_at REAL, snapshot INTEGER);
CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value INTEGER);
CREATE TABLE IF NOT EXISTS faults (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, place TEXT, times INTEGER, value REAL);
CREATE TABLE IF NOT EXISTS media (media_id TEXT PRIMARY KEY, kind TEXT, openid TEXT, at REAL);
CREATE TABLE IF NOT EXISTS qr_codes (
  ticket TEXT PRIMARY KEY, scene TEXT, expires_at REAL);
CREATE TABLE IF NOT EXISTS menu (buttons TEXT);
CREATE TABLE IF NOT EXISTS consents (
  openid TEXT, template_id TEXT, left INTEGER, PRIMARY KEY (openid, template_id));
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS sent (client_msg_id TEXT PRIMARY KEY, msgid INTEGER, at REAL);
"""

Row = dict[str, Any]
Work = Callable[[], tuple[Row, str]]
"""One call of the API: its answer, and the rule that let it."""


class Store:
    """Plain rows in, plain rows out."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "desk.sqlite3"
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self.version = 0
        """Grows with every change a page could show (for ETags)."""

    @contextmanager
    def db(self) -> Iterator[sqlite3.Connection]:
        """The connection, alone and in one transaction."""
        with self._lock:
            link = self._db
            if link is None or not self.path.exists():
                link = self._open()
            with link:
                yield link

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _open(self) -> sqlite3.Connection:
        self.close()
        if not self.path.exists():  # journals of a deleted file would spoil the new one
            for tail in ("-wal", "-shm"):
                self.path.with_name(self.path.name + tail).unlink(missing_ok=True)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        link = sqlite3.connect(self.path, check_same_thread=False)
        link.row_factory = sqlite3.Row
        # A toy may lose its last second with the machine's power; it must not slow the app down.
        link.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + SCHEMA)
        self._db = link
        return link

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query, as dicts."""
        with self.db() as db:
            return [dict(row) for row in db.execute(sql, values)]

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """One statement that changes something; how many rows it changed."""
        with self.db() as db:
            self.version += 1
            return db.execute(sql, values).rowcount

    def next_number(self, name: str, start: int = 0) -> int:
        """A counter that never gives a value twice; the first is start + 1."""
        with self.db() as db:
            db.execute("INSERT OR IGNORE INTO numbers VALUES (?, ?)", (name, start))
            found = db.execute(
                "UPDATE numbers SET value = value + 1 WHERE name = ? RETURNING value", (name,)
            ).fetchone()
            return int(found[0])

    # people

    def add_person(self, nickname: str, now: float) -> Person:
        """The person of that nickname, a new follower if not known yet."""
        openid, handle = openid_of(nickname), handle_of(nickname)
        self.run(
            "INSERT OR IGNORE INTO people VALUES (?, ?, ?, 1, 0, 0, 0, 0, ?)",
            (openid, nickname, handle, now),
        )
        return person_of(self.rows("SELECT * FROM people WHERE openid = ?", (openid,))[0])

    def person(self, openid: str) -> Person | None:
        """By openid."""
        return self._one("openid", openid)

    def person_by_handle(self, handle: str) -> Person | None:
        """By the first label of the page's host."""
        return self._one("handle", handle)

    def _one(self, column: str, value: str) -> Person | None:
        found = self.rows(f"SELECT * FROM people WHERE {column} = ?", (value,))  # noqa: S608
        return person_of(found[0]) if found else None

    def people(self) -> list[Row]:
        """Everybody, the most recently active first, with the count of unread messages: those
        that the account sent by itself, for a passive reply is read where it was asked for."""
        return self.rows(
            "SELECT p.*, p.rowid AS seq, (SELECT COUNT(*) FROM messages m"
            " WHERE m.openid = p.openid AND m.id > p.read_id"
            " AND m.kind IN ('custom', 'template', 'subscribe')) AS unread,"
            " (SELECT text FROM messages m WHERE m.openid = p.openid ORDER BY id DESC LIMIT 1)"
            " AS last FROM people p ORDER BY p.active_at DESC, p.rowid DESC"
        )

    # messages

    def add_message(self, openid: str, now: float, message: Row) -> int:
        """Keep one message (direction, kind, text, choices, url); returns its id."""
        with self.db() as db:
            self.version += 1
            db.execute("UPDATE people SET active_at = ? WHERE openid = ?", (now, openid))
            cursor = db.execute(
                "INSERT INTO messages (openid, at, direction, kind, text, choices, url)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    openid,
                    now,
                    message["direction"],
                    message["kind"],
                    message["text"],
                    json.dumps(message.get("choices", []), ensure_ascii=False),
                    message.get("url", ""),
                ),
            )
            return int(cursor.lastrowid or 0)

    def messages(self, openid: str, limit: int = 1000) -> list[Row]:
        """The last messages of a person, both ways, oldest first."""
        found = self.rows(
            "SELECT * FROM messages WHERE openid = ? ORDER BY id DESC LIMIT ?", (openid, limit)
        )
        for row in found:
            row["choices"] = json.loads(row["choices"])
        return found[::-1]

    # log

    def note(self, now: float, call: Row) -> None:
        """One line of the log: direction (push, api), call, openid, verdict, rule, ms."""
        self.run(
            "INSERT INTO log (at, direction, call, openid, verdict, rule, ms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                now,
                call["direction"],
                call["call"],
                call.get("openid", ""),
                call["verdict"],
                call.get("rule", ""),
                call.get("ms", 0),
            ),
        )

    def log(self, after: int = 0, limit: int = 1000) -> list[Row]:
        """The newest lines after that id, oldest first."""
        found = self.rows(
            "SELECT log.*, COALESCE(nickname, '') AS nickname"
            " FROM log LEFT JOIN people USING (openid) WHERE id > ? ORDER BY id DESC LIMIT ?",
            (after, limit),
        )
        return found[::-1]


def person_of(row: Row) -> Person:
    """A row of `people` as a value."""
    fields = {key: row[key] for key in Person.__slots__}
    fields |= {"follows": bool(row["follows"]), "blocks": bool(row["blocks"])}
    return Person(**fields)
