"""Notices that no channel could carry: whom to call, and what to say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.cases import parse_number, show_number
from bot.domain.notices import NOTICES
from bot.models.cases import Case
from bot.models.conversation import Outbox
from bot.models.organisation import Person
from bot.services.errors import NotFound, Refused
from bot.services.plain import render_row
from bot.services.ports import Deps
from bot.services.render import case_of
from bot.services.turn import Turn
from bot.store import alarms, cases, delivery, events, outbox
from bot.store.events import SHELL, By

NO_CASE = "-"
"""What stands for the number where a notice is about no case."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make. `phone` is masked. `in_doubt`: the notice may have arrived after all.
    `tried`: each hop it took, with the code and reason for which that hop refused it."""

    id: int
    number: str
    kind: str
    person: str
    phone: str
    words: str
    reason: str
    in_doubt: bool
    since: datetime
    tried: list[dict[str, Any]]


def called(
    deps: Deps, number: str, reason: str, *, call_id: int | None = None, by: By = SHELL
) -> list[int]:
    """Tick calls off: all about a case (NO_CASE: about none), or the one with this id. Alarms
    about nothing else end. Returns the ids. Raises NotFound, and Refused without a word on how
    the call went."""
    if not reason.strip():
        raise Refused("operator.needs_reason")
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        rows = _chosen(turn, number, call_id, alarms_too=True)
        for row in rows:
            row.state = "called"
            row.reason = reason[:300]
            delivery.attempt(session, row.id, turn.now, hop="call", outcome="called", reason=reason)
            events.record(
                session, turn.now, "called", case_id=row.case_id, by=by, reason=reason,
                notice=row.kind, call=row.id,
            )  # fmt: skip
        session.flush()
        _end_alarms(turn, rows)
        return [row.id for row in rows]


def resend(deps: Deps, number: str, *, call_id: int | None = None) -> list[int]:
    """Put notices on the list of calls back in the outbox, to take their whole route again.
    Returns their ids. Raises NotFound."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        rows = _chosen(turn, number, call_id)
        for row in rows:
            row.state, row.next_try_at, row.attempts = "queued", turn.now, 0
            row.in_doubt, row.hop = False, ""
            delivery.attempt(session, row.id, turn.now, hop="", outcome="resent")
        session.flush()
        _end_alarms(turn, rows)
        return [row.id for row in rows]


def _chosen(
    turn: Turn, number: str, call_id: int | None, *, alarms_too: bool = False
) -> list[Outbox]:
    case_id, shown = _meant(turn, number)
    listed = outbox.to_call(turn.session, case_id)
    if alarms_too and case_id is not None:
        listed += outbox.unanswered_alarms(turn.session, case_id)
    rows = [row for row in listed if call_id in (None, row.id)]
    if not rows:
        raise NotFound("operator.no_call", number=shown)
    return rows


def _meant(turn: Turn, number: str) -> tuple[int | None, str]:
    if number == NO_CASE:
        return None, number
    typed = parse_number(number)
    case = cases.by_number(turn.session, typed.full) if typed and typed.full else None
    if case is None:
        raise NotFound("operator.no_case", number=number)
    return case.id, show_number(case.number)


def _end_alarms(turn: Turn, rows: Sequence[Outbox]) -> None:
    """An alarm about dead letters ends with the last of them."""
    over = [] if outbox.any_dead(turn.session, in_doubt=True) else ["in_doubt"]
    over += [] if outbox.any_dead(turn.session) else ["given_up"]
    kinds, codes = {row.kind for row in rows}, {row.code for row in rows}
    over += [f"notice_failed:{k}" for k in kinds if not outbox.any_dead(turn.session, kind=k)]
    over += [f"send:{c}" for c in codes if not outbox.any_dead(turn.session, code=c)]
    alarms.clear_all(turn.session, over, turn.now)


def attempts_of(turn: Turn, row_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Every attempt on these notices, oldest first, by notice."""
    found: dict[int, list[dict[str, Any]]] = {row_id: [] for row_id in row_ids}
    for each in delivery.attempts(turn.session, row_ids):
        found[each.outbox_id].append(
            {"at": each.at, "hop": each.hop, "outcome": each.outcome, "code": each.code,
             "reason": each.reason}
        )  # fmt: skip
    return found


def notices_of(turn: Turn, case: Case) -> list[dict[str, Any]]:
    """All notices about a case, and how each travelled."""
    rows = delivery.notices_of(turn.session, case.id)
    tried = attempts_of(turn, [row.id for row in rows])
    return [
        {"id": row.id, "kind": row.kind, "to": NOTICES[row.kind].audience, "state": row.state,
         "hop": row.hop, "in_doubt": row.in_doubt, "at": row.sent_at, "reason": row.reason,
         "attempts": tried[row.id]}
        for row in rows
    ]  # fmt: skip


def call_of(turn: Turn, row: Outbox) -> Call | None:
    """The call that this notice asks for; None when what it says has become untrue."""
    case = case_of(turn, row)
    rendered = render_row(turn, row)
    if rendered is None:
        return None
    person = turn.session.get(Person, row.person_id) if row.person_id is not None else None
    return Call(
        id=row.id, tried=attempts_of(turn, [row.id])[row.id],
        number=show_number(case.number) if case else NO_CASE, kind=row.kind,
        person=person.name if person else "居民",
        phone=masked_phone(person.phone) if person else "",
        words=rendered.text, reason=row.reason or turn.say("calls.alarm"),
        in_doubt=row.in_doubt, since=row.created_at,
    )  # fmt: skip


def masked_phone(phone: str) -> str:
    """The last four digits, enough to pick the right one from a list of people."""
    digits = re.sub(r"\D", "", phone)
    return f"{'*' * max(len(digits) - 4, 0)}{digits[-4:]}"
