"""The judge of simulations: it finds nothing where all is well, and whatever is broken."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.verdict import judge
from tests.conversation_rig import LAMP
from tests.web.conftest import MakeTown

GRACE = timedelta(minutes=15)

FLAWS = (
    # What is done to the tables, and what the judge must call it.
    ("DELETE FROM events WHERE kind = 'rung' AND due_at = (SELECT max(due_at) FROM events)",
     "rung left out"),
    ("INSERT INTO events (case_id, kind, at, actor, reason, data, clock_id, due_at) SELECT case_id,"
     " kind, at, actor, reason, data, clock_id, due_at FROM events WHERE clock_id IS NOT NULL",
     "rung recorded twice"),
    ("UPDATE clocks SET next_step_at = NULL", "open without a next step"),
    ("UPDATE clocks SET rung = rung - 1 WHERE rung > 2", "rung left out"),
    ("UPDATE events SET due_at = '2026-11-01 00:00:00.000000' WHERE kind = 'rung'", "rung late"),
    ("UPDATE cases SET number = '261123-9999'", "promised number is no case"),
)  # fmt: skip


def test_finds_what_is_broken(make_town: MakeTown, sqlite_url: str) -> None:
    """A case that nobody accepts for three days climbs and all is well; each flaw that is then put
    into the tables is found by its name."""
    town = make_town(sqlite_url)
    for person in ("first", "second", "head", "staff"):
        town.member(person)
    town.phone().say(LAMP)
    town.wait(days=3)
    asked = town.clock.now(), GRACE, [town.phone().number]
    with Session(town.deps.database.engine) as session:
        found = judge(session, *asked)
        assert found.lines() == []
        assert (found.cases, found.waiting, found.late, found.rungs) == (1, 1, 1, 5)
        for flaw, kind in FLAWS:
            session.execute(text(flaw))
            assert judge(session, *asked).count(kind) >= 1, flaw
            session.rollback()
