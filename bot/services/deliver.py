"""Sending what waits in the outbox: claim, commit, send with no transaction open, settle.

The promise: at least once, at most twice, and marked when in doubt. Rows are claimed one by one,
so that a crash casts doubt on the rows that were under way and on no other. Notices for different
people go out side by side, those for one person in their order.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy.exc import OperationalError

from bot.domain.allowances import KEPT
from bot.domain.delivery import Hop, route
from bot.domain.messages import Action, SendError, Sent
from bot.domain.notices import NOTICES
from bot.domain.quiet import quiet_until
from bot.domain.showing import shorten
from bot.models.cases import Case
from bot.models.conversation import Contact, Outbox
from bot.models.organisation import Person
from bot.services import links
from bot.services.digest import Digest, gather
from bot.services.ports import Deps
from bot.services.reach import reach_of
from bot.services.render import render
from bot.services.settle import WAY, Delivered, Failure, Job, settle, way_of
from bot.services.turn import Turn
from bot.store import alarms, conversation, delivery, leases, outbox

log = logging.getLogger(__name__)

BATCH = 50
WORKERS = 8
"""Notices under way at once; the platform takes far more."""
SMS_LENGTH = 200
"""Characters of a short message; gateways cut what is longer into several."""
ALERTS = frozenset(kind for kind, notice in NOTICES.items() if notice.shape == "alert")
"""Kinds that don't wait for a closed channel: they take the hops outside the platform."""


def deliver(deps: Deps, limit: int = BATCH) -> list[Delivered]:
    """Send up to `limit` due notices; while the channel is closed only alerts, by other ways."""
    now = deps.clock.now()
    with deps.database.read() as session:
        closed = leases.closed(session, WAY, now)
        kinds = ALERTS if "channel" in closed else None
        due = outbox.due_ids(session, now, limit, kinds)
    people: dict[str, list[int]] = {}
    for row_id, whom in due:
        people.setdefault(whom, []).append(row_id)
    first, *others = list(people.values()) or [[]]
    # The first person's go alone: if the channel turns out to be closed, nobody else's is tried.
    done = _deliver_to(deps, first)
    if len(others) == 1:
        done += _deliver_to(deps, others[0])
    elif others:
        with ThreadPoolExecutor(min(WORKERS, len(others)), "deliver") as pool:
            for each in pool.map(lambda ids: _deliver_to(deps, ids), others):
                done += each
    return done


def _deliver_to(deps: Deps, row_ids: Sequence[int]) -> list[Delivered]:
    """One person's notices, one after the other."""
    done: list[Delivered] = []
    for row_id in row_ids:
        claimed = _claim(deps, row_id)
        if claimed is not None:
            done.append(_send(deps, claimed) if isinstance(claimed, Job) else claimed)
    return done


def _claim(deps: Deps, row_id: int) -> Job | Delivered | None:
    """The job, or what became of the row without sending, or None when somebody else has it or
    the channel is closed."""
    now = deps.clock.now()
    with deps.database.write() as session:
        closed = leases.closed(session, WAY, now)
        row = outbox.claim(session, row_id, now, ALERTS if "channel" in closed else None)
        if row is None:
            return None
        if row.state == "dead":
            alarms.raise_alarm(session, f"in_doubt:{row.id}", row.reason, now)
            return Delivered(row.kind, row.case_id, row.state, reason=row.reason)
        try:
            with session.begin_nested():
                return _prepare(Turn(deps, session, now), row, closed)
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


def _send(deps: Deps, job: Job) -> Delivered:
    failures: list[Failure] = []
    hops = job.hops
    while hops:
        hop, *rest = hops
        try:
            sent = _try_hop(deps, job, hop)
        except SendError as refused:
            failures.append(Failure(hop, refused))
            hops = _then(job, tuple(rest), refused)
        except Exception as error:  # a fault of ours after which nobody knows what was sent
            log.exception("sending notice %s failed", job.row_id)
            reason = type(error).__name__
            fault = SendError(Action.DEAD, None, reason, unknown_outcome=True, alarm=True)
            failures.append(Failure(hop, fault))
            hops = ()
        else:
            return settle(deps, job, "sent", failures, sent=sent)
    return settle(deps, job, _verdict(job, failures), failures)


def _try_hop(deps: Deps, job: Job, hop: Hop) -> Sent:
    if hop == "custom":
        return deps.channel.send_text(job.openid, job.rendered.text, job.rendered.choices)
    if hop == "sms":
        return deps.sms.send(job.phone, job.sms)
    fields = job.rendered.fields
    url = links.case(deps, fields["character_string2"])
    shape = NOTICES[job.kind].shape
    return deps.channel.send_notice(job.openid, fields, url, shape)


def _then(job: Job, rest: tuple[Hop, ...], error: SendError) -> tuple[Hop, ...]:
    """The hops that are tried now after this refusal."""
    if error.unknown_outcome:
        return ()
    if error.action in (Action.NEXT_HOP, Action.UNREACHABLE):
        return rest
    if error.action is Action.STOP:
        outside = tuple(hop for hop in rest if hop == "sms") if job.kind in ALERTS else ()
        return outside if error.scope == "channel" else rest
    spent = error.action is Action.RETRY and job.attempts > error.tries
    return rest if spent and error.then is Action.NEXT_HOP else ()


def _verdict(job: Job, failures: Sequence[Failure]) -> str:
    """The row's state after every hop refused."""
    last = failures[-1].error
    if last.unknown_outcome and job.in_doubt:
        return "dead"  # it may have arrived twice already
    if any(failure.error.action is Action.STOP for failure in failures):
        return "queued"
    if last.action is Action.RETRY and job.attempts <= last.tries:
        return "queued"
    ways_are_shut = last.action in (Action.NEXT_HOP, Action.UNREACHABLE)
    return "unreachable" if ways_are_shut or last.then is Action.NEXT_HOP else "dead"
