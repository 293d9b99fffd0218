"""开单 on the phone: the same slip as in chat, for who may open one there."""

from simulator.media import picture
from tests.conversation_rig import LAMP, Town
from tests.web.h5_rig import pages_of
from tests.web.test_h5_photos import attach

WORDS = {"words": "路灯坏了三天了", "place": "昭乌达路街道", "whose": "王桂花 13812345678"}


def test_a_slip_by_page(town: Town) -> None:
    """Words, place, whose and a photo; the name is nowhere in what others read; a double tap is
    one; a resident and a post that may not open one are told so."""
    first = town.member("first")
    pages = pages_of(first)
    pages.open("/h5/todo")
    pages.open(pages.tree.xpath("//a[contains(@href, 'slip')]/@href")[0])
    assert "还没有写字" in attach(pages, "", [], **(WORDS | {"words": " "}))
    assert "不是照片" in attach(pages, "", [b"no"], **WORDS)
    form = pages.page
    assert "登记了，编号" in attach(pages, "", [picture(1)], **WORDS)
    pages.page = form
    attach(pages, "", [picture(1)], **WORDS, choice="new")
    (case,) = town.cases()
    assert (len(case.files), case.source) == (1, "walk_in")
    shown = pages.open(f"/h5/work/{case.number}")
    assert "昭乌达路街道" in shown
    assert "王桂花" not in shown
    assert "1381234" not in shown
    outsider = pages_of(town.phone("outsider"))
    assert "直接说就行" in outsider.open("/h5/slip")
    assert outsider.status == 403


def test_what_is_alike_is_shown_before_a_slip_is_opened(town: Town) -> None:
    """The opener adds to the one that is open, whose resident learns no name, or opens anyway."""
    phone, first = town.phone(), town.member("first")
    phone.say(LAMP)
    number = phone.number
    town.wait(minutes=2)
    pages = pages_of(first)
    pages.open("/h5/slip")
    shown = attach(pages, "", [], **WORDS)
    assert f"补充到 需{number}" in shown
    assert len(town.cases()) == 1
    assert "补充到" in attach(pages, "", [picture(1)], **WORDS, choice=number)
    (case,) = town.cases()
    assert len(case.files) == 1
    mine = pages_of(phone).open(f"/h5/c/{number}")
    assert "王桂花" not in mine
    pages.open("/h5/slip")
    attach(pages, "", [], **WORDS)
    attach(pages, "", [], **WORDS, choice="new")
    assert len(town.cases()) == 2


def test_a_slip_kept_at_the_own_station(town: Town) -> None:
    """Routing decides unless its writer keeps it; the history tells both. What is urgent, or only
    for named people, goes its way; a station that is not one's own is refused."""
    economist = town.member("economist")
    pages = pages_of(economist)
    pages.open("/h5/slip")
    options = pages.tree.xpath("//select[@name='station']/option/@value")
    assert options == ["", "T003"]
    assert "没有职务" in attach(pages, "", [], **WORDS, station="T001")
    assert "经济界委员工作室会在" in attach(pages, "", [], **WORDS, station="T003")
    (case,) = town.cases()
    assert (case.owner, case.assist, case.rule) == ("经济界委员工作室", [], "kept_by_opener")
    told = {e["kind"]: e for e in case.events}
    assert told["registered"]["data"]["rule"] == "place_and_topic"
    assert told["dispatched"]["data"]["rule"] == "kept_by_opener"
    assert told["dispatched"]["actor"].startswith("post:")
    for words, queue in (
        ("昭乌达路街道办有人触电了", "emergency"),
        ("昭乌达路街道的书记收了包工头的钱", "restricted"),
    ):
        pages.open("/h5/slip")
        attach(pages, "", [], words=words, place="", station="T003")
        assert (town.cases()[-1].queue, town.cases()[-1].owner) == (queue, None)
    pages.open("/h5/slip")
    attach(pages, "", [], words="这件事麻烦帮忙问一下", place="", station="T003")
    assert (town.cases()[-1].queue, town.cases()[-1].owner) == (None, "经济界委员工作室")
