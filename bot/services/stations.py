"""Stations at the console: the list, and one station with its people, its load and its past."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.cases import CHINESE, State, show_number
from bot.domain.deadlines import BEIJING
from bot.domain.permissions import Actor
from bot.domain.roles import ROLE_NAMES, Role
from bot.domain.roster import MODES, StationEntry
from bot.domain.scenes import station_scene
from bot.domain.showing import say_when
from bot.domain.worklists import Light, light, yellow_until
from bot.models.cases import Case
from bot.services import master_history, posters, qr_codes, wording
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound
from bot.services.master_history import Change
from bot.services.ports import Deps
from bot.services.roster_import import load_vocabulary
from bot.services.roster_sheets import columns_of
from bot.services.sheet_cells import show
from bot.services.turn import Turn
from bot.services.worklists import is_hidden
from bot.store import leaving, pairings, presence, roster, stations, tickets, worklists
from bot.store.pairings import Paired
from bot.store.remembering import looking
from bot.store.stations import PAGE, Kept, Load, Seated, StationLine, Wanted

LOOK_BACK = timedelta(days=90)
SHOWN = 50
"""Open cases on a station's page."""
QUIET = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Listed:
    """A station in the list. `seen`: when somebody of it was last about, in words."""

    code: str
    name: str
    mode: str
    where: str
    state: str
    open: int
    late: int
    seen: str


@dataclass(frozen=True, slots=True)
class Stations:
    """A page of the list. `after`: the code after which the next one begins."""

    lines: tuple[Listed, ...]
    districts: tuple[str, ...]
    after: str


def listed(deps: Deps, visit: ConsoleVisit, wanted: Wanted, after: str = "") -> Stations:
    """The stations that this person may look at, by code."""
    with deps.database.read() as session, looking(session):
        turn = Turn(deps, session, deps.clock.now())
        shown = stations.shown_to(visit.actor)
        rows = stations.page(session, shown, wanted, turn.today, after)
        ids = [row.id for row in rows[:PAGE]]
        seen = worklists.seen_by(visit.actor)
        loads = stations.loads(session, ids, seen, turn.now)
        last = presence.last_seen(session, turn.today, ids)
        lines = tuple(_line(turn, row, loads, last) for row in rows[:PAGE])
        more = rows[PAGE - 1].code if len(rows) > PAGE else ""
        return Stations(lines, tuple(stations.districts(session, shown)), more)


