"""`flask roster` as an operator types it: data on stdout, words on stderr, exit codes 0, 1, 2."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from bot.cli.roster import commands
from bot.store import roster
from bot.store.unit_of_work import Database
from tests.fakes import FakeClock
from tests.roster_rig import PEOPLE, SMALL, deps_on, workbook


class Shell:
    """Runs commands on one application."""

    def __init__(self, database: Database, mode: str = "demo") -> None:
        self.app = Flask("test")
        self.app.extensions["deps"] = deps_on(database, FakeClock(), mode)
        for command in commands:
            self.app.cli.add_command(command)

    def run(self, *words: str | Path) -> Result:
        """What `flask WORDS` does."""
        return self.app.test_cli_runner().invoke(args=[str(word) for word in words])

    def lines(self, *words: str | Path) -> list[Any]:
        """The JSON lines that a command prints when it goes well."""
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def shell(database: Database) -> Shell:
    """A shell on an empty database."""
    return Shell(database)


def test_demo_then_list(shell: Shell) -> None:
    """The network is there, and each post is listed by the name that commands take."""
    assert shell.lines("roster", "demo")[0]["stations"]["new"] == 219
    assert len(shell.lines("roster", "list", "--stations")) == 219
    found = shell.lines("roster", "list", "--station", "S162", "--role", "first_convener")
    assert [(p["ref"], p["station"], p["bound"]) for p in found] == [
        ("S162:first_convener", "昭乌达路街道委员工作站", False)
    ]
    assert set(found[0]) == {"ref", "station", "role", "person", "person_code", "bound"}
    by_name = shell.lines("roster", "list", "--station", "昭乌达路街道委员工作站")
    assert {p["role"] for p in by_name} >= {"first_convener", "second_convener", "secretary"}
    refs = [post["ref"] for post in shell.lines("roster", "list", "--role", "duty")]
    assert refs[0] == "OFFICE:duty"
    assert len(set(refs)) == 3  # the second and third by number
    everybody = shell.lines("roster", "list")
    assert len({post["ref"] for post in everybody}) == len(everybody)


def test_demo_is_refused_in_production(database: Database) -> None:
    """Exit 1 and a sentence that says what to do instead."""
    result = Shell(database, "production").run("roster", "demo")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "roster import" in result.stderr


def test_import_lists_every_wrong_cell(shell: Shell, tmp_path: Path) -> None:
    """One JSON line a cell, the sum in words, exit 1, nothing written."""
    people = [(f"X{n}", None, *(None,) * 5) for n in range(2000)]
    result = shell.run("roster", "import", workbook(tmp_path / "a.xlsx", {"people": people}))
    assert result.exit_code == 1
    cells = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(cells) == 2000
    assert cells[0] == {
        "file": "a.xlsx",
        "sheet": "人员",
        "row": 2,
        "column": "B 姓名",
        "value": "",
        "expected": "必填：姓名，不超过 40 字，不带尖括号",
    }
    assert "共 2000 处不对" in result.stderr


def test_dry_run_then_import_then_export(shell: Shell, tmp_path: Path) -> None:
    """The dry run reports the same numbers and keeps nothing."""
    path = workbook(tmp_path / "a.xlsx", SMALL)
    tried = shell.lines("roster", "import", path, "--dry-run")
    deps = shell.app.extensions["deps"]
    with deps.database.read() as session:
        assert roster.load(session).people == ()
    done = shell.lines("roster", "import", path)
    assert done[0] | {"dry_run": True} == tried[0]
    assert shell.lines("roster", "export", tmp_path / "b.xlsx")[0]["人员"] == len(PEOPLE)
    assert shell.lines("roster", "export", tmp_path / "out")[0]["工作站"] == 1
    assert sorted(f.name for f in (tmp_path / "out").iterdir()) == sorted(
        ["机构.csv", "工作站.csv", "人员.csv", "职务.csv", "联建共建.csv", "放假调休.csv"]
    )
    for there in ("b.xlsx", "out"):  # the office may have typed into it
        refused = shell.run("roster", "export", tmp_path / there)
        assert (refused.exit_code, "已经有这个文件了" in refused.stderr) == (1, True)
    again = shell.run("roster", "import", tmp_path / "out")
    assert again.exit_code == 0
    assert "保持不变" in again.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("import",), 2),  # no file
        (("import", "nowhere.xlsx"), 2),  # no such file
        (("template", "a.csv"), 2),
        (("export", "a.pdf"), 2),
        (("list", "--role", "emperor"), 2),
        (("list", "--station", "S999"), 1),
        (("list", "--stations", "--station", "S999"), 1),
        (("export", "/proc/none/a.xlsx"), 1),  # can't be written
        (("--help",), 0),
        (("import", "--help"), 0),
    ],
)
def test_exit_codes(shell: Shell, words: tuple[str, ...], code: int) -> None:
    """2 for misuse, 1 for refused or not found."""
    assert shell.run("roster", *words).exit_code == code


@pytest.mark.parametrize("name", ["template", "import", "export", "demo", "list"])
def test_help_has_an_example(shell: Shell, name: str) -> None:
    """Each command shows how it is typed."""
    assert f"flask roster {name}" in shell.run("roster", name, "--help").output


def test_the_template_is_written_without_a_database(shell: Shell, tmp_path: Path) -> None:
    """It comes first, so it asks for nothing."""
    assert shell.run("roster", "template", tmp_path / "模板.xlsx").exit_code == 0
    again = shell.run("roster", "template", tmp_path / "模板.xlsx")
    assert (again.exit_code, "已经有这个文件" in again.stderr) == (1, True)  # somebody filled it in
    assert (tmp_path / "模板.xlsx").stat().st_size > 1000
