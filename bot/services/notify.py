"""Who is told what: notices go to the outbox in the write unit of what caused them."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.cases import Queue
from bot.domain.deadlines import BEIJING
from bot.domain.merging import SHARED
from bot.domain.notices import NOTICES
from bot.domain.quiet import next_morning
from bot.domain.roles import Role
from bot.models.cases import Case
from bot.models.organisation import StationRow
from bot.services import co_owning, standing_in
from bot.services.turn import Turn
from bot.store import cases, item_codes, organisation, outbox
from bot.store.organisation import PostView


def people_for(turn: Turn, case: Case, audience: str, holder_post_id: int | None) -> list[PostView]:
    """Who an audience of a ladder means for this case now, stand-ins for those on leave. The
    resident is not among them."""
    return standing_in.covered(turn, _holders(turn, case, audience, holder_post_id))


def meant(case: Case, audience: str) -> str:
    """An audience as it reads for this case now: of what only named staff see, the staff are
    those."""
    named = audience == "staff" and case.queue == Queue.RESTRICTED
    return Role.RESTRICTED_STAFF.value if named else audience


def _holders(turn: Turn, case: Case, audience: str, holder_post_id: int | None) -> list[PostView]:
    session, today = turn.session, turn.today
    if audience == "holder":
        if case.owner_unit_id is None:
            return []  # it was returned: who held it has nothing more to do with it
        return co_owning.with_co_owner(turn, case, holder_post_id)
    if audience == "owner":
        return co_owning.with_co_owner(turn, case, case.holder_post_id)
    if audience == "supervisor":
        post_id = case.supervised_post_id
        found = organisation.post_by_id(session, post_id, today) if post_id else None
        return [found] if found else []
    if audience == "staff":
        named = meant(case, audience) == Role.RESTRICTED_STAFF
        role = Role.RESTRICTED_STAFF if named else Role.INTAKE_STAFF
        return organisation.posts_in_role(session, role.value, today)
    if audience in ("duty", "leader"):
        if audience == "leader" and case.queue == "restricted":
            return []
        return organisation.posts_in_role(session, audience, today)
    if case.owner_unit_id is None:
        return []
    if audience == "district_convener":
        station = session.get(StationRow, case.owner_unit_id)
        district = station.district if station else None
        return organisation.district_conveners(session, district, today) if district else []
    return organisation.posts_of(session, case.owner_unit_id, audience, today)


def tell_posts(
    turn: Turn, case: Case, kind: str, posts: Iterable[PostView], cause: str,
    *, due_at: datetime | None = None, last_chance: bool = False, **params: object,
) -> list[PostView]:  # fmt: skip
    """Put a notice for each of these people in the outbox; returns whom it was put for.

    `cause` makes it the same notice when the same thing is told again. A person who holds two of
    the posts is told once, their own first. Who is on leave has a stand-in told, and gets a code
    all the same: it is theirs again afterwards. `due_at`: of a reminder, when its rung was to
    happen. Who was reminded of this case today hears of it again the next working day, unless this
    is the `last_chance` before it is late.
    """
    told: dict[int, PostView] = {}
    for post in sorted(standing_in.covered(turn, posts), key=lambda p: p.stands_in is not None):
        if post.stands_in is not None:
            item_codes.give(turn.session, post.stands_in.person_id, case.id, turn.now)
        if post.person_id in told:
            continue
        whose = {"role": post.role}
        whose |= {"instead_of": post.stands_in.person} if post.stands_in is not None else {}
        code = item_codes.give(turn.session, post.person_id, case.id, turn.now)
        again = None if last_chance or due_at is None else _again(turn, case, kind, post)
        promised = _promised(turn, kind, due_at) if again is None else again
        new = outbox.enqueue(
            turn.session, turn.now, kind, dedupe=f"{case.id}:{cause}:{post.person_id}",
            case_id=case.id, person_id=post.person_id, not_before=again or turn.waits(kind),
            due_at=promised, params={"code": code} | whose | params,
        )  # fmt: skip
        if new:
            told[post.person_id] = post
    return list(told.values())


def tell_person(turn: Turn, person_id: int, kind: str, cause: str, **params: object) -> bool:
    """Put a notice that is about no case in the outbox."""
    return outbox.enqueue(
        turn.session, turn.now, kind, dedupe=f"{cause}:{person_id}", case_id=None,
        person_id=person_id, not_before=turn.waits(kind), params=params,
    )  # fmt: skip


def readdress(turn: Turn, case_id: int, whom: int, to: int, *, instead_of: str = "") -> None:
    """What waits in the outbox for one person goes to another: a stand-in (`instead_of`: whose it
    is), or the holder who is back. A reminder of the night must not ring who is on leave."""
    for row in outbox.waiting_for(turn.session, case_id, whom):
        if not instead_of and "instead_of" not in row.params:
            continue  # the former stand-in's own
        kept = {k: v for k, v in row.params.items() if k != "instead_of"}
        kept["code"] = item_codes.give(turn.session, to, case_id, turn.now)
        row.person_id = to
        row.params = kept | ({"instead_of": instead_of} if instead_of else {})


def tell_resident(
    turn: Turn, case: Case, kind: str, cause: str, *, due_at: datetime | None = None,
    **params: object,
) -> bool:  # fmt: skip
    """Put a notice for the resident in the outbox. Senders of imported rows get none. `due_at` as
    in tell_posts. What all of them are told (SHARED) goes to the residents of merged cases too,
    once to each."""
    told = _tell_one(turn, case, kind, cause, due_at=due_at, params=params)
    if kind in SHARED:
        heard = {case.contact_id}
        for other in cases.merged_in(turn.session, case.id):
            if other.contact_id not in heard:
                heard.add(other.contact_id)
                again = f"{case.id}:{cause}"
                _tell_one(turn, other, kind, again, due_at=due_at, params=params)
    return told


def _tell_one(
    turn: Turn, case: Case, kind: str, cause: str, *, due_at: datetime | None,
    params: dict[str, object],
) -> bool:  # fmt: skip
    contact = cases.contact(turn.session, case)
    if contact.channel != "wechat":
        return False
    return outbox.enqueue(
        turn.session, turn.now, kind, dedupe=f"{case.id}:{cause}", case_id=case.id,
        contact_id=contact.id, not_before=turn.waits(kind),
        due_at=_promised(turn, kind, due_at), params=params,
    )  # fmt: skip


def _again(turn: Turn, case: Case, kind: str, post: PostView) -> datetime | None:
    """The morning after a reminder of the same case on the same day. Alarms know no such rest."""
    if not NOTICES[kind].quiet:
        return None
    day = (turn.waits(kind) or turn.now).astimezone(BEIJING)
    begins = day.replace(hour=0, minute=0, second=0, microsecond=0)
    if not outbox.reminded(turn.session, case.id, post.person_id, begins):
        return None
    return next_morning(day, turn.deps.calendar())


def _promised(turn: Turn, kind: str, due_at: datetime | None) -> datetime | None:
    """When a reminder is to go out: at its rung's moment, or when quiet hours after it end.
    What came late is not excused by the quiet hours that it then met."""
    return None if due_at is None else turn.waits(kind, due_at) or due_at
