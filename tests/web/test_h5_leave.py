"""请假 by page and by the office: the same leave as in chat."""

import json

from bot.services import leaving
from bot.services.calls import called
from bot.services.changing_over import change_over
from bot.services.staff import calls
from tests.conversation_rig import LAMP, Town
from tests.web.h5_rig import pages_of


def test_leave_by_page(town: Town) -> None:
    """Days and a colleague chosen; a wrong day keeps what was chosen; what stands is shown to both
    sides, the stand-in acts by the case's page, and one button ends it."""
    first, head = town.member("first"), town.member("head")
    town.phone().say(LAMP)
    town.wait(seconds=5)
    first.say(f"接{first.code}")
    page = pages_of(first)
    assert "请假" in page.open("/h5/todo")
    assert "牛茶壶（第二召集人）" in page.open("/h5/leave")
    wrong = page.send("", first="2026-11-28", last="2026-11-25", name="羊小桌站长")
    assert page.status == 409
    assert "11月25日 在开始的日子 11月28日 前面" in wrong
    chosen = page.tree.xpath("//select/option[@selected]/@value")
    assert (chosen, page.tree.xpath("//input[@id='first']/@value")) == (
        ["羊小桌站长"],
        ["2026-11-28"],
    )
    assert "请选两个日子" in page.send("", first="2026-11-28", last="soon", name="")
    said = page.send("", first="2026-11-23", last="2026-11-25", name="羊小桌站长")
    assert "由羊小桌代办" in said
    assert "昭乌达路街道委员工作站第一召集人：羊小桌代办" in said
    assert "您在请假：11月23日到11月25日，羊小桌代办" in page.open("/h5/todo")
    other = pages_of(head)
    listed = other.open("/h5/todo")
    assert "您在代马板凳办事，到11月25日" in listed
    assert "代马板凳｜办理中" in listed
    assert "您在替人代办" in other.open("/h5/leave")
    work = other.open(f"/h5/work/{town.case().number}")
    assert "羊小桌（代马板凳）在办" in work
    assert "以马板凳（昭乌达路街道委员工作站第一召集人）代办人的身份" in work
    done = other.send("/answer", ending="resolved", answer="灯亮了")
    assert "答复发给居民了" in done
    (answered,) = [e for e in town.case().events if e["kind"] == "answered"]
    assert answered["actor"] != answered["instead_of"]
    assert "灯亮了" in town.case().answer
    page.open("/h5/leave")
    assert "销假了，事情又推给您。手上有 0 件" in page.send("/leave/back")
    assert "您在代" not in other.open("/h5/todo")


def test_leave_needs_a_post_at_a_station(town: Town) -> None:
    """A resident and somebody of the office read why not; their POST does nothing."""
    for phone in (town.phone(), town.member("staff")):
        page = pages_of(phone)
        assert "您现在没有这样的职务" in page.open("/h5/leave")
        assert page.status == 403
        token = page.tree.xpath("//input[@name='token']/@value")[0]
        days = {"token": token, "first": "2026-11-23", "last": "2026-11-24"}
        page.post("/h5/leave", days)
        page.post("/h5/leave/back", {"token": token})
    assert town.rows("SELECT count(*) FROM absences") == [(0,)]


def test_the_office_writes_it_down_and_sees_who_is_away(town: Town) -> None:
    """`flask account away` and `back`: holder and stand-in are told; leaving the post ends it."""
    first, second, _ = (town.member(each) for each in ("first", "second", "head"))
    runner = town.app.app.test_cli_runner()
    away = ["account", "away", "T001:first_convener", "--until", "2026-11-30"]
    assert runner.invoke(args=["account", "away", "T001:first_convener"]).exit_code == 2
    entered = runner.invoke(args=away)
    assert (entered.exit_code, json.loads(entered.stdout)["stand_in"]) == (0, "牛茶壶")
    again = runner.invoke(args=away)
    assert (again.exit_code, "马板凳已经请了" in again.stderr) == (1, True)
    on_duty = ["account", "away", "OFFICE:duty", "--until", "2026-11-30"]
    refused = runner.invoke(args=on_duty)
    assert refused.exit_code == 1
    (line,) = runner.invoke(args=["account", "away"]).stdout.splitlines()
    shown = json.loads(line)
    assert (shown["person"], shown["last_day"], shown["running"], shown["by_office"]) == (
        "马板凳", "2026-11-30", True, True,
    )  # fmt: skip
    town.tick()
    assert (
        "办公室替您记了昭乌达路街道委员工作站第一召集人的假：11月23日到11月30日，代办的是牛茶壶"
        in first.notices()[-1]
    )
    assert "请您代办" in second.notices()[-1]
    assert runner.invoke(args=["account", "back", "T001:first_convener"]).exit_code == 0
    assert runner.invoke(args=["account", "back", "T001:first_convener"]).exit_code == 1
    assert runner.invoke(args=[*away, "--stand-in", "羊小桌"]).exit_code == 0
    leaving.leave(town.deps, "T001:first_convener")
    assert runner.invoke(args=["account", "away"]).stdout == ""
    assert change_over(town.deps) == []
    town.tick()
    assert "不用您代办了" in town.member("head").notices()[-1]
    reasons = "SELECT end_reason FROM absences ORDER BY id"
    assert town.rows(reasons) == [("early",), ("left",)]


def test_word_of_leave_that_reaches_nobody(town: Town) -> None:
    """It stands on the list of calls without a number, and can be ticked off."""
    first = town.member("first")
    first.say("请假到11月25日 由羊小桌")
    town.tick()
    (call,) = calls(town.deps)
    assert (call.number, call.person, call.kind) == ("-", "羊小桌", "stand_in")
    assert "马板凳 11月23日到11月25日请假" in call.words
    assert called(town.deps, "-", "told him") == [call.id]
    assert calls(town.deps) == []
