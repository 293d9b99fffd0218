"""Notices that no channel could carry: whom to call, and what to say."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import show_number
from bot.models.cases import Case
from bot.models.conversation import Outbox
from bot.models.organisation import Person
from bot.services.render import render
from bot.services.turn import Turn


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make. `phone` is masked. `in_doubt`: the notice may have arrived after all."""

    number: str
    kind: str
    person: str
    phone: str
    words: str
    reason: str
    in_doubt: bool
    since: datetime


def call_of(turn: Turn, row: Outbox) -> Call | None:
    """The call that this notice asks for; None when what it says has become untrue."""
    case = turn.session.get_one(Case, row.case_id)
    rendered = render(turn, row, case)
    if rendered is None:
        return None
    person = turn.session.get(Person, row.person_id) if row.person_id is not None else None
    return Call(
        number=show_number(case.number), kind=row.kind,
        person=person.name if person else "居民",
        phone=masked_phone(person.phone) if person else "",
        words=rendered.text, reason=row.reason, in_doubt=row.in_doubt, since=row.created_at,
    )  # fmt: skip


def masked_phone(phone: str) -> str:
    """The last four digits, enough to pick the right one from a list of people."""
    digits = re.sub(r"\D", "", phone)
    return f"{'*' * max(len(digits) - 4, 0)}{digits[-4:]}"
