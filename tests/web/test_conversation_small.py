"""What is no demand gets a kind and useful answer, and no case; a demand in a mix is kept."""

import pytest

from tests.conversation_rig import FIRE, LAMP, Town
from tests.wechat_push import body

STICKER = "【收到不支持的消息类型，暂无法显示】"

NO_CASE = [
    ("你好", "您好"),  # a greeting is told how to begin
    ("谢谢", "不客气"),
    ("太感谢了，路灯修好了", "谢谢您告诉我们"),  # praise, with a topic in it
    ("asdf qwer", "人工"),  # Latin letters that say nothing
    ("Здравствуйте", "人工"),  # Cyrillic
    ("😀😀", "表情收到了"),  # emoji only
    ("？？！", "没看明白"),  # punctuation only
    (STICKER, "表情收到了"),  # a sticker, as the platform writes it
    ("", "没有收到文字"),
    ("呃那个", "没看明白"),  # Chinese that says nothing
    ("办证刻章加微信", "广告不登记"),
    ("提诉求", "是什么事，在哪里"),
    ("查进度", "还没有登记过"),
    ("帮助", "查进度"),
    ("同意", "谢谢"),
]


@pytest.mark.parametrize(("words", "answer"), NO_CASE)
def test_small_talk_is_answered_without_a_case(town: Town, words: str, answer: str) -> None:
    """Each of these gets a sentence that helps on, short enough to be read, and no case."""
    phone = town.phone()
    phone.say("你好")
    reply = phone.say(words)
    assert answer in reply
    assert len(reply) <= 120
    assert town.cases() == []


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("K_NEW", "是什么事，在哪里"),
        ("K_MINE", "还没有登记过"),
        ("K_FIND", "说一个地名"),
        ("K_HUMAN", "工作人员会在"),
        ("K_NONE", "查进度"),  # a menu of yesterday
    ],
)
def test_menu_is_clicked(town: Town, key: str, answer: str) -> None:
    """The four menu buttons do what their words do."""
    assert answer in town.phone().do("CLICK", key)


MIXES = [
    "谢谢你们，不过昭乌达路街道的路灯又坏了",  # thanks
    "你们都是骗子，昭乌达路街道的路灯坏了没人管",  # abuse
    "您好，麻烦问一下，昭乌达路街道的路灯坏了怎么办",  # greeting
    "昭乌达路街道的路灯坏了😡😡😡",  # emoji
    "昭乌達路街道的路燈壞了三天了",  # traditional characters
    "<script>昭乌达路街道的路灯坏了</script> {number} '; DROP TABLE cases",  # injection
]


@pytest.mark.parametrize("words", MIXES)
def test_demand_in_a_mix_is_never_lost(town: Town, words: str) -> None:
    """Whatever stands around it, the demand becomes a case with all its words."""
    reply = town.phone().say(words)
    assert "需261123-0001" in reply
    assert town.case().text == words


def test_thanks_while_the_case_settles_stays_out_of_it(town: Town) -> None:
    """谢谢 after a demand is answered as thanks; a short word about the place is taken in."""
    phone = town.phone()
    phone.say(LAMP)
    assert "不客气" in phone.say("谢谢")
    assert "补充到" in phone.say("3号楼下面")
    assert town.case().text == f"{LAMP}，3号楼下面"


def test_find_a_station(town: Town) -> None:
    """找工作站 asks for a place; a name or a location is answered with the station's address."""
    phone = town.phone()
    assert "说一个地名" in phone.say("找工作站")
    found = phone.say("昭乌达路街道")
    assert "归昭乌达路街道委员工作站" in found
    assert "昭乌达路 1 号" in found
    phone.say("找工作站")
    assert "归昭乌达路街道委员工作站" in phone.send("location")
    phone.say("找工作站")
    assert "归哪个街道、镇或者旗县区" in phone.say("小柳树窝窝村")
    assert "归赛罕区委员工作站" in phone.say("赛罕区")
    assert town.cases() == []


def test_demand_instead_of_a_place_is_registered(town: Town) -> None:
    """Asked for a place the resident simply tells the matter."""
    phone = town.phone()
    phone.say("找工作站")
    phone.say("孩子上学太远，学校能不能加一班校车")
    assert len(town.cases()) == 1


def test_thanks_that_hold_a_complaint_are_a_demand(town: Town) -> None:
    """What is still wrong is never thanked away."""
    phone = town.phone()
    assert "谢谢您告诉我们" in phone.say("昭乌达路的路灯修好了谢谢")
    assert "编号" in phone.say("昭乌达路的路灯修好了，还是不亮，谢谢")
    assert len(town.cases()) == 1


def test_person_is_wanted(town: Town) -> None:
    """人工 makes a case that a person of the office gets and keeps, whatever is said after."""
    phone, staff = town.phone(), town.member("staff")
    assert "工作人员会在 今天 16:30 前联系您" in phone.say("人工")
    phone.say(LAMP)
    town.wait(seconds=5)
    case = town.case()
    assert (case.state, case.queue, case.text) == ("new", "staff", LAMP)
    assert case.proposed == "昭乌达路街道委员工作站"
    assert staff.notices() == []


def test_person_is_wanted_for_a_case_at_a_station(town: Town) -> None:
    """The office hears of it once, by name of the case and time; the case stays where it is."""
    phone, staff = town.phone(), town.member("staff")
    phone.say(LAMP)
    town.wait(seconds=5)
    for _ in range(2):
        assert "需261123-0001" in phone.do("CLICK", "K_HUMAN")
    town.tick()
    assert town.case().state == "dispatched"
    (notice,) = staff.notices()
    assert "居民想跟工作人员说话，请在 今天 16:30 前联系" in notice


@pytest.mark.parametrize("before", ["提诉求", "找工作站", LAMP, "人工", "撤回", "你好"])
def test_emergency_comes_first_in_any_state(town: Town, before: str) -> None:
    """Whatever we asked or said before: the number to call, and the duty desk hears."""
    phone, duty = town.phone(), town.member("duty")
    phone.say(before)
    assert "119" in phone.say(FIRE)
    town.tick()
    assert "紧急" in duty.notices()[0]
    assert town.cases()[-1].queue == "emergency"


def test_another_danger_gets_its_own_numbers(town: Town) -> None:
    """Said while the first is with the duty desk: the numbers are those for what was said last."""
    phone = town.phone()
    phone.say(FIRE)
    assert "12356" in phone.say("我不想活了")


def test_emergency_from_a_members_phone(town: Town) -> None:
    """A member is a resident too when the house burns; a leading verb changes nothing."""
    member = town.member("first")
    assert "119" in member.say(FIRE)
    assert "119" in member.say("看，着火了，快来人")
    assert town.cases()[0].queue == "emergency"


def test_unknown_kind_is_acknowledged(town: Town) -> None:
    """A message of a kind that we don't know is kept and shown nothing."""
    phone = town.phone()
    xml = body("<MsgId>77</MsgId><Thing>1</Thing>", person=phone.openid, kind="hologram",
               created=int(town.clock.now().timestamp()))  # fmt: skip
    assert phone.push(xml).data == b"success"
    assert town.rows("SELECT kind FROM messages") == [("unknown",)]
