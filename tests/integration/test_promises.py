"""Self-published promises: how late rungs and reminders were, and how many were lost or doubled."""

import json
from datetime import timedelta

from sqlalchemy import text as sql

from bot.services.deliver import deliver
from bot.services.promises import Promise, fold_lateness, promises
from bot.services.sweep import sweep
from tests.conversation_rig import LAMP, Town
from tests.integration.test_sweep import change, go_to


def day(town: Town) -> Promise:
    """The last 24 hours."""
    return promises(town.deps)[0]


def test_from_due_to_recorded_and_to_sent(town: Town) -> None:
    """A reminder is due at 80 % of its clock; the sweep comes seven minutes late, the message goes
    out three minutes after that. What rides the night is late from the morning on."""
    town.member("first")
    town.phone().say(LAMP)
    town.wait(seconds=5)
    assert (day(town).rungs.count, day(town).rungs.worst <= 2) == (1, True)  # the dispatch
    assert day(town).reminders.count == 0  # a push is no reminder
    go_to(town, "2026-11-23 17:25:03")  # due at 17:18:03: 80 % of a day from 10:00:03
    assert sweep(town.deps)
    town.clock.advance(timedelta(minutes=3))
    assert deliver(town.deps)
    found = day(town)
    assert (found.rungs.count, found.rungs.worst, found.rungs.p50) == (2, 420.0, 0.1)
    assert (found.reminders.count, found.reminders.worst) == (1, 600.0)
    assert (found.lost, found.doubled, found.in_doubt) == (0, 0, 0)


def plan(town: Town, clock: str, notice: str, moment: str) -> None:
    """This clock now has one rung, at this moment (UTC), for the second convener."""
    rung = {"after": "1d", "audience": "second_convener", "notice": notice, "effect": None}
    ladder = json.dumps([rung | {"at": f"{moment}+00:00"}])
    values = f"next_step_at = '{moment}', ladder = '{ladder}', rung = 0"
    change(town, f"UPDATE clocks SET {values} WHERE kind = '{clock}'")


def test_the_night_is_no_lateness_but_no_excuse_either(town: Town) -> None:
    """What falls due at night is late from 08:00 on; what was late already when the night came is
    late from its own moment on."""
    town.member("second")
    town.phone().say(LAMP)
    town.wait(seconds=5)
    plan(town, "accept", "accept_overdue", "2026-11-23 15:00:00")
    go_to(town, "2026-11-23 23:00")
    assert len(sweep(town.deps)) == 1
    go_to(town, "2026-11-24 08:00:30")
    assert deliver(town.deps)
    assert day(town).reminders.worst == 30
    plan(town, "answer", "answer_overdue", "2026-11-24 02:00:00")
    go_to(town, "2026-11-24 22:00")
    assert sweep(town.deps)
    go_to(town, "2026-11-25 08:00")
    assert deliver(town.deps)
    assert day(town).reminders.worst == 22 * 3600


def test_hours_are_folded_and_nothing_changes(town: Town) -> None:
    """A week of reminders that nobody heeds: folded hours and live ones give the same figures, a
    second fold does nothing, and what is folded is not read from the events again."""
    town.phone().say(LAMP)
    for hour in range(0, 7 * 24, 5):
        town.wait(hours=5 if hour else 0, seconds=5)
    change(town, "DELETE FROM lateness_hours")
    change(town, "DELETE FROM counters WHERE name = 'lateness_folded'")
    live = promises(town.deps)
    assert live[1].rungs.count > 5
    assert live[0].rungs.count < live[1].rungs.count == live[2].rungs.count
    hours = fold_lateness(town.deps)
    assert len(hours) > 3
    assert fold_lateness(town.deps) == []
    assert promises(town.deps) == live
    change(town, "DELETE FROM events WHERE kind = 'rung'")
    assert promises(town.deps)[2].rungs.count == live[2].rungs.count
    town.clock.advance(timedelta(days=8))
    change(town, "UPDATE clocks SET next_step_at = NULL")
    kept = promises(town.deps)
    assert [window.rungs.count for window in kept] == [0, 0, live[2].rungs.count]
    assert kept[2].since == live[2].since


def test_lost_and_doubled_are_counted_from_what_is_there(town: Town) -> None:
    """A rung recorded twice; one left out; one due for more than an hour; a reminder that lies for
    more than a day; one that may have arrived twice."""
    town.member("second")
    town.phone().say(LAMP)
    town.wait(seconds=5)
    town.wait(days=1)
    before = day(town)
    assert (before.lost, before.doubled, before.in_doubt) == (0, 0, 0)
    assert before.reminders.count >= 1
    columns = "case_id, kind, at, actor, reason, data, clock_id, due_at"
    change(
        town,
        f"INSERT INTO events ({columns}) SELECT {columns} FROM events"
        " WHERE id = (SELECT max(id) FROM events WHERE kind = 'rung')",
    )
    assert day(town).doubled == 1
    first = "(SELECT min(id) FROM events WHERE kind = 'rung' AND clock_id = 2)"
    change(town, f"DELETE FROM events WHERE id = {first}")
    assert day(town).lost == 1
    late = town.clock.now() - timedelta(minutes=61)
    with town.deps.database.engine.begin() as connection:
        statement = sql("UPDATE clocks SET next_step_at = :late WHERE kind = 'accept'")
        connection.execute(statement, {"late": late.strftime("%Y-%m-%d %H:%M:%S")})
    assert day(town).lost == 2
    change(town, "UPDATE outbox SET in_doubt = true WHERE due_at IS NOT NULL")
    assert day(town).in_doubt == 1  # of the hours that are not folded yet
    change(
        town,
        "UPDATE outbox SET state = 'queued', due_at = '2026-11-22 00:00:00' WHERE id ="
        " (SELECT max(id) FROM outbox WHERE due_at IS NOT NULL)",
    )
    assert day(town).lost == 3
