"""Sending what waits in the outbox: claim, commit, send with no transaction open, settle.

The promise: at least once, at most twice, and marked when in doubt. Rows are claimed and settled
a few at a time, one commit each: a crash casts doubt on those few and on no other.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import OperationalError

from bot.domain.allowances import KEPT
from bot.domain.delivery import Hop, route
from bot.domain.notices import NOTICES
from bot.domain.quiet import quiet_until
from bot.domain.showing import shorten
from bot.models.cases import Case
from bot.models.conversation import Contact, Outbox
from bot.models.organisation import Person
from bot.services.digest import Digest, gather
from bot.services.ports import Deps
from bot.services.reach import reach_of
from bot.services.render import render
from bot.services.send import ALERTS, Job, send_all
from bot.services.settle import WAY, Delivered, settle, way_of
from bot.services.turn import Turn
from bot.store import alarms, conversation, delivery, leases, outbox
from bot.store.outbox import Due

log = logging.getLogger(__name__)

BATCH = 100
GROUP = 16
"""Rows claimed together. A commit of its own for each costs more than sending it."""
SMS_LENGTH = 200
"""Characters of a short message; gateways cut what is longer into several."""


def deliver(deps: Deps, limit: int = BATCH) -> list[Delivered]:
    """Send up to `limit` due notices; while the channel is closed only alerts, by other ways."""
    now = deps.clock.now()
    with deps.database.read() as session:
        closed = leases.closed(session, WAY, now)
        due = outbox.due_ids(session, now, limit, ALERTS if "channel" in closed else None)
    done: list[Delivered] = []
    # The first one goes alone: if the channel turns out to be closed, no other is tried.
    size = 1
    while due:
        group, due = due[:size], due[size:]
        claimed = _claim(deps, group)
        done += [each for each in claimed if isinstance(each, Delivered)]
        jobs = [each for each in claimed if isinstance(each, Job)]
        done += settle(deps, send_all(deps, jobs)) if jobs else []
        size = GROUP
    return done


def _claim(deps: Deps, group: Sequence[Due]) -> list[Job | Delivered]:
    """A job, or what became of it without sending, for each row that nobody else has."""
    now = deps.clock.now()
    with deps.database.write() as session:
        turn = Turn(deps, session, now)
        people = {due.person_id for due in group if due.person_id is not None}
        contacts = {due.contact_id for due in group if due.contact_id is not None}
        delivery.lock_contacts(session, people, contacts)
        closed = leases.closed(session, WAY, now)
        found = (_claim_one(turn, due.id, closed) for due in group)
        return [each for each in found if each is not None]


def _claim_one(turn: Turn, row_id: int, closed: dict[str, datetime]) -> Job | Delivered | None:
    session, now = turn.session, turn.now
    row = outbox.claim(session, row_id, now, ALERTS if "channel" in closed else None)
    if row is None:
        return None
    if row.state == "dead":
        alarms.raise_alarm(session, f"in_doubt:{row.id}", row.reason, now)
        return Delivered(row.kind, row.case_id, row.state, reason=row.reason)
    try:
        with session.begin_nested():
            return _prepare(turn, row, closed)
    except OperationalError:
        raise
    except Exception as error:
        # One notice that can't be put into words must not hold up all others.
        log.exception("notice %s could not be prepared", row.id)
        detail = f"notice {row.id}: {type(error).__name__}"
        alarms.raise_alarm(session, f"notice_failed:{row.kind}", detail, now)
        return _drop(row, "dead", detail)


def _prepare(turn: Turn, row: Outbox, closed: dict[str, datetime]) -> Job | Delivered:
    case = turn.session.get_one(Case, row.case_id)
    contact = _contact(turn, row)
    person = _person(turn, row, contact)
    rendered = render(turn, row, case)
    if rendered is None:
        return _drop(row, "skipped", "no longer true")
    if morning := quiet_until(row.kind, turn.now):
        # Held back before, or by an outage: what counts is the hour at which it would ring.
        row.attempts -= 1
        row.next_try_at = morning
        return _drop(row, "queued", "quiet hours")
    if turn.deps.settings.mode == "trial" and not _in_trial(turn, person):
        return _drop(row, "skipped", "trial mode: not a listed team member")
    lost = delivery.lost_hops(turn.session, row.id) if row.hop else frozenset()
    hops = route(reach_of(turn, contact, person, row.kind), NOTICES[row.kind].budget, lost)
    if not hops:
        why = "no phone is bound" if contact is None else "no way is open on this channel"
        return _drop(row, "unreachable", f"{why}: please call")
    ways = {hop: way_of(turn.deps, row.kind, hop) for hop in hops}
    usable = tuple(hop for hop in hops if not closed.keys() & ways[hop])
    if not usable:
        row.attempts -= 1
        row.next_try_at = min(max(closed[w] for w in closed.keys() & ways[h]) for h in hops)
        return _drop(row, "queued", "the way is closed for now")
    return _job(turn, row, contact, person, usable=usable, digest=gather(turn, row, rendered))


def _job(
    turn: Turn, row: Outbox, contact: Contact | None, person: Person | None, *,
    usable: tuple[Hop, ...], digest: Digest,
) -> Job | Delivered:  # fmt: skip
    keep = KEPT[NOTICES[row.kind].budget]
    spent = "custom" in usable and contact is not None
    if spent and contact is not None and not delivery.spend(turn.session, contact.id, keep):
        usable, spent = tuple(hop for hop in usable if hop != "custom"), False
    if not usable:
        return _drop(row, "unreachable", "no way is open on this channel: please call")
    words = turn.say("notice.sms", text=shorten(digest.rendered.text, SMS_LENGTH))
    return Job(
        row_id=row.id, kind=row.kind, case_id=row.case_id or 0, attempts=row.attempts,
        in_doubt=row.in_doubt, contact_id=contact.id if contact else None,
        openid=contact.address if contact else "", phone=person.phone if person else "",
        hops=usable, rendered=digest.rendered, sms=words, also=digest.also, spent=spent,
    )  # fmt: skip


def _drop(row: Outbox, state: str, reason: str) -> Delivered:
    row.state, row.reason, row.leased_until = state, reason, None
    return Delivered(row.kind, row.case_id, state, reason=reason)


def _contact(turn: Turn, row: Outbox) -> Contact | None:
    if row.contact_id is not None:
        return turn.session.get_one(Contact, row.contact_id)
    return conversation.contact_of_person(turn.session, row.person_id or 0)


def _person(turn: Turn, row: Outbox, contact: Contact | None) -> Person | None:
    person_id = row.person_id or (contact.person_id if contact else None)
    return turn.session.get(Person, person_id) if person_id else None


def _in_trial(turn: Turn, person: Person | None) -> bool:
    """Listed people get what is for them, also as the residents that they play."""
    listed = {each.strip() for each in turn.deps.settings.trial_people.split(",")}
    return person is not None and person.code in listed
