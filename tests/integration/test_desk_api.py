"""The desk as the platform's API: tokens, allowances, templates, refusals, faults of the net."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.integration.desk_account import World, world

HOUR, DAY = 3600, 86400


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    """A desk whose replaced tokens die at once."""
    with world(tmp_path) as one:
        yield one


def notice(openid: str, **changed: Any) -> dict[str, Any]:
    """A template message that keeps the rules."""
    data = {"thing1": {"value": "路灯不亮"}, "character_string2": {"value": "261123-0007"}}
    return {"touser": openid, "template_id": "DEMO_TEMPLATE_NOTICE", "data": data} | changed


def send(made: World, body: dict[str, Any]) -> int:
    """errcode of a template message."""
    return int(made.call("message/template/send", made.token(), body).json()["errcode"])


def test_the_stable_token_stays_and_the_plain_one_replaces(made: World) -> None:
    """stable_token gives the same again; /token a new one, and the one before dies."""
    assert made.token() == made.token()
    one = made.get("/cgi-bin/token", **made.credentials())["access_token"]
    two = made.get("/cgi-bin/token", **made.credentials())["access_token"]
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    assert made.say(aunt, "在", one) == 40001
    assert made.say(aunt, "在", two) == 0


def test_a_token_expires_and_is_renewed_in_its_last_five_minutes(made: World) -> None:
    """Both tokens live in the last stretch; after two hours the old one is 42001."""
    aunt, old = made.person(), made.token()
    made.act(aunt, type="text", content="在吗")
    made.advance(7200 - 299)
    new = made.token()
    assert new != old
    assert made.say(aunt, "在", old) == 0
    made.advance(300)
    assert made.say(aunt, "在", old) == 42001
    assert made.say(aunt, "在", new) == 0


def test_a_forced_refresh_kills_the_token_once_in_thirty_seconds(made: World) -> None:
    """force_refresh right after another changes nothing; 30 s later it replaces."""
    old = made.token()
    forced = made.credentials() | {"force_refresh": True}
    assert made.post("/cgi-bin/stable_token", **forced)["access_token"] == old
    made.advance(30)
    assert made.post("/cgi-bin/stable_token", **forced)["access_token"] != old
    assert made.say(made.person(), "在", old) == 40001


WRONG = [
    # changed credential, errcode
    ({"secret": "no"}, 40125),
    ({"appid": "wx0"}, 40013),
    ({"grant_type": "password"}, 40002),
]


@pytest.mark.parametrize(("changed", "code"), WRONG)
def test_wrong_credentials_get_no_token(made: World, changed: dict[str, str], code: int) -> None:
    """Each wrong part has its own code, with a rid to search for."""
    told = made.post("/cgi-bin/stable_token", **(made.credentials() | changed))
    assert told["errcode"] == code
    assert "rid: " in told["errmsg"]


ALLOWED = [
    # action, messages, seconds
    ({"type": "text", "content": "在吗"}, 5, 48 * HOUR),
    ({"type": "image"}, 5, 48 * HOUR),
    ({"type": "click", "key": "K_NEW"}, 3, 60),
    ({"type": "menu_tap", "id": "1", "content": "满意"}, 3, 60),
    ({"type": "subscribe"}, 3, 60),
    ({"type": "scan", "scene": "s"}, 3, 60),
]


@pytest.mark.parametrize(("action", "count", "seconds"), ALLOWED)
def test_allowances_follow_what_the_person_did(
    made: World, action: dict[str, str], count: int, seconds: int
) -> None:
    """So many messages and one is too many (45047); after the time none may go (45015)."""
    aunt = made.person()
    assert made.say(aunt, "早") == 45015
    made.act(aunt, **action)
    assert [made.say(aunt, "好") for _ in range(count + 1)] == [0] * count + [45047]
    made.act(aunt, **action)
    made.advance(seconds)
    assert made.say(aunt, "晚") == 45015


def test_allowances_do_not_add_up(made: World) -> None:
    """The larger count and the later end win: a tap after a message takes nothing away."""
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    made.act(aunt, type="click", key="K_NEW")
    made.advance(HOUR)
    assert [made.say(aunt, "好") for _ in range(6)] == [0] * 5 + [45047]


def test_following_again_keeps_the_openid_and_opens_only_its_own_minute(made: World) -> None:
    """Unfollowed: custom 45015, template 43004; re-followed: three in a minute."""
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    made.act(aunt, type="unsubscribe")
    assert (made.say(aunt, "好"), send(made, notice(aunt))) == (45015, 43004)
    made.act(aunt, type="subscribe")
    assert [made.say(aunt, "好") for _ in range(4)] == [0, 0, 0, 45047]


def text_of(openid: str, words: str) -> dict[str, Any]:
    """A customer-service text."""
    return {"touser": openid, "msgtype": "text", "text": {"content": words}}


def test_texts_that_the_platform_refuses(made: World) -> None:
    """Empty, too long, escaped, unknown person, no body, no JSON, no token."""
    aunt, token = made.person(), made.token()
    made.act(aunt, type="text", content="在吗")
    cases: list[tuple[dict[str, Any] | bytes, int]] = [
        (text_of(aunt, "  "), 44004),
        (text_of(aunt, "长" * 683), 45002),
        (json.dumps(text_of(aunt, "好")).encode(), 40033),
        (text_of("oSOMEBODYELSE", "好"), 40003),
        (b"", 44002),
        (b"{", 47001),
        (text_of(aunt, "好") | {"msgtype": "card"}, 40008),
        (text_of(aunt, "好") | {"msgtype": "msgmenu", "msgmenu": {"list": []}}, 40035),
    ]
    told = [made.call("message/custom/send", token, body).json()["errcode"] for body, _ in cases]
    assert told == [code for _, code in cases]
    assert made.call("message/custom/send", "", text_of(aunt, "好")).json()["errcode"] == 41001
    assert made.call("user/tag/get", token, {}).json()["errcode"] == 40066


def test_a_msgmenu_shows_its_choices(made: World) -> None:
    """Head, tail and items are on the phone; the items can be tapped."""
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    items = [{"id": "101", "content": "是"}, {"id": "102", "content": "没有"}]
    menu = {"head_content": "解决了吗？", "list": items, "tail_content": "谢谢您"}
    body = {"touser": aunt, "msgtype": "msgmenu", "msgmenu": menu}
    assert made.call("message/custom/send", made.token(), body).json()["errcode"] == 0
    shown = made.get(f"/desk/users/{aunt}/messages")[-1]
    assert (shown["kind"], shown["text"]) == ("custom", "解决了吗？\n谢谢您")
    assert shown["choices"] == items


VALUES = [
    # key, value, errcode
    ("thing1", "字" * 20, 0),
    ("thing1", "字" * 21, 47003),
    ("thing1", "", 47003),
    ("thing1", "两\n行", 47003),
    ("character_string2", "261123-0007", 0),
    ("character_string2", "需261123", 47003),
    ("phrase3", "待接手", 0),
    ("phrase3", "13笔", 47003),
    ("time4", "2026年11月24日 17:30", 0),
    ("time4", "明天", 47003),
    ("first", "旧模板什么都行，长一些也可以，超过二十个字也可以", 0),
]


@pytest.mark.parametrize(("key", "value", "code"), VALUES)
def test_template_values_are_checked_by_key(made: World, key: str, value: str, code: int) -> None:
    """A value that breaks the rule of its key is 47003, and errmsg names the key."""
    body = notice(made.person(), data={key: {"value": value}})
    told = made.call("message/template/send", made.token(), body).json()
    assert told["errcode"] == code
    assert (f"data.{key}.value" in told["errmsg"]) == (code == 47003)


def test_a_template_message_arrives_and_its_end_is_pushed(made: World) -> None:
    """Any follower gets it, without a reply window; TEMPLATESENDJOBFINISH carries its msgid."""
    aunt = made.person()
    told = made.call("message/template/send", made.token(), notice(aunt)).json()
    assert made.account.pushes == []
    made.run_later()
    end = made.account.pushes[0].message
    assert (end["MsgID"], end["Status"]) == (str(told["msgid"]), "success")
    assert made.get(f"/desk/users/{aunt}/messages")[-1]["kind"] == "template"
    assert send(made, notice(aunt, template_id="OTHER")) == 40037


def test_the_same_client_msg_id_sends_once(made: World) -> None:
    """Within ten minutes the second call is accepted with the same msgid, and nothing arrives."""
    aunt = made.person()
    body = notice(aunt, client_msg_id="row-7")
    one, two = (made.call("message/template/send", made.token(), body).json() for _ in "12")
    assert one == two
    assert len(made.get(f"/desk/users/{aunt}/messages")) == 1


def test_who_blocks_the_account_gets_nothing(made: World) -> None:
    """Template: accepted, then failed:user block. Customer-service message: 48002."""
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    made.post(f"/desk/users/{aunt}/block", blocked=True)
    assert (send(made, notice(aunt)), made.say(aunt, "好")) == (0, 48002)
    made.run_later()
    assert made.account.pushes[-1].message["Status"] == "failed:user block"


ENDS = [("finish_never", 0), ("finish_twice", 2), ("finish_early", 1), ("user_block", 1)]


@pytest.mark.parametrize(("kind", "pushes"), ENDS)
def test_the_end_of_a_template_job_can_go_wrong(made: World, kind: str, pushes: int) -> None:
    """Never, twice, before the answer, or blocked, by fault."""
    made.post("/desk/faults", kind=kind, on="template")
    assert send(made, notice(made.person())) == 0
    early = len(made.account.pushes)
    made.run_later()
    assert len(made.account.pushes) == pushes
    assert early == (1 if kind == "finish_early" else 0)


CODES = [-1, 45011, 43117, 45009, 48001]


@pytest.mark.parametrize("code", CODES)
def test_any_errcode_can_be_switched_on(made: World, code: int) -> None:
    """The call is refused once, then goes through."""
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    made.post("/desk/faults", kind="errcode", value=code, on="custom")
    assert [made.say(aunt, "好") for _ in "12"] == [code, 0]


def test_a_used_up_quota_ends_by_clear_quota(made: World) -> None:
    """45009 until the account clears it."""
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    made.post("/desk/faults", kind="quota", on="custom")
    assert [made.say(aunt, "好") for _ in "12"] == [45009, 45009]
    told = made.call("clear_quota", made.token(), {"appid": made.account.settings.app_id})
    assert told.json()["errcode"] == 0
    assert made.say(aunt, "好") == 0


def test_revoked_tokens_are_dead_at_once(made: World) -> None:
    """After the fault every token is 40001, and a new one can be had."""
    token = made.token()
    made.post("/desk/faults", kind="revoke_tokens")
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    assert made.say(aunt, "好", token) == 40001
    assert made.say(aunt, "好") == 0


def test_the_address_and_the_secret_can_be_refused(made: World) -> None:
    """40164 names the caller's address; 40243 is a frozen secret."""
    made.post("/desk/faults", kind="ip_refused")
    told = made.post("/cgi-bin/stable_token", **made.credentials())
    assert (told["errcode"], "127.0.0.1" in told["errmsg"]) == (40164, True)
    made.post("/desk/faults", kind="secret_frozen")
    assert made.post("/cgi-bin/stable_token", **made.credentials())["errcode"] == 40243


