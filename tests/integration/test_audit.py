"""The access log is sealed, and whatever is done to it behind our back shows."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.services.audit import AT_A_TIME, lines, seal
from bot.store import access
from tests.conversation_rig import Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import write

MINUTE = timedelta(minutes=1)


def note(town: Town, count: int = 1) -> None:
    """So many lines."""
    with town.deps.database.write() as session:
        for number in range(count):
            access.record(
                session, town.clock.now(), "login_failed", address="203.0.113.1",
                reason="别人的手机", login=f"x{number}",
            )  # fmt: skip


def three_minutes(town: Town) -> None:
    """Two lines in each, sealed, and one line more."""
    for _ in range(3):
        note(town, 2)
        town.clock.advance(MINUTE)
        list(seal(town.deps))
    note(town)


@pytest.fixture
def sealed(town: Town) -> Town:
    """A log of three minutes."""
    three_minutes(town)
    return town


def verify(town: Town, *options: str) -> tuple[int, dict[str, Any]]:
    """What the command found, and its exit code."""
    done = town.app.app.test_cli_runner().invoke(args=["audit", *options])
    return done.exit_code, json.loads(done.stdout)


def faults(town: Town, *options: str) -> list[tuple[str, int, int]]:
    """What does not hold: kind, first and last line."""
    code, found = verify(town, *options)
    assert code == (1 if found["faults"] else 0)
    return [(each["what"], each["first"], each["last"]) for each in found["faults"]]


def test_the_log_verifies_and_says_what_it_saw(sealed: Town) -> None:
    """Three seals, six lines, one not sealed yet; the newest digest can be asked for later."""
    code, found = verify(sealed)
    assert (code, found["seals"], found["lines"], found["unsealed"]) == (0, 3, 6, 1)
    sealed.tick()
    assert verify(sealed)[1]["unsealed"] == 0
    assert faults(sealed, "--expect", found["head"]) == []
    assert faults(sealed, "--expect", "0" * 64) == [("end", 0, 7)]


@pytest.mark.parametrize(
    ("done", "seen"),
    [
        ("UPDATE access_log SET reason = '' WHERE id = 3", [("rows", 3, 4)]),
        ("UPDATE access_log SET data = '{}' WHERE id = 6", [("rows", 5, 6)]),
        ("DELETE FROM access_log WHERE id = 4", [("rows", 3, 4)]),
        ("DELETE FROM access_log WHERE id < 3", [("rows", 1, 2)]),  # too young to have been let go
        ("DELETE FROM access_log WHERE id = 7", [("cut", 7, 7)]),
        ("UPDATE access_log SET at = 'gestern' WHERE id = 2", [("rows", 1, 2)]),
        ("UPDATE access_log SET data = '{' WHERE id = 2", [("rows", 1, 2)]),
        (
            "UPDATE access_seals SET digest = 'x' WHERE first = 3",
            [("chain", 3, 4), ("chain", 5, 6)],
        ),
        ("DELETE FROM access_seals WHERE first = 3", [("chain", 5, 6)]),
        ("UPDATE access_seals SET last = 1 WHERE first = 1", [("chain", 1, 1), ("gap", 3, 4)]),
    ],
)
def test_what_was_done_to_it_shows(
    make_town: MakeTown, sqlite_url: str, done: str, seen: list[Any]
) -> None:
    """A line or a seal that was changed, dropped or cut off is named by its place. SQLite alone
    lets somebody write what is no time and no JSON."""
    town = make_town(sqlite_url)
    three_minutes(town)
    write(town, done)
    assert faults(town) == seen


def test_an_emptied_log_is_not_taken_for_a_new_one(sealed: Town) -> None:
    """How many lines were ever written is kept elsewhere."""
    write(sealed, "DELETE FROM access_seals")
    write(sealed, "DELETE FROM access_log")
    assert faults(sealed) == [("cut", 1, 7)]


def test_a_chain_made_anew_is_no_longer_the_one_written_down(sealed: Town) -> None:
    """Whoever can write the database can seal it all again; not the digest on paper."""
    head = verify(sealed)[1]["head"]
    write(sealed, "DELETE FROM access_seals")
    write(sealed, "UPDATE access_log SET reason = ''")
    sealed.tick()
    assert faults(sealed) == []
    assert faults(sealed, "--expect", head) == [("end", 0, 7)]


def test_old_lines_go_and_the_chain_still_holds(sealed: Town) -> None:
    """After a year the lines are let go, the seals stay; half a year is the least."""
    sealed.tick()
    sealed.clock.advance(timedelta(days=366))
    note(sealed)
    sealed.tick()  # the nightly round, among the rest
    code, found = verify(sealed)
    assert (code, found["let_go"], found["lines"]) == (0, 7, 1)


def test_two_sealers_make_one_chain(sealed: Town) -> None:
    """A second one finds nothing left; an empty log has nothing to seal."""
    assert ("seal" in dict(sealed.tick())) is True
    assert ("seal" in dict(sealed.tick())) is False
    assert len(sealed.rows("SELECT 1 FROM access_seals")) == 4


def test_pages_of_the_log_follow_each_other(town: Town) -> None:
    """The newest first, fifty at a time, none twice."""
    note(town, AT_A_TIME + 2)
    first = lines(town.deps)
    rest = lines(town.deps, before=first[-1].id)
    assert [line.id for line in first + rest] == list(range(AT_A_TIME + 2, 0, -1))
    shown = town.app.app.test_cli_runner().invoke(args=["audit", "--log", "--last", "1"]).stdout
    assert json.loads(shown)["id"] == AT_A_TIME + 2
