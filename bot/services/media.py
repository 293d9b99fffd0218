"""Fetching what people sent, within the three days that the platform keeps it.

Claim, commit, download with no transaction open, settle: as with notices. What can't be had any
more is marked and told to staff; what was erased goes from the disk as well.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from bot.domain.cases import show_number
from bot.domain.media import RULES, MediaState, TooLarge, is_over, next_try, type_of
from bot.domain.messages import Action, SendError
from bot.models.cases import Attachment, Case
from bot.services import media_files
from bot.services.media_files import Unreadable
from bot.services.ports import Deps
from bot.store import alarms, events, media
from bot.store.unit_of_work import SCRUB

log = logging.getLogger(__name__)

BATCH = 10
LOST, STOPPED = "media:lost", "media:stopped"
"""Alarms: a file is gone for good; the platform gives none for now."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one attachment."""

    case_id: int
    kind: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed attachment."""

    id: int
    case_id: int
    number: str
    kind: str
    media_id: str
    attempts: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """What is kept of a download. `mp3`: a voice as a browser plays it."""

    content: bytes
    mime: str
    mp3: bytes | None = None


class _Refused(Exception):
    """The file is not what it should be; the reason."""


def fetch(deps: Deps, limit: int = BATCH) -> list[Fetched]:
    """Fetch up to `limit` due files, and remove those that were erased."""
    gone = _remove_erased(deps, limit)
    now = deps.clock.now()
    with deps.database.read() as session:
        due = media.due_ids(session, now, limit)
    jobs = (_claim(deps, attachment_id) for attachment_id in due)
    return gone + [_fetch(deps, job) for job in jobs if job is not None]


def _remove_erased(deps: Deps, limit: int) -> list[Fetched]:
    with deps.database.read() as session:
        if not media.erased(session, 1):
            return []
    done = []
    with deps.database.write() as session:
        for row in media.erased(session, limit):
            # A file that two people sent stays for the other one.
            if row.sha256 is not None and not media.is_used(session, row.sha256):
                media_files.remove(deps.settings.var_path, row.sha256)
            done.append(Fetched(row.case_id, row.kind, MediaState.ERASED))
            media.drop(session, row)
        session.info[SCRUB] = True
    return done


def _claim(deps: Deps, attachment_id: int) -> Job | None:
    with deps.database.write() as session:
        row = media.claim(session, attachment_id, deps.clock.now())
        if row is None:
            return None
        number = session.get_one(Case, row.case_id).number
        return Job(
            row.id, row.case_id, number, row.kind, row.media_id, row.attempts, row.created_at
        )  # fmt: skip


def _fetch(deps: Deps, job: Job) -> Fetched:
    rule = RULES[job.kind]
    try:
        content = deps.platform.media(job.media_id, rule.limit)
        return _keep(deps, job, _checked(job.kind, content))
    except SendError as error:
        return _failed(deps, job, error)
    except TooLarge:
        return _give_up(deps, job, MediaState.REFUSED, f"larger than {rule.limit} bytes")
    except _Refused as error:
        return _give_up(deps, job, MediaState.REFUSED, str(error))
    except (OperationalError, WaitedTooLong):
        raise  # nothing can be written down now; the lease runs out by itself
    except Exception as error:  # a full disk, say: one file must not hold up the others
        log.exception("fetching_failed case=%s attachment=%s", job.number, job.id)
        return _failed(deps, job, SendError(Action.RETRY, None, type(error).__name__))


def _checked(kind: str, content: bytes) -> File:
    """What the content itself turns out to be, made fit to be shown."""
    mime = type_of(content)
    if mime not in RULES[kind].types:
        raise _Refused(f"not a {kind}: {mime or 'unknown type'}")
    if kind == "image":
        try:
            return File(media_files.harmless_picture(content), "image/jpeg")
        except Unreadable as error:
            raise _Refused(f"unreadable: {error}") from error
    mp3 = media_files.to_mp3(content, mime) if kind == "voice" else None
    return File(content, mime, mp3)


def _keep(deps: Deps, job: Job, file: File) -> Fetched:
    root, now = deps.settings.var_path, deps.clock.now()
    sha256 = media_files.keep(root, file.content)
    path = media_files.place(root, sha256)
    if file.mp3 is not None:
        media_files.write(media_files.playable(path), file.mp3)
    with deps.database.write() as session:
        kept = media.settle(
            session, job.id, state=MediaState.KEPT, sha256=sha256, mime=file.mime,
            bytes=len(file.content), fetched_at=now, next_try_at=None, trouble="",
        )  # fmt: skip
        alarms.clear(session, STOPPED, now)
        if not kept and not media.is_used(session, sha256):
            media_files.remove(root, sha256)  # erased while it was on its way
        elif not path.exists():  # somebody else's erasure of the same file came in between
            media_files.keep(root, file.content)
    log.info("media_kept case=%s attachment=%s", job.number, job.id)
    return Fetched(job.case_id, job.kind, MediaState.KEPT if kept else MediaState.ERASED)


def _failed(deps: Deps, job: Job, error: SendError) -> Fetched:
    now = deps.clock.now()
    forgotten = error.action is Action.DEAD and error.code is not None
    if forgotten or is_over(job.sent_at, now):
        return _give_up(deps, job, MediaState.LOST, error.reason)
    reason = error.reason[:200]
    with deps.database.write() as session:
        again = next_try(job.attempts, now, error.wait)
        media.settle(session, job.id, next_try_at=again, trouble=reason)
        if error.action is Action.STOP:
            alarms.raise_alarm(session, STOPPED, reason, now)
    return Fetched(job.case_id, job.kind, MediaState.WAITING, reason)


def _give_up(deps: Deps, job: Job, state: MediaState, reason: str) -> Fetched:
    """It will never be had: the case says so, and staff can ask for it once more."""
    now, reason = deps.clock.now(), reason[:200]
    with deps.database.write() as session:
        if media.settle(session, job.id, state=state, next_try_at=None, trouble=reason):
            case = session.get_one(Case, job.case_id)
            events.record(
                session, now, "media_lost", case_id=case.id, what=job.kind, state=state,
                why=reason,
            )  # fmt: skip
            detail = f"{show_number(case.number)} {job.kind}: {reason}"
            alarms.raise_alarm(session, LOST, detail, now)
    log.warning("media_gone case=%s attachment=%s state=%s", job.number, job.id, state)
    return Fetched(job.case_id, job.kind, state, reason)


def as_listed(row: Attachment) -> dict[str, object]:
    """An attachment as `flask cases show` lists it."""
    return {
        "id": row.id, "kind": row.kind, "state": row.state, "mime": row.mime, "bytes": row.bytes,
        "sent_at": row.created_at, "fetched_at": row.fetched_at, "trouble": row.trouble,
    }  # fmt: skip
