"""The network as the other services and the edges see it."""

from dataclasses import asdict
from datetime import date
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from bot.domain.deadlines import BEIJING
from bot.domain.roster import ROLES
from bot.domain.stations import Directory
from bot.services.demo_roster import load_demo_data, write_demo
from bot.services.ports import Deps
from bot.store import organisation
from bot.store.roster import Saved
from bot.store.unit_of_work import Database

__all__ = ["ROLES", "DemoRefused", "NoSuchStation", "directory", "list_posts", "list_stations"]

_cached: WeakKeyDictionary[Database, tuple[date, Directory]] = WeakKeyDictionary()
_lock = Lock()


class DemoRefused(Exception):
    """演示名册只能写进演示或试运行的系统。正式运行时请用 flask roster import 导入真实名册。"""


class NoSuchStation(Exception):
    """没有这个代码或名称的工作站。flask roster list --stations 可以列出全部。"""


def today(deps: Deps) -> date:
    """The day in Beijing."""
    return deps.clock.now().astimezone(BEIJING).date()


def directory(deps: Deps) -> Directory:
    """All stations, as routing wants them. One tiny query while roster and day are the same."""
    with deps.database.read() as session:
        return directory_within(deps, session, today(deps))


def directory_within(deps: Deps, session: Session, day: date) -> Directory:
    """The same in a unit that is open already, as it is on this day in Beijing."""
    version = organisation.roster_version(session)
    with _lock:
        kept = _cached.get(deps.database)
    if kept and kept[0] == day and kept[1].version == version:
        return kept[1]
    fresh = organisation.directory(session, day)
    with _lock:
        _cached[deps.database] = (day, fresh)
    return fresh


def write_demo_network(deps: Deps) -> Saved:
    """Write the demo network. Raises DemoRefused in production mode."""
    if deps.settings.mode == "production":
        raise DemoRefused
    places, studios = load_demo_data()
    with deps.database.write() as session:
        return write_demo(session, places, studios)


def list_stations(deps: Deps, station: str | None = None) -> list[dict[str, Any]]:
    """Every station (or the one named) as plain values. Raises NoSuchStation."""
    everything = [asdict(found) for found in directory(deps).stations]
    if station is None:
        return everything
    found = [one for one in everything if station in (one["code"], one["name"])]
    if not found:
        raise NoSuchStation
    return found


def list_posts(
    deps: Deps, station: str | None = None, role: str | None = None
) -> list[dict[str, Any]]:
    """Posts valid today: {ref, station, role, person, person_code, bound}. Raises NoSuchStation.

    Each `ref` leads to its own post: where several hold a role, the later ones go by number.
    """
    with deps.database.read() as session:
        unit_id = _unit_id(session, station) if station else None
        posts = organisation.list_posts(session, today(deps), unit_id=unit_id, role=role)
    first: dict[str, int] = {}
    return [
        {
            "ref": post.ref if first.setdefault(post.ref, post.id) == post.id else str(post.id),
            "station": post.unit,
            "role": post.role,
            "person": post.person,
            "person_code": post.person_code,
            "bound": post.bound,
        }
        for post in posts
    ]


def _unit_id(session: Session, ref: str) -> int:
    unit = organisation.unit_by_code_or_name(session, ref)
    if unit is None:
        raise NoSuchStation
    return unit.id
