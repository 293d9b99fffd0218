"""The fixtures of tests/database_rig.py: two kinds of database, migrated, and empty every time."""

import pytest
from sqlalchemy import func, select

from bot.models.timing import Lease
from bot.store.unit_of_work import Database
from tests.fakes import MONDAY_MORNING


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_finds_an_empty_database(database: Database, turn: str) -> None:
    """A row that one test leaves behind is not there for the next."""
    with database.write() as session:
        assert session.scalar(select(func.count()).select_from(Lease)) == 0
        session.add(Lease(name="rig", holder=turn, until=MONDAY_MORNING))
    with database.read() as session:
        assert session.scalars(select(Lease.holder)).all() == [turn]


def test_both_kinds_are_real(database_url: str, database: Database) -> None:
    """The fixture's name for a database and the database behind it agree."""
    assert database_url.startswith(database.engine.dialect.name)
