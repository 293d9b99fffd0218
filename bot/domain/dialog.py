"""What one message means in its conversation: pure, so that every turn can be tested in a table.

Order of precedence: a member's own verbs (they carry a code); an emergency; a tapped choice; the
answer to our one open question; commands and case numbers; then what the words themselves say.
"""

import re

from bot.domain.inbound import Inbound
from bot.domain.media_turns import media_turn
from bot.domain.moves import (
    FLEETING,
    QUESTION_RANK,
    AnswerQuestion,
    Bind,
    Chase,
    Command,
    DialogState,
    Ignore,
    ItemAct,
    ItemPhoto,
    Leave,
    Move,
    NewCase,
    OpenQuestion,
    OwnCase,
    Piece,
    QuestionKind,
    ShowCase,
    Slip,
    Small,
    StaleTap,
)
from bot.domain.scenes import bind_code
from bot.domain.small_talk import asks, is_known, kind_of
from bot.domain.understanding import Reading
from bot.domain.verbs import read_act
from bot.domain.words import (
    answer_to,
    bare,
    command_of,
    digits_in,
    find_number,
    held_up,
    loose_answer,
    split_new_matter,
    withdraws,
)

__all__ = [
    "FLEETING", "QUESTION_RANK", "AnswerQuestion", "Bind", "Chase", "Command", "DialogState",
    "Ignore", "ItemAct", "ItemPhoto", "Leave", "Move", "NewCase", "OpenQuestion", "OwnCase",
    "Piece", "QuestionKind", "ShowCase", "Slip", "Small", "StaleTap", "passes_over", "step",
]  # fmt: skip

MENU = {
    "K_NEW": "new",
    "K_MINE": "progress",
    "K_FIND": "find",
    "K_HUMAN": "human",
    "K_HELP": "help",
}
_BIND = re.compile(
    r"[绑綁]定[码碼]?[\s:：，,]*(?=[A-Za-z0-9]*[A-Za-z])([A-Za-z0-9]{4,16})(?![A-Za-z0-9])"
    r"(?:[\s,，、+＋]*(\d{4})(?!\d))?"
)
"""However it is wrapped: a code that became the words of a case would still open a door."""
_SHORT = 40
_TAP = re.compile(r"q(\d{1,15})\.(\w{1,20})", re.ASCII)
_PLACE = 10
"""Characters of a place's name at most."""
_LETTER = 24
"""A case number in a text longer than this is an aside, not the request."""


def step(state: DialogState, inbound: Inbound, reading: Reading) -> Move:
    """What this message asks us to do. Never raises."""
    if inbound.kind == "text":
        return _text(state, inbound, reading)
    if inbound.is_message:
        return media_turn(state, inbound, reading)
    return _event(inbound)


def passes_over(question: OpenQuestion, move: Move) -> bool:
    """Whether the person has turned to something else, so that the question is over."""
    if question.kind not in FLEETING or isinstance(move, AnswerQuestion):
        return False
    if question.kind == "photo" and isinstance(move, ItemAct):
        return False  # more photos may follow an act on the same item: bot.services.photographing
    return not (question.kind in ("matter", "photo") and isinstance(move, Small))


def binds(text: str, event_key: str) -> bool:
    """Whether a message carried an invitation code."""
    return _BIND.search(text) is not None or bind_code(event_key) is not None


def _event(inbound: Inbound) -> Move:
    code = bind_code(inbound.event_key) if inbound.kind in ("subscribe", "scan") else None
    if code:
        return Bind(code.upper())
    if inbound.kind == "subscribe":
        return Small("welcome")
    if inbound.kind == "scan":
        return Command("scanned")
    if inbound.kind == "click":
        return Command(MENU.get(inbound.event_key, "help"))
    if inbound.data.get("sticker"):
        return Small("sticker")
    return Ignore()


def _text(state: DialogState, inbound: Inbound, reading: Reading) -> Move:
    text = inbound.text.strip()
    if len(text) <= _SHORT and (bind := _BIND.search(text)):
        return Bind(bind[1].upper(), digits_in(bind[2] or ""))
    if state.has_posts and (act := read_act(text, reading.category, state.codes)):
        return act
    if reading.urgency == "emergency":
        return _demand(state, text, reading)
    if tap := _TAP.fullmatch(inbound.menu_id):
        return _tap(state, int(tap[1]), tap[2])
    answer = _answer(state, text, reading)
    return answer or _command(state, text, reading) or _by_intent(state, text, reading)


def _tap(state: DialogState, question_id: int, value: str) -> Move:
    if state.question is None or state.question.id != question_id:
        return StaleTap(question_id, value)
    return AnswerQuestion(state.question, value)


def _answer(state: DialogState, text: str, reading: Reading) -> Move | None:
    question = state.question
    if question is None or question.kind == "photo":
        return None
    if question.kind in ("solved", "satisfied", "lasting", "withdraw", "helped"):
        return _choice(state, question, text, reading)
    if command_of(text) or find_number(text) or split_new_matter(text) is not None:
        return None
    if question.kind == "digits":
        typed = digits_in(text)
        return AnswerQuestion(question, "digits", typed) if typed else None
    if question.kind == "find":
        named = reading.places or (state.spoken_of is None and _may_be_a_place(text, reading))
        return AnswerQuestion(question, "place", text) if named else None
    if question.kind == "matter":
        return None if is_known(reading) or not bare(text) else NewCase(text, True)
    if question.kind == "asked":
        return _told(state, question, text, reading)
    if answer_to("place", text):
        return AnswerQuestion(question, "skip", text)
    return _case_answer(state, question, text, reading)


