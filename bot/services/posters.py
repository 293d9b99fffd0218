"""Posters of stations: which stations, their QR codes, and one file or many."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.services import qr_codes, roster
from bot.services.errors import NotFound
from bot.services.ports import Deps
from bot.settings import ROOT
from bot.store import organisation
from bot.store.organisation import StationSign


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on one page. `url`: what the QR code says."""

    code: str
    name: str
    office: str
    call: str
    steps: tuple[str, ...]
    details: tuple[str, ...]
    danger: str
    url: str

    @property
    def words(self) -> str:
        """Every character that is printed."""
        lines = (self.name, self.office, self.call, *self.steps, *self.details, self.danger)
        return "".join(lines)


@dataclass(frozen=True, slots=True)
class Written:
    """One file and the stations in it, by code."""

    path: Path
    codes: list[str]


def write(deps: Deps, refs: Sequence[str], target: Path) -> list[Written]:
    """A page for each station (code or full name; none named: every active one) into one .pdf, or
    one file each into a folder. Raises NotFound, Refused (the platform made no code), OSError."""
    signs = _signs(deps, refs)
    tickets = qr_codes.of_stations(deps, [sign.code for sign in signs])
    posters = [_poster(deps, sign, tickets[sign.code].url) for sign in signs]
    if target.suffix.lower() == ".pdf":
        jobs = [(target, posters)]
    else:
        target.mkdir(parents=True, exist_ok=True)
        jobs = [(target / _file_name(poster), [poster]) for poster in posters]
    _print(deps, jobs)
    return [Written(path, [poster.code for poster in printed]) for path, printed in jobs]


def _file_name(poster: Poster) -> str:
    """A name in the roster may hold what no file's name can."""
    name = "".join("_" if sign in '/\\:*?"<>|' else sign for sign in poster.name)
    return f"{poster.code} {name}.pdf"


def _print(deps: Deps, jobs: list[tuple[Path, list[Poster]]]) -> None:
    """In a process of its own: see bot.services.poster_pdf."""
    asked = {
        "now": deps.clock.now().isoformat(),
        "jobs": [
            {"target": str(path.resolve()), "posters": [asdict(poster) for poster in posters]}
            for path, posters in jobs
        ],
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot.services.poster_pdf"],
        cwd=ROOT, input=json.dumps(asked), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        last = done.stderr.strip().splitlines() or ["no reason given"]
        raise OSError(done.returncode, last[-1])


def _signs(deps: Deps, refs: Sequence[str]) -> list[StationSign]:
    stations = roster.directory(deps).stations
    wanted = {station.id for station in stations if station.active}
    if refs:
        by_ref = {ref: s.id for s in reversed(stations) for ref in (s.name, s.code)}
        if missing := [ref for ref in refs if ref not in by_ref]:
            raise NotFound("operator.no_station", ref=missing[0])
        wanted = {by_ref[ref] for ref in refs}
    with deps.database.read() as session:
        return organisation.station_signs(session, wanted)


def _poster(deps: Deps, sign: StationSign, url: str) -> Poster:
    say = deps.texts.say
    known = [
        sign.address and say("poster.address", address=sign.address),
        sign.hours and say("poster.hours", hours=sign.hours),
        sign.phone and say("poster.phone", phone=sign.phone),
        say("poster.code", code=sign.code),
    ]
    return Poster(
        code=sign.code,
        name=sign.name,
        office=say("poster.office"),
        call=say("poster.call"),
        steps=(say("poster.step_one"), say("poster.step_two"), say("poster.step_three")),
        details=tuple(line for line in known if line),
        danger=say("poster.danger"),
        url=url,
    )
