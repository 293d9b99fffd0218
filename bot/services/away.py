"""Who is away, as the office sees it and enters it."""

from dataclasses import dataclass
from datetime import date

from bot.domain.absences import Wish
from bot.domain.roles import HANDLERS
from bot.services import absence
from bot.services.absence import Leave
from bot.services.accounts import post_named
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import absences


@dataclass(frozen=True, slots=True)
class Away:
    """A post whose holder is away, now (`running`) or on days to come; both days are days of
    absence. `stand_in` is empty where nobody can; `by_office`: the office entered it."""

    ref: str
    person: str
    station: str
    role: str
    first_day: date
    last_day: date
    running: bool
    stand_in: str
    by_office: bool


def list_away(deps: Deps) -> list[Away]:
    """Everybody who is on leave or will be, the earliest first."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        rows = absences.all_open(session)
        return [_away(absence.shown(turn, r)) for r in rows if r.last_day >= turn.today]


def enter(deps: Deps, ref: str, last: date, first: date | None = None, name: str = "") -> Away:
    """The office writes leave down for the holder of a post, from today if no day is given; `name`
    stands in. Both are told. Raises NotFound, Refused."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        post = post_named(turn, ref)
        if post.role not in HANDLERS:
            raise Refused("operator.no_leave", ref=ref)
        (row,) = absence.enter(turn, [post], Wish(first or turn.today, last, name), by_office=True)
        return _away(absence.shown(turn, row))


def end(deps: Deps, ref: str) -> Away:
    """The holder of a post is back. Raises NotFound, Refused."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        return _away(absence.end(turn, post_named(turn, ref)))


def _away(leave: Leave) -> Away:
    post = leave.post
    return Away(
        ref=post.ref, person=post.person, station=post.unit, role=post.role,
        first_day=leave.first, last_day=leave.last, running=leave.running,
        stand_in=leave.stand_in, by_office=leave.by_office,
    )  # fmt: skip
