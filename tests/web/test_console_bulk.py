"""Several cases of the office's queue at once, each by itself."""

from tests.conversation_rig import LAMP
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish
from tests.web.test_console_merging import sound
from tests.web.test_console_queue import BRIBE, FIRE, UNCLEAR, hidden, listed, reported


def test_each_is_done_or_told_why_not(make_town: MakeTown, sqlite_url: str) -> None:
    """Sent to the station proposed for each; what has none, what somebody has changed meanwhile,
    and what is for other eyes or in danger is left alone, with the reason."""
    town = make_town(sqlite_url)
    furnish(town)
    desk = desk_of(town, "staff", "dong.sl")
    ready, bare, moved = (
        reported(town, words, who) for words, who in ((LAMP, "a"), (UNCLEAR, "b"), (LAMP, "c"))
    )
    fire, lead = reported(town, FIRE, "d"), reported(town, BRIBE, "e")
    for each in (ready, moved):
        desk.open(f"/console/cases/{each}")
        desk.send("recall", reason="一起派")
    listed(desk, "person")
    boxes = [str(each) for each in desk.tree.xpath("//input[@name='case']/@value")]
    assert {box.partition(".")[0] for box in boxes} == {ready, bare, moved}
    fields = hidden(desk) | {"case": [*boxes, f"{fire}.1", f"{lead}.1", "x.y"]}
    desk.open(f"/console/cases/{moved}")
    desk.send("correct", category="heating")
    page = desk.post("/console/bulk", fields | {"task": "dispatch"})
    assert "办了 1 件，5 件没有办" in page
    for why in ("没有建议的工作站", "刚刚有人动过", "紧急的和专人办的不能一起办"):
        assert why in page
    assert "没有这件诉求，或者不归您看" in page
    states = {case.number: case.state for case in town.cases()}
    assert states[ready] == "dispatched"
    assert {states[each] for each in (bare, fire, lead)} == {"new"}
    sound(town)


def test_no_case_needs_a_reason_and_the_right(make_town: MakeTown, sqlite_url: str) -> None:
    """Without a reason, or without any ticked, the list comes back with what was ticked; a station
    has no boxes, and gets nowhere without them."""
    town = make_town(sqlite_url)
    furnish(town)
    desk, head = desk_of(town, "staff", "dong.sl"), desk_of(town, "head", "yang.xz")
    one, two = reported(town, UNCLEAR, "b"), reported(town, UNCLEAR + "啊", "c")
    assert "一件也没有勾选" in desk.post("/console/bulk", _form(desk) | {"task": "reject"})
    fields = _form(desk) | {"case": [f"{one}.1", f"{two}.1"], "task": "reject"}
    assert "请写明理由" in desk.post("/console/bulk", fields)
    assert (desk.status, len(desk.tree.xpath("//input[@checked]"))) == (409, 2)
    assert not head.tree.xpath("//input[@name='case']")
    head.open("/console/queue")
    refused = head.post(
        "/console/bulk", hidden(head) | fields | {"reason": "广告", "token": _token(head)}
    )
    assert "办了" not in refused.split("一件也没有办成")[0]
    assert "办了 2 件" in desk.post("/console/bulk", fields | {"reason": "是广告"})
    town.wait(minutes=1)
    assert "是广告" in town.phone("b").notices()[-1]
    assert listed(desk, "person") == []


def _form(desk: Desk) -> dict[str, str]:
    listed(desk, "person")
    return hidden(desk)


def _token(desk: Desk) -> str:
    return str(desk.tree.xpath("//input[@name='token']/@value")[0])
