"""Several notices for one person that are due together become one message."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import OperationalError

from bot.domain.messages import fits
from bot.domain.notices import NOTICES
from bot.domain.quiet import quiet_until
from bot.models.conversation import Outbox
from bot.services.render import Rendered, case_of, render
from bot.services.turn import Turn
from bot.store import outbox

log = logging.getLogger(__name__)

DIGESTIBLE = frozenset(kind for kind, notice in NOTICES.items() if notice.digestible)


@dataclass(frozen=True, slots=True)
class Digest:
    """The words of a notice and of those that ride with it (`also`: ids of their rows)."""

    rendered: Rendered
    also: tuple[int, ...] = ()


def gather(turn: Turn, row: Outbox, rendered: Rendered) -> Digest:
    """Take along what else may go to this person now, as far as one message holds it."""
    first_try = row.attempts == 1 and not row.in_doubt and not row.hop
    if row.kind not in DIGESTIBLE or not first_try:
        return Digest(rendered)
    lines, also = [rendered.text], []
    for each in outbox.claim_like(turn.session, row, turn.now, DIGESTIBLE):
        text = _words(turn, each)
        if text is None:
            continue
        if not fits(_joined(turn, [*lines, text])):
            outbox.release(each)
            continue
        lines.append(text)
        also.append(each.id)
    if not also:
        return Digest(rendered)
    return Digest(_merged(turn, row, rendered, lines), tuple(also))


def _words(turn: Turn, row: Outbox) -> str | None:
    """The text of one that may ride along; None when it goes no further now."""
    try:
        with turn.session.begin_nested():
            rendered = render(turn, row, case_of(turn, row))
    except OperationalError:
        raise
    except Exception:  # alone it will fail alone, and be told of
        log.warning("notice_not_digested outbox=%s notice=%s", row.id, row.kind)
        outbox.release(row)
        return None
    if rendered is None:
        row.state, row.reason, row.leased_until = "skipped", "no longer true", None
        return None
    if morning := quiet_until(row.kind, turn.now):
        outbox.release(row)
        row.next_try_at = morning
        return None
    return rendered.text


def _joined(turn: Turn, lines: Sequence[str]) -> str:
    return turn.say("notice.digest", count=len(lines), lines="\n\n".join(lines))


def _merged(turn: Turn, row: Outbox, rendered: Rendered, lines: Sequence[str]) -> Rendered:
    resident = NOTICES[row.kind].audience == "resident"
    key = "notice.digest_resident" if resident else "notice.digest_member"
    fields = rendered.fields | {"thing4": turn.say(key, count=len(lines))}
    return replace(rendered, text=_joined(turn, lines), fields=fields)
