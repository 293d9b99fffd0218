"""What was said about a case, to and fro, on its screen."""

from simulator.media import picture, voice
from tests.conversation_rig import LAMP
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish
from tests.web.test_console_queue import BRIBE, listed


def lines(desk: Desk) -> list[str]:
    """What stands in the conversation, in order."""
    found = desk.tree.xpath("//ol[contains(@class, 'talk')]/li")
    return [" ".join(str(each.text_content()).split()) for each in found]


def fetched(desk: Desk, address: str) -> tuple[int, str]:
    """Status and type of a file."""
    page = desk.client.get(address)
    assert page.data is not None
    page.close()
    return page.status_code, str(page.mimetype)


def test_all_that_was_said_stands_in_order(make_town: MakeTown, sqlite_url: str) -> None:
    """The resident's words with personal data covered, our replies, what the office asked, the
    answer; photos small and large, voice to hear. Who may not see the case gets no file of it."""
    town = make_town(sqlite_url)
    furnish(town)
    town.platform.files = {"photo1": picture(1), "voice1": voice(1)}
    phone, first = town.phone(), town.member("first")
    phone.say(f"{LAMP}，电话13800000000")
    phone.send("image")
    town.wait(minutes=2)
    phone.send("voice")
    town.wait(minutes=1)
    first.say(f"接{first.code}")
    first.say(f"问{first.code} 几号楼？")
    town.wait(minutes=1)
    phone.say("三号楼")
    first.say(f"答{first.code} 已解决 亮了")
    desk, checker = desk_of(town, "staff", "dong.sl"), desk_of(town, "checker", "shen.ji")
    (number,) = listed(desk, "all")
    desk.open(f"/console/cases/{number}")
    said = lines(desk)
    words = [LAMP, "收到了", "放进", "语音", "几号楼？", "三号楼", "转给", "已解决 亮了"]
    places = [next(n for n, line in enumerate(said) if word in line) for word in words]
    assert places == sorted(places)
    assert "13800000000" not in desk.text
    small = str(desk.tree.xpath("//img[contains(@src, '/small')]/@src")[0])
    (large,) = desk.tree.xpath("//a[img[contains(@src, '/small')]]/@href")
    (heard,) = desk.tree.xpath("//audio/@src")
    assert fetched(desk, small) == fetched(desk, str(large)) == (200, "image/jpeg")
    assert fetched(desk, str(heard))[0] == 200
    assert fetched(checker, small)[0] in (302, 403)
    assert fetched(desk, "/console/file/999999")[0] == 404


def test_a_leads_photo_is_for_named_staff(make_town: MakeTown, sqlite_url: str) -> None:
    """Intake staff get no file of what they may not see, however they guess; a look at the photo
    alone leaves its line in the access log, too."""
    town = make_town(sqlite_url)
    furnish(town)
    town.platform.files = {"photo1": picture(1)}
    town.phone().say(BRIBE)
    town.phone().send("image")
    town.wait(minutes=2)
    staff, named = desk_of(town, "staff", "dong.sl"), desk_of(town, "trusted", "an.zb", strong=True)
    (number,) = listed(named, "restricted")
    looks = "SELECT count(*) FROM access_log WHERE kind = 'restricted_seen'"
    assert town.rows(looks) == [(0,)]
    assert fetched(named, "/console/file/1") == (200, "image/jpeg")
    assert town.rows(looks) == [(1,)]
    named.open(f"/console/cases/{number}")
    (large,) = named.tree.xpath("//ol//a[img]/@href")
    assert fetched(named, str(large)) == (200, "image/jpeg")
    assert fetched(staff, str(large))[0] == 404
    assert fetched(staff, f"{large}/small")[0] == 404
