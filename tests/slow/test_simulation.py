"""A simulated month: the demo network with people of different habits, and a process that dies."""

import json
from pathlib import Path

import pytest

from bench.simulate import main

pytestmark = pytest.mark.slow


def test_a_month(tmp_path: Path) -> None:
    """200 cases in 31 days with some thirty kills, a locked database and a silent day: nobody is
    forgotten, nothing is doubled, and the report is there."""
    folder = tmp_path / "simulation"
    options = ["--cases", "200", "--days", "31", "--towns", "1", "--folder", str(folder)]
    assert main(options) == 0
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["cases"] == summary["closed"] + summary["waiting"] == 200
    assert (summary["lost"], summary["duplicate_rungs"], summary["late_unescalated"]) == (0, 0, 0)
    assert min(summary["kills"], summary["late"], summary["locked"]) >= 1
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert "承诺都守住了" in page
