"""The desk's own API and pages: people, history, log, clock, faults, bad input, restarts."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from simulator import attack, config, faults, incoming
from simulator.desk import build
from tests.integration.desk_account import MONDAY, World, world


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    """A desk."""
    with world(tmp_path) as one:
        yield one


def page(made: World, path: str, handle: str = "", tag: str = "") -> tuple[int, str, str]:
    """Status, text and ETag of a page at a person's origin."""
    port = made.url.rsplit(":", 1)[1]
    host = f"{handle}.localhost:{port}" if handle else f"127.0.0.1:{port}"
    headers = {"Host": host} | ({"If-None-Match": tag} if tag else {})
    answer = made.http.get(made.url + path, headers=headers, allow_redirects=False)
    return answer.status_code, answer.text, answer.headers.get("ETag", "")


def test_a_nickname_is_always_the_same_person(made: World) -> None:
    """The same nickname gives the same 28 characters; nobody hears of a new person."""
    one = made.post("/desk/users", nickname="王阿姨")
    assert made.post("/desk/users", nickname=" 王阿姨 ") == one
    assert (len(one["openid"]), made.account.received) == (28, [])
    assert made.post("/desk/users", nickname="liu")["handle"] == "liu"


def test_the_history_has_both_directions(made: World) -> None:
    """What was said and answered, with Beijing time, oldest first."""
    made.account.answer = lambda account, received: account.text(received, "您好")
    aunt = made.person()
    made.act(aunt, type="text", content="你好")
    said, heard = made.get(f"/desk/users/{aunt}/messages")
    assert (said["at"], said["direction"], said["kind"]) == (
        "2026-11-23T10:00:00+08:00",
        "in",
        "text",
    )
    assert (heard["direction"], heard["kind"], heard["text"]) == ("out", "passive", "您好")


def test_the_log_has_every_call_and_no_secret(made: World) -> None:
    """Calls both ways with verdict and rule; no token, secret or key in it."""
    aunt = made.person()
    made.act(aunt, type="text", content="你好")
    token = made.token()
    made.say(aunt, "好", token)
    made.say("oNOBODY", "好", token)
    lines = made.get("/desk/log")
    calls = [(line["direction"], line["call"], line["verdict"]) for line in lines]
    assert calls == [
        ("push", "URL check", "passed"),
        ("push", "push text", "acknowledged"),
        ("api", "token", "ok"),
        ("api", "custom", "ok"),
        ("api", "custom", "errcode 40003"),
    ]
    known = made.account.settings
    written = json.dumps(lines)
    assert not any(
        each in written for each in (token, known.app_secret, known.aes_key, known.token)
    )
    assert made.get("/desk/log", after=lines[-2]["id"]) == lines[-1:]


def test_the_clock_is_one_file_for_both_sides(made: World, tmp_path: Path) -> None:
    """advance_seconds adds up in clock.json, and pushes carry the moved time."""
    assert made.get("/desk/clock")["offset_seconds"] == 0
    made.advance(3600)
    told = made.post("/desk/clock", advance_seconds=60)
    assert told == {"offset_seconds": 3660, "now": "2026-11-23T11:01:00+08:00"}
    assert json.loads((tmp_path / "clock.json").read_text("utf-8")) == {"offset_seconds": 3660}
    made.act(made.person(), type="text", content="几点了")
    push = made.account.pushes[0]
    assert push.query["timestamp"] == push.message["CreateTime"] == str(int(MONDAY) + 3660)
    assert sorted(each.name for each in tmp_path.iterdir() if "clock" in each.name) == [
        "clock.json"
    ]


def test_faults_are_listed_used_up_and_cleared(made: World) -> None:
    """A list of what is on, and of what there is."""
    made.post("/desk/faults", kind="errcode", times=2, value=45011, on="custom")
    made.post("/desk/faults", kind="duplicate")
    first = {"kind": "errcode", "on": "custom", "times": 2, "value": 45011}
    told = made.get("/desk/faults")
    assert told["faults"][0] == first
    assert "overlap" in told["kinds"]
    made.say(made.person(), "好")
    assert made.get("/desk/faults")["faults"][0]["times"] == 1
    assert made.http.delete(made.url + "/desk/faults").json() == {"faults": []}


