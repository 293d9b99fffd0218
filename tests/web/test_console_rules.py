"""Ladders and the calendar at the console: seen, tried on a real case, changed with a past."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.roster import Roster, UnitEntry
from bot.models.timing import ClockRow
from bot.services.office_texts import OfficeSentences
from bot.services.office_understander import OfficeUnderstander
from bot.store import office_texts
from bot.store.roster import save
from bot.texts import Texts, load_texts
from tests.conversation_rig import LAMP, LAMP_NOWHERE, Town
from tests.web.book_rig import out, take_in, upload
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish


@pytest.fixture
def town(make_town: MakeTown, sqlite_url: str) -> Town:
    """One database: keeping ladders has tests of its own on both."""
    made = make_town(sqlite_url)
    furnish(made)
    return made


def filled(desk: Desk, **changed: str) -> dict[str, str]:
    """The form of a ladder as a browser sends it, with some fields changed."""
    form = desk.tree.xpath("//form[contains(@action, '/keep')]")[0]
    fields = {i.get("name"): i.get("value") or "" for i in form.xpath(".//input")}
    for each in form.xpath(".//select"):
        chosen = each.xpath(".//option[@selected]/@value") or each.xpath(".//option[1]/@value")
        fields[each.get("name")] = str(chosen[0])
    return fields | {k.replace("_", "-"): v for k, v in changed.items()}


def test_a_ladder_is_tried_on_a_case_and_leaves_running_clocks_alone(town: Town) -> None:
    """Faults are told rung by rung and nothing typed is lost; a case shows what it would go
    through; once kept, new clocks take it, running ones go on, and its past says who and why."""
    town.phone().say(LAMP)
    town.wait(seconds=10)
    before = town.rows("SELECT ladder FROM clocks WHERE kind = 'accept'")
    boss = desk_of(town, "boss", "guan.li", strong=True)
    assert "● 在开" not in boss.open("/console/ladders")
    boss.open("/console/ladders/accept_short")
    wrong = filled(boss, after_0="150%", reason="早一点提醒")
    assert "超过了 100%" in boss.post("/console/ladders/accept_short/keep", wrong)
    assert (boss.status, "150%" in boss.page.text) == (409, True)
    number = town.case().number
    boss.open("/console/ladders/accept_short")
    tried = filled(boss, after_0="30%", number=number)
    said = boss.post("/console/ladders/accept_short/try", tried)
    assert "还没有保存" in said
    assert "提醒接单：手上有这件事的人 马板凳" in said
    assert "没有这件诉求" in boss.post(
        "/console/ladders/accept_short/try", tried | {"number": "261123-9999"}
    )
    assert "这一件不变" not in said
    assert "请写明为什么改" in boss.post("/console/ladders/accept_short/keep", tried)
    kept = boss.post("/console/ladders/accept_short/keep", tried | {"reason": "早一点提醒"})
    assert "在走的不变" in kept
    assert "（早一点提醒）" in kept
    assert "刚刚有人改过" in boss.post(
        "/console/ladders/accept_short/keep", tried | {"reason": "再改", "after-0": "40%"}
    )
    assert town.rows("SELECT ladder FROM clocks WHERE kind = 'accept'") == before
    town.phone("second").say(LAMP)
    town.wait(seconds=10)
    ladders = town.rows("SELECT ladder FROM clocks WHERE kind = 'accept' ORDER BY id")
    assert "30%" in str(ladders[-1])
    shown = boss.open("/console/ladders/accept_short?default=1")
    assert boss.tree.xpath("//input[@name='after-0']/@value") == ["80%"]
    assert "自定的" in shown


def test_a_ladder_that_a_case_does_not_go_by_makes_no_difference(town: Town) -> None:
    """Said first, before what is ahead of it anyway."""
    town.phone().say(LAMP)
    boss = desk_of(town, "boss", "guan.li", strong=True)
    boss.open("/console/ladders/hold")
    tried = filled(boss, number=town.case().number)
    assert "这一件不变" in boss.post("/console/ladders/hold/try", tried)


def test_a_ladder_waits_for_its_day_and_may_be_called_off(town: Town) -> None:
    """What is planned stands there with its day; the one in force stays; its past has both."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    page = "/console/ladders/accept_short"
    boss.open(page)
    later = filled(boss, after_0="30%", first="2027-01-01", reason="新的一年早一点")
    assert "从 2027-01-01 起，新开始的时限照新的走" in boss.post(f"{page}/keep", later)
    assert "2027-01-01 起" in boss.text
    assert boss.tree.xpath("//input[@name='after-0']/@value") == ["80%"]
    assert "已经过去了" in boss.post(f"{page}/keep", filled(boss, first="2026-01-01", reason="晚"))
    boss.open(page)
    assert "2027-01-01 起的改动不要了" in boss.send("/drop", reason="再商量")
    assert "从哪天起 2027-01-01 → （空）" in boss.text
    assert not boss.tree.xpath("//form[contains(@action, '/drop')]")


