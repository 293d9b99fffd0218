"""Places are understood as people write them: short, misspelt, beside, across from, at a number."""

import json
import random
from collections.abc import Iterator
from time import perf_counter

import pytest

from bot.cli.evaluation_places import measured_places
from bot.cli.rows import Row
from bot.domain.understanding import PlaceHit
from bot.nlp import corpus, data
from bot.nlp.records import Spot
from tests.understanding_rig import shared_understander


def places(text: str) -> tuple[PlaceHit, ...]:
    return shared_understander().read(text).places


@pytest.mark.parametrize(
    ("text", "name", "unit", "sure"),
    [
        # The wrong character sounds the same, in a long and in a short name.
        ("招乌达路附近的路灯不亮", "昭乌达路", "昭乌达路街道", True),
        ("台阁木镇的路不平", "台阁牧镇", "台阁牧镇", True),
        ("北原东街天天堵", "北垣东街", None, False),
        # It looks the same, or is just another; so short a name is only a guess.
        ("成吉斯汗大街街道的井盖", "成吉思汗大街街道", "成吉思汗大街街道", True),
        ("昭鸟达路附近的路灯不亮", "昭乌达路", "昭乌达路街道", False),
        # Left away: the word for a village, or the whole name of a community beside a road.
        ("我们罗家营村口没灯", "罗家营村", "巴彦街道", True),
        ("讨号板没有路灯", "讨号板", "敕勒川路街道", True),
        ("塔利那边的公交", "塔利", "东河街道", False),
        ("住在塔利，没有公交", "塔利", "东河街道", False),
        # A road and what stands beside it: the neighbourhood is meant.
        ("中专路对面乱停车", "中专路", "中专路街道", True),
        ("人民路往东200米有个坑", "人民路", "人民路街道", True),
        ("光明路98号门前有积水", "光明路", "光明路街道", True),
        ("光明路9号线什么时候修", "光明路", "光明路街道", False),
        ("迎新路公交站没有座椅", "迎新路", "迎新路街道", True),
        ("丁香路和兴安北路交叉口的红绿灯坏了", "丁香路", "丁香路街道", True),
        ("人民路东侧的便道", "人民路", "人民路街道", True),
        ("人民路的车太多", "人民路", "人民路街道", False),
        # Another way to say a town's seat.
        ("可镇的路", "可镇", "可可以力更镇", True),
    ],
)
def test_a_place_is_found(text: str, name: str, unit: str | None, sure: bool) -> None:
    """Each is found under its listed name, in its street or town, and as sure as it may be."""
    assert (name, unit, sure) in [(hit.name, hit.unit, hit.sure) for hit in places(text)]


@pytest.mark.parametrize(
    "text",
    [
        "去医院看病排队两小时",  # sounds like 区医院
        "那个老板不给工资",  # 圪老板村
        "便民服务中心态度不好",  # one character beside 市民服务中心
        "呼和浩特市政协的同志您好",  # 市政府
        "孩子在民族学校上学",  # 民族学院
        "大家很团结，生活很健康，心情很阳光",  # communities have such names
        "东山小区没暖气",  # 青山小区, 西山…: two characters are too few to guess
    ],
)
def test_ordinary_words_are_no_places(text: str) -> None:
    """What only looks or sounds like a listed name is not taken for it."""
    assert places(text) == ()


def test_east_and_west_are_never_mixed_up() -> None:
    """A character that makes another name is no mistake of typing."""
    assert [hit.name for hit in places("中山西路附近")] == ["中山西路"]
    assert "中山东路" not in [hit.name for hit in places("中山南路附近")]


def _misspelt() -> Iterator[tuple[str, str]]:
    """Listed names with one character of the same sound in it."""
    lexicon, rnd = data.load(), random.Random(7)
    alike: dict[str, list[str]] = {}
    for code, first in lexicon.sounds.items():
        alike.setdefault(first, []).append(chr(code))
    for name in rnd.sample([n for n, means in lexicon.spots.items() if _long(n, means)], 300):
        at = rnd.randrange(len(name))
        others = [c for c in alike.get(lexicon.sounds.get(ord(name[at]), ""), ()) if c != name[at]]
        if others:
            yield name, name[:at] + rnd.choice(others) + name[at + 1 :]


def _long(name: str, means: tuple[Spot, ...]) -> bool:
    return len(name) >= 4 and means[0].kind != "city" and name.isalpha() and not name.isascii()


