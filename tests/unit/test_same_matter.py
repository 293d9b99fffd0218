"""Whether two texts speak of the same matter: the score, its reasons, and how it is learned."""

import csv
import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import pytest

from bot.domain.same_matter import Likeness, Reason, Why
from bot.nlp import pair_fit, pair_measure, rarity, same_matter
from bot.nlp.data import DATA_DIR
from bot.nlp.matters import Matter, features
from tests.understanding_rig import shared_understander

DATA = Path(__file__).parent.parent / "data"
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def matter(text: str, day: int = 0) -> Matter:
    """A text as it is compared, said so many days after AT."""
    reading = shared_understander().read(text)
    return same_matter.of_reading(reading, AT + timedelta(days=day), rarity.load())


def likeness(one: str, other: str, days: int = 0) -> Likeness:
    """How alike two texts are, so many days apart."""
    return same_matter.load().score(matter(one), matter(other, days))


@lru_cache(maxsize=1)
def short() -> tuple[tuple[Likeness, bool], ...]:
    """Short messages that were written for this and that no weight was learned from: every pair of
    one place or one topic, and whether it is one matter."""
    lines = (DATA / "same_short.jsonl").read_text(encoding="utf-8").splitlines()
    said = [(row, matter(row["text"], row["day"])) for row in map(json.loads, lines)]
    scorer, found = same_matter.load(), []
    for (one, this), (other, that) in combinations(said, 2):
        place, topic = one["place"] == other["place"], one["topic"] == other["topic"]
        if place or topic:
            found.append((scorer.score(this, that), bool(place and topic and one["place"])))
    return tuple(found)


def share(taken: Sequence[bool]) -> pair_measure.Share:
    """Of the short pairs."""
    return pair_measure.share(taken, [same for _, same in short()])


def test_the_office_is_shown_most_of_what_is_the_same() -> None:
    """A suggestion costs a glance: three of four are found, and more than half are right, among
    pairs that are all of one place or one topic."""
    found = share([each.same for each, _ in short()])
    assert found.recall >= 0.75
    assert found.precision >= 0.55


def test_a_resident_is_told_only_what_is_sure() -> None:
    """Nobody is told that neighbours said the same when they said something else."""
    found = share([each.sure for each, _ in short()])
    assert found.precision == 1
    assert found.recall >= 0.35


@pytest.mark.slow
def test_pairs_that_are_hard_on_purpose() -> None:
    """Written by somebody who had not seen the code: two voices on one thing, against another
    trouble at one place, one trouble at other places, and two things of one kind side by side."""
    lines = (DATA / "same_short_pairs.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [json.loads(line) for line in lines]
    taken = [likeness(pair["a"], pair["b"]).same for pair in pairs]
    found = pair_measure.share(taken, [pair["same"] for pair in pairs])
    assert found.recall >= 0.55
    assert found.precision >= 0.75


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # other words for one thing at one place
        ("南茶坊小学门口放学堵成一锅粥", "每天接孩子南茶坊小学门口那条路堵死了", True),
        # one place, another thing
        ("蒙古场巷晚上一盏灯都不亮", "蒙古场巷垃圾堆成山了，三天没清运", False),
        # the same thing at another place
        ("满都海公园广场舞音响太大", "住青城公园对面，跳舞的吵到十点", False),
        # another line: nearly the same words
        ("124路早高峰挤不上去，能不能加车", "36路车厢里太脏了，座位上都是泥", False),
        # nobody says where
        ("谢谢", "你好", False),
    ],
)
def test_what_is_the_same(one: str, other: str, same: bool) -> None:
    """The same thing and the same grievance."""
    assert likeness(one, other).same is same


def test_it_matters_not_who_spoke_first() -> None:
    """The score is of the pair."""
    one, other = matter("昭乌达路农大西门路灯不亮"), matter("农大西门外昭乌达路灯全灭了", 3)
    assert features(one, other) == pytest.approx(features(other, one))


def test_time_apart_lowers_it() -> None:
    """What was said a year ago is less likely the same."""
    words = "鼓楼花园三号楼电梯坏了", "鼓楼花园3号楼电梯又停了"
    assert likeness(*words).score > likeness(*words, days=30).score > likeness(*words, 365).score


