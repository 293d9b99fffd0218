"""What one message means in its conversation: pure, so that every turn can be tested in a table.

Order of precedence: an emergency before all else; then a member's own verbs; then the answer to
our one open question; then commands and case numbers; then what the words themselves say.
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot.domain.inbound import Inbound
from bot.domain.understanding import Reading
from bot.domain.words import answer_to, bare, command_of, find_number, split_new_matter

QuestionKind = Literal["place", "what", "solved", "satisfied", "withdraw", "find"]

QUESTION_RANK: dict[QuestionKind, int] = {
    "withdraw": 0, "find": 1, "what": 2, "place": 2, "solved": 3, "satisfied": 3,
}  # fmt: skip
"""A question of lower rank may replace an open one of higher rank, never the reverse."""

VERBS = {"接": "accept", "退": "return", "答": "answer", "收到": "acknowledge", "看": "show"}
_VERB = re.compile(
    r"(接|退|答|收到|看)(?:单|复|知)?\s*(\d{2,3})(?!\d)[\s,，:：.。、]*(.*)", re.DOTALL
)
_BIND = re.compile(r"绑定\s*[:：]?\s*([A-Za-z0-9]{6,16})")


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What we asked last and still may be answered."""

    id: int
    kind: QuestionKind
    case_id: int | None


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One of the sender's own open cases."""

    id: int
    number: str
    state: str
    category: str | None


@dataclass(frozen=True, slots=True)
class DialogState:
    """All that a turn depends on besides the message itself."""

    question: OpenQuestion | None = None
    settling: int | None = None
    """Id of the case that still takes in pieces."""
    own_cases: tuple[OwnCase, ...] = ()
    """Open ones, newest first."""
    recent: int | None = None
    """Id of the newest own case if it is open and younger than a day."""
    has_posts: bool = False


@dataclass(frozen=True, slots=True)
class Bind:
    """The sender typed an invitation code."""

    code: str


@dataclass(frozen=True, slots=True)
class ItemAct:
    """A member acts on the item with this code of his own."""

    verb: str
    code: int
    text: str


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """The answer to our question; `value` as in bot.domain.words, `comment` what else was said."""

    question: OpenQuestion
    value: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class StaleTap:
    """A choice was tapped under a question that is closed by now."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """Register what was said as a case. `fresh`: a settling case is dispatched first."""

    text: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One more piece of a case that is still open to it."""

    case_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Chase:
    """The sender asks how his open case is going (催办); the words are kept with it."""

    case_id: int
    text: str


@dataclass(frozen=True, slots=True)
class ShowCase:
    """Show the case of this number if it is the sender's own."""

    number: str


@dataclass(frozen=True, slots=True)
class Command:
    """A menu word: new, progress, find, human, withdraw, refuse, agree, help, items, more."""

    name: str


@dataclass(frozen=True, slots=True)
class Small:
    """No case: greeting, thanks, praise, abuse, spam, unclear, script, sticker, empty."""

    kind: str


@dataclass(frozen=True, slots=True)
class Ignore:
    """Acknowledge and say nothing."""


Move = (
    Bind | ItemAct | AnswerQuestion | StaleTap | NewCase | Piece | Chase | ShowCase | Command
    | Small | Ignore
)  # fmt: skip


def step(state: DialogState, inbound: Inbound, reading: Reading) -> Move:
    """What this message asks us to do."""
    if inbound.kind == "text":
        return _text(state, inbound, reading)
    if inbound.is_message:
        return _media(state, reading)
    return _event(inbound)


def _event(inbound: Inbound) -> Move:
    if inbound.kind == "subscribe":
        return Small("welcome")
    if inbound.kind == "scan":
        return Command("scanned")
    if inbound.kind == "click":
        names = {"K_NEW": "new", "K_MINE": "progress", "K_FIND": "find", "K_HUMAN": "human"}
        return Command(names.get(inbound.event_key, "help"))
    if inbound.data.get("sticker"):
        return Small("sticker")
    return Ignore()


def _media(state: DialogState, reading: Reading) -> Move:
    case_id = state.settling or _waiting_case(state) or state.recent
    return NewCase(reading.text) if case_id is None else Piece(case_id, reading.text)


