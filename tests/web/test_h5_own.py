"""我的诉求: a resident sees the truth about their own cases on the pages, and acts on it there."""

from datetime import timedelta

from tests.conversation_rig import FIRE, LAMP, Phone, Town
from tests.web.h5_rig import Pages, pages_of


def _dispatched(town: Town, phone: Phone) -> str:
    """A lamp's case that lies with its station; its number."""
    phone.say(LAMP)
    number = phone.number
    town.wait(minutes=2)
    return number


def _answered(town: Town, phone: Phone, ending: str = "已解决") -> str:
    first = town.member("first")
    number = _dispatched(town, phone)
    first.say(f"接{first.code}")
    first.say(f"答{first.code} {ending} 路灯昨晚修好了")
    town.tick()
    return number


def test_the_list_and_the_case_tell_the_same_as_chat(town: Town) -> None:
    """Empty at first; then each step with its time, who has it, what is next; escaped words."""
    phone = town.phone()
    town.member("first")
    pages = pages_of(phone)
    assert "现在还没有" in pages.open("/h5/mine")
    phone.say(LAMP + "<b>急</b>")
    number = phone.number
    town.wait(minutes=2)
    phone.send("image")
    shown = pages.open("/h5/")
    assert f"需{number}" in shown
    assert "◐ 等接手" in shown
    said = phone.say("查进度")
    assert "明天 10:00 前会有人接手" in shown
    assert "明天 10:00 前会有人接手" in said
    assert '<a href="http://127.0.0.1:8000/h5/mine">' in said
    shown = pages.open(f"/h5/c/{number}")
    assert "今天 10:00 您说了这件事" in shown
    assert "今天 10:00 交给昭乌达路街道委员工作站" in shown
    assert "照片和附件 照片" in shown
    assert b"<b>" not in pages.page.data
    assert "<b>急</b>" in shown


def test_a_strangers_case_is_as_unknown_as_a_missing_one(town: Town) -> None:
    """Nobody learns from the pages whether a number exists; forms of others do nothing."""
    number = _dispatched(town, town.phone())
    stranger = pages_of(town.phone("stranger"))
    theirs = stranger.open(f"/h5/c/{number}"), stranger.status
    missing = stranger.open("/h5/c/261123-9999"), stranger.status
    assert theirs == missing == (theirs[0], 404)
    stranger.open("/h5/data")
    token = stranger.tree.xpath("//input[@name='token']/@value")[0]
    for verb in ("withdraw", "rate", "add", "reopen"):
        stranger.post(f"/h5/c/{number}/{verb}", {"token": token, "words": "撤", "value": "no"})
        assert stranger.status == 404
    assert town.case().state == "dispatched"


def test_ratings_by_tapping_are_those_of_chat(town: Town) -> None:
    """解决了吗, then 满意吗, each once; the question in chat is answered with it."""
    phone = town.phone()
    number = _answered(town, phone)
    pages = pages_of(phone)
    shown = pages.open(f"/h5/c/{number}")
    assert "工作站答复您 已解决 路灯昨晚修好了" in shown
    assert "解决了吗？" in shown
    rate = f"/h5/c/{number}/rate"
    assert "办得满意吗？" in pages.send("rate", value="partly")
    token = pages.tree.xpath("//input[@name='token']/@value")[0]
    again = pages.post(rate, {"token": token, "kind": "solved", "value": "no"})
    assert (pages.status, "这个问题现在不用再答了" in again) == (409, True)
    shown = pages.send("rate", value="yes")
    assert "谢谢您告诉我们" in shown
    assert "您说解决了一部分，满意" in shown
    case = town.case()
    assert (case.state, case.rating) == ("closed", {"solved": "partly", "satisfied": "yes"})
    assert town.rows("SELECT count(*) FROM questions WHERE ended_at IS NULL") == [(0,)]


def test_not_solved_by_tapping_reopens_the_case(town: Town) -> None:
    """没有 goes back to the station, whose convener and head hear of it."""
    phone, head = town.phone(), town.member("head")
    pages = pages_of(phone)
    number = _answered(town, phone)
    pages.open(f"/h5/c/{number}")
    assert "重新打开了" in pages.send("rate", value="no")
    town.tick()
    assert town.case().state == "dispatched"
    assert any("居民说没有解决" in words for words in head.notices())


def test_words_are_added_once_and_reach_who_has_the_case(town: Town) -> None:
    """The same form sent twice is one piece; an empty or endless one is refused and kept."""
    phone, first = town.phone(), town.member("first")
    number = _dispatched(town, phone)
    pages = pages_of(phone)
    pages.open(f"/h5/c/{number}")
    once = pages.tree.xpath("//input[@name='once']/@value")[0]
    assert "补充好了" in pages.send("add", words="就在小学门口", once=once)
    pages.send("add", words="就在小学门口", once=once)
    assert town.case().text.count("就在小学门口") == 1
    town.tick()
    assert sum("居民补充：就在小学门口" in words for words in first.notices()) == 1
    long = "灯" * 1001
    assert "留 1000 字以内" in pages.send("add", words=long)
    assert (pages.status, long in pages.text) == (409, True)
    assert "再点一次" in pages.send("add", words=" \u200b ")


