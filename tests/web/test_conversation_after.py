"""After the answer: not content, silent, and four weeks later."""

from tests.conversation_rig import LAMP, Phone, Town, answered
from tests.web.h5_rig import pages_of

ASKED = "现在还好吗"
SOLVED = "已解决 13 盏路灯昨晚亮了"


def solved(town: Town) -> tuple[Phone, Phone]:
    """The same, closed by both ratings."""
    phone, convener = answered(town, SOLVED)
    phone.say("满意")
    assert town.case().state == "closed"
    return phone, convener


def asked_later(town: Town) -> tuple[Phone, Phone]:
    """The same, four weeks later; both were in touch shortly before, so that words reach them."""
    phone, convener = solved(town)
    town.wait(days=27, hours=23)
    phone.say("您好")
    convener.say("待办")
    assert ASKED not in "".join(phone.notices())
    town.wait(hours=2)
    return phone, convener


def test_unhappy_reopens_once_without_staff(town: Town) -> None:
    """不满意 goes to who answered and the station's head, who must answer again; then 满意吗 is
    asked anew, and a second 不满意 is for a person of the office."""
    phone, convener = answered(town, SOLVED)
    head = town.member("head")
    phone.say("是")
    reply = phone.say("不满意，拖了太久")
    assert "负责人会在 明天 10:00 前接手" in reply
    town.tick()
    assert (town.case().state, town.case().owner) == ("dispatched", "昭乌达路街道委员工作站")
    for told in (convener, head):
        assert any("办得不满意（拖了太久）" in words for words in told.notices())
    convener.say(f"答{convener.code} 已解决 给您赔个不是，以后当天回话")
    town.tick()
    phone.say("是")
    assert "工作人员" in phone.say("不满意")
    assert (town.case().state, town.case().queue) == ("new", "staff")
    town.tick()
    assert any("还是不满意" in words for words in convener.notices())
    ratings = [e["data"] for e in town.case().events if e["kind"] == "satisfied"]
    assert ratings == [{"value": "no"}, {"value": "no"}]


def test_words_after_not_solved_join_the_case(town: Town) -> None:
    """还是黑的, said after 没有, is an addition for the station. After a second 没有 it waits in
    the office's queue, and more words don't send it out again. Another matter is its own case."""
    phone, convener = answered(town, SOLVED)
    phone.say("没有")
    town.tick()
    assert "补充到 需" in phone.say("还是黑的")
    town.tick()
    assert any("还是黑的" in words for words in convener.notices())
    convener.say(f"答{convener.code} 已解决 又修好了")
    town.tick()
    phone.say("没有")
    phone.say("晚上什么都看不见")
    assert (town.case().state, town.case().queue) == ("new", "staff")
    assert town.case().text.endswith("什么都看不见")
    assert sum(e["kind"] in ("dispatched", "reopened") for e in town.case().events) == 2
    phone.say("金河镇到市里的公交太少")
    assert len(town.cases()) == 2


def test_a_late_answer_to_a_station_joins_its_case(town: Town) -> None:
    """After three working days of silence the question is over; what comes then, and what is
    added to an answer, still belongs to the case."""
    phone, convener = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(seconds=5)
    convener.say(f"接{convener.code}")
    convener.say(f"问{convener.code} 是哪一盏？")
    town.wait(days=4)
    convener.say("待办")  # in touch, so that words reach the phone
    assert "补充到 需" in phone.say("楼下那个")
    town.tick()
    assert any("楼下那个" in words for words in convener.notices())
    phone.say("对面也有一个")
    assert town.case().text.endswith("对面也有一个")


def test_silence_after_three_asks_is_unrated(town: Town) -> None:
    """With the answer, the next day and the day after; after seven working days it ends as
    unrated: no message more, but 查进度 and the page say so, and not that it is solved."""
    phone, _ = answered(town, SOLVED)
    asks = "SELECT kind, created_at FROM outbox WHERE contact_id IS NOT NULL AND state = 'sent'"
    town.wait(days=1)
    before = [kind for kind, _ in town.rows(asks)]
    town.wait(days=13)
    kinds = [kind for kind, _ in town.rows(asks)]
    assert (before.count("answered"), before.count("callback")) == (1, 1)
    assert (kinds.count("answered"), kinds.count("callback")) == (1, 2)
    assert kinds[-1] == "callback"
    case = town.case()
    assert (case.state, case.rating) == ("closed", {"solved": "unrated", "satisfied": "unrated"})
    assert "没有等到您的话，七个工作日后结束了" in phone.say(case.number)
    assert "七个工作日没有评价，结束了" in pages_of(phone).open(f"/h5/c/{case.number}")
    assert "办完了" not in phone.last


