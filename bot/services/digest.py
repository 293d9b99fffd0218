"""Several notices for one person that are due together become one message."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import OperationalError

from bot.domain.messages import fits
from bot.domain.notices import NOTICES
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
    page = _Page(turn, row, [rendered.text])
    for each in outbox.claim_like(turn.session, row, turn.now, DIGESTIBLE):
        text = _words(turn, each)
        if text is not None and not page.took(each, text):
            outbox.release(each)
    if not page.also:
        return Digest(rendered)
    return Digest(_merged(turn, row, rendered, page), tuple(page.also))


@dataclass(slots=True)
class _Page:
    """A digest as it grows. Reminders that find no room are counted at its end: they say what
    待办 says as well, and after days of being off one message must do."""

    turn: Turn
    row: Outbox
    lines: list[str]
    also: list[int] = field(default_factory=list)
    rest: int = 0
    hand: bool = True
    """Nothing but reminders so far."""

    def took(self, each: Outbox, text: str) -> bool:
        """Whether this one goes with the message."""
        reminder = each.due_at is not None and each.person_id is not None
        room = fits(self.words([*self.lines, text], rest=99, hand=False))
        if not room and not reminder:
            return False
        self.hand = self.hand and reminder
        if room:
            self.lines.append(text)
        else:
            self.rest += 1
        self.also.append(each.id)
        return True

    def text(self) -> str:
        """The whole message."""
        reminders = self.hand and self.row.due_at is not None and self.row.person_id is not None
        return self.words(self.lines, rest=self.rest, hand=reminders)

    def words(self, lines: Sequence[str], *, rest: int, hand: bool) -> str:
        """These lines with their head, and `rest` more counted."""
        tail = self.turn.say("notice.digest_rest", rest=rest) if rest else ""
        key = "notice.digest_hand" if hand else "notice.digest"
        return self.turn.say(key, count=len(lines) + rest, lines="\n\n".join([*lines, tail]))


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
    if morning := turn.waits(row.kind):
        outbox.release(row)
        row.next_try_at = morning
        return None
    return rendered.text


def _merged(turn: Turn, row: Outbox, rendered: Rendered, page: _Page) -> Rendered:
    resident = NOTICES[row.kind].audience == "resident"
    key = "notice.digest_resident" if resident else "notice.digest_member"
    fields = rendered.fields | {"thing4": turn.say(key, count=len(page.also) + 1)}
    return replace(rendered, text=page.text(), fields=fields)
