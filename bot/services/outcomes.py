"""What came of a case for the network: rows beside its ending, any number of them."""

from bot.domain.cases import CHINESE, Outcome, show_number
from bot.models.cases import Case
from bot.services.acting import Acting, not_allowed
from bot.services.turn import Turn
from bot.store import cases, events


def add(turn: Turn, case: Case, acting: Acting, outcome: Outcome, text: str) -> str:
    """Write down one more outcome, also after the answer. Raises Refused for one that is there,
    and for 转12345, which comes with its number (handling.hand_to_hotline)."""
    if outcome is Outcome.HOTLINE:
        raise not_allowed(turn, case, "refusal.hotline", code=acting.code)
    if outcome in (row.outcome for row in cases.outcomes_of(turn.session, case.id)):
        raise not_allowed(turn, case, "refusal.outcome_known", outcome=CHINESE[outcome])
    keep(turn, case, acting, outcome, text=text)
    return turn.say(
        "member.outcome", number=show_number(case.number), outcome=CHINESE[outcome]
    )  # fmt: skip


def keep(
    turn: Turn, case: Case, acting: Acting, outcome: Outcome, *, number: str = "", text: str = ""
) -> None:
    """The row and its event."""
    cases.add_outcome(
        turn.session, turn.now, case_id=case.id, outcome=outcome.value, number=number,
        text=text[:2000], post_id=acting.post.id,
    )  # fmt: skip
    events.record(
        turn.session, turn.now, "outcome", case_id=case.id, by=acting.by, outcome=outcome.value,
        number=number,
    )  # fmt: skip
