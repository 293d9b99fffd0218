"""Due clocks: each rung once, however ticks are cut; what fails is set aside, the rest goes on."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.deadlines import BEIJING
from bot.services import staff
from bot.services.sweep import Stepped, sweep
from bot.store.unit_of_work import Database
from tests.conversation_rig import FIRE, LAMP, Town
from tests.web.conftest import MakeTown

LADDER = (
    # When the sweep comes, and what it does, for a case that nobody accepts.
    ("2026-11-24 08:59", "accept_reminder:holder"),
    ("2026-11-24 10:01", "accept_overdue:second_convener accept_overdue:station_head"),
    ("2026-11-25 10:01", "accept_overdue:district_convener"),
    ("2026-11-26 10:01", "accept_overdue:staff accept_overdue:leader"),
)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=BEIJING)


def go_to(town: Town, moment: str) -> None:
    town.clock.set(at(moment))


def dispatched(town: Town, name: str = "resident") -> None:
    """A case at station T001, pushed to its convener."""
    town.phone(name).say(LAMP)
    town.wait(seconds=5)


def rungs(town: Town, clock: str = "accept") -> list[dict[str, Any]]:
    """Rungs recorded on the clocks of this kind, oldest first."""
    events = [event for case in town.cases() for event in case.events]
    return [e["data"] for e in events if e["kind"] == "rung" and e["data"]["clock"] == clock]


def shown(found: list[dict[str, Any]]) -> str:
    """Rungs in short."""
    return " ".join(f"{rung['notice']}:{rung['audience']}" for rung in found)


def alarms(town: Town) -> list[tuple[str, object]]:
    """(kind, count) of open alarms, but for the one on next year's holidays."""
    lines = staff.alarm_lines(town.deps)
    return [(str(a["kind"]), a["count"]) for a in lines if a["kind"] != "calendar"]


def rang(town: Town, person: str) -> int:
    """How many alarms reached this person, each counted once by however many ways it came."""
    (count,) = town.rows(
        "SELECT count(*) FROM outbox JOIN people ON people.id = outbox.person_id"
        f" WHERE outbox.kind IN ('emergency', 'emergency_repeat') AND people.code = '{person}'"
        " AND outbox.state = 'sent'"
    )
    return int(count[0])


def change(town: Town, statement: str) -> None:
    with town.deps.database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_ladder_is_climbed_rung_by_rung(town: Town) -> None:
    """Nobody accepts: each moment brings its own rung, and a second tick brings nothing."""
    dispatched(town)
    for moment, expected in LADDER:
        before = len(rungs(town))
        go_to(town, moment)
        town.tick()
        assert shown(rungs(town)[before:]) == expected
        assert town.tick() == []


@pytest.mark.parametrize(
    "minutes", [*(pytest.param(n, marks=pytest.mark.slow) for n in (7, 60)), 1000]
)
def test_rungs_come_once_however_ticks_are_cut(town: Town, minutes: int) -> None:
    """Ticks every few minutes or twice a day: the same rungs, each once."""
    dispatched(town)
    while town.clock.now() < at("2026-11-26 10:30"):
        town.clock.advance(timedelta(minutes=minutes))
        town.tick()
    found = [rung["index"] for rung in rungs(town)]
    assert found[:6] == [0, 1, 2, 3, 4, 5]
    assert len(set(found)) == len(found)


def test_after_days_off_each_person_hears_once(town: Town) -> None:
    """The scheduler was off for four days: every rung is recorded, but what a later one for the
    same people replaces is not sent."""
    for person in ("first", "second", "head", "staff"):
        town.member(person)
    dispatched(town)
    go_to(town, "2026-11-27 11:00")
    town.tick()
    assert [rung["index"] for rung in rungs(town)] == [0, 1, 2, 3, 4, 5]
    for person in ("second", "head", "staff"):
        assert len(town.member(person).received()) == 1, person


def test_open_case_keeps_a_next_step(town: Town) -> None:
    """Past the last rung staff hear of it again each working day, as long as it is open."""
    dispatched(town)
    go_to(town, "2026-11-26 10:01")
    town.tick()
    for day in ("2026-11-27", "2026-11-30", "2026-12-01"):  # over a weekend
        before = len(rungs(town))
        go_to(town, f"{day} 10:02")
        town.tick()
        assert shown(rungs(town)[before:]) == "accept_overdue:staff", day
        assert town.case().next_step_at is not None


def test_last_rung_is_not_made_up_for(town: Town) -> None:
    """After a month off one repeat is sent, not one for each day."""
    dispatched(town)
    go_to(town, "2026-11-26 10:01")
    town.tick()
    go_to(town, "2026-12-24 12:00")
    town.tick()
    assert len(rungs(town)) == 7


def test_emergency_is_repeated_until_acknowledged(town: Town) -> None:
    """The duty desk hears at once and each five minutes, at night, until 收到; then no more. Each
    repeat says when it was reported and for how long nobody has answered, by every way."""
    duty = town.member("duty")
    go_to(town, "2026-11-24 02:00")
    town.phone().say(FIRE)
    town.tick()
    assert rang(town, "duty") == 1
    town.wait(minutes=6)
    assert rang(town, "duty") == 2
    assert [d.fields["thing3"] for d in duty.received() if d.fields] == [
        "今天 02:00", "今天 02:00 起，5 分钟没人应"
    ]  # fmt: skip
    duty.say("待办")  # opens the chat
    town.wait(minutes=5)
    assert "今天 02:00 报的，10 分钟还没有人回应" in "".join(duty.notices())
    assert duty.say(f"收到{duty.code}").startswith("收到")
    town.wait(minutes=30)
    assert rang(town, "duty") == 3
    assert town.case().next_step_at is not None


