"""The office clears its queue on the console."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from bench.due import fill
from bot.store.worklists import PAGE
from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish

UNCLEAR = "不知道找谁，反正就是不满意"
FIRE = "着火了！昭乌达路二楼冒烟"
BRIBE = "我要举报街道办主任收红包"


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office, on both databases."""
    town = make_town(pages_url)
    furnish(town)
    return town


def reported(town: Town, words: str, who: str = "resident") -> str:
    """Somebody writes; the case has settled; its number."""
    town.phone(who).say(words)
    town.wait(seconds=10)
    return town.cases()[-1].number


def listed(desk: Desk, view: str = "") -> list[str]:
    """Numbers in a list, as it is shown."""
    desk.open(f"/console/queue?view={view}" if view else "/console/queue")
    links = desk.tree.xpath("//table//a/@href")
    return [str(link).split("/")[3].partition("?")[0] for link in links]


def hidden(desk: Desk) -> dict[str, str]:
    """What a form of this page carries."""
    fields = desk.tree.xpath("//input[@type='hidden']")
    return {str(each.get("name")): str(each.get("value")) for each in fields}


def counts(desk: Desk) -> dict[str, str]:
    """What the tabs say."""
    tabs = (tab.text_content().split() for tab in desk.tree.xpath("//nav[@class='views']/a"))
    return {tab[0]: tab[1] for tab in tabs}


def test_a_case_is_dispatched_and_the_member_hears_of_it(here: Town) -> None:
    """It waits in the list with the machine's reasons; sent to a station it leaves the list, the
    conveners get it, the resident is told, and the history names the post."""
    number = reported(here, UNCLEAR)
    first, resident = here.member("first"), here.phone()
    desk = desk_of(here, "staff", "dong.sl")
    assert listed(desk) == [number]
    assert counts(desk)["要人看"] == "1"
    shown = desk.open(f"/console/cases/{number}")
    assert "反正就是不满意" in shown
    assert "看不出" in shown
    assert "没人动的话" in shown
    said = desk.send("dispatch", station="T001", reason="问过了，是路灯")
    assert "派给昭乌达路街道委员工作站了" in said
    assert listed(desk) == []
    here.wait(seconds=10)
    assert "接" in first.notices()[-1]
    assert "昭乌达路" in resident.notices()[-1]
    assert "换一个工作站" in desk.open(f"/console/cases/{number}")
    events = here.rows("SELECT kind FROM events WHERE post_id IS NOT NULL ORDER BY id")
    assert ("dispatched",) in events


def test_what_somebody_did_is_their_own_list_until_it_is_over(here: Town) -> None:
    """Whoever dispatched a case finds it again while it goes on; others don't have it there."""
    number, other = reported(here, UNCLEAR), reported(here, UNCLEAR, "two")
    first = here.member("first")
    desk, boss = desk_of(here, "staff", "dong.sl"), desk_of(here, "boss", "guan.li", strong=True)
    assert listed(desk, "mine") == []
    desk.open(f"/console/cases/{number}")
    desk.send("dispatch", station="T001")
    assert listed(desk, "mine") == [number]
    assert counts(desk)["我经手的"] == "1"
    assert listed(boss, "mine") == []
    here.wait(seconds=10)
    first.say(f"接{first.code}")
    assert listed(desk, "mine") == [number]
    first.say(f"答{first.code} 灯昨晚修好了")
    here.phone().say("解决了")
    here.phone().say("满意")
    assert listed(desk, "mine") == []
    assert other in listed(desk)


def test_two_on_one_case_lose_nothing(here: Town) -> None:
    """Who comes second is told, and what they typed is still there."""
    number = reported(here, UNCLEAR)
    one, two = desk_of(here, "staff", "dong.sl"), desk_of(here, "boss", "guan.li", strong=True)
    one.open(f"/console/cases/{number}")
    two.open(f"/console/cases/{number}")
    two.send("reject", reason="是广告")
    said = one.send("dispatch", station="T001", reason="我问过居民")
    assert one.status == 409
    assert "刚刚有人动过" in said
    assert "现在不能办的" in said
    assert "我问过居民" in said
    assert here.case().state == "rejected"