def test_a_day_of_the_office_is_changed(town: Town) -> None:
    """It shows in its week and in the past; what is no day is refused; a leader only looks."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    boss.open("/console/calendar")
    day = {"day": "2026-11-27", "plan": "休息", "note": "搬家", "reason": "办公室搬家"}
    assert "日期应填日期" in boss.send("/calendar/day", **day | {"day": "月底"})
    assert boss.tree.xpath("//input[@name='note']/@value") == ["搬家"]
    said = boss.send("/calendar/day", **day)
    assert "2026-11-27 休息。" in said
    assert "自定：休息，搬家" in said
    assert "（办公室搬家）" in said
    leader = desk_of(town, "chief", "ling.dao")
    assert "自定：休息" in leader.open("/console/calendar?from=2026-11-27")
    assert leader.open("/console/calendar?from=0001-01-01")
    assert not leader.tree.xpath("//input[@name='reason']")
    leader.open("/console/ladders/answer")
    assert not leader.tree.xpath("//button[text()='保存']")
    token = leader.tree.xpath("//input[@name='token']/@value")[0]
    leader.post("/console/calendar/day", day | {"token": str(token)})
    assert leader.status == 403


def test_a_sentence_is_written_anew(town: Town) -> None:
    """Its values must stay as they are; residents read the new words; an empty one gives the
    product's own back; one that fits no more is passed over."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    assert "reply.received" in boss.open("/console/texts?group=reply&q=收到了")
    path = "/console/texts/reply.received"
    shown = boss.open(path)
    assert "原来的" in shown
    shipped = str(boss.tree.xpath("//textarea")[0].text)
    words = f"您好，{shipped}"
    for wrong in ("没有编号", shipped + "{name}", shipped + "{", shipped + "{number.__class__}"):
        said = boss.send("/keep", words=wrong, reason="更亲切")
        assert "花括号里的要原样留着" in said, wrong
    assert "请写明为什么改" in boss.send("/keep", words=words, reason="")
    assert "保存了" in boss.send("/keep", words=words, reason="更亲切")
    assert "（更亲切）" in boss.text
    stale = {"before": "", "words": "x", "reason": "y"}
    assert "刚刚有人改过" in boss.send("/keep", **stale | {"words": words + "。"})
    fresh = Texts(OfficeSentences(load_texts().sentences, town.deps.database))
    town.app.use(replace(town.deps, texts=fresh))
    assert town.phone().say(LAMP).startswith("您好，收到了")
    with town.deps.database.write() as session:
        office_texts.replace(session, "reply.received", "{gone}", town.clock.now())
        office_texts.replace(session, "no.such", "x", town.clock.now())
    later = OfficeSentences(load_texts().sentences, town.deps.database)
    assert later["reply.received"] == load_texts().sentences["reply.received"]
    assert "no.such" not in later
    boss.open(path)
    assert "保存了" in boss.send("/keep", words="", reason="还是原来的")
    assert town.rows("SELECT key FROM office_texts") == [("no.such",)]
    assert boss.open("/console/texts/console.wrong")
    assert boss.status == 404


