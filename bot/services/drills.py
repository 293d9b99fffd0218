"""演练: an exercise of the alarm. Real people by real ways and the real ladder, marked in every
message; it is no case, so no figure of cases knows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.clocks import ClockKind, due_time
from bot.domain.ladders import Fired, start_clock
from bot.domain.roles import ROLE_NAMES, Role
from bot.models.timing import ClockRow, Drill
from bot.services import notify
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import clocks, drills, events, office_ladders, organisation, outbox
from bot.store.events import SHELL, SYSTEM, By
from bot.store.organisation import PostView

_ROLES = {"duty": Role.DUTY, "staff": Role.INTAKE_STAFF, "leader": Role.LEADER}
"""Whom an alarm reaches, as its ladder names them."""
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Heard:
    """One person in a report. `ways`: by which hop the first alarm was taken, after how many
    seconds; empty: nobody knows that it arrived."""

    person: str
    role: str
    alarms: int
    ways: dict[str, int]
    state: str


@dataclass(frozen=True, slots=True)
class Report:
    """Who was reached when and by what, and who answered first (after seconds)."""

    number: str
    words: str
    started_at: datetime
    ended_at: datetime | None
    answered_by: str | None
    answered_after: int | None
    people: tuple[Heard, ...]


def name(drill_id: int) -> str:
    """What people call it: YL-3."""
    return f"YL-{drill_id}"


def start(deps: Deps, words: str = "", *, by: By = SHELL) -> tuple[str, int]:
    """Ring now: (name, people rung). Raises Refused while another one runs, or with nobody on
    duty."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        drills.one_at_a_time(session)
        if current := drills.running(session):
            raise Refused("drill.running", number=name(current.id))
        duty = _people(turn, "duty")
        if not duty:
            raise Refused("drill.nobody")
        drill = drills.add(session, words.strip()[:LONGEST] or turn.say("drill.words"), turn.now)
        kind, calendar = ClockKind.EMERGENCY, deps.calendar()
        ladders = office_ladders.in_force(session, turn.now)
        due = due_time(kind, calendar, turn.now)
        clock = start_clock(kind, calendar, turn.now, due, ladders=ladders)
        clocks.start_drill(session, drill.id, clock)
        events.record(session, turn.now, "drill_started", by=by, drill=drill.id)
        return name(drill.id), _tell(turn, drill, "drill", duty, "start")


def climb(turn: Turn, row: ClockRow, fired: Fired) -> int:
    """One rung of the alarm's ladder; some time after the last one the drill is over, so that
    also the last one rings and can be answered. Returns how many were told."""
    drill = turn.session.get_one(Drill, row.subject_id)
    if fired.rung.effect == "end_drill":
        _end(turn, drill, SYSTEM, "nobody answered")
        return 0
    people = _people(turn, fired.rung.audience)
    return _tell(turn, drill, "drill_repeat", people, f"{fired.due_at.isoformat()}")


def acknowledge(turn: Turn, person_id: int | None) -> str:
    """Somebody who was rung answers: the drill is over, the others are told. The sentence."""
    drill = drills.running(turn.session)
    rung = {row.person_id for row in outbox.of_drill(turn.session, drill.id)} if drill else set()
    if drill is None or person_id not in rung:
        return _too_late(turn, person_id)
    posts = organisation.posts_of_person(turn.session, person_id or 0, turn.today)
    post = min(posts, key=lambda each: each.role not in _ROLES.values())
    drill.acknowledged_at, drill.acknowledged_post_id = turn.now, post.id
    by, after = By("post", post.id), _after(turn, drill, turn.now)
    events.record(turn.session, turn.now, "drill_acknowledged", by=by, drill=drill.id)
    others = [
        p for role in _ROLES for p in _people(turn, role) if p.person_id in rung - {person_id}
    ]
    _tell(turn, drill, "drill_taken", others, "taken", holder=post.person, after=after)
    _end(turn, drill, by, "acknowledged")
    return turn.say("drill.taken", after=after)


def _too_late(turn: Turn, person_id: int | None) -> str:
    last = drills.last(turn.session)
    post_id = last.acknowledged_post_id if last else None
    rung = {row.person_id for row in outbox.of_drill(turn.session, last.id)} if last else set()
    post = organisation.post_by_id(turn.session, post_id, turn.today) if post_id else None
    if post is None or person_id not in rung:
        return turn.say("drill.none_now")
    return turn.say("drill.late", holder=post.person)


