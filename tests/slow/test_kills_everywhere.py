"""kill -9 at every point there is: each statement, begin, commit and send of intake, sweep and
delivery in turn, until the process survives because there is no further point. The invariants are
looked at after each death."""

import os
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bench.fuse import KILLED, LABELS
from bot.domain.understanding import Understander
from tests.slow.kill_rig import Victims
from tests.web.conftest import understander

__all__ = ["understander"]

pytestmark = pytest.mark.slow

CLIMBED = "at 4400"
"""Thursday afternoon: all six rungs of a case of Monday 10:00 are due."""
IN_THE_DATABASE = LABELS[:4]

ASLEEP = """
    SELECT number FROM cases WHERE state NOT IN ('answered', 'closed') AND NOT EXISTS (
      SELECT 1 FROM clocks k WHERE k.subject_id = cases.id AND k.next_step_at IS NOT NULL)"""
DOUBLED = """
    SELECT clock_id, due_at, count(*) FROM events WHERE kind = 'rung'
    GROUP BY clock_id, due_at, CAST(data AS text) HAVING count(*) > 1"""
TWICE_TOLD = "SELECT dedupe FROM outbox GROUP BY dedupe HAVING count(*) > 1"
THREE_TIMES = "SELECT id FROM outbox WHERE attempts > 2"
HALF = """
    SELECT number FROM cases WHERE NOT EXISTS (
      SELECT 1 FROM events e WHERE e.case_id = cases.id AND e.kind = 'registered')
    OR NOT EXISTS (SELECT 1 FROM messages m WHERE m.case_id = cases.id)"""
INVARIANTS = (ASLEEP, DOUBLED, TWICE_TOLD, THREE_TIMES, HALF)


@pytest.fixture
def victims(tmp_path: Path, database_url: str, understander: Understander) -> Victims:
    """The small network on each kind of database."""
    made = Victims(tmp_path, database_url, understander)
    made.set_up()
    return made


def until_it_survives(victims: Victims, kill: Callable[[int], int]) -> int:
    """Kill at the first point, the second … ; how often, until there is none left."""
    for nth in count(1):
        died = kill(nth)
        for invariant in INVARIANTS:
            assert victims.rows(invariant) == [], (nth, invariant)
        if died == 0:
            return nth - 1
        assert died == KILLED
    raise AssertionError("unreachable")


def _killed(victims: Victims, *tasks_and_nth: Any, label: str) -> int:
    """The tasks, killed the n-th time at the label; the last argument is n."""
    *tasks, nth = tasks_and_nth
    return victims.run(*tasks, label=label, nth=nth)


def note(kills: int) -> None:
    """Tell how many there were, for whoever counts them: `pytest -rP`."""
    print(f"{kills} kills in process {os.getpid()}")


def test_intake(victims: Victims) -> None:
    """Somebody else writes each time, and dies with the process one point later; the platform's two
    further tries find every case, once, and both get the same reply."""
    writers = count(1)
    kills = 0
    for label in IN_THE_DATABASE:

        def kill(nth: int, label: str = label) -> int:
            return victims.run(f"say {next(writers)}", label=label, nth=nth)

        kills += until_it_survives(victims, kill)
    wrote = next(writers) - 1
    assert kills >= 15
    note(kills)
    before = len(victims.replies())  # of those that survived
    tries = [f"say {n}" for n in range(1, wrote + 1)]
    assert victims.run(*tries) == 0
    assert victims.run(*tries) == 0
    replies = victims.replies()[before:]
    assert replies[:wrote] == replies[wrote:]
    assert victims.rows("SELECT count(*) FROM cases") == [(wrote,)]
    assert len({reply.split("编号 ")[1][:12] for reply in replies}) == wrote
    assert victims.rows("SELECT count(*) FROM clocks WHERE ended_at IS NULL") == [(wrote,)]
    for invariant in INVARIANTS:
        assert victims.rows(invariant) == []


TALK = (
    ("first", "接{code}"), ("first", "问{code} 您住几号楼？"), ("resident{n}", "三号楼"),
    ("first", "答{code} 已解决 灯亮了"), ("resident{n}", "是"), ("resident{n}", "满意"),
)  # fmt: skip


def test_talk(victims: Victims) -> None:
    """From accepting to the second rating, each message killed at every point on its way and tried
    again with the same key: each move happens once, and four cases end."""
    assert victims.run("say 1", "say 2", "say 3", "say 4", "at 1", "sweep") == 0
    kills = 0
    for n, label in enumerate(IN_THE_DATABASE, 1):
        for person, words in TALK:
            who, said = person.format(n=n), words.format(code=10 + n)
            typed = f"type {who} {n}:{words[:1]} {said}"
            kills += until_it_survives(
                victims, partial(_killed, victims, "at 5", typed, label=label)
            )
    note(kills)
    assert kills >= 60
    moves = "SELECT kind, count(*) FROM events WHERE kind IN ('accepted', 'asked', 'replied', "
    moves += "'answered', 'solved', 'satisfied', 'closed') GROUP BY kind"
    assert {number for _, number in victims.rows(moves)} == {4}
    assert victims.rows("SELECT DISTINCT state FROM cases") == [("closed",)]


def test_sweep(victims: Victims) -> None:
    """Cases killed at every point of their dispatch and of the six rungs that they then climb: each
    rung is there once, each notice queued once."""
    kills = 0
    for n, label in enumerate(IN_THE_DATABASE):
        first = 3 * n + 1
        assert victims.run(*(f"say {each}" for each in range(first, first + 3))) == 0
        for moment in ("at 1", CLIMBED):
            kills += until_it_survives(
                victims, partial(_killed, victims, moment, "sweep", label=label)
            )
    note(kills)
    assert kills >= 50
    rungs = (
        "SELECT count(*) FROM events WHERE kind = 'rung' AND CAST(data AS text) LIKE '%accept_%'"
    )
    assert victims.rows(rungs) == [(6 * 12,)]
    assert victims.rows("SELECT count(*) FROM alarms") == [(0,)]


def test_delivery(victims: Victims) -> None:
    """One more push each time, killed one point later: all arrive, at most twice, and each that may
    have arrived twice is marked."""
    writers = count(1)
    kills = 0
    for label in LABELS:

        def kill(nth: int, label: str = label) -> int:
            n = next(writers)
            at = 10 * n
            return victims.run(
                f"at {at}", "deliver", f"say {n}", f"at {at + 1}", "sweep", "deliver",
                label=label, nth=nth, last=True,
            )  # fmt: skip

        kills += until_it_survives(victims, kill)
    wrote = next(writers) - 1
    note(kills)
    assert kills >= 25
    assert victims.run(f"at {10 * wrote + 10}", "deliver") == 0
    pushes = "SELECT count(*) FROM outbox WHERE kind = 'push' AND state = 'sent'"
    assert victims.rows(pushes) == [(wrote,)]
    sent = victims.sent()
    assert max(sent.values()) <= 2
    ((doubtful,),) = victims.rows("SELECT count(*) FROM outbox WHERE in_doubt")
    assert sum(times - 1 for times in sent.values()) <= doubtful
