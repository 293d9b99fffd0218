"""ONE table: what the platform's error codes mean for a message that we wanted to send.

Meanings are those of Tencent's 全局返回码 and of its developer community; a code that isn't here is
tried once more and then left to a person.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from bot.domain.messages import Action, Scope, SendError

BEIJING = timezone(timedelta(hours=8))
MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do, and why; fields as in SendError.

    `refresh`: the channel itself takes a new token and tries once more, before all this holds.
    `until_midnight`: `wait` lasts until 00:00 in Beijing, when daily quotas start anew.
    """

    action: Action
    why: str
    wait: int = 0
    tries: int = 0
    then: Action = Action.DEAD
    scope: Scope = "channel"
    alarm: bool = False
    slower: bool = False
    many: bool = False
    lost_consent: bool = False
    refresh: bool = False
    until_midnight: bool = False


def _retry(why: str, wait: int = 0, tries: int = 5, then: Action = Action.DEAD) -> Verdict:
    return Verdict(Action.RETRY, why, wait=wait, tries=tries, then=then)


def _next(why: str) -> Verdict:
    return Verdict(Action.NEXT_HOP, why)


def _unreachable(why: str) -> Verdict:
    return Verdict(Action.UNREACHABLE, why)


def _dead(why: str) -> Verdict:
    return Verdict(Action.DEAD, why, alarm=True)


def _stop(why: str, scope: Scope = "channel", wait: int = 0) -> Verdict:
    return Verdict(Action.STOP, why, wait=wait, scope=scope, alarm=True)


def _token(why: str) -> Verdict:
    return replace(_stop(why), refresh=True)


BUSY = _retry("平台繁忙")
UNKNOWN = _retry("未知的错误码", tries=1)

_RULES: tuple[tuple[tuple[int, ...], Verdict], ...] = (
    ((-1, 61450), BUSY),
    # The token or what it is made from.
    ((40001,), _token("AppSecret 不对，或 access_token 已失效")),
    ((40014, 42001, 41001), _token("access_token 无效、过期或缺少")),
    ((40002, 40013, 40125), _stop("AppID 或 AppSecret 不对")),
    ((40164, 61004), _stop("服务器地址不在 IP 白名单，请把错误信息里的地址加进去")),
    ((40243,), _stop("AppSecret 已被冻结")),
    ((89501, 89503), _stop("服务器地址等待管理员确认", wait=10 * MINUTE)),
    ((89506,), _stop("管理员拒绝了这个服务器地址", wait=DAY)),
    ((89507,), _stop("管理员拒绝了这个服务器地址", wait=HOUR)),
    # The person.
    ((40003,), replace(_unreachable("openid 无效，或属于别的公众号"), many=True)),
    ((43004, 50005, 46004), _unreachable("没有关注，或没有这个用户")),
    ((43019,), replace(_unreachable("用户在我们的黑名单里"), alarm=True)),
    ((48002,), _unreachable("用户关闭了消息")),
    ((50001, 50002), replace(_unreachable("用户未授权，或被限制"), many=True)),
    # Windows, allowances, consent.
    ((45015,), _next("超出回复时限，或已取消关注")),
    ((45047,), _next("客服消息条数已用完")),
    ((43101,), replace(_next("用户拒绝订阅，或次数已用完"), lost_consent=True)),
    # Speed and quotas.
    ((43117,), _retry("给同一用户发得太多", wait=HOUR, tries=1, then=Action.NEXT_HOP)),
    ((45011,), replace(_retry("发得太快", wait=MINUTE), slower=True)),
    ((45009,), replace(_stop("当天的调用次数已用完", scope="hop"), until_midnight=True)),
    ((48006,), _dead("本月清零次数已用完")),
    # What the account may do.
    ((43104, 48001), _stop("账号没有这个接口的权限", scope="hop")),
    ((48004, 48008), _stop("接口或消息类型被封禁", scope="hop")),
    ((43116,), _stop("模板被封禁", scope="template")),
    ((40037, 40036), _stop("模板编号不对或已删除", scope="template")),
    ((61024, 61003, 61007), _stop("第三方平台授权的错误，本系统不用第三方平台")),
    # What we sent.
    ((47003,), _dead("模板的某个值不合规则")),
    ((47001, 40035, 40097, 44002, 43001, 43002, 43003), _dead("请求的格式不对")),
    ((44004,), _dead("内容为空")),
    ((45002,), _dead("内容过长")),
    ((40033,), _dead("请求里有不允许的字符")),
    ((41028, 41029, 41030), _dead("小程序的参数不对")),
    ((40007, 40004, 45001, 46001), _dead("素材失效、类型或大小不对")),
    ((45157, 45158, 45159), _dead("标签不对")),
    ((87014,), _dead("内容被判有风险，请人工改写")),
    # Signing in by the web page: no message is concerned, the page asks again once.
    ((40029, 42003, 40163), _dead("网页授权码无效、过期或已用过，请重新进入")),
    ((42002, 42007, 40030), _dead("网页授权已过期，请重新进入")),
)