def test_silence_after_the_first_question_is_unrated_too(town: Town) -> None:
    """Who said that it is solved is not asked that again; satisfied stays unsaid."""
    phone, _ = answered(town, SOLVED)
    phone.say("是")
    town.wait(days=14)
    assert sum("解决了吗" in words for words in phone.notices()) == 1
    assert town.case().rating == {"solved": "yes", "satisfied": "unrated"}


def test_who_cannot_be_reached_is_unrated_too(town: Town) -> None:
    """Three tries that reach nobody end the same way."""
    phone, convener = town.phone(), town.member("first")
    phone.say(LAMP)
    phone.do("unsubscribe")
    town.wait(seconds=5)
    convener.say(f"答{convener.code} 已解决 修好了")
    town.wait(days=14)
    assert phone.notices() == []
    tries = "SELECT count(*) FROM outbox WHERE kind IN ('answered', 'callback')"
    assert town.rows(tries) == [(3,)]
    assert town.case().rating == {"solved": "unrated", "satisfied": "unrated"}


def test_four_weeks_later_it_has_held(town: Town) -> None:
    """Asked once, by day; 还好 is written down, and nobody is asked again."""
    phone, _ = asked_later(town)
    asked = [words for words in phone.notices() if ASKED in words]
    assert len(asked) == 1
    assert "11月23日办好的" in asked[0]
    assert "谢谢您告诉我们" in phone.tap("还好")
    town.wait(days=60)
    assert sum(ASKED in words for words in phone.notices()) == 1
    assert town.case().state == "closed"
    kinds = [(e["kind"], e["data"]) for e in town.case().events]
    assert kinds[-2:] == [("lasting_asked", {}), ("lasting", {"value": "yes"})]


def test_four_weeks_later_it_broke_again(town: Town) -> None:
    """又坏了 opens the case again at its station, whose convener and head hear of it; the second
    time it is for staff. On the page the same is a form."""
    phone, convener = asked_later(town)
    head = town.member("head")
    assert "重新打开了，昭乌达路街道委员工作站会在" in phone.say("又坏了，昨晚开始的")
    town.tick()
    assert town.case().state == "dispatched"
    for told in (convener, head):
        assert any("又坏了（昨晚开始的）" in words for words in told.notices())
    assert "不用再答" in phone.tap("还好")


def test_four_weeks_later_on_the_page_after_it_was_open_twice(town: Town) -> None:
    """Opened again before: what broke goes to the office's queue."""
    phone, convener = answered(town, SOLVED)
    phone.say("没有")
    town.tick()
    convener.say(f"答{convener.code} 已解决 又修好了")
    phone.say("满意")
    town.wait(days=29)
    pages = pages_of(phone)
    assert ASKED in pages.open(f"/h5/c/{town.case().number}")
    assert "转给工作人员" in pages.send("rate", value="no")
    assert (town.case().state, town.case().queue) == ("new", "staff")
    assert town.rows("SELECT count(*) FROM questions WHERE ended_at IS NULL") == [(0,)]


def test_four_weeks_later_gives_way_and_lapses(town: Town) -> None:
    """A new matter's question comes first; without an answer it is over in a week, by itself."""
    phone, _ = asked_later(town)
    yes = phone.choices()["还好"]
    phone.say("撤回")
    town.wait(days=8)
    assert town.rows("SELECT lasting FROM cases") == [("unrated",)]
    assert "不用再答" in phone.say("还好", menu_id=yes)
    assert town.case().state == "closed"
    assert town.rows("SELECT count(*) FROM questions WHERE ended_at IS NULL") == [(0,)]


def test_what_is_not_asked_four_weeks_later(town: Town) -> None:
    """Explained is not solved; an unsolved case is not over; erased ones and people who left are
    left alone, and no call is put on the list for this."""
    phone, convener = solved(town)
    other, third = town.phone("other"), town.phone("third")
    for each, ending in ((other, "已答复"), (third, "已解决")):
        each.say(LAMP)
        town.wait(seconds=5)
        convener.say(f"答{convener.code} {ending} 看过了")
        town.tick()
        each.say("满意")
    third.say("不同意")
    phone.do("unsubscribe")
    town.wait(days=50)
    assert town.rows("SELECT count(*) FROM outbox WHERE kind = 'lasting'") == [(0,)]
    assert town.rows("SELECT count(*) FROM cases WHERE lasting IS NOT NULL") == [(0,)]
