"""Who carries a post today: its holder, or a stand-in while the holder is on leave (请假).

Cases and clocks stay with the post itself, so that all of it is the holder's again when the leave
is over. Only posts that work on cases have leave: duty, staff and leaders change by the roster.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.absences import Seat, stand_in
from bot.domain.clocks import ClockKind
from bot.domain.roles import HANDLERS
from bot.models.cases import Case
from bot.models.organisation import Absence
from bot.services.turn import Turn
from bot.store import absences, clocks, organisation
from bot.store.organisation import PostView, StandsIn
from bot.store.remembering import once


def covered(turn: Turn, posts: Iterable[PostView]) -> list[PostView]:
    """The same posts, each with the person who carries it today. Whose holder is on leave and has
    nobody to stand in is marked `away`."""
    given = list(posts)
    asked = [p.id for p in given if p.role in HANDLERS and p.stands_in is None]
    away = absences.running(turn.session, asked, turn.today)
    return [carried(turn, p, away[p.id]) if p.id in away else p for p in given]


def carried(turn: Turn, post: PostView, absence: Absence) -> PostView:
    """The post in the hands of whoever stands in during this absence."""
    chosen, seats = choose(turn, post, absence), handlers_of(turn, post.unit_id)
    found = next((each for each in seats if chosen and each.id == chosen.post_id), None)
    if found is None:
        return replace(post, away=True)
    return replace(
        post, person_id=found.person_id, person=found.person, bound=found.bound,
        person_code=found.person_code, follows=found.follows,
        stands_in=StandsIn(post.person_id, post.person, found.id),
    )  # fmt: skip


def choose(turn: Turn, post: PostView, absence: Absence) -> Seat | None:
    """Who stands in: today, or on the first day of an absence to come."""
    seats = seats_of(turn, post.unit_id)
    day = max(turn.today, absence.first_day)
    away = absences.running(turn.session, [seat.post_id for seat in seats], day)
    return stand_in(seat(post), absence.stand_in_post_id, seats, away)


def handlers_of(turn: Turn, unit_id: int) -> list[PostView]:
    """Who works on cases in this unit today, themselves."""
    posts = organisation.list_posts(turn.session, turn.today, unit_id=unit_id)
    return [post for post in posts if post.role in HANDLERS]


def seats_of(turn: Turn, unit_id: int) -> list[Seat]:
    """The same, as bot.domain.absences takes them."""
    return [seat(post) for post in handlers_of(turn, unit_id)]


def able(
    turn: Turn, unit_ids: Iterable[int], person_id: int, first: date, last: date
) -> list[Seat]:
    """Who could stand in for this person in these units: colleagues who are away on none of these
    days."""
    seats = [s for unit_id in dict.fromkeys(unit_ids) for s in seats_of(turn, unit_id)]
    others = [s for s in seats if s.person_id != person_id]
    away = absences.overlapping(turn.session, [s.post_id for s in others], first, last)
    return [s for s in others if s.post_id not in away]


def seat(post: PostView) -> Seat:
    """A post as bot.domain.absences takes it."""
    return Seat(post.id, post.person_id, post.person, post.role, post.bound and post.follows)


def at_hand(turn: Turn, person_id: int) -> list[PostView]:
    """Every post that this person holds today, and then those that they carry for others."""
    asked = ("at hand", person_id, turn.today)
    return list(once(turn.session, asked, lambda: _at_hand(turn, person_id)))


def _at_hand(turn: Turn, person_id: int) -> list[PostView]:
    own = organisation.posts_of_person(turn.session, person_id, turn.today)
    units = {post.unit_id for post in own if post.role in HANDLERS}
    for absence in absences.in_units(turn.session, units, turn.today):
        post = organisation.post_by_id(turn.session, absence.post_id, turn.today)
        if post is None:
            continue
        found = carried(turn, post, absence)
        if found.stands_in is not None and found.person_id == person_id:
            own.append(found)
    return own


def whose(turn: Turn, case: Case) -> set[int]:
    """The posts that have the case, were given it or, while nobody has it, are asked to accept."""
    named = {case.holder_post_id, case.assigned_post_id}
    if named == {None}:
        asked = clocks.running(turn.session, case.id).get(ClockKind.ACCEPT)
        named = {asked.holder_post_id if asked else None}
    return {post_id for post_id in named if post_id is not None}


def in_order(turn: Turn, posts: Sequence[PostView], case: Case) -> list[PostView]:
    """The order in which a person's posts are tried for an act on this case: what is an absent
    person's is done under their post, so that it comes back to them; then the person's own posts;
    then what else an absent person may do."""
    theirs = whose(turn, case)

    def rank(post: PostView) -> int:
        if post.stands_in is None:
            return 1
        return 0 if post.id in theirs else 2

    return sorted(posts, key=rank)


def name(turn: Turn, post: PostView) -> str:
    """Who has it, as colleagues read it: 牛茶壶（代马板凳） while a stand-in does."""
    (now,) = covered(turn, [post])
    return carries(turn, now)


def carries(turn: Turn, now: PostView) -> str:
    """The same of a post in the hands of whoever carries it now."""
    if now.stands_in is None:
        return now.person
    return turn.say("leave.name", person=now.person, absent=now.stands_in.person)
