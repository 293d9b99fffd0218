"""Posts of units that are no stations, at the console: of the office itself, and of districts.

Nobody changes a post of their own: what somebody may see, somebody else has given them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.clean import clean
from bot.domain.roles import ROLE_NAMES, Role
from bot.domain.roster import UNIT_KINDS
from bot.models.organisation import Unit
from bot.services import appointing, leaving, master_history
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.master_desk import author_of, day_of
from bot.services.master_history import Author, Change
from bot.services.ports import Deps
from bot.services.stations import Place, fingerprint, place_of
from bot.services.turn import Turn
from bot.store import access, organisation, stations
from bot.store.organisation import PostView

GIVING: Mapping[str, tuple[Role, ...]] = {
    "office": (
        Role.INTAKE_STAFF, Role.DUTY, Role.RESTRICTED_STAFF, Role.LEADER, Role.ADMIN, Role.AUDITOR,
    ),
    "district": (Role.DISTRICT_CONVENER,),
}  # fmt: skip
"""Kinds of units, and the posts that are given there."""
FIELDS = {"reason": 300, "version": 20, "post": 20, "person": 60, "phone": 40, "role": 40,
          "first": 20, "last_day": 20, "vacant": 3}  # fmt: skip
"""Of its forms, with their most characters."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the list. `lacks`: roles that nobody holds today."""

    code: str
    name: str
    kind: str
    people: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit with its posts. `version`: of what the page shows; `mine`: posts that whoever looks
    holds, which somebody else has to change."""

    code: str
    name: str
    kind: str
    version: str
    posts: tuple[Place, ...]
    past: tuple[Place, ...]
    giving: tuple[Role, ...]
    lacks: tuple[str, ...]
    mine: frozenset[int]
    history: tuple[Change, ...]


def listed(deps: Deps) -> tuple[UnitLine, ...]:
    """All of them, the office first."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        units = organisation.units_of_kinds(session, GIVING, turn.today)
        return tuple(_line(turn, unit) for unit in units)


def _line(turn: Turn, unit: Unit) -> UnitLine:
    held = [each for each in _places(turn, unit) if each.now]
    people = tuple(f"{each.person} {ROLE_NAMES[Role(each.role)]}" for each in held)
    return UnitLine(unit.code, unit.name, UNIT_KINDS[unit.kind], people, _lacks(unit, held))


def _places(turn: Turn, unit: Unit) -> list[Place]:
    return [place_of(seat, turn.today) for seat in stations.seated(turn.session, unit.id)]


def _lacks(unit: Unit, held: list[Place]) -> tuple[str, ...]:
    there = {each.role for each in held}
    return tuple(ROLE_NAMES[role] for role in GIVING[unit.kind] if role not in there)


def look(deps: Deps, visit: ConsoleVisit, code: str) -> UnitPage:
    """One unit. Raises NotFound."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        unit = _found(turn, code)
        places = _places(turn, unit)
        held = [each for each in places if each.now]
        mine = {post.id for post in (*visit.posts, *visit.resting)}
        return UnitPage(
            unit.code, unit.name, UNIT_KINDS[unit.kind], _version(turn, unit),
            posts=tuple(each for each in places if not each.over),
            past=tuple(each for each in places if each.over),
            giving=GIVING[unit.kind], lacks=_lacks(unit, held), mine=frozenset(mine),
            history=master_history.of_rows(turn, {f"posts:{unit.code}"}),
        )  # fmt: skip


def _found(turn: Turn, code: str) -> Unit:
    unit = organisation.unit_by_code_or_name(turn.session, code)
    if unit is None or unit.code != code or unit.kind not in GIVING:
        raise NotFound("console.no_view")
    return unit


def _version(turn: Turn, unit: Unit) -> str:
    held = sorted(
        (seat.id, str(seat.valid_from), str(seat.valid_to))
        for seat in stations.seated(turn.session, unit.id)
    )
    return fingerprint(unit.code, held)


def do(
    deps: Deps, visit: ConsoleVisit, code: str, name: str, fields: Mapping[str, str], *,
    address: str,
) -> str:  # fmt: skip
    """Give a post (`appoint`) or end one (`end_post`); the sentence for who did it. Raises
    NotFound; Refused: not theirs, their own, something is wrong with a field, or the page is
    old."""
    if name not in _ACTS:
        raise NotFound("console.no_view")
    given = _written(fields)
    author = author_of(visit, given["reason"])
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        unit = _found(turn, code)
        if given["version"] != _version(turn, unit):
            raise Refused("master.unit_changed")
        did = _ACTS[name](turn, visit, unit, given, author)
        access.record(
            session, turn.now, "role_changed", account_id=visit.account_id, address=address,
            reason=author.reason, person=did.person_code, unit=unit.code, role=did.role,
            how=did.how,
        )  # fmt: skip
    leaving.hand_over_soon(deps)
    return did.words


@dataclass(frozen=True, slots=True)
class _Did:
    """What the access log keeps, and the sentence for who did it."""

    person_code: str
    role: str
    how: str
    words: str


def _written(fields: Mapping[str, str]) -> dict[str, str]:
    given = {field: clean(fields.get(field, "")).strip() for field in FIELDS}
    for field, words in given.items():
        if len(words) > FIELDS[field]:
            raise Refused("console.too_long", most=FIELDS[field], now=len(words))
    return given


def _appoint(
    turn: Turn, visit: ConsoleVisit, unit: Unit, given: Mapping[str, str], author: Author
) -> _Did:
    made = appointing.appoint(turn, unit.code, given, GIVING[unit.kind], author)
    if any(post.person_code == made.person_code for post in visit.posts):
        raise Refused("master.own_post")
    return _Did(made.person_code, made.role.value, "given", made.words(turn))


def _end_post(
    turn: Turn, visit: ConsoleVisit, unit: Unit, given: Mapping[str, str], author: Author
) -> _Did:
    """Without a day it is over now."""
    post = _post(turn, visit, unit, given["post"])
    yesterday = turn.today - timedelta(days=1)
    last = day_of(given["last_day"], yesterday)
    if last < yesterday:
        raise Refused("master.past_day")
    if given["vacant"] != "yes" and _is_the_last(turn, unit, post, last):
        raise Refused("master.last_holder", role=ROLE_NAMES[Role(post.role)])
    leaving.end_post(turn, post, last, author)
    key = "master.done_end_post_now" if last < turn.today else "master.done_end_post"
    words = turn.say(key, person=post.person, day=last.isoformat())
    return _Did(post.person_code, post.role, "ended", words)


def _is_the_last(turn: Turn, unit: Unit, post: PostView, last: date) -> bool:
    """Whether nobody has this role there from the day after on, without an end."""
    there = (
        place_of(seat, last + timedelta(days=1)) for seat in stations.seated(turn.session, unit.id)
    )
    others = (each for each in there if each.role == post.role and each.id != post.id)
    return not any(each.now and each.last is None for each in others)


_ACTS: Mapping[str, Callable[[Turn, ConsoleVisit, Unit, Mapping[str, str], Author], _Did]] = {
    "appoint": _appoint,
    "end_post": _end_post,
}


def _post(turn: Turn, visit: ConsoleVisit, unit: Unit, ref: str) -> PostView:
    known = ref.isascii() and ref.isdigit()
    post = organisation.post_by_ref(turn.session, ref, turn.today) if known else None
    if post is None or post.unit_id != unit.id:
        raise Refused("master.no_post")
    if post.person_id == visit.person_id:
        raise Refused("master.own_post")
    return post