def test_what_is_refused_keeps_what_was_typed(here: Town) -> None:
    """A station that does not exist, or a reason that is missing: said above, with the words kept
    in the form."""
    number = reported(here, UNCLEAR)
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}")
    assert "请写工作站" in desk.send("dispatch", station=" ", reason="因为")
    assert "没有叫“没有的站”的工作站" in desk.send("dispatch", station="没有的站", reason="因为")
    assert desk.tree.xpath("//input[@name='station']/@value") == ["没有的站"]
    assert "请写明理由" in desk.send("reject", reason="\u200b \u2060")
    assert "最多 300 个字，现在有 301 个" in desk.send("reject", reason="字" * 301)
    desk.send("reject", reason="理由在前" + "字" * 30_000)
    assert desk.status == 413
    assert desk.tree.xpath("//textarea/text()")[0].startswith("理由在前")
    desk.open(f"/console/cases/{number}")
    assert "没有留住您写的话" in desk.send("reject", reason="字" * 100_000)
    desk.open(f"/console/cases/{number}")
    assert "答复了" in desk.send("answer", answer="已解决 灯修好了")
    assert here.case().state == "answered"


def test_an_emergency_that_is_none_is_called_off(here: Town) -> None:
    """Only for a reason; the alarm stops, and the phones that rang hear by whom and why."""
    duty, night, boss = here.member("duty"), here.member("night"), here.member("staff")
    number = reported(here, FIRE)
    here.wait(minutes=1)
    assert "紧急" in duty.notices()[0]
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}?view=emergency")
    assert "请写明理由" in desk.send("reject", reason=" ")
    assert "不作诉求办" in desk.send("reject", reason="是消防演习")
    before = len(boss.notices())
    here.wait(hours=1)
    for phone in (duty, night):
        assert "冬受理看过了，不算紧急，不用再赶：是消防演习" in phone.notices()[-1]
    assert boss.notices()[before:] == []  # who called it off knows
    assert here.rows("SELECT kind FROM clocks WHERE ended_at IS NULL") == []
    assert here.rows("SELECT code FROM item_codes WHERE released_at IS NULL") == []


def test_restricted_cases_open_only_after_the_code(here: Town) -> None:
    """Intake staff don't see that it exists; who is named for it does, with the authenticator; its
    words stand in no list."""
    number = reported(here, BRIBE)
    staff = desk_of(here, "staff", "dong.sl")
    assert listed(staff, "all") == []
    staff.open(f"/console/cases/{number}")
    assert staff.status == 404
    staff.open("/console/queue?view=restricted")
    assert staff.status == 404
    weak = desk_of(here, "trusted", "an.zb")
    assert "启用动态码" in weak.open(f"/console/cases/{number}")
    weak.enrol()
    assert listed(weak, "restricted") == [number]
    assert "红包" not in weak.text
    assert "红包" in weak.open(f"/console/cases/{number}")
    assert "派给工作站" not in weak.text
    assert "答复了" in weak.send("answer", answer="解释 已转纪检监委")
    listed(weak, "all")
    assert "红包" not in weak.text


def test_a_lead_is_ended_by_named_staff_alone(here: Town) -> None:
    """Also when what the sender added makes it an emergency: then the duty desk acts on the danger,
    and only who is named for it answers or rejects it."""
    here.phone().say(BRIBE)
    number = reported(here, "孩子在学校被打了，这个事没人管")
    assert here.case().queue == "emergency"
    staff = desk_of(here, "staff", "dong.sl")
    staff.open(f"/console/cases/{number}")
    assert "不是诉求" not in staff.text
    staff.post(f"/console/cases/{number}/reject", hidden(staff) | {"reason": "不是诉求"})
    assert (staff.status, here.case().state) == (409, "new")
    named = desk_of(here, "trusted", "an.zb", strong=True)
    assert number in listed(named, "emergency")
    named.open(f"/console/cases/{number}")
    assert "答复了" in named.send("answer", answer="解释 已转纪检监委")


