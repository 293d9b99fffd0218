"""The office takes a case from the station that has it: a person may always override a route."""

from bot.domain.cases import State, Who
from bot.domain.clocks import ClockKind
from bot.models.cases import Case
from bot.services import dispatch, notify, staff
from bot.services.errors import Refused
from bot.services.moves import move
from bot.services.turn import Turn
from bot.store import clocks, item_codes, organisation, outbox
from bot.store.events import By


def to_station(turn: Turn, case: Case, station: str, reason: str, by: By) -> None:
    """Another station (code or full name) gets it and accepts it anew; the answer clock goes on.
    Who had it is told, and the resident. Raises NotFound, Refused."""
    unit_id = staff.receiver(turn, station)
    if unit_id == case.owner_unit_id:
        raise Refused("console.has_it_already")
    if case.handling != "normal":
        raise Refused("console.named_only")
    _needs(reason)
    give(turn, case, unit_id, reason, by)


def give(turn: Turn, case: Case, unit_id: int, reason: str, by: By) -> None:
    """The same for a station that receives and has not got it."""
    before = dispatch.current_holders(turn, case)
    dispatch.dispatch(turn, case, unit_id, who=Who.STAFF, by=by, reason=reason)
    notify.tell_posts(turn, case, "passed_on", before, f"v{case.version}", who=_name(turn, by))
    notify.tell_resident(turn, case, "dispatched", f"v{case.version}")


def recall(turn: Turn, case: Case, reason: str, by: By) -> None:
    """Back into the office's queue. Who had it is told, and the resident. Raises Refused."""
    _needs(reason)
    before = dispatch.current_holders(turn, case)
    move(turn, case, State.NEW, {Who.STAFF}, by=by, reason=reason)
    case.owner_unit_id = case.holder_post_id = case.co_owner_post_id = None
    clocks.end(turn.session, case.id, {ClockKind.ACCEPT}, turn.now, "recalled")
    outbox.drop_waiting(turn.session, case.id, dispatch.CHASES, "case was recalled")
    item_codes.release(turn.session, case.id, turn.now)
    dispatch.to_staff(turn, case, reason, by)
    notify.tell_posts(turn, case, "recalled", before, f"v{case.version}", who=_name(turn, by))
    notify.tell_resident(turn, case, "returned", f"v{case.version}")


def _needs(reason: str) -> None:
    if not reason.strip():
        raise Refused("console.needs_why_moved")


def _name(turn: Turn, by: By) -> str:
    posts = organisation.posts_by_id(turn.session, [by.post_id] if by.post_id else [])
    return posts[0].person if posts else turn.say("console.office")
