"""请假: a stand-in sees, hears and does what is an absent person's, and it all comes back."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from bot.domain.absences import Wish
from bot.domain.roster import PersonEntry, PostEntry, Roster
from bot.services import absence, leaving
from bot.services.turn import Turn
from bot.store.outbox import enqueue
from bot.store.roster import save
from tests.conversation_rig import LAMP, Phone, Town
from tests.web.h5_rig import pages_of

WHO = (
    "SELECT a.role, b.role, e.kind FROM events e JOIN posts a ON a.id = e.post_id"
    " JOIN posts b ON b.id = e.for_post_id ORDER BY e.id"
)


def dispatched(town: Town, name: str = "resident") -> Phone:
    """A demand that lies with T001."""
    resident = town.phone(name)
    resident.say(LAMP)
    town.wait(seconds=5)
    return resident


def join(town: Town, code: str, name: str, unit: str = "T001", role: str = "member") -> Phone:
    """One more person, bound."""
    with town.deps.database.write() as session:
        save(session, Roster((), (), (PersonEntry(code, name),), (PostEntry(code, unit, role),)))
    return town.member(code)


def code_of(phone: Phone) -> str:
    """The code of the first item on the list."""
    return phone.say("待办").splitlines()[1][:2]


def rung(town: Town, clock: str = "answer") -> list[dict[str, Any]]:
    events = [e["data"] for e in town.case().events if e["kind"] == "rung"]
    return [data for data in events if data["clock"] == clock]


def test_a_member_stands_in_and_all_comes_back(town: Town) -> None:
    """Named in chat: both are told, what is in hand shows on the stand-in's list, what comes is
    pushed there and says for whom; acts name both posts; when it is over, all is the holder's."""
    first, member = town.member("first"), join(town, "member", "鸡毛毯")
    town.member("second")
    dispatched(town)
    first.say(f"接{first.code}")
    said = first.say("请假到11月25日 由鸡毛毯")
    assert "11月23日到11月25日请假，由鸡毛毯代办" in said
    town.tick()
    assert "手上的 1 件在您的“待办”里，新的事推给您" in member.notices()[-1]
    assert "昭乌达路街道委员工作站第一召集人的事请您代办" in member.notices()[-1]
    assert "代马板凳｜办理中" in member.say("待办")
    assert "1 件" in first.say("待办")
    # their own case, answered for them
    assert "问居民了" in member.say(f"问{code_of(member)} 几号杆？")
    held = "SELECT p.role FROM cases c JOIN posts p ON p.id = c.holder_post_id"
    assert town.rows(held) == [("first_convener",)]
    assert ("member", "first_convener", "asked") in town.rows(WHO)
    # a new one: pushed to the stand-in alone, accepted under the absent post
    told = len(first.notices())
    dispatched(town, "another")
    assert member.notices()[-1].startswith("代马板凳｜接单｜")
    assert len(first.notices()) == told
    assert "接下了" in member.say(f"接{member.code}")
    assert town.rows(held) == [("first_convener",)] * 2
    town.wait(days=3)
    assert "2 件" in first.say("待办")
    assert "没有待办" in member.say("待办")
    over = next(d for d in member.received() if d.fields.get("thing1") == "不用您代马板凳了")
    assert over.fields["thing3"] == "11月23日到11月25日"
    assert over.url.endswith("/h5/todo")
    gone = "SELECT state FROM outbox WHERE kind = 'leave_over'"
    assert town.rows(gone) == [("merged",)]  # in one message with a reminder
    assert town.rows("SELECT end_reason FROM absences") == [("over",)]


def test_reminders_go_to_the_stand_in_and_say_why(town: Town) -> None:
    """By rule the second convener; the rung's event says that the holder is on leave."""
    first, second = town.member("first"), town.member("second")
    dispatched(town)
    first.say(f"接{first.code}")
    assert "由牛茶壶代办" in first.say("请假 20天")
    told = len(first.notices())
    town.wait(days=9)
    reminder = second.received()[-1].fields  # a template: the reply window is long over
    assert reminder["thing1"].startswith("代马板凳｜昭乌达路街道")
    assert reminder["thing4"].startswith("答复晚了，回复 答")
    assert len(first.notices()) == told
    assert rung(town)[0]["missing"] == "holder on leave, told the stand-in"
    assert rung(town)[0]["told"] == 1
    second.say(f"答{code_of(second)} 灯修好了")
    assert town.case().answer == "灯修好了"
    assert town.rows(WHO)[-1] == ("second_convener", "first_convener", "answered")


