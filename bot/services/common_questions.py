"""The list of common questions at the console: seen, written, ended; each change with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain import common_questions as rules
from bot.domain.clean import clean
from bot.domain.common_questions import Entry, Fault, Standing
from bot.domain.console import Right
from bot.services import master_history, wording
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Author, Change
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.roster import directory_within, today
from bot.services.turn import Turn
from bot.store import common_questions, events, inquiries

ABOUT = "questions:"
PRIVATE = frozenset({"mobile", "id18", "id15", "bankcard", "passport", "plate"})
"""Kinds of personal data (bot/data/pii.json) that no answer may hold: an office's own telephone is
none."""
PARTS = "｜"
"""Between district and street in a form."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in the list. `left`: days until it ends, from today on; `told`: how many were
    answered with it, `solved`: how many of them said that it was enough."""

    entry: Entry
    standing: Standing
    category: str
    left: int
    told: int = 0
    solved: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """The list, and how many stand how in all."""

    lines: tuple[Line, ...]
    counts: Mapping[Standing, int]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry with its past, the sentence that residents read, and what the form offers: names
    of categories by code, and places as the form sends them by how people read them."""

    line: Line | None
    history: tuple[Change, ...]
    categories: Mapping[str, str]
    places: Mapping[str, str]


def listed(deps: Deps, words: str = "", standing: str = "") -> Listed:
    """All entries or those with these words, or that stand so: what needs a look first."""
    with deps.database.read() as session:
        entries = common_questions.entries(session)
        told = inquiries.told(session)
    lines = [_line(deps, each, told) for each in entries]
    counts = {each: sum(line.standing is each for line in lines) for each in Standing}
    wanted = [
        line
        for line in lines
        if (not standing or line.standing == standing) and _holds(line.entry, words.strip())
    ]
    wanted.sort(key=lambda line: (_ORDER.index(line.standing), line.entry.valid_until))
    return Listed(tuple(wanted), counts)


_ORDER = (Standing.SOON, Standing.EXPIRED, Standing.VALID, Standing.ENDED)


def _holds(entry: Entry, words: str) -> bool:
    written = (entry.code, entry.question, *entry.wordings, entry.answer, entry.source)
    return not words or any(words in each for each in written)


def _line(deps: Deps, entry: Entry, told: Mapping[int, tuple[int, int]]) -> Line:
    day = today(deps)
    topic = deps.understander().categories.get(entry.category or "")
    left = (entry.valid_until - day).days
    counts = told.get(entry.id or 0, (0, 0))
    return Line(entry, rules.standing(entry, day), topic.name if topic else "", left, *counts)


def look(deps: Deps, code: str | None) -> EntryPage:
    """One entry, or what a new one may be made of. Raises NotFound."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        found = common_questions.entry(session, code) if code else None
        if code and found is None:
            raise NotFound("console.no_view")
        history = master_history.of_rows(turn, {ABOUT + code}) if code else ()
        known, told = places(turn), inquiries.told(session)
    topics = {c.code: c.name for c in deps.understander().categories.values()}
    return EntryPage(_line(deps, found, told) if found else None, history, topics, known)


def places(turn: Turn) -> dict[str, str]:
    """Districts and streets that the network serves."""
    stations = directory_within(turn.deps, turn.session, turn.today).stations
    pairs = sorted({(s.district, s.unit or "") for s in stations if s.district})
    found: dict[str, str] = {}
    for district, street in pairs:
        found.setdefault(f"{district}{PARTS}", f"{district}")
        if street:
            found[f"{district}{PARTS}{street}"] = f"{district} {street}"
    return found


def typed(fields: Mapping[str, str], code: str, before: Entry | None = None) -> Entry:
    """What a form holds, as an entry. Raises Refused for a day that is none."""
    given = {name: clean(fields.get(name, "").replace("\r\n", "\n")).strip() for name in TYPED}
    district, _, street = given["place"].partition(PARTS)
    kept = before or Entry(code, "", (), "", "", None, None, None, date.max)
    return replace(
        kept,
        question=" ".join(given["question"].split()),
        wordings=rules.lines(given["wordings"]),
        answer=given["answer"],
        source=" ".join(given["source"].split()),
        category=given["category"] or None,
        district=district or None,
        street=street or None,
        valid_until=_day(given["valid_until"]),
    )


TYPED = ("question", "wordings", "answer", "source", "category", "place", "valid_until")


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise Refused("question.day", field=rules.FIELDS["valid_until"]) from error


def keep(
    deps: Deps, visit: ConsoleVisit, code: str | None, fields: Mapping[str, str], *, reason: str,
    version: int,
) -> tuple[str, str]:  # fmt: skip
    """Keep a new entry (no `code`) or a changed one; its code, and the sentence for who did it.
    What was ended is in use again. Raises NotFound, Refused: what is wrong with it, no reason, not
    theirs, or somebody was faster."""
    author = author_of(visit, reason, right=Right.ANSWERS)
    with deps.database.write() as session:
        common_questions.lock(session)
        turn = Turn(deps, session, deps.clock.now())
        before = _unchanged(turn, code, version) if code else None
        name = code or common_questions.next_code(session)
        given = replace(typed(fields, name, before), ended_at=None)
        _sound(turn, given)
        if not record(turn, before, given, author):
            raise Refused("console.nothing_changed")
    return name, deps.texts.say("question.done", code=name)


def attempt(deps: Deps, code: str | None, fields: Mapping[str, str]) -> Entry:
    """What a form holds, to be looked at; nothing is kept. Raises NotFound, Refused: what is wrong
    with it."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        before = common_questions.entry(session, code) if code else None
        given = replace(typed(fields, code or "", before), ended_at=None)
        _sound(turn, given)
        return given