def test_another_number_counts_against() -> None:
    """Two bus lines are two matters, though everything else is the same."""
    same, other = (likeness("124路公交车太挤", f"{line}路公交车太挤") for line in (124, 36))
    assert Reason(Why.OTHER_NUMBER) in other.reasons
    assert other.score < same.score


def test_reasons_can_be_read() -> None:
    """Words of both, the category, the time."""
    found = likeness("蒙古场巷路灯不亮，老人摔了", "蒙古场巷里路灯不亮好久了", 4)
    assert found.reasons == (
        Reason(Why.WORDS, "蒙古场巷、路灯不亮"),
        Reason(Why.CATEGORY, "road"),
        Reason(Why.DAYS, "4"),
    )


@pytest.mark.parametrize(
    "text", ["", " \n", "1", "🏮🏮", "，。！", "路", "\ud800", "路灯" * 10_000]
)
def test_every_text_can_be_compared(text: str) -> None:
    """With itself, with nothing, with another one; and at once."""
    one, other = matter(text), matter("昭乌达路路灯不亮")
    for pair in ((one, one), (one, other), (other, one)):
        assert 0 <= same_matter.load().score(*pair).score <= 1


def test_the_files_are_as_the_tool_writes_them() -> None:
    """Whoever learns anew sees in the diff what has changed."""
    counts, weights = rarity.written(rarity.load()), same_matter.written(same_matter.load().weights)
    assert (DATA_DIR / rarity.FILE).read_text(encoding="utf-8") == counts
    assert (DATA_DIR / same_matter.FILE).read_text(encoding="utf-8") == weights


def test_weights_of_other_features_are_refused(tmp_path: Path) -> None:
    """A file of another version of the code would score by the wrong weights."""
    raw = json.loads((DATA_DIR / same_matter.FILE).read_text(encoding="utf-8"))
    raw["weights"].pop("days")
    (tmp_path / same_matter.FILE).write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(same_matter.Broken, match="other features"):
        same_matter.load.__wrapped__(tmp_path)


def test_labelled_pairs_are_ids_alone() -> None:
    """300 look-alikes and 150 that are the same at least, each pair once, no word of a letter."""
    with (DATA / "same_matter.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert all(set(row) == {"id_a", "id_b", "same"} for row in rows)
    assert all("".join(row.values()).isdecimal() for row in rows)
    assert len({frozenset((row["id_a"], row["id_b"])) for row in rows}) == len(rows)
    same = sum(row["same"] == "1" for row in rows)
    assert same >= 150
    assert len(rows) - same >= 300


def test_learning_finds_what_tells_them_apart() -> None:
    """The first feature decides, the second says nothing, the third is always the same."""
    rows = [(x / 10, float(x % 2), 1.0) for x in range(20)]
    weights, constant = pair_fit.fit(rows, [x >= 10 for x in range(20)])
    assert weights[0] > 3 * abs(weights[1])
    assert weights[2] == pytest.approx(0)
    assert pair_fit.score((0.0, 0, 1), weights, constant) < 0.05
    assert pair_fit.score((2.0, 0, 1), weights, constant) > 0.95
    assert math.isfinite(pair_fit.score((1e9, 0, 1), weights, constant))


def test_a_matter_is_never_learned_from_and_measured_on() -> None:
    """Pairs that share a text, also by others, are one group."""
    pairs = [("a", "b"), ("c", "d"), ("b", "e"), ("e", "f"), ("g", "c")]
    assert pair_fit.groups(pairs) == [0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("scores", "same", "bound"),
    [
        ((0.9, 0.8, 0.2), (True, True, False), 0.8),  # all that are the same, and no other
        ((0.9, 0.5, 0.5), (True, True, False), 0.9),  # what scores alike is taken together
        ((0.9, 0.8), (False, False), 1.0),  # none
    ],
)
def test_the_threshold_holds_the_precision(
    scores: tuple[float, ...], same: tuple[bool, ...], bound: float
) -> None:
    """The lowest score from which on nine of ten are the same."""
    assert pair_measure.threshold(scores, same) == bound