def test_what_members_can_type(town: Town) -> None:
    """帮助 tells who works on cases their verbs, and others the residents' words."""
    for person, verbs in (("first", True), ("staff", False), ("resident", False)):
        phone = town.phone() if person == "resident" else town.member(person)
        said = phone.say("帮助")
        assert ("请假到" in said, "查进度" in said) == (verbs, True), person


def test_nobody_stands_in(town: Town) -> None:
    """The only one of a station: new cases still reach them, and a reminder passes on at once."""
    economist, staff = town.member("economist"), town.member("staff")
    town.phone().say("路灯坏了三天了，晚上没法走")
    town.wait(seconds=5)
    economist.say(f"接{economist.code}")
    assert "没有别人能代" in economist.say("请假20天")
    town.wait(days=9)
    assert "on leave; nobody holds second_convener" in rung(town)[0]["missing"]
    assert rung(town)[0]["passed"] == "staff"
    assert len(economist.received()) == 1  # the push; on leave nobody rings them
    assert staff.received()[-1].fields["thing4"].startswith("答复晚了，回复 看")


def test_who_could_stand_in_is_said(town: Town) -> None:
    """By rule nobody, but a colleague could be named: chat and page say so, and offer nobody who is
    away. Of two stations each is told of by its name."""
    economist, member = town.member("economist"), join(town, "m2", "鸡毛毯", "T003")
    join(town, "m3", "鸭毛毯", "T003").say("请假到11月30日")
    said = economist.say("请假到11月25日")
    assert "召集人和站长里没有别人能代" in said
    assert "可以请鸡毛毯代：" in said
    page = pages_of(economist)
    assert "可以请鸡毛毯代" in page.open("/h5/leave")
    page.send("/leave/back")
    page.open("/h5/leave")
    assert page.tree.xpath("//option/@value") == ["", "鸡毛毯驻站委员"]
    member.say("请假到11月24日")
    assert "您站里现在没有别人能代" in economist.say("请假到11月25日")
    assert "没有人代办" in economist.say("请假到11月28日")
    economist.say("销假")
    member.say("销假")
    with town.deps.database.write() as session:
        save(session, Roster((), (), (), (PostEntry("economist", "T001", "member"),)))
    town.member("second")
    both = economist.say("明天请假")
    assert "由昭乌达路街道委员工作站的牛茶壶代办" in both
    assert "可以请鸡毛毯代，先销假再写上姓名" in both


def test_what_a_colleague_asked_before_the_leave_is_answered_by_the_stand_in(town: Town) -> None:
    """It stands on their list and says for whom; the asker reads who answered; it is over then."""
    first, head, member = town.member("first"), town.member("head"), join(town, "m4", "鸡毛毯")
    dispatched(town)
    first.say(f"接{first.code}")
    first.say(f"商{first.code} 羊小桌 这段路归谁管？")
    head.say("请假到11月25日 由鸡毛毯")
    assert "代羊小桌｜等您回同事的话" in member.say("待办")
    assert "回过去了" in member.say(f"回{code_of(member)} 归市政")
    town.tick()
    assert "鸡毛毯（代羊小桌）回话：归市政" in first.notices()[-1]
    assert ("member", "station_head", "colleague_replied") in town.rows(WHO)
    assert "没有待办" in member.say("待办")
    head.say("销假")
    assert "没有待办" in head.say("待办")


def test_leave_twice_at_the_same_instant(town: Town) -> None:
    """By the office and by chat at once: the second is told what stands."""
    first = town.member("first")
    with ThreadPoolExecutor(1) as pool:
        with town.deps.database.write() as session:
            turn = Turn(town.deps, session, town.clock.now())
            posts = absence.own_posts(turn, post_holder(town, "first"))
            absence.enter(turn, posts, Wish(turn.today, turn.today, ""))
            session.flush()
            told = pool.submit(first.say, "请假到12月3日")
        assert "您已经请了 11月23日的假" in told.result()
    assert town.cases() == []


