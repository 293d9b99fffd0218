"""Stations and colleagues as members name them in chat: a code, a name, or a part of it."""

from bot.domain.roles import HANDLERS, Role
from bot.domain.stations import Station
from bot.models.cases import Case
from bot.services import standing_in, wording
from bot.services.errors import NotFound, Refused
from bot.services.roster import directory_within
from bot.services.turn import Turn
from bot.store import absences, cases, organisation
from bot.store.organisation import PostView

SHOWN = 5
"""Names offered when several fit."""
ENOUGH = 2
"""Characters of a name that may stand for the whole."""


def receiver(turn: Turn, ref: str) -> Station:
    """The station that is meant, if cases may lie there now. Raises NotFound, Refused."""
    known = directory_within(turn.deps, turn.session, turn.today)
    stations = [s for s in known.stations if s.active]
    exact = [s for s in stations if ref in (s.code, s.name)]
    found = exact or [s for s in stations if len(ref) >= ENOUGH and ref in s.name]
    if not found:
        raise NotFound("member.no_station", name=ref)
    if len(found) > 1:
        names = "、".join(f"{s.name}（{s.code}）" for s in found[:SHOWN])
        raise Refused("member.which_station", names=names)
    if not found[0].staffed:
        raise Refused("member.station_empty", station=found[0].name)
    return found[0]


def colleague(turn: Turn, case: Case, name: str, *, assisting: bool = False) -> PostView:
    """A handler of the owning station by name; `assisting`: of a helping station as well.
    NotFound says who there is."""
    units = [case.owner_unit_id] if case.owner_unit_id is not None else []
    if assisting:
        units += cases.stations_of(turn.session, case.id, "assist")
    posts = [
        post
        for unit_id in units
        for post in organisation.list_posts(turn.session, turn.today, unit_id=unit_id)
        if Role(post.role) in HANDLERS
    ]
    found = next((post for post in posts if post.person == name), None)
    if found is None:
        names = "、".join(dict.fromkeys(post.person for post in posts))
        raise NotFound("member.no_colleague", name=name, names=names)
    _is_there(turn, found)
    return found


def _is_there(turn: Turn, post: PostView) -> None:
    """Whoever is on leave is asked nothing and given nothing; their stand-in can be."""
    away = absences.running(turn.session, [post.id], turn.today).get(post.id)
    if away is None:
        return
    now, last = standing_in.carried(turn, post, away), wording.day(away.last_day, turn.today)
    if now.stands_in is None:
        raise Refused("leave.colleague_away", name=post.person, last=last)
    raise Refused("leave.colleague_covered", name=post.person, last=last, person=now.person)
