"""Sending what waits in the outbox: claim, commit, send with no transaction open, settle.

The promise: at least once, at most twice, and marked when in doubt. Rows are claimed one by one,
so that a crash casts doubt on the one row that was under way and on no other.
"""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError

from bot.domain.messages import Action, SendError, Sent
from bot.domain.quiet import quiet_until
from bot.models.cases import Case
from bot.models.conversation import Contact, Outbox
from bot.models.organisation import Person
from bot.services import links
from bot.services.ports import Deps
from bot.services.render import Rendered, render
from bot.services.turn import Turn
from bot.store import alarms, conversation, leases, outbox

log = logging.getLogger(__name__)

BATCH = 50
WINDOW = timedelta(hours=48)
"""How long after a person's last message the platform lets us write freely."""

WAY = "way:"
"""Leases of this prefix close a way out after the platform's STOP: `way:channel`, `way:custom`."""

REOPEN = 60
"""Seconds before a closed way is tried again, when the platform names no longer wait."""


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed notice with all that sending it needs. `in_doubt`: an earlier try may have
    arrived."""

    row_id: int
    kind: str
    case_id: int
    attempts: int
    in_doubt: bool
    contact_id: int
    openid: str
    hops: tuple[str, ...]
    rendered: Rendered


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one notice."""

    kind: str
    case_id: int | None
    state: str
    hop: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """One hop's refusal."""

    hop: str
    error: SendError

    @property
    def way(self) -> str:
        """What a STOP closes."""
        return "channel" if self.error.scope == "channel" else self.hop


def deliver(deps: Deps, limit: int = BATCH) -> list[Delivered]:
    """Send up to `limit` due notices; nothing while the channel is closed."""
    now = deps.clock.now()
    with deps.database.read() as session:
        due = outbox.due_ids(session, now, limit)
        closed = leases.closed(session, WAY, now) if due else {}
    done: list[Delivered] = []
    for row_id in due:
        if "channel" in closed:
            break
        claimed, closed = _claim(deps, row_id)
        if claimed is not None:
            done.append(_send(deps, claimed) if isinstance(claimed, Job) else claimed)
    return done


def _claim(deps: Deps, row_id: int) -> tuple[Job | Delivered | None, dict[str, datetime]]:
    """The job, or what became of the row without sending, or None when somebody else has it;
    and the ways that are closed now."""
    now = deps.clock.now()
    with deps.database.write() as session:
        closed = leases.closed(session, WAY, now)
        row = None if "channel" in closed else outbox.claim(session, row_id, now)
        if row is None:
            return None, closed
        if row.state == "dead":
            alarms.raise_alarm(session, f"in_doubt:{row.id}", row.reason, now)
            return Delivered(row.kind, row.case_id, row.state, reason=row.reason), closed
        try:
            with session.begin_nested():
                return _prepare(Turn(deps, session, now), row, closed), closed
        except OperationalError:
            raise
        except Exception as error:
            # One notice that can't be put into words must not hold up all others.
            log.exception("notice %s could not be prepared", row.id)
            detail = f"notice {row.id}: {type(error).__name__}"
            alarms.raise_alarm(session, f"notice_failed:{row.kind}", detail, now)
            return _drop(row, "dead", detail), closed


def _prepare(turn: Turn, row: Outbox, closed: dict[str, datetime]) -> Job | Delivered:
    case = turn.session.get_one(Case, row.case_id)
    contact = _contact(turn, row)
    rendered = render(turn, row, case)
    if rendered is None:
        return _drop(row, "skipped", "no longer true")
    if morning := quiet_until(row.kind, turn.now):
        # Held back before, or by an outage: what counts is the hour at which it would ring.
        row.attempts -= 1
        row.next_try_at = morning
        return _drop(row, "queued", "quiet hours")
    if turn.deps.settings.mode == "trial" and not _in_trial(turn, row, contact):
        return _drop(row, "skipped", "trial mode: not a listed team member")
    if contact is None:
        return _drop(row, "unreachable", "no phone is bound: please call")
    hops = _hops(turn, contact)
    if not hops:
        return _drop(row, "unreachable", "no way is open on this channel: please call")
    usable = tuple(hop for hop in hops if hop not in closed)
    if not usable:
        row.attempts -= 1
        row.next_try_at = min(closed[hop] for hop in hops)
        return _drop(row, "queued", "the way is closed for now")
    return Job(
        row.id, row.kind, case.id, row.attempts, row.in_doubt, contact.id, contact.address,
        usable, rendered,
    )  # fmt: skip


def _drop(row: Outbox, state: str, reason: str) -> Delivered:
    row.state, row.reason, row.leased_until = state, reason, None
    return Delivered(row.kind, row.case_id, state, reason=reason)


