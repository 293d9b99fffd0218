"""Short descriptions of a case in the reader's words."""

import re
from datetime import date, datetime

from bot.domain.cases import Queue
from bot.domain.clocks import ClockKind
from bot.domain.showing import say_when, shorten
from bot.domain.stations import Directory
from bot.domain.understanding import Reading
from bot.models.cases import Case
from bot.services import timing
from bot.services.turn import Turn
from bot.store import cases, clocks, conversation, organisation

MATTER = 12
"""Characters of a matter in a list."""
ENOUGH = 4
"""路灯 alone says too little, 路灯不亮 is enough."""
NOBODY_YET = "工作人员"
_CLAUSE = re.compile(r"[\s,，.。;；!！?？、]+")

_ROAD = re.compile(r"[路街巷道]$")


def place_question(turn: Turn, reading: Reading) -> str:
    """Where it is, asked so that whoever named a road or a village sees that it was heard."""
    place = next(iter(reading.places), None)
    if place is None:
        return turn.say("ask.place")
    if _ROAD.search(place.name):
        return turn.say("ask.place_road", place=place.name)
    if place.name == place.district:
        return turn.say("ask.place_district", place=place.name)
    return turn.say("ask.place_name", place=place.name)


def topic(turn: Turn, case: Case) -> str:
    """Name of the category, or 这件事."""
    info = turn.deps.understander().categories.get(case.category or "")
    return info.name if info else "这件事"


def what(turn: Turn, case: Case) -> str:
    """Place and matter in a few words: 昭乌达路 路灯坏了三天了. Personal data stays covered."""
    emergency = turn.deps.understander().emergencies.get(case.emergency or "")
    matter = emergency.name if emergency else _matter(case)
    return " ".join(filter(None, (case.place, matter))) or turn.say("status.wordless")


def _matter(case: Case) -> str:
    """The clause that holds the word which decided, from that word on."""
    word = next((w for w in case.words if w not in (case.place or "")), "")
    clauses = [c for c in _CLAUSE.split(case.masked) if word in c]
    if not word or not clauses:
        return shorten(case.masked.replace(case.place or "\n", ""), MATTER)
    rest = clauses[0][clauses[0].index(word) :]
    before = clauses[0].replace(case.place or "\n", "")
    return shorten(rest if len(rest) >= ENOUGH else before[-MATTER:], MATTER)


def station_name(turn: Turn, case: Case, directory: Directory | None = None) -> str:
    """Name of the station that has the case (of a merged one, the case that it is a part of), or of
    the office's staff. `directory`: where to look first, if the caller has it."""
    case = cases.main(turn.session, case)
    waits = case.state == "new" and case.queue is None
    planned = case.proposed_unit_id if waits else None
    unit_id = case.owner_unit_id or planned
    if not unit_id:
        return NOBODY_YET
    known = directory.by_id.get(unit_id) if directory else None
    return known.name if known else organisation.unit_name(turn.session, unit_id) or NOBODY_YET


def why(turn: Turn, case: Case) -> str:
    """One short line: the resident's words that led to the route."""
    if not case.words:
        return ""
    return turn.say("reply.why", words="、".join(case.words[:3]))


def script(turn: Turn, case: Case) -> str:
    """In what a case is written, where that is not Chinese: who reads it has to look."""
    known = case.reading.get("script")
    return turn.say(f"console.script_{known}") if known else ""


def day(on: date, today: date) -> str:
    """A day as people say it: 3月2日, with the year when it is another one."""
    year = f"{on.year}年" if on.year != today.year else ""
    return f"{year}{on.month}月{on.day}日"


def days(first: date, last: date, today: date) -> str:
    """Days in a row, both counted: 11月28日, 11月28日到12月3日."""
    return span(day(first, today), day(last, today))


def span(first: str, last: str) -> str:
    """The same of days in words."""
    return first if first == last else f"{first}到{last}"


def at(turn: Turn, moment: datetime) -> str:
    """A moment as people say it, seen from now."""
    return say_when(moment, turn.now)


def status(turn: Turn, case: Case) -> str:
    """Where the case stands, in plain words, with the next time that matters."""
    return standing(turn, case)[0]


def standing(turn: Turn, case: Case) -> tuple[str, bool]:
    """The same, and whether the time that it names has passed."""
    if case.erased_at is not None:
        return turn.say("status.erased"), False
    main = cases.main(turn.session, case)
    if main is not case:
        return _as_part(turn, main)
    if case.closed_at is None and _waits_for_resident(turn, case):
        ask = conversation.asked_words(turn.session, case.id)
        return turn.say("status.asked", station=station_name(turn, case), ask=ask), False
    if case.state == "new" and (offer := _offer(turn, case)):
        values = _status_values(turn, case, offer)
        return turn.say("status.offered", **values), False
    due = _due(turn, case)
    if again := _promised_anew(turn, case, due):
        return turn.say("status.new_staff_again", due=say_when(again, turn.now)), True
    late = due is not None and due < turn.now
    key = _status_key(turn, case, late=late)
    return turn.say(key, **_status_values(turn, case, due)), late


def _as_part(turn: Turn, main: Case) -> tuple[str, bool]:
    """Of a case that was merged into this one: how that one stands, without what is asked of
    whoever it is from."""
    if _waits_for_resident(turn, main):
        return turn.say("status.merged_waits", station=station_name(turn, main)), False
    return standing(turn, main)


def _status_key(turn: Turn, case: Case, *, late: bool) -> str:
    if case.state == "new":
        key = "status.new" + (f"_{case.queue}" if case.queue else "")
    elif case.state == "closed" and turn.deps.texts.has(f"status.closed_{case.solved}"):
        key = f"status.closed_{case.solved}"  # over is not the same as solved
    else:
        key = f"status.{case.state}"
    return f"{key}_late" if late and turn.deps.texts.has(f"{key}_late") else key


def _promised_anew(turn: Turn, case: Case, due: datetime | None) -> datetime | None:
    """The time that the resident was told when staff missed the first one, while it lasts."""
    if case.queue != Queue.STAFF or due is None or due >= turn.now:
        return None
    again = timing.next_promise(turn.deps, due)
    return again if again > turn.now else None


def _due(turn: Turn, case: Case) -> datetime | None:
    running = clocks.running(turn.session, case.id)
    order = {
        "new": (ClockKind.TRIAGE,),
        "dispatched": (ClockKind.ACCEPT,),
    }.get(case.state, (ClockKind.ANSWER,))
    counted = (running[k] for k in order if k in running)
    return next((clock.due_at for clock in counted if clock.paused_at is None), None)


def _status_values(turn: Turn, case: Case, due: datetime | None) -> dict[str, str]:
    if due is None:
        due = timing.accept_due(turn.deps, case, turn.now)
    return {
        "station": station_name(turn, case),
        "due": say_when(due, turn.now),
        "answer": shorten(case.answer, 120),
        "reason": case.held_reason or case.answer,
        "day": day(case.review_date, turn.today) if case.review_date else "",
    }


def _offer(turn: Turn, case: Case) -> datetime | None:
    """Until when the resident's word on an answer from the list is waited for."""
    clock = clocks.running(turn.session, case.id).get(ClockKind.OFFER)
    return clock.due_at if clock else None


def _waits_for_resident(turn: Turn, case: Case) -> bool:
    return ClockKind.QUESTION in clocks.running(turn.session, case.id)
