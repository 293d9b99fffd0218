"""kill -9 at any point: cases and rungs exactly once, notices at least once and at most twice."""

from collections import Counter
from pathlib import Path

import pytest

from bench.fuse import KILLED
from bot.domain.understanding import Understander
from tests.slow.kill_rig import Victims
from tests.web.conftest import understander

__all__ = ["understander"]

pytestmark = pytest.mark.slow

CLIMBED = "at 4400"
"""Thursday afternoon: all six rungs of a case of Monday 10:00 are due."""


@pytest.fixture
def victims(tmp_path: Path, database_url: str, understander: Understander) -> Victims:
    """The small network on each kind of database."""
    made = Victims(tmp_path, database_url, understander)
    made.set_up()
    return made


INTAKE = (
    # Where the process dies while it handles a resident's first message.
    ("begin", 1), ("statement", 1), ("statement", 3), ("statement", 6), ("statement", 10),
    ("before commit", 1),  # all is written, nothing is kept
    ("after commit", 1),  # all is kept, the reply never left
)  # fmt: skip


@pytest.mark.parametrize(("label", "nth"), INTAKE)
def test_killed_while_taking_in(victims: Victims, label: str, nth: int) -> None:
    """The platform's two further tries find the case, once, and both get the same reply."""
    assert victims.run("say 1", label=label, nth=nth) == KILLED
    assert victims.replies() == []
    assert victims.run("say 1") == 0
    assert victims.run("say 1") == 0
    first, second = victims.replies()
    assert first == second
    ((number,),) = victims.rows("SELECT number FROM cases")
    assert f"需{number}" in first
    assert victims.rows("SELECT count(*) FROM messages") == [(1,)]
    assert victims.rows("SELECT count(*) FROM clocks WHERE ended_at IS NULL") == [(1,)]


SWEEP = (
    # Where the process dies while it carries out eighteen rungs on three cases.
    ("begin", 2), ("statement", 3), ("statement", 9), ("statement", 40),
    ("before commit", 1), ("before commit", 2), ("after commit", 1), ("after commit", 3),
)  # fmt: skip


@pytest.mark.parametrize(("label", "nth"), SWEEP)
def test_killed_while_sweeping(victims: Victims, label: str, nth: int) -> None:
    """The next sweep carries out what is left: every rung once, every notice queued once."""
    assert victims.run("say 1", "say 2", "say 3", "at 1", "sweep") == 0
    assert victims.run(CLIMBED, "sweep", label=label, nth=nth) == KILLED
    assert victims.run(CLIMBED, "sweep") == 0
    assert victims.run(CLIMBED, "sweep") == 0
    recorded = victims.rows("SELECT case_id, data FROM events WHERE kind = 'rung'")
    rungs = Counter((case, str(data)) for case, data in recorded if "accept_" in str(data))
    assert len(rungs) == 18
    assert set(rungs.values()) == {1}
    kinds = "SELECT case_id, kind, person_id, count(*) FROM outbox GROUP BY 1, 2, 3"
    told = {row[2:] for row in victims.rows(kinds) if row[1] == "accept_overdue"}
    # Nobody is district convener or leader here: their rungs pass on to staff, a day apart.
    assert sorted(count for _, count in told) == [1, 1, 2]
    assert victims.rows("SELECT count(*) FROM alarms") == [(0,)]


DELIVERY = (
    # Where the process dies while it sends three pushes.
    ("begin", 2), ("before commit", 1), ("after commit", 1), ("before send", 1), ("after send", 1),
    ("before commit", 2), ("after commit", 2), ("before send", 3), ("after send", 3),
)  # fmt: skip


@pytest.mark.parametrize(("label", "nth"), DELIVERY)
def test_killed_while_sending(victims: Victims, label: str, nth: int) -> None:
    """All pushes arrive; only those that were under way together (here the last two) may arrive
    twice, never more often, and each that may have is marked."""
    assert victims.run("say 1", "say 2", "say 3", "at 1", "sweep") == 0
    assert victims.run("at 1", "deliver", label=label, nth=nth) == KILLED
    assert victims.run("at 1", "deliver") == 0  # its lease still runs
    assert victims.run("at 3", "deliver") == 0
    assert victims.run("at 5", "deliver") == 0
    assert victims.rows("SELECT count(*) FROM outbox WHERE state = 'sent'") == [(3,)]
    sent = victims.sent()
    assert len(sent) == 3
    assert max(sent.values()) <= 2
    ((doubtful,),) = victims.rows("SELECT count(*) FROM outbox WHERE in_doubt")
    twice = sum(count - 1 for count in sent.values())
    assert twice <= doubtful <= 2


def test_killed_twice_over_the_same_notice(victims: Victims) -> None:
    """Two deaths after the same send: it is not sent a third time, a person is asked to call."""
    assert victims.run("say 1", "at 1", "sweep") == 0
    assert victims.run("at 1", "deliver", label="after send") == KILLED
    assert victims.run("at 3", "deliver", label="after send") == KILLED
    assert victims.run("at 5", "deliver") == 0
    assert victims.run("at 7", "deliver") == 0
    assert list(victims.sent().values()) == [2]
    in_doubt = "SELECT state, attempts, in_doubt FROM outbox"
    assert [(s, a, bool(d)) for s, a, d in victims.rows(in_doubt)] == [("dead", 2, True)]
