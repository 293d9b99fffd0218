"""A member's photos by chat: 图37 and then the photos, or the photos first."""

from datetime import timedelta

from bot.domain.media import MediaState
from bot.domain.moves import PHOTO_TIME
from simulator.media import picture
from tests.conversation_rig import LAMP, Phone, Town
from tests.web.h5_rig import pages_of


def photo(name: str) -> str:
    """What the platform sends of this photo."""
    return f"<PicUrl>http://mmbiz.qpic.cn/x/0</PicUrl><MediaId>{name}</MediaId>"


def in_hand(town: Town) -> tuple[Phone, Phone]:
    """A resident whose lamp the first convener has accepted."""
    town.platform.files = {f"p{n}": picture(n) for n in range(1, 6)}
    phone, first = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(minutes=2)
    return phone, first


def test_photos_after_their_code(town: Town) -> None:
    """They go to the item, are fetched like all others, stand under the station's name where the
    resident sees them, told once in the story; and only while the act is allowed."""
    phone, first = in_hand(town)
    code = first.code
    assert "先接下再办" in first.say(f"图{code}")
    first.say(f"接{code}")
    wanted = first.say(f"图{code} 换好了")
    assert "请发照片，十分钟内发来的都放到 需" in wanted
    assert f"要告诉居民，请回复：答{code}" in wanted
    assert "还有就接着发" in first.send("image", photo("p1"))
    assert "现在等的是照片" in first.send("voice")
    assert "不客气" in first.say("谢谢")
    assert "还有就接着发" in first.send("image", photo("p2"))
    town.tick()
    (case,) = town.cases()
    assert [each["state"] for each in case.files] == [MediaState.KEPT] * 2
    shown = pages_of(phone).open(f"/h5/c/{phone.number}")
    assert shown.count("照片：昭乌达路街道委员工作站") == 2
    assert shown.count("放了照片") == 1
    assert "十分钟内直接发，都放到 需" in first.say(f"答{code} 已解决，灯亮了")
    assert "还有就接着发" in first.send("image", photo("p3"))  # it goes with the answer
    town.tick()
    phone.tap("是")
    phone.tap("满意")
    assert "还有就接着发" in first.send("image", photo("p4"))  # also when it is over by now
    town.wait(minutes=10)
    assert "居民看得到" not in first.send("image", photo("p5"))
    assert len(town.case().files) == 4


def test_a_photo_whose_case_is_over_meanwhile_says_why(town: Town) -> None:
    """The right is looked at for each photo, not only when they were asked for."""
    _, first = in_hand(town)
    code = first.code
    first.say(f"接{code}")
    first.say(f"图{code}")
    page = pages_of(first)
    page.open(f"/h5/work/{town.case().number}")
    page.send("/return", reason="不归我们管")
    assert "现在不能这样办" in first.send("image", photo("p1"))
    assert town.case().files == []


def test_photos_after_an_act_go_to_the_same_item(town: Town) -> None:
    """Also without 图, and though the member has a matter of their own; another act, another
    matter or ten minutes end it."""
    _, first = in_hand(town)
    code, number = first.code, town.case().number
    first.say("大学西路街道的井盖丢了")
    town.wait(minutes=2)
    first.say(f"接{code}")
    assert f"都放到 需{number}" in first.say(f"进展{code} 在等灯杆")
    assert f"照片放进 需{number}" in first.send("image", photo("p1"))
    first.say(f"看{code}")
    assert f"照片放进 需{number}" in first.send("image", photo("p2"))
    town.wait(minutes=1)
    first.say("我家旁边也有一个")
    first.send("image", photo("p3"))
    first.say(f"答{code} 已解决，灯亮了")
    town.wait(minutes=11)
    assert "已答复" in first.say(f"图{code}")
    first.send("image", photo("p4"))
    assert [len(case.files) for case in town.cases()] == [2, 0, 2]


def test_a_photo_that_nobody_asked_for(town: Town) -> None:
    """Who has something in hand is told what to do, and it goes where they then say: to the item,
    or to a matter of their own. Ten minutes later it is nobody's."""
    _, first = in_hand(town)
    code = first.code
    first.say(f"接{code}")
    assert "照片先留着" in first.send("image", photo("p1"))
    assert "图 加编号" in first.send("image", photo("p2"))
    assert len(town.cases()) == 1
    assert "刚才的 2 张照片放进" in first.say(f"图{code}")
    assert "还有就接着发" in first.send("image", photo("p3"))
    assert len(town.case().files) == 3
    town.wait(minutes=10)
    first.send("image", photo("p4"))
    first.say("大学西路街道的井盖丢了")
    assert [len(case.files) for case in town.cases()] == [3, 1]
    town.wait(minutes=2)
    town.clock.advance(timedelta(days=1))
    assert "照片先留着" in first.send("image", photo("p5"))
    town.clock.advance(PHOTO_TIME)
    assert "请发照片" in first.say(f"图{code}")
    assert [len(case.files) for case in town.cases()] == [3, 1]
