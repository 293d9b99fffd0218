"""The office reads closed cases again, and says with two voices that a demand was unreasonable."""

from collections.abc import Mapping

from bot.domain.cases import State
from bot.domain.quality import Review, Unreasonable, is_sampled
from bot.models.cases import Case
from bot.services.errors import Refused
from bot.services.turn import Turn
from bot.store import events, organisation
from bot.store.events import By

_VERDICTS = {Review.GOOD.value, Review.POOR.value}


def sample(case: Case) -> None:
    """A case has just closed: some are read again."""
    if case.state == State.CLOSED and case.review is None and is_sampled(case.number):
        case.review = Review.WANTED.value


def review(turn: Turn, case: Case, fields: Mapping[str, str], by: By) -> None:
    """Say how a closed case was answered. Raises Refused where no verdict is given, or a poor one
    without what was missing, and for whoever answered it."""
    if _same_person(turn, by.post_id, events.last_post(turn.session, case.id, "answered")):
        raise Refused("console.own_answer")
    verdict, words = fields.get("verdict", ""), fields.get("reason", "")
    if verdict not in _VERDICTS:
        raise Refused("console.no_choice")
    if verdict == Review.POOR and not words:
        raise Refused("console.needs_what_was_missing")
    case.review = verdict
    case.version += 1
    events.record(
        turn.session, turn.now, "reviewed", case_id=case.id, by=by, reason=words, value=verdict
    )


def unreasonable(turn: Turn, case: Case, fields: Mapping[str, str], by: By) -> None:
    """The first person says so with a reason; another one agrees or not. Raises Refused."""
    words = fields.get("reason", "")
    if case.unreasonable is None:
        if not words:
            raise Refused("console.needs_why_unreasonable")
        case.unreasonable = Unreasonable.SAID.value
        events.record(
            turn.session, turn.now, "unreasonable_said", case_id=case.id, by=by, reason=words
        )
    else:
        _answered_by_another(turn, case, by)
        agreed = fields.get("verdict") == "yes"
        case.unreasonable = Unreasonable.AGREED.value if agreed else None
        events.record(
            turn.session, turn.now, "unreasonable_judged", case_id=case.id, by=by, reason=words,
            value="yes" if agreed else "no",
        )  # fmt: skip
    case.version += 1


def _answered_by_another(turn: Turn, case: Case, by: By) -> None:
    if case.unreasonable == Unreasonable.AGREED:
        raise Refused("console.judged_already")
    first = events.last_post(turn.session, case.id, "unreasonable_said")
    if _same_person(turn, by.post_id, first):
        raise Refused("console.second_person")


def _same_person(turn: Turn, one: int | None, other: int | None) -> bool:
    """Whether the same person holds, or held, these two posts."""
    if one is None or other is None:
        return False
    posts = organisation.posts_by_id(turn.session, {one, other})
    return len({post.person_id for post in posts}) < 2
