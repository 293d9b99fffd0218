"""The past of master data: who changed which row, when, what of it, and why.

A row is named by its sheet and its code (`stations:S001`); posts and pairings by their unit, days
by the day.
Phones of people stand in no history: it says only that they changed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import common_questions
from bot.domain.roster import Roster
from bot.models.cases import Event
from bot.services.roster_sheets import SHEETS, columns_of
from bot.services.sheet_cells import show
from bot.services.turn import Turn
from bot.store import events, organisation
from bot.store.events import SHELL, By
from bot.store.roster_links import pairing_key, post_key

SHOWN = 30
"""Lines of a row's past on a page."""
HIDDEN = "＊＊＊"
_HEADINGS: Mapping[str, Mapping[str, str]] = {
    "questions": common_questions.FIELDS,
    "ladders": {"first": "从哪天起"},
    "categories": {"name": "名称", "days": "几天答复"},
}
"""Names of fields of what is in no sheet of the roster."""
_KNOWN_BY = {"posts": ("person", "role"), "pairings": ("partner",)}
"""Which row it was, where its name says only the unit. These never change."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes master data, and why."""

    by: By = SHELL
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change as people read it. `what`: the row; `fields`: heading, was, is."""

    at: datetime
    who: str
    what: str
    fields: tuple[tuple[str, str, str], ...]
    reason: str


def record(
    turn: Turn, before: Roster, given: Roster, topics: Mapping[str, str], author: Author
) -> int:
    """Keep what is new or different in `given`; how many rows that were. Needs a write unit."""
    count = 0
    for sheet in SHEETS:
        known = {_key(sheet, entry): entry for entry in getattr(before, sheet)}
        for entry in getattr(given, sheet):
            was = known.get(_key(sheet, entry))
            if was != entry:
                _record(turn, sheet, _cells(sheet, was, topics), _cells(sheet, entry, topics),
                        entry=entry, author=author)  # fmt: skip
                count += 1
    return count


def _key(sheet: str, entry: Any) -> Any:
    if sheet == "posts":
        return post_key(entry)
    if sheet == "pairings":
        return pairing_key(entry)
    return entry.day if sheet == "days" else entry.code


def _cells(sheet: str, entry: Any, topics: Mapping[str, str]) -> dict[str, str]:
    """The row as its sheet shows it; empty when there was none."""
    if entry is None:
        return {}
    return {c.field: show(c, getattr(entry, c.field), topics) for c in columns_of(sheet)}


def _record(
    turn: Turn, sheet: str, was: dict[str, str], now: dict[str, str], *, entry: Any, author: Author
) -> None:
    fields = {
        name: [was.get(name, ""), words] for name, words in now.items() if was.get(name) != words
    }
    if sheet == "people" and "phone" in fields:
        fields["phone"] = [HIDDEN if words else "" for words in fields["phone"]]
    for name in _KNOWN_BY.get(sheet, ()):
        fields[name] = ["", now[name]]
    events.record(
        turn.session, turn.now, "master_changed", by=author.by, reason=author.reason,
        about=name_of(sheet, entry), fields=fields,
    )  # fmt: skip


def name_of(sheet: str, entry: Any) -> str:
    """What the past of this row is kept under."""
    if sheet == "posts":
        return f"posts:{entry.unit}"
    if sheet == "pairings":
        return f"pairings:{entry.station}"
    return f"days:{entry.day.isoformat()}" if sheet == "days" else f"{sheet}:{entry.code}"


def of_rows(turn: Turn, names: Collection[str]) -> tuple[Change, ...]:
    """The newest changes of these rows."""
    rows = events.of_rows(turn.session, names, SHOWN)
    posts = {row.post_id for row in rows} | {row.data.get("post") for row in rows}
    held = organisation.posts_by_id(turn.session, {each for each in posts if each is not None})
    people = {post.id: post.person for post in held}
    return tuple(_change(turn, row, people) for row in rows)


def _change(turn: Turn, row: Event, people: Mapping[int, str]) -> Change:
    sheet = (row.about or "").partition(":")[0]
    who = people.get(row.post_id or 0) or turn.say(f"master.by_{row.actor}")
    if row.kind == "left":
        person = people.get(row.data["post"], "")
        last = turn.say("master.last_day")
        return Change(row.at, who, person, ((last, "", row.data["last_day"]),), row.reason)
    return Change(row.at, who, SHEETS.get(sheet, ""), _fields(sheet, row.data["fields"]),
                  row.reason)  # fmt: skip


def _fields(sheet: str, fields: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str, str], ...]:
    """In the order of the sheet; what is no sheet's is one thing as a whole."""
    if sheet not in SHEETS:
        named = _HEADINGS.get(sheet, {})
        return tuple((named.get(name, ""), was, now) for name, (was, now) in fields.items())
    return tuple(
        (column.heading, fields[column.field][0], fields[column.field][1])
        for column in columns_of(sheet)
        if column.field in fields
    )