def test_emergency_nobody_acknowledges_never_rests(town: Town) -> None:
    """After an hour of alarms it goes on each hour."""
    town.member("duty")
    town.phone().say(FIRE)
    town.wait(hours=1, minutes=2)
    before = rang(town, "duty")
    town.wait(hours=3)
    assert rang(town, "duty") == before + 3


def test_poisoned_clock_is_set_aside(town: Town) -> None:
    """A clock that can't be read raises one alarm and waits an hour; the others go on at once."""
    dispatched(town, "one")
    dispatched(town, "two")
    first = town.cases()[0].number
    change(
        town,
        """UPDATE clocks SET ladder = '[{"after": "soon"}]' WHERE subject_id = 1
                    AND kind = 'accept' AND ended_at IS NULL""",
    )
    go_to(town, "2026-11-24 10:01")
    town.tick()
    assert {case.number for case in town.cases() if len(case.events) > 3} == {
        case.number for case in town.cases() if case.number != first
    }
    ((kind, count),) = alarms(town)
    assert (kind.partition(":")[0], count) == ("clock_failed", 1)
    assert town.tick() == []
    town.clock.advance(timedelta(hours=1))
    town.tick()
    assert alarms(town) == [(kind, 2)]


def test_repaired_clock_goes_on(town: Town) -> None:
    """Once it can be read again its rungs are made up for, and the alarm is cleared."""
    dispatched(town)
    change(town, "UPDATE clocks SET kind = 'acept' WHERE kind = 'accept'")
    go_to(town, "2026-11-24 10:01")
    assert [done for job, done in town.tick() if job == "sweep"] == []
    assert ("watch:put_off", 1) in alarms(town)
    change(town, "UPDATE clocks SET kind = 'accept' WHERE kind = 'acept'")
    town.clock.advance(timedelta(hours=1))
    town.tick()
    assert [rung["index"] for rung in rungs(town)] == [0, 1, 2]
    assert alarms(town) == []


@pytest.mark.slow
def test_two_sweepers_at_once(town: Town) -> None:
    """Two schedulers on one database: no rung is recorded twice, none is lost."""
    for n in range(12):
        dispatched(town, f"resident{n}")
    go_to(town, "2026-11-26 11:00")
    other = Database(town.deps.database.engine.url.render_as_string(hide_password=False))
    done: list[Stepped] = []
    ready = threading.Barrier(2)

    def work(database: Database) -> None:
        deps = replace(town.deps, database=database)
        ready.wait(timeout=10)
        while steps := sweep(deps):
            done.extend(steps)

    threads = [threading.Thread(target=work, args=(db,)) for db in (town.deps.database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    other.dispose()
    accept = [(s.case, s.index) for s in done if s.clock == "accept"]
    assert len(accept) == len(set(accept)) == 12 * 6
    assert alarms(town) == []


def test_rung_whose_role_has_nobody(town: Town) -> None:
    """Nobody is the second convener: the rung passes to the head at the same instant, the event
    says why, and the head, whose own rung is due as well, reads it once."""
    town.member("first")
    head_phone = town.member("head")
    change(town, "DELETE FROM posts WHERE role IN ('second_convener', 'leader')")
    dispatched(town)
    go_to(town, "2026-11-24 10:01")
    town.tick()
    second, head = rungs(town)[1:3]
    assert (second["told"], second["missing"]) == (1, "nobody holds second_convener")
    assert second["passed"] == "station_head"
    assert (head["missing"], head["passed"]) == ("", "")
    assert len(head_phone.notices()) == 1


def test_settling_ends_in_a_push_within_one_tick(town: Town) -> None:
    """The settle time is over: one tick dispatches the case and pushes it."""
    first = town.member("first")
    town.phone().say(LAMP)
    town.clock.advance(timedelta(seconds=5))
    town.tick()
    assert town.case().state == "dispatched"
    assert len(first.notices()) == 1


def test_station_suspended_while_the_case_settles(town: Town) -> None:
    """The chosen station stops receiving before the dispatch: staff get the case and its clock."""
    town.phone().say(LAMP)
    change(town, "UPDATE stations SET status = 'suspended'")
    change(town, "UPDATE counters SET value = value + 1 WHERE name = 'roster_version'")
    town.wait(seconds=5)
    case = town.case()
    assert (case.state, case.queue) == ("new", "staff")
    assert case.next_step_at is not None


def test_sweep_waits_for_a_database_in_trouble(make_town: MakeTown, sqlite_url: str) -> None:
    """The database refuses: no case is blamed, and the next tick does the work."""
    town = make_town(sqlite_url)
    dispatched(town)
    go_to(town, "2026-11-24 10:01")
    change(town, "ALTER TABLE events RENAME TO away")
    assert sweep(town.deps) == []
    change(town, "ALTER TABLE away RENAME TO events")
    town.tick()
    assert [rung["index"] for rung in rungs(town)] == [0, 1, 2]
    assert alarms(town) == []
