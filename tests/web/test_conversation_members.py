"""A member's phone: verbs with codes, other hands, and the resident that every member also is."""

from dataclasses import replace

import pytest

from bot.services import accounts, staff
from tests.conversation_rig import LAMP, LAMP_NOWHERE, Phone, Town


def pushed(town: Town) -> tuple[Phone, Phone]:
    """A resident's phone, and the first convener's with a push on it."""
    phone, convener = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(seconds=5)
    return phone, convener


def test_who_took_it_on_is_named_by_a_setting(town: Town) -> None:
    """XMZ_SHOW_MEMBER_NAME: the resident reads the name of who has the case; without it only the
    station's."""
    named = town.deps.settings.model_copy(update={"show_member_name": True})
    town.app.use(replace(town.deps, settings=named))
    phone, convener = pushed(town)
    convener.say(f"接{convener.code}")
    town.tick()
    (name,) = town.rows("SELECT name FROM people WHERE code = 'first'")[0]
    assert f"昭乌达路街道委员工作站的{name}接手了" in phone.notices()[-1]


def test_accept_answer_and_list(town: Town) -> None:
    """接, 看, 待办 and 答 each say what happened and what comes next."""
    phone, convener = pushed(town)
    code = convener.code
    assert f"接{code}" in convener.notices()[0]
    assert "昭乌达路街道 路灯坏了三天了" in convener.notices()[0]
    assert "路灯坏了三天了" in convener.say(f"看{code}")
    assert f"答{code}" in convener.say(f"接{code}")
    assert code in convener.say("待办")
    town.tick()
    assert "昭乌达路街道委员工作站接手了，11月30日 10:00 前答复您" in phone.notices()[-1]
    assert "居民会说解决了没有" in convener.say(f"答 {code}：已解决，灯亮了")
    assert town.case().ending == "resolved"


def test_answering_without_accepting_first(town: Town) -> None:
    """Who answers at once has taken it on: both are recorded, and the resident reads one notice."""
    phone, convener = pushed(town)
    convener.say(f"答{convener.code} 修好了")
    town.tick()
    kinds = [event["kind"] for event in town.case().events]
    assert kinds[-2:] == ["accepted", "answered"]
    assert len(phone.notices()) == 1


def test_place_left_unsaid_does_not_keep_us_from_asking(town: Town) -> None:
    """The question where it is was never answered: 解决了吗 is asked all the same."""
    phone, economist = town.phone(), town.member("economist")
    phone.say(LAMP_NOWHERE)
    town.wait(seconds=5)
    economist.say(f"答{economist.code} 修好了")
    town.tick()
    phone.tap("是")
    assert town.case().rating == {"solved": "yes", "satisfied": None}


def test_both_conveners_see_it_and_one_is_pushed(town: Town) -> None:
    """双召集人: the second has it in 待办, too, and may be the faster one; the first is told."""
    _, convener = pushed(town)
    second = town.member("second")
    assert "路灯坏了三天了" in second.say("待办")
    assert second.notices() == []
    second.say("1")
    assert town.case().state == "accepted"
    assert "接下了" in convener.say(f"接{convener.code}")
    assert "路灯" not in convener.say("待办")


@pytest.mark.parametrize("words", ["接{c}", "接单{c}", "接 {c}", "接{c}。", "接{c} 我来"])
def test_accepting_is_typed_in_many_ways(town: Town, words: str) -> None:
    """Old hands type as they like."""
    _, convener = pushed(town)
    convener.say(words.format(c=convener.code))
    assert town.case().state == "accepted"


def test_list_has_times_and_only_what_is_in_hand(town: Town) -> None:
    """What is due and when, urgent ones first; what somebody else took on is on their list only."""
    convener, second = town.member("first"), town.member("second")
    town.phone("one").say(LAMP)
    town.phone("two").say("昭乌达路街道的路井盖没了，晚上没法走")
    town.wait(seconds=5)
    urgent, lamp = convener.say("待办").splitlines()[1:]
    assert "井盖" in urgent
    assert urgent.endswith("待接单，今天 15:30 前")
    assert "路灯" in lamp
    assert lamp.endswith("待接单，明天 10:00 前")
    town.wait(days=1, minutes=1)
    assert "2 件" in second.say("待办")
    assert "已过" in second.last
    convener.say(f"接{lamp[:2]}")
    assert "11月30日 10:00 前" in convener.say("待办")
    assert "1 件" in second.say("待办")


@pytest.mark.parametrize("words", ["接99", "退99 不归我们管", "答99 修好了", "看99", "收到99"])
def test_wrong_code_is_told(town: Town, words: str) -> None:
    """A code that is nobody's does nothing, makes no case and says where the list is."""
    convener = town.member("first")
    assert "待办" in convener.say(words)
    assert town.cases() == []


@pytest.mark.parametrize("words", ["接", "收到", "答", "退"])
def test_verb_without_a_code_shows_the_list(town: Town, words: str) -> None:
    """The code is what was forgotten: the list has it."""
    _, convener = pushed(town)
    code = convener.code
    assert code in convener.say(words)
    assert town.case().state == "dispatched"