NET = [
    # fault, status of the answer (0: none), has the message arrived?
    ("http_500", 500, False),
    ("html", 200, False),
    ("reset", 0, False),
    ("cut_json", 200, True),
    ("answer_lost", 0, True),
]


@pytest.mark.parametrize(("kind", "status", "arrived"), NET)
def test_the_net_can_fail(made: World, kind: str, status: int, arrived: bool) -> None:
    """An answer that isn't JSON, or none, says nothing of whether the message arrived."""
    aunt, token = made.person(), made.token()
    made.act(aunt, type="text", content="在吗")
    made.post("/desk/faults", kind=kind, on="custom")
    try:
        answer = made.call("message/custom/send", token, text_of(aunt, "好"))
        with pytest.raises(ValueError, match=r".+"):
            answer.json()
        seen = answer.status_code
    except requests.ConnectionError:
        seen = 0
    assert seen == status
    kinds = [each["kind"] for each in made.get(f"/desk/users/{aunt}/messages")]
    assert ("custom" in kinds) == arrived


def test_a_slow_token_waits_as_long_as_told(made: World) -> None:
    """The fault's seconds pass before the token comes."""
    made.post("/desk/faults", kind="slow", value=7, on="token")
    assert made.token().startswith("desk_")
    assert made.pauses == [7]
