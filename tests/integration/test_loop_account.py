"""Over the real wire: who is who, the poster at the door, the menu, photos and voice."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.understanding import Understander
from tests.integration.loop_rig import Loop, loop


@pytest.fixture
def world(tmp_path: Path, sqlite_url: str, understander: Understander) -> Iterator[Loop]:
    with loop(tmp_path, sqlite_url, understander) as both:
        yield both


def test_poster_photos_and_a_convener_who_leaves(world: Loop, tmp_path: Path) -> None:
    """A convener scans a personal code; a stranger scans the poster at the door, follows by it, and
    sends photo and voice, which are fetched and kept; then the convener leaves, and the second one
    answers."""
    picture = tmp_path / "code.png"
    (made,) = world.lines("account", "qr", "T001:first_convener", "--out", str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG")
    (again,) = world.lines("account", "qr", "T001:first_convener", "--out", str(picture))
    assert (made["voided"], again["voided"]) == (0, 1)
    made = again
    first = world.phone("first")
    assert "绑定好了，马板凳" in first.do(type="scan", scene=made["url"])
    first.say("待办")  # from now on the account may write freely
    second = world.member("T001:second_convener")

    world.lines("poster", "T001", "--out", str(tmp_path / "poster.pdf"))
    assert (tmp_path / "poster.pdf").read_bytes().startswith(b"%PDF")
    resident = world.phone("aunt")
    resident.do(type="unsubscribe")
    assert "昭乌达路街道委员工作站" in resident.do(type="scan", scene="st_T001")
    assert "昭乌达路街道委员工作站" in resident.say("路灯坏了三天了，晚上没法走")
    resident.do(type="image")
    world.advance(5)
    world.tick()
    (case,) = world.lines("cases", "export")
    assert case["owner"] == "昭乌达路街道委员工作站"
    assert [(f["kind"], f["state"], f["mime"]) for f in case["files"]] == [
        ("image", "kept", "image/jpeg")
    ]

    assert any(words.startswith("接单｜") for words in first.notices())
    (left,) = world.lines("account", "leave", "T001:first_convener")
    assert left["cases"] == [f"需{case['number']}"]
    world.tick()
    assert any(words.startswith("接单｜") for words in second.notices())
    assert "您不用再管了" in first.notices()[-1]


def test_voice_of_long_ago_is_lost(world: Loop) -> None:
    """The platform keeps a voice three days: what nobody fetched by then is marked."""
    resident = world.phone("uncle")
    resident.do(type="voice")
    resident.do(type="voice")
    world.http.post(f"{world.desk}/desk/faults", json={"kind": "html", "on": "media", "times": 1})
    world.tick()
    (case,) = world.lines("cases", "export")
    assert sorted(f["state"] for f in case["files"]) == ["kept", "waiting"]
    world.advance(4 * 86400)
    world.tick()
    (case,) = world.lines("cases", "export")
    assert sorted(f["state"] for f in case["files"]) == ["kept", "lost"]


def test_menu(world: Loop) -> None:
    """The account has none; ours is pushed; then nothing differs; its taps are understood."""
    assert "+ 提诉求 → K_NEW" in world.flask("menu", "diff", exit_code=1).stdout
    world.flask("menu", "push")
    assert world.flask("menu", "diff").stdout == ""
    shown = json.loads(world.flask("menu", "show").stdout)
    page = shown["button"][1]["sub_button"][1]
    assert (page["name"], page["url"]) == ("我的诉求", "http://127.0.0.1:8000/h5/")
    resident = world.phone("aunt")
    assert "您还没有登记过" in resident.do(type="click", key="K_MINE")
    assert "查进度" in resident.do(type="click", key="K_HELP")
    assert resident.do(type="view", url=page["url"]) == ""


def test_codes_are_taken_back(world: Loop) -> None:
    """A code and a phone, by command; a post that nobody holds is refused."""
    phone = world.member("T001:first_convener")
    code = world.flask("account", "invite", "T001:first_convener").stdout.strip()
    (done,) = world.lines("account", "revoke", "T001:first_convener", "--phone")
    assert (done["codes"], done["phone"]) == (1, True)
    assert "不对" in phone.say(f"绑定 {code}")
    assert "没有这个职务" in world.flask("account", "leave", "T009:member", exit_code=1).stderr
    world.flask("account", "qr", "T001:first_convener", "--out", "code.txt", exit_code=2)