def _sound(turn: Turn, given: Entry) -> None:
    if wrong := faults(turn, given, common_questions.entries(turn.session)):
        raise Refused(wrong[0].key, **wrong[0].values)


def end(deps: Deps, visit: ConsoleVisit, code: str, *, reason: str, version: int) -> str:
    """Nobody is answered with it from now on. Raises as `keep`."""
    author = author_of(visit, reason, right=Right.ANSWERS)
    with deps.database.write() as session:
        common_questions.lock(session)
        turn = Turn(deps, session, deps.clock.now())
        before = _unchanged(turn, code, version)
        if before.ended_at is not None:
            raise Refused("console.nothing_changed")
        record(turn, before, replace(before, ended_at=turn.now), author)
    return deps.texts.say("question.done_end", code=code)


def _unchanged(turn: Turn, code: str, version: int) -> Entry:
    found = common_questions.entry(turn.session, code)
    if found is None:
        raise NotFound("console.no_view")
    if found.version != version:
        raise Refused("question.changed")
    return found


def record(turn: Turn, before: Entry | None, given: Entry, author: Author) -> bool:
    """Keep an entry with what changed, who did it and why; False when nothing is different."""
    fields = rules.differences(before, given)
    if not fields:
        return False
    if codes := fields.get("category"):
        topics = turn.deps.understander().categories
        fields["category"] = [topics[code].name if code in topics else code for code in codes]
    kept = common_questions.keep(turn.session, given, turn.now)
    events.record(
        turn.session, turn.now, "master_changed", by=author.by, reason=author.reason,
        about=ABOUT + kept.code, fields=fields,
    )  # fmt: skip
    return True


def faults(turn: Turn, given: Entry, others: Sequence[Entry]) -> list[Fault]:
    """Everything wrong with an entry: its words, personal data in them, a place or category that
    nobody knows, or a question that another entry in use answers for the same place."""
    found = list(rules.faults(given, turn.today))
    for field in ("question", "answer", "source"):
        kinds = {p.kind for p in read_safely(turn.deps, getattr(given, field)).pii}
        if kinds & PRIVATE:
            found.append(_fault(field, "question.private"))
    if given.district and f"{given.district}{PARTS}{given.street or ''}" not in places(turn):
        found.append(_fault("place", "question.place"))
    if given.category and given.category not in turn.deps.understander().categories:
        found.append(_fault("category", "question.category"))
    same = next((each for each in others if _doubles(each, given, turn.today)), None)
    if same is not None:
        found.append(Fault("question", "question.double", {"code": same.code}))
    return found


def _doubles(other: Entry, given: Entry, day: date) -> bool:
    if other.code == given.code or not rules.answers(other, day):
        return False
    here = (other.district, other.street) == (given.district, given.street)
    return here and rules.alike(other.question) == rules.alike(given.question)


def _fault(field: str, key: str) -> Fault:
    return Fault(field, key, {"field": rules.FIELDS[field]})


def shown_answer(deps: Deps, entry: Entry) -> str:
    """The message as a resident reads it, with a number and a time that stand for any."""
    return deps.texts.say(
        "reply.from_list", answer=entry.answer, source=entry.source,
        number=deps.texts.say("question.some_number"), due=deps.texts.say("question.some_due"),
        station=wording.NOBODY_YET,
    )  # fmt: skip


def half_a_year(deps: Deps) -> date:
    """What the form proposes as the last day of a new entry."""
    return today(deps) + timedelta(days=182)
