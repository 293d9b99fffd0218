"""The data files are sound, and mistakes in them are found and named."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.nlp import data, pii
from bot.nlp.fold import fold
from bot.nlp.records import LexiconData
from bot.nlp.understander import load_understander
from bot.settings import Settings
from bot.wiring import build, understand_or_refuse
from tests.understanding_rig import shared_understander

PATTERNS = json.loads((data.DATA_DIR / "pii.json").read_text("utf-8"))["patterns"]
CATEGORIES = json.loads((data.DATA_DIR / "categories.json").read_text("utf-8"))["categories"]


@cache
def loaded() -> LexiconData:
    """The data files, read once."""
    return data.load()


def copied(folder: Path) -> None:
    """The data files but what was learned: words and rules do without, and it is large."""
    left_out = shutil.ignore_patterns("corpus", data.MODEL)
    shutil.copytree(data.DATA_DIR, folder, dirs_exist_ok=True, ignore=left_out)


def test_the_projects_own_data_is_sound() -> None:
    """`flask doctor` would find nothing."""
    assert data.problems() == []


MISTAKES: list[tuple[str, Callable[[Any], Any], str]] = [
    ("lexicon.json", lambda d: d["keywords"]["road"]["5"].append("公交"), "公交 is there 2 times"),
    ("lexicon.json", lambda d: d["keywords"]["road"].update({"50": ["新词"]}), "weight 50"),
    ("lexicon.json", lambda d: d["keywords"].update({"roads": {}}), "category roads is unknown"),
    ("lexicon.json", lambda d: d["keywords"].pop("road"), "road has no keywords"),
    ("categories.json", lambda d: d["categories"][0].update(days=4), "4 days"),
    ("categories.json", lambda d: d["categories"][0].update(handling="all"), "handling 'all'"),
    ("categories.json", lambda d: d["categories"][0].update(sectors=[]), "no sector"),
    ("categories.json", lambda d: d["categories"][0]["sectors"].append("海员界"), "海员界"),
    ("places.json", lambda d: d["places"][0].update(unit="没有街道"), "unknown unit"),
    ("places.json", lambda d: d["units"][0].update(district="没有区"), "unknown district"),
    ("places.json", lambda d: d["places"].append(_lost()), "sure but has no district"),
    ("sectors.json", lambda d: d["studios"][0]["topics"].append("roads"), "topic roads"),
    ("emergencies.json", lambda d: d["non_patterns"]["told"].append("("), "does not compile"),
    ("emergencies.json", lambda d: d["classes"][0].update(phones=[]), "phones"),
    ("emergencies.json", lambda d: d["classes"][0].update(reply="快跑"), "does not name 119"),
    ("pii.json", lambda d: d["patterns"][0].update(regex="["), "does not compile"),
    ("pii.json", lambda d: d["patterns"][0]["positive"].append("无"), "misses its example"),
    ("intents.json", lambda d: d.update(version="new"), "version"),
    ("categories.json", lambda d: d["categories"][0].pop("code"), "a field is missing"),
]


def _lost() -> dict[str, Any]:
    return {"name": "某地", "kind": "road", "district": None, "unit": None, "sure": True}


@pytest.mark.parametrize(("name", "spoil", "words"), MISTAKES, ids=[m[2] for m in MISTAKES])
def test_a_mistake_is_named(
    tmp_path: Path, name: str, spoil: Callable[[Any], Any], words: str
) -> None:
    """Every kind of mistake makes a sentence that says where it is."""
    folder = tmp_path / "data"
    copied(folder)
    content = json.loads((folder / name).read_text("utf-8"))
    spoil(content)
    (folder / name).write_text(json.dumps(content), "utf-8")
    assert any(words in problem for problem in data.problems(folder)), data.problems(folder)


def test_a_broken_or_missing_file_is_a_problem_too(tmp_path: Path) -> None:
    """Nothing is raised at the operator."""
    assert data.problems(tmp_path)
    copied(tmp_path)
    (tmp_path / "places.json").write_text('{\n  "city": ,', "utf-8")
    assert data.problems(tmp_path) == ["bot/data/places.json: line 2, column 11: Expecting value"]
    (tmp_path / "places.json").write_bytes(b'{"city": "\xff"}')
    assert data.problems(tmp_path) == ["bot/data/places.json: byte 10 is no UTF-8"]
    (tmp_path / "places.json").unlink()
    assert data.problems(tmp_path) == ["bot/data/places.json: No such file or directory"]


def test_a_process_refuses_to_start_without_its_words(tmp_path: Path) -> None:
    """Rather no process than one that sends every message to a person: it ends naming the file."""
    copied(tmp_path)
    (tmp_path / "lexicon.json").write_text("[", "utf-8")
    deps = build(Settings(mode="demo", var_dir=tmp_path / "var", _env_file=None))
    broken = replace(deps, understander=lambda: load_understander(tmp_path / "cache", tmp_path))
    with pytest.raises(SystemExit) as refused:
        understand_or_refuse(broken)
    assert "lexicon.json: line 1, column 2" in str(refused.value)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: str(p["code"]))
def test_personal_data_is_found_and_covered(pattern: dict[str, Any]) -> None:
    """Each example is covered, whichever kind it is taken for."""
    patterns = loaded().pii
    for example in pattern["positive"]:
        found = pii.find(fold(example).text, patterns)
        assert found, example
        covered = pii.mask(example, found)
        assert "*" in covered
        assert covered != example


MASKS = [
    ("我的电话是159 0471 2345", "我的电话是159****2345"),
    ("tel13812345678", "tel138****5678"),
    ("0471-4661234", "0471-*****34"),
    ("15010519900101123X", "150105**********3X"),
    ("6222020602001234569", "622202*********4569"),
    ("蒙A·8K168", "蒙A****8"),
    ("wang123@qq.com", "w***@qq.com"),
    ("加我微信 lihua888", "加我微信 l******8"),
    ("3号楼2单元501室", "3号楼*单元*室"),
    ("我叫张三丰，家住3号楼", "我叫张**，家住3号楼"),
    ("我叫王五,打13812345678", "我叫王*,打138****5678"),
    ("我是业主，不是王家的", "我是业主，不是王家的"),
    ("请拨打12345或95598", "请拨打12345或95598"),
]


@pytest.mark.parametrize(("text", "masked"), MASKS)
def test_masks(text: str, masked: str) -> None:
    """What stays helps to recognise, what goes would tell who it is."""
    assert shared_understander().read(text).masked == masked


def test_most_examples_are_read_as_their_category() -> None:
    """The examples shaped the word lists, so this is no measure: it tells when an edit broke
    something."""
    read = shared_understander().read
    texts = [(c["code"], text) for c in CATEGORIES for text in c["examples"]]
    right = sum(read(text).category == code for code, text in texts)
    assert right >= 0.9 * len(texts)


def test_no_reply_shouts_but_in_danger() -> None:
    """Replies are written with Chinese punctuation, and start with what to do."""
    for info in shared_understander().emergencies.values():
        assert not re.search(r"[,!;]", info.reply)


def test_emergency_reply_is_read_at_a_glance() -> None:
    """Short, the number first, every number that the duty desk is told the resident knows, and no
    claim that somebody is reading along."""
    for info in shared_understander().emergencies.values():
        assert len(info.reply) <= 90
        assert re.search(r"1\d{2,4}", info.reply[:30])
        assert [phone for phone in info.phones if phone not in info.reply] == []
        assert not re.search(r"正在看|值班|登记", info.reply)
