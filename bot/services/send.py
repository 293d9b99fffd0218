"""Sending claimed notices, with no transaction open: hop by hop until one takes it."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.domain.delivery import Hop
from bot.domain.messages import Action, SendError, Sent
from bot.domain.notices import EVERY_WAY, NOTICES
from bot.services import links
from bot.services.ports import Deps
from bot.services.recheck import overtaken
from bot.services.render import Rendered

log = logging.getLogger(__name__)

WORKERS = 4
"""Notices under way at once: some hundred a second, far more than any day's quota allows."""
ALERTS = frozenset(kind for kind, notice in NOTICES.items() if notice.shape == "alert")
"""Kinds that don't wait for a closed channel: they take the hops outside the platform."""
ON_PAGE = frozenset(
    {
        *("push", "accept_reminder", "accept_overdue", "assigned", "not_solved"),
        *("unhappy", "broken"),
        *("answer_due_soon", "answer_overdue", "replied", "hold_review", "extension_refused"),
    }
)
"""Kinds that end with what to type for an act that the case's page offers as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One claimed notice with all that sending it needs. `in_doubt`: an earlier try may have
    arrived. `also`: rows whose words ride with it. `spent`: one message of the allowance is
    taken for it."""

    row_id: int
    kind: str
    case_id: int
    attempts: int
    in_doubt: bool
    contact_id: int | None
    openid: str
    phone: str
    hops: tuple[Hop, ...]
    rendered: Rendered
    sms: str
    also: tuple[int, ...] = ()
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """One hop's refusal."""

    hop: Hop
    error: SendError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: `sent` by a hop, or every hop refused, or `held`: not tried at all,
    because the channel had closed meanwhile; `overtaken`: because it was no longer true."""

    job: Job
    state: str
    failures: tuple[Failure, ...] = ()
    sent: Sent | None = None
    held: bool = False
    overtaken: bool = False
    more: tuple[Sent, ...] = ()
    """Other hops that took it as well (bot.domain.notices.EVERY_WAY)."""


def send_all(deps: Deps, jobs: Sequence[Job], closed: threading.Event) -> list[Outcome]:
    """Send to different people side by side, to one person in order. `closed` is set by the first
    STOP of the whole channel; then the rest is held."""
    people: dict[str, list[Job]] = {}
    for job in jobs:
        people.setdefault(job.openid or job.phone, []).append(job)

    def send_to(theirs: Sequence[Job]) -> list[Outcome]:
        return [_send(deps, job, closed) for job in theirs]

    if len(people) < 2:
        return send_to(jobs)
    with ThreadPoolExecutor(min(WORKERS, len(people)), "deliver") as pool:
        return [each for found in pool.map(send_to, people.values()) for each in found]


def _send(deps: Deps, job: Job, closed: threading.Event) -> Outcome:
    if closed.is_set() and job.kind not in ALERTS:
        return Outcome(job, "queued", held=True)
    if overtaken(deps, job.kind, (job.row_id, *job.also)):
        return Outcome(job, "queued", held=True, overtaken=True)
    if job.kind in EVERY_WAY:
        return _send_every_way(deps, job, closed)
    failures: list[Failure] = []
    hops = job.hops
    while hops:
        hop, *rest = hops
        try:
            sent = _try_hop(deps, job, hop)
        except SendError as refused:
            failures.append(Failure(hop, refused))
            hops = _then(job, tuple(rest), refused)
            if hop != "sms" and refused.action is Action.STOP and refused.scope == "channel":
                closed.set()
        except Exception as error:  # a fault of ours after which nobody knows what was sent
            failures.append(_fault(job, hop, error))
            hops = ()
        else:
            return Outcome(job, "sent", tuple(failures), sent)
    return Outcome(job, _verdict(job, failures), tuple(failures))


def _fault(job: Job, hop: Hop, error: Exception) -> Failure:
    number = job.rendered.fields["character_string2"]
    log.exception("sending_failed case=%s notice=%s", number, job.kind)
    reason = type(error).__name__
    return Failure(hop, SendError(Action.DEAD, None, reason, unknown_outcome=True, alarm=True))


def _send_every_way(deps: Deps, job: Job, closed: threading.Event) -> Outcome:
    """All hops, whatever the others say: an alarm that one of them swallows must not be lost."""
    failures: list[Failure] = []
    taken: list[Sent] = []
    for hop in job.hops:
        try:
            taken.append(_try_hop(deps, job, hop))
        except SendError as refused:
            failures.append(Failure(hop, refused))
            if hop != "sms" and refused.action is Action.STOP and refused.scope == "channel":
                closed.set()
        except Exception as error:
            failures.append(_fault(job, hop, error))
    if taken:
        return Outcome(job, "sent", tuple(failures), taken[0], more=tuple(taken[1:]))
    return Outcome(job, _verdict(job, failures), tuple(failures))


def _try_hop(deps: Deps, job: Job, hop: Hop) -> Sent:
    fields = job.rendered.fields
    url = links.case(deps, fields["character_string2"]) if job.case_id else links.todo(deps)
    if hop == "custom":
        text = job.rendered.text + _tap(deps, job, url)
        return deps.channel.send_text(job.openid, text, job.rendered.choices)
    if hop == "sms":
        return deps.sms.send(job.phone, job.sms)
    return deps.channel.send_notice(job.openid, fields, url, NOTICES[job.kind].shape)


def _tap(deps: Deps, job: Job, url: str) -> str:
    """The way to the page, beside what may be typed; a message of several cases has none."""
    if job.kind not in ON_PAGE or job.also:
        return ""
    return deps.texts.say("notice.or_tap", url=url)


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
