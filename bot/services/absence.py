"""请假 and 销假: somebody is away for some days, and comes back. What they have stays with their
post: a stand-in carries it meanwhile (bot.services.standing_in)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.absences import AHEAD, LONGEST, Wish, fault, named, role_name
from bot.domain.leave_words import read_leave
from bot.domain.roles import HANDLERS
from bot.models.organisation import Absence
from bot.services import changing_over, standing_in, wording
from bot.services.errors import NotFound, Refused
from bot.services.turn import Turn
from bot.store import absences, events, organisation
from bot.store.events import SHELL, By
from bot.store.organisation import PostView

__all__ = ["LONGEST", "Leave", "Wish", "come_back", "current", "end", "enter", "take_leave"]


@dataclass(frozen=True, slots=True)
class Leave:
    """A post's absence as it is shown: both days in Beijing; `stand_in`: a name, empty where nobody
    does by rule; `others`: who could be named then."""

    post: PostView
    first: date
    last: date
    stand_in: str
    running: bool
    by_office: bool
    others: tuple[str, ...] = ()


def take_leave(turn: Turn, person_id: int, words: str) -> str:
    """As typed: 到12月3日 由李四; the sentence for who typed it. Raises Refused, NotFound."""
    posts = own_posts(turn, person_id)
    wish = read_leave(words, turn.today)
    if wish is None:
        if not words and current(turn, person_id):
            raise _taken(turn, current(turn, person_id)[0])
        raise Refused("leave.how", **_example(turn))
    enter(turn, posts, wish)
    return entered(turn, person_id)


def entered(turn: Turn, person_id: int) -> str:
    """The sentence for who has just taken leave."""
    found = current(turn, person_id)
    days = _days(turn, found[0].first, found[0].last)
    stood_in = [leave for leave in found if leave.stand_in]
    left = {leave.post.unit_id: leave for leave in found if not leave.stand_in}
    if not stood_in:
        names = "、".join(dict.fromkeys(name for each in found for name in each.others))
        return turn.say(f"leave.entered_{'choose' if names else 'nobody'}", names=names, **days)
    who = "、".join(dict.fromkeys(leave.stand_in for leave in stood_in))
    if len(found) > 1 and ("、" in who or left):
        who = "，".join(
            turn.say("leave.who_where", unit=leave.post.unit, person=leave.stand_in)
            for leave in stood_in
        )
    said = [turn.say("leave.entered", who=who, **days)]
    for leave in left.values():
        key = f"leave.but_{'choose' if leave.others else 'nobody'}"
        said.append(turn.say(key, unit=leave.post.unit, names="、".join(leave.others)))
    return "\n".join(said)


def own_posts(turn: Turn, person_id: int) -> list[PostView]:
    """The posts from which this person may be on leave. Raises Refused when there is none."""
    held = organisation.posts_of_person(turn.session, person_id, turn.today)
    posts = [post for post in held if post.role in HANDLERS]
    if not posts:
        raise Refused("leave.no_post")
    return posts


def enter(
    turn: Turn, posts: Sequence[PostView], wish: Wish, *, by_office: bool = False
) -> list[Absence]:
    """Keep an absence for each of these posts of one person; who stands in is told at once.
    Raises Refused and NotFound with what is wrong with days or name."""
    wrong = fault(wish.first, wish.last, turn.today)
    if wrong is not None:
        days = _days(turn, wish.first, wish.last)
        raise Refused(f"leave.{wrong}", longest=LONGEST, ahead=AHEAD, **days, **_example(turn))
    absences.lock_posts(turn.session, [post.id for post in posts])  # two at once: one is told
    changing_over.close_past(turn, absences.open_of(turn.session, [p.id for p in posts]))
    taken = absences.open_of(turn.session, [post.id for post in posts])
    if taken:
        raise _taken(turn, shown(turn, taken[0]), by_office=by_office)
    chosen = _stand_ins(turn, posts, wish)
    rows = []
    for post in posts:
        by = None if by_office else post.id
        rows.append(
            absences.add(
                turn.session, post_id=post.id, stand_in_post_id=chosen.get(post.unit_id),
                first_day=max(wish.first, turn.today), last_day=wish.last, entered_at=turn.now,
                entered_by_post_id=by,
            )
        )  # fmt: skip
        events.record(
            turn.session, turn.now, "away", by=SHELL if by is None else By("post", by),
            post=post.id, stand_in=chosen.get(post.unit_id),
            first=rows[-1].first_day.isoformat(), last=wish.last.isoformat(),
        )  # fmt: skip
    for row in rows:
        changing_over.announce(turn, row)
    return rows


def _taken(turn: Turn, leave: Leave, *, by_office: bool = False) -> Refused:
    key = "operator.leave_taken" if by_office else "leave.taken"
    if not leave.stand_in:
        key = "operator.leave_taken_nobody" if by_office else "leave.taken_nobody"
    days = _days(turn, leave.first, leave.last)
    return Refused(key, ref=leave.post.ref, person=leave.post.person, who=leave.stand_in, **days)


def _stand_ins(turn: Turn, posts: Sequence[PostView], wish: Wish) -> dict[int, int]:
    """The named stand-in's post, by station; empty where none was named. In a station where the
    person has no colleague of that name it goes by rule, as long as one other has."""
    if not wish.stand_in:
        return {}
    absent = posts[0].person_id
    found: dict[int, int] = {}
    for unit_id in dict.fromkeys(post.unit_id for post in posts):
        seats = [s for s in standing_in.seats_of(turn, unit_id) if s.person_id != absent]
        meant = named(seats, wish.stand_in)
        if len({seat.person_id for seat in meant}) > 1:
            names = "、".join(f"{seat.person}{role_name(seat)}" for seat in meant)
            raise Refused("leave.which", name=wish.stand_in, names=names)
        if meant:
            _is_there(turn, meant[0].post_id, wish)
            found[unit_id] = meant[0].post_id
    if not found:
        raise _nobody_called(turn, posts, wish)
    return found


def _is_there(turn: Turn, post_id: int, wish: Wish) -> None:
    for row in absences.overlapping(turn.session, [post_id], wish.first, wish.last).values():
        leave = shown(turn, row)
        days = _days(turn, leave.first, leave.last)
        raise Refused("leave.stand_in_away", name=leave.post.person, **days)


def _nobody_called(turn: Turn, posts: Sequence[PostView], wish: Wish) -> NotFound:
    name, units = wish.stand_in, [post.unit_id for post in posts]
    seats = standing_in.able(turn, units, posts[0].person_id, wish.first, wish.last)
    others = dict.fromkeys(seat.person for seat in seats)
    if not others:
        return NotFound("leave.alone")
    elsewhere = organisation.is_called(turn.session, name, turn.today)
    key = "leave.elsewhere" if elsewhere else "leave.unknown"
    if name in {post.person for post in posts}:
        key = "leave.oneself"
    return NotFound(key, name=name, names="、".join(others))


def come_back(turn: Turn, person_id: int) -> str:
    """销假: all of this person's leave ends now, also what is still to come. Raises Refused."""
    found = absences.open_of(turn.session, [post.id for post in own_posts(turn, person_id)])
    found = changing_over.close_past(turn, found)
    if not found:
        raise Refused("leave.none")
    begun = any(row.first_day <= turn.today for row in found)
    for row in found:
        changing_over.end_early(turn, row, By("post", row.post_id))
    if not begun:
        return turn.say("leave.called_off")
    items = {case for row in found for case in absences.items_of(turn.session, row.post_id)}
    return turn.say("leave.back", count=len(items))


