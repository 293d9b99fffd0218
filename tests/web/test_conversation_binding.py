"""A phone becomes somebody's: codes, the digits of the phone, personal QR codes, and what fails."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from bot.services import accounts, qr_codes
from tests.conversation_rig import LAMP, Phone, Town
from tests.web.conftest import serve

PHONE = "138 0471-5566"


@pytest.fixture
def strict(town: Town) -> Town:
    """A town that asks for the digits; 马板凳's phone is in the roster, 牛茶壶's is not."""
    settings = town.deps.settings.model_copy(update={"bind_phone_digits": True})
    town.app = serve(replace(town.deps, settings=settings))
    with town.deps.database.write() as session:
        session.execute(sql(f"UPDATE people SET phone = '{PHONE}' WHERE code = 'first'"))
    return town


def code_for(town: Town, post: str = "T001:first_convener") -> str:
    return accounts.invite(town.deps, [post])[0].code


def bound(town: Town) -> list[str]:
    found = town.rows(
        "SELECT p.code, c.address FROM contacts c JOIN people p ON p.id = c.person_id"
        " ORDER BY p.code"
    )
    return [f"{person} {address}" for person, address in found]


def refusals(town: Town) -> list[str]:
    kept = town.rows("SELECT data FROM events WHERE kind = 'bind_refused' ORDER BY id")
    return [str(data) for (data,) in kept]


@pytest.mark.parametrize("digits", ["5566", "５５６６", "尾号 5566。", "13804715566"])
def test_code_and_then_the_digits(strict: Town, digits: str) -> None:
    """The code is right, the phone's last digits are asked for, and they may be typed in ways."""
    phone = strict.phone("new")
    assert "手机号的后四位" in phone.say(f"绑定 {code_for(strict)}")
    assert bound(strict) == []
    assert "绑定好了，马板凳" in phone.say(digits)
    assert bound(strict) == ["first oTEST_new"]


@pytest.mark.parametrize("typed", ["绑定 {code} 5566", "绑定{code}，5566", "绑定码：{code} 5566。"])
def test_code_and_digits_in_one_line(strict: Town, typed: str) -> None:
    """Both at once binds at once."""
    assert "绑定好了" in strict.phone("new").say(typed.format(code=code_for(strict)))


def test_code_alone_where_the_roster_has_no_phone(strict: Town) -> None:
    """There is nothing to compare with: the code is enough."""
    code = code_for(strict, "T001:second_convener")
    assert "绑定好了，牛茶壶" in strict.phone("new").say(f"绑定 {code}")


def test_five_wrong_digits_void_the_code(strict: Town) -> None:
    """From whatever phones they come; each is recorded, and the code is dead for its owner too."""
    code = code_for(strict)
    phones = [strict.phone(f"p{n}") for n in range(5)]
    said = [phone.say(f"绑定 {code} 000{n}") for n, phone in enumerate(phones)]
    assert ["对不上" in words for words in said] == [True] * 4 + [False]
    assert "作废" in said[4]
    assert "不对" in strict.phone("owner").say(f"绑定 {code} 5566")
    assert [why.count("digits") for why in refusals(strict)] == [1, 1, 1, 1, 1, 0]
    assert bound(strict) == []


def test_wrong_digits_may_be_corrected(strict: Town) -> None:
    """The question stays open; five wrong ones close this phone for an hour."""
    phone = strict.phone("new")
    phone.say(f"绑定 {code_for(strict)}")
    assert "对不上" in phone.say("1234")
    assert "绑定好了" in phone.say("5566")
    other = strict.phone("other")
    for _ in range(5):
        assert "不对" in other.say("绑定 ABCDEFGH")
    assert "一小时后" in other.say(f"绑定 {code_for(strict)} 5566")
    strict.clock.advance(timedelta(hours=1, seconds=1))
    assert "绑定好了" in other.say(f"绑定 {code_for(strict)} 5566")


def test_something_else_than_digits_is_heard(strict: Town) -> None:
    """Who turns to a matter of their own is not held at the question, and digits of later bind
    nobody."""
    phone = strict.phone("new")
    phone.say(f"绑定 {code_for(strict)}")
    assert "收到了" in phone.say(LAMP)
    assert "绑定好了" not in phone.say("5566")
    assert bound(strict) == []


def test_a_code_that_expired_or_was_revoked_between(strict: Town) -> None:
    """The digits come too late: after seven days, or after the office took the code back."""
    for late in (lambda: strict.clock.advance(timedelta(days=7)),
                 lambda: accounts.revoke(strict.deps, "T001:first_convener")):  # fmt: skip
        phone = strict.phone("new")
        phone.say(f"绑定 {code_for(strict)}")
        late()
        assert "不对" in phone.say("5566")
    assert bound(strict) == []


def test_revoking_the_phone(town: Town) -> None:
    """The lost phone is let go: it is a stranger's from now on, and the office sees that."""
    phone = town.member("first")
    done = accounts.revoke(town.deps, "T001:first_convener", phone=True)
    assert (done.person, done.codes, done.phone) == ("马板凳", 0, True)
    assert "您手上" not in phone.say("待办")
    (kept,) = town.rows("SELECT actor, data FROM events WHERE kind = 'revoked'")
    assert kept[0] == "shell"
    assert bound(town) == []


def scan(phone: Phone, scene: str, *, follows: bool) -> str:
    return phone.do("SCAN", scene) if follows else phone.do("subscribe", f"qrscene_{scene}")


@pytest.mark.parametrize("follows", [True, False])
def test_personal_qr_code(strict: Town, follows: bool) -> None:
    """The scan says who, the digits prove it, whether they follow us already or by this scan."""
    invited, url = qr_codes.personal(strict.deps, "T001:first_convener")
    ((scene, seconds),) = strict.platform.asked
    assert (scene, seconds) == (f"b_{invited.code}", 7 * 86400)
    assert url.endswith(scene)
    phone = strict.phone("new")
    assert "手机号的后四位" in scan(phone, scene, follows=follows)
    assert "绑定好了，马板凳" in phone.say("5566")
    assert "不对" in scan(strict.phone("thief"), scene, follows=follows)


def test_station_poster(town: Town) -> None:
    """Who scans the poster is already at that station, also when the scan made them follow; a code
    is made once."""
    made = qr_codes.of_stations(town.deps, ["T001", "T002"])
    assert qr_codes.of_stations(town.deps, ["T001", "T002"]) == made
    assert [scene for scene, _ in town.platform.asked] == ["st_T001", "st_T002"]
    for name, follows in (("old", True), ("new", False)):
        phone = town.phone(name)
        assert "昭乌达路街道委员工作站" in scan(phone, "st_T001", follows=follows)
        phone.say("路灯坏了三天了，晚上没法走")
    assert [case.proposed for case in town.cases()] == ["昭乌达路街道委员工作站"] * 2
