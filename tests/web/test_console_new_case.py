"""The office writes a demand down for somebody who called, came by or wrote."""

from tests.conversation_rig import LAMP
from tests.web.conftest import MakeTown
from tests.web.console_rig import desk_of, furnish
from tests.web.test_console_queue import BRIBE

WHOSE = "王桂花 13812345678"


def test_a_call_becomes_a_case_like_any_other(make_town: MakeTown, sqlite_url: str) -> None:
    """It is read and routed, its source is kept, the name is covered and read with a reason; what
    is alike by place or by phone comes first; the same form twice is one case."""
    town = make_town(sqlite_url)
    furnish(town)
    desk = desk_of(town, "staff", "dong.sl")
    desk.open("/console/new")
    assert "还没有写字" in desk.send("new", words=" ", source="phone")
    assert "请选一下" in desk.send("new", words=LAMP, source="fax", whose=WHOSE)
    assert desk.tree.xpath("//textarea/text()")[0].strip() == LAMP
    form = desk.page
    assert "昭乌达路街道委员工作站会在" in desk.send("new", words=LAMP, source="phone", whose=WHOSE)
    desk.page = form
    desk.send("new", words=LAMP, source="phone", whose=WHOSE, choice="new")
    case = town.case()
    assert (case.source, case.state) == ("phone", "dispatched")
    shown = desk.open(f"/console/cases/{case.number}")
    assert "王桂花" not in shown
    assert "13812345678" not in shown
    assert WHOSE in desk.send("/unmask", field="name", reason="要回电话")
    assert case.number in desk.open("/console/search?words=13812345678")
    desk.open("/console/new")
    desk.send("new", words="另一件事，噪声太大", source="walk_in", whose=WHOSE)
    assert f"补充到 需{case.number}" in desk.text
    assert len(town.cases()) == 1
    desk.page = desk.client.get("/console/new")
    desk.send("new", words=LAMP, source="letter")
    assert f"补充到 需{case.number}" in desk.text
    desk.send("new", words=f"{LAMP}，又坏了一盏", source="letter", choice=case.number,
              place="学校北门 13911112222")  # fmt: skip
    assert "补充到" in desk.text
    assert "又坏了一盏" in desk.open(f"/console/cases/{case.number}")
    assert "在哪里：学校北门 139****2222" in desk.text
    assert WHOSE in desk.send("/unmask", field="name", reason="再回电话")
    assert "代人登记" not in desk_of(town, "duty", "yun.zs").text


def test_a_lead_written_down_is_answered_past_who_wrote_it(
    make_town: MakeTown, sqlite_url: str
) -> None:
    """Who opened it reads on the page that named staff alone see it; later only that it is over:
    neither the matter nor the answer, on no way and not by its code."""
    town = make_town(sqlite_url)
    furnish(town)
    clerk, desk = town.member("staff"), desk_of(town, "staff", "dong.sl")
    desk.open("/console/new")
    said = desk.send("new", words=BRIBE, source="phone", whose=WHOSE)
    assert "只有指定的工作人员看得到" in said
    assert "由他们直接答复本人" in said
    number = town.case().number
    trusted = desk_of(town, "trusted", "an.zb", strong=True)
    trusted.open(f"/console/cases/{number}")
    trusted.send("answer", answer="已经移送，主任停职了")
    town.wait(seconds=10)
    (told,) = clerk.received()
    assert "由指定的人办" in told.text
    every_way = f"{told!r}{town.rows('SELECT params FROM outbox')!r}{clerk.say('看10')}"
    assert not any(word in every_way for word in ("红包", "主任", "停职"))
