"""What a person of the network has in hand: the list, one case with what may be done now, and what
came of what they did. Acts are those of chat (bot.services.act), under the same posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import CHINESE, Outcome, show_number
from bot.domain.dialog import ItemAct
from bot.domain.permissions import Action, Actor, may
from bot.domain.roles import ROLE_NAMES, Role
from bot.domain.showing import say_when
from bot.domain.worklists import Light, light, yellow_until
from bot.models.cases import Case
from bot.services import act, assisting, leave_page, photos, standing_in, todo, wording
from bot.services.acting import Acting, acting, actor_of
from bot.services.errors import NotFound, Refused
from bot.services.hand_acts import ACTS, Fields
from bot.services.leave_page import LeaveLine
from bot.services.ports import Deps
from bot.services.reading import cover
from bot.services.story import Line, Piece, pieces, story
from bot.services.turn import Turn
from bot.store import cases, clocks, events, item_codes, organisation, visits
from bot.store.organisation import PostView
from bot.store.remembering import looking

URGENCIES = ("emergency", "urgent", "normal")
LISTED = 50
"""Cases of a list; the rest is counted."""
DONE = frozenset({"accepted", "returned", "answered", "acknowledged", "held", "consulted"})
"""Kinds of events that a person did with a case."""


@dataclass(frozen=True, slots=True)
class HandLine:
    """One case in hand. `due`: in words, empty where no clock runs; `late`: it has passed (red
    light); `soon`: within a working day (yellow light); `waits`: in the list, what it waits for."""

    number: str
    shown: str
    what: str
    state: str
    urgency: str
    due: str
    late: bool
    soon: bool
    waits: str


@dataclass(frozen=True, slots=True)
class Hand:
    """The list, at most LISTED lines; `more`: how many others there are. `away`: own leave,
    `carried`: whom one stands in for."""

    lines: tuple[HandLine, ...]
    more: int
    away: tuple[LeaveLine, ...]
    carried: tuple[LeaveLine, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be done now, under this post (`站名 职务`); `fields`: what it asks for,
    `filled`: what they hold at first; `stations`: which it may be about."""

    name: str
    post: str
    fields: tuple[str, ...]
    filled: Fields
    stations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandCase:
    """A case as somebody who may see it sees it, masked. `holder`: who has taken it on;
    `supervised`: the leader who supervises it; `news`: the day for which progress was announced."""

    line: HandLine
    text: str
    parts: tuple[tuple[str, str], ...]
    """Cases that go on in this one: number and words, masked. The answer goes to all of them."""
    status: str
    holder: str
    answer: str
    ending: str | None
    solved: str | None
    satisfied: str | None
    outcomes: tuple[str, ...]
    supervised: str
    news: str
    offers: tuple[Offer, ...]
    story: tuple[Line, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class DoneLine:
    """The last thing done with a case and what came of it. `open_to`: may still be looked at."""

    number: str
    shown: str
    what: str
    kind: str
    when: str
    state: str
    ending: str | None
    solved: str | None
    satisfied: str | None
    outcomes: tuple[str, ...]
    open_to: bool


def waiting(deps: Deps, person_id: int) -> Hand:
    """What waits for this person: the urgent first, then what is due first."""
    with deps.database.read() as session, looking(session):
        turn = Turn(deps, session, deps.clock.now())
        found = [
            (case, _due(turn, case), waits) for _, case, waits in todo.in_hand(turn, person_id)
        ]
        found.sort(key=lambda row: _rank(turn, row[0], row[1]))
        lines = tuple(_line(turn, case, due, waits) for case, due, waits in found[:LISTED])
        away, carried = leave_page.own(turn, person_id), leave_page.carried(turn, person_id)
        return Hand(lines, len(found) - len(lines), away, carried)


def _rank(turn: Turn, case: Case, due: datetime | None) -> tuple[int, datetime, int]:
    never = turn.now.replace(year=turn.now.year + 100)
    return URGENCIES.index(case.urgency), due or never, case.id


def _due(turn: Turn, case: Case) -> datetime | None:
    return clocks.due_of(clocks.running(turn.session, case.id))


def _line(turn: Turn, case: Case, due: datetime | None, waits: str = "") -> HandLine:
    shines = light(due, turn.now, yellow_until(turn.deps.calendar(), turn.now))
    return HandLine(
        number=case.number, shown=show_number(case.number), what=wording.what(turn, case),
        state=case.state, urgency=case.urgency, due=say_when(due, turn.now) if due else "",
        late=shines is Light.RED, soon=shines is Light.YELLOW, waits=waits,
    )  # fmt: skip


def look(deps: Deps, person_id: int, number: str) -> HandCase:
    """A case and what this person may do with it now. NotFound when it may not be seen."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        posts = standing_in.at_hand(turn, person_id)
        case = _seen(turn, person_id, posts, visits.case_of_number(session, number))
        found = organisation.post_by_id(session, case.holder_post_id or 0, turn.today)
        holder = standing_in.name(turn, found) if found else ""
        return HandCase(
            line=_line(turn, case, _due(turn, case)), text=case.masked,
            parts=_parts(turn, case), status=wording.status(turn, case), holder=holder,
            answer=cover(turn.deps, case.answer), ending=case.ending, solved=case.solved,
            satisfied=case.satisfied,
            outcomes=_came_of_it(turn, case), supervised=_supervisor(turn, case),
            news=wording.day(case.progress_date, turn.today) if case.progress_date else "",
            offers=offers(turn, person_id, posts, case),
            story=story(turn, case), pieces=pieces(turn, case),
        )  # fmt: skip


def _parts(turn: Turn, case: Case) -> tuple[tuple[str, str], ...]:
    found = cases.merged_in(turn.session, case.id)
    return tuple((show_number(each.number), each.masked) for each in found)


def _supervisor(turn: Turn, case: Case) -> str:
    posts = organisation.posts_by_id(turn.session, [case.supervised_post_id or 0])
    return posts[0].person if posts else ""


def _seen(turn: Turn, person_id: int, posts: list[PostView], case: Case | None) -> Case:
    actor = actor_of(person_id, posts)
    unknown = case is None or case.erased_at is not None
    if case is None or unknown or not may(actor, Action.SEE, act.case_subject(turn, case)):
        raise NotFound("page.no_case")
    return case


def offers(turn: Turn, person_id: int, posts: list[PostView], case: Case) -> tuple[Offer, ...]:
    """What a person may do with a case now: the rows of ACTS that one of these posts allows, each
    under the first such post."""
    subject = act.case_subject(turn, case)
    found = []
    for name, row in ACTS.items():
        if not row.now(case):
            continue
        able = (
            p
            for p in standing_in.in_order(turn, posts, case)
            if may(actor_of(person_id, [p]), row.action, subject)
        )
        if post := next(able, None):
            named = assisting.may_be_invited(turn, case) if name == "invite" else ()
            found.append(Offer(name, _as_post(turn, post), row.fields, row.filled(case), named))
    return tuple(found)


def _as_post(turn: Turn, post: PostView) -> str:
    named = f"{post.unit}{ROLE_NAMES[Role(post.role)]}"
    if post.stands_in is None:
        return named
    return turn.say("leave.as_post", post=named, person=post.stands_in.person)


def do(
    deps: Deps,
    person_id: int,
    number: str,
    name: str,
    fields: Fields,
    *,
    sent: Sequence[bytes] = (),
) -> str:
    """Carry out one act of ACTS; the sentence for who did it. `sent`: photos as uploaded, for acts
    that take them. Raises Refused, with who has the case by now when somebody else was faster, and
    NotFound."""
    row = ACTS.get(name)
    if row is None:
        raise NotFound("page.no_case")
    words = row.text(fields)
    taken = sent if "photos" in row.fields else ()
    with photos.kept(deps, taken) as kept, deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        posts = standing_in.at_hand(turn, person_id)
        case = _seen(turn, person_id, posts, cases.by_number(session, number))
        if kept:
            _attach(turn, acting(turn, person_id, row.action, case), case, kept)
        elif not row.verb:
            raise Refused("page.no_photo")
        code = item_codes.give(session, person_id, case.id, turn.now)
        item = ItemAct(row.verb, code, words)
        said = act.act(turn, person_id, item) if row.verb else ""
        return turn.say(row.said, number=show_number(number)) if row.said else said


def _attach(turn: Turn, who: Acting, case: Case, kept: Sequence[photos.Photo]) -> None:
    photos.attach(turn, case, kept, by=who.post.unit)
    events.record(
        turn.session, turn.now, "photographed", case_id=case.id, by=who.by, count=len(kept)
    )


def done(deps: Deps, person_id: int) -> tuple[DoneLine, ...]:
    """What this person did under the posts of today, the newest first, and what came of it."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        posts = organisation.posts_of_person(session, person_id, turn.today)
        actor = actor_of(person_id, posts)
        rows = visits.done_by(session, [post.id for post in posts], DONE, LISTED)
        return tuple(_done(turn, actor, event.kind, event.at, case) for event, case in rows)


def _came_of_it(turn: Turn, case: Case) -> tuple[str, ...]:
    """Outcomes in Chinese, each with its number or words."""
    if case.ending is None:
        return ()
    found = cases.outcomes_of(turn.session, case.id)
    return tuple(
        "：".join(filter(None, (CHINESE[Outcome(row.outcome)], row.number or row.text)))
        for row in found
    )


def _done(turn: Turn, actor: Actor, kind: str, at: datetime, case: Case) -> DoneLine:
    open_to = case.erased_at is None and may(actor, Action.SEE, act.case_subject(turn, case))
    what = wording.what(turn, case) if open_to else wording.topic(turn, case)
    return DoneLine(
        number=case.number, shown=show_number(case.number), what=what, kind=kind,
        when=say_when(at, turn.now), state=case.state, ending=case.ending, solved=case.solved,
        satisfied=case.satisfied, outcomes=_came_of_it(turn, case) if open_to else (),
        open_to=open_to,
    )  # fmt: skip