def post_holder(town: Town, code: str) -> int:
    """The id of the person with this code."""
    return int(town.rows(f"SELECT id FROM people WHERE code = '{code}'")[0][0])


def test_a_stand_in_who_is_away_too(town: Town) -> None:
    """No chain: the named one goes on leave as well, and the next by rule has the items."""
    first, second, head = (town.member(each) for each in ("first", "second", "head"))
    dispatched(town)
    first.say(f"接{first.code}")
    first.say("请假到11月30日 由牛茶壶")
    second.say("请假到11月27日")
    town.tick()
    assert any("马板凳" in words and "请您代办" in words for words in head.notices())
    assert "代马板凳｜办理中" in head.say("待办")
    assert "没有待办" in second.say("待办")
    assert "灯修好了" not in town.case().answer
    head.say(f"答{code_of(head)} 灯修好了")
    assert town.case().state == "answered"


def test_leave_to_come_begins_by_itself_and_can_end_early(town: Town) -> None:
    """Told on the day it is entered and on the day it begins; 销假 gives everything back."""
    first, second = town.member("first"), town.member("second")
    dispatched(town)
    first.say(f"接{first.code}")
    first.say("请假11月25日到12月3日")
    town.tick()
    assert "到时候请您代办" in second.notices()[-1]
    assert "没有待办" in second.say("待办")
    town.clock.advance(timedelta(hours=40))  # Wednesday, 02:00: nobody is woken
    told = len(second.notices())
    town.tick()
    assert len(second.notices()) == told
    assert "代马板凳" in second.say("待办")
    town.wait(hours=7)
    assert any("在您的“待办”里" in words for words in second.notices()[told:])
    assert "手上有 1 件" in first.say("销假")
    assert "没有待办" in second.say("待办")
    assert "没有请假" in first.say("销假")
    first.say("请假12月1日到3日")
    assert "这次假不请了" in first.say("销假")


REFUSED = (
    ("请假", "请写上哪几天"),
    ("请假到2月30日", "请写上哪几天"),
    ("12月3日起请假", "请写上哪几天"),
    ("我下个月请假", "请写上哪几天"),
    ("请假12月5日到12月1日", "12月1日 在开始的日子 12月5日 前面"),
    ("请假到11月20日", "11月20日已经过去了"),
    ("请假到2027-03-01", "一次最多 60 天"),
    ("请假2027-09-01到2027-09-03", "最早提前 180 天"),
    ("请假到12月3日 由牛茶", "没有叫“牛茶”的同事。可以写：牛茶壶。"),
    ("请假到12月3日 由鹿长椅", "鹿长椅不在您的站，代不了"),
    ("请假到12月3日 由马板凳", "不能是您自己"),
    ("请假到12月3日 由羊小桌", "羊小桌 12月1日到12月5日也请假"),
)


def test_what_is_refused(town: Town) -> None:
    """Each with what is wrong, and what can be typed instead; nothing is kept."""
    first, head = town.member("first"), town.member("head")
    head.say("请假12月1日到12月5日")
    wrong = [(words, first.last) for words, said in REFUSED if said not in first.say(words)]
    assert wrong == []
    join(town, "twin1", "羊双胞")
    join(town, "twin2", "羊双胞")
    twice = first.say("请假到12月3日 由羊双胞")
    assert "不止一位：羊双胞驻站委员、羊双胞驻站委员" in twice
    assert town.rows("SELECT count(*) FROM absences") == [(1,)]


def test_as_it_is_said(town: Town) -> None:
    """In the words that come first; who has no post, or none any more, is a resident."""
    first, duty, resident = town.member("first"), town.member("duty"), town.phone()
    assert "您 11月24日请假，由牛茶壶代办" in first.say("我明天请假，由牛茶壶代")
    assert "已经请了 11月24日的假，代办的是牛茶壶" in first.say("请假")
    first.say("销假")
    assert "11月25日到11月27日请假" in first.say("后天到周五请假")
    assert "请假是给工作站的职务用的" in duty.say("请假三天")
    leaving.leave(town.deps, "OFFICE:duty")
    town.wait(days=2)
    for phone in (duty, resident):
        assert "请假" not in phone.say("我明天请假")
    assert town.cases() == []