BAD = [
    # path, body, words of the error
    ("/desk/users", {"nickname": ""}, "nickname"),
    ("/desk/users", {"nickname": 7}, "nickname"),
    ("/desk/users", {}, "nickname"),
    ("/desk/users/ME/messages", {}, "type must be one of"),
    ("/desk/users/ME/messages", {"type": "text"}, "content must be a string"),
    ("/desk/users/ME/messages", {"type": "location", "lat": 99, "lon": 1}, "lat must be a number"),
    (
        "/desk/users/ME/messages",
        {"type": "location", "lat": True, "lon": 1},
        "lat must be a number",
    ),
    ("/desk/users/ME/messages", {"type": "click"}, "key must be a string"),
    ("/desk/users/ME/messages", {"type": "menu_tap", "content": "是"}, "id must be"),
    ("/desk/users/ME/block", {"blocked": "yes"}, "blocked must be true or false"),
    ("/desk/users/NOBODY/messages", {"type": "image"}, "nobody on this desk"),
    ("/desk/clock", {"advance_seconds": -1}, "advance_seconds"),
    ("/desk/clock", {"advance_seconds": "9"}, "advance_seconds"),
    ("/desk/clock", {"advance_seconds": 10**12}, "advance_seconds"),
    ("/desk/faults", {"kind": "earthquake"}, "kind must be one of"),
    ("/desk/faults", {"kind": "errcode", "times": 0}, "times must be"),
    ("/desk/faults", {"kind": "errcode", "on": "moon"}, "on must be one of"),
    ("/desk/faults", {"kind": "errcode", "value": "x"}, "value must be"),
]


@pytest.mark.parametrize(("path", "body", "words"), BAD)
def test_bad_input_gets_a_sentence(
    made: World, path: str, body: dict[str, object], words: str
) -> None:
    """A 4xx with JSON that says what is expected; nothing is pushed."""
    answer = made.http.post(made.url + path.replace("ME", made.person()), json=body)
    assert 400 <= answer.status_code < 500
    assert words in answer.json()["error"]
    assert made.account.received == []


def test_who_left_can_only_follow_again(made: World) -> None:
    """A text is refused with 409; scanning a code follows, with its scene and the same openid."""
    aunt = made.person()
    made.act(aunt, type="unsubscribe")
    said = {"type": "text", "content": "在吗"}
    answer = made.http.post(f"{made.url}/desk/users/{aunt}/messages", json=said)
    assert (answer.status_code, "left the account" in answer.json()["error"]) == (409, True)
    made.act(aunt, type="scan", scene="bld3")
    event = made.account.pushes[-1].message
    assert (event["Event"], event["EventKey"]) == ("subscribe", "qrscene_bld3")
    assert made.get("/desk/users")[0]["follows"] is True


def test_what_is_not_json_is_refused(made: World) -> None:
    """A form of another site can't post here; an unknown path is JSON too."""
    answer = made.http.post(made.url + "/desk/clock", data="advance_seconds=60")
    assert (answer.status_code, "JSON object" in answer.json()["error"]) == (400, True)
    assert "error" in made.http.get(made.url + "/desk/nothing").json()
    assert "error" in made.get("/desk/log", after="x")


def test_everything_survives_a_restart_of_the_desk(made: World) -> None:
    """People, messages, tokens, allowances and faults are there for the next process."""
    aunt, token = made.person(), made.token()
    made.act(aunt, type="text", content="在吗")
    made.post("/desk/faults", kind="duplicate", times=3)
    again = build(made.account.settings, real=lambda: MONDAY)
    person = again.store.person(aunt)
    assert person is not None
    assert (person.messages_left, len(again.store.messages(aunt))) == (5, 1)
    again.tokens.check(token)
    assert again.faults.waiting()[0]["times"] == 3
    again.store.close()


def test_a_deleted_file_is_a_new_desk(made: World, tmp_path: Path) -> None:
    """Without its file the desk starts with nobody, even while it runs."""
    made.person()
    (tmp_path / "desk.sqlite3").unlink()
    assert made.get("/desk/users") == []
    assert made.person() != ""


def test_people_are_listed_newest_first_with_unread(made: World) -> None:
    """Who was active last comes first; what the account sent by itself counts until the phone
    was looked at, a passive reply was read where it was asked for."""
    made.account.answer = lambda account, received: account.text(received, "您好")
    made.person("aunt")
    made.person("uncle")
    made.advance(60)
    made.act(made.person("aunt"), type="text", content="你好")
    assert made.say(made.person("aunt"), "办好了") == 0
    first, second = made.get("/desk/users")
    assert [(each["nickname"], each["unread"]) for each in (first, second)] == [
        ("aunt", 1),
        ("uncle", 0),
    ]
    port = made.url.rsplit(":", 1)[1]
    host = {"Host": f"aunt.localhost:{port}"}
    made.http.post(made.url + "/phone/read", json={"id": 99}, headers=host)
    assert made.get("/desk/users")[0]["unread"] == 0


def test_each_phone_lives_at_its_own_origin(made: World) -> None:
    """NAME.localhost shows that person's phone, 127.0.0.1 the desktop."""
    aunt = made.person()
    assert f'data-openid="{aunt}"' in page(made, "/phone", "aunt")[1]
    assert page(made, "/", "aunt")[0] == 302
    assert "桌面微信" in page(made, "/")[1]
    assert page(made, "/phone", "nobody")[0] == 404
    assert page(made, "/phone")[0] == 404