def end(deps: Deps, *, by: By = SHELL) -> str:
    """Stop the one that runs; its name. Raises Refused."""
    with deps.database.write() as session:
        drill = drills.running(session)
        if drill is None:
            raise Refused("drill.none")
        _end(Turn(deps, session, deps.clock.now()), drill, by, "stopped")
        return name(drill.id)


def _end(turn: Turn, drill: Drill, by: By, reason: str) -> None:
    drill.ended_at = turn.now
    clocks.end_drill(turn.session, drill.id, turn.now, reason)
    events.record(
        turn.session, turn.now, "drill_ended", by=by, reason=reason, drill=drill.id
    )  # fmt: skip


def _people(turn: Turn, audience: str) -> list[PostView]:
    role = _ROLES.get(audience)
    return organisation.posts_in_role(turn.session, role, turn.today) if role else []


def _tell(
    turn: Turn, drill: Drill, kind: str, posts: Iterable[PostView], cause: str, **params: str
) -> int:  # fmt: skip
    told: dict[int, bool] = {}
    for post in posts:
        told[post.person_id] = told.get(post.person_id) or notify.tell_person(
            turn, post.person_id, kind, f"drill{drill.id}:{cause}",
            drill=drill.id, role=post.role, words=drill.words, **params,
        )  # fmt: skip
    return sum(told.values())


def report(deps: Deps, drill_id: int | None = None) -> Report:
    """The report of a drill, of the last one if none is named. Raises Refused."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        drill = drills.last(session) if drill_id is None else session.get(Drill, drill_id)
        if drill is None:
            raise Refused("drill.none")
        answered = organisation.posts_by_id(session, [drill.acknowledged_post_id or 0])
        at = drill.acknowledged_at
        return Report(
            name(drill.id), drill.words, drill.started_at, drill.ended_at,
            answered[0].person if answered else None,
            int((at - drill.started_at).total_seconds()) if at else None,
            tuple(_heard(turn, drill)),
        )  # fmt: skip


def _heard(turn: Turn, drill: Drill) -> Iterable[Heard]:
    rows = [r for r in outbox.of_drill(turn.session, drill.id) if r.kind != "drill_taken"]
    names = drills.names(turn.session, {row.person_id or 0 for row in rows})
    attempts = drills.carried(turn.session, [row.id for row in rows])
    for person_id, person in names.items():
        own = [row for row in rows if row.person_id == person_id]
        ways: dict[str, int] = {}
        for row in own:
            for hop, at in attempts.get(row.id, ()):
                ways.setdefault(hop, int((at - drill.started_at).total_seconds()))
        role = ROLE_NAMES[Role(own[0].params["role"])]
        # What the end of the drill overtook says nothing about the way to this person.
        states = [row.state for row in own if row.state != "skipped"] or ["skipped"]
        yield Heard(person, role, len(own), ways, states[-1])


_MISSED = {
    "queued": "drill.waiting", "sending": "drill.waiting", "skipped": "drill.skipped",
}  # fmt: skip


def in_words(deps: Deps, found: Report) -> list[str]:
    """The report as lines for people (Chinese)."""
    say = deps.texts.say
    lines = []
    for heard in found.people:
        ways = [
            say("drill.reached", way=say(f"drill.way_{hop}"), after=_length(deps, seconds))
            for hop, seconds in heard.ways.items()
        ]
        said = "，".join(ways) or say(_MISSED.get(heard.state, "drill.not_reached"))
        lines.append(say("drill.person", role=heard.role, person=heard.person, ways=said))
    if found.answered_by is None or found.answered_after is None:
        return [*lines, say("drill.unanswered" if found.ended_at else "drill.unanswered_yet")]
    after = _length(deps, found.answered_after)
    return [*lines, say("drill.answered", person=found.answered_by, after=after)]


def _after(turn: Turn, drill: Drill, at: datetime) -> str:
    return _length(turn.deps, int((at - drill.started_at).total_seconds()))


def _length(deps: Deps, seconds: int) -> str:
    if seconds < 60:
        return deps.texts.say("drill.seconds", seconds=seconds)
    return deps.texts.say("drill.minutes", minutes=seconds // 60, seconds=seconds % 60)
