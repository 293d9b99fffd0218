"""The office writes to a resident: a question, whose answer comes back to the case, or a word."""

from dataclasses import dataclass

from bot.domain.cases import State
from bot.domain.delivery import route
from bot.domain.notices import NOTICES
from bot.domain.words import unfilled
from bot.models.cases import Case
from bot.services import asking, notify, reach
from bot.services.errors import Refused
from bot.services.render import preview
from bot.services.turn import Turn
from bot.services.wording import NOBODY_YET
from bot.store import cases, events
from bot.store.events import By

NOTICE = {"ask": "asked", "say": "written"}
"""What is written → the notice that carries it."""
MAY_ASK = frozenset({State.NEW, State.ACCEPTED, State.CONSULTING})
"""Where somebody has it in hand, whose clock can stand still meanwhile."""
LETTERS = {
    "place": "ask",
    "matter": "ask",
    "photo": "ask",
    "when": "ask",
    "contact": "ask",
    "asking": "say",
    "door": "say",
}
"""Letters that are ready to be sent, or to be changed before: name → what they are."""


def write(turn: Turn, case: Case, kind: str, words: str, by: By) -> None:
    """Put it in the outbox. While a question waits for its answer, the office's clock and the
    station's stand still. Raises Refused."""
    check(turn, case, kind, words)
    if kind == "ask":
        asking.put(turn, case, words, by, holder_post_id=by.post_id, asks=NOBODY_YET)
        return
    case.version += 1
    events.record(turn.session, turn.now, "written", case_id=case.id, by=by, words=words)
    notify.tell_resident(turn, case, "written", f"v{case.version}", words=words)


def check(turn: Turn, case: Case, kind: str, words: str) -> None:
    """Whether this can be written. Raises Refused."""
    if kind not in NOTICE or not words:
        raise Refused("console.write_nothing")
    if unfilled(words):
        raise Refused("console.write_blanks")
    if cases.contact(turn.session, case).channel != "wechat":
        raise Refused("console.write_no_chat")
    if kind == "ask" and not may_ask(case):
        raise Refused("console.write_waits")


def may_ask(case: Case) -> bool:
    """Whether a question can stop a clock now."""
    return State(case.state) in MAY_ASK


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be sent. `way`: chat; notice (a short one that leads to the page, where the words
    stand); or none, then it lands on the list of calls."""

    text: str
    way: str


def drafted(turn: Turn, case: Case, kind: str, words: str) -> Draft:
    """The very words that the resident would read now."""
    params = {"ask": {"ask": words, "station": NOBODY_YET}, "say": {"words": words}}[kind]
    notice = NOTICE[kind]
    text = preview(turn, case, notice, **params)
    contact = cases.contact(turn.session, case)
    hops = route(reach.reach_of(turn, contact, None, notice, ahead=True), NOTICES[notice].budget)
    return Draft(text, "none" if not hops else "chat" if hops[0] == "custom" else "notice")
