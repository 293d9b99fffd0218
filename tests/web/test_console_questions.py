"""The list of common questions at the console: written, looked at, changed with a past, ended."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from tests.conversation_rig import Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish, write

LIST = "/console/questions"
FORM = {
    "question": "取暖费怎么交",
    "wordings": "暖气费在哪交\n取暖费可以在手机上交吗",
    "answer": "可以在供热公司的营业厅交，也可以在它的公众号里交。",
    "source": "测试用的例子，2026-11-01 核对",
    "category": "heating",
    "place": "",
    "valid_until": "2027-05-01",
    "reason": "问的人多",
}

WRONG = (
    ("question", "费", "问题要写上"),
    ("source", "", "出处要写上"),
    ("answer", "找王师傅 13812345678", "私人的电话"),
    ("answer", "话" * 601, "最多 600 字，现在有 601 字"),
    ("wordings", "\n".join(f"第{n}种问法" for n in range(11)), "最多 10 种"),
    ("valid_until", "2026-01-01", "要写一个日期"),
    ("valid_until", "月底", "要写一个日期"),
    ("place", "哪里区｜", "地方请从列表里选"),
    ("category", "nothing", "类别请从列表里选"),
    ("reason", "", "请写明为什么改"),
)
"""What can't be kept, and what is said then."""


@pytest.fixture
def town(make_town: MakeTown, pages_url: str) -> Town:
    """The small network with an office."""
    made = make_town(pages_url)
    furnish(made)
    return made


def held(desk: Desk) -> dict[str, str]:
    """The hidden fields of the page's first form of an entry."""
    form = desk.tree.xpath("//form[contains(@action, '/keep')]")[0]
    return {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}


def test_an_entry_is_written_seen_changed_and_ended(town: Town) -> None:
    """What is wrong is told and nothing typed is lost; it is seen as on the phone before it is
    kept; its past says who, what and why."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    assert "写下第一条" in boss.open(LIST)
    boss.open(f"{LIST}/new")
    for field, value, said in WRONG:
        shown = boss.send("/keep", **FORM | {field: value})
        assert (boss.status, said in shown) == (409, True), (field, shown)
        if field != "answer":
            assert boss.tree.xpath("//textarea[@name='answer']")[0].text == FORM["answer"]
    assert "解决了吗？没有的话" in boss.post(f"{LIST}/new/try", held(boss) | FORM)
    assert "还没有保存" in boss.text
    assert "Q0001 保存了" in boss.send("/keep", **FORM)
    assert "类别 供热，有效到 2027-05-01 （问的人多）" in boss.text
    boss.open(f"{LIST}/new")
    assert "Q0001 答的就是这个问题" in boss.send("/keep", **FORM | {"question": "取暖费，怎么交？"})
    boss.open(f"{LIST}/Q0001")
    changed = held(boss) | FORM | {"answer": "在营业厅交。", "reason": "手机上停了"}
    stale = dict(changed)
    assert "→ 在营业厅交。 （手机上停了）" in boss.post(f"{LIST}/Q0001/keep", changed)
    assert "第 2 版" in boss.text
    assert "刚刚有人改过" in boss.post(f"{LIST}/Q0001/keep", stale)
    assert "停用了" in boss.send("/end", reason="政策变了")
    assert "保存并重新启用" in boss.text
    assert "停用 是 （政策变了）" in boss.text
    assert "Q0001 保存了" in boss.send("/keep", **FORM)


def test_wordings_that_would_get_no_answer_are_named(town: Town) -> None:
    """What is no question, before it is kept and after; what is asked well is not named, and an
    entry that is ended says nothing of it."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    boss.open(f"{LIST}/new")
    lamp = "路灯坏了三天了，晚上没法走"
    boss.post(f"{LIST}/new/try", held(boss) | FORM | {"wordings": lamp})
    told = boss.tree.xpath("//section[@aria-labelledby='unheard']//li/text()")
    assert told == [lamp]
    boss.send("/keep", **FORM | {"wordings": lamp})
    assert "系统拿不准" in boss.open(f"{LIST}/Q0001")
    boss.send("/end", reason="不要了")
    assert "系统拿不准" not in boss.open(f"{LIST}/Q0001")


