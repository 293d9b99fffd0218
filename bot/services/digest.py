"""Several notices for one person that are due together become one message."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import OperationalError

from bot.domain.messages import fits
from bot.domain.notices import LATE, NEWS, NOTICES
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
    if not first_try or not (row.kind in DIGESTIBLE or _is_late_news(turn, row)):
        return Digest(rendered)
    page = _Page(turn, row, [rendered.text], told={row.case_id} if _waits_in_hand(row) else set())
    found = outbox.claim_like(turn.session, row, turn.now, DIGESTIBLE)
    for each in sorted(found, key=lambda other: not _presses(turn, other)):
        text = _words(turn, each)
        if text is not None and not page.took(each, text):
            outbox.release(each)
    words = _merged(turn, row, rendered, page) if page.count > 1 else rendered
    return Digest(words, tuple(page.also))


def _is_late_news(turn: Turn, row: Outbox) -> bool:
    return row.kind in NEWS and (row.due_at or row.created_at) <= turn.now - LATE


def _presses(turn: Turn, row: Outbox) -> bool:
    """Whether it must stand on top: what is urgent must not be among those only counted."""
    case = case_of(turn, row)
    return case is not None and case.urgency != "normal"


def _waits_in_hand(row: Outbox) -> bool:
    """Whether 待办 says it as well: a reminder, or a new case."""
    return row.person_id is not None and (row.due_at is not None or row.kind in NEWS)


@dataclass(slots=True)
class _Page:
    """A digest as it grows. What waits in hand and finds no room is counted at its end: 待办 says
    it as well, and after days of being off one message must do."""

    turn: Turn
    row: Outbox
    lines: list[str]
    also: list[int] = field(default_factory=list)
    told: set[int | None] = field(default_factory=set)
    """Cases that it says are in hand: one line a case, the most important one."""
    rest: int = 0
    pressing: int = 0
    hand: bool = True
    """Nothing but what 待办 says as well so far."""

    def took(self, each: Outbox, text: str) -> bool:
        """Whether this one goes with the message."""
        in_hand = _waits_in_hand(each)
        if in_hand and each.case_id in self.told:
            self.also.append(each.id)
            return True
        room = fits(self.words([*self.lines, text], rest=99, hand=False))
        if not room and not in_hand:
            return False
        self.hand = self.hand and in_hand
        self._add(each, text if room else None)
        return True

    def _add(self, each: Outbox, text: str | None) -> None:
        self.also.append(each.id)
        if _waits_in_hand(each):
            self.told.add(each.case_id)
        if text is None:
            self.rest += 1
        elif _presses(self.turn, each):
            self.lines.insert(self.pressing, text)
            self.pressing += 1
        else:
            self.lines.append(text)

    @property
    def count(self) -> int:
        """How many things it tells."""
        return len(self.lines) + self.rest

    def text(self) -> str:
        """The whole message."""
        hand = self.hand and _waits_in_hand(self.row)
        return self.words(self.lines, rest=self.rest, hand=hand)

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
    fields = rendered.fields | {"thing4": turn.say(key, count=page.count)}
    return replace(rendered, text=page.text(), fields=fields)
