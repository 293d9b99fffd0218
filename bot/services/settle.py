"""Writing down what became of a notice that was sent, hop by hop."""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.delivery import Hop
from bot.domain.messages import Action, Sent
from bot.domain.notices import NOTICES
from bot.models.conversation import Contact
from bot.services import receipts
from bot.services.ports import Deps
from bot.services.send import Failure, Job, Outcome
from bot.services.turn import Turn
from bot.store import alarms, delivery, leases, outbox

log = logging.getLogger(__name__)

WAY = "way:"
"""Leases of this prefix close a way out after the platform's STOP: `way:channel`, `way:custom`,
`way:template:ID`."""
REOPEN = 60
"""Seconds before a closed way is tried again, when the platform names no longer wait."""
MANY, LATELY = 5, timedelta(hours=1)
"""So many people refused for one such reason so lately: it is the account, not the people."""
COUNT_IS_WRONG = (45047, 45015)
"""The platform's codes for a reply window that is used up or over."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one notice. `merged`: how many others rode with it."""

    kind: str
    case_id: int | None
    state: str
    hop: str = ""
    reason: str = ""
    merged: int = 0


def way_of(deps: Deps, kind: str, hop: Hop) -> frozenset[str]:
    """Names of the ways that must be open for this hop."""
    if hop == "sms":
        return frozenset({"sms"})
    names = {"channel", hop}
    if hop != "custom":
        names.add(_template_way(deps, kind, hop))
    return frozenset(names)


def _template_way(deps: Deps, kind: str, hop: Hop) -> str:
    return _named(hop, deps.settings.notice_id(NOTICES[kind].shape)[1])


def _named(hop: str, template_id: str) -> str:
    # The lease's name has 40 characters; so many of the id tell templates apart.
    return f"{hop}:{template_id[:24]}"


def settle(deps: Deps, outcomes: Sequence[Outcome]) -> list[Delivered]:
    """Keep what came of these jobs: their rows and those that rode with them, every attempt, the
    allowances, what refusals say of the people, and the alarms. One write unit."""
    now = deps.clock.now()
    with deps.database.write() as session:
        turn = Turn(deps, session, now)
        contacts = {o.job.contact_id for o in outcomes if o.job.contact_id is not None}
        delivery.lock_contacts(session, (), contacts)
        done = [_settle_one(turn, outcome) for outcome in outcomes]
        _good_news(turn, outcomes)
        for outcome in outcomes:
            for failure in outcome.failures:
                _tell_staff(turn, outcome.job, failure)
            _tell_of_the_end(turn, outcome)
    for outcome, each in zip(outcomes, done, strict=True):
        number = outcome.job.rendered.fields["character_string2"] if each.case_id else None
        log.info(
            "notice_settled case=%s notice=%s state=%s hop=%s",
            number, each.kind, each.state, each.hop or None,
        )  # fmt: skip
    return done


def _settle_one(turn: Turn, outcome: Outcome) -> Delivered:
    job, sent, failures = outcome.job, outcome.sent, outcome.failures
    last = failures[-1] if failures and sent is None else None
    hop = sent.hop if sent else "" if last is None else last.hop
    reason = last.error.reason[:300] if last else ""
    _about_the_person(turn, outcome)
    values: dict[str, object] = {"state": outcome.state, "reason": reason}
    values |= {"code": last.error.code if last else None} | ({"hop": hop} if hop else {})
    values |= _again(turn.now, outcome) if outcome.state == "queued" else {}
    values |= {"in_doubt": True} if last and last.error.unknown_outcome else {}
    if sent:
        asked = hop in ("template", "subscribe")
        values |= {"message_id": sent.message_id, "sent_at": turn.now}
        values |= {"confirm_by": turn.now + receipts.PATIENCE if asked else None}
    outbox.settle(turn.session, [job.row_id], **values)
    _settle_riders(turn, job, values)
    _keep_attempts(turn, job, failures, *([sent] if sent else []), *outcome.more)
    return Delivered(job.kind, job.case_id, outcome.state, hop, reason, len(job.also))


def _settle_riders(turn: Turn, job: Job, values: dict[str, object]) -> None:
    """What rode along has gone with the message, or else waits and travels on its own."""
    if not job.also:
        return
    if values["state"] == "sent":
        gone = {"merged_into": job.row_id, "sent_at": turn.now, "state": "merged"}
        outbox.settle(turn.session, job.also, hop=values["hop"], **gone)
        for row_id in job.also:
            delivery.attempt(
                turn.session, row_id, turn.now, hop=str(values["hop"]), outcome="merged",
                reason=f"with notice {job.row_id}",
            )  # fmt: skip
    else:
        outbox.settle(turn.session, job.also, **values)


