"""The table of the platform's errors, the rules of template values, and the console twin."""

import io
from collections import Counter
from datetime import UTC, datetime

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from bot.channels.console import ConsoleChannel
from bot.channels.errors import _RULES, TABLE, bad_status, broken_transport, redact, refused
from bot.channels.wechat import template_value
from bot.domain.inbound import Choice
from bot.domain.messages import Action, SendError

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
R, N, U, X, S = Action


def test_no_code_has_two_verdicts() -> None:
    """Each code stands in the table once."""
    times = Counter(code for codes, _ in _RULES for code in codes)
    assert [code for code, n in times.items() if n > 1] == []


@pytest.mark.parametrize(
    ("codes", "action"),
    [
        ([-1, 61450, 45011, 43117], R),
        ([40001, 40014, 42001, 41001], S),  # after one renewal by the channel itself
        ([40002, 40013, 40125, 40164, 61004, 40243, 89501, 89503, 89506, 89507], S),
        ([40003, 43004, 50005, 46004, 43019, 48002, 50001, 50002], U),
        ([43101, 45015, 45047], N),
        ([43104, 43116, 40037, 40036, 45009, 48001, 48004, 48008, 61024, 61003, 61007], S),
        ([47003, 47001, 40035, 40097, 44002, 43001, 43002, 43003, 44004, 45002, 40033], X),
        ([41028, 41029, 41030, 40007, 40004, 45001, 46001, 87014, 48006], X),
        ([40029, 42003, 40163, 42002, 42007, 40030, 45157, 45158, 45159], X),
    ],
)
def test_table(codes: list[int], action: Action) -> None:
    """Every documented code has its action; together these are the whole table."""
    assert {code: TABLE[code].action for code in codes} == dict.fromkeys(codes, action)


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
    ("error", "in_doubt"),
    [
        (requests.ConnectTimeout("x"), False),
        (requests.exceptions.SSLError("x"), False),
        (requests.ReadTimeout("x"), True),
        (requests.ConnectionError("aborted"), True),
        (requests.ConnectionError(), True),
        (requests.exceptions.ChunkedEncodingError("x"), True),
    ],
)
def test_transport_errors(error: requests.RequestException, in_doubt: bool) -> None:
    """Retried; in doubt only if the request may have left us."""
    result = broken_transport(error)
    assert (result.action, result.unknown_outcome) == (R, in_doubt)


def test_refused_connection_sent_nothing() -> None:
    """A connection never made delivers nothing."""
    cause = MaxRetryError(None, "/", NewConnectionError(None, "refused"))  # type: ignore[arg-type]
    assert not broken_transport(requests.ConnectionError(cause)).unknown_outcome


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


def test_console_twin() -> None:
    """The twin prints what would go out, and names nobody."""
    out = io.StringIO()
    console = ConsoleChannel(out)
    assert console.send_text("oTEST_0001", "解决了吗？", (Choice("1", "是"),)).hop == "custom"
    assert console.send_notice("oTEST_0001", {"thing1": "x"}, "https://x.test/").hop == "template"
    assert out.getvalue() == "→ …0001 解决了吗？ [是]\n→ …0001 x | https://x.test/\n"


def test_errors_take_plain_letters() -> None:
    """The letters of the table are the actions; others are refused."""
    assert SendError("U", None, "x").action is Action.UNREACHABLE
    with pytest.raises(ValueError, match="Z"):
        SendError("Z", None, "x")
