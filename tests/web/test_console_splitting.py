"""Two matters in one message become two cases."""

from tests.conversation_rig import LAMP
from tests.web.conftest import MakeTown
from tests.web.console_rig import desk_of, furnish
from tests.web.test_console_merging import due, sound
from tests.web.test_console_queue import FIRE, hidden, reported

TWO = "昭乌达路街道的路灯坏了三天了。另外大学西路街道的暖气不热，打13800000000找我"


def test_the_second_matter_gets_a_case_of_its_own(make_town: MakeTown, sqlite_url: str) -> None:
    """The machine's proposal is ticked, nothing personal is shown; the new case has its own
    number, reading and station, and the day of the first; the resident hears of both numbers once,
    and whoever has the first that they need not think of the second."""
    town = make_town(sqlite_url)
    furnish(town)
    first, neighbour = town.member("first"), town.member("neighbour")
    number = reported(town, TWO)
    desk = desk_of(town, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}")
    desk.send("dispatch", station="T001")
    town.wait(hours=5)
    first.say(f"接{first.code}")
    desk.sign_in("dong.sl")
    desk.open(f"/console/cases/{number}")
    assert "机器听出了两件事" in desk.text
    page = desk.open(f"/console/cases/{number}/split")
    assert "13800000000" not in page
    ticked = [int(str(each)) for each in desk.tree.xpath("//input[@checked]/@value")]
    assert ticked == [1, 2]
    fields = hidden(desk) | {"clause": ["1", "2"]}
    assert "拆成两件了" in desk.post(f"/console/cases/{number}/split", fields)
    town.wait(minutes=1)
    one, two = town.cases()
    assert (one.text, one.owner) == ("昭乌达路街道的路灯坏了三天了。", "昭乌达路街道委员工作站")
    assert (two.owner, two.category, two.state) == (
        "大学西路街道委员工作站",
        "heating",
        "dispatched",
    )
    assert "机器听出了两件事" not in desk.open(f"/console/cases/{number}")
    assert "暖气" not in one.text
    assert two.created_at == one.created_at
    assert due(town, two.number, "answer") <= due(town, number, "answer")
    assert f"分开办：需{number} 和 需{two.number}" in town.phone().notices()[-1]
    assert f"已经拆成 需{two.number} 另办" in first.notices()[-1]
    assert "暖气" in neighbour.notices()[-1]
    sound(town)


def test_nothing_and_all_are_no_second_matter(make_town: MakeTown, sqlite_url: str) -> None:
    """Refused, with the ticks kept; one clause can't be split, an emergency never is; what is split
    off goes to its station while the rest waits in the queue."""
    town = make_town(sqlite_url)
    furnish(town)
    desk = desk_of(town, "staff", "dong.sl")
    single, fire = reported(town, "说不清楚就是烦", "one"), reported(town, FIRE, "two")
    for each in (single, fire):
        desk.open(f"/console/cases/{each}/split")
        assert not desk.tree.xpath("//input[@name='clause']")
    rest = f"{'乱七八糟' * 12}。"  # said over and over: nobody is sure of it
    number = reported(town, f"{rest}{LAMP}", "three")
    path = f"/console/cases/{number}/split"
    desk.open(path)
    places = [str(each) for each in desk.tree.xpath("//input[@name='clause']/@value")]
    fields = hidden(desk)
    assert "请选出另一件事的几句" in desk.post(path, fields | {"clause": places})
    assert desk.status == 409
    assert len(desk.tree.xpath("//input[@checked]")) == len(places)
    desk.post(path, fields | {"clause": places[-1:]})
    states = {case.text: case.state for case in town.cases()[2:]}
    assert states == {rest: "new", LAMP: "dispatched"}
    sound(town)
