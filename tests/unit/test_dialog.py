"""What a message means in its conversation: a table of turns, and nothing that breaks it."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dialog import (
    QUESTION_RANK,
    AnswerQuestion,
    Bind,
    Chase,
    Command,
    DialogState,
    Ignore,
    ItemAct,
    ItemPhoto,
    Move,
    NewCase,
    OpenQuestion,
    OwnCase,
    Piece,
    QuestionKind,
    ShowCase,
    Small,
    StaleTap,
    passes_over,
    step,
)
from bot.domain.inbound import MESSAGE_KINDS, Inbound
from bot.domain.moves import spoken_of_among
from bot.domain.understanding import CategoryScore, Evidence, Intent, PlaceHit, Reading
from tests.fakes import MONDAY_MORNING

NOBODY = DialogState()
SETTLING = DialogState(settling=1, recent=1, own_cases=(OwnCase(1, "261123-0001", "new", "road"),))
MEMBER = DialogState(has_posts=True, codes=frozenset({37}))
AT_DESK = DialogState(
    emergency=5, recent=5, own_cases=(OwnCase(5, "261123-0005", "new", None),)
)  # fmt: skip


def asked(kind: QuestionKind, case_id: int | None = 1) -> DialogState:
    """A state in which we asked this about a lamp that was dispatched."""
    own = (OwnCase(1, "261123-0001", "dispatched", "road"),)
    return DialogState(OpenQuestion(9, kind, case_id), own_cases=own, recent=1)


LATER = OpenQuestion(9, "lasting", 1, "road")
"""四周后, about a lamp whose case is over."""
LASTING = DialogState(LATER)


def said(text: str, **values: str) -> Inbound:
    """A text message, or what `values` make of it."""
    base = Inbound("m:1", "oX", "gh_x", "text", MONDAY_MORNING, text=text)
    return replace(base, **values)  # type: ignore[arg-type]


def reads(
    intent: Intent = "demand", category: str | None = None, *, place: bool = False, word: str = ""
) -> Reading:
    """A reading of that intent; `word`: a cue of the intent was found."""
    return Reading(
        text="", masked="", intent=intent,
        categories=(CategoryScore(category, 0.9),) if category else (),
        confident=category is not None, urgency="normal", emergency=None,
        places=(PlaceHit("昭乌达路街道", "昭乌达路街道", "赛罕区", True),) if place else (),
        pii=(), parts=(), evidence=(Evidence(word, intent, 1.0),) if word else (),
    )  # fmt: skip


ALARM = replace(reads(), urgency="emergency", emergency="fire")
LAMP = reads("demand", "road")
HEATING = reads("demand", "heating")
MINORS = replace(reads("demand", "minors"), confident=False, handling="named_members")
SCHOOL = replace(reads("demand", "education"), confident=False)
CHAT = reads("chat")
THANKS = reads("chat", word="谢谢")

PHOTOS = OpenQuestion(9, "photo", 1, asked_at=MONDAY_MORNING - timedelta(minutes=9))
PHOTOS_WANTED = replace(MEMBER, question=PHOTOS)
LATE_PHOTOS = replace(
    MEMBER, question=replace(PHOTOS, asked_at=MONDAY_MORNING - timedelta(minutes=10))
)

ACTED = replace(MEMBER, recent=4, acted=7)

REOPENED = DialogState(
    own_cases=(OwnCase(1, "261123-0001", "dispatched", "road"),),
    spoken_of=OwnCase(1, "261123-0001", "dispatched", "road", place="昭乌达路街道"),
)
"""After 没有 about a lamp."""
ELSEWHERE = replace(LAMP, places=(PlaceHit("金河镇", "金河镇", "赛罕区", True),))

TURNS: list[tuple[str, DialogState, Inbound, Reading, Move]] = [
    ("a demand", NOBODY, said("路灯坏了"), LAMP, NewCase("路灯坏了")),
    ("a piece", SETTLING, said("在三楼"), CHAT, Piece(1, "在三楼")),
    ("thanks while settling", SETTLING, said("谢谢"), THANKS, Small("thanks")),
    ("another thing", SETTLING, said("还有一件事"), CHAT, Command("more")),
    (
        "another thing at once",
        SETTLING,
        said("还有一件事，井盖丢了"),
        LAMP,
        NewCase("井盖丢了", fresh=True),
    ),
    ("an emergency", NOBODY, said("着火了"), ALARM, NewCase("着火了")),
    ("an emergency over a question", asked("solved"), said("着火了"), ALARM, NewCase("着火了")),
    ("more about an emergency", AT_DESK, said("三楼着火了"), ALARM, Piece(5, "三楼着火了")),
    ("the address of it", AT_DESK, said("昭乌达路"), CHAT, Piece(5, "昭乌达路")),
    ("a lamp beside an emergency", AT_DESK, said("路灯坏了"), LAMP, NewCase("路灯坏了")),
    ("a photo of it", AT_DESK, said("", kind="image"), CHAT, Piece(5, "")),
    ("a code", NOBODY, said("绑定 ab12cd34"), CHAT, Bind("AB12CD34")),
    ("a verb", MEMBER, said("接37"), CHAT, ItemAct("accept", 37, "")),
    ("a busy member's code", MEMBER, said("接12345"), CHAT, ItemAct("accept", 12345, "")),
    ("a case's day is no code", MEMBER, said("看261123"), CHAT, Small("unclear")),
    ("an answer", MEMBER, said("答37 灯亮了"), LAMP, ItemAct("answer", 37, "灯亮了")),
    ("a return", MEMBER, said("退37不归我们管"), LAMP, ItemAct("return", 37, "不归我们管")),
    ("full width", MEMBER, said("接３７"), CHAT, ItemAct("accept", 37, "")),
    ("a bus line", MEMBER, said("看35路车太少"), LAMP, NewCase("看35路车太少")),
    ("a deposit", MEMBER, said("退10块押金"), LAMP, NewCase("退10块押金")),
    ("a verb without code", MEMBER, said("收到。"), THANKS, Command("items")),
    ("a verb of no member", NOBODY, said("接37"), CHAT, Small("unclear")),
    ("a tap", asked("solved"), said("是", menu_id="q9.yes"), CHAT,
     AnswerQuestion(OpenQuestion(9, "solved", 1), "yes")),
    ("an old tap", asked("solved"), said("是", menu_id="q8.yes"), CHAT, StaleTap(8, "yes")),
    ("a foreign tap", NOBODY, said("路灯坏了", menu_id="qX.yes"), LAMP, NewCase("路灯坏了")),
    ("not solved", asked("solved"), said("还是黑的"), CHAT,
     AnswerQuestion(OpenQuestion(9, "solved", 1), "no", "还是黑的")),
    ("it has held", LASTING, said("还亮着"), CHAT, AnswerQuestion(LATER, "yes", "还亮着")),
    ("it broke again", LASTING, said("又坏了，昨晚开始的"), LAMP,
     AnswerQuestion(LATER, "no", "昨晚开始的")),
    ("the same broke again", LASTING, said("路灯又不亮了"), LAMP,
     AnswerQuestion(LATER, "no", "路灯又不亮了")),
    ("another thing broke again", LASTING, said("暖气又不热了"), HEATING, NewCase("暖气又不热了")),
    ("thanks four weeks later", LASTING, said("谢谢"), THANKS, Small("thanks")),
    ("no heating is no answer", asked("solved"), said("没暖气"), HEATING, NewCase("没暖气")),
    ("the place", asked("place"), said("三号楼下"), CHAT,
     AnswerQuestion(OpenQuestion(9, "place", 1), "text", "三号楼下")),
    ("no place", asked("place"), said("不方便说"), CHAT,
     AnswerQuestion(OpenQuestion(9, "place", 1), "skip", "不方便说")),
    ("thanks for no place", asked("place"), said("谢谢"), THANKS, Small("thanks")),
    ("another matter", asked("place"), said("暖气不热"), HEATING, NewCase("暖气不热")),
    ("a bullied child is no place", asked("place"), said("孩子在学校被欺负"), MINORS,
     NewCase("孩子在学校被欺负")),
    ("a school is a place", asked("place"), said("在学校门口"), SCHOOL,
     AnswerQuestion(OpenQuestion(9, "place", 1), "text", "在学校门口")),
    ("a chase tells nothing restricted", asked("place"), said("还没结果，孩子又被欺负"),
     replace(MINORS, intent="followup"), NewCase("还没结果，孩子又被欺负")),
    ("a menu word", asked("place"), said("查进度"), reads("command"), Command("progress")),
    ("an unknown village", asked("find", None), said("乌兰不浪村"), CHAT,
     AnswerQuestion(OpenQuestion(9, "find", None), "place", "乌兰不浪村")),
    ("thanks for no station", asked("find", None), said("谢谢"), THANKS, Small("thanks")),
    ("a matter instead of a place", asked("find", None), said("路灯坏了"), LAMP,
     NewCase("路灯坏了")),
    ("praise says solved", asked("solved"), said("路灯修好了，点赞"), reads("praise", "road"),
     AnswerQuestion(OpenQuestion(9, "solved", 1), "yes", "路灯修好了，点赞")),
    ("praise of something else", asked("solved"), said("暖气热了，点赞"),
     reads("praise", "heating"), Small("praise")),
    ("where is it", asked("find", None), said("", kind="location"), CHAT,
     AnswerQuestion(OpenQuestion(9, "find", None), "place")),
    ("announced", asked("matter", None), said("太黑"), CHAT, NewCase("太黑", fresh=True)),
    ("announced photo", asked("matter", None), said("", kind="image"), CHAT,
     NewCase("", fresh=True)),
    ("a chase", asked("solved"), said("催一下"), reads("followup", word="催"), Chase(1, "催一下")),
    ("a chase of nothing", NOBODY, said("催一下"), reads("followup"), Command("progress")),
    ("a number", NOBODY, said("需261123-0007"), CHAT, ShowCase("261123-0007")),
    ("withdraw by number", NOBODY, said("撤回 261123-0007"), CHAT,
     Command("withdraw", "261123-0007")),
    ("a person", NOBODY, said("有没有活人"), reads("human", word="活人"), Command("human")),
    ("emoji", NOBODY, said("😀"), CHAT, Small("sticker")),
    ("nothing", NOBODY, said(""), CHAT, Small("empty")),
    ("Latin", NOBODY, said("asdf"), CHAT, Small("script")),
    ("a late photo", asked("solved"), said("", kind="image"), CHAT, Piece(1, "")),
    ("a first photo", NOBODY, said("", kind="image"), CHAT, NewCase("")),
    ("a member's photo", MEMBER, said("", kind="image"), CHAT, Small("photo")),
    ("a photo of who has nothing in hand", replace(MEMBER, codes=frozenset()),
     said("", kind="image"), CHAT, NewCase("")),
    ("a member's voice", MEMBER, said("", kind="voice"), CHAT, NewCase("")),
    ("a member's own case's photo", replace(MEMBER, settling=1), said("", kind="image"), CHAT,
     Piece(1, "")),
    ("photos wanted", MEMBER, said("图37"), CHAT, ItemAct("photo", 37, "")),
    ("a map", MEMBER, said("图37号楼的路灯坏了"), LAMP, NewCase("图37号楼的路灯坏了")),
    ("a wanted photo", PHOTOS_WANTED, said("", kind="image"), CHAT,
     AnswerQuestion(PHOTOS, "photo")),
    ("a voice for a photo", PHOTOS_WANTED, said("", kind="voice"), CHAT, Small("not_photo")),
    ("a word for a photo", PHOTOS_WANTED, said("谢谢"), THANKS, Small("thanks")),
    ("a lamp meanwhile", PHOTOS_WANTED, said("路灯坏了"), LAMP, NewCase("路灯坏了")),
    ("a photo after an act", ACTED, said("", kind="image"), CHAT, ItemPhoto(7)),
    ("a voice after an act", ACTED, said("", kind="voice"), CHAT, Piece(4, "")),
    ("a photo that comes late", LATE_PHOTOS, said("", kind="image"), CHAT, Small("photo")),
    ("following", NOBODY, said("", kind="subscribe"), CHAT, Small("welcome")),
    ("a scan", NOBODY, said("", kind="scan", event_key="st_S1"), CHAT, Command("scanned")),
    ("a click", NOBODY, said("", kind="click", event_key="K_MINE"), CHAT, Command("progress")),
    ("an old menu", NOBODY, said("", kind="click", event_key="?"), CHAT, Command("help")),
    ("still dark", REOPENED, said("还是黑的"), CHAT, Piece(1, "还是黑的")),
    ("the lamp, once more", REOPENED, said("路灯还不亮"), LAMP, Piece(1, "路灯还不亮")),
    ("a demand without a topic", REOPENED, said("怎么没人来"), reads(), Piece(1, "怎么没人来")),
    ("a photo of the dark", REOPENED, said("", kind="image"), CHAT, Piece(1, "")),
    ("the heating is another matter", REOPENED, said("暖气不热"), HEATING, NewCase("暖气不热")),
    ("a lamp elsewhere", REOPENED, said("金河镇路灯也坏了"), ELSEWHERE,
     NewCase("金河镇路灯也坏了")),
    ("a bullied child is no piece", REOPENED, said("孩子被欺负"), MINORS, NewCase("孩子被欺负")),
    ("danger is no piece", REOPENED, said("着火了"), ALARM, NewCase("着火了")),
    ("thanks is no piece", REOPENED, said("谢谢"), THANKS, Small("thanks")),
    ("dots are no piece", REOPENED, said("。。。"), CHAT, Small("unclear")),
    ("a command is no piece", REOPENED, said("查进度"), reads("command"), Command("progress")),
    ("something else is asked", replace(REOPENED, question=OpenQuestion(9, "find", None)),
     said("还是黑的"), CHAT, Small("unclear")),
    ("leaving", NOBODY, said("", kind="unsubscribe"), CHAT, Ignore()),
]  # fmt: skip


@pytest.mark.parametrize(("state", "inbound", "reading", "move"), [t[1:] for t in TURNS],
                         ids=[t[0] for t in TURNS])  # fmt: skip
def test_turn(state: DialogState, inbound: Inbound, reading: Reading, move: Move) -> None:
    """Each line of the table is one turn."""
    assert step(state, inbound, reading) == move


HOURS = timedelta(hours=1)


def spoken(hours: float, state: str = "dispatched") -> OwnCase:
    """A case of last week that was spoken of so many hours ago."""
    week = MONDAY_MORNING - 168 * HOURS
    at = MONDAY_MORNING - hours * HOURS
    return OwnCase(1, "261116-0001", state, "road", created_at=week, spoken_at=at)


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ((), None),
        ((spoken(1),), 1),
        ((spoken(73),), None),  # long ago
        ((spoken(1, "answered"),), None),  # 解决了吗 is asked
        ((replace(spoken(2), id=2), spoken(1)), 1),  # the last one
        ((replace(spoken(1), id=2, created_at=MONDAY_MORNING, spoken_at=None), spoken(1)), None),
    ],
)
def test_which_case_was_spoken_of_last(own: tuple[OwnCase, ...], found: int | None) -> None:
    """The latest, for three days, until a newer matter comes."""
    case = spoken_of_among(own, MONDAY_MORNING)
    assert (case.id if case else None) == found


@pytest.mark.parametrize(
    ("kind", "move", "over"),
    [
        ("withdraw", Command("progress"), True),  # a later 是 must not withdraw
        ("withdraw", AnswerQuestion(OpenQuestion(9, "withdraw", 1), "yes"), False),
        ("matter", Small("thanks"), False),  # we still wait to hear it
        ("matter", NewCase("太黑", True), True),
        ("photo", AnswerQuestion(OpenQuestion(9, "photo", 1), "photo"), False),  # more may follow
        ("photo", Small("thanks"), False),
        ("photo", ItemAct("answer", 37, "亮了"), False),  # more may follow what was done with it
        ("place", Command("progress"), False),  # the case can still be improved
        ("solved", NewCase("路灯"), False),
    ],
)
def test_fleeting_question_is_over_when_passed_over(
    kind: QuestionKind, move: Move, over: bool
) -> None:
    """Some questions end as soon as the person speaks of something else."""
    assert passes_over(OpenQuestion(9, kind, 1), move) is over


IDS = st.one_of(st.none(), st.integers(1, 5))
QUESTIONS = st.builds(OpenQuestion, st.integers(1, 9), st.sampled_from(list(QUESTION_RANK)), IDS)
CASES = st.builds(
    OwnCase, st.integers(1, 5), st.just("261123-0001"),
    st.sampled_from(["new", "answered"]), st.sampled_from([None, "road", "heating"]),
)  # fmt: skip
STATES = st.builds(
    DialogState, st.one_of(st.none(), QUESTIONS), IDS, st.lists(CASES, max_size=3).map(tuple),
    IDS, IDS, st.frozensets(st.integers(10, 99), max_size=2), st.booleans(),
    st.one_of(st.none(), CASES),
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [*(turn[2].text for turn in TURNS), "1", "好", "同意", "我的", "接99999999", "q9.yes"]
    ),
)
KINDS = st.sampled_from([*sorted(MESSAGE_KINDS), "subscribe", "scan", "click", "unknown", "view"])
INBOUNDS = st.builds(
    lambda kind, text, menu, key: said(text, kind=kind, menu_id=menu, event_key=key),
    KINDS, TEXTS, st.one_of(st.just(""), st.text(max_size=8), st.just("q9.yes")),
    st.text(max_size=8),
)  # fmt: skip
READINGS = st.builds(
    lambda intent, category, place, word, alarm: replace(
        reads(intent, category, place=place, word=word), urgency="emergency" if alarm else "normal"
    ),
    st.sampled_from(get_args(Intent)), st.sampled_from([None, "road", "heating"]),
    st.booleans(), st.sampled_from(["", "谢谢"]), st.booleans(),
)  # fmt: skip


@given(STATES, INBOUNDS, READINGS)
def test_every_turn_has_a_move(state: DialogState, inbound: Inbound, reading: Reading) -> None:
    """Any state, any kind, any text: one of the moves, never an error; a message of a person is
    never ignored, and an emergency never passed over."""
    move = step(state, inbound, reading)
    assert isinstance(move, Move)
    if inbound.is_message:
        assert not isinstance(move, Ignore)
    if reading.urgency == "emergency" and inbound.kind == "text":
        assert isinstance(move, NewCase | Piece | ItemAct | Bind | Command)
