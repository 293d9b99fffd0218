"""A station where nobody has been for long is checked with its conveners, and shown to staff."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.stations import Station
from bot.models.organisation import StationLook
from bot.services import notify
from bot.services.ports import Deps
from bot.services.roster import directory
from bot.services.turn import Turn
from bot.store import alarms, organisation, presence

LONG = timedelta(days=30)
ALARM = "stations_quiet"
SHOWN = 10


def look_at_stations(deps: Deps) -> list[str]:
    """Tell the conveners once when a station has been quiet for thirty days, counted from when it
    was first looked at if nobody was ever there; raise or clear the alarm. Returns the names of the
    stations that were told now."""
    stations = {s.id: s for s in directory(deps).stations if s.active and s.staffed}
    now = deps.clock.now()
    with deps.database.read() as session:
        seen = presence.last_seen(session, Turn(deps, session, now).today)
        known = presence.looks(session)
        before = {a.kind: (a.count, a.detail) for a in alarms.open_alarms(session)}.get(ALARM)
    quiet = {
        unit_id: since
        for unit_id in stations
        if (since := _since(unit_id, seen, known, now)) <= now - LONG
    }
    names = sorted(stations[unit_id].name for unit_id in quiet)
    detail = "、".join(names[:SHOWN]) + (" 等" if len(names) > SHOWN else "")
    told = {unit_id for unit_id, row in known.items() if row.told_at is not None}
    same = before == (len(names), detail) if names else before is None
    if same and stations.keys() <= known.keys() and told == quiet.keys():
        return []
    return _write(deps, stations, quiet, detail)


def _since(
    unit_id: int, seen: Mapping[int, datetime], known: Mapping[int, StationLook], now: datetime
) -> datetime:
    row = known.get(unit_id)
    return seen.get(unit_id) or (row.first_at if row else now)


def _write(
    deps: Deps, stations: Mapping[int, Station], quiet: Mapping[int, datetime], detail: str
) -> list[str]:
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        known = presence.looks(session)
        presence.begin(session, sorted(stations.keys() - known.keys()), turn.now)
        told = [
            unit_id for unit_id in sorted(quiet) if unit_id in known and not known[unit_id].told_at
        ]
        for unit_id in told:
            known[unit_id].told_at = turn.now
            _tell(turn, stations[unit_id], (turn.now - quiet[unit_id]).days)
        for unit_id, row in known.items():
            row.told_at = row.told_at if unit_id in quiet else None
        if quiet:
            alarms.keep_raised(session, ALARM, detail, turn.now, count=len(quiet))
        else:
            alarms.clear(session, ALARM, turn.now)
        return [stations[unit_id].name for unit_id in told]


def _tell(turn: Turn, station: Station, days: int) -> None:
    for role in ("first_convener", "second_convener"):
        for post in organisation.posts_of(turn.session, station.id, role, turn.today):
            notify.tell_person(
                turn, post.person_id, "station_quiet", f"{station.id}:{turn.today.isoformat()}",
                station=station.name, code=station.code, days=days,
            )  # fmt: skip
