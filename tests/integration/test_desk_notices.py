"""The desk's notices: subscription consents, kinds of account, old templates, late endings."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator import sending, tokens
from tests.integration.desk_account import World, world

ONCE, LONG = "DEMO_SUBSCRIBE_ONCE_1", "DEMO_SUBSCRIBE_LONG_1"
BIZSEND, TEMPLATE = "message/subscribe/bizsend", "message/template/send"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    """A desk."""
    with world(tmp_path) as one:
        yield one


def send(made: World, openid: str, template_id: str, call: str = BIZSEND, **values: str) -> int:
    """errcode of a notice with these values."""
    data = {key: {"value": value} for key, value in (values or {"thing1": "路灯"}).items()}
    body = {"touser": openid, "template_id": template_id, "data": data}
    return int(made.call(call, made.token(), body).json()["errcode"])


def consent(made: World, openid: str, template_id: str, answer: str, place: str = "h5") -> Any:
    """The person answers the question."""
    return made.post(
        f"/desk/users/{openid}/consents", template_id=template_id, answer=answer, place=place
    )


def test_a_consent_is_worth_one_notice_or_any_number(made: World) -> None:
    """One-time consents are counted, long-term ones last until they are taken back."""
    aunt = made.person()
    assert send(made, aunt, ONCE) == 43101
    for _ in "12":
        consent(made, aunt, ONCE, "accept")
    assert [send(made, aunt, ONCE) for _ in "123"] == [0, 0, 43101]
    consent(made, aunt, LONG, "accept")
    assert [send(made, aunt, LONG) for _ in "123"] == [0, 0, 0]
    consent(made, aunt, LONG, "reject", "settings")
    assert send(made, aunt, LONG) == 43101


def test_consents_are_told_by_their_events(made: World) -> None:
    """Popup on a page, change in the settings, and the end of a notice: three events."""
    aunt = made.person()
    consent(made, aunt, LONG, "accept")
    assert send(made, aunt, LONG) == 0
    made.run_later()
    consent(made, aunt, LONG, "reject", "settings")
    told = [push.message["Event"] for push in made.account.pushes]
    assert told == [
        "subscribe_msg_popup_event", "subscribe_msg_sent_event", "subscribe_msg_change_event",
    ]  # fmt: skip


def test_subscription_notices_reach_who_left(made: World) -> None:
    """In 服务通知; but never an openid of another account."""
    aunt = made.person()
    consent(made, aunt, LONG, "accept")
    made.act(aunt, type="unsubscribe")
    assert (send(made, aunt, LONG), send(made, "oNOBODY", LONG)) == (0, 40003)
    assert made.get(f"/desk/users/{aunt}/messages")[-1]["kind"] == "subscribe"


def test_ids_are_not_interchangeable(made: World) -> None:
    """The id of the other call is 40037 both ways; values keep their rules here, too."""
    aunt = made.person()
    consent(made, aunt, LONG, "accept")
    assert send(made, aunt, "DEMO_TEMPLATE_NOTICE") == 40037
    assert send(made, aunt, LONG, TEMPLATE) == 40037
    assert send(made, aunt, LONG, phrase1="13笔") == 47003


def test_old_templates_cut_without_a_word(made: World) -> None:
    """Values of a template from before 2023 are cut at 20 characters, on one line."""
    aunt = made.person()
    assert send(made, aunt, "DEMO_TEMPLATE_OLD_1", TEMPLATE, first="一\n" + "二" * 30) == 0
    assert made.get(f"/desk/users/{aunt}/messages")[-1]["text"] == "一 " + "二" * 18


KINDS = (
    ("subscription", (48001, 48001, 48001)),
    ("subscription_verified", (0, 48001, 48001)),
    ("service", (48001, 48001, 48001)),
    ("service_verified", (0, 0, 0)),
)


@pytest.mark.parametrize(("kind", "codes"), KINDS)
def test_the_kind_of_account_decides_what_may_be_called(
    made: World, kind: str, codes: tuple[int, ...]
) -> None:
    """48001 for what the platform's table of rights does not allow."""
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    consent(made, aunt, LONG, "accept")
    assert made.post("/desk/account", type=kind)["type"] == kind
    found = (
        made.say(aunt, "好"),
        send(made, aunt, "DEMO_TEMPLATE_NOTICE", TEMPLATE),
        send(made, aunt, LONG),
    )
    assert found == codes


