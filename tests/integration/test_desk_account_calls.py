"""QR codes, menu and media as the platform has them, played by the desk."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.integration.desk_account import World, compact, world


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as running:
        yield running


def qr_body(scene: str, **more: Any) -> dict[str, Any]:
    name = "QR_STR_SCENE" if more else "QR_LIMIT_STR_SCENE"
    return {"action_name": name, "action_info": {"scene": {"scene_str": scene}}} | more


def test_qr_codes(made: World) -> None:
    """A permanent code and one for a time: scanned by the address they say, followers get SCAN and
    strangers subscribe with the scene; an expired code pushes nothing."""
    token, openid = made.token(), made.person()
    lasting = made.call("qrcode/create", token, qr_body("st_S001")).json()
    short = made.call("qrcode/create", token, qr_body("b_X", expire_seconds=600)).json()
    assert short["expire_seconds"] == 600
    made.act(openid, type="scan", scene=lasting["url"])
    made.act(openid, type="unsubscribe")
    made.act(openid, type="scan", scene=short["url"])
    first, _, last = (push.message for push in made.account.pushes)
    assert (first["Event"], first["EventKey"], first["Ticket"]) == (
        *("SCAN", "st_S001"),
        lasting["ticket"],
    )
    assert (last["Event"], last["EventKey"]) == ("subscribe", "qrscene_b_X")
    assert "st_S001" in made.http.get(lasting["url"]).text
    made.advance(601)
    assert "expired" in made.act(openid, type="scan", scene=short["url"])["error"]
    assert len(made.account.pushes) == 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (qr_body(""), 40053),
        (qr_body("x" * 65), 40053),
        (qr_body("x", expire_seconds=2_592_001), 40053),
        ({"action_name": "QR_SCENE"}, 40053),
    ],
)
def test_qr_codes_that_are_refused(made: World, body: dict[str, Any], code: int) -> None:
    """Scenes too long, lives too long, numbers as scenes."""
    assert made.call("qrcode/create", made.token(), body).json()["errcode"] == code


def test_menu(made: World) -> None:
    """What was created comes back and stands on the phones; a tap is pushed with its key."""
    token, openid = made.token(), made.person("auntie")

    def get() -> Any:
        return made.get("/cgi-bin/menu/get", access_token=token)

    assert get()["errcode"] == 46003
    page = f"http://auntie.localhost:{made.url.rpartition(':')[2]}/phone"
    buttons: list[dict[str, Any]] = [
        {"type": "click", "name": "说事", "key": "K_NEW"},
        {
            "name": "更多",
            "sub_button": [{"type": "view", "name": "网页", "url": "https://x.test/"}],
        },
    ]
    assert made.call("menu/create", token, {"button": buttons}).json()["errcode"] == 0
    kept = get()["menu"]["button"]
    assert kept[0] == buttons[0] | {"sub_button": []}
    assert kept[1]["sub_button"][0]["url"] == "https://x.test/"
    host = {"Host": page.split("/")[2]}
    shown = made.http.get(f"{made.url}/phone", headers=host).text
    assert ["说事" in shown, "https://x.test/" in shown, "K_MINE" in shown] == [True, True, False]
    made.act(openid, type="click", key="K_NEW")
    made.act(openid, type="view", url="https://x.test/")
    click, view = (push.message for push in made.account.pushes)
    assert (click["Event"], click["EventKey"]) == ("CLICK", "K_NEW")
    assert (view["Event"], view["EventKey"]) == ("VIEW", "https://x.test/")
    assert made.get(f"/desk/users/{openid}/messages")[0]["text"] == "[菜单] 说事"


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([], 40016),
        ([{"type": "click", "name": "x", "key": "K"}] * 4, 40016),
        ([{"type": "click", "name": "六个汉字太长", "key": "K"}], 40018),
        ([{"type": "click", "name": "x"}], 40019),
        ([{"type": "view", "name": "x", "url": "weixin://"}], 40054),
        ([{"name": "x", "sub_button": [{}] * 6}], 40023),
    ],
)
def test_menus_that_are_refused(made: World, buttons: list[Any], code: int) -> None:
    """Counts, lengths in bytes, what each type needs."""
    told = made.call("menu/create", made.token(), compact({"button": buttons})).json()
    assert told["errcode"] == code


def test_media(made: World) -> None:
    """Each thing sent has an id of its own and a file for three days: a picture, a voice, and for
    a video the address of one."""
    token, openid = made.token(), made.person()
    for kind in ("image", "voice", "video"):
        made.act(openid, type=kind)
    ids = [push.message["MediaId"] for push in made.account.pushes]

    def get(media_id: str) -> Any:
        query = {"access_token": token, "media_id": media_id}
        return made.http.get(f"{made.url}/cgi-bin/media/get", params=query)

    picture = Image.open(io.BytesIO(get(ids[0]).content))
    assert (picture.format, picture.size) == ("PNG", (48, 48))
    assert get(ids[1]).content.startswith(b"#!AMR\n")
    assert made.http.get(get(ids[2]).json()["video_url"]).content[4:8] == b"ftyp"
    assert get("nothing").json()["errcode"] == 40007
    made.post("/desk/faults", kind="html", on="media")
    assert get(ids[0]).content.startswith(b"<html>")
    made.post("/desk/faults", kind="errcode", on="media", value=45009)
    assert get(ids[0]).json()["errcode"] == 45009
    made.advance(3 * 86400)
    token = made.token()
    assert get(ids[0]).json()["errcode"] == 40007
