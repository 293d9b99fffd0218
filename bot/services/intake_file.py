"""Slips on paper and other channels: a row of a file becomes a case, on the path of a message.

Each row is one write unit, so an import that was interrupted goes on where it stopped. The row's
key is the hash of source, sender, time and text: the same row never makes a second case.
"""

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.domain.clean import clean
from bot.domain.inbound import Inbound
from bot.domain.messages import printable
from bot.domain.reported import is_plausible, parse_reported
from bot.domain.stations import Directory
from bot.domain.understanding import Reading
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.services import dispatch, wording
from bot.services.errors import StorageUnavailable
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.register import register
from bot.services.roster import directory
from bot.services.turn import Turn
from bot.store import conversation, events

log = logging.getLogger(__name__)

CHANNEL = "intake"
"""Contacts of this channel get no notices: nobody is at the other end."""
LONGEST = 20_000
"""Characters of one row that become a case; a case is read by people."""
LONGEST_SOURCE = 40
NOT_CASES = frozenset({"chat", "spam"})


@dataclass(frozen=True, slots=True)
class Slip:
    """One row as the file gives it; `error`: why it can't be read."""

    row: int
    text: str
    sender: str = ""
    time: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a row. `result`: added, known (was there before), no_case (clearly chat or an
    advertisement) or error. `queue`: who must look, None when a station has it."""

    row: int
    result: str
    number: str | None = None
    station: str | None = None
    queue: str | None = None
    category: str | None = None
    intent: str | None = None
    error: str | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A row prepared before the write lock is taken."""

    slip: Slip
    source: str
    key: str
    address: str
    text: str
    reading: Reading
    stations: Directory
    reported_at: datetime | None
    warning: str | None
    live: bool


def import_slip(deps: Deps, slip: Slip, *, source: str, live: bool = False) -> Imported:
    """Import one row. `live` False: an emergency waits in its queue and wakes nobody.

    Raises StorageUnavailable when the database can't be used: then no further row can go in.
    """
    text, source = _storable(slip.text), _storable(source)
    if slip.error is not None or not text:
        return Imported(slip.row, "error", error=slip.error or "没有文字")
    try:
        known = _known(deps, slip, row_key(source, slip))
        return known or _import(deps, _prepare(deps, slip, text, source=source, live=live))
    except (OperationalError, ProgrammingError, PoolTimeoutError) as error:
        log.error("storage_failed error=%s", type(error).__name__)
        raise StorageUnavailable from error
    except Exception as error:
        code = secrets.token_hex(3)
        log.exception("row_failed row=%s code=%s", slip.row, code)
        return Imported(slip.row, "error", error=f"没有导入（{type(error).__name__} {code}）")


def row_key(source: str, slip: Slip) -> str:
    """Key of the message that a row becomes. The same moment written in another way is the same."""
    at = parse_reported(slip.time)
    when = at.isoformat() if at else slip.time.strip()
    parts = (source, slip.sender.strip(), when, _storable(slip.text))
    # Lengths first, so that no two rows can be cut up into the same parts.
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return "f:" + hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def _storable(text: str) -> str:
    """What a person sees of it, and no half characters, which no database takes."""
    return printable(clean(text))


def _prepare(deps: Deps, slip: Slip, text: str, *, source: str, live: bool) -> _Ready:
    reported_at, warning = _reported(slip.time, deps.clock.now())
    if len(text) > LONGEST:
        text, warning = text[:LONGEST], f"文字超过 {LONGEST} 字，只登记了前面的"
    key = row_key(source, slip)
    return _Ready(
        slip, source, key, _address(deps, source, slip, key), text,
        read_safely(deps, text), directory(deps), reported_at, warning, live,
    )  # fmt: skip


def _reported(written: str, now: datetime) -> tuple[datetime | None, str | None]:
    """When it was reported; a time that can't be right never keeps a demand out."""
    if not written.strip():
        return None, None
    at = parse_reported(written)
    if at is None:
        return None, f"时间看不懂：{_storable(written)[:40]}"
    if not is_plausible(at, now):
        return None, f"时间不合情理：{_storable(written)[:40]}"
    return at, None


