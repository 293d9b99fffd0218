"""The desk's part in 有结果时通知我: tickets, the judging of pages, what is answered in a tag; with
our own channel and signature on the other side of the wire."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.channels.page_tickets import wechat_tickets
from bot.domain.page_tags import sign, tag_host
from bot.settings import Settings
from tests.fakes import FakeClock
from tests.integration.desk_account import World, world

TEMPLATE = "DEMO_SUBSCRIBE_ONCE_ANSWER"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    """A desk with one person, aunt."""
    with world(tmp_path) as running:
        running.person("aunt")
        yield running


def ticket(made: World, kind: str = "jsapi") -> Any:
    return made.get("/cgi-bin/ticket/getticket", access_token=made.token(), type=kind)


def page(made: World, host: str = "aunt.localhost") -> str:
    return f"http://{host}:{urlsplit(made.desk.config.app_url).port}/h5/notices"


def told(made: World, value: str, url: str, **other: str) -> dict[str, str]:
    """What a page signed with this ticket tells the script."""
    signed = asdict(sign(made.desk.config.app_id, value, url, nonce="n", timestamp=1795399200))
    known = {"appid": signed.pop("app_id"), "url": url} | {k: str(v) for k, v in signed.items()}
    return known | other


def verdict(made: World, asked: dict[str, str]) -> str:
    """What wx.config hears: it stands in the frame that the script opens."""
    frame = made.http.get(f"{made.url}/open/tag", params=asked)
    pages = f" http://*.localhost:{urlsplit(made.desk.config.app_url).port}"
    assert frame.headers["Content-Security-Policy"].endswith(pages)
    return frame.text.partition('data-verdict="')[2].partition('"')[0]


def test_a_ticket_stays_until_it_ends(made: World) -> None:
    """The same for two hours, always said to be good for 7200 seconds; it needs a token and a kind
    that the desk has, and can be refused like any call."""
    first = ticket(made)
    made.advance(7199)
    assert ticket(made) == first == first | {"errcode": 0, "expires_in": 7200}
    made.advance(1)
    assert ticket(made)["ticket"] != first["ticket"]
    assert made.get("/cgi-bin/ticket/getticket", type="jsapi")["errcode"] == 41001
    assert ticket(made, "wx_card")["errcode"] == 40097
    made.post("/desk/faults", kind="errcode", on="ticket", value=48001)
    assert ticket(made)["errcode"] == 48001


def test_our_page_is_let_in(made: World) -> None:
    """Signed by our channel's ticket for the address that the browser has; until that ends."""
    known = Settings(mode="demo", wechat_api_base=made.url, _env_file=None)
    ours = wechat_tickets(known, FakeClock().now)
    asked = told(made, ours.ticket(), f"{page(made)}?from=timeline")
    ours.close()
    assert verdict(made, asked) == "config:ok"
    script = made.http.get(tag_host(made.url, demo=True).script)
    assert (script.status_code, "wx-open-subscribe" in script.text) == (200, True)
    made.advance(7200)
    assert verdict(made, asked) == "config:invalid signature"


@pytest.mark.parametrize(
    ("change", "heard"),
    [
        ({"appid": "wx0"}, "config:invalid appid"),
        ({"signature": "ü"}, "config:invalid signature"),
        ({"nonce": "other"}, "config:invalid signature"),
        ({"url": "http://example.org/h5/notices"}, "config:fail, invalid url domain"),
    ],
)
def test_a_page_that_is_not_ours_or_not_signed(
    made: World, change: dict[str, str], heard: str
) -> None:
    """It hears the platform's complaint, and nothing can be answered on it."""
    asked = told(made, ticket(made)["ticket"], page(made)) | change
    assert verdict(made, asked) == heard
    answered = made.http.post(
        f"{made.url}/open/answer", json=asked | {"template": TEMPLATE, "answer": "accept"}
    )
    assert (answered.status_code, made.account.pushes) == (400, [])


@pytest.mark.parametrize("said", ["accept", "reject"])
def test_what_is_answered_in_a_tag_is_pushed(made: World, said: str) -> None:
    """As the platform tells it, of the person whose page it is; an unknown template is refused, and
    so is a page of nobody's."""
    value = ticket(made)["ticket"]
    body = told(made, value, page(made), template=TEMPLATE, answer=said)
    assert made.post("/open/answer", **body) == {"errMsg": "subscribe:ok"}
    (push,) = made.account.pushes
    inside = b"".join(push.body.split())
    assert push.message["FromUserName"] == made.person("aunt")
    assert (push.message["Event"], b"Encrypt" in inside) == ("subscribe_msg_popup_event", True)
    assert made.post("/open/answer", **body | {"template": "T"}) == {"errCode": 20001}
    nobody = told(made, value, page(made, "127.0.0.1"), template=TEMPLATE, answer=said)
    assert made.post("/open/answer", **nobody) == {"errCode": 10001}
    lines = [line for line in made.get("/desk/log") if line["call"] == "wx-open-subscribe"]
    assert [(line["nickname"], line["verdict"]) for line in lines] == [("aunt", said)]