def _line(
    turn: Turn, row: StationLine, loads: Mapping[int, Load], last: Mapping[int, datetime]
) -> Listed:
    load = loads.get(row.id, Load())
    where = " ".join(filter(None, (row.district, row.street))) or row.sector or ""
    at = last.get(row.id)
    return Listed(
        row.code, row.name, MODES[row.mode], where, row.state, load.open, load.late,
        say_when(at, turn.now) if at else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's post at a station. `now`: held today; `over`: not any more."""

    id: int
    person: str
    person_code: str
    role: str
    first: date | None
    last: date | None
    bound: bool
    follows: bool
    now: bool
    over: bool


@dataclass(frozen=True, slots=True)
class StationCase:
    """A case that lies with the station. The words of restricted ones stand in no list."""

    number: str
    shown: str
    what: str
    state: str
    holder: str
    due: str
    light: Light | None


@dataclass(frozen=True, slots=True)
class StationPage:
    """One station on one screen. `version`: of what the page shows, for forms on it; `lacks`: what
    is missing for it to work, in sentences; `qr`: its QR code as SVG, empty without one."""

    code: str
    name: str
    cells: Mapping[str, str]
    """Its row as the roster's sheet shows it."""
    state: str
    version: str
    paired: tuple[Paired, ...]
    posts: tuple[Place, ...]
    past: tuple[Place, ...]
    load: Load
    kept: Kept
    cases: tuple[StationCase, ...]
    seen: str
    lacks: tuple[str, ...]
    qr: str
    history: tuple[Change, ...]


def look(deps: Deps, visit: ConsoleVisit, code: str) -> StationPage:
    """The station, if it may be looked at. Raises NotFound."""
    with deps.database.read() as session, looking(session):
        turn = Turn(deps, session, deps.clock.now())
        row, entry = found(turn, visit.actor, code)
        seats = stations.seated(session, row.id)
        places = [place_of(seat, turn.today) for seat in seats]
        seen = worklists.seen_by(visit.actor)
        last = presence.last_seen(session, turn.today, [row.id]).get(row.id)
        load = stations.loads(session, [row.id], seen, turn.now).get(row.id, Load())
        names = {f"stations:{code}", f"posts:{code}", f"pairings:{code}"}
        return StationPage(
            code=row.code, name=row.name, cells=cells_of(turn, entry), state=row.state,
            version=version_of(entry, seats),
            paired=tuple(pairings.of_station(session, row.id, turn.today)),
            posts=tuple(each for each in places if not each.over),
            past=tuple(each for each in places if each.over), load=load,
            kept=stations.kept(session, row.id, seen, turn.now - LOOK_BACK),
            cases=_cases(turn, visit, row.id, seats),
            seen=say_when(last, turn.now) if last else "",
            lacks=(*_lacks(turn, row, entry, places, load.open), *_quiet(turn, places, last)),
            qr=_qr(turn, code),
            history=master_history.of_rows(turn, names),
        )  # fmt: skip


def found(turn: Turn, actor: Actor, code: str) -> tuple[StationLine, StationEntry]:
    """The station in the list, and its row of the roster. Raises NotFound."""
    shown = stations.shown_to(actor)
    row = stations.by_code(turn.session, shown, code, turn.today)
    if row is None:
        raise NotFound("master.no_station")
    (entry,) = roster.load_stations(turn.session, [code])
    return row, entry


def cells_of(turn: Turn, entry: StationEntry) -> dict[str, str]:
    """The station's row as its sheet shows it: what an import reads back to the same."""
    topics = load_vocabulary(turn.session).topics
    return {c.field: show(c, getattr(entry, c.field), topics) for c in columns_of("stations")}


def poster(deps: Deps, visit: ConsoleVisit, code: str) -> bytes:
    """Its poster with the QR code, a PDF. Raises NotFound, Refused (the platform made no code),
    OSError."""
    with deps.database.read() as session:
        found(Turn(deps, session, deps.clock.now()), visit.actor, code)
    with TemporaryDirectory() as folder:
        target = Path(folder) / "poster.pdf"
        posters.write(deps, [code], target)
        return target.read_bytes()


def version_of(entry: StationEntry, seats: list[Seated]) -> str:
    """Changes with whatever a form on the station's page could change."""
    held = sorted((seat.id, str(seat.valid_from), str(seat.valid_to)) for seat in seats)
    return fingerprint(entry, held)


def fingerprint(*shown: object) -> str:
    """Differs when what was shown differs."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:12]


def place_of(seat: Seated, today: date) -> Place:
    """A post as a page shows it."""
    begun = seat.valid_from is None or seat.valid_from <= today
    over = seat.valid_to is not None and seat.valid_to < today
    return Place(
        seat.id, seat.person, seat.person_code, seat.role, seat.valid_from, seat.valid_to,
        seat.bound, seat.follows, begun and not over, over,
    )  # fmt: skip


def _cases(
    turn: Turn, visit: ConsoleVisit, unit_id: int, seats: list[Seated]
) -> tuple[StationCase, ...]:
    seen = worklists.seen_by(visit.actor)
    rows = leaving.held_at(turn.session, unit_id, seen, SHOWN)
    due = worklists.due_times(turn.session, [case.id for case in rows])
    people = {seat.id: seat.person for seat in seats}
    until = yellow_until(turn.deps.calendar(), turn.now)
    made = [_case(turn, case, due.get(case.id), people, until) for case in rows]
    return tuple(made)


def _case(
    turn: Turn, case: Case, due: datetime | None, people: Mapping[int, str], until: datetime
) -> StationCase:
    hidden = is_hidden(case)
    return StationCase(
        case.number, show_number(case.number),
        turn.say("console.restricted") if hidden else wording.what(turn, case),
        CHINESE[State(case.state)], people.get(case.holder_post_id or 0, ""),
        say_when(due, turn.now) if due else "", light(due, turn.now, until),
    )  # fmt: skip


def _lacks(
    turn: Turn, row: StationLine, entry: StationEntry, places: list[Place], count: int
) -> list[str]:
    if row.state in ("ended", "suspended"):
        return [turn.say("master.still_open", count=count)] if count else []
    told = []
    for role in (Role.FIRST_CONVENER, Role.SECOND_CONVENER, Role.STATION_HEAD):
        theirs = [each for each in places if each.now and each.role == role]
        told += [] if theirs else [turn.say("master.no_role", role=ROLE_NAMES[role])]
        for each in theirs:
            if not each.bound:
                told.append(turn.say("master.not_bound", person=each.person))
            elif not each.follows:
                told.append(turn.say("master.not_following", person=each.person))
    needed = ("address", "hours", "phone")
    return told + [turn.say(f"master.no_{n}") for n in needed if not getattr(entry, n)]


def _quiet(turn: Turn, places: list[Place], last: datetime | None) -> list[str]:
    if not any(each.now for each in places):
        return []
    if last is None:
        return [turn.say("master.never_seen")]
    if turn.now - last <= QUIET:
        return []
    return [turn.say("master.quiet", since=f"{last.astimezone(BEIJING):%Y-%m-%d}")]


def _qr(turn: Turn, code: str) -> str:
    account = turn.deps.settings.wechat_app_id
    kept = tickets.of_scene(turn.session, account, station_scene(code))
    return qr_codes.inline(kept.url) if kept else ""
