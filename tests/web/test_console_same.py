"""What may be one matter is shown to the office with reasons, and taken or refused by a click."""

import json

import pytest

from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, command, desk_of, furnish
from tests.web.h5_rig import pages_of
from tests.web.test_console_queue import reported

DARK = "昭乌达路街道路灯坏了好几天，晚上黑得很"
DANGER = "昭乌达路街道的路灯杆倒了，砸到人了，流了好多血，快来人"
MANY = "可能是同一件事：{} 件"


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


def two(town: Town) -> tuple[str, str]:
    """Two residents about one lamp, compared; their numbers."""
    numbers = reported(town, LAMP, "one"), reported(town, DARK, "two")
    town.wait(minutes=2)
    return numbers


def choose(desk: Desk, number: str, task: str, **fields: str) -> str:
    """A button under the first suggestion on a case's page."""
    desk.open(f"/console/cases/{number}")
    form = desk.tree.xpath(f"//section[@aria-labelledby='same']//form[contains(@action, '{task}')]")
    hidden = {i.get("name"): i.get("value") for i in form[0].xpath(".//input")}
    return desk.post(form[0].get("action"), hidden | fields)


def test_taken_in_one_click(here: Town) -> None:
    """The list and both pages say how many; the reasons stand there; one click is 并案, and what
    was said of the pair can be learned from."""
    older, newer = two(here)
    desk = desk_of(here, "staff", "dong.sl")
    assert desk.open("/console/queue?view=open").count(MANY.format(1)) == 2
    for number in (older, newer):
        page = desk.open(f"/console/cases/{number}")
        assert MANY.format(1) in page
        assert "都提到 昭乌达路街道" in page
        assert "同一天说的" in page
    assert "有 1 位邻居也反映了" in here.phone("one").say("查进度")
    assert "并好了" in choose(desk, newer, "merge")
    assert "有 1 位邻居也反映了" in here.phone("two").say("查进度")
    assert "可能是同一件事" not in desk.open("/console/queue?view=open")
    assert "可能是同一件事" not in desk.open(f"/console/cases/{older}")
    told = json.loads(command(here, "cases", "same"))
    assert (told["one"], told["other"], told["same"]) == (newer, older, True)


def test_refused_for_good(small: Town) -> None:
    """不是同一件 is kept with who said so, is not suggested again, also after more words, and no
    resident hears of it; a second click finds nothing to say it of."""
    older, newer = two(small)
    one = small.phone("one")
    assert "有 1 位邻居也反映了" in one.say("查进度")
    desk = desk_of(small, "staff", "dong.sl")
    other = desk_of(small, "boss", "bo.ss", strong=True)
    other.open(f"/console/cases/{newer}")
    assert "记下了" in choose(desk, newer, "not_same")
    assert "可能是同一件事" not in desk.text
    assert f"看过，不是同一件：{older}" in desk.text
    assert json.loads(command(small, "cases", "same"))["same"] is False
    small.phone("two").say("补充一下，就在农大西门外面")
    small.wait(minutes=2)
    assert "可能是同一件事" not in desk.open(f"/console/cases/{older}")
    assert "邻居" not in one.say("查进度")
    for wrong in ("", "261123-9999", newer):
        fields = {"into": wrong, "version": "1", "token": "x"}
        assert desk.post(f"/console/cases/{older}/not_same", fields)
        assert desk.page.status_code in (400, 403, 409)


def test_residents_hear_of_neighbours_without_names(small: Town) -> None:
    """How many others surely said it, in chat and on the page, also when the cases go on together;
    one's own second message is no neighbour, and a closed case says nothing of it."""
    numbers = two(small)
    again = reported(small, LAMP, "three")
    small.phone("one").say("昭乌达路街道路灯还是坏的，天天晚上黑着")
    small.wait(minutes=2)
    said = small.phone("one").say("查进度")
    assert "有 2 位邻居也反映了" in said
    page = pages_of(small.phone("one")).open(f"/h5/c/{numbers[0]}")
    assert "有 2 位邻居也反映了" in page
    desk = desk_of(small, "staff", "dong.sl")
    desk.open(f"/console/cases/{again}")
    desk.send("merge", into=numbers[1])
    assert "有 2 位邻居也反映了" in small.phone("three").say("查进度")
    small.phone("three").say("撤回")
    small.phone("three").say("是")
    assert "邻居" not in small.phone("three").last
    assert "有 1 位邻居也反映了" in small.phone("one").say("查进度")


def test_nobody_learns_of_what_they_may_not_see(small: Town) -> None:
    """What has become an emergency is neither shown, counted, nor told of, though it was found
    while it was none; a station sees no suggestion of a case that lies elsewhere."""
    older, newer = two(small)
    with small.deps.database.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE cases SET queue = 'restricted', handling = 'named_staff' "
            f"WHERE number = '{newer}'"
        )
    staff = desk_of(small, "staff", "dong.sl")
    assert "可能是同一件事" not in staff.open(f"/console/cases/{older}")
    assert "可能是同一件事" not in staff.open("/console/queue?view=open")
    assert "邻居" not in small.phone("one").say("查进度")
    assert "邻居" not in small.phone("two").say("查进度")
    staff.open(f"/console/cases/{older}")
    token, version = (
        staff.tree.xpath(f"//input[@name='{name}']/@value")[0] for name in ("token", "version")
    )
    fields = {"into": newer, "token": token, "version": version}
    page = staff.post(f"/console/cases/{older}/not_same", fields)
    assert staff.page.status_code == 409
    assert "已经不在了" in page