def end(turn: Turn, post: PostView) -> Leave:
    """The office ends a post's leave. Raises Refused."""
    found = changing_over.close_past(turn, absences.open_of(turn.session, [post.id]))
    if not found:
        raise Refused("operator.not_away", person=post.person)
    leave = shown(turn, found[0])
    changing_over.end_early(turn, found[0], SHELL)
    return leave


def current(turn: Turn, person_id: int) -> list[Leave]:
    """This person's leave that runs or is still to come, by post."""
    held = organisation.posts_of_person(turn.session, person_id, turn.today)
    rows = absences.open_of(turn.session, [post.id for post in held])
    return [shown(turn, row) for row in rows if row.last_day >= turn.today]


def shown(turn: Turn, row: Absence) -> Leave:
    """An open absence with the names."""
    (post,) = organisation.posts_by_id(turn.session, [row.post_id])
    chosen = standing_in.choose(turn, post, row)
    able = [] if chosen else standing_in.able(
        turn, [post.unit_id], post.person_id, row.first_day, row.last_day
    )  # fmt: skip
    return Leave(
        post, row.first_day, row.last_day, chosen.person if chosen else "",
        row.first_day <= turn.today <= row.last_day, row.entered_by_post_id is None,
        tuple(dict.fromkeys(seat.person for seat in able)),
    )  # fmt: skip


def _days(turn: Turn, first: date, last: date) -> dict[str, str]:
    said = {"first": wording.day(first, turn.today), "last": wording.day(last, turn.today)}
    return said | {"days": wording.days(first, last, turn.today)}


def _example(turn: Turn) -> dict[str, str]:
    """Days that make sense today."""
    return {"example": wording.day(turn.today + timedelta(days=7), turn.today)}