ENDS = (("finish_never", 0), ("finish_twice", 2), ("user_block", 1))


@pytest.mark.parametrize(("fault", "pushes"), ENDS)
def test_the_end_of_a_subscription_notice_can_go_wrong(
    made: World, fault: str, pushes: int
) -> None:
    """Never, twice, or blocked, by fault."""
    aunt = made.person()
    consent(made, aunt, LONG, "accept")
    made.post("/desk/faults", kind=fault, on="subscribe")
    assert send(made, aunt, LONG) == 0
    before = len(made.account.pushes)
    made.run_later()
    assert len(made.account.pushes) - before == pushes


def test_an_end_can_come_late(made: World) -> None:
    """finish_late: the end is pushed, but not before so many seconds have passed."""
    made.post("/desk/faults", kind="finish_late", on="template", value=600)
    assert send(made, made.person(), "DEMO_TEMPLATE_NOTICE", TEMPLATE) == 0
    assert made.waits == [600]
    made.run_later()
    assert made.account.pushes[-1].message["Status"] == "success"


def test_a_quota_of_each_call_ends_at_midnight(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """45009 for the call that is used up and no other; the next day it is open again."""
    monkeypatch.setitem(tokens.DAILY, "template", 1)
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    codes = [send(made, aunt, "DEMO_TEMPLATE_NOTICE", TEMPLATE) for _ in "12"]
    assert (codes, made.say(aunt, "好")) == ([0, 45009], 0)
    made.advance(14 * 3600)
    assert send(made, aunt, "DEMO_TEMPLATE_NOTICE", TEMPLATE) == 0


def test_too_fast_is_refused_until_the_next_minute(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """45011 for the call that is used too often and no other; a minute later it goes on."""
    monkeypatch.setattr(tokens, "MINUTELY", 2)
    aunt = made.person()
    made.act(aunt, type="text", content="在吗")
    token = made.token()
    assert [made.say(aunt, "好", token) for _ in "123"] == [0, 0, 45011]
    body = {"touser": aunt, "template_id": "DEMO_TEMPLATE_1", "data": {"thing1": {"value": "灯"}}}
    assert made.call(TEMPLATE, token, body).json()["errcode"] == 0
    made.advance(60)
    assert made.say(aunt, "好", token) == 0


def test_one_person_can_be_told_too_much(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """43117: notices of both kinds to one person count together, for an hour; others get theirs."""
    monkeypatch.setattr(sending, "HOURLY", 2)
    aunt, uncle = made.person(), made.person("大叔")
    consent(made, aunt, LONG, "accept")
    codes = [send(made, aunt, "DEMO_TEMPLATE_1", TEMPLATE), send(made, aunt, LONG)]
    codes += [send(made, aunt, "DEMO_TEMPLATE_1", TEMPLATE), send(made, aunt, LONG)]
    assert codes == [0, 0, 43117, 43117]
    assert send(made, uncle, "DEMO_TEMPLATE_1", TEMPLATE) == 0
    made.advance(3601)
    assert send(made, aunt, "DEMO_TEMPLATE_1", TEMPLATE) == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"template_id": "X", "answer": "accept"}, "template_id must begin"),
        ({"template_id": ONCE, "answer": "perhaps"}, "accept or reject"),
        ({"template_id": ONCE, "answer": "accept", "place": "settings"}, "taken back"),
    ],
)
def test_wrong_consents_get_a_sentence(made: World, body: dict[str, str], words: str) -> None:
    """A 4xx that says what is expected; nothing is pushed."""
    answer = made.http.post(f"{made.url}/desk/users/{made.person()}/consents", json=body)
    assert (answer.status_code, words in answer.json()["error"]) == (400, True)
    assert made.http.post(f"{made.url}/desk/account", json={"type": "x"}).status_code == 400
    assert made.account.received == []
