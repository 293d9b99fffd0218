"""Figures come from events, for any days; those of days that are over are kept and stay right."""

from datetime import date, datetime, timedelta

from sqlalchemy import event, true
from sqlalchemy import text as sql

from bot.domain.deadlines import BEIJING
from bot.domain.figures import Dimension, Figure
from bot.domain.hot import Hot, window
from bot.domain.periods import Period, midnight
from bot.services import correcting, staff
from bot.services.figures import Figures, of_period
from bot.services.statistics import statistics
from bot.services.turn import Turn
from bot.store import cases, figure_cases, figures, hot
from bot.store import statistics as statistics_store
from bot.store.events import SHELL
from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown

MONDAY = date(2026, 11, 23)
STREET = (Dimension.STREET, "昭乌达路街道")
BRIBE = "我要举报街道办主任收红包"
UNCLEAR = "不知道找谁，反正就是不满意"


def change(town: Town, statement: str) -> None:
    """Change the database behind everybody's back."""
    with town.deps.database.engine.begin() as connection:
        connection.execute(sql(statement))


def morning(town: Town, day: int) -> None:
    """Ten o'clock, so many days after the first one."""
    at = datetime.combine(MONDAY + timedelta(days=day), datetime.min.time(), BEIJING)
    town.clock.set(at + timedelta(hours=10))
    town.tick()


def week(town: Town) -> None:
    """Monday: a lamp, and a lead on corruption. Tuesday: the lamp is answered and solved, and what
    nobody understands comes. Wednesday: it is sent where the machine would not have."""
    morning(town, 0)
    resident, first = town.phone(), town.member("first")
    resident.say(LAMP)
    town.phone("witness").say(BRIBE)
    town.wait(seconds=70)
    first.say(f"接{first.code}")
    morning(town, 1)
    first.say(f"答{first.code} 已解决 13 盏灯都亮了")
    resident.say("是")
    resident.say("满意")
    town.phone("other").say(UNCLEAR)
    town.wait(seconds=70)
    morning(town, 2)
    with town.deps.database.write() as session:
        turn = Turn(town.deps, session, town.clock.now())
        staff.dispatch_case(turn, cases.get(session, 3), "T003", "问过了", SHELL)
    morning(town, 3)


def read(town: Town, first: int, last: int) -> Figures:
    """The figures of some days of the week."""
    days = Period(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))
    with town.deps.database.read() as session:
        return of_period(session, days)


def total(found: Figures) -> dict[str, int]:
    """All totals that are not nothing."""
    return {figure.value: n for figure in Figure if (n := found.number(figure).number)}


def again(town: Town) -> None:
    """As if nothing had been counted yet."""
    change(town, "DELETE FROM day_figures")
    change(town, "DELETE FROM counters WHERE name LIKE 'statistics_%'")


def test_a_week_is_counted_day_by_day(town: Town) -> None:
    """Live and kept figures are the same, of each day and of all; counting again changes nothing;
    a lead on corruption is in none of them; what becomes of stations later changes nothing."""
    week(town)
    again(town)
    live = [read(town, day, day) for day in range(4)] + [read(town, 0, 3)]
    assert total(live[0]) == {
        "received": 1, "dispatched": 1, "routed": 1, "accepted": 1, "accepted_in_time": 1
    }  # fmt: skip
    assert total(live[1]) == {
        "received": 1, "answered": 1, "answered_timed": 1, "answered_in_time": 1,
        "said": 1, "solved": 1, "rated": 1, "satisfied": 1,
    }  # fmt: skip
    assert total(live[2]) == {"dispatched": 1, "handed": 1, "handed_late": 1}
    assert live[4].number(Figure.RECEIVED).number == 2
    assert live[4].number(Figure.RECEIVED, STREET).number == 1
    assert live[4].keys(Dimension.MODE, Figure.DISPATCHED) == ["sector", "street"]
    assert live[4].number(Figure.DISPATCHED, (Dimension.SECTOR, "经济界")).number == 1
    change(town, "UPDATE stations SET mode = 'keywork', sector = NULL")
    days = [(MONDAY + timedelta(days=n)).isoformat() for n in range(3)]
    assert statistics(town.deps) == days
    kept = [read(town, day, day) for day in range(4)] + [read(town, 0, 3)]
    assert kept == live
    assert town.rows("SELECT min(day), max(day) FROM day_figures") != [(None, None)]
    before = town.rows("SELECT * FROM day_figures ORDER BY day, dimension, key, figure")
    change(
        town, f"UPDATE counters SET value = {MONDAY.toordinal()} WHERE name = 'statistics_until'"
    )
    assert statistics(town.deps) == days  # it was cut off after the first day, say
    assert town.rows("SELECT * FROM day_figures ORDER BY day, dimension, key, figure") == before
    assert statistics(town.deps) == []


