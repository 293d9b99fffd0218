"""What the resident says of the answer: solved or not, and how they were treated."""

from typing import Literal

from bot.domain.cases import State, Who, show_number
from bot.domain.clocks import ClockKind
from bot.domain.inbound import Choice, Reply
from bot.domain.ladders import Fired
from bot.domain.ratings import RATINGS, UNRATED, After, after_rating
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services import dispatch, notify, roster, timing, wording
from bot.services.moves import move
from bot.services.turn import Turn
from bot.store import clocks, conversation, events, organisation
from bot.store.events import RESIDENT
from bot.store.organisation import PostView

Why = Literal["not_solved", "unhappy", "broken"]
"""Why a case is opened again: also the notice, and the first half of the sentence's key."""

VALUES: dict[str, tuple[str, ...]] = {
    "solved": RATINGS, "satisfied": RATINGS, "lasting": ("yes", "no"),
    "helped": ("yes", "no"),
}  # fmt: skip
"""Question → what may be tapped under it."""


def choices(turn: Turn, question_id: int, kind: str) -> tuple[Choice, ...]:
    """The answers to tap; typed words work as well."""
    return tuple(
        Choice(f"q{question_id}.{value}", turn.say(f"choice.{kind}_{value}"))
        for value in VALUES[kind]
    )


def solved(turn: Turn, case: Case, value: str, comment: str) -> Reply:
    """The answer to 解决了吗. Not solved opens the case again."""
    case.solved = value
    events.record(
        turn.session, turn.now, "solved", case_id=case.id, by=RESIDENT, value=value
    )  # fmt: skip
    if value == "no":
        return Reply(open_again(turn, case, "not_solved", comment))
    question = conversation.ask(turn.session, case.contact_id, "satisfied", case.id, turn.now)
    if question is None:  # something more important is being asked
        return Reply(turn.say("reply.thanks_rated"))
    return Reply(turn.say(f"reply.solved_{value}"), choices(turn, question, "satisfied"))


def satisfied(turn: Turn, case: Case, value: str, comment: str) -> Reply:
    """The answer to 满意吗. It closes the case, but for 不满意, which opens it again."""
    case.satisfied = value
    events.record(
        turn.session, turn.now, "satisfied", case_id=case.id, by=RESIDENT, value=value
    )  # fmt: skip
    if value == "no":
        return Reply(open_again(turn, case, "unhappy", comment))
    move(turn, case, State.CLOSED, {Who.RESIDENT}, by=RESIDENT, how="rated")
    return Reply(turn.say(f"reply.satisfied_{value}", number=show_number(case.number)))


def open_again(turn: Turn, case: Case, why: Why, comment: str = "") -> str:
    """It is not over: to the station that answered the first time, to staff after that or when the
    station can't take it any more. Who answered and the station's head hear of it either way.
    Returns what the resident reads."""
    conversation.end_case_questions(turn.session, case.id, turn.now)  # premature now
    told = _those_who_answered(turn, case)
    solved, satisfied = (case.solved, "no") if why == "unhappy" else ("no", None)
    then = after_rating(solved, satisfied, case.reopened, station=_can_take(turn, case))
    case.reopened += 1
    case.spoken_at = turn.now
    if then is After.STAFF:
        return _to_staff(turn, case, why, told, comment)
    return _reopen(turn, case, why, told, comment)


def _can_take(turn: Turn, case: Case) -> bool:
    """A station that was suspended or emptied since does not receive."""
    stations = roster.directory_within(turn.deps, turn.session, turn.today).by_id
    station = stations.get(case.owner_unit_id or 0)
    return station is not None and station.receives


def _to_staff(turn: Turn, case: Case, why: Why, told: list[PostView], comment: str) -> str:
    reason = f"{why.replace('_', ' ')} again"
    number = show_number(case.number)
    move(turn, case, State.NEW, {Who.SYSTEM}, reason=reason, given={"queue"})
    clocks.end(turn.session, case.id, {ClockKind.FEEDBACK}, turn.now, reason)
    case.proposed_unit_id, case.owner_unit_id = case.owner_unit_id, None
    case.holder_post_id = case.closed_at = None
    dispatch.to_staff(turn, case, reason)
    notify.tell_posts(
        turn, case, f"{why}_again", told, f"v{case.version}", comment=_comment(comment)
    )
    due = say_when(timing.triage_due(turn.deps, turn.now), turn.now)
    return turn.say(f"reply.{why}_staff", number=number, due=due)


def _reopen(turn: Turn, case: Case, why: Why, told: list[PostView], comment: str) -> str:
    unit_id = case.owner_unit_id
    assert unit_id is not None  # noqa: S101 - else it had gone to staff
    dispatch.dispatch(turn, case, unit_id, who=Who.RESIDENT, by=RESIDENT)
    due = say_when(clocks.running(turn.session, case.id)[ClockKind.ACCEPT].due_at, turn.now)
    notify.tell_posts(turn, case, why, told, f"v{case.version}", due=due, comment=_comment(comment))
    return turn.say(
        f"reply.{why}_reopened", number=show_number(case.number),
        station=wording.station_name(turn, case), due=due,
    )  # fmt: skip


def close_unrated(turn: Turn, case: Case) -> None:
    """Seven days of silence: closed, and never counted as satisfied. The resident is not told by a
    message of its own: they were asked three times, and 查进度 and the page say it."""
    if case.solved is None:
        case.solved = UNRATED
    if case.satisfied is None:
        case.satisfied = UNRATED
    move(turn, case, State.CLOSED, {Who.SYSTEM}, how="unrated")


def callback(turn: Turn, case: Case, fired: Fired) -> bool:
    """Ask 解决了吗 once more, as this rung says; False when the resident already said so."""
    if case.solved is not None:
        return False
    question = conversation.ask(turn.session, case.contact_id, "solved", case.id, turn.now)
    return notify.tell_resident(
        turn, case, "callback", f"v{case.version}:{fired.index}", due_at=fired.due_at,
        question=question,
    )  # fmt: skip


def _comment(comment: str) -> str:
    return f"（{comment[:60]}）" if comment else ""


def _those_who_answered(turn: Turn, case: Case) -> list[PostView]:
    """Who closed it, and the head of the station."""
    posts = dispatch.current_holders(turn, case) if case.holder_post_id else []
    if case.owner_unit_id is not None:
        posts += organisation.posts_of(turn.session, case.owner_unit_id, "station_head", turn.today)
    return posts
