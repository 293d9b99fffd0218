"""Signing in on the wire: our half against the desk, which plays the platform's."""

import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.channels.oauth import WeChatSignIn
from bot.domain.signing_in import SignInFailed
from bot.settings import Settings
from tests.fakes import FakeClock
from tests.integration.desk_account import World, world

STATE = "abc123"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[World]:
    """A desk with one person, aunt."""
    with world(tmp_path) as running:
        running.person("aunt")
        yield running


def _sign_in(platform: World) -> WeChatSignIn:
    known = Settings(
        mode="demo", wechat_api_base=platform.url, wechat_oauth_base=platform.url, _env_file=None
    )
    return WeChatSignIn(known, FakeClock().now)


def _page(platform: World, host: str = "aunt.localhost") -> str:
    port = urlsplit(platform.desk.config.app_url).port
    return f"http://{host}:{port}/h5/in"


def _asked(platform: World, address: str) -> requests.Response:
    return platform.http.get(address, allow_redirects=False)


def _code(platform: World) -> str:
    """The code that the desk gives for aunt's browser."""
    response = _asked(platform, _sign_in(platform).address(_page(platform), STATE))
    back = urlsplit(response.headers["Location"])
    asked = parse_qs(back.query)
    assert (back.hostname, back.path, asked["state"]) == ("aunt.localhost", "/h5/in", [STATE])
    return asked["code"][0]


def _refusal(sign_in: WeChatSignIn, code: str) -> SignInFailed:
    with pytest.raises(SignInFailed) as refused:
        sign_in.visitor(code)
    assert code not in str(refused.value)
    return refused.value


def test_a_code_names_its_person_once_and_for_five_minutes(platform: World) -> None:
    """The desk's person comes back by the origin of the page; a used, old or made-up code does
    not, and a new one is worth asking for."""
    sign_in, code = _sign_in(platform), _code(platform)
    assert sign_in.visitor(code).openid == platform.person("aunt")
    used = _refusal(sign_in, code)
    late = _code(platform)
    platform.advance(301)
    old, unknown = _refusal(sign_in, late), _refusal(sign_in, "f" * 32)
    for refused, number in ((used, 40163), (old, 42003), (unknown, 40029)):
        assert (refused.again, str(number) in str(refused)) == (True, True)


def test_a_snapshot_page_gives_a_virtual_person(platform: World) -> None:
    """is_snapshotuser=1 and an openid that belongs to nobody."""
    platform.post("/desk/faults", kind="snapshot")
    found = _sign_in(platform).visitor(_code(platform))
    assert (found.snapshot, found.openid == platform.person("aunt")) == (True, False)


def test_the_platform_refuses_what_the_console_did_not_allow(platform: World) -> None:
    """A foreign domain, a foreign account, a state it can't carry, and a browser of nobody."""
    sign_in = _sign_in(platform)
    good = sign_in.address(_page(platform), STATE)
    wrong = {
        "10003": sign_in.address("https://evil.test/h5/in", STATE),
        "AppID": good.replace("appid=", "appid=x"),
        "state": sign_in.address(_page(platform), "not-a-state"),
        "手机": sign_in.address(_page(platform, "nobody.localhost"), STATE),
        "scope": good.replace("snsapi_base", "all"),
    }
    for words, address in wrong.items():
        response = _asked(platform, address)
        assert (response.status_code, words in response.text) == (400, True), address


def test_no_word_from_the_platform_is_told_without_a_secret(
    platform: World, caplog: pytest.LogCaptureFixture
) -> None:
    """500, HTML, a reset, a wrong secret, nobody listening: one kind of error, not worth asking
    again at once, with neither code nor secret in it or in the log."""
    caplog.set_level(logging.DEBUG)
    sign_in = _sign_in(platform)
    for kind in ("http_500", "html", "reset", "cut_json", "errcode"):
        platform.post("/desk/faults", kind=kind, on="oauth", value=40125)
        assert not _refusal(sign_in, _code(platform)).again
    settings = Settings(mode="demo", wechat_api_base="http://127.0.0.1:1", _env_file=None)
    assert not _refusal(WeChatSignIn(settings, FakeClock().now), "c0de").again
    ours = [r.getMessage() for r in caplog.records if r.name.startswith(("bot", "urllib3"))]
    assert any("/sns/oauth2/access_token?" in line for line in ours)
    assert platform.desk.config.app_secret not in " ".join(ours)
