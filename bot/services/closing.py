"""A station is suspended or ended: what it has goes on by rule.

What it has not accepted goes where routing sends it now, or to the staff queue. What somebody has
accepted stays with them until it is done, unless the office says otherwise, after having seen what
would go where.
"""

from dataclasses import dataclass, replace

from bot.domain.cases import State, show_number
from bot.domain.routing import route
from bot.domain.stations import Directory, Route, Station
from bot.models.cases import Case
from bot.services import dispatch, overriding, roster, wording
from bot.services.ports import Deps
from bot.services.reading import read_case
from bot.services.turn import Turn
from bot.store import cases
from bot.store.events import SYSTEM, By


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One case that went on without its holder; `to`: the station's name, or staff."""

    case: str
    to: str


def where(turn: Turn, case: Case, stations: Directory) -> Route | None:
    """The route with the station to which routing sends it among these; None: a person has to look.
    Who scanned a poster is still taken to mean that place. What a person put right is for a
    person."""
    if "corrected" in case.reading or not case.text:
        return None
    scene = stations.by_id.get(case.reading.get("scene", 0))
    reading = read_case(turn.deps, case.text, case.reading)
    plan = route(reading, stations, categories=turn.deps.understander().categories, scene=scene)
    allowed = plan.queue is None and reading.handling == case.handling
    found = plan.owner if allowed else None
    return plan if found is not None and found.id != case.owner_unit_id else None


def without(stations: Directory, unit_id: int) -> Directory:
    """The network as it would be if this station took nothing any more."""
    left = (replace(s, active=False) if s.id == unit_id else s for s in stations.stations)
    return Directory(tuple(left), stations.version, stations.rules)


def one(deps: Deps, case_id: int) -> HandedOver | None:
    """Move on what a closed station has not accepted."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = cases.get(session, case_id)
        stations = roster.directory_within(deps, session, turn.today)
        owner = stations.by_id.get(case.owner_unit_id or 0)
        if case.state != State.DISPATCHED or owner is None or owner.active:
            return None  # somebody moved it, or opened the station, between the look and the lock
        return move_on(turn, case, turn.say("master.station_closed", station=owner.name), SYSTEM)


def move_on(turn: Turn, case: Case, reason: str, by: By) -> HandedOver:
    """To the station that routing names, or to the staff queue; who had it is told, and the
    resident."""
    stations = roster.directory_within(turn.deps, turn.session, turn.today)
    plan = where(turn, case, without(stations, case.owner_unit_id or 0))
    station = plan.owner if plan else None
    if plan is None or station is None:
        overriding.recall(turn, case, reason, by)
    else:
        case.rule, case.words = plan.rule, list(plan.words)
        overriding.give(turn, case, station.id, reason, by)
    return HandedOver(show_number(case.number), station.name if station else wording.NOBODY_YET)


def receivers(turn: Turn, station: Station | None) -> tuple[str, ...]:
    """Who would get it there."""
    posts = dispatch.receivers(turn, station.id) if station else []
    return tuple(dict.fromkeys(post.person for post in posts))
