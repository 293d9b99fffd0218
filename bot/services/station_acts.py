"""What the office changes at a station: one act, one transaction, one sentence.

A form is a sheet of a few rows (bot.services.roster_import.take_in), so that it is checked as an
import is. What moves cases is shown before it is done: `do` without `sure` returns the plan.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.clean import clean
from bot.domain.roles import Role
from bot.services import appointing, closing, leaving, office_rules
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.master_history import Author
from bot.services.ports import Deps
from bot.services.roster_files import RawRow
from bot.services.station_plans import (
    CLOSED,
    PLANS,
    At,
    Fields,
    Plan,
    cases_of,
    last_day,
    planned,
    post_of,
)
from bot.services.stations import cells_of, found, version_of
from bot.services.turn import Turn
from bot.store import access, cases, stations
from bot.store import roster as store
from bot.store.events import By

CONTACT = ("address", "hours", "phone")
"""What whoever runs a station keeps right themselves."""
DETAILS = ("name", "mode", "district", "street", "sector", "topics", *CONTACT)
ROLES = (
    Role.FIRST_CONVENER, Role.SECOND_CONVENER, Role.STATION_HEAD, Role.MEMBER, Role.SECRETARY,
    Role.PARTNER_CONTACT,
)  # fmt: skip
"""Posts at a station that are given at the console."""
LONGEST = {"reason": 300, "person": 60, "name": 120, "phone": 40}
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Did:
    """What was done, in a sentence."""

    words: str


def do(
    deps: Deps, visit: ConsoleVisit, code: str, name: str, fields: Fields, *, address: str
) -> Did | Plan:
    """Carry an act out, or say what it would move. Raises NotFound; Refused: not theirs, something
    is wrong with a field, or the station (`version`) or the plan (`sure`) has changed meanwhile."""
    given = _written(fields)
    if name not in _ACTS:
        raise NotFound("master.no_station")
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        row, entry = found(turn, visit.actor, code)
        at = At(turn, visit, row, given, Author(_by(visit, name, code), given["reason"]))
        if given["version"] != version_of(entry, stations.seated(session, row.id)):
            raise Refused("master.changed")
        if not given["reason"] and name != "contact":
            raise Refused("master.needs_reason")
        if name in PLANS:
            plan = planned(at, name)
            if given["sure"] != plan.sure:
                return plan
        role = _role(at, name)
        words = _ACTS[name](at)
        if role:
            access.record(session, turn.now, "role_changed", account_id=visit.account_id,
                          address=address, reason=given["reason"], **role)  # fmt: skip
    leaving.hand_over_soon(deps)
    return Did(words)


def _written(fields: Fields) -> Fields:
    """What was typed, without what nobody can see. Raises Refused for what is too long."""
    names = {"reason", "version", "sure", "post", "person", "phone", "role", "first", "last_day"}
    given = {name: clean(fields.get(name, "")).strip() for name in {*names, *DETAILS}}
    for name, words in given.items():
        most = LONGEST.get(name, _LONGEST)
        if len(words) > most:
            raise Refused("console.too_long", most=most, now=len(words))
    return given


def allowed(visit: ConsoleVisit, code: str) -> frozenset[str]:
    """What this person may change at a station: an administrator all of it, its head the address
    and the hours."""
    if any(post.role == Role.ADMIN for post in visit.posts):
        return frozenset(_ACTS)
    head = any(p.role == Role.STATION_HEAD and p.unit_code == code for p in visit.posts)
    return frozenset({"contact"} if head else ())


def _by(visit: ConsoleVisit, name: str, code: str) -> By:
    """Under which post it is done. Raises Refused; for a head without a code of the authenticator,
    too."""
    if name not in allowed(visit, code):
        raise Refused("master.not_yours")
    if not visit.strong:
        raise Refused("master.needs_code")
    admins = [post for post in visit.posts if post.role == Role.ADMIN]
    heads = [p for p in visit.posts if p.role == Role.STATION_HEAD and p.unit_code == code]
    return By("post", (admins or heads)[0].id)


def _role(at: At, name: str) -> dict[str, Any]:
    """What the access log keeps of an act that gives or takes a role; empty for the others."""
    if name == "end_post":
        post = post_of(at)
        return {"person": post.person_code, "unit": at.code, "role": post.role, "how": "ended"}
    if name == "appoint":
        who, role = at.fields["person"], at.fields["role"]
        return {"person": who, "unit": at.code, "role": role, "how": "given"}
    return {}


def _details(at: At, names: tuple[str, ...]) -> str:
    appointing.save(
        at.turn, [_station_row(at, **{name: at.fields[name] for name in names})], at.author
    )
    return at.turn.say("master.done_details")


def _station_row(at: At, **changed: str) -> RawRow:
    """The station's row of the sheet as it is, with some cells written anew."""
    (entry,) = store.load_stations(at.turn.session, [at.code])
    return appointing.row("stations", cells_of(at.turn, entry) | changed)


def _appoint(at: At) -> str:
    return appointing.appoint(at.turn, at.code, at.fields, ROLES, at.author).words(at.turn)


def _end_post(at: At) -> str:
    post, last = post_of(at), last_day(at)
    leaving.end_post(at.turn, post, last, at.author)
    key = "master.done_end_post_now" if last < at.turn.today else "master.done_end_post"
    return at.turn.say(key, person=post.person, day=last.isoformat())


def _suspend(at: At) -> str:
    appointing.save(at.turn, [_station_row(at, status="暂停")], at.author)
    return at.turn.say("master.done_suspend", station=at.row.name)


def _resume(at: At) -> str:
    appointing.save(at.turn, [_station_row(at, status="运行", valid_to="")], at.author)
    return at.turn.say("master.done_resume", station=at.row.name)


def _end(at: At) -> str:
    last = last_day(at)
    appointing.save(at.turn, [_station_row(at, valid_to=last.isoformat())], at.author)
    office_rules.end_of_station(at.turn, at.row.id, last, at.author)
    key = "master.done_end_now" if last < at.turn.today else "master.done_end"
    return at.turn.say(key, station=at.row.name, day=last.isoformat())


def _move_rest(at: At) -> str:
    """The explicit word of the office: also what somebody has accepted."""
    if at.row.state not in CLOSED:
        raise Refused("master.still_open_station")
    moved = [
        closing.move_on(
            at.turn, cases.get(at.turn.session, case.id), at.author.reason, at.author.by
        )
        for case in cases_of(at)
    ]
    return at.turn.say("master.done_move_rest", count=len(moved))


_ACTS: Mapping[str, Callable[[At], str]] = {
    "contact": lambda at: _details(at, CONTACT),
    "details": lambda at: _details(at, DETAILS),
    "appoint": _appoint,
    "end_post": _end_post,
    "suspend": _suspend,
    "resume": _resume,
    "end": _end,
    "move_rest": _move_rest,
}