def test_names_typed_by_sound_lead_to_the_same_place() -> None:
    """Of any listed name of four characters or more with one that sounds the same, nearly all are
    put where the right name is, and hardly one surely in another district."""
    pairs = list(_misspelt())
    right = wrong = 0
    for name, typed in pairs:
        meant, found = (places(f"我家在{each}，路灯不亮") for each in (name, typed))
        same = [(hit.unit, hit.district) for hit in meant] == [(h.unit, h.district) for h in found]
        right += same
        there = {hit.district for hit in meant}
        wrong += any(hit.sure and hit.district not in there for hit in found)
    assert right >= 0.95 * len(pairs)
    assert wrong <= 0.01 * len(pairs)


@pytest.mark.slow
def test_places_of_the_corpus_are_put_where_they_lie() -> None:
    """Of what the labelled messages name and places.json lists, 95 of 100 get their street or
    district; hardly a message that names none gets one. A third of them tells as much. Of the later
    files (…2-001, letters) the places were not listed one by one."""
    listed = [one for one in corpus.load() if "2-" not in one.id and "letter" not in one.id]
    rows = [
        Row(number, one.text, {"places": json.dumps(one.places)})
        for number, one in enumerate(listed)
        if number % 3 == 0
    ]
    figures = measured_places(rows, shared_understander())
    assert figures["placed_share"] >= 0.95
    assert figures["found_share"] >= 0.93
    assert figures["false_rows"] <= 0.01


def test_figures_of_places_tell_the_kinds_apart() -> None:
    """Found, placed, unknown and false are counted each for itself; rows without the column not."""
    rows = [
        Row(1, "土左旗的路和桃源里的灯", {"places": '["土左旗", "桃源里"]'}),
        Row(2, "昭乌达路附近的灯", {"places": "[]"}),
        Row(3, "玉泉区没有水", {}),
        Row(4, "水管爆了", {"places": "大召"}),
    ]
    figures = measured_places(rows, shared_understander())
    assert figures == {
        "rows": 3, "named": 3, "found_share": 0.3333, "listed": 2, "placed_share": 0.5,
        "unknown_names": 1, "false_rows": 1.0, "missed": {"大召": 1},
    }  # fmt: skip
    assert measured_places(rows[2:3], shared_understander()) == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我们盛世名筑小区没有路灯", ("盛世名筑小区",)),
        ("桃花源新村的垃圾没人拉", ("桃花源新村",)),  # 新村 alone is a village
        ("住在玉泉区沙尔营，没有公交", ("沙尔营",)),
        ("家住北方家园，旁边是万家灯火广场", ("北方家园",)),
        # Listed ones, also by another name; kinds of places; ordinary words.
        ("昭乌达路附近的路灯不亮，大召门口也是", ()),
        ("小区的路灯不亮，马路上的井盖丢了，菜市场也没人管", ()),
        ("我们村没有医院，去学校要走两里路", ()),
        ("半路上车坏了，绕路回的家，满街都是垃圾", ()),
        ("", ()),
    ],
)
def test_names_in_no_list_are_noted(text: str, names: tuple[str, ...]) -> None:
    """What is called or spoken of like a place, and that no list has; few mistakes, as people look
    through them."""
    assert shared_understander().unlisted(text) == names


def test_places_of_the_office_are_read_like_listed_ones() -> None:
    """A name that was written down is found, and noted no more; without it all is as before."""
    own = shared_understander()
    street = {"盛世名筑小区": ("昭乌达路街道", "赛罕区")}
    other = own.with_places(street).with_words({"灯杆": (("road", 4.0),)})
    hit = other.read("我们盛世名筑小区没有路灯").places[0]
    assert (hit.name, hit.unit, hit.sure) == ("盛世名筑小区", "昭乌达路街道", True)
    assert other.unlisted("我们盛世名筑小区没有路灯") == ()
    assert other.version not in (own.version, own.with_places(street).version)
    assert other.with_places({}).read("我们盛世名筑小区没有路灯").places == ()
    assert own.with_places(street).with_places({}) is own


def test_long_letters_are_searched_in_time() -> None:
    """Ten thousand characters full of half names cost milliseconds."""
    text = "昭乌大道的新华东和海拉尔东边社区" * 700
    began = perf_counter()
    places(text)
    assert perf_counter() - began < 0.5
