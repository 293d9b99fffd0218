"""What an act at a station would do to cases: shown before it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.cases import CHINESE, State, show_number
from bot.models.cases import Case
from bot.services import closing, dispatch, office_rules, roster, wording
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import day_of
from bot.services.master_history import Author
from bot.services.office_rules import RuleLine
from bot.services.stations import fingerprint
from bot.services.turn import Turn
from bot.services.worklists import is_hidden
from bot.store import leaving as held
from bot.store import organisation, worklists
from bot.store.organisation import PostView
from bot.store.stations import StationLine

Fields = Mapping[str, str]
CLOSED = ("ended", "suspended")


@dataclass(frozen=True, slots=True)
class Moving:
    """A case and what will become of it. `to`: station or staff, empty when it stays; `people`:
    who gets it there."""

    number: str
    shown: str
    what: str
    state: str
    to: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act would do, before it is done. `sure`: what the form says to do just this; `ahead`:
    it happens when the day is over."""

    cases: tuple[Moving, ...]
    sure: str
    ahead: bool
    rules: tuple[RuleLine, ...] = ()
    """Rules of the office that end with the station."""


@dataclass(frozen=True, slots=True)
class At:
    """One act at work."""

    turn: Turn
    visit: ConsoleVisit
    row: StationLine
    fields: Fields
    author: Author

    @property
    def code(self) -> str:
        return self.row.code


def planned(at: At, name: str) -> Plan:
    moves = tuple(PLANS[name](at))
    last = last_day(at) if name in ("end", "end_post") else at.turn.today - timedelta(days=1)
    rules = office_rules.lines_of_station(at.turn, at.row.id) if name == "end" else ()
    sure = fingerprint(name, at.fields["post"], last, moves, rules)
    return Plan(moves, sure, last >= at.turn.today, rules)


def _closing(at: At) -> list[Moving]:
    """What nobody has accepted goes on; the rest stays with whoever has it."""
    return [
        _to_another(at, case) if case.state == State.DISPATCHED else moving(at.turn, case, "", ())
        for case in cases_of(at)
    ]


def _moving_rest(at: At) -> list[Moving]:
    return [_to_another(at, case) for case in cases_of(at)]


def cases_of(at: At) -> list[Case]:
    return list(held.held_at(at.turn.session, at.row.id, worklists.seen_by(at.visit.actor)))


def _to_another(at: At, case: Case) -> Moving:
    turn = at.turn
    network = roster.directory_within(turn.deps, turn.session, turn.today)
    plan = closing.where(turn, case, closing.without(network, at.row.id))
    station = plan.owner if plan else None
    to = station.name if station else turn.say("notice.staff")
    return moving(turn, case, to, closing.receivers(turn, station))


def _leaving(at: At) -> list[Moving]:
    """To whoever is left at the station, else to the staff queue."""
    turn, post = at.turn, post_of(at)
    mine = held.held_by(turn.session, post.id, worklists.seen_by(at.visit.actor))
    heirs = dispatch.receivers(turn, at.row.id, but=post.id) if at.row.state not in CLOSED else []
    to = at.row.name if heirs else turn.say("notice.staff")
    people = tuple(dict.fromkeys(heir.person for heir in heirs))
    return [moving(turn, case, to, people) for case in mine]


def moving(turn: Turn, case: Case, to: str, people: tuple[str, ...]) -> Moving:
    """One line of a plan."""
    what = turn.say("console.restricted") if is_hidden(case) else wording.what(turn, case)
    return Moving(
        case.number, show_number(case.number), what, CHINESE[State(case.state)], to, people
    )  # fmt: skip


def post_of(at: At) -> PostView:
    """The post of this station that the form names. Raises Refused."""
    ref = at.fields["post"]
    known = ref.isascii() and ref.isdigit()
    post = organisation.post_by_ref(at.turn.session, ref, at.turn.today) if known else None
    if post is None or post.unit_id != at.row.id:
        raise Refused("master.no_post")
    return post


def last_day(at: At) -> date:
    """Without a day it is over now."""
    yesterday = at.turn.today - timedelta(days=1)
    last = day_of(at.fields["last_day"], yesterday)
    if last < yesterday:
        raise Refused("master.past_day")
    return last


PLANS: Mapping[str, Callable[[At], list[Moving]]] = {
    "end_post": _leaving,
    "suspend": _closing,
    "end": _closing,
    "move_rest": _moving_rest,
}
"""Acts that move cases, and which."""
