"""准 and 不准: what a station's head decides, and which of it is meant when two things wait."""

from bot.domain.answers import split_name
from bot.models.cases import Case
from bot.services import extending, holding
from bot.services.acting import Acting, not_allowed
from bot.services.errors import Refused
from bot.services.turn import Turn

TIME, HOLD = "延时", "挂账"


def grant(turn: Turn, case: Case, acting: Acting, words: str) -> str:
    """Yes to the one thing that waits, or to the one that the first word names."""
    if _which(turn, case, acting, words) == HOLD:
        return holding.grant_wanted(turn, case, acting)
    return extending.grant(turn, case, acting)


def deny(turn: Turn, case: Case, acting: Acting, words: str) -> str:
    """No, with a reason."""
    named, rest = split_name(words)
    reason = rest if named in (TIME, HOLD) else words
    if _which(turn, case, acting, words) == HOLD:
        return holding.deny_wanted(turn, case, acting, reason)
    return extending.deny(turn, case, acting, reason)


def _which(turn: Turn, case: Case, acting: Acting, words: str) -> str:
    waiting = [TIME] if case.extension == "asked" else []
    waiting += [HOLD] if case.hold_wanted_at is not None else []
    named, _ = split_name(words)
    if named in (TIME, HOLD):
        if named in waiting:
            return named
        raise not_allowed(turn, case, "refusal.nothing_to_grant")
    if len(waiting) > 1:
        raise Refused("member.which_decision", code=acting.code)
    return waiting[0] if waiting else TIME
