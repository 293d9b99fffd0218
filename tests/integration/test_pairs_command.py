"""`flask evaluate-pairs` as an operator types it."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from bot.cli.pairs import commands
from bot.store.unit_of_work import Database
from tests.fakes import FakeClock
from tests.roster_rig import deps_on
from tests.understanding_rig import shared_understander

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """What `flask evaluate-pairs WORDS` does; it asks no database."""
    app = Flask("test")
    deps = deps_on(Database(f"sqlite:///{tmp_path / 'none.sqlite3'}"), FakeClock())
    app.extensions["deps"] = replace(deps, understander=shared_understander)
    app.cli.add_command(commands[0])
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["evaluate-pairs", *map(str, words)])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Pairs and letters, made of the short messages: each line's number is its id."""
    lines = (DATA / "same_short.jsonl").read_text(encoding="utf-8").splitlines()[:40]
    rows = [json.loads(line) for line in lines]
    letters, pairs = tmp_path / "letters.csv", tmp_path / "pairs.csv"
    with letters.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["id", "time", "words"])
        writer.writerows([k, f"2026-11-{1 + r['day']:02}", r["text"]] for k, r in enumerate(rows))
    with pairs.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["id_a", "id_b", "same"])
        for k in range(0, 40, 2):
            same = all(rows[k][key] == rows[k + 1][key] for key in ("place", "topic"))
            writer.writerow([k, k + 1, int(same)])
        writer.writerow([1, 9999, 0])
    return pairs, letters


def test_figures_are_held_out(run: Callable[..., Result], files: tuple[Path, Path]) -> None:
    """Recall, precision and the worst pairs by their ids, never by their words; a pair of which a
    letter is missing is left out and told."""
    result = run(*files, "--text-column", "words")
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert (figures["pairs"], figures["same"]) == (20, 3)
    assert figures["in_use"].keys() == {"recall", "precision", "found"}
    assert len(figures["curve"]) == 9
    assert 0 <= figures["held_out"]["recall"] <= 1
    assert len(figures["worst"]) == 20
    assert figures["worst"][0].keys() == {"id_a", "id_b", "score"}
    assert "跳过 1 对" in result.stderr


def test_nothing_to_compare_and_misuse(
    run: Callable[..., Result], files: tuple[Path, Path], tmp_path: Path
) -> None:
    """1: no pair of these letters, or too few to hold any out. 2: misused."""
    pairs, letters = files
    column = ("--text-column", "words")
    (tmp_path / "other.csv").write_text("id_a,id_b,same\n777,778,1\n", "utf-8")
    assert run(tmp_path / "other.csv", letters, *column).exit_code == 1
    (tmp_path / "few.csv").write_text("id_a,id_b,same\n0,1,1\n1,2,0\n", "utf-8")
    assert run(tmp_path / "few.csv", letters, *column).exit_code == 1
    for wrong in ((pairs, letters), (letters, letters, *column), (pairs, pairs, *column),
                  (pairs, letters, *column, "--time-column", "words")):  # fmt: skip
        assert run(*wrong).exit_code == 2
    assert "Example: " in run("--help").stdout
