"""`flask learn` as an operator types it: nothing changes without a person's word."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from bot.cli.learning import commands, compared, scored
from bot.nlp import model_files
from bot.nlp.corpus import Example
from bot.store.unit_of_work import Database
from tests.fakes import FakeClock
from tests.roster_rig import deps_on
from tests.understanding_rig import shared_understander


def learn(database: Database, var: Path, *words: str) -> Result:
    """What `flask learn WORDS` does with its models in this folder."""
    deps = deps_on(database, FakeClock())
    app = Flask("test")
    app.extensions["deps"] = replace(
        deps, settings=deps.settings.model_copy(update={"var_dir": var})
    )
    for command in commands:
        app.cli.add_command(command)
    return app.test_cli_runner().invoke(args=["learn", *words])


def test_taking_and_going_back(database: Database, tmp_path: Path) -> None:
    """There must be something to take; one step back ends at the product's own."""
    assert learn(database, tmp_path, "--use").exit_code == 1
    path = model_files.candidate(tmp_path)
    model_files.write(path, json.loads(model_files.PRODUCT.read_text("utf-8")))
    assert path.read_bytes() == model_files.PRODUCT.read_bytes()
    assert "换上了" in learn(database, tmp_path, "--use").stderr
    assert model_files.in_use(tmp_path) != model_files.PRODUCT
    assert "换回来了" in learn(database, tmp_path, "--back").stderr
    assert model_files.in_use(tmp_path) == model_files.PRODUCT
    assert "不用换" in learn(database, tmp_path, "--back").stderr


def test_what_is_missing_is_named(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server has no library to learn with; the sentence says how to get it."""
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    monkeypatch.delitem(sys.modules, "bot.nlp.training", raising=False)
    result = learn(database, tmp_path)
    assert (result.exit_code, "requirements-learn.txt" in result.stderr) == (1, True)


def test_what_gets_better_and_worse_is_named() -> None:
    """By category, emergency and intent; a hair's breadth is not worth a line."""
    one = Example("a", "路灯不亮", ("road",), "demand", None, (), "short")
    two = Example("b", "暖气不热", ("road",), "demand", None, (), "short")
    after = scored(shared_understander(), [one, two])
    assert after["road"] == {"rows": 2, "right": 1}
    before = after | {"road": {"rows": 2, "right": 0}, "intent": {"rows": 200, "right": 199}}
    told = compared(before, after)
    assert (told["better"], told["worse"]) == ({"road": 0.5}, {})