def _address(deps: Deps, source: str, slip: Slip, key: str) -> str:
    """Who sent it, without saying who: a number or a name must not be guessed from the hash."""
    sender = slip.sender.strip()
    if not sender:
        return key
    secret = deps.settings.secret_key.get_secret_value().encode()
    words = f"{len(source)}:{source}{sender}".encode("utf-8", "surrogatepass")
    return "s:" + hmac.new(secret, words, hashlib.sha256).hexdigest()


def _known(deps: Deps, slip: Slip, key: str) -> Imported | None:
    with deps.database.read() as session:
        return _if_known(Turn(deps, session, deps.clock.now()), slip, key)


def _import(deps: Deps, ready: _Ready) -> Imported:
    try:
        with deps.database.write() as session:
            turn = Turn(deps, session, deps.clock.now())
            contact = conversation.contact_for(session, CHANNEL, ready.address, turn.now)
            # Again, under the lock: another import of the same file may run beside this one.
            known = _if_known(turn, ready.slip, ready.key)
            return known or _add(turn, contact, ready)
    except IntegrityError:
        known = _known(deps, ready.slip, ready.key)
        if known is None:
            raise
        return known


def _add(turn: Turn, contact: Contact, ready: _Ready) -> Imported:
    message_id = conversation.add_message(turn.session, contact, _inbound(turn, ready), turn.now)
    assert message_id is not None  # noqa: S101 - the caller looked for the key under the lock
    if _is_no_case(ready.reading):
        return _told(turn, ready.slip, None, "no_case", ready)
    case = _case(turn, contact, ready)
    conversation.settle_message(turn.session, message_id, case.id, {})
    return _told(turn, ready.slip, case, "added", ready)


def _inbound(turn: Turn, ready: _Ready) -> Inbound:
    """The row as a message. File and row are kept, so that the office finds the slip again."""
    return Inbound(
        key=ready.key, openid=ready.address, account=CHANNEL, kind="text",
        sent_at=ready.reported_at or turn.now, text=ready.text,
        data={"source": ready.source[:200], "row": str(ready.slip.row)},
    )  # fmt: skip


def _is_no_case(reading: Reading) -> bool:
    """Only what surely is chat or an advertisement: the sender isn't there to say it again."""
    sure = any(evidence.code == reading.intent for evidence in reading.evidence)
    calm = reading.urgency == "normal" and reading.handling == "normal" and not reading.want_human
    return reading.intent in NOT_CASES and sure and calm


def _case(turn: Turn, contact: Contact, ready: _Ready) -> Case:
    """Register and dispatch inside a savepoint: a failure of ours never loses the demand."""
    try:
        with turn.session.begin_nested():
            case = _register(turn, contact, ready, ready.stations)
            if case.queue is None and case.proposed_unit_id is not None:
                dispatch.dispatch(turn, case, case.proposed_unit_id)
            return case
    except (OperationalError, ProgrammingError, PoolTimeoutError):
        raise
    except Exception as error:
        code = secrets.token_hex(3)
        log.exception("routing_failed row=%s code=%s", ready.slip.row, code)
        case = _register(turn, contact, ready, Directory(()))
        case.queue = "staff"
        events.record(
            turn.session, turn.now, "understanding_failed", case_id=case.id,
            error=f"{type(error).__name__} {code}",
        )  # fmt: skip
        return case


def _register(turn: Turn, contact: Contact, ready: _Ready, stations: Directory) -> Case:
    return register(
        turn, contact, ready.reading, stations, source=ready.source[:LONGEST_SOURCE],
        settling=False, alarm=ready.live, reported_at=ready.reported_at,
    )  # fmt: skip


def _if_known(turn: Turn, slip: Slip, key: str) -> Imported | None:
    message = conversation.message_by_key(turn.session, key)
    if message is None:
        return None
    case = turn.session.get_one(Case, message.case_id) if message.case_id is not None else None
    return _told(turn, slip, case, "known")


def _told(
    turn: Turn, slip: Slip, case: Case | None, result: str, ready: _Ready | None = None
) -> Imported:
    warning = ready.warning if ready else None
    if case is None:
        intent = ready.reading.intent if ready else None
        return Imported(slip.row, result, intent=intent, warning=warning)
    return Imported(
        slip.row, result, case.number, wording.station_name(turn, case) if not case.queue else None,
        case.queue, category=case.category, intent=case.intent, warning=warning,
    )  # fmt: skip