TABLE: dict[int, Verdict] = {code: verdict for codes, verdict in _RULES for code in codes}
"""errcode → what to do."""

_SECRETS = re.compile(
    r"(?i)(access_token|secret|ticket|(?<![a-z])code)(=|%3D|\"\s*:\s*\"|'\s*:\s*')[^&\s\"'<>]+"
)
_OPENID = re.compile(r"\bo[A-Za-z0-9_-]{27}\b")


def redact(text: str) -> str:
    """Text without tokens, secrets and openids, fit for a log."""
    return _OPENID.sub("o***", _SECRETS.sub(r"\1\2***", text))


def refused(code: int, errmsg: str, now: datetime) -> SendError:
    """The error for the platform's own verdict. `errmsg` holds the rid that Tencent asks for."""
    verdict = TABLE.get(code, UNKNOWN)
    wait = _until_midnight(now) if verdict.until_midnight else verdict.wait
    return _error(verdict, code, f"{verdict.why} ({code}) {redact(errmsg)[:300]}", wait)


def no_verdict(cause: str, *, unknown_outcome: bool, wait: int = 0) -> SendError:
    """The error for an answer that isn't one: time-out, 5xx, not JSON."""
    return _error(BUSY, None, f"{BUSY.why} ({redact(cause)[:300]})", wait, unknown_outcome)


def no_token(cause: str) -> SendError:
    """The error for a token that doesn't come: nothing can be sent and nothing was. The whole
    channel waits, so that an outage uses up no notice's tries and is told once."""
    verdict = _stop("取不到 access_token，平台没有应答")
    return _error(verdict, None, f"{verdict.why} ({redact(cause)[:300]})", 0)


def broken_transport(error: requests.RequestException) -> SendError:
    """The error for a connection that failed. Only the kind is told: the text holds the token.

    Where no connection came about nothing was sent, and nothing else will be: the whole channel
    waits, as without a token, so that a platform that is silent for a day uses up no notice's
    tries."""
    kind = type(error).__name__
    if _never_sent(error):
        verdict = _stop("连不上平台")
        return _error(verdict, None, f"{verdict.why} ({kind})", 0)
    return no_verdict(kind, unknown_outcome=True)


def bad_status(status: int) -> SendError:
    """The error for an HTTP status of 400 and more. A gateway may have passed the message on."""
    if status >= 500:
        return no_verdict(f"HTTP {status}", unknown_outcome=status in (502, 504))
    if status == 429:
        return no_verdict("HTTP 429", unknown_outcome=False, wait=MINUTE)
    return _error(UNKNOWN, None, f"HTTP {status}", 0)


def _never_sent(error: requests.RequestException) -> bool:
    """No byte of the request can have reached the platform."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _until_midnight(now: datetime) -> int:
    """Seconds to the next 00:00 in Beijing."""
    local = now.astimezone(BEIJING)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((midnight - local).total_seconds()) + 1


def _error(
    verdict: Verdict, code: int | None, reason: str, wait: int, unknown_outcome: bool = False
) -> SendError:
    return SendError(
        verdict.action,
        code,
        reason,
        unknown_outcome=unknown_outcome,
        wait=wait,
        tries=verdict.tries,
        then=verdict.then,
        scope=verdict.scope,
        alarm=verdict.alarm,
        slower=verdict.slower,
        many=verdict.many,
        lost_consent=verdict.lost_consent,
    )
