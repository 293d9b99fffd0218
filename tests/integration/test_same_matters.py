"""Cases of one matter are found among the open ones, some seconds after they came."""

import json

import pytest
from sqlalchemy import update

from bot.models.same_matter import CaseLikeness
from bot.services.same_matters import BATCH, compare_new
from bot.store import same_matters
from tests.conversation_rig import FIRE, LAMP, Town

DARK = "昭乌达路街道路灯坏了好几天，晚上黑得很"
RUBBISH = "昭乌达路街道垃圾堆了一周没人清运，臭得开不了窗"


def pairs(town: Town) -> list[tuple[int, int, str]]:
    """Which cases are thought to be of one matter, by the last part of their numbers, and what was
    said of it."""
    query = (
        "SELECT a.number, b.number, l.verdict FROM case_likenesses l JOIN cases a "
        "ON a.id = l.case_id JOIN cases b ON b.id = l.other_id ORDER BY a.number, b.number"
    )
    return [(int(one[-4:]), int(other[-4:]), said) for one, other, said in town.rows(query)]


def test_found_within_seconds_with_reasons(town: Town) -> None:
    """Other words for one thing at one place; not another thing there. What is added later is
    compared again, and what was said of a pair by a person stays."""
    town.phone("a").say(LAMP)
    town.phone("b").say(RUBBISH)
    town.wait(seconds=10)
    assert pairs(town) == []
    town.phone("c").say(DARK)
    town.wait(seconds=10)
    assert pairs(town) == [(3, 1, "open")]
    (reasons,) = town.rows("SELECT reasons FROM case_likenesses")[0]
    kept = json.loads(reasons) if isinstance(reasons, str) else reasons
    assert ["category", "road"] in kept
    assert "昭乌达路街道" in kept[0][1]
    with town.deps.database.write() as session:
        session.execute(update(CaseLikeness).values(verdict="refused"))
    town.phone("c").say("就在农大西门外面")
    town.wait(seconds=10)
    assert pairs(town) == [(3, 1, "refused")]
    assert town.rows("SELECT * FROM cases_to_compare") == []
    assert compare_new(town.deps) == []


def test_what_nobody_knows_the_matter_of_is_like_nothing(town: Town) -> None:
    """Two who are only unhappy are not unhappy about the same."""
    for name in ("a", "b"):
        town.phone(name).say("不知道找谁，反正就是不满意")
    town.wait(seconds=10)
    assert (len(town.rows("SELECT * FROM cases")), pairs(town)) == (2, [])


def test_guarded_cases_are_never_compared(town: Town) -> None:
    """An emergency, and what only named people see, is found by nobody; also what becomes one."""
    for name, words in (("a", FIRE), ("b", FIRE), ("c", "局长收了红包"), ("d", "局长收了红包")):
        town.phone(name).say(words)
    town.wait(seconds=10)
    assert town.rows("SELECT * FROM case_terms") == []
    town.phone("e").say(LAMP)
    town.phone("f").say(DARK)
    town.tick()
    assert pairs(town) == [(6, 5, "open")]
    town.phone("f").say("灯杆漏电，刚有人触电倒地了")
    town.wait(seconds=10)
    with town.deps.database.read() as session:
        plain = same_matters.to_compare(session, range(1, 10))
    (only,) = town.rows("SELECT id FROM cases WHERE number LIKE '%-0005'")
    assert [case.id for case in plain] == list(only)
    assert set(town.rows("SELECT case_id FROM case_terms")) == {only}


def test_what_is_over_or_erased_is_found_no_more(town: Town) -> None:
    """A case that is withdrawn leaves the terms by night; erased words leave everything at once."""
    town.phone("a").say(LAMP)
    town.phone("b").say(DARK)
    town.wait(seconds=10)
    assert len(pairs(town)) == 1
    town.phone("b").say("不同意")
    assert pairs(town) == []
    assert len({row[0] for row in town.rows("SELECT case_id FROM case_terms")}) == 1
    town.phone("a").say("撤回")
    town.phone("a").say("是")
    town.wait(days=1)
    assert town.rows("SELECT * FROM case_terms") == []


@pytest.mark.slow
def test_a_backlog_is_compared_in_batches(town: Town) -> None:
    """More than fit one write unit, and those of one batch with each other."""
    size = BATCH + 1
    for n in range(size):
        town.phone(f"p{n}").say(LAMP if n % 2 else DARK)
    town.wait(seconds=10)
    assert len(pairs(town)) == size * (size - 1) // 2