def test_once_at_a_time_and_only_from_a_station(town: Town) -> None:
    """A second leave says what stands; whoever is on duty has none, and stays told."""
    first, duty = town.member("first"), town.member("duty")
    first.say("请假到12月3日 由羊小桌")
    for again in ("请假12月1日到12月10日", "请假"):
        said = first.say(again)
        assert "您已经请了 11月23日到12月3日的假，代办的是羊小桌" in said
    assert "值班和受理要换人，请找办公室" in duty.say("请假到12月3日")
    town.phone().say("我家着火了")
    town.tick()
    assert any(words.startswith("紧急｜") for words in duty.notices())


def test_whose_a_new_case_is(town: Town) -> None:
    """A convener who stands in takes what was pushed for the absent one under that one's post, and
    what is pushed to them under their own; for an absent head they decide."""
    first, second, head = (town.member(each) for each in ("first", "second", "head"))
    held = "SELECT p.role FROM cases c JOIN posts p ON p.id = c.holder_post_id ORDER BY c.id"
    head.say("请假到12月3日 由马板凳")
    dispatched(town)
    second.say(f"接{code_of(second)}")
    assert town.rows(held) == [("second_convener",)]
    assert "已经请马板凳看了" in second.say(f"延{code_of(second)} 3 等材料")
    assert "代羊小桌｜等您批延时 3 个工作日" in first.say("待办")
    assert "延时了" in first.say(f"准{code_of(first)}")
    assert town.rows(WHO) == [("first_convener", "station_head", "extension_granted")]
    first.say("请假到12月3日 由牛茶壶")
    dispatched(town, "another")
    second.say(f"接{second.code}")
    assert town.rows(held) == [("second_convener",), ("first_convener",)]


def test_a_reminder_of_the_night_rings_who_is_there_in_the_morning(town: Town) -> None:
    """It waits for the morning when the leave begins: the stand-in gets it; and when the leave is
    over before it goes out, it is the holder's again."""
    first, _ = town.member("first"), town.member("second")
    dispatched(town)
    first.say(f"接{first.code}")
    first.say("请假11月27日到11月27日")
    town.wait(days=3, hours=11, minutes=30)  # Thursday, 21:30
    case_id, person = town.rows(
        "SELECT id, (SELECT id FROM people WHERE code = 'first') FROM cases"
    )[0]
    with town.deps.database.write() as session:
        enqueue(session, town.clock.now(), "answer_due_soon", dedupe="night", case_id=case_id,
                person_id=person, not_before=town.clock.now() + timedelta(hours=11),
                params={"code": 11, "role": "first_convener"})  # fmt: skip
    whose = (
        "SELECT p.code, o.params FROM outbox o JOIN people p ON p.id = o.person_id"
        " WHERE o.kind = 'answer_due_soon' AND o.state = 'queued'"
    )
    town.wait(hours=3)
    ((code, params),) = town.rows(whose)
    assert (code, "马板凳" in json.dumps(params, ensure_ascii=False)) == ("second", True)
    first.say("销假")
    ((code, params),) = town.rows(whose)
    assert (code, "instead_of" in str(params)) == ("first", False)


def test_who_is_away_is_given_and_asked_nothing(town: Town) -> None:
    """派 and 商 name the stand-in instead; who comes second reads who has it."""
    first, second = town.member("first"), town.member("second")
    dispatched(town)
    town.member("head").say("请假到12月3日 由马板凳")
    assert "羊小桌请假到12月3日，这几天由马板凳代办" in second.say(f"派{code_of(second)} 羊小桌")
    first.say(f"接{first.code}")
    first.say("请假到12月3日 由牛茶壶")
    join(town, "member", "鸡毛毯")
    assert "已经由牛茶壶（代马板凳）接下了" in second.say(f"接{code_of(second)}")
