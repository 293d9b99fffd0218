"""Sending what waits in the outbox: claim, commit, send with no transaction open, settle.

The promise: at least once, at most twice, and marked when in doubt. Rows are claimed and settled
a few at a time, one commit each: a crash casts doubt on those few and on no other. What is
already claimed when the channel closes is held, not tried.
"""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from sqlalchemy.exc import OperationalError

from bot.domain.allowances import KEPT
from bot.domain.delivery import Hop, route
from bot.domain.notices import NOTICES
from bot.domain.showing import shorten
from bot.models.conversation import Contact, Outbox
from bot.models.organisation import Person
from bot.services.digest import Digest, gather
from bot.services.plain import render_row
from bot.services.ports import Deps
from bot.services.reach import gets_notices, reach_of
from bot.services.render import case_of
from bot.services.send import ALERTS, Job, Outcome, send_all
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
    closes = threading.Event()
    # The first one goes alone: if the channel turns out to be closed, no other is tried.
    done = _round(deps, due[:1], closes) if due else []
    groups = [due[n : n + GROUP] for n in range(1, len(due), GROUP)]
    if len(groups) < 2:
        return done + [each for group in groups for each in _round(deps, group, closes)]
    return done + _pipelined(deps, groups, closes)


def _round(deps: Deps, group: Sequence[Due], closes: threading.Event) -> list[Delivered]:
    done, jobs = _claim(deps, group)
    return done + (settle(deps, send_all(deps, jobs, closes)) if jobs else [])


def _pipelined(
    deps: Deps, groups: Sequence[Sequence[Due]], closes: threading.Event
) -> list[Delivered]:
    """While one group is under way, the one before is settled and the next one claimed."""
    done: list[Delivered] = []
    with ThreadPoolExecutor(1, "deliver") as ahead:
        flying: Future[list[Outcome]] | None = None
        for group in groups:
            dropped, jobs = _claim(deps, group)
            done += dropped
            landed = flying.result() if flying else []
            flying = ahead.submit(send_all, deps, jobs, closes)
            done += settle(deps, landed) if landed else []
        landed = flying.result() if flying else []
    return done + (settle(deps, landed) if landed else [])


def _claim(deps: Deps, group: Sequence[Due]) -> tuple[list[Delivered], list[Job]]:
    """Of the rows that nobody else has: what needs no sending any more, and the jobs."""
    try:
        found = _claim_all(deps, group, careful=False)
    except OperationalError:
        raise
    except Exception:
        # One notice that can't be put into words must not hold up all others: it is looked for
        # in a second round, where each has a savepoint of its own.
        found = _claim_all(deps, group, careful=True)
    done = [each for each in found if isinstance(each, Delivered)]
    return done, [each for each in found if isinstance(each, Job)]


def _claim_all(deps: Deps, group: Sequence[Due], *, careful: bool) -> list[Job | Delivered | None]:
    now = deps.clock.now()
    with deps.database.write() as session:
        turn = Turn(deps, session, now)
        people = {due.person_id for due in group if due.person_id is not None}
        contacts = {due.contact_id for due in group if due.contact_id is not None}
        delivery.lock_contacts(session, people, contacts)
        closed = leases.closed(session, WAY, now)
        claim = _claim_carefully if careful else _claim_one
        return [claim(turn, due.id, closed) for due in group]


def _claim_carefully(
    turn: Turn, row_id: int, closed: dict[str, datetime]
) -> Job | Delivered | None:
    try:
        with turn.session.begin_nested():
            return _claim_one(turn, row_id, closed)
    except OperationalError:
        raise
    except Exception as error:
        row = turn.session.get_one(Outbox, row_id)
        case = case_of(turn, row)
        number = case.number if case else None
        log.exception("notice_failed case=%s notice=%s outbox=%s", number, row.kind, row_id)
        detail = f"notice {row.id}: {type(error).__name__}"
        alarms.raise_alarm(turn.session, f"notice_failed:{row.kind}", detail, turn.now)
        return _drop(row, "dead", detail)


def _claim_one(turn: Turn, row_id: int, closed: dict[str, datetime]) -> Job | Delivered | None:
    kinds = ALERTS if "channel" in closed else None
    row = outbox.claim(turn.session, row_id, turn.now, kinds)
    if row is None:
        return None
    if row.state == "dead":
        alarms.raise_alarm(turn.session, "in_doubt", f"notice {row.id}: {row.reason}", turn.now)
        return Delivered(row.kind, row.case_id, row.state, reason=row.reason)
    return _prepare(turn, row, closed)


def _prepare(turn: Turn, row: Outbox, closed: dict[str, datetime]) -> Job | Delivered:
    contact = _contact(turn, row)
    person = _person(turn, row, contact)
    rendered = render_row(turn, row)
    if rendered is None:
        return _drop(row, "skipped", "no longer true")
    if morning := turn.waits(row.kind):
        # Held back before, or by an outage: what counts is the hour at which it would ring.
        row.attempts -= 1
        row.next_try_at = morning
        return _drop(row, "queued", "quiet hours")
    if not gets_notices(turn, person):
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
