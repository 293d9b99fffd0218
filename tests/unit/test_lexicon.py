"""Words of the office over the product's own: what they may do to a reading, and what never."""

import pytest

from bot.domain.lexicon import ENDED, Word, fault
from bot.domain.understanding import CategoryInfo, Reading
from tests.understanding_rig import shared_understander

CATEGORIES = {
    "road": CategoryInfo("road", "道路", 5, "normal", ()),
    "minors": CategoryInfo("minors", "未成年人", 3, "named_members", ()),
    "discipline": CategoryInfo("discipline", "线索", 3, "named_staff", ()),
}
WORDS = {
    "路灯": (("road", 5.0),),
    "霸凌": (("minors", 5.0),),
    "红包": (("discipline", 5.0),),
    "红包雨": (("road", 1.0),),
}

FAULTS = (
    (Word("灯杆", "road", 4), None),
    (Word("路灯", "road", ENDED), None),
    (Word("路灯", "road", 10), None),
    (Word("灯", "road", 4), "master.word_form"),
    (Word("灯" * 21, "road", 4), "master.word_form"),
    (Word("灯 杆", "road", 4), "master.word_form"),
    (Word("灯，杆", "road", 4), "master.word_form"),
    (Word("灯杆", "lamps", 4), "console.no_choice"),
    (Word("灯杆", "road", 11), "master.word_weight"),
    (Word("灯杆", "road", -1), "master.word_weight"),
    (Word("灯杆", "road", ENDED), "master.word_unknown"),
    # Words for named people: never ended, lighter or elsewhere; heavier they may be.
    (Word("红包", "discipline", ENDED), "master.word_guarded"),
    (Word("红包", "discipline", 4), "master.word_guarded"),
    (Word("红包", "road", 10), "master.word_guarded"),
    (Word("红包", "discipline", 6), None),
    (Word("霸凌", "minors", ENDED), "master.word_guarded"),
    # A longer word would hide them, unless it counts for the same people and at least as much.
    (Word("书记收红包", "road", 10), "master.word_hides"),
    (Word("书记收红包", "discipline", 4), "master.word_hides"),
    (Word("书记收红包", "discipline", 5), None),
    (Word("红包霸凌", "minors", 10), "master.word_hides"),
    # What the product itself has over them may still be weighed anew, or ended.
    (Word("红包雨", "road", 3), None),
    (Word("红包雨", "road", ENDED), None),
)  # fmt: skip


@pytest.mark.parametrize(("word", "key"), FAULTS)
def test_what_the_office_may_write(word: Word, key: str | None) -> None:
    """Two to twenty letters, a known category, a weight from 1 to 10, and nothing that would show
    to others what is for named people."""
    found = fault(word, WORDS, CATEGORIES)
    assert (found.key if found else None) == key


def read(text: str, *words: Word) -> Reading:
    """The text with these words of the office, unchecked."""
    office = {each.word: each.weighed for each in words}
    return shared_understander().with_words(office).read(text)


def test_a_word_of_the_heaviest_weight_settles_the_category() -> None:
    """Also against what the examples say; a lighter one does not, nor do two that contradict each
    other, and what is for named people stays theirs."""
    text = "小区里的充电桩老是坏，物业也不修"
    heaviest, lighter = Word("充电桩", "utilities", 10), Word("充电桩", "utilities", 4)
    assert read(text, lighter).category == shared_understander().read(text).category != "utilities"
    settled = read(text, heaviest)
    assert (settled.category, settled.confident) == ("utilities", True)
    assert sum(each.p for each in settled.categories) <= 1
    both = (heaviest, Word("物业", "heating", 10))
    assert read(text, *both).categories[0].p < settled.categories[0].p
    guarded = read(f"局长收了红包，{text}", heaviest)
    assert (guarded.handling, guarded.category) == ("named_staff", "discipline")


def test_a_word_of_the_office_counts_at_once_and_an_ended_one_no_more() -> None:
    """Another category, with the word as its evidence; what lies within an ended word counts by
    itself; texts without any of the words are read as before, to the letter."""
    own = shared_understander()
    text = "我们这边的智慧灯柱三天没动静了"
    assert own.read(text).category != "road"
    reading = read(text, Word("智慧灯柱", "road", 10))
    assert reading.category == "road"
    assert any(each.word == "智慧灯柱" for each in reading.evidence)
    assert read("學校門口的智慧燈柱壞了", Word("智慧灯柱", "road", 10)).category == "road"
    assert read(text, Word("智慧灯柱", "road", 10)).confident
    ended = read("公交车站", Word("公交车站", "transit", ENDED))
    assert {each.word for each in ended.evidence} >= {"公交车"}
    other = "昭乌达路街道的路灯坏了三天了，电话13800138000"
    assert read(other, Word("智慧灯柱", "road", 10)) == own.read(other)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        # hidden by a longer word, by one that overlaps, by one that is ended
        ("窗口要好处才给盖章，不给就拖着", Word("窗口要好处才给盖章", "service", 10)),
        ("窗口要好处才给盖章，不给就拖着", Word("窗口要好", "service", 10)),
        ("窗口要好处才给盖章，不给就拖着", Word("要好处", "discipline", ENDED)),
        ("我儿子在学校被同学围着打，校园欺凌没人管", Word("校园欺凌没人管", "education", 10)),
    ],
)
def test_no_word_makes_a_guarded_case_public(text: str, word: Word) -> None:
    """Whatever got past the checks: what the product keeps for named people stays theirs."""
    own = shared_understander().read(text)
    assert own.handling != "normal"
    assert read(text, word).handling == own.handling


def test_no_word_lowers_an_emergency_or_loses_a_demand() -> None:
    """How urgent it is hangs on other words; who wants something still does when the only word of
    the matter is ended."""
    fire = read("我家着火了，快来人", Word("我家着火", "service", 10), Word("着火", "road", ENDED))
    assert (fire.urgency, fire.emergency, fire.intent) == ("emergency", "fire", "demand")
    lamp = read("路灯坏了", Word("路灯", "road", ENDED))
    assert lamp.intent == shared_understander().read("路灯坏了").intent == "demand"


def test_each_set_of_words_has_a_version_of_its_own() -> None:
    """So that a case says which one read it; no words at all are the product's own."""
    own = shared_understander()
    one = own.with_words({"灯杆": (("road", 4.0),)})
    two = one.with_words({"灯杆": (("road", 5.0),)})
    assert len({own.version, one.version, two.version}) == 3
    assert two.with_words({}) is own
    assert one.words == own.words
