"""Somebody leaves a post: what they held goes on, and both sides hear of it."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.services import accounts, leaving
from bot.services.errors import NotFound, Refused
from bot.services.roster_import import import_roster
from tests.conversation_rig import LAMP, Phone, Town
from tests.roster_rig import table

FIRST = "T001:first_convener"


def dispatched(town: Town) -> Phone:
    """A demand that lies with T001; returns the resident's phone."""
    resident = town.phone()
    resident.say(LAMP)
    town.wait(seconds=5)
    return resident


def events(town: Town, kind: str) -> list[dict[str, Any]]:
    found = town.rows(f"SELECT data FROM events WHERE kind = '{kind}'")
    return [json.loads(data) if isinstance(data, str) else data for (data,) in found]


def test_holder_leaves(town: Town) -> None:
    """An accepted case goes back to its station: the other convener is pushed, whoever held it is
    told and has no code any more, and the resident's answer is still due when it was."""
    first, second = town.member("first"), town.member("second")
    dispatched(town)
    first.say(f"接{first.code}")
    due = town.rows("SELECT due_at FROM clocks WHERE kind = 'answer' AND ended_at IS NULL")
    left = leaving.leave(town.deps, FIRST)
    assert (left.person, left.last_day, len(left.cases)) == ("马板凳", date(2026, 11, 22), 1)
    assert town.case().state == "dispatched"
    town.tick()
    assert second.notices()[-1].startswith("接单｜")
    gone = first.notices()[-1]
    assert "不再担任昭乌达路街道委员工作站第一召集人" in gone
    assert "由昭乌达路街道委员工作站接着办" in gone
    assert "没有待办" in first.say("待办")
    second.say(f"接{second.code}")
    second.say(f"答{second.code} 灯修好了")
    assert (town.case().state, town.case().answer) == ("answered", "灯修好了")
    assert due == town.rows("SELECT due_at FROM clocks WHERE kind = 'answer'")
    acts = town.rows("SELECT kind, post_id FROM events WHERE actor = 'post' ORDER BY id")
    assert [kind for kind, _ in acts] == ["accepted", "accepted", "answered"]
    assert all(post for _, post in acts)


def test_first_convener_leaves_before_anybody_accepted(town: Town) -> None:
    """The push goes to who is there now, and so do the reminders; the clock runs on."""
    first, second = town.member("first"), town.member("second")
    dispatched(town)
    leaving.leave(town.deps, FIRST)
    town.tick()
    assert second.notices()[-1].startswith("接单｜")
    assert "您不用再管" in first.notices()[-1]
    told = len(first.notices())
    town.wait(hours=30)
    assert any("还没有人接" in words for words in second.notices())
    assert len(first.notices()) == told


def test_nobody_is_left(town: Town) -> None:
    """The last one goes: staff have the case, and the resident hears that it changes hands."""
    first = town.member("first")
    resident = dispatched(town)
    first.say(f"接{first.code}")
    for post in ("T001:second_convener", "T001:station_head", FIRST):
        leaving.leave(town.deps, post)
    assert (town.case().state, town.case().queue, town.case().owner) == ("new", "staff", None)
    town.tick()
    assert "由工作人员接着办" in first.notices()[-1]
    assert "换人来办" in resident.notices()[-1]
    assert [event["to"] for event in events(town, "handed_over")] == ["工作人员"]
    assert [event["person"] for event in events(town, "left")] == ["牛茶壶", "羊小桌", "马板凳"]
    assert town.rows("SELECT count(*) FROM item_codes WHERE released_at IS NULL") == [(0,)]


def test_a_day_that_is_still_to_come(town: Town) -> None:
    """Until the last day is over the holder works on; then it moves by itself, once."""
    first, second = town.member("first"), town.member("second")
    dispatched(town)
    first.say(f"接{first.code}")
    assert leaving.leave(town.deps, FIRST, date(2026, 11, 24)).cases == []
    town.wait(hours=20)
    assert town.case().state == "accepted"
    town.clock.advance(timedelta(hours=24))  # Wednesday, 06:00: nobody is woken
    town.tick()
    assert town.case().state == "accepted"
    town.clock.advance(timedelta(hours=3))
    town.tick()
    assert town.case().state == "dispatched"
    assert len([words for words in second.notices() if words.startswith("接单")]) == 1
    assert leaving.hand_over(town.deps) == []


def test_who_has_another_post_there_keeps_it(town: Town) -> None:
    """The first convener is the station's head as well: the case is pushed to that post, nobody is
    told that they are rid of it, and the code stays good."""
    first = town.member("first")
    with town.deps.database.write() as session:
        session.execute(sql(
            "UPDATE posts SET person_id = (SELECT id FROM people WHERE code = 'first')"
            " WHERE role = 'station_head'"
        ))  # fmt: skip
    dispatched(town)
    first.say(f"接{first.code}")
    leaving.leave(town.deps, "T001:second_convener")
    leaving.leave(town.deps, FIRST)
    town.tick()
    assert not any("不再担任" in words for words in first.notices())
    assert "接下了" in first.say(f"接{first.code}")


def test_codes_for_a_station_that_one_left(town: Town) -> None:
    """Who only looked on loses the codes of that station, and keeps those of another."""
    second = town.member("second")
    dispatched(town)
    leaving.leave(town.deps, FIRST)
    town.tick()
    with town.deps.database.write() as session:
        session.execute(sql(
            "INSERT INTO posts (person_id, unit_id, role) SELECT p.id, u.id, 'member'"
            " FROM people p, units u WHERE p.code = 'second' AND u.code = 'T002'"
        ))  # fmt: skip
    assert "1 件" in second.say("待办")
    leaving.leave(town.deps, "T001:second_convener")
    assert "没有待办" in second.say("待办")


@pytest.mark.parametrize(("ref", "day", "error"), [
    ("T001:auditor", None, NotFound),
    (FIRST, date(2026, 11, 1), Refused),
])  # fmt: skip
def test_what_is_refused(town: Town, ref: str, day: date | None, error: type[Exception]) -> None:
    """A post that nobody holds; a day that is long past."""
    with pytest.raises(error):
        leaving.leave(town.deps, ref, day)
    assert accounts.posts(town.deps, role="first_convener")


def test_an_import_that_ends_a_post(town: Town, tmp_path: Path) -> None:
    """The office fills in the last day and imports the sheet again: the case moves at once."""
    first, second = town.member("first"), town.member("second")
    dispatched(town)
    first.say(f"接{first.code}")
    sheet = table(tmp_path / "职务.csv", "posts", [
        ("first", "T001", "第一召集人", None, "2026-11-22"),
    ])  # fmt: skip
    done = import_roster(town.deps, [sheet], dry_run=True)
    assert (done.wrong, done.moved, town.case().state) == ((), 0, "accepted")
    assert import_roster(town.deps, [sheet]).moved == 1
    town.tick()
    assert second.notices()[-1].startswith("接单｜")
    assert "您不用再管" in first.notices()[-1]