def test_sentences_go_out_and_come_in_by_a_workbook(town: Town) -> None:
    """What goes out comes in as the same; everything wrong is told at once and nothing kept; what
    is right is shown, kept with a reason, read by residents, and taken back by an empty cell."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    head, *known = out(boss, "texts")
    assert "没有要改的" in upload(boss, "texts", [head, *known])
    first = next(row for row in known if row[0] == "reply.greeting")
    bad = [(first[0], None, None, "您好{number}"), ("no.key", None, None, "您好"),
           ("reply.privacy", None, None, "=1+1"), first, first]  # fmt: skip
    assert "5 处不对，什么都没有写入" in upload(boss, "texts", [head, *bad])
    own = "您现在没有在办的事。\n有事随时说。"
    assert "会改 1 句" in upload(boss, "texts", [head, (*first[:3], own)])
    assert "导入好了，1 句话" in take_in(boss, "texts")
    assert town.rows("SELECT key, words FROM office_texts") == [(first[0], own)]
    assert "会改 1 句" in upload(boss, "texts", [head, first])


def test_another_order_of_sectors_is_shown_by_the_cases_before_it_is_kept(town: Town) -> None:
    """The page says which cases of ninety days would go another way; nothing that was sent moves;
    what comes then goes the new way, in every process; a sector that is none is refused."""
    with town.deps.database.write() as session:
        save(session, Roster(units=(UnitEntry("J1", "sector", "经济界"),
                                    UnitEntry("J2", "sector", "民族界"))))  # fmt: skip
    town.phone().say(LAMP_NOWHERE)
    town.wait(seconds=10)
    before = town.case()
    code = town.rows("SELECT category FROM cases")[0][0]
    boss = desk_of(town, "boss", "guan.li", strong=True)
    assert "经济界" in boss.open("/console/categories")
    boss.open(f"/console/categories/{code}")
    form = {"reason": "分工变了", "sector-0": "没有界", "sector-1": ""}
    assert "请从列表里选界别" in boss.send("/keep", **form)
    form["sector-0"] = "民族界"
    assert "请写明为什么改" in boss.send("/keep", **form | {"reason": ""})
    said = boss.send("/keep", **form)
    assert "1 件，照新的次序有 1 件不同" in said
    assert "经济界委员工作室" in said
    assert "民族界委员工作室" in said
    assert town.rows("SELECT 1 FROM office_categories") == []
    confirm = boss.tree.xpath("//input[@name='sure']/ancestor::form//input")
    shown = {i.get("name"): i.get("value") for i in confirm}
    town.phone("second").say(LAMP_NOWHERE + "，请快修")
    town.wait(seconds=10)
    path = f"/console/categories/{code}/keep"
    assert "2 件，照新的次序有 2 件不同" in boss.post(path, shown)
    confirm = boss.tree.xpath("//input[@name='sure']/ancestor::form//input")
    said = boss.post(path, {i.get("name"): i.get("value") for i in confirm})
    assert "以后来的照新的走" in said
    assert "（分工变了）" in said
    assert town.cases()[0].owner == before.owner
    understander = OfficeUnderstander(town.deps.understander, town.deps.database)
    assert understander().categories[code].sector_units == ("民族界",)
    assert understander().version != town.deps.understander().version
    town.app.use(replace(town.deps, understander=understander))
    town.phone("third").say(LAMP_NOWHERE)
    town.wait(seconds=10)
    assert town.cases()[-1].owner == "民族界委员工作室"


def test_a_category_gets_another_name_and_other_days(town: Town) -> None:
    """What is sent from then on has the new days and name, in every process; what is under way
    keeps its time; a name that another has, and days that are none, are refused."""
    town.phone().say(LAMP)
    town.wait(seconds=10)
    due = town.case().due_at
    boss = desk_of(town, "boss", "guan.li", strong=True)
    path = "/console/categories/road"
    boss.open(path)
    typed = {"name": "修路修灯", "days": "15", "reason": "常要开会商量"}
    for wrong, said in (
        ({"name": "供热"}, "不能和别的类别一样"), ({"name": " "}, "名称写 1 到 12 个字"),
        ({"name": "<b>路</b>"}, "不带空格和符号"), ({"name": "{number}路"}, "不带空格和符号"),
        ({"days": "0"}, "天数写 1 到 60"), ({"days": "三"}, "天数写 1 到 60"),
        ({"reason": ""}, "请写明为什么改"), ({"before": "old"}, "这个类别刚刚有人改过"),
    ):  # fmt: skip
        assert said in boss.send("/name", **typed | wrong)
        boss.open(path)
    assert "修路修灯，15 个工作日内答复" in boss.send("/name", **typed)
    assert "几天答复" in boss.text
    assert town.case().due_at == due
    understander = OfficeUnderstander(town.deps.understander, town.deps.database)
    town.app.use(replace(town.deps, understander=understander))
    other = town.phone("b")
    other.say(LAMP)
    town.wait(seconds=10)
    assert "修路修灯" in desk_of(town, "staff", "shou.li").open(f"/console/cases/{other.number}")
    with town.deps.database.read() as session:
        rows = session.scalars(select(ClockRow).where(ClockRow.kind == "answer")).all()
        days = [(row.due_at - row.started_at).days for row in sorted(rows, key=lambda r: r.id)]
    assert days == [7, 21]