def _contact(turn: Turn, row: Outbox) -> Contact | None:
    if row.contact_id is not None:
        return turn.session.get_one(Contact, row.contact_id)
    return conversation.contact_of_person(turn.session, row.person_id or 0)


def _in_trial(turn: Turn, row: Outbox, contact: Contact | None) -> bool:
    """Listed people get what is for them, also as the residents that they play."""
    person_id = row.person_id or (contact.person_id if contact else None)
    person = turn.session.get(Person, person_id) if person_id else None
    listed = {each.strip() for each in turn.deps.settings.trial_people.split(",")}
    return person is not None and person.code in listed


def _hops(turn: Turn, contact: Contact) -> tuple[str, ...]:
    if not contact.subscribed:
        return ()
    last = contact.last_message_at
    hops = ["custom"] if last is not None and turn.now - last < WINDOW else []
    if turn.deps.settings.wechat_template_id:
        hops.append("template")
    return tuple(hops)


def _send(deps: Deps, job: Job) -> Delivered:
    failures: list[Failure] = []
    for hop in job.hops:
        try:
            sent = _try_hop(deps, job, hop)
        except SendError as refused:
            failures.append(Failure(hop, refused))
            if not _goes_on(job, refused):
                break
        except Exception as error:  # a fault of ours after which nobody knows what was sent
            log.exception("sending notice %s failed", job.row_id)
            reason = type(error).__name__
            fault = SendError(Action.DEAD, None, reason, unknown_outcome=True, alarm=True)
            failures.append(Failure(hop, fault))
            break
        else:
            return _settle(deps, job, "sent", failures, sent=sent)
    return _settle(deps, job, _verdict(job, failures), failures)


def _try_hop(deps: Deps, job: Job, hop: str) -> Sent:
    if hop == "custom":
        return deps.channel.send_text(job.openid, job.rendered.text, job.rendered.choices)
    fields = job.rendered.fields
    url = links.case(deps, fields["character_string2"])
    return deps.channel.send_notice(job.openid, fields, url)


def _goes_on(job: Job, error: SendError) -> bool:
    """Whether the next hop is tried now."""
    if error.unknown_outcome:
        return False
    if error.action in (Action.NEXT_HOP, Action.UNREACHABLE):
        return True
    if error.action is Action.STOP:
        return error.scope != "channel"
    spent = error.action is Action.RETRY and job.attempts > error.tries
    return spent and error.then is Action.NEXT_HOP


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


def _settle(
    deps: Deps, job: Job, state: str, failures: Sequence[Failure], *, sent: Sent | None = None
) -> Delivered:
    now = deps.clock.now()
    last = failures[-1] if failures and sent is None else None
    hop = sent.hop if sent else job.hops[-1] if last is None else last.hop
    reason = last.error.reason[:300] if last else ""
    with deps.database.write() as session:
        if sent is None and any(f.error.action is Action.UNREACHABLE for f in failures):
            session.get_one(Contact, job.contact_id).subscribed = False
            session.flush()
        again = _again(now, job, failures) if state == "queued" else {}
        doubt = {"in_doubt": True} if last and last.error.unknown_outcome else {}
        outbox.settle(
            session, job.row_id, state=state, hop=hop,
            message_id=sent.message_id if sent else "", code=last.error.code if last else None,
            reason=reason, sent_at=now if sent else None, **again, **doubt,
        )  # fmt: skip
        for failure in failures:
            _tell_staff(Turn(deps, session, now), failure)
        for way in ("channel", hop) if sent else ():
            alarms.clear(session, f"{WAY}{way}", now)
    log.info("notice %s of case %s: %s %s", job.kind, job.case_id, state, reason)
    return Delivered(job.kind, job.case_id, state, hop, reason)


def _tell_staff(turn: Turn, failure: Failure) -> None:
    error = failure.error
    if error.action is Action.STOP:
        until = turn.now + timedelta(seconds=max(error.wait, REOPEN))
        leases.close_until(turn.session, f"{WAY}{failure.way}", str(error.code), until)
        alarms.raise_alarm(turn.session, f"{WAY}{failure.way}", error.reason, turn.now)
    elif error.alarm:
        alarms.raise_alarm(turn.session, f"send:{error.code}", error.reason, turn.now)


def _again(now: datetime, job: Job, failures: Sequence[Failure]) -> dict[str, object]:
    """When to try again: after a STOP as soon as the way may be open (that try did not count),
    else with backoff and jitter, never earlier than the platform asks for."""
    stops = [f.error.wait for f in failures if f.error.action is Action.STOP]
    if stops:
        wait = timedelta(seconds=max(min(stops), REOPEN))
        return {"next_try_at": now + wait, "attempts": job.attempts - 1}
    backoff = min(5 * 2 ** min(job.attempts, 8), 900) * random.uniform(0.8, 1.2)  # noqa: S311
    return {"next_try_at": now + timedelta(seconds=max(backoff, failures[-1].error.wait))}
