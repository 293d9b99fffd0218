"""What the resident says of the answer: solved or not, and how they were treated."""

from bot.domain.cases import State, Who, show_number
from bot.domain.clocks import ClockKind
from bot.domain.inbound import Choice, Reply
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services import dispatch, notify, timing, wording
from bot.services.moves import move
from bot.services.turn import Turn
from bot.store import clocks, conversation, events, organisation
from bot.store.events import RESIDENT
from bot.store.organisation import PostView

VALUES = ("yes", "partly", "no")


def choices(turn: Turn, question_id: int, kind: str) -> tuple[Choice, ...]:
    """The three answers to tap; typed words work as well."""
    return tuple(
        Choice(f"q{question_id}.{value}", turn.say(f"choice.{kind}_{value}")) for value in VALUES
    )


def solved(turn: Turn, case: Case, value: str, comment: str) -> Reply:
    """The answer to 解决了吗. Not solved reopens the case, the first time without staff."""
    case.solved = value
    events.record(
        turn.session, turn.now, "solved", case_id=case.id, by=RESIDENT, value=value
    )  # fmt: skip
    if value == "no":
        return Reply(_not_solved(turn, case, comment))
    question = conversation.ask(turn.session, case.contact_id, "satisfied", case.id, turn.now)
    if question is None:  # something more important is being asked
        return Reply(turn.say("reply.satisfied_yes"))
    return Reply(turn.say(f"reply.solved_{value}"), choices(turn, question, "satisfied"))


def _not_solved(turn: Turn, case: Case, comment: str) -> str:
    if case.reopened or case.owner_unit_id is None:
        case.reopened += 1
        number = show_number(case.number)
        move(turn, case, State.NEW, {Who.SYSTEM}, reason="not solved again", given={"queue"})
        clocks.end(turn.session, case.id, {ClockKind.FEEDBACK}, turn.now, "not solved")
        case.proposed_unit_id, case.owner_unit_id = case.owner_unit_id, None
        case.holder_post_id = None
        dispatch.to_staff(turn, case, "not solved again")
        due = say_when(timing.triage_due(turn.deps, turn.now), turn.now)
        return turn.say("reply.solved_no_staff", number=number, due=due)
    return reopen(turn, case, comment)


def reopen(turn: Turn, case: Case, comment: str = "") -> str:
    """Back to the station that answered, which the case must still have; who answered and the
    station's head hear of it. Returns what the resident reads."""
    if case.owner_unit_id is None:
        raise ValueError("a case without a station goes to staff")
    told = _those_who_answered(turn, case)
    case.reopened += 1
    dispatch.dispatch(turn, case, case.owner_unit_id, who=Who.RESIDENT, by=RESIDENT)
    due = say_when(clocks.running(turn.session, case.id)[ClockKind.ACCEPT].due_at, turn.now)
    notify.tell_posts(
        turn, case, "not_solved", told, f"v{case.version}", due=due, comment=_comment(comment)
    )
    return turn.say(
        "reply.solved_no_reopened", number=show_number(case.number),
        station=wording.station_name(turn, case), due=due,
    )  # fmt: skip


def satisfied(turn: Turn, case: Case, value: str, comment: str) -> Reply:
    """The answer to 满意吗, which closes the case; who answered hears when it is a no."""
    case.satisfied = value
    events.record(
        turn.session, turn.now, "satisfied", case_id=case.id, by=RESIDENT, value=value
    )  # fmt: skip
    if value == "no":
        told = _those_who_answered(turn, case)
        notify.tell_posts(
            turn, case, "unhappy", told, f"v{case.version}", comment=_comment(comment)
        )
    move(turn, case, State.CLOSED, {Who.RESIDENT}, by=RESIDENT, how="rated")
    return Reply(turn.say(f"reply.satisfied_{value}"))


def close_unrated(turn: Turn, case: Case) -> None:
    """Seven days of silence: closed, and never counted as satisfied."""
    if case.solved is None:
        case.solved = "unrated"
    if case.satisfied is None:
        case.satisfied = "unrated"
    move(turn, case, State.CLOSED, {Who.SYSTEM}, how="unrated")


def callback(turn: Turn, case: Case, index: int) -> bool:
    """Ask 解决了吗 once more; False when the resident already said so."""
    if case.solved is not None:
        return False
    question = conversation.ask(turn.session, case.contact_id, "solved", case.id, turn.now)
    return notify.tell_resident(
        turn, case, "callback", f"v{case.version}:{index}", question=question
    )


def _comment(comment: str) -> str:
    return f"（{comment[:60]}）" if comment else ""


def _those_who_answered(turn: Turn, case: Case) -> list[PostView]:
    """Who closed it, and the head of the station."""
    posts = dispatch.current_holders(turn, case) if case.holder_post_id else []
    if case.owner_unit_id is not None:
        posts += organisation.posts_of(turn.session, case.owner_unit_id, "station_head", turn.today)
    return posts
