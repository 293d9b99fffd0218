"""What is covered is read with a reason; what is restricted leaves a line; what goes on paper."""

from datetime import timedelta

import pytest

from tests.conversation_rig import LAMP, Town, answered
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish

PHONE = "13812345678"
BRIBE = f"我要举报街道办主任收红包，电话 {PHONE}"
WHY = "要打电话问清楚"


@pytest.fixture
def here(make_town: MakeTown, sqlite_url: str) -> Town:
    """The small network and an office."""
    town = make_town(sqlite_url)
    furnish(town)
    return town


def reported(town: Town, words: str) -> str:
    """Somebody writes; the case has settled; its number."""
    town.phone().say(words)
    town.wait(seconds=10)
    return town.cases()[-1].number


def kept(town: Town, kind: str) -> list[tuple[str, str]]:
    """Lines of a kind in the access log: number and reason."""
    return [
        (row[0], row[1])
        for row in town.rows(
            "SELECT c.number, a.reason FROM access_log a JOIN cases c ON c.id = a.case_id "
            f"WHERE a.kind = '{kind}' ORDER BY a.id"
        )
    ]


def look(desk: Desk, field: str, reason: str) -> str:
    """Ask for a covered field of the case on this page."""
    return desk.send("/unmask", field=field, reason=reason)


def test_a_phone_is_read_once_with_a_reason(here: Town) -> None:
    """Only with a reason, only on that answer, only by who may have to call; each time is kept."""
    number = reported(here, f"{LAMP}，我的电话 {PHONE}")
    desk, chief = desk_of(here, "staff", "dong.sl"), desk_of(here, "chief", "ling.dao")
    assert PHONE not in desk.open(f"/console/cases/{number}")
    assert "请写明为什么要看" in look(desk, "phones", "  好 ")
    assert (desk.status, PHONE in desk.text) == (409, False)
    assert PHONE in look(desk, "phones", WHY)
    assert desk.page.headers["Cache-Control"] == "no-store"
    assert PHONE in look(desk, "words", WHY)
    assert "没有这样的内容" in look(desk, "name", WHY)
    assert PHONE not in desk.open(f"/console/cases/{number}")
    assert kept(here, "unmasked") == [(number, WHY), (number, WHY)]
    assert "看遮住的内容" not in chief.open(f"/console/cases/{number}")
    fields = {"field": "phones", "reason": WHY, "token": token(chief)}
    assert "不归您看" in chief.post(f"/console/cases/{number}/unmask", fields)
    assert (chief.status, PHONE in chief.text) == (409, False)
    assert len(kept(here, "unmasked")) == 2


def test_a_phone_in_an_answer_is_covered_everywhere(here: Town) -> None:
    """On the case page, in the conversation and on paper; as the resident got it with a reason."""
    answered(here, f"已解决 有事找李师傅 {PHONE}")
    desk, number = desk_of(here, "staff", "dong.sl"), here.case().number
    assert PHONE not in desk.open(f"/console/cases/{number}/print")
    assert "138****5678" in desk.text
    assert PHONE not in desk.open(f"/console/cases/{number}")
    assert PHONE in look(desk, "answer", WHY)


def token(desk: Desk) -> str:
    """What a form of this browser carries."""
    return str(desk.tree.xpath("//input[@name='token']/@value")[0])


def test_restricted_ones_leave_a_line(here: Town) -> None:
    """Who looks at one is kept, once a session, before it is shown; what is covered of it needs the
    authenticator's code in this session, and nobody else learns that it exists."""
    number = reported(here, BRIBE)
    staff = desk_of(here, "staff", "dong.sl")
    for page in ("", "/print", "/hotline"):
        staff.open(f"/console/cases/{number}{page}")
        assert staff.status == 404
    staff.open("/console/search")
    fields = {"field": "phones", "reason": WHY, "token": token(staff)}
    staff.post(f"/console/cases/{number}/unmask", fields)
    assert staff.status == 404
    assert kept(here, "restricted_seen") == []
    named = desk_of(here, "trusted", "an.zb", strong=True)
    for page in ("/print", "/hotline", "/write", ""):
        named.open(f"/console/cases/{number}{page}")
        assert named.status == 200
        assert PHONE not in named.text
    assert len(kept(here, "restricted_seen")) == 1
    assert PHONE in look(named, "phones", WHY)
    here.clock.advance(timedelta(hours=2))
    named.sign_in("an.zb")
    named.post(f"/console/cases/{number}/unmask", {"field": "phones", "reason": WHY})
    assert PHONE not in named.text
    named.open("/console/code")
    named.send("code", code=named.code())
    named.open(f"/console/cases/{number}")
    assert len(kept(here, "restricted_seen")) == 2
    assert "看了受限诉求" in desk_of(here, "checker", "shen", strong=True).open("/console/audit")


def test_an_emergency_is_called_by_who_is_on_duty(here: Town) -> None:
    """The duty desk reads the phone of what it has, and sees nothing else."""
    number = reported(here, f"着火了！昭乌达路二楼冒烟，{PHONE}")
    duty = desk_of(here, "duty", "yun.zs")
    duty.open(f"/console/cases/{number}")
    assert PHONE in look(duty, "phones", "要问人出来没有")


def test_on_paper_and_for_the_hotline(here: Town) -> None:
    """Masked, with who printed it and when; the resident's own words for 12345 with a reason."""
    number = reported(here, f"{LAMP}，我的电话 {PHONE}")
    desk = desk_of(here, "staff", "dong.sl")
    paper = desk.open(f"/console/cases/{number}/print")
    assert "打印于 2026-11-23 10:00" in paper
    assert "昭乌达路街道委员工作站" in paper
    assert PHONE not in paper
    assert PHONE not in desk.open(f"/console/cases/{number}/hotline")
    pasted = str(desk.tree.xpath("//textarea/text()")[0])
    assert pasted.startswith("地点：昭乌达路街道\n时间：2026-11-23 10:00\n事项：")
    assert "路灯坏了三天了" in pasted
    assert "请写明为什么要看" in desk.send("hotline", reason="12")
    assert PHONE in desk.send("hotline", reason="12345 要原话回访")
    assert kept(here, "unmasked") == [(number, "12345 要原话回访")]
