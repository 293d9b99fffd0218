"""Time that misbehaves, and time that is pushed: each is survived, and nothing is doubled."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.clock import DemoClock
from tests.conversation_rig import LAMP, Town
from tests.fakes import MONDAY_MORNING
from tests.web.conftest import MakeTown


def rungs(town: Town) -> Counter[tuple[object, ...]]:
    """How often each rung was recorded: by clock and place on its ladder."""
    kept = town.rows("SELECT clock_id, data FROM events WHERE kind = 'rung'")
    read = ((clock, data if isinstance(data, dict) else json.loads(data)) for clock, data in kept)
    return Counter((clock, data["index"]) for clock, data in read)


def read(town: Town, person: str) -> list[str]:
    """What arrived on somebody's phone, messages and templates."""
    return [d.text or " ".join(d.fields.values()) for d in town.phone(person).received()]


@pytest.fixture
def waiting(town: Town) -> Town:
    """A case that was pushed on Monday at ten, and four phones."""
    return neglected(town)


@pytest.fixture
def waiting_here(make_town: MakeTown, sqlite_url: str) -> Town:
    """The same where the kind of database makes no difference."""
    return neglected(make_town(sqlite_url))


def neglected(town: Town) -> Town:
    """Somebody writes, and everybody's phone is bound."""
    for person in ("first", "second", "head", "staff"):
        town.member(person)
    town.phone().say(LAMP)
    town.wait(seconds=5)
    return town


def test_clock_that_jumps_back_an_hour(waiting: Town) -> None:
    """What was recorded stays, nothing is recorded or sent again, a resident who writes meanwhile
    is answered, and the ladder goes on when time has caught up."""
    waiting.wait(days=1)
    before, notices = rungs(waiting), waiting.phone("second").notices()
    assert len(notices) == 1
    waiting.clock.set(waiting.clock.now() - timedelta(hours=1))
    waiting.tick()
    assert "查进度" in waiting.phone("other").say("帮助")
    assert rungs(waiting) == before
    assert waiting.phone("second").notices() == notices
    waiting.wait(days=2)
    assert set(rungs(waiting).values()) == {1}
    assert len(rungs(waiting)) > len(before)


def test_clock_that_jumps_on_a_year(waiting_here: Town) -> None:
    """Every rung once and one notice for each person, not a storm; when time is right again the
    case can be taken on, answered and closed as if nothing had been."""
    waiting = waiting_here
    waiting.clock.advance(timedelta(days=365))
    waiting.tick()
    assert set(rungs(waiting).values()) == {1}
    counted = {name: len(waiting.phone(name).notices()) for name in ("second", "head")}
    assert max(counted.values()) <= 2  # one for each of its two clocks
    waiting.clock.set(MONDAY_MORNING + timedelta(days=1))
    waiting.tick()
    first = waiting.phone("first")
    assert "接下了" in first.say(f"接{first.code}")
    assert "答复发给居民了" in first.say(f"答{first.code} 已解决 灯亮了")
    waiting.tick()
    assert "满意吗" in waiting.phone().say("是")


def test_plans_of_a_wrong_time_are_brought_back(waiting_here: Town) -> None:
    """Cases climb their whole ladders in days of the wrong year, and their next reminders are
    planned there. When time is right again they come back to the next working day, staff are told,
    and the alarm ends by itself."""
    waiting = waiting_here
    waiting.phone("other").say(LAMP)
    waiting.wait(seconds=5)
    first = waiting.phone("first")
    first.say(f"接{first.code}")
    waiting.clock.advance(timedelta(days=365))
    waiting.tick()
    waiting.wait(days=2)
    waiting.clock.set(MONDAY_MORNING + timedelta(days=1))
    far = "SELECT count(*) FROM clocks WHERE next_step_at > '2027-06-01'"
    assert waiting.rows(far) != [(0,)]
    waiting.tick()
    assert waiting.rows(far) == [(0,)]
    alarm = "SELECT count FROM alarms WHERE kind = 'clock_was_wrong' AND cleared_at IS NULL"
    assert waiting.rows(alarm) != []
    before = len(rungs(waiting))
    waiting.wait(days=2)
    assert len(rungs(waiting)) > before
    assert set(rungs(waiting).values()) == {1}
    assert waiting.rows(alarm) == []


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A host, and a database session, that think they are in New York."""
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.setenv("PGTZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("new_york")
def test_time_zone_of_the_host_is_wrong(waiting: Town) -> None:
    """Due times, reminders and quiet hours are Hohhot's all the same."""
    assert "明天 10:00 前接手" in waiting.phone().last
    waiting.wait(hours=20)
    (due,) = waiting.rows("SELECT max(due_at) FROM events WHERE kind = 'rung'")[0]
    said = due if isinstance(due, datetime) else datetime.fromisoformat(f"{due}+00:00")
    assert said.astimezone(UTC) == datetime(2026, 11, 23, 9, 18, 3, tzinfo=UTC)
    assert waiting.phone("second").notices() == []


def test_flask_clock_advance_makes_a_neglected_case_climb(
    waiting_here: Town, tmp_path: Path
) -> None:
    """`flask clock advance "2 days"` and a tick: the phones of the second convener and of the
    station's head ring; a day later the office's."""
    waiting = waiting_here
    demo = DemoClock(tmp_path / "clock.json")
    demo.advance(int((waiting.clock.now() - datetime.now(UTC)).total_seconds()))
    waiting.app.use(replace(waiting.deps, clock=demo))
    run = waiting.app.app.test_cli_runner().invoke
    assert run(args=["clock", "advance", "2 days"]).exit_code == 0
    lines = [json.loads(line) for line in run(args=["tick"]).stdout.splitlines()]
    swept = {line["audience"] for line in lines if line["job"] == "sweep"}
    assert swept >= {"holder", "second_convener", "station_head"}
    for person in ("second", "head"):
        (words,) = read(waiting, person)
        assert "还没有人接" in words
    assert run(args=["clock", "advance", "1 day"]).exit_code == 0
    assert run(args=["tick"]).exit_code == 0
    assert "还没有人接" in read(waiting, "staff")[0]