def test_danger_told_on_a_page_alarms_at_once(town: Town) -> None:
    """What is added may be an emergency: it goes the way of chat, not into the lamp's case."""
    phone, duty = town.phone(), town.member("duty")
    number = _dispatched(town, phone)
    pages = pages_of(phone)
    pages.open(f"/h5/c/{number}")
    assert "119" in pages.send("add", words=FIRE)
    town.tick()
    assert any(words.startswith("紧急") for words in duty.notices())
    assert [case.urgency for case in town.cases()] == ["normal", "emergency"]


def test_withdrawing_asks_first(town: Town) -> None:
    """Only the second tap takes the case back; then nothing more can be done with it."""
    phone = town.phone()
    number = _dispatched(town, phone)
    pages = pages_of(phone)
    assert "撤回后就不再办了" in pages.open(f"/h5/c/{number}/withdraw")
    assert town.case().state == "dispatched"
    shown = pages.send("")
    assert "撤回了" in shown
    assert "补充几句" not in shown
    assert town.case().state == "withdrawn"
    assert "撤回后" not in pages.open(f"/h5/c/{number}/withdraw")


def _closed(town: Town, phone: Phone) -> tuple[str, Pages]:
    number, pages = _answered(town, phone), pages_of(phone)
    pages.open(f"/h5/c/{number}")
    pages.send("rate", value="yes")
    pages.send("rate", value="yes")
    return number, pages


def test_a_closed_case_is_reopened_once_within_fifteen_days(town: Town) -> None:
    """What broke again goes back to the station with the resident's words; later, or a second
    time, the page says what to do instead."""
    phone, first = town.phone(), town.member("first")
    number, pages = _closed(town, phone)
    town.clock.advance(timedelta(days=14))
    assert "没有办好，重新打开" in pages.open(f"/h5/c/{number}")
    first.say("待办")
    pages.open(f"/h5/c/{number}/reopen")
    shown = pages.send("", words="又不亮了")
    assert "重新打开了，昭乌达路街道委员工作站会在" in shown
    town.tick()
    assert any("居民补充：又不亮了" in words for words in first.notices())
    assert (town.case().state, town.case().text.endswith("又不亮了")) == ("dispatched", True)
    first.say(f"接{first.code}")
    first.say(f"答{first.code} 已解决 又修好了")
    pages.open(f"/h5/c/{number}")
    pages.send("rate", value="yes")
    pages.send("rate", value="yes")
    assert "没有办好，重新打开" not in pages.text
    token = pages.tree.xpath("//input[@name='token']/@value")[0]
    assert "回复“人工”" in pages.post(f"/h5/c/{number}/reopen", {"token": token})


def test_reopening_before_the_second_rating_takes_the_question_back(town: Town) -> None:
    """Solved, they said, and then it wasn't: 满意吗 is not asked any more until the next answer."""
    phone = town.phone()
    number, pages = _answered(town, phone), pages_of(phone)
    pages.open(f"/h5/c/{number}")
    assert "办得满意吗？" in pages.send("rate", value="yes")
    pages.open(f"/h5/c/{number}/reopen")
    assert "办得满意吗？" not in pages.send("")
    assert town.case().state == "dispatched"
    assert town.rows("SELECT count(*) FROM questions WHERE ended_at IS NULL") == [(0,)]


def test_after_fifteen_days_a_closed_case_stays_closed(town: Town) -> None:
    """A form that was left open that long is told to say it anew."""
    number, pages = _closed(town, town.phone())
    pages.open(f"/h5/c/{number}/reopen")
    town.clock.advance(timedelta(days=16))
    pages.open(f"/h5/c/{number}")
    token = pages.tree.xpath("//input[@name='token']/@value")[0]
    assert "超过 15 天" in pages.post(f"/h5/c/{number}/reopen", {"token": token})
    assert (pages.status, town.case().state) == (409, "closed")


def test_my_data_are_shown_and_erased_on_request(town: Town) -> None:
    """All words that are kept; a copy, which the office owes by a time, once; and after a second
    tap nothing any more, the same as 不同意 in chat."""
    phone = town.phone()
    number = _dispatched(town, phone)
    pages = pages_of(phone)
    assert LAMP in pages.open("/h5/data")
    first = pages.send("copy")
    assert "记下了，编号 需" in first
    assert pages.send("copy") == first
    asked = town.cases()[-1]
    assert (len(town.cases()), asked.queue, asked.owner) == (2, "staff", None)
    assert asked.due_at is not None
    assert "找不回来" in pages.open("/h5/data/erase")
    told = pages.send("")
    assert "已经删掉" in told
    assert "由工作人员查，编号 需" in told
    check = town.cases()[-1]
    assert (check.queue, check.state, check.due_at is not None) == ("staff", "new", True)
    pages.open("/h5/data/erase")
    assert f"需{check.number}" in pages.send("")
    assert (len(town.cases()), town.cases()[-1].state) == (3, "new")
    assert "没有留着您发来的话" in pages.text
    assert LAMP not in town.dump()
    pages.open(f"/h5/c/{number}")
    assert pages.status == 404