def test_pages_poll_with_etag(made: World) -> None:
    """Nothing new is 304 without a body; something new is the fragment."""
    aunt = made.person()
    paths = [("/page/people", ""), ("/page/log", ""), ("/phone/thread", "aunt")]
    tags = [page(made, path, handle)[2] for path, handle in paths]
    same = [
        page(made, path, handle, tag)[:2] for (path, handle), tag in zip(paths, tags, strict=True)
    ]
    assert same == [(304, "")] * 3
    made.act(aunt, type="text", content="你好")
    new = [
        page(made, path, handle, tag)[0] for (path, handle), tag in zip(paths, tags, strict=True)
    ]
    assert new == [200] * 3


def test_a_phone_escapes_words_and_draws_choices_and_links(made: World) -> None:
    """Markup of people stays text; tap-to-send links become buttons, the app's pages move to the
    person's origin, other schemes are no links."""
    words = (
        '<b>粗</b> <a href="weixin://bizmsgmenu?msgmenucontent=满意&msgmenuid=101">满意</a> '
        f'<a href="{made.account.settings.app_url}/h5/c/7">看进度</a> '
        '<a href="javascript:alert(1)">坏</a>'
    )
    made.account.answer = lambda account, received: account.text(received, words)
    made.act(made.person(), type="text", content="<script>alert(1)</script>")
    drawn = page(made, "/phone/thread", "aunt")[1]
    port = made.account.settings.app_url.rsplit(":", 1)[1]
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert "javascript:" not in drawn
    assert f'href="http://aunt.localhost:{port}/h5/c/7"' in drawn
    sends = [each.get("data-send", "") for each in html.fromstring(drawn).iter("button")]
    choice = {"type": "menu_tap", "id": "101", "content": "满意"}
    assert [json.loads(each) for each in sends] == [choice]


def test_pages_carry_a_strict_policy(made: World) -> None:
    """Only the desk's own files run; no inline script or style is in any page."""
    made.person()
    answer = made.http.get(made.url + "/")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    for text in (answer.text, page(made, "/phone", "aunt")[1]):
        assert "<style" not in text
        assert "style=" not in text
        assert "onclick" not in text
        assert text.count("<script") == text.count("<script src=")


SETTINGS = [
    # environment, .env, attribute, value
    ({}, "", "app_id", "wxdemo0000000000"),
    ({}, "XMZ_WECHAT_APP_ID=wx1 # mine\n", "app_id", "wx1"),
    ({}, "# XMZ_WECHAT_APP_ID=wx1\nexport XMZ_WECHAT_TOKEN='a # b'", "token", "a # b"),
    ({"XMZ_WECHAT_APP_ID": "wx2"}, "XMZ_WECHAT_APP_ID=wx1", "app_id", "wx2"),
    ({"XMZ_WECHAT_APP_ID": ""}, "XMZ_WECHAT_APP_ID=wx1", "app_id", "wx1"),
    ({"XMZ_PORT": "9001"}, "", "push_url", "http://127.0.0.1:9001/wechat"),
    ({"XMZ_PUBLIC_URL": "https://example.org/"}, "", "push_url", "https://example.org/wechat"),
]


@pytest.mark.parametrize(("environ", "dotenv", "name", "value"), SETTINGS)
def test_settings_come_from_the_environment_then_dotenv(
    tmp_path: Path, *, environ: dict[str, str], dotenv: str, name: str, value: str
) -> None:
    """The environment wins, empty means unset, and the demo values fill the rest."""
    (tmp_path / ".env").write_text(dotenv, "utf-8")
    assert getattr(config.load(environ, tmp_path / ".env"), name) == value


def test_a_start_that_cannot_work_says_why(made: World, tmp_path: Path) -> None:
    """A port in use and a wrong setting end with exit 1 and one sentence."""
    port = made.url.rsplit(":", 1)[1]
    for name, value, words in (
        ("XMZ_DESK_PORT", port, "is in use"),
        ("XMZ_WECHAT_CIPHER", "rot13", "plain, compatible or safe"),
    ):
        environ = {"PATH": "", "XMZ_VAR_DIR": str(tmp_path), name: value}
        ended = subprocess.run(
            [sys.executable, "-m", "simulator"],
            env=environ, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        assert (ended.returncode, words in ended.stderr) == (1, True)


def test_the_document_names_every_kind() -> None:
    """docs/desk.md lists all message types, faults and attacks."""
    text = (Path(__file__).parents[2] / "docs" / "desk.md").read_text("utf-8")
    kinds = [*incoming.MAKERS, *faults.KINDS, *attack.KINDS]
    assert [each for each in kinds if f"`{each}`" not in text and f"`{each} {{" not in text] == []
