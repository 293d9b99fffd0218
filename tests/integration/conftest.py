"""The town of phones (tests/web/conftest.py) for tests of what happens behind the wire, too: there
both databases have their turn at once."""

from functools import cache

import pytest

from bot.nlp.data import problems
from bot.services import doctor
from tests.conversation_rig import Town
from tests.web.conftest import MakeTown, make_town, understander

__all__ = ["make_town", "understander"]


@pytest.fixture
def town(make_town: MakeTown, database_url: str) -> Town:
    """A town; the test runs once on each kind of database."""
    return make_town(database_url)


@pytest.fixture(autouse=True)
def product_files_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the doctor: they don't change meanwhile, and reading them takes longer than all else that
    it asks."""
    monkeypatch.setattr(doctor, "problems", _problems)


_problems = cache(problems)