def _keep_attempts(turn: Turn, job: Job, failures: Sequence[Failure], *taken: Sent) -> None:
    for failure in failures:
        error = failure.error
        delivery.attempt(
            turn.session, job.row_id, turn.now, hop=failure.hop,
            outcome="in_doubt" if error.unknown_outcome else "refused",
            code=error.code, reason=error.reason,
        )  # fmt: skip
    for sent in taken:
        delivery.attempt(turn.session, job.row_id, turn.now, hop=sent.hop, outcome="sent")


def _about_the_person(turn: Turn, outcome: Outcome) -> None:
    """What the refusals tell of this person: gone, no consent, nothing left of the allowance."""
    job, session = outcome.job, turn.session
    if job.contact_id is None:
        return
    gone = any(f.error.action is Action.UNREACHABLE for f in outcome.failures)
    if outcome.sent is None and gone:
        session.get_one(Contact, job.contact_id).subscribed = False
        session.flush()
    if outcome.held and job.spent:
        delivery.give_back(session, job.contact_id)
    for failure in outcome.failures:
        if failure.error.lost_consent:
            template = turn.deps.settings.notice_id(NOTICES[job.kind].shape)[1]
            delivery.set_consent(session, job.contact_id, template, False, at=turn.now)
        if failure.hop == "custom" and failure.error.code in COUNT_IS_WRONG:
            delivery.use_up(session, job.contact_id)
        elif failure.hop == "custom" and job.spent and not failure.error.unknown_outcome:
            delivery.give_back(session, job.contact_id)


def _tell_staff(turn: Turn, job: Job, failure: Failure) -> None:
    error, now = failure.error, turn.now
    way = f"{WAY}{_closes(turn, job, failure)}"
    crowd = error.many and delivery.people_refused(
        turn.session, error.code, now - LATELY
    ) >= MANY  # fmt: skip
    if error.action is Action.STOP or error.slower or crowd:
        until = now + timedelta(seconds=max(error.wait, REOPEN))
        leases.close_until(turn.session, way, str(error.code), until)
    if error.action is Action.STOP or crowd:
        alarms.raise_alarm(turn.session, way, error.reason, now)
    elif error.alarm:
        alarms.raise_alarm(turn.session, f"send:{error.code}", error.reason, now)


def _tell_of_the_end(turn: Turn, outcome: Outcome) -> None:
    """A notice given up after all its tries rings, too, whatever each try died of: once for all of
    them. It ends with the last one on the list of calls."""
    last = outcome.failures[-1].error if outcome.failures else None
    if outcome.state == "dead" and last is not None and last.action is Action.RETRY:
        kind = "in_doubt" if last.unknown_outcome else "given_up"
        alarms.raise_alarm(
            turn.session, kind, f"notice {outcome.job.row_id}: {last.reason}", turn.now
        )


def _closes(turn: Turn, job: Job, failure: Failure) -> str:
    """Which way this refusal closes, if it does. A gateway's never closes the platform's ways."""
    if failure.hop == "sms":
        return "sms"
    if failure.error.many:
        return "channel"
    if failure.error.slower or failure.error.scope == "hop":
        return failure.hop
    if failure.error.scope == "template":
        return _template_way(turn.deps, job.kind, failure.hop)
    return "channel"


def _good_news(turn: Turn, outcomes: Sequence[Outcome]) -> None:
    """A success ends the alarms about what it shows to work again; and it may have been confirmed
    before we knew of it."""
    over: set[str] = set()
    for job, sent in ((o.job, o.sent) for o in outcomes if o.sent is not None):
        over.add(f"{WAY}{sent.hop}")
        if sent.hop != "sms":
            over.add(f"{WAY}channel")
        if sent.hop in ("template", "subscribe") and job.contact_id is not None:
            template = turn.deps.settings.notice_id(NOTICES[job.kind].shape)[1]
            over.add(f"{WAY}{_named(sent.hop, template)}")
            receipts.came_early(turn, job.row_id, job.contact_id, template)
    if over:
        alarms.clear_all(turn.session, sorted(over), turn.now)


def _again(now: datetime, outcome: Outcome) -> dict[str, object]:
    """When to try again: after a STOP as soon as the way may be open (that try did not count),
    else with backoff and jitter, never earlier than the platform asks for."""
    attempts, failures = outcome.job.attempts, outcome.failures
    if outcome.overtaken:  # the next claim finds what is still true of it
        return {"next_try_at": now, "attempts": attempts - 1}
    stops = [f.error.wait for f in failures if f.error.action is Action.STOP]
    if stops or outcome.held:
        wait = timedelta(seconds=max(min(stops, default=0), REOPEN))
        return {"next_try_at": now + wait, "attempts": attempts - 1}
    backoff = min(5 * 2 ** min(attempts, 8), 900) * random.uniform(0.8, 1.2)  # noqa: S311
    return {"next_try_at": now + timedelta(seconds=max(backoff, failures[-1].error.wait))}
