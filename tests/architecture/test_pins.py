"""What the project stands on is pinned exactly, and from no particular registry."""

import json
import re

import pytest

from tests.architecture.sources import ROOT

PINS = sorted(path.name for path in ROOT.glob("requirements*.txt"))


def test_every_list_of_packages_has_its_pins() -> None:
    """For each requirements*.in that people write there is the .txt that `make lock` makes."""
    assert [path.stem for path in sorted(ROOT.glob("requirements*.in"))] == [
        name.removesuffix(".txt") for name in PINS
    ]


@pytest.mark.parametrize("name", PINS)
def test_every_pin_is_exact_and_hashed(name: str) -> None:
    """A pin gives one version and at least one hash; no line says where to fetch it."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    assert pins
    assert [p for p in pins if not re.match(r"\S+==\S+ .*--hash=sha256:\w{64}", p)] == []


def test_the_front_end_lock_names_no_registry() -> None:
    """Each browser library has its hash; which mirror serves it is the machine's choice."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    libraries = {path: entry for path, entry in lock["packages"].items() if path}
    assert libraries
    assert [path for path, entry in libraries.items() if "resolved" in entry] == []
    assert [path for path, entry in libraries.items() if "integrity" not in entry] == []
