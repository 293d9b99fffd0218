"""Two cases about the same go on as one: everybody stays informed, the earlier times hold."""

import pytest

from bot.services import merging, staff
from bot.services.errors import Refused
from bot.services.turn import Turn
from bot.services.watch import THOROUGH, look
from bot.store import cases
from bot.store.events import SHELL
from tests.conversation_rig import LAMP, Phone, Town
from tests.web import test_conversation_random as promises
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish
from tests.web.h5_rig import pages_of
from tests.web.test_console_queue import BRIBE, FIRE, UNCLEAR, hidden, listed, reported
from tests.web.test_lifecycle_random import PROMISES

SAME = "昭乌达路街道的路灯又不亮了，就在学校门口"


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office, on both databases."""
    town = make_town(pages_url)
    furnish(town)
    return town


@pytest.fixture
def small(make_town: MakeTown, sqlite_url: str) -> Town:
    """The same on SQLite alone: for what no database could make differ."""
    town = make_town(sqlite_url)
    furnish(town)
    return town


def sound(town: Town) -> None:
    """What holds of all cases holds of these."""
    for promise in (*PROMISES, promises.NO_TWO_SETTLING):
        assert town.rows(promise) == [], promise
    assert [w for w in look(town.deps) if w.kind in THOROUGH] == []


def merge(desk: Desk, number: str, into: str) -> str:
    """Put the case into the other one, on its page."""
    desk.open(f"/console/cases/{number}")
    desk.send("merge", into=into)
    return desk.text


def put(town: Town, number: str, into: str) -> None:
    """The same without a browser."""
    with town.deps.database.write() as session:
        case = cases.by_number(session, number)
        assert case is not None
        merging.merge(Turn(town.deps, session, town.clock.now()), case, into, SHELL)


def due(town: Town, number: str, kind: str) -> str:
    """When this clock of a case is due."""
    query = (
        "SELECT k.due_at FROM clocks k JOIN cases c ON c.id = k.subject_id"
        f" WHERE c.number = '{number}' AND k.kind = '{kind}' AND k.ended_at IS NULL"
    )
    return str(town.rows(query)[0][0])


def lamps(town: Town) -> tuple[str, str, Phone, Phone]:
    """Two residents about the same lamp, the second one an hour later; both lie with the station.
    Numbers and phones."""
    one, two = town.phone("one"), town.phone("two")
    older = reported(town, LAMP, "one")
    town.wait(hours=1)
    return older, reported(town, SAME, "two"), one, two


def test_both_residents_hear_of_one_case(here: Town) -> None:
    """The older one goes into the newer: its earlier times hold there, and it lies in no list. Its
    resident reads on the page and in chat what the other case shows, none of the other's words."""
    first = here.member("first")
    older, newer, one, two = lamps(here)
    times = due(here, older, "accept"), due(here, older, "answer")
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{older}")
    assert newer in [str(each) for each in desk.tree.xpath("//input[@name='into']/@value")]
    assert "并好了" in merge(desk, older, f"需 {newer[2:]}")
    assert (due(here, newer, "accept"), due(here, newer, "answer")) == times
    sound(here)
    assert listed(desk, "open") == [newer]
    here.wait(minutes=1)
    assert "还有别的居民也说了，一起办" in one.notices()[-1]
    assert "又有一位居民说了同一件事" in first.notices()[-1]
    first.say(f"接{first.code}")
    here.wait(minutes=1)
    assert f"需{older} 昭乌达路街道委员工作站" in one.notices()[-1]
    assert f"需{newer} 昭乌达路街道委员工作站" in two.notices()[-1]
    assert "委员工作站已经接手" in one.say("查进度")
    shown = pages_of(one).open(f"/h5/c/{older}")
    assert "办理中" in shown
    assert "昭乌达路街道委员工作站接手了" in shown
    assert "学校门口" not in shown
    code = first.code
    mine = pages_of(one)
    mine.open(f"/h5/c/{older}")
    mine.send("add", words="孩子放学看不见路")
    here.wait(minutes=1)
    assert f"一起办的 需{older} 的居民补充了" in first.notices()[-1]
    sound(here)
    assert "同一件事还有 1 位居民" in first.say(f"看{code}")
    assert LAMP in pages_of(first).open(f"/h5/work/{newer}")
    first.say(f"问{code} 几号楼？")
    here.wait(minutes=1)
    assert "几号楼" not in "".join(one.notices()) + one.say("查进度")
    two.say("三号楼")
    sound(here)


def test_both_are_answered_and_each_says_what_they_think(small: Town) -> None:
    """By the same words, with their own number; then the cases stand by themselves again: one is
    opened anew, the other is closed."""
    here, first = small, small.member("first")
    older, newer, one, two = lamps(here)
    put(here, older, newer)
    first.say("待办")
    code = first.code
    first.say(f"答{code} 已解决 13 盏都亮了")
    here.wait(minutes=1)
    for phone, number in ((one, older), (two, newer)):
        assert (
            f"需{number} 昭乌达路街道委员工作站答复您：\n已解决 13 盏都亮了" in phone.notices()[-1]
        )
    sound(here)
    one.tap("没有")
    two.tap("是")
    two.tap("满意")
    states = {case.number: (case.state, case.merged_into) for case in here.cases()}
    assert states == {older: ("dispatched", None), newer: ("closed", None)}
    sound(here)