def _choice(state: DialogState, question: OpenQuestion, text: str, reading: Reading) -> Move | None:
    if found := answer_to(question.kind, text):
        return AnswerQuestion(question, *found)
    if question.kind == "helped":
        return _after_offer(question, text, reading)
    if question.kind == "lasting":
        held = held_up(text) if reading.category in (None, question.category) else None
        return AnswerQuestion(question, held, text) if held else None
    if question.kind != "solved":
        return None
    if rating := answer_to("satisfied", text):
        # 满意 to 解决了吗 answers both; 不满意 means that it is not solved.
        value, comment = rating
        if value == "no":
            return AnswerQuestion(question, "no", text)
        return AnswerQuestion(question, "yes", comment, satisfied=value)
    same = next((c.category for c in state.own_cases if c.id == question.case_id), None)
    loose = loose_answer(text) if reading.category in (None, same) else None
    if reading.intent == "praise" and reading.category is not None and reading.category == same:
        loose = loose or "yes"
    return AnswerQuestion(question, loose, text) if loose else None


def _after_offer(question: OpenQuestion, text: str, reading: Reading) -> Move | None:
    """Told an answer from the list, somebody says more than yes or no: it was not enough, unless
    the words are of another matter or of none."""
    if command_of(text) or find_number(text) or split_new_matter(text) is not None:
        return None
    small = is_known(reading) or reading.intent in ("command", "spam")
    sure = reading.confident or reading.handling != "normal" or asks(reading)
    other = reading.category not in (None, question.category) and sure
    if small or other or not bare(text):
        return None
    return AnswerQuestion(question, loose_answer(text) or "words", text)


def _case_answer(
    state: DialogState, question: OpenQuestion, text: str, reading: Reading
) -> Move | None:
    if not bare(text) or (is_known(reading) and not reading.places):
        # "谢谢" is no place; but a bare "3号楼下面" reads as chat too and is an answer.
        return None
    return (
        None
        if _another_matter(state, question, reading)
        else AnswerQuestion(question, "text", text)
    )


def _may_be_a_place(text: str, reading: Reading) -> bool:
    """A village that we don't know, after 找工作站: a few words that say nothing else."""
    word = bare(text)
    says = reading.category is not None or reading.evidence or reading.intent == "command"
    named = re.search(r"[村屯营窑庄镇乡旗]$", word) or not says
    return 1 < len(word) <= _PLACE and bool(named) and re.search(r"[㐀-鿿]", word) is not None


def _told(state: DialogState, question: OpenQuestion, text: str, reading: Reading) -> Move | None:
    """A person asked and waits: "有", "不知道" and "好的" are answers, thanks and a greeting are
    none."""
    polite = is_known(reading) and kind_of(text, reading) == "thanks"
    greets = bare(text).removeprefix("你").removeprefix("您") in ("好", "们好", "在吗")
    chases = reading.intent == "followup" and any(e.code == "followup" for e in reading.evidence)
    other = chases or reading.intent in ("abuse", "spam", "human")
    if not bare(text) or polite or other or (greets and bare(text) != "好"):
        return None
    known = next((c.category for c in state.own_cases if c.id == question.case_id), None)
    guarded = reading.handling != "normal" or (reading.confident and known is not None)
    elsewhere = reading.category is not None and reading.category != known and guarded
    return None if elsewhere else AnswerQuestion(question, "text", text)


def _another_matter(state: DialogState, question: OpenQuestion, reading: Reading) -> bool:
    """The text speaks of a matter of its own: asked about a lamp, told of the heating."""
    if reading.handling != "normal":
        return True  # what only named people may see is never told to a station as a piece
    if reading.category is None or not (reading.confident or asks(reading)):
        return False
    asked = next((c for c in state.own_cases if c.id == question.case_id), None)
    stale = question.case_id not in (state.settling, state.recent)
    known = asked.category if asked else None
    return stale or (known is not None and known != reading.category)


def _command(state: DialogState, text: str, reading: Reading) -> Move | None:
    if name := command_of(text):
        return Command(name)
    rest = split_new_matter(text)
    if rest is not None:
        return NewCase(rest, fresh=True) if bare(rest) else Command("more")
    if state.has_posts and bare(text) == "1":
        return Command("one")
    number = find_number(text)
    if number and withdraws(text):
        return Command("withdraw", number)
    if number and (reading.intent == "followup" or len(bare(text)) <= _LETTER):
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
        case_id = state.settling or state.emergency
        if case_id is not None and bare(text) and not is_known(reading):
            return Piece(case_id, text)
        kind = kind_of(text, reading)
        about = state.still_about(reading) if kind == "unclear" and bare(text) else None
        return Small(kind) if about is None else Piece(about, text)
    return _demand(state, text, reading)


def _chase(state: DialogState, text: str, reading: Reading) -> Move:
    named = reading.confident or reading.handling != "normal"
    about = reading.category if named else None
    same = [c for c in state.own_cases if about in (None, c.category)]
    if same:
        return Chase(same[0].id, text)
    return _demand(state, text, reading) if reading.category else Command("progress")


def _demand(state: DialogState, text: str, reading: Reading) -> Move:
    """What speaks of no matter of its own may be about the emergency that the duty desk has."""
    own_matter = reading.category is not None and reading.urgency != "emergency"
    case_id = state.settling or (None if own_matter else state.emergency)
    case_id = case_id or state.still_about(reading)
    return NewCase(text) if case_id is None else Piece(case_id, text)
