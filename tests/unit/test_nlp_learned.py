"""What examples add to the lexicon: it adds up, it can be told, and rules still win."""

import json
import shutil
from pathlib import Path
from typing import Any

from bot.nlp import data, linear, model_files
from bot.nlp.features import HintFinder, pieces
from bot.nlp.learned import Known, Opinion, opinion
from tests.understanding_rig import shared_understander

RAW = {
    "version": "2026.11.26",
    "heads": {
        "category": {
            "scale": 2, "sure": 0.8, "bias": {"heating": 0, "road": 0, "none": 0},
        },
        "emergency": {
            "scale": 2, "sure": 0.5, "bias": {"fire": -100, "gas": -100, "mass": -100, "calm": 100},
        },
        "intent": {"scale": 1, "sure": 1, "bias": {"demand": 100, "chat": 0}},
    },
    "lexicon": {"road": {"road": 2000}}, "hints": {"heating": {"heating": 2000}}, "cues": {},
    "rules": {},
    "pieces": {"羽绒": [100, {"heating": 300}], "冒火": [100, {"fire": 400, "calm": -400}],
               "嗞嗞": [100, {"fire": 300, "gas": 300, "mass": 300, "calm": -400}]},
}  # fmt: skip
SMALL = linear.model(RAW)
NOTHING = Known(
    "", {}, HintFinder({}).find(""), HintFinder({}).find(""), "demand", None, alarmed=False
)


def known(topic: str, **more: Any) -> Known:
    """A folded text of which nothing else is known."""
    return NOTHING._replace(topic=topic, **more)


def said(topic: str, lexicon: dict[str, float] | None = None) -> Opinion:
    """What the small model says of a folded text."""
    return opinion(SMALL, known(topic, lexicon=lexicon or {}))


def test_pieces_reach_over_no_gap() -> None:
    """Neither punctuation nor a covered place joins characters; digits count as one."""
    assert set(pieces("冷，在□14度")) == {"冷", "在", "0", "度", "0度"}


def test_a_matter_without_any_word_of_the_lexicon_is_read() -> None:
    """下班回来屋里穿羽绒服 names no heating; the piece that told it is named."""
    found = said("回来屋里还穿羽绒服")
    assert (found.categories[0].code, found.sure, found.alarm) == ("heating", True, None)
    assert [(one.word, one.code, one.weight) for one in found.evidence] == [
        ("羽绒", "heating", 6.0)
    ]


def test_a_word_of_the_lexicon_counts_beside_the_examples() -> None:
    """What staff adds shifts the balance without learning anew."""
    alone, beside = said("回来屋里还穿羽绒服"), said("回来屋里还穿羽绒服", {"road": 15.0})
    assert (alone.categories[0].code, beside.categories[0].code) == ("heating", "road")


def test_hints_count_once_for_overlapping_words_and_are_told() -> None:
    """屋里穿羽绒服 is one hint, not two; the reader is shown the word."""
    finder = HintFinder({"羽绒服": (("heating", 2.0),), "穿羽绒服": (("heating", 3.0),)})
    hinted = finder.find("回来屋里还穿羽绒服")
    assert hinted.strength == {"heating": 3.0}
    found = opinion(SMALL, known("回来屋里还穿羽绒服", hinted=hinted))
    assert [one.word for one in found.evidence] == ["穿羽绒服"]


def test_examples_raise_an_emergency_but_not_in_a_letter() -> None:
    """Who is in danger writes short."""
    alarm = said("灶台那边一直在冒火").alarm
    assert alarm is not None
    assert (alarm.code, alarm.evidence[0].word) == ("fire", "冒火")
    assert said("灶台那边一直在冒火" * 20).alarm is None


def test_danger_of_an_unclear_kind_is_raised_without_words() -> None:
    """Whoever reads the alarm is told that nobody knows which danger it is."""
    alarm = said("灶台那边一直嗞嗞响").alarm
    assert alarm is not None
    assert alarm.evidence == ()


def test_a_cry_of_a_few_characters_is_heard() -> None:
    """Five letters suffice, when the examples are surer, three when they are certain; two are too
    few."""
    heard = [said(words).alarm is not None for words in ("后院冒火了", "冒火了", "冒火")]
    assert heard == [True, True, False]


def test_nothing_known_says_nothing() -> None:
    """A text without a known piece has no category, nor have a few characters."""
    for text in ("zzzz zzzz zzzz", "还穿羽绒", "冒火"):
        assert (said(text).categories, said(text).alarm) == ((), None)


def test_a_model_of_other_categories_is_refused(tmp_path: Path) -> None:
    """The start says what to do instead of reading with it."""
    shutil.copytree(data.DATA_DIR, tmp_path, dirs_exist_ok=True)
    (tmp_path / data.MODEL).write_text(json.dumps(RAW), "utf-8")
    assert ["other categories" in each for each in data.problems(tmp_path)] == [True]
    (tmp_path / data.MODEL).write_text('{"version": "", "heads": []}', "utf-8")
    assert ["is broken" in each for each in data.problems(tmp_path)] == [True]


def test_a_model_is_taken_and_put_back(tmp_path: Path) -> None:
    """The product's own is in use until the office takes one; one step back, and another."""
    assert model_files.in_use(tmp_path) == model_files.PRODUCT
    for version in ("1", "2"):
        model_files.write(model_files.candidate(tmp_path), RAW | {"version": version})
        model_files.take(tmp_path)
    assert json.loads(model_files.in_use(tmp_path).read_text("utf-8"))["version"] == "2"
    assert model_files.back(tmp_path)
    assert json.loads(model_files.in_use(tmp_path).read_text("utf-8"))["version"] == "1"
    assert model_files.back(tmp_path)
    assert model_files.in_use(tmp_path) == model_files.PRODUCT
    assert not model_files.back(tmp_path)


def test_restricted_matters_need_more_than_examples() -> None:
    """However sure the examples are, a person looks at what only few may see."""
    read = shared_understander().read("娃娃身上青一块紫一块 问他谁弄的他光哭")
    assert (read.handling == "normal") or not read.confident
