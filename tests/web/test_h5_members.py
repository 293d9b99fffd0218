"""待办 on the pages: what waits, what may be done with it now, and what came of it."""

from datetime import timedelta

from bot.services.hand_acts import ACTS
from tests.conversation_rig import LAMP, LAMP_NOWHERE, Town
from tests.web.h5_rig import pages_of

CORRUPT = "举报某局领导收钱办事"


def test_a_member_accepts_and_answers_by_page(town: Town) -> None:
    """From the list to the case, accept under the named post, answer with an ending; the resident
    reads it, and 办过的 tells what came of it."""
    phone, first = town.phone(), town.member("first")
    pages = pages_of(first)
    assert "马板凳，您手上没有待办的事" in pages.open("/h5/")
    phone.say(LAMP)
    number = phone.number
    town.wait(minutes=2)
    shown = pages.open("/h5/todo")
    assert "您手上有 1 件" in shown
    assert "明天 10:00 前" in shown
    shown = pages.open(f"/h5/c/{number}")
    assert "以昭乌达路街道委员工作站第一召集人的身份" in shown
    assert "给居民的话" not in shown
    assert "接下了" in pages.send("/accept")
    assert "马板凳在办" in pages.text
    assert "居民说了这件事" in pages.text
    assert "请选一下" in pages.send("/answer", answer="昨晚修好了")
    assert (pages.status, "昨晚修好了" in pages.text) == (409, True)
    assert "请在后面写上给居民的话" in pages.send("/answer", ending="explained", answer="x")
    pages.send("/answer", ending="explained", answer="已解决之前先用手电")
    town.tick()
    case = town.case()
    assert (case.state, case.ending) == ("answered", "explained")
    assert any("已答复：已解决之前先用手电" in words for words in phone.notices())
    phone.tap("是")
    phone.tap("基本满意")
    assert "已答复，居民说解决了，基本满意" in pages.open("/h5/done")


def test_lights_on_the_list(town: Town) -> None:
    """Yellow within a working day of the time that the sweep keeps, red from then on; no light
    while there is time."""
    first = town.member("first")
    town.phone().say(LAMP)
    town.wait(minutes=2)
    pages = pages_of(first)
    assert "◐ 等接手，快到期" in pages.open("/h5/todo")
    first.say(f"接{first.code}")
    assert "◐ 办理中" in pages.open("/h5/todo")
    assert "快到期" not in pages.text
    days = (town.case().due_at or town.clock.now()) - town.clock.now()
    town.clock.advance(days - timedelta(hours=1))
    assert "◐ 办理中，快到期" in pages.open("/h5/todo")
    town.clock.advance(timedelta(hours=1))
    assert "▲ 办理中，晚了" in pages.open("/h5/todo")


def test_who_comes_second_reads_who_has_it(town: Town) -> None:
    """Both conveners look at the same case; the slower one is told the name, nothing is lost."""
    phone, first, second = town.phone(), town.member("first"), town.member("second")
    phone.say(LAMP)
    town.wait(minutes=2)
    fast, slow = pages_of(first), pages_of(second)
    for pages in (fast, slow):
        pages.open(f"/h5/work/{phone.number}")
    fast.send("/accept")
    shown = slow.send("/accept")
    assert (slow.status, f"需{phone.number} 已经由马板凳接下了" in shown) == (409, True)
    assert "接下来" not in shown


def test_a_return_needs_a_reason_and_leads_back_to_the_list(town: Town) -> None:
    """Without words it is refused; with them the case is the office's, and 办过的 keeps the act
    but no way in."""
    phone, first = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(minutes=2)
    pages = pages_of(first)
    pages.open(f"/h5/work/{phone.number}")
    assert "还没有写字" in pages.send("/return", reason=" ")
    shown = pages.send("/return", reason="归大学西路街道")
    assert "退回了" in shown
    assert "没有待办的事" in shown
    assert town.case().queue == "staff"
    shown = pages.open("/h5/done")
    assert "退回了" in shown
    assert LAMP[7:] not in shown
    assert pages.tree.xpath("//main//a") == []
    pages.open(f"/h5/work/{phone.number}")
    assert pages.status == 404


def test_only_who_may_see_a_case_finds_it(town: Town) -> None:
    """Neighbours, residents and those without the right find nothing, by link or by form; an
    unbound phone has no list at all."""
    phone = town.phone()
    phone.say(LAMP)
    number = phone.number
    phone.say(f"还有一件事，{CORRUPT}")
    secret = phone.number
    town.wait(minutes=2)
    for who, seen in (("neighbour", ()), ("first", (number,)), ("staff", (number,)),
                      ("trusted", (secret,))):  # fmt: skip
        pages = pages_of(town.member(who))
        for each in (number, secret):
            pages.open(f"/h5/work/{each}")
            assert pages.status == (200 if each in seen else 404), (who, each)
            pages.open(f"/h5/c/{each}")
            assert pages.status == (200 if each in seen else 404), (who, each)
    outsider = pages_of(town.phone("outsider"))
    outsider.open("/h5/data")
    token = outsider.tree.xpath("//input[@name='token']/@value")[0]
    for path in ("/h5/todo", "/h5/done", f"/h5/work/{number}"):
        outsider.open(path)
        assert outsider.status == 404
    outsider.post(f"/h5/work/{number}/accept", {"token": token})
    assert (outsider.status, town.cases()[0].state) == (404, "dispatched")


