"""The past of a case as the office reads it: every event, who did it and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from bot.domain.cases import CHINESE, Ending, Outcome, Queue
from bot.domain.clocks import ClockKind
from bot.domain.passing_on import NOBODY
from bot.domain.roles import ROLE_NAMES, Role
from bot.domain.showing import say_when
from bot.domain.understanding import Urgency
from bot.models.cases import Case, Event
from bot.services import ladder_words
from bot.services.reading import cover
from bot.services.turn import Turn
from bot.store import events, organisation, worklists

BY_PEOPLE = frozenset({"post", "shell", "resident"})
"""Whose reasons are words of theirs; those of the machine are for the log."""


@dataclass(frozen=True, slots=True)
class PastLine:
    """One thing that happened. `who` and `post` of a person of ours; `words`: what they wrote,
    masked; `minor`: it only kept the clocks going."""

    at: datetime
    when: str
    what: str
    who: str
    post: str
    words: str
    minor: bool


MINOR = frozenset(
    {"rung", "paused", "continued", "understood", "lasting_asked", "media_lost", "hastened"}
)


def timeline(turn: Turn, case: Case) -> tuple[PastLine, ...]:
    """Newest first."""
    found = [each for each in events.of_case(turn.session, case.id) if not _is_silent(each)]
    ids = {each.post_id for each in found if each.post_id is not None}
    posts = {post.id: post for post in organisation.posts_by_id(turn.session, ids)}
    named = (event.data.get("owner") or event.data.get("unit") for event in found)
    units = {unit for unit in named if unit is not None}
    names = worklists.names(turn.session, units)
    lines = []
    for event in reversed(found):
        post = posts.get(event.post_id or 0)
        lines.append(
            PastLine(
                at=event.at,
                when=say_when(event.at, turn.now),
                what=_what(turn, event, names),
                who=post.person if post else "",
                post=ROLE_NAMES[Role(post.role)] if post else "",
                words=_words(turn, event),
                minor=event.kind in MINOR,
            )
        )
    return tuple(lines)


def _is_silent(event: Event) -> bool:
    """That nobody added anything for a minute is no news, and a move to no queue is told by what
    follows it."""
    nowhere = event.kind == "queued" and not event.data.get("queue") and not event.reason
    return nowhere or (event.kind == "rung" and event.data.get("clock") == ClockKind.SETTLE)


def _what(turn: Turn, event: Event, names: Mapping[int, str]) -> str:
    said = turn.say(f"past.{_head(event)}")
    more = _more(turn, event.kind, event.data, names)
    return f"{said}：{more}" if more else said


def _head(event: Event) -> str:
    """What happened, as a key; a rung that told nobody does not read as if it had."""
    if event.kind != "rung" or event.data.get("told"):
        return event.kind
    if not event.data.get("notice"):
        return "rung_step"
    if event.data.get("superseded"):
        return "rung_superseded"
    return "rung_nobody" if event.data.get("missing", "").startswith(NOBODY) else "rung_needless"


def _more(turn: Turn, kind: str, data: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """What tells one event of a kind from another."""
    if kind == "rung":
        return _rung(turn, data)
    if kind == "corrected":
        return _corrected(turn, data)
    if unit := data.get("owner") or data.get("unit"):
        return names.get(unit, "")
    known = {str(each): name for each, name in CHINESE.items() if isinstance(each, _NAMED)}
    given = data.get("queue") or data.get("ending") or data.get("outcome")
    if given:
        return known.get(str(given), str(given))
    if words := data.get("question") or data.get("words"):
        return cover(turn.deps, str(words))
    told = ("into", "number", "review_date", "entry")
    if value := next((data[name] for name in told if data.get(name)), None):
        return str(value)
    value = data.get("value") or data.get("piece") or data.get("how")
    own = f"past_value.satisfied_{value}"  # 是 to 满不满意 is no answer
    if kind == "satisfied" and turn.deps.texts.has(own):
        return turn.say(own)
    return turn.say(f"past_value.said_{value}") if value else ""


_NAMED = (Queue, Ending, Outcome)


def _rung(turn: Turn, data: Mapping[str, Any]) -> str:
    notice = data.get("notice")
    said = turn.say(f"ladder.says_{notice}") if notice else turn.say("past.step")
    whom = data.get("whom") or data["audience"]
    return f"{said}，{ladder_words.audience(turn.deps.texts, whom)}"


def _corrected(turn: Turn, data: Mapping[str, Any]) -> str:
    known = turn.deps.understander()
    names = {code: each.name for code, each in known.categories.items()}
    names |= {code: each.name for code, each in known.emergencies.items()}
    names |= {each: turn.say(f"past_value.said_{each}") for each in get_args(Urgency)}
    names[""] = turn.say("past_value.none")
    return "，".join(
        f"{turn.say(f'past_value.field_{field}')} "
        + "→".join(names.get(each or "", each) for each in data[field])
        for field in ("category", "place", "urgency")
        if field in data
    )


def _words(turn: Turn, event: Event) -> str:
    if event.actor not in BY_PEOPLE or not event.reason:
        return ""
    return cover(turn.deps, event.reason)
