"""The table of the platform's errors, the rules of template values, and the console twin."""

import io
from collections import Counter
from datetime import UTC, datetime

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from bot.channels.console import ConsoleChannel
from bot.channels.errors import _RULES, TABLE, bad_status, broken_transport, redact, refused
from bot.channels.wechat import plain_value, template_value
from bot.domain.inbound import Choice
from bot.domain.messages import Action, SendError

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
R, N, U, X, S = Action


def test_no_code_has_two_verdicts() -> None:
    """Each code stands in the table once."""
    times = Counter(code for codes, _ in _RULES for code in codes)
    assert [code for code, n in times.items() if n > 1] == []


MIDNIGHT = 14 * 3600 + 1
"""Seconds from NOW to 00:00 in Beijing, and one more."""

WHOLE_TABLE: tuple[tuple[tuple[int, ...], Action, bool, int, str], ...] = (
    # codes: what to do, staff are told, seconds to wait at least, what a stop stops
    ((-1, 61450), R, False, 0, "channel"),
    ((40001, 40014, 42001, 41001), S, True, 0, "channel"),  # after one renewal by the channel
    ((40002, 40013, 40125), S, True, 0, "channel"),
    ((40164, 61004), S, True, 0, "channel"),
    ((40243,), S, True, 0, "channel"),
    ((89501, 89503), S, True, 600, "channel"),
    ((89506,), S, True, 86400, "channel"),
    ((89507,), S, True, 3600, "channel"),
    ((40003, 43004, 50005, 46004, 48002, 50001, 50002), U, False, 0, "channel"),
    ((43019,), U, True, 0, "channel"),
    ((43101, 45015, 45047), N, False, 0, "channel"),
    ((43104, 48001), S, True, 0, "hop"),
    ((43116, 40037, 40036), S, True, 0, "template"),
    ((43117,), R, False, 3600, "channel"),
    ((45011,), R, False, 60, "channel"),
    ((45009,), S, True, MIDNIGHT, "hop"),
    ((48004, 48008), S, True, 0, "hop"),
    ((61024, 61003, 61007), S, True, 0, "channel"),
    ((47003, 47001, 40035, 40097, 44002, 43001, 43002, 43003), X, True, 0, "channel"),
    ((44004, 45002, 40033, 41028, 41029, 41030), X, True, 0, "channel"),
    ((40007, 40004, 45001, 46001, 87014, 48006), X, True, 0, "channel"),
    ((40029, 42003, 40163, 42002, 42007, 40030), X, True, 0, "channel"),
    ((45157, 45158, 45159), X, True, 0, "channel"),
)


def test_the_whole_table() -> None:
    """Every documented code has its action, alarm, wait and reach; and there are no others."""
    wanted = {code: row for codes, *row in WHOLE_TABLE for code in codes}
    found = {}
    for code in TABLE:
        error = refused(code, "", NOW)
        found[code] = [error.action, error.alarm, error.wait, error.scope]
    assert found == wanted


def test_what_several_people_or_all_of_a_hop_share() -> None:
    """A wrong openid or a forbidden user is one person's matter until there are many; too fast
    slows the whole hop; a refused subscription is remembered."""
    assert {code for code, v in TABLE.items() if v.many} == {40003, 50001, 50002}
    assert {code for code, v in TABLE.items() if v.slower} == {45011}
    assert {code for code, v in TABLE.items() if v.lost_consent} == {43101}


def test_only_token_errors_renew_the_token() -> None:
    """No other error costs a token."""
    assert {code for code, v in TABLE.items() if v.refresh} == {40001, 40014, 42001, 41001}


def test_what_stops_is_told() -> None:
    """Staff hear of every stop and of every mistake of ours."""
    loud = (Action.STOP, Action.DEAD)
    assert [code for code, v in TABLE.items() if v.action in loud and not v.alarm] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (-1, (5, 0, X, "channel")),
        (99999, (1, 0, X, "channel")),  # unknown: once more, then a person
        (45011, (5, 60, X, "channel")),  # too fast: a minute at least
        (43117, (1, 3600, N, "channel")),  # too many to one person: an hour, then another way
        (89501, (0, 600, X, "channel")),
        (89506, (0, 86400, X, "channel")),
        (48001, (0, 0, X, "hop")),  # only this kind of message
        (40037, (0, 0, X, "template")),  # only this template
    ],
)
def test_details(code: int, expected: tuple[int, int, Action, str]) -> None:
    """How often, how long, what then, and how much of the channel it concerns."""
    error = refused(code, "", NOW)
    assert (error.tries, error.wait, error.then, error.scope) == expected


