"""What the understander makes of a text as a whole, and that no text can break it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.understanding import Reading
from bot.nlp.understander import SCORED
from tests.understanding_rig import shared_understander

ODD = (
    "",
    " ",
    "\x00\x07\x1b",
    "\u200b\u202e\ufeff",
    "\ud800",
    "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ",
    "😀👨‍👩‍👧‍👦🔥",
    "]]><xml>",
    "{{7*7}} ' OR 1=1 --",
    "路灯" * 10_000,
    " " * 20_000,
    "@a." * 6_000,
    "1-" * 9_000,
    "微信 " * 6_000,
    "去年" * 9_000,
)


def read(text: str) -> Reading:
    return shared_understander().read(text)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_no_text_breaks_it(text: str) -> None:
    """Empty, huge, invisible, foreign and hostile texts get a reading like any other."""
    reading = read(text)
    assert reading.text == text
    assert not (reading.confident and not reading.categories)


LETTERS = st.one_of(
    st.text(), st.text("路灯不亮着火了138 0123456789，。@.a\u200b臺灣ＡＢ１号楼单元室")
)


@given(LETTERS)
def test_offsets_lie_inside_the_text(text: str) -> None:
    """Spans of personal data and parts are in order, inside the text, and never overlap."""
    reading = read(text)
    for spans in (reading.pii, reading.parts):
        at = 0
        for span in spans:
            assert at <= span.start < span.end <= len(text)
            at = span.end
    assert sum(one.p for one in reading.categories) <= 1.0001


@given(LETTERS)
def test_the_same_text_reads_the_same(text: str) -> None:
    """Reading is a function of the text alone."""
    assert read(text) == read(text)


@given(
    st.text(max_size=20),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", " ", "-", "\u200b"]),
    st.text(max_size=20),
)
def test_no_phone_number_stays_in_the_masked_text(
    before: str, phone: str, gap: str, after: str
) -> None:
    """However a mobile number is written and whatever stands around it, its middle is covered."""
    if any(map(_is_number, before[-12:] + after[:12])):
        return
    written = gap.join((phone[:3], phone[3:7], phone[7:]))
    assert written not in read(f"{before} {written} {after}").masked


def _is_number(char: str) -> bool:
    return unicodedata.category(char).startswith("N") or char in "+-.·"


def test_only_the_beginning_of_a_long_text_is_scored_but_all_of_it_is_masked() -> None:
    """A matter after 3,000 characters doesn't count; a phone number there is covered too."""
    reading = read("好" * SCORED + "路灯不亮，电话13812345678")
    assert reading.categories == ()
    assert "12345678" not in reading.masked


def test_traditional_characters_and_hidden_ones_read_alike() -> None:
    """Whoever types in Traditional characters or pastes invisible ones means the same."""
    plain = read("昭乌达路的路灯不亮")
    for text in ("昭烏達路的路燈不亮", "昭乌达\u200b路的路\u200d灯不亮"):
        assert read(text).categories == plain.categories
        assert [place.unit for place in read(text).places] == ["昭乌达路街道"]


def test_two_matters_are_two_parts_that_cover_the_text() -> None:
    """ "另外" begins a second matter; each part has its own category."""
    text = "路灯坏了。另外我妈的医保报销一直下不来"
    parts = read(text).parts
    assert [part.code for part in parts] == ["road", "insurance"]
    assert (parts[0].start, parts[-1].end) == (0, len(text))


APART = [
    "屋里穿两件毛衣还打哆嗦，还有就是楼下公交站台让雪埋了",
    "土豆堆得山一样没人收，路让雨冲得车也上不来",
    "老板压着我四个月工钱，我才知道社保也没给我上",
]


@pytest.mark.parametrize("text", APART)
def test_two_matters_are_heard_without_the_words_that_name_them(text: str) -> None:
    """Clauses of which the examples say that they are about different things."""
    parts = read(text).parts
    assert len({part.code for part in parts}) == 2
    assert (parts[0].start, parts[-1].end) == (0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "路灯坏了。巷子里没有路灯，黑灯瞎火。",
        "楼上漏水泡了我家天花板，物业说管不了，也不给维修资金",
        "风把高压线刮断了，搭在我们羊圈上，羊死了三只，铁门也带电",
    ],
)
def test_one_matter_is_one_part(text: str) -> None:
    """Sentences about the same matter are not cut up, nor is an emergency."""
    assert len(read(text).parts) == 1


CASES_OF_HANDLING = [
    # the category's own
    ("路灯不亮", "normal", True),
    ("举报村干部贪污受贿", "named_staff", True),
    ("孩子在学校被校园欺凌", "named_staff", True),  # a risk cue is in the very word
    ("清真寺的门要修一修", "named_members", True),
    # for named members, but with a risk
    ("清真寺旁边有人闹事打架", "named_staff", False),
    # a lead about corruption beside an everyday matter is not passed on
    ("社区书记收好处费，我们小区电梯也坏了", "named_staff", False),
]


@pytest.mark.parametrize(("text", "handling", "confident"), CASES_OF_HANDLING)
def test_who_may_see_it(text: str, handling: str, confident: bool) -> None:
    """The strictest category within reach decides who may see a text."""
    reading = read(text)
    assert (reading.handling, reading.confident) == (handling, confident)


UNSURE = [
    "城关镇",  # a place, no matter
    "路灯",  # a word is no message
    "ᠮᠣᠩᠭᠣᠯ",  # another script
    "地铁站的电梯坏了，公交也停了，物业不管",  # near tie
    "那个事情到底怎么样才行啊",  # no word counts
    "坐车晚点",  # weak words only
]


@pytest.mark.parametrize("text", UNSURE)
def test_a_person_looks_when_it_is_unclear(text: str) -> None:
    """Too little, too weak or too near: the reading says so."""
    assert not read(text).confident


def test_evidence_names_the_words() -> None:
    """Each word that counted is there, with its category and weight: those of the lexicon first,
    the weightiest first, then pieces that speak for the best by example."""
    evidence = [one for one in read("路灯不亮，道路也坏了").evidence if one.code == "road"]
    assert [one.word for one in evidence][:2] == ["路灯不亮", "道路"]
    assert evidence[0].weight > evidence[1].weight > 0


def test_an_understander_says_what_it_knows() -> None:
    """Categories, emergencies and the version of the data are there to ask."""
    one = shared_understander()
    assert len(one.categories) == 25
    assert one.categories["minors"].sector_units[0] == "妇联"
    assert one.emergencies["fire"].phones[0] == "119"
    assert one.version[:4].isdigit()


@pytest.mark.parametrize(
    ("text", "word", "code"),
    [
        ("俺妈晕过去了", "晕过去了", "medical"),
        ("我吃了一整瓶安眠药,现在有点晕了", "安眠药", "suicide"),
    ],
)
def test_an_emergency_by_example_names_its_words(text: str, word: str, code: str) -> None:
    """Whole words of the text, which the office sees marked on the case."""
    told = {(one.word, one.code) for one in read(text).evidence if one.whole}
    assert (word, code) in told
