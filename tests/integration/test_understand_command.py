"""`flask classify`, `explain` and `evaluate` as an operator types them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from bot.cli.understand import commands
from bot.services import roster
from bot.store.unit_of_work import Database
from tests.fakes import FakeClock
from tests.roster_rig import deps_on
from tests.understanding_rig import shared_understander

KEYS = {
    "text", "intent", "categories", "confident", "urgency", "emergency", "places", "pii",
    "masked", "parts", "evidence",
}  # fmt: skip
"""Other systems rely on these."""


class Shell:
    """Runs the commands on one application."""

    def __init__(self, database: Database) -> None:
        self.deps = replace(deps_on(database, FakeClock()), understander=shared_understander)
        self.app = Flask("test")
        self.app.extensions["deps"] = self.deps
        for command in commands:
            self.app.cli.add_command(command)

    def run(self, *words: str | Path, given: str | bytes = "") -> Result:
        """What `flask WORDS` does with `given` on standard input."""
        return self.app.test_cli_runner().invoke(args=[str(word) for word in words], input=given)

    def lines(self, *words: str | Path, given: str | bytes = "") -> list[dict[str, Any]]:
        """The JSON lines printed when it goes well."""
        result = self.run(*words, given=given)
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.split("\n") if line]


@pytest.fixture
def shell(database: Database) -> Shell:
    """A shell on an empty database."""
    return Shell(database)


def test_classify_prints_a_line_for_every_line(shell: Shell) -> None:
    """Order is kept; an empty line has its line too, with `error`."""
    found = shell.lines("classify", given="赛罕区路灯不亮，13812345678\n\n我家着火了\n")
    assert all(line.keys() >= KEYS for line in found)
    assert [line["text"] for line in found] == ["赛罕区路灯不亮，13812345678", "", "我家着火了"]
    assert ["error" in line for line in found] == [False, True, False]
    assert found[0]["categories"][0]["code"] == "road"
    assert found[0]["places"][0].keys() == {"name", "unit", "district", "sure"}
    assert found[0]["pii"] == [{"kind": "mobile", "start": 8, "end": 19}]
    assert found[0]["masked"] == "赛罕区路灯不亮，138****5678"
    assert found[2]["emergency"] == "fire"


def test_classify_reads_files_by_column(shell: Shell, tmp_path: Path) -> None:
    """A csv with a byte order mark and a line break within a cell, and broken jsonl."""
    table, objects = tmp_path / "a.csv", tmp_path / "a.jsonl"
    table.write_text('\ufeff标题,内容\n路灯,"不\n亮"\n', "utf-8")
    objects.write_text('{"t": "暖气不热"}\n{\n', "utf-8")
    columns = ("--text-column", "标题", "--text-column", "内容")
    assert [line["text"] for line in shell.lines("classify", table, *columns)] == ["路灯 不\n亮"]
    found = shell.lines("classify", objects, "--text-column", "t")
    assert [line["categories"][:1] != [] for line in found] == [True, False]
    assert "JSON" in found[1]["error"]


def test_classify_writes_text_that_is_no_unicode(shell: Shell, tmp_path: Path) -> None:
    """A lone surrogate from a JSON escape comes back as one."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"t": "路灯\\ud800"}\n', "utf-8")
    assert shell.lines("classify", path, "--text-column", "t")[0]["text"] == "路灯\ud800"


def test_classify_with_route_names_stations(shell: Shell) -> None:
    """With the demonstration network there is an owner, and the rule that chose it."""
    roster.write_demo_network(shell.deps)
    text = "赛罕区昭乌达路街道的路灯不亮\n我家着火了\n举报村干部贪污受贿\n那个啥\n"
    routes = [line["route"] for line in shell.lines("classify", "--route", given=text)]
    assert routes[0]["owner"] == "昭乌达路街道委员工作站"
    assert routes[0]["assist"]
    assert all(route["rule"] for route in routes)
    assert [route["queue"] for route in routes] == [None, "emergency", "restricted", "staff"]