def test_taken_apart_it_waits_for_the_office_with_its_own_time(small: Town) -> None:
    """As long as the other one is open: back in the queue, the answer due when it always was; what
    is tried on a part by anybody says where it goes on."""
    older, newer, one, _ = lamps(small)
    answer = due(small, older, "answer")
    desk = desk_of(small, "staff", "dong.sl")
    merge(desk, older, newer)
    page = desk.open(f"/console/cases/{older}")
    assert "和这一件一起办" in page
    assert f"并到 需{newer} 了" in page
    assert "派给工作站" not in page
    desk.post(f"/console/cases/{older}/correct", hidden(desk) | {"category": "road"})
    assert desk.status == 409
    desk.open(f"/console/cases/{older}")
    assert "拆开了" in desk.send("unmerge")
    assert due(small, older, "answer") == answer
    sound(small)
    assert listed(desk, "person") == [older]
    small.wait(minutes=1)
    assert "改成单独办" in one.notices()[-1]
    desk.open(f"/console/cases/{older}")
    assert "派给" in desk.send("dispatch", station="T001")
    sound(small)


def test_a_part_outlives_the_one_that_is_withdrawn(small: Town) -> None:
    """The matter goes on for who did not withdraw it: the oldest part is the case that the station
    has, the others are parts of it. Withdrawing a part leaves the rest alone."""
    third = small.phone("three")
    small.member("first")
    older, newer, one, two = lamps(small)
    last = reported(small, SAME + "三号楼", "three")
    for each in (newer, last):
        put(small, each, older)
    one.say("撤回")
    one.tap("撤回")
    found = {case.number: (case.state, case.merged_into) for case in small.cases()}
    assert found == {
        older: ("withdrawn", None), newer: ("dispatched", None), last: ("new", newer),
    }  # fmt: skip
    sound(small)
    third.say("撤回")
    third.tap("撤回")
    small.wait(minutes=1)
    assert "由昭乌达路街道委员工作站来办" in two.notices()[-1]
    assert [case.state for case in small.cases()] == ["withdrawn", "dispatched", "withdrawn"]
    sound(small)


def test_the_same_persons_two_cases_are_answered_once(small: Town) -> None:
    """Told once, asked once; the other number is over with the answer."""
    first, resident = small.member("first"), small.phone()
    older, newer = reported(small, LAMP), reported(small, SAME)
    put(small, newer, older)
    small.wait(minutes=1)
    assert f"需{newer} 和您的 需{older} 是同一件事" in resident.notices()[-1]
    before = len(resident.received())
    first.say(f"答{first.codes()[0]} 已解决 亮了")
    small.wait(minutes=1)
    assert [each[:12] for each in resident.notices()[before:]] == [f"需{older}"]
    states = {case.number: case.state for case in small.cases()}
    assert states == {older: "answered", newer: "closed"}
    sound(small)


def test_what_only_few_may_see_is_never_merged(small: Town) -> None:
    """Neither a lead nor an emergency is named among those alike; a lead is not found by its
    number, of an emergency, which the office sees, it is said why it stands alone; a part
    that turns out to be an emergency stands alone at once; who wants to talk to a person is not
    merged, and one who asks for it later is taken out."""
    lead, fire = reported(small, BRIBE, "a"), reported(small, FIRE, "b")
    one, two = reported(small, UNCLEAR, "c"), reported(small, UNCLEAR + "啊", "d")
    desk = desk_of(small, "staff", "dong.sl")
    assert "紧急的、受限的" in merge(desk, two, fire)
    for hidden_one in (lead, "261123-9999", "胡说"):
        assert "没有找到要并入的那一件" in merge(desk, two, hidden_one)
    assert "并好了" in merge(desk, two, one)
    assert "并好了" not in merge(desk, one, one)
    small.phone("d").say("人工")
    assert small.cases()[-1].queue == "staff"
    assert "要找工作人员说话" in merge(desk, two, one)
    sound(small)
    desk.open(f"/console/cases/{one}")
    desk.send("reject", reason="没有说清什么事")
    sound(small)


def test_the_office_ends_all_of_them_at_once(small: Town) -> None:
    """Rejected, or answered from the queue: each resident hears it with their own number."""
    one, two = reported(small, UNCLEAR, "c"), reported(small, UNCLEAR + "啊", "d")
    put(small, one, two)
    with pytest.raises(Refused):
        staff.reject(small.deps, one, "说的是别处的事")
    staff.reject(small.deps, two, "说的是别处的事")
    small.wait(minutes=1)
    for name, number in (("c", one), ("d", two)):
        assert f"需{number} 工作人员看过了" in small.phone(name).notices()[-1]
    assert [case.state for case in small.cases()] == ["rejected", "rejected"]
    sound(small)