def test_an_emergency_is_taken_by_who_is_on_duty(here: Town) -> None:
    """One tap; nobody sends it to a station without saying why it is none any more."""
    number = reported(here, FIRE)
    duty, staff = desk_of(here, "duty", "yun.zs"), desk_of(here, "staff", "dong.sl")
    assert listed(duty) == [number]
    duty.open(f"/console/cases/{number}")
    assert "派给工作站" not in duty.text or "为什么不算紧急了" in duty.text
    duty.send("acknowledge")
    assert here.rows("SELECT 1 FROM events WHERE kind = 'acknowledged'") == [(1,)]
    staff.open(f"/console/cases/{number}")
    assert "云值守在处理" in staff.text
    assert "我来处理" not in staff.text
    staff.post(f"/console/cases/{number}/acknowledge", hidden(staff))
    assert "云值守已经应了" in staff.text
    assert "为什么不算紧急了" in staff.send("dispatch", station="T001", reason=" ")
    assert staff.status == 409
    assert "派给" in staff.send("dispatch", station="T001", reason="火灭了，只剩清理")


def test_late_ones_show_a_light(here: Town) -> None:
    """Yellow within a working day of its time, red from then on; a station's own people see theirs
    and no other's."""
    here.phone().say(LAMP)
    here.wait(seconds=10)
    number = here.case().number
    desk, head = desk_of(here, "staff", "dong.sl"), desk_of(here, "head", "yang.xz")
    assert listed(desk, "yellow") == [number]
    assert listed(desk, "red") == []
    here.clock.advance(timedelta(days=3))
    desk, other = desk_of(here, "chief", "ling.dao"), desk_of(here, "neighbour", "lu.cy")
    assert listed(desk, "red") == [number]
    assert "▲ 晚了" in desk.text
    desk.open(f"/console/cases/{number}")
    desk.send("supervise", note="请今天答复")
    assert listed(desk, "supervised") == [number]
    head.sign_in("yang.xz")
    assert listed(head, "open") == [number]
    assert listed(other, "open") == []


def test_pages_follow_each_other_and_ask_little(here: Town) -> None:
    """A hundred and twenty cases: each once over three pages, in two orders, with at most fifteen
    questions to the database a page, however many there are."""
    here.phone().say(LAMP)
    here.wait(seconds=10)
    fill(here.deps.database, 2 * PAGE + 20)
    desk = desk_of(here, "staff", "dong.sl")
    asked: list[str] = []
    event.listen(here.deps.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    for view in ("open", "all"):
        seen: list[str] = []
        where = f"/console/queue?view={view}"
        while where:
            asked.clear()
            desk.open(where)
            assert len(asked) <= 15, "\n".join(asked)
            seen += desk.tree.xpath("//table//a/@href")
            where = "".join(desk.tree.xpath("//p[@class='pages']/a[.='下一页']/@href"))
        assert len(seen) == len(set(seen)) == 2 * PAGE + 20


STRANGE = (
    *("queue?view=nothing", "cases/261123-9999", "cases/%00", "cases/' OR 1=1"),
    *(f"queue?after={words}" for words in ("x", "1.1.1e999", "9" * 400, "-1.0.", "1.0.nan")),
)


def test_addresses_that_make_no_sense_break_nothing(here: Town) -> None:
    """They begin at the start, or say that there is no such page."""
    desk = desk_of(here, "staff", "dong.sl")
    for path in STRANGE:
        desk.open(f"/console/{path}")
        assert desk.status in (200, 404), path