def test_explain_says_which_words_counted(shell: Shell) -> None:
    """In plain words: category, place, urgency, and what is unclear."""
    said = shell.run("explain", "赛罕区停水三天了，电话13812345678").stdout
    for words in ("供水供电供气通信", "停水", "赛罕区", "加急", "138****5678", "可以直接派单"):
        assert words in said
    assert "没有认出" in shell.run("explain", "那个啥").stdout
    assert "都说得通" in shell.run("explain", "小区停车位被健身器材占了").stdout
    assert "请拨打 119" in shell.run("explain", "我家着火了").stdout
    assert "专人" in shell.run("explain", "书记收好处费，电梯也坏了").stdout
    assert "其中一件事：路灯坏了" in shell.run("explain", "路灯坏了。另外医保报销下不来").stdout


def test_evaluate_counts_what_is_acceptable(shell: Shell, tmp_path: Path) -> None:
    """Several codes may be right; rows without a verdict are skipped."""
    path = tmp_path / "a.csv"
    path.write_text("t,accept\n路灯不亮,road safety\n暖气不热,road\n那个啥,road\n路灯,\n", "utf-8")
    result = shell.run("evaluate", path, "--text-column", "t")
    figures = json.loads(result.stdout)
    assert (figures["rows"], figures["skipped"]) == (3, 1)
    assert figures["acceptable_first_choice"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["routed_share"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["routed_precision"] == 0.5
    assert figures["categories"]["road"]["right"] == 1
    assert "3" in result.stderr


def test_evaluate_measures_emergencies_and_intents(shell: Shell, tmp_path: Path) -> None:
    """A file of the corpus can be measured as it is; what misled is named."""
    path = tmp_path / "a.jsonl"
    rows = [
        {"t": "路灯不亮", "accept": ["road"], "intent": "demand", "emergency": None},
        {"t": "我家着火了", "accept": [], "intent": "demand", "emergency": "fire"},
        {
            "t": "暖气不热",
            "accept": ["road"],
            "intent": "praise",
            "emergency": None,
            "like": "fire",
        },
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    figures = json.loads(shell.run("evaluate", path, "--text-column", "t").stdout)
    assert figures["emergency"] == {
        "rows": 1, "found": 1.0, "lookalikes_raised": 0.0, "raised": 0.0,
    }  # fmt: skip
    assert figures["intent"] == {"rows": 3, "right": pytest.approx(2 / 3, abs=1e-4)}
    assert figures["confused"] == [{"is": "road", "read_as": "heating", "rows": 1}]
    assert (figures["worst"][0]["row"], "暖气不热" in figures["worst"][0]["words"]) == (3, True)


def test_evaluate_writes_a_page(shell: Shell, tmp_path: Path) -> None:
    """Figures and plots in one file that loads nothing; hostile words stay words."""
    path, page = tmp_path / "a.jsonl", tmp_path / "a.html"
    row = {"t": "<script>暖气不热", "accept": ["road"], "pii": [], "places": []}
    path.write_text(json.dumps(row) + "\n", "utf-8")
    figures = json.loads(
        shell.run("evaluate", path, path, "--text-column", "t", "--html", page).stdout
    )
    assert (figures["rows"], figures["pii"]["clean"], figures["places"]["rows"]) == (2, 2, 2)
    told = page.read_text("utf-8")
    assert "供热" in told
    assert "<svg" in told
    assert "<script" not in told


def test_exit_codes(shell: Shell, tmp_path: Path) -> None:
    """1: nothing to measure. 2: misused."""
    path = tmp_path / "a.csv"
    path.write_text("t,accept\n路灯,\n", "utf-8")
    assert shell.run("evaluate", path, "--text-column", "t").exit_code == 1
    assert shell.run("evaluate", path, "--text-column", "x").exit_code == 2
    assert shell.run("classify", path).exit_code == 2
    assert shell.run("classify", tmp_path / "none.txt").exit_code == 2
    assert shell.run("explain").exit_code == 2


@pytest.mark.parametrize("command", commands, ids=lambda command: str(command.name))
def test_help_has_an_example(shell: Shell, command: Any) -> None:
    """Whoever forgets how, sees how."""
    assert "Example: " in shell.run(command.name, "--help").stdout
