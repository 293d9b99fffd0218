"""What leave brings to a stand-in, and takes back: items on the list, and the word to both sides.

Days begin and end by themselves; if the stand-in changes (gone, away as well) the next one by rule
gets the items. Each step looks at what was done before, so that it may run again at any time.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.domain.absences import Seat
from bot.domain.roles import ROLE_NAMES, Role
from bot.models.organisation import Absence
from bot.services import colleagues, notify, standing_in, wording
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import absences, events, item_codes, leaving, organisation
from bot.store.events import SYSTEM, By
from bot.store.organisation import PostView

_IN_CHARGE = frozenset({Role.FIRST_CONVENER, Role.SECOND_CONVENER, Role.STATION_HEAD})


def change_over(deps: Deps) -> list[str]:
    """For the scheduler: what begins, changes and is over today; the posts concerned."""
    with deps.database.read() as session:
        due = [row.id for row in absences.all_open(session) if _is_due(_turn(deps, session), row)]
    done = []
    for row_id in due:
        with deps.database.write() as session:
            turn = _turn(deps, session)
            row = absences.get(session, row_id)
            if row is not None and _step(turn, row):
                done.append(f"post {row.post_id}")
    return done


def _turn(deps: Deps, session: Session) -> Turn:
    return Turn(deps, session, deps.clock.now())


def _is_due(turn: Turn, row: Absence) -> bool:
    post = organisation.post_by_id(turn.session, row.post_id, turn.today)
    if post is None or row.last_day < turn.today:
        return True
    if row.first_day > turn.today:
        return False
    seat = standing_in.choose(turn, post, row)
    return seat is not None and seat.post_id != row.carrier_post_id


def _step(turn: Turn, row: Absence) -> bool:
    post = organisation.post_by_id(turn.session, row.post_id, turn.today)
    if post is None:
        _leave(turn, row)
        return True
    if row.last_day < turn.today:
        close_past(turn, [row])
        return True
    return row.first_day <= turn.today and _hand_to(turn, row, post)


def leave_post(turn: Turn, post_id: int, last_day: date) -> None:
    """Whoever leaves the post for good is on leave from it until its last day at most."""
    for row in absences.open_of(turn.session, [post_id]):
        if row.first_day > last_day:
            _leave(turn, row)
        else:
            row.last_day = min(row.last_day, last_day)


def _leave(turn: Turn, row: Absence) -> None:
    (post,) = organisation.posts_by_id(turn.session, [row.post_id])
    _thank(turn, row, post)
    _end(turn, row, "left", SYSTEM)


def announce(turn: Turn, row: Absence) -> None:
    """A new absence: the stand-in hears of it, and has the items when it has begun."""
    (post,) = organisation.posts_by_id(turn.session, [row.post_id])
    if row.entered_by_post_id is None:
        chosen = standing_in.choose(turn, post, row)
        who = chosen.person if chosen else ""
        notify.tell_person(
            turn,
            post.person_id,
            "leave_noted",
            f"leave{row.id}",
            who=who,
            **_about(turn, row, post),
        )
    if row.first_day <= turn.today:
        _hand_to(turn, row, post)
    elif seat := standing_in.choose(turn, post, row):
        notify.tell_person(
            turn, seat.person_id, "stand_in_coming", f"leave{row.id}", **_about(turn, row, post)
        )


def _hand_to(turn: Turn, row: Absence, post: PostView) -> bool:
    """Whoever stands in by now has the items on their list, with codes of their own."""
    seat = standing_in.choose(turn, post, row)
    if seat is None or seat.post_id == row.carrier_post_id:
        return False
    row.carrier_post_id = seat.post_id
    held = absences.items_of(turn.session, post.id)
    items = list(dict.fromkeys([*held, *colleagues.put_to(turn, post)]))
    for case_id in items:
        item_codes.give(turn.session, seat.person_id, case_id, turn.now)
        notify.readdress(turn, case_id, post.person_id, seat.person_id, instead_of=post.person)
    events.record(turn.session, turn.now, "stood_in", post=post.id, stand_in=seat.post_id)
    there = turn.say("leave.items", count=len(items)) if items else turn.say("leave.no_items")
    notify.tell_person(
        turn, seat.person_id, "stand_in", f"leave{row.id}:{seat.post_id}", items=there,
        **_about(turn, row, post),
    )  # fmt: skip
    return True


def close_past(turn: Turn, rows: Sequence[Absence]) -> list[Absence]:
    """End those whose last day is over, as the night does it; returns the others."""
    for row in rows:
        if row.last_day >= turn.today:
            continue
        (post,) = organisation.posts_by_id(turn.session, [row.post_id])
        _end(turn, row, "over", SYSTEM)
        count = len(absences.items_of(turn.session, post.id))
        notify.tell_person(
            turn, post.person_id, "leave_over", f"leave{row.id}", count=count,
            **_about(turn, row, post),
        )  # fmt: skip
        _thank(turn, row, post)
    return [row for row in rows if row.ended_at is None]


def end_early(turn: Turn, row: Absence, by: By) -> None:
    """It ends now: everything is the holder's again, and the stand-in hears of it."""
    (post,) = organisation.posts_by_id(turn.session, [row.post_id])
    told = _carrier(turn, row) or standing_in.choose(turn, post, row)
    _end(turn, row, "early", by)
    _thank(turn, row, post, told)


def _thank(turn: Turn, row: Absence, post: PostView, told: Seat | None = None) -> None:
    seat = told or _carrier(turn, row)
    if seat is not None:
        notify.tell_person(
            turn, seat.person_id, "stand_in_over", f"leave{row.id}", **_about(turn, row, post)
        )


def _carrier(turn: Turn, row: Absence) -> Seat | None:
    held = row.carrier_post_id
    post = organisation.post_by_id(turn.session, held, turn.today) if held else None
    return standing_in.seat(post) if post is not None else None


def _end(turn: Turn, row: Absence, why: str, by: By) -> None:
    row.ended_at, row.end_reason = turn.now, why
    seat = _carrier(turn, row)
    if seat is not None:
        _take_back(turn, row, seat)
    events.record(turn.session, turn.now, "back", by=by, post=row.post_id, why=why)
    turn.session.flush()


def _take_back(turn: Turn, row: Absence, seat: Seat) -> None:
    (post,) = organisation.posts_by_id(turn.session, [row.post_id])
    for case_id in absences.items_of(turn.session, row.post_id):
        notify.readdress(turn, case_id, seat.person_id, post.person_id)
    if seat.role in _IN_CHARGE:
        return  # what nobody has stands on their list anyway; from a member's it goes again
    for case_id in absences.items_of(turn.session, row.post_id, waiting=True):
        leaving.release_code(turn.session, case_id, seat.person_id, turn.now)


def _about(turn: Turn, row: Absence, post: PostView) -> dict[str, str]:
    last = max(row.last_day, row.first_day)
    days = [row.first_day, last, last + timedelta(days=1)]
    first, until, back = (wording.day(day, turn.today) for day in days)
    return {
        "person": post.person,
        "post": f"{post.unit}{ROLE_NAMES[Role(post.role)]}",
        "first": first,
        "last": until,
        "back": back,
        "period": f"{row.first_day:%m%d}-{last:%m%d}",
    }
