"""Cases that may be of the same matter: what the office says of them, and what residents hear."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.cases import OPEN, parse_number
from bot.domain.permissions import Action, may
from bot.domain.same_matter import Verdict
from bot.models.cases import Case
from bot.nlp import same_matter
from bot.services import merging
from bot.services.acting import actor_of, case_subject
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import cases, events, organisation, same_matters
from bot.store.events import By


def not_same(turn: Turn, case: Case, number: str, by: By) -> None:
    """不是同一件: the two are not suggested again, and are kept as a label for training. Raises
    Refused when there is no such suggestion."""
    typed = parse_number(number)
    other = cases.newest_of(turn.session, typed.possible) if typed else None
    if other is None or not _sees(turn, by, other):
        raise Refused("console.same_gone")
    row = same_matters.judge(turn.session, case.id, other.id, Verdict.REFUSED, by.post_id)
    if row is None:
        raise Refused("console.same_gone")
    events.record(
        turn.session, turn.now, "not_same", case_id=case.id, by=by, number=other.number,
        score=row.score, model=same_matter.load().weights.version,
    )  # fmt: skip


def _sees(turn: Turn, by: By, case: Case) -> bool:
    posts = organisation.posts_by_id(turn.session, [by.post_id] if by.post_id else [])
    subject = case_subject(turn, case)
    return any(may(actor_of(post.person_id, [post]), Action.SEE, subject) for post in posts)


def also_said(turn: Turn, case: Case) -> str:
    """That others said the same, for the resident of an open case; empty when it isn't sure, and
    of a case that only named people see."""
    if case.state not in OPEN or merging.is_guarded(case) or case.erased_at is not None:
        return ""
    others = same_matters.others_who_said_it(turn.session, case)
    return turn.say("status.also_said", count=others) if others else ""


@dataclass(frozen=True, slots=True)
class PairLabel:
    """What a person said of two cases. `score`: of a thousand, what the machine thought."""

    one: str
    other: str
    same: bool
    score: int


def labels(deps: Deps) -> Iterator[PairLabel]:
    """Every pair of which the office said whether it is one matter, for training."""
    with deps.database.read() as session:
        for row, one, other in same_matters.judged(session):
            yield PairLabel(one, other, row.verdict == Verdict.TAKEN, row.score)
