"""Acts of a member's case page: one table, each row a verb of chat with its fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.cases import CHINESE, Ending, named_ending
from bot.domain.clean import clean
from bot.domain.permissions import Action
from bot.models.cases import Case
from bot.services.errors import Refused

LONGEST = 2000

Fields = Mapping[str, str]


def _nothing(_fields: Fields) -> str:
    return ""


def _time(_fields: Fields) -> str:
    """Chat names it only when two things wait; the page always does."""
    return "延时"


def _joined(*names: str, before: str = "") -> Callable[[Fields], str]:
    """These fields, all of them given, in the order that chat reads them."""

    def text(fields: Fields) -> str:
        return before + " ".join(_words(fields, name) for name in names)

    return text


def _answer(fields: Fields) -> str:
    """As chat reads it: the first word names the ending."""
    words = _words(fields, "answer")
    try:
        ending = Ending(fields.get("ending", ""))
    except ValueError:
        raise Refused("page.ending") from None
    if ending is named_ending(words):
        return words
    return f"{CHINESE[ending]}：{words}"


def _words(fields: Fields, name: str) -> str:
    words = clean(fields.get(name, "")).strip()
    if not words:
        raise Refused("page.empty")
    if len(words) > LONGEST:
        raise Refused("page.too_long", most=LONGEST)
    return words


def _maybe(name: str) -> Callable[[Fields], str]:
    """This field, which may be left empty."""

    def text(fields: Fields) -> str:
        return _words(fields, name) if fields.get(name, "").strip() else ""

    return text


def _always(_case: Case) -> bool:
    return True


def _time_is_asked(case: Case) -> bool:
    return case.extension == "asked"


def _hold_is_asked(case: Case) -> bool:
    return case.hold_wanted_at is not None


def _hold_may_be_asked(case: Case) -> bool:
    return case.hold_wanted_at is None


def _empty(_case: Case) -> Fields:
    return {}


def _proposed(case: Case) -> Fields:
    """What the head only has to look over."""
    until = case.hold_wanted_until
    day = until.isoformat() if until else ""
    return {"review": day, "reason": case.hold_wanted_reason}


def _unsupervised(case: Case) -> bool:
    return case.supervised_post_id is None


def _is_supervised(case: Case) -> bool:
    return case.supervised_post_id is not None


def _news(fields: Fields) -> str:
    """A day, and words if there are any."""
    return f"{_words(fields, 'until')} {_maybe('note')(fields)}".strip()


def _time_may_be_asked(case: Case) -> bool:
    return case.extension not in ("asked", "granted")


@dataclass(frozen=True, slots=True)
class PageAct:
    """One act: its verb in chat (empty: photos only, which need none), what it asks for, how that
    becomes words, what is said when it is done (empty: what chat says), and whether it makes sense
    for the case besides being allowed."""

    action: Action
    verb: str
    fields: tuple[str, ...] = ()
    text: Callable[[Fields], str] = _nothing
    said: str = ""
    now: Callable[[Case], bool] = _always
    filled: Callable[[Case], Fields] = _empty
    """What its fields hold at first."""


ACTS: dict[str, PageAct] = {
    "grant": PageAct(Action.GRANT, "grant", text=_time, now=_time_is_asked),
    "deny": PageAct(
        Action.GRANT, "deny", ("reason",), _joined("reason", before="延时 "), now=_time_is_asked
    ),
    "grant_hold": PageAct(
        Action.HOLD, "hold", ("review", "reason"), _joined("review", "reason"),
        now=_hold_is_asked, filled=_proposed,
    ),
    "deny_hold": PageAct(
        Action.GRANT, "deny", ("reason",), _joined("reason", before="挂账 "), now=_hold_is_asked
    ),
    "accept": PageAct(Action.ACCEPT, "accept", said="page.accepted"),
    "resume": PageAct(Action.RESUME, "accept", said="page.accepted"),
    "answer": PageAct(
        Action.ANSWER, "answer", ("ending", "answer", "photos"), _answer, "page.answered",
    ),
    "photo": PageAct(Action.ANSWER, "", ("photos",), said="page.photo_added"),
    "acknowledge": PageAct(Action.ACKNOWLEDGE, "acknowledge", said="page.acknowledged"),
    "ask": PageAct(Action.ASK, "ask", ("question",), _joined("question")),
    "consult": PageAct(Action.ASK, "consult", ("name", "words"), _joined("name", "words")),
    "invite": PageAct(Action.INVITE, "invite", ("station", "words"), _joined("station", "words")),
    "progress": PageAct(Action.PROGRESS, "progress", ("until", "note"), _news),
    "deliberate": PageAct(Action.DELIBERATE, "deliberate", ("talk",), _maybe("talk")),
    "conclude": PageAct(Action.CONCLUDE, "conclude"),
    "assign": PageAct(Action.ASSIGN, "assign", ("name",), _joined("name")),
    "extend": PageAct(
        Action.EXTEND, "extend", ("days", "reason"), _joined("days", "reason"),
        now=_time_may_be_asked,
    ),
    "hold": PageAct(
        Action.EXTEND, "hold", ("review", "reason"), _joined("review", "reason"),
        now=_hold_may_be_asked,
    ),
    "hotline": PageAct(
        Action.ANSWER, "hotline", ("hotline", "words"),
        _joined("hotline", "words", before="编号 "), "page.answered",
    ),
    "pass": PageAct(Action.REROUTE, "pass", ("station", "reason"), _joined("station", "reason")),
    "return": PageAct(Action.RETURN, "return", ("reason",), _joined("reason"), "page.returned"),
    "supervise": PageAct(
        Action.SUPERVISE, "supervise", ("note",), _maybe("note"), now=_unsupervised
    ),
    "release": PageAct(Action.RELEASE, "release", ("note",), _maybe("note"), now=_is_supervised),
}  # fmt: skip
"""What the page offers, in its order. A new act is a row here and one in acts.html."""
