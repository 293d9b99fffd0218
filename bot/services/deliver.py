"""Sending what waits in the outbox: claim, commit, send with no transaction open, settle.

The promise: at least once, at most twice, and marked when in doubt.
"""

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.messages import Action, SendError, Sent
from bot.models.cases import Case
from bot.models.conversation import Contact, Outbox
from bot.services.ports import Deps
from bot.services.render import Rendered, render
from bot.services.turn import Turn
from bot.store import alarms, conversation, outbox

log = logging.getLogger(__name__)

BATCH = 50
WINDOW = timedelta(hours=48)
"""How long after a person's last message the platform lets us write freely."""


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed notice with all that sending it needs."""

    row_id: int
    kind: str
    case_id: int
    attempts: int
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


def deliver(deps: Deps, limit: int = BATCH) -> list[Delivered]:
    """Send up to `limit` due notices."""
    now = deps.clock.now()
    done: list[Delivered] = []
    jobs: list[Job] = []
    with deps.database.write() as session:
        turn = Turn(deps, session, now)
        for row in outbox.claim(session, now, limit):
            prepared = _prepare(turn, row)
            if isinstance(prepared, Job):
                jobs.append(prepared)
            else:
                done.append(prepared)
    return done + [_send(deps, job) for job in jobs]


def _prepare(turn: Turn, row: Outbox) -> Job | Delivered:
    case = turn.session.get_one(Case, row.case_id)
    contact = _contact(turn, row)
    rendered = render(turn, row, case)
    if rendered is None:
        return _drop(row, "skipped", "no longer true")
    if turn.deps.settings.mode == "trial" and not _in_trial(turn.deps, row):
        return _drop(row, "skipped", "trial mode: not a listed team member")
    if contact is None:
        return _drop(row, "unreachable", "no phone is bound: please call")
    hops = _hops(turn, contact)
    if not hops:
        return _drop(row, "unreachable", "no way is open on this channel: please call")
    return Job(row.id, row.kind, case.id, row.attempts, contact.id, contact.address, hops, rendered)


def _drop(row: Outbox, state: str, reason: str) -> Delivered:
    row.state, row.reason, row.leased_until = state, reason, None
    return Delivered(row.kind, row.case_id, state, reason=reason)


def _contact(turn: Turn, row: Outbox) -> Contact | None:
    if row.contact_id is not None:
        return turn.session.get_one(Contact, row.contact_id)
    return conversation.contact_of_person(turn.session, row.person_id or 0)


def _in_trial(deps: Deps, row: Outbox) -> bool:
    return str(row.person_id) in deps.settings.trial_people.split(",")


def _hops(turn: Turn, contact: Contact) -> tuple[str, ...]:
    if not contact.subscribed:
        return ()
    last = contact.last_message_at
    hops = ["custom"] if last is not None and turn.now - last < WINDOW else []
    if turn.deps.settings.wechat_template_id:
        hops.append("template")
    return tuple(hops)


def _send(deps: Deps, job: Job) -> Delivered:
    error: SendError | None = None
    for hop in job.hops:
        try:
            sent = _try_hop(deps, job, hop)
        except SendError as refused:
            error = refused
            if refused.action in (Action.NEXT_HOP, Action.UNREACHABLE):
                continue
            return _failed(deps, job, hop, refused)
        return _settle(deps, job, "sent", sent=sent)
    return _failed(deps, job, job.hops[-1], error)


def _try_hop(deps: Deps, job: Job, hop: str) -> Sent:
    if hop == "custom":
        return deps.channel.send_text(job.openid, job.rendered.text, job.rendered.choices)
    return deps.channel.send_notice(job.openid, job.rendered.fields, "")


def _failed(deps: Deps, job: Job, hop: str, error: SendError | None) -> Delivered:
    if error is None or error.action in (Action.NEXT_HOP, Action.UNREACHABLE):
        return _settle(deps, job, "unreachable", hop=hop, error=error)
    again = error.action is Action.STOP or (
        error.action is Action.RETRY and job.attempts <= error.tries
    )
    state = "queued" if again else "unreachable" if error.then is Action.NEXT_HOP else "dead"
    return _settle(deps, job, state, hop=hop, error=error)


def _settle(
    deps: Deps,
    job: Job,
    state: str,
    *,
    hop: str = "",
    sent: Sent | None = None,
    error: SendError | None = None,
) -> Delivered:
    now = deps.clock.now()
    reason = error.reason if error else ""
    with deps.database.write() as session:
        outbox.settle(
            session, job.row_id, state=state, hop=sent.hop if sent else hop,
            message_id=sent.message_id if sent else "", code=error.code if error else None,
            reason=reason[:300], sent_at=now if sent else None,
            **({"next_try_at": _later(now, job.attempts, error)} if state == "queued" else {}),
            **({"in_doubt": True} if error and error.unknown_outcome else {}),
        )  # fmt: skip
        if error is not None and error.action is Action.UNREACHABLE:
            session.get_one(Contact, job.contact_id).subscribed = False
        if error is not None and error.alarm:
            alarms.raise_alarm(session, f"send:{error.code}", reason, now)
    log.info("notice %s of case %s: %s %s", job.kind, job.case_id, state, reason)
    return Delivered(job.kind, job.case_id, state, sent.hop if sent else hop, reason)


def _later(now: datetime, attempts: int, error: SendError | None) -> datetime:
    """Backoff with jitter, and never earlier than the platform asks for."""
    backoff = min(5 * 2 ** min(attempts, 8), 900) * random.uniform(0.8, 1.2)  # noqa: S311
    return now + timedelta(seconds=max(backoff, error.wait if error else 0))
