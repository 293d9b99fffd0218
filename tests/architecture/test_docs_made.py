"""What docs say of the code is what the code says."""

import subprocess
import sys

from tests.architecture.sources import ROOT


def test_generated_parts_are_up_to_date() -> None:
    """Tables and diagrams of docs/ are those that `make docs` would write now."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.architecture_docs", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
