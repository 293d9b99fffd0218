"""Words of categories at the console: found, written, tried on ninety days, kept, taken back."""

from dataclasses import replace

import pytest

from bot.domain.lexicon import Word
from bot.services.office_understander import OfficeUnderstander
from bot.store import office_words
from tests.conversation_rig import LAMP, Town
from tests.web.book_rig import out, sure, take_in, upload
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish

UNKNOWN = "昭乌达路街道的智慧灯柱三天没有动静了，晚上看不见"


@pytest.fixture
def town(make_town: MakeTown, sqlite_url: str) -> Town:
    """One database: what is kept is a table like the others of the office."""
    made = make_town(sqlite_url)
    furnish(made)
    return made


def refuses(desk: Desk, form: dict[str, str]) -> None:
    """What can be no word is said, and nothing typed is lost."""
    assert "请写明为什么改" in desk.send("/words/keep", **form | {"reason": ""})
    assert desk.tree.xpath("//input[@name='word']/@value") == [form["word"]]
    assert "1 到 10" in desk.send("/words/keep", **form | {"weight": "99"})
    assert "里面有“要好处”" in desk.send("/words/keep", **form | {"word": "窗口要好处"})
    assert "个人信息" in desk.send("/words/keep", **form | {"word": "13800138000"})


def test_a_word_is_tried_on_ninety_days_before_it_counts(town: Town) -> None:
    """What would change is shown and nothing moves; when more has come it is shown anew; new cases
    are read with the word, in every process, and say so; taken back, all is as before."""
    town.phone().say(UNKNOWN)
    town.wait(seconds=10)
    before = town.case()
    boss = desk_of(town, "boss", "guan.li", strong=True)
    assert "还没有自定的词" in boss.open("/console/words")
    form = {"word": "智慧灯柱", "category": "road", "weight": "10", "reason": "新装的"}
    refuses(boss, form)
    said = boss.send("/words/keep", **form)
    assert "提到它的 1 件，照新的读有 1 件不同" in said
    assert "道路与市政设施：" in said
    assert town.rows("SELECT 1 FROM office_words") == []
    confirm = sure(boss)
    town.phone("second").say(f"{UNKNOWN}，请快修")
    town.wait(seconds=10)
    assert "提到它的 2 件" in boss.post("/console/words/keep", confirm)
    said = boss.post("/console/words/keep", sure(boss))
    assert "半分钟里" in said
    assert "（新装的）" in said
    assert town.cases()[0] == before
    assert "没有哪一项和现在不同" in boss.send("/words/keep", **form)
    assert "自定的 1 个词" in boss.open("/console/words")
    own = town.deps.understander
    understander = OfficeUnderstander(own, town.deps.database)
    town.app.use(replace(town.deps, understander=understander))
    town.phone("third").say(UNKNOWN)
    kept = town.rows("SELECT category, reading FROM cases ORDER BY id")
    assert kept[-1][0] == "road"
    assert understander().version in str(kept[-1][1])
    assert own().version in str(kept[0][1])
    boss.open("/console/words/智慧灯柱")
    boss.send("/words/keep", weight="back", reason="又拆了")
    said = boss.post("/console/words/keep", sure(boss))
    assert "现在没有这个词" in said
    assert "（又拆了）" in said
    assert OfficeUnderstander(own, town.deps.database)() is own()


def test_a_word_of_the_product_is_ended(town: Town) -> None:
    """Words are found by category and by characters. An ended one counts no more and can be had
    back; one for named people can't be ended; one of a category that there is no more is passed
    over; a leader looks and changes nothing."""
    town.phone().say(LAMP)
    boss = desk_of(town, "boss", "guan.li", strong=True)
    assert "井盖" in boss.open("/console/words?category=road")
    assert "没有这样的词" in boss.open("/console/words?q=从来没有")
    boss.open("/console/words/路灯")
    said = boss.send("/words/keep", weight="0", reason="试试")
    assert "提到它的 1 件" in said
    assert "现在：不算" in boss.post("/console/words/keep", sure(boss))
    assert "▲ 停用" in boss.open("/console/words")
    boss.open("/console/words/要好处")
    assert "也不能停用" in boss.send("/words/keep", weight="0", reason="试试")
    assert boss.status == 409
    boss.open("/console/words/从来没有的词")
    assert boss.status == 404
    with town.deps.database.write() as session:  # as after an update without that category
        office_words.replace(session, [Word("智慧灯柱", "lamps", 10)], [], town.clock.now())
    later = OfficeUnderstander(town.deps.understander, town.deps.database)
    assert later().read(UNKNOWN) == town.deps.understander().read(UNKNOWN)
    leader = desk_of(town, "chief", "ling.dao")
    assert "改回" not in leader.open("/console/words/路灯")
    assert not leader.tree.xpath("//main//form[@method='post']")


def test_words_come_in_by_a_workbook_all_or_none(town: Town) -> None:
    """Everything wrong is told in one list and nothing is kept; what is right is shown with what it
    would change, and kept as shown; what goes out comes in as the same."""
    town.phone().say(UNKNOWN)
    boss = desk_of(town, "boss", "guan.li", strong=True)
    head = ("词", "类别", "分量")
    bad = [("灯", "道路与市政设施", 5), ("灯杆", "灯", 4), ("灯杆", "供热", 12),
           ("智慧灯柱", "供热", 3), ("智慧灯柱", "供热", 4), ("=1+1", "供热", 4),
           ("窗口要好处", "供热", 4)]  # fmt: skip
    said = upload(boss, "words", [head, *bad])
    assert "6 处不对，什么都没有写入" in said
    assert "和第 5 行相同" in said
    assert "一列（只一列）标题为“类别”" in upload(boss, "words", [("词",), ("灯杆",)])
    good = [("智慧灯柱", "道路与市政设施", 10), ("路灯", "道路与市政设施", "停用")]
    said = upload(boss, "words", [head, *good])
    assert "会改 2 个词" in said
    assert "提到这些词的 1 件，照新的读有 1 件不同" in said
    assert town.rows("SELECT 1 FROM office_words") == []
    assert "导入好了，2 个词" in take_in(boss, "words")
    rows = out(boss, "words")
    assert rows == [head, ("智慧灯柱", "道路与市政设施", "10"), ("路灯", "道路与市政设施", "停用")]
    boss.open("/console/words")
    assert "没有要改的" in upload(boss, "words", rows)