def test_verbs_are_plain_words_for_residents(town: Town) -> None:
    """Who holds no post and writes 接37 acts on nothing."""
    phone = town.phone()
    phone.say(LAMP)
    town.wait(seconds=5)
    town.member("first")
    phone.say("接11")
    assert town.case().state == "dispatched"


def test_somebody_else_accepted_first(town: Town) -> None:
    """The second convener is told who has it."""
    _, convener = pushed(town)
    second = town.member("second")
    town.wait(days=1, minutes=1)
    assert "到期还没有人接" in second.notices()[-1]
    convener.say(f"接{convener.code}")
    assert "马板凳接下了" in second.say(f"接{second.code}")
    assert "马板凳接下了" in convener.say(f"接{convener.code}")


def test_return_needs_a_reason(town: Town) -> None:
    """退 without a reason is explained; with one the case goes back to the office."""
    phone, convener = pushed(town)
    code = convener.code
    assert "原因" in convener.say(f"退{code}")
    assert "退回了" in convener.say(f"退{code} 不归我们街道管")
    assert (town.case().state, town.case().queue) == ("new", "staff")
    town.tick()
    assert "换人来办" in phone.notices()[-1]
    assert "没有" in convener.say("待办")


def test_third_return_is_refused(town: Town) -> None:
    """After two returns the office has decided."""
    _, convener = pushed(town)
    for _ in range(2):
        convener.say(f"退{convener.code} 不归我们管")
        staff.dispatch(town.deps, town.case().number, "T001")
        town.tick()
    assert "退过两次" in convener.say(f"退{convener.code} 还是不归我们管")
    assert town.case().state == "dispatched"


def test_acknowledging_an_emergency(town: Town) -> None:
    """收到 with its code stops the repeating; the others on duty hear who has it."""
    duty, night = town.member("duty"), town.member("night")
    town.phone().say("我家着火了")
    town.tick()
    assert "由您处理" in duty.say(f"收到{duty.code}")
    town.tick()
    assert "云值守已经在处理" in night.notices()[-1]


MEMBERS_OWN = [
    "看35路公交车太少，等了一个小时",  # 看, and a bus line
    "接10路公交的人太多，公交太少",
    LAMP,
]


@pytest.mark.parametrize("words", MEMBERS_OWN)
def test_member_is_also_a_resident(town: Town, words: str) -> None:
    """A member's own demand is registered like anybody's, without the privacy notice."""
    member = town.member("neighbour")
    reply = member.say(words)
    assert "需261123-0001" in reply
    assert "不同意" not in reply


def test_member_handles_his_own_demand(town: Town) -> None:
    """The convener's own case comes back to his own phone as a push."""
    convener = town.member("first")
    convener.say(LAMP)
    town.wait(seconds=5)
    convener.say(f"接{convener.code}")
    assert town.case().state == "accepted"


def test_withdrawn_case_cannot_be_accepted(town: Town) -> None:
    """What the resident took back is off the list."""
    phone, convener = pushed(town)
    code = convener.code
    phone.say("撤回")
    phone.say("是")
    assert "待办" in convener.say(f"接{code}")
    assert town.case().state == "withdrawn"


@pytest.mark.parametrize(
    "words",
    [
        "绑定{code}",  # no space
        "绑定　{code}。",  # full-width space, full stop
        "绑定码：{code}",  # as people call it
        "請綁定 {code} 謝謝",  # politely, in Traditional characters
    ],
)
def test_a_code_is_heard_however_it_is_wrapped(town: Town, words: str) -> None:
    """A code that became the words of a case would lie in the queue and still open a door."""
    (invited,) = accounts.invite(town.deps, ["T001:first_convener"])
    assert "绑定好了" in town.phone("new").say(words.format(code=invited.code))
    assert town.cases() == []


def test_only_the_newest_code_of_a_person_is_good(town: Town) -> None:
    """A second invitation ends the first; once bound, no code of that person is left."""
    (first,) = accounts.invite(town.deps, ["T001:first_convener"])
    (second,) = accounts.invite(town.deps, ["T001:first_convener"])
    assert "不对" in town.phone("stranger").say(f"绑定 {first.code}")
    assert "绑定好了" in town.phone("new").say(f"绑定 {second.code}")
    assert "不对" in town.phone("stranger").say(f"绑定 {second.code}")


def test_binding_by_a_code(town: Town) -> None:
    """绑定 with the office's code makes a phone a member's; a wrong code is refused kindly."""
    (invited,) = accounts.invite(town.deps, ["T001:first_convener"])
    phone = town.phone("new")
    assert "不对" in phone.say("绑定 ABCDEFGH")
    assert "马板凳。您的职务：昭乌达路街道委员工作站第一召集人" in phone.say(
        f"绑定 {invited.code.lower()}"
    )
    town.phone().say(LAMP)
    town.wait(seconds=5)
    assert "接单" in phone.notices()[0]
