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
    first.say(f"图{code}")
    first.say(f"答{code} 已解决，灯亮了")
    assert "图 加编号" in first.send("image", photo("p3"))  # the answer ended it
    assert "已答复" in first.say(f"图{code}")
    assert len(town.case().files) == 2


def test_a_photo_whose_case_is_over_meanwhile_says_why(town: Town) -> None:
    """The right is looked at for each photo, not only when they were asked for."""
    _, first = in_hand(town)
    code = first.code
    first.say(f"接{code}")
    first.say(f"图{code}")
    answered = pages_of(first)
    answered.open(f"/h5/work/{town.case().number}")
    answered.send("/answer", ending="resolved", answer="灯亮了")
    assert "已答复" in first.send("image", photo("p1"))
    assert town.case().files == []


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