def test_the_urgent_comes_first_and_an_emergency_is_acknowledged(town: Town) -> None:
    """The duty desk takes an emergency over on its page; a convener's urgent case is on top."""
    duty, first = town.member("duty"), town.member("first")
    town.phone().say("昭乌达路街道办有人触电了")
    town.phone("b").say(LAMP)
    town.phone("c").say("昭乌达路街道的井盖没了，危险")
    town.wait(minutes=2)
    desk = pages_of(duty)
    assert "◆ 紧急" in desk.open("/h5/todo")
    desk.open(desk.tree.xpath("//main//a/@href")[0])
    assert "收到，我来处理" in desk.text
    assert "由您处理" in desk.send("/acknowledge")
    shown = pages_of(first).open("/h5/todo")
    assert shown.index("◆ 急") < shown.index("需261123-0002")


def test_a_notice_leads_to_the_page_of_its_case(town: Town) -> None:
    """A template notice carries the case's address, which holds nothing but the number."""
    phone, first = town.phone(), town.member("first")
    town.wait(days=3)
    phone.say(LAMP_NOWHERE + "，昭乌达路街道")
    town.wait(minutes=2)
    (url,) = {d.url for d in first.received() if d.fields}
    assert url == f"http://127.0.0.1:8000/h5/c/{phone.number}"


def test_a_push_in_chat_has_a_link_to_the_page(town: Town) -> None:
    """Beside what to type stands a tap; it leads to the case, and only that person can open it."""
    phone, first = town.phone(), town.member("first")
    phone.say(LAMP)
    number = phone.number
    town.wait(minutes=2)
    (push,) = (words for words in first.notices() if words.startswith("接单"))
    assert push.endswith(f'，或者<a href="http://127.0.0.1:8000/h5/c/{number}">点这里</a>')
    assert "接下来" in pages_of(first).open(f"/h5/c/{number}")


def test_every_act_has_its_words_on_the_page(town: Town) -> None:
    """A row of the table without its row in the template would break the page of whoever may do
    it: each act has a button, and each of its fields a label."""
    loaded = town.app.app.jinja_env.get_template("h5/acts.html").module
    words, labels = vars(loaded)["words"], vars(loaded)["labels"]
    assert set(words) == set(ACTS)
    assert set(labels) == {field for row in ACTS.values() for field in row.fields}


def test_the_work_on_a_case_by_page(town: Town) -> None:
    """Ask the resident, ask a colleague, invite a station, give it to a colleague, ask for more
    time, which the head grants; each form says what is missing and leads to the same as chat."""
    phone, first, head = town.phone(), town.member("first"), town.member("head")
    second = town.member("second")
    phone.say(LAMP)
    number = phone.number
    town.wait(minutes=2)
    pages, heads = pages_of(first), pages_of(head)
    pages.open(f"/h5/work/{number}")
    assert "交给牛茶壶了" in pages.send("/assign", name="牛茶壶")
    assert "接下了" in pages.send("/accept")
    assert "已经问居民了" in pages.send("/ask", question="哪一盏灯？")
    town.tick()
    phone.say("校门口左边那盏")
    assert "已经问牛茶壶了" in pages.send("/consult", name="牛茶壶", words="归谁管？")
    assert "没有叫“月亮”的工作站" in pages.send("/invite", station="月亮", words="能不能出灯")
    assert (pages.status, "能不能出灯" in pages.text) == (409, True)
    assert "协办" in pages.send("/invite", station="经济界委员工作室", words="能不能出灯")
    assert "还没有写字" in pages.send("/extend", days="5", reason="")
    assert pages.tree.xpath("//details[@open]//input[@name='days']/@value") == ["5"]
    assert "已经请羊小桌看了" in pages.send("/extend", days="5", reason="等灯具到货")
    assert not pages.tree.xpath("//form[contains(@action, '/extend')]")
    heads.open(f"/h5/work/{number}")
    assert "延时了" in heads.send("/grant")
    town.tick()
    assert any("归谁管" in words for words in second.notices())
    assert any("12月7日" in words for words in phone.notices())


def test_a_hold_and_the_hotline_by_page(town: Town) -> None:
    """The head puts the case on hold and takes it up again; then it is handed to 12345."""
    phone, head = town.phone(), town.member("head")
    phone.say(LAMP)
    town.wait(minutes=2)
    town.wait(days=3)  # so long that the head was told
    pages = pages_of(head)
    pages.open(f"/h5/work/{phone.number}")
    pages.send("/accept")
    assert "请写上哪天再看" in pages.send("/hold", review="2026-11-01", reason="等管网改造")
    assert "挂账了" in pages.send("/hold", review="2027-03-02", reason="等管网改造")
    assert town.case().state == "on_hold"
    assert "接下了" in pages.send("/resume")
    assert "答复发给居民了" in pages.send("/hotline", hotline="20261126001", words="三天内回电")
    case = town.case()
    assert (case.state, case.ending) == ("answered", "transferred")
    assert [row["number"] for row in case.outcomes] == ["20261126001"]


def test_what_was_passed_on_is_off_the_list_and_reminds_its_new_station(town: Town) -> None:
    """The old station's convener has it neither on the page nor in reminders; the new one has."""
    phone, first, neighbour = town.phone(), town.member("first"), town.member("neighbour")
    phone.say(LAMP)
    number = phone.number
    town.wait(minutes=2)
    pages = pages_of(first)
    pages.open(f"/h5/work/{number}")
    assert "转过去了" in pages.send("/pass", station="T002", reason="路灯在他们那边")
    assert "您手上没有待办的事" in pages.open("/h5/todo")
    assert "您手上有 1 件" in pages_of(neighbour).open("/h5/todo")
    town.tick()
    neighbour.say(f"接{neighbour.code}")
    before = len(first.notices())
    town.wait(days=7)
    assert len(first.notices()) == before
    asked = [d.fields["thing4"] for d in neighbour.received() if d.fields]
    assert any("回复 答" in words for words in asked)