def test_days_of_a_case_that_changed_are_counted_again(town: Town) -> None:
    """The office says on Tuesday what Monday's cases are about: one moves to another street and
    category, the other is for named people, and from then on in no figure at all. What a resident
    has erased counts without its place."""
    morning(town, 0)
    town.phone().say(LAMP)
    town.phone("other").say(UNCLEAR)
    town.wait(seconds=70)
    morning(town, 1)
    assert read(town, 0, 0).keys(Dimension.CATEGORY, Figure.RECEIVED) == ["road", ""]
    said = {"place": "大学西路", "urgency": "normal", "category": "green"}
    for case_id, fields in ((1, said), (2, said | {"category": "discipline"})):
        with town.deps.database.write() as session:
            turn = Turn(town.deps, session, town.clock.now())
            correcting.correct(turn, cases.get(session, case_id), fields, SHELL)
    monday = read(town, 0, 0)
    assert statistics(town.deps) == []  # what is on its way may still come before it
    town.clock.advance(timedelta(minutes=20))
    assert statistics(town.deps) == [MONDAY.isoformat()]
    assert read(town, 0, 0) == monday
    assert monday.keys(Dimension.CATEGORY, Figure.DISPATCHED) == ["green"]
    assert monday.keys(Dimension.STREET, Figure.RECEIVED) == ["大学西路街道"]
    assert total(monday) == {"received": 1, "dispatched": 1, "routed": 1}
    assert read(town, 1, 1).number(Figure.CORRECTED).number == 1
    town.phone().say("不同意")
    erased = read(town, 0, 0)
    assert erased.keys(Dimension.STREET, Figure.RECEIVED) == [""]
    assert total(erased) == total(monday)


def test_hot_matters(town: Town) -> None:
    """Five residents about one matter in one street within three days are one hot matter, with its
    growth; the same person five times, another street and other days are not."""
    for day, people in ((0, 1), (1, 1), (2, 2), (3, 1)):
        town.clock.set(midnight(MONDAY) + timedelta(days=day, hours=10))
        for n in range(people):
            town.phone(f"{day}{n}").say("昭乌达路街道暖气不热，屋里才十二度")
    town.phone("03").say("大学西路街道暖气不热，屋里才十二度")
    town.phone("30").say("昭乌达路街道暖气不热，现在十一度")

    def found(day: int, least: int) -> list[Hot]:
        with town.deps.database.read() as session:
            return hot.hot(session, window(MONDAY + timedelta(days=day)), least)

    assert found(3, 5) == []
    assert found(3, 4) == [Hot("heating", "昭乌达路街道", 4, 4, 4, (1, 2, 1))]
    assert found(2, 4) == [Hot("heating", "昭乌达路街道", 4, 4, 4, (1, 1, 2))]
    assert found(6, 1) == []


def test_nothing_walks_all_cases(make_town: MakeTown, sqlite_url: str) -> None:
    """Every question goes by an index: it costs what happened in its days, not what ever did."""
    town = make_town(sqlite_url)
    town.phone().say(LAMP)
    asked: list[str] = []
    listener = town.deps.database.engine
    event.listen(listener, "before_cursor_execute", lambda *a: asked.append(a[2]))
    day, street = Period(MONDAY, MONDAY), (Dimension.STREET, "昭乌达路街道")
    with town.deps.database.read() as session:
        found = list(figures.between(session, day.begin, day.end))
        figures.kept(session, MONDAY, MONDAY)
        figure_cases.page(session, Figure.RECEIVED, street, (day, None), true())
        hot.hot(session, day, 1)
        hot.alike(session, cases.get(session, found[0].case_id), day, true())
        statistics_store.moments(session, statistics_store.changed(session) | {1})
    read = [words for words in asked if words.startswith("SELECT")]
    assert len(read) >= 7
    for words in read:
        with town.deps.database.engine.connect() as connection:
            given = (None,) * words.count("?")
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", given).all()
        walked = {f"SCAN {name}" for name in ("events", "cases", "day_figures")}
        assert not walked & {row[3] for row in plan}, words