def test_who_reads_the_questions_writes_the_answers_with_a_code(town: Town) -> None:
    """The clerks of the office keep the list; an answer that goes out by itself asks for a code of
    the authenticator first."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    clerk = desk_of(town, "staff", "shou.li")
    boss.open(f"{LIST}/new")
    boss.send("/keep", **FORM)
    assert "先输动态码" in clerk.open(f"{LIST}/Q0001")
    assert not clerk.tree.xpath("//form[contains(@action, '/keep')]")
    assert "启用动态码" in clerk.open(f"{LIST}/new")
    clerk.enrol()
    clerk.open(f"{LIST}/Q0001")
    assert "Q0001 保存了" in clerk.send("/keep", **FORM | {"answer": "在营业厅交。"})


def test_what_is_due_is_shown(town: Town) -> None:
    """Two weeks before its last day; past that day it is no use; who may not change it only
    looks."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    boss.open(f"{LIST}/new")
    boss.send("/keep", **FORM)
    town.clock.advance(timedelta(days=(date(2027, 5, 1) - town.clock.now().date()).days - 3))
    looker = desk_of(town, "chief", "ling.dao")
    shown = looker.open(LIST)
    assert "有 1 条十四天里到期" in shown
    assert "快到期，还有 3 天" in shown
    looker.open(f"{LIST}/Q0001")
    assert not looker.tree.xpath("//form[contains(@action, '/keep')]")
    town.clock.advance(timedelta(days=5))
    looker.sign_in("ling.dao")
    assert "▲ 过期了" in looker.open(f"{LIST}?standing=expired&q=取暖费")
    assert "没有这样的" in looker.open(f"{LIST}?q=没有的词")
    looker.open(f"{LIST}/Q9999")
    assert looker.status == 404


def test_a_file_is_tried_then_brought_in(town: Town) -> None:
    """What is wrong is told cell by cell and nothing is written; the dry run is the same run; what
    was exported comes in as the same; a list that changed meanwhile is looked at again."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    boss.open(f"{LIST}/new")
    boss.send("/keep", **FORM)
    boss.open(f"{LIST}/file")
    boss.post(f"{LIST}/export", hidden(boss) | {"reason": "核对"})
    book = load_workbook(BytesIO(boss.page.data))
    page = book["常见问题"]
    assert [cell.value for cell in page[2]][:2] == ["Q0001", "取暖费怎么交"]
    row = [None, "=1+1", "", "找王师傅 13812345678", "", "没有的", "哪里区", "月底", "也许"]
    assert "7 处不对" in uploaded(boss, book, row)
    assert boss.status == 409
    row = [None, "居住证怎么办", "", "去派出所。", "测试", "供热", "赛罕区", "2027-01-02", ""]
    page.delete_rows(3)
    assert "新增 1 条，改动 0 条，一样的 1 条" in uploaded(boss, book, row)
    tried = hidden(boss, "/apply")
    assert town.rows("SELECT count(*) FROM common_questions") == [(1,)]
    assert "请写明为什么改" in boss.post(f"{LIST}/apply", tried)
    assert "新增 1 条" in boss.post(f"{LIST}/apply", tried | {"reason": "新办的"})
    assert town.rows("SELECT code, district, category FROM common_questions WHERE id > 1") == [
        ("Q0002", "赛罕区", "heating")
    ]
    boss.open(f"{LIST}/file")
    assert "先看会怎样" in boss.post(f"{LIST}/apply", tried | {"reason": "再来"})
    assert boss.status == 409
    assert "导入了常见问题" in boss.open("/console/audit")
    page.delete_rows(2, 2)
    page.append(["Q0001", *row[1:]])
    uploaded(boss, book, ["Q0001", *row[1:]])
    assert boss.status == 409  # one code twice, and its question has an entry


def test_what_the_list_lacks_is_gathered(town: Town) -> None:
    """By category and the words that questions share, with their cases; what is only for named
    people is in no number; an entry says how often it answered."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    assert "清单里都有" in boss.open(f"{LIST}/unanswered")
    boss.open(f"{LIST}/new")
    boss.send("/keep", **FORM)
    for n, words in enumerate(
        ("请问护照去哪里办", "想问一下办护照要多少钱", "请问图书馆几点关门呀")
    ):
        town.phone(f"p{n}").say(words)
    town.phone("p3").say("请问取暖费怎么交")
    town.phone("p3").tap("是")
    write(town, "UPDATE cases SET handling = 'named_staff' WHERE masked LIKE '%图书馆%'")
    shown = boss.open(f"{LIST}/unanswered")
    assert "清单里没有的：2 件" in shown
    assert "护照 2 件" in shown
    assert "图书馆" not in shown
    boss.open(str(boss.tree.xpath("//a[text()='写一条']/@href")[0]))
    assert "护照" in boss.tree.xpath("//input[@name='question']/@value")[0]
    assert "1 次 1 次" in boss.open(LIST)


def hidden(desk: Desk, action: str = "") -> dict[str, str]:
    """Hidden fields of a form of this page."""
    form = desk.tree.xpath(f"//main//form[contains(@action, '{action}')]")[0]
    return {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}


def uploaded(desk: Desk, book: Workbook, row: list[str | None]) -> str:
    """What is said of the workbook with one more row."""
    book["常见问题"].append(row)
    written = BytesIO()
    book.save(written)
    desk.open(f"{LIST}/file")
    file = (BytesIO(written.getvalue()), "questions.xlsx")
    return desk.post(f"{LIST}/try", hidden(desk) | {"file": file})