def test_daily_quota_lasts_till_midnight_in_beijing() -> None:
    """At 10:00 there are fourteen hours left; one second more, to be past it."""
    assert refused(45009, "", NOW).wait == 14 * 3600 + 1


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (requests.ConnectTimeout("x"), S),
        (requests.exceptions.SSLError("x"), S),
        (requests.ReadTimeout("x"), R),
        (requests.ConnectionError("aborted"), R),
        (requests.ConnectionError(), R),
        (requests.exceptions.ChunkedEncodingError("x"), R),
    ],
)
def test_transport_errors(error: requests.RequestException, action: Action) -> None:
    """A request that may have left us is retried and in doubt; without a connection the channel
    waits, and no notice uses up its tries."""
    result = broken_transport(error)
    assert (result.action, result.unknown_outcome) == (action, action is R)


def test_refused_connection_sent_nothing() -> None:
    """A connection never made delivers nothing, now and for any other notice."""
    cause = MaxRetryError(None, "/", NewConnectionError(None, "refused"))  # type: ignore[arg-type]
    result = broken_transport(requests.ConnectionError(cause))
    assert (result.action, result.scope, result.unknown_outcome) == (S, "channel", False)


def test_other_statuses_are_tried_once_more() -> None:
    """A 404 won't heal by itself."""
    assert (bad_status(404).action, bad_status(404).tries) == (R, 1)
    assert bad_status(429).wait == 60


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("GET /x?access_token=ab-C_1&y=2", "GET /x?access_token=***&y=2"),
        ("secret=abc", "secret=***"),
        ('{"secret": "abc", "a": 1}', '{"secret": "***", "a": 1}'),
        ("code=0a1 errcode=40001 rid: 65f-1", "code=*** errcode=40001 rid: 65f-1"),
        ("invalid oTEST_0000000000000000000001", "invalid o***"),
    ],
)
def test_redact(said: str, told: str) -> None:
    """Secrets and openids go, what helps to find the fault stays."""
    assert redact(said) == told


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("thing1", "昭乌达路", "昭乌达路"),
        ("thing1", "一" * 21, "一" * 19 + "…"),
        ("thing12", "两\n行", "两 行"),
        ("thing1", " \n", "无"),  # never empty
        ("character_string2", "需261123-0007", "261123-0007"),  # no Chinese
        ("phrase3", "13笔待办", "笔待办"),  # Chinese only
        ("phrase3", "一二三四五六", "一二三四五"),
        ("time4", "2026年11月23日 10:00", "2026年11月23日 10:00"),
        ("keyword1", "长" * 30, "长" * 30),  # old templates: the platform cuts by itself
    ],
)
def test_template_values(key: str, value: str, expected: str) -> None:
    """Values are fitted to their keys before the platform refuses them."""
    assert template_value(key, value) == expected


def test_a_value_refused_is_made_plain() -> None:
    """What is sent after 47003 has nothing that any rule could refuse."""
    assert plain_value("thing1", "“昭乌达路”😟 3号楼 (东)") == "昭乌达路3号楼东"
    assert plain_value("thing1", "😟") == "无"
    assert plain_value("time4", "2026年11月23日 10:00") == "2026年11月23日 10:00"


def test_console_twin() -> None:
    """The twin prints what would go out, and names nobody."""
    out = io.StringIO()
    console = ConsoleChannel(out)
    assert console.send_text("oTEST_0001", "解决了吗？", (Choice("1", "是"),)).hop == "custom"
    assert (
        console.send_notice("oTEST_0001", {"thing1": "x"}, "https://x.test/", "task").hop
        == "template"
    )
    assert out.getvalue() == "→ …0001 解决了吗？ [是]\n→ …0001 task | x | https://x.test/\n"


def test_errors_take_plain_letters() -> None:
    """The letters of the table are the actions; others are refused."""
    assert SendError("U", None, "x").action is Action.UNREACHABLE
    with pytest.raises(ValueError, match="Z"):
        SendError("Z", None, "x")
