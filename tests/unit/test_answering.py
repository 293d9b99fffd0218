"""Questions and the list of common questions: sure or silent."""

import json
import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.common_questions import Asks, Entry, faults
from bot.domain.understanding import PlaceHit
from bot.nlp.answering import AnswerFinder
from bot.nlp.asking import LONGEST, asked
from bot.services.demo_questions import FILE
from bot.settings import ROOT
from tests.understanding_rig import shared_understander

DATA: dict[str, Any] = json.loads(
    (ROOT / "tests" / "data" / "common_questions.json").read_text(encoding="utf-8")
)


def entry(**given: Any) -> Entry:
    """An entry with an answer that stands for any."""
    plain = {"answer": "答案", "source": "测试用的例子", "district": None, "street": None}
    known = plain | {"category": None} | given | {"wordings": tuple(given.get("wordings", ()))}
    return Entry(valid_until=date(2027, 1, 1), **known)


FINDER = AnswerFinder(entry(**each) for each in DATA["entries"])


def found(words: str, finder: AnswerFinder = FINDER) -> Asks:
    """What the list has for these words."""
    return finder.find(shared_understander().read(words))


def code(words: str) -> str:
    """Code of the entry that answers; empty: none."""
    match = found(words).match
    return match.entry.code if match else ""


def test_most_wordings_find_their_answer_and_none_another() -> None:
    """Of the ways in which people ask at least 70 % find the entry, and none finds a wrong one."""
    answered = {words: code(words) for words, _ in DATA["asked"]}
    assert {w for w, c in DATA["asked"] if answered[w] not in ("", c)} == set()
    right = sum(answered[words] == wanted for words, wanted in DATA["asked"])
    assert len(DATA["asked"]) >= 60
    assert right >= 0.7 * len(DATA["asked"]), right


def test_no_near_miss_is_answered() -> None:
    """Another thing, another question about the same, a complaint, a mix: a person answers."""
    assert len(DATA["near"]) >= 120
    assert {words: code(words) for words in DATA["near"] if code(words)} == {}


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("路灯坏了三天了", False),  # something is wrong
        ("暖气不热咋办", False),  # asked, but a demand
        ("谢谢你们", False),
        ("护照怎么办", True),  # asks, and the list has nothing
        ("护照怎么办" + "，谢谢" * LONGEST, False),  # a story
        ("怎么办", False),  # about nothing
        ("𠀀" * 20_000 + "怎么" * 20_000, False),  # whatever it is, it is no work
        ("取暖费怎么交，电话13812345678", False),  # wants to be called
    ],
)
def test_what_only_asks(words: str, asks: bool) -> None:
    """A question and nothing else."""
    assert found(words) == Asks(asks)


def test_a_place_is_kept_apart() -> None:
    """What holds in one street answers nobody of another; a scanned poster says where one is."""
    here = entry(code="here", question="社区食堂几点开门", street="昭乌达路街道", district="赛罕区")
    finder = AnswerFinder([here])
    reading = shared_understander().read("社区食堂几点开门")
    assert finder.find(reading).match is None
    poster = PlaceHit("站", "昭乌达路街道", "赛罕区", sure=True)
    assert finder.find(reading, poster).match is not None
    assert finder.find(reading, replace(poster, unit="人民路街道")).match is None
    assert found("昭乌达路街道社区食堂几点开门", finder).match is not None


def test_two_that_are_alike_answer_nobody() -> None:
    """Without a lead over the next entry nothing is sure; of danger or guarded matters nothing is
    answered."""
    one = entry(code="one", question="图书馆几点开门")
    two = entry(code="two", question="图书馆几点开门", wordings=("图书馆几点关门",))
    assert found("图书馆几点开门", AnswerFinder([one, two])).match is None
    reading = shared_understander().read("图书馆几点开门")
    finder = AnswerFinder([one])
    assert finder.find(reading).match is not None
    for changed in (
        replace(reading, urgency="emergency"),
        replace(reading, handling="named_staff"),
        replace(reading, want_human=True),
    ):
        assert finder.find(changed) == Asks(False)


def test_it_costs_next_to_nothing() -> None:
    """Three hundred entries and a message that is a question: a tenth of a millisecond here, two
    tenths allowed; a demand is put aside in a hundredth."""
    many = [
        entry(code=f"{n}{each['code']}", question=f"{each['question']}{n}", wordings=())
        for n in range(14)
        for each in DATA["entries"]
    ]
    finder = AnswerFinder([*many, *(entry(**each) for each in DATA["entries"])])
    readings = [shared_understander().read(words) for words, _ in DATA["asked"][::7]]
    best = min(_milliseconds(finder, readings) for _ in range(5))
    assert best < 0.5  # a busy machine; the bench says more
    assert asked("路灯坏了") is None


def _milliseconds(finder: AnswerFinder, readings: list[Any]) -> float:
    start = time.perf_counter()
    for reading in readings:
        finder.find(reading)
    return (time.perf_counter() - start) * 1000 / len(readings)


def test_the_examples_of_the_demo_are_sound() -> None:
    """Each can be kept, says that it is an example, and is found by whatever it lists and by
    nothing of the others."""
    given = json.loads(FILE.read_text(encoding="utf-8"))["questions"]
    entries = [entry(**each, code=str(n)) for n, each in enumerate(given)]
    assert [fault for each in entries for fault in faults(each, date(2026, 11, 26))] == []
    assert all(each.source.startswith("示例") for each in entries)
    finder = AnswerFinder(entries)
    said = [(each, words) for each in entries for words in (each.question, *each.wordings)]
    matches = [(each.code, words, found(words, finder).match) for each, words in said]
    assert [(c, w) for c, w, match in matches if match and match.entry.code != c] == []
    assert [(c, w) for c, w, match in matches if match is None] == []