def _waiting_case(state: DialogState) -> int | None:
    """The case that our open question is about, when the answer may improve it."""
    question = state.question
    return question.case_id if question and question.kind in ("place", "what") else None


def _text(state: DialogState, inbound: Inbound, reading: Reading) -> Move:
    text = inbound.text.strip()
    if bind := _BIND.fullmatch(text):
        return Bind(bind[1].upper())
    if state.has_posts and (act := _VERB.fullmatch(text)):
        return ItemAct(VERBS[act[1]], int(act[2]), act[3].strip())
    if reading.urgency == "emergency":
        return _demand(state, text)
    if inbound.menu_id.startswith("q"):
        return _tap(state, inbound)
    answer = _answer(state, text, reading)
    return answer or _command(state, text, reading) or _by_intent(state, text, reading)


def _tap(state: DialogState, inbound: Inbound) -> Move:
    wanted, _, value = inbound.menu_id[1:].partition(".")
    if state.question is None or wanted != str(state.question.id):
        return StaleTap()
    return AnswerQuestion(state.question, value)


def _answer(state: DialogState, text: str, reading: Reading) -> Move | None:
    question = state.question
    if question is None:
        return None
    if question.kind in ("solved", "satisfied", "withdraw"):
        found = answer_to(question.kind, text)
        return AnswerQuestion(question, *found) if found else None
    if command_of(text) or find_number(text) or split_new_matter(text) is not None:
        return None
    if question.kind == "find":
        return AnswerQuestion(question, "place", text) if reading.places else None
    if answer_to("place", text):
        return AnswerQuestion(question, "skip", text)
    return _case_answer(question, text, reading)


def _case_answer(question: OpenQuestion, text: str, reading: Reading) -> Move | None:
    if reading.intent in ("chat", "abuse", "spam", "followup", "human") and not reading.places:
        # "谢谢" is no place; but a bare "3号楼下面" reads as chat too and is an answer.
        return None if _is_known_small_talk(reading) else AnswerQuestion(question, "text", text)
    new_matter = question.kind == "place" and reading.confident and len(bare(text)) > 20
    return None if new_matter else AnswerQuestion(question, "text", text)


def _command(state: DialogState, text: str, reading: Reading) -> Move | None:
    if name := command_of(text):
        return Command(name)
    rest = split_new_matter(text)
    if rest is not None:
        return NewCase(rest, fresh=True) if bare(rest) else Command("more")
    number = find_number(text)
    if number and (reading.intent == "followup" or len(bare(text)) <= 24):
        return ShowCase(number)
    if reading.intent == "human" and reading.category is None:
        return Command("human")
    return None


def _by_intent(state: DialogState, text: str, reading: Reading) -> Move:
    intent = reading.intent
    if intent == "command":
        return Command("help")
    if intent == "followup":
        return _chase(state, text, reading)
    if intent in ("praise", "abuse", "spam"):
        return Small(intent)
    if intent == "chat":
        if state.settling is not None and not _is_known_small_talk(reading) and bare(text):
            return Piece(state.settling, text)
        return Small(_small_kind(text, reading))
    return _demand(state, text)


def _chase(state: DialogState, text: str, reading: Reading) -> Move:
    same = [c for c in state.own_cases if reading.category in (None, c.category)]
    if same:
        return Chase(same[0].id, text)
    return _demand(state, text) if reading.category else Command("progress")


def _demand(state: DialogState, text: str) -> Move:
    return NewCase(text) if state.settling is None else Piece(state.settling, text)


def _is_known_small_talk(reading: Reading) -> bool:
    return any(e.code in ("chat", "praise", "abuse", "spam", "followup", "human")
               for e in reading.evidence)  # fmt: skip


def _small_kind(text: str, reading: Reading) -> str:
    if not bare(text):
        return "empty"
    if _is_known_small_talk(reading):
        return "thanks" if "谢" in text or "辛苦" in text else "greeting"
    chinese = re.search(r"[㐀-鿿]", text)
    return "unclear" if chinese else "script"
