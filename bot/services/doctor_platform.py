"""Checks that ask the platform. Each answers within the visit's patience.

A message to an openid that cannot exist tells everything and reaches nobody: a refused token, an
interface the account may not use (48001), or, when all is well, that there is no such person.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlsplit

from bot.domain.messages import Action, SendError
from bot.domain.notices import SHAPES
from bot.services.findings import Found, Visit, sum_up, within
from bot.services.reach import out_of_reach

NOBODY = "doctor-checks-and-sends-nothing"
"""No openid has this form."""
NOTICE = {"thing1": "检查", "character_string2": "0", "thing3": "检查", "thing4": "检查"}
DRIFT_WARN, DRIFT_FAIL = 30, 240
"""Seconds. The webhook takes no message whose timestamp is off by more than 300."""

_BASICS = "微信公众平台 → 设置与开发 → 基本配置"
DO: dict[int, str] = {
    40001: f"核对 XMZ_WECHAT_APP_SECRET（{_BASICS}）；重置过就换成新的",
    40125: f"核对 XMZ_WECHAT_APP_SECRET（{_BASICS}）；重置过就换成新的",
    40002: f"核对 XMZ_WECHAT_APP_ID（{_BASICS}）",
    40013: f"核对 XMZ_WECHAT_APP_ID（{_BASICS}）",
    40164: f"把上面的地址加进 IP 白名单（{_BASICS}）",
    61004: f"把上面的地址加进 IP 白名单（{_BASICS}）",
    40243: f"请管理员解冻 AppSecret（{_BASICS}）",
    89501: "请公众号管理员在手机上确认这台服务器",
    89503: "请公众号管理员在手机上确认这台服务器",
    89506: "管理员拒绝过这台服务器，一天后再试，并请管理员同意",
    89507: "管理员拒绝过这台服务器，一小时后再试，并请管理员同意",
    45009: "当天的调用次数用完了，北京时间零点恢复",
    48001: "这个号没有这个接口：要已认证的服务号；在平台 → 接口权限 里看",
    48004: "接口被封禁，看平台的站内信",
    48008: "这类消息被封禁，看平台的站内信",
    40036: "核对 XMZ_WECHAT_TEMPLATE_ID（平台 → 模板消息 → 我的模板）",
    40037: "核对 XMZ_WECHAT_TEMPLATE_ID（平台 → 模板消息 → 我的模板）",
    43116: "模板被封禁，换一个模板，改 XMZ_WECHAT_TEMPLATE_ID",
    47003: "模板的字段要是 thing1、character_string2、thing3、thing4，请换一个模板",
}
"""errcode → what whoever runs it does."""


def account(visit: Visit) -> Found:
    """Whether the platform gives us a token."""
    error = _custom(visit)
    if isinstance(error, TimeoutError) or (error is not None and error.code is None):
        return _silent(visit, error)
    if isinstance(error, SendError) and _is_account_error(error):
        return Found(visit.grave, error.reason, _do(error))
    return Found("ok", "取到了 access_token")


def hop_custom(visit: Visit) -> Found:
    """Customer-service messages, within 48 hours of a person's own message."""
    return _hop(visit, "客服消息", _custom(visit))


def hop_template(visit: Visit) -> Found:
    """Template notices, at any time."""
    ids = {shape: visit.deps.settings.notice_id(shape) for shape in SHAPES}
    missing = [shape for shape, found in ids.items() if not found[1]]
    if missing:
        which = "" if len(missing) == len(SHAPES) else f"（{'、'.join(missing)}）"
        return Found(
            "warn",
            f"模板通知没有设置{which}：48 小时没说过话的人收不到推送，要打电话",
            "在平台申请模板，填 XMZ_WECHAT_TEMPLATE_ID，或各个 XMZ_WECHAT_NOTICE_…",
        )
    if _no_account(_custom(visit)):
        return _later("模板通知")
    # One id may carry several shapes; each is asked about once.
    asked = {found: shape for shape, found in ids.items()}
    return sum_up([_hop_notice(visit, *each) for each in asked.items()], "模板通知可以发")


def _hop_notice(visit: Visit, notice: tuple[str, str], shape: str) -> Found:
    channel = visit.deps.channel
    name = "订阅通知" if notice[0] == "subscribe" else "模板通知"
    return _hop(visit, name, _try(visit, lambda: channel.send_notice(NOBODY, NOTICE, "", shape)))


def consents(visit: Visit) -> Found:
    """Whether people can be asked for the consent that subscription notices need. The platform
    tells nobody which domains it lets its tags work on."""
    settings = visit.deps.settings
    if all(settings.notice_id(shape)[0] != "subscribe" for shape in SHAPES):
        return Found("ok", "没有要居民先允许的通知")
    error = _try(visit, visit.deps.page_tickets.ticket)
    if _no_account(error):
        return _later("问居民要不要通知的页面")
    if isinstance(error, SendError):
        return Found("warn", f"页面上问不了居民要不要通知：{error.reason}", _do(error))
    domain = urlsplit(settings.base_url).hostname
    return Found("ok", f"页面能问居民要不要通知；{domain} 要在平台设成 JS接口安全域名")


def hop_sms(visit: Visit) -> Found:
    """Short messages. Nothing is sent to find out."""
    settings = visit.deps.settings
    if settings.sms == "http":
        return Found("ok", f"短信由 {urlsplit(settings.sms_url).hostname} 发")
    if settings.sms == "off" or visit.real:
        how = "没有接" if settings.sms == "off" else "只写进文件，没有人收得到"
        do = "接一个网关：XMZ_SMS=http、XMZ_SMS_URL；不接就每天看 flask cases calls"
        return Found("warn", f"短信{how}：微信够不到的人要打电话", do)
    return Found("ok", "短信写进 XMZ_VAR_DIR 里的 sms.jsonl，人列进电话名单")


def reach(visit: Visit) -> Found:
    """Residents of open cases whom the answer would not reach: told before it is needed."""
    found = out_of_reach(visit.deps)
    if not found:
        return Found("ok", "没办完的诉求，答复都够得到")
    return Found(
        "warn", f"{len(found)} 件没办完的诉求，答复够不到居民，请打电话", "flask cases calls"
    )


def drift(visit: Visit) -> Found | None:
    """How far this machine's clock is from the platform's; None when the platform doesn't say."""
    try:
        theirs = within(visit.patience, visit.platform_time)
    except TimeoutError:
        return None
    if theirs is None:
        return None
    seconds = abs((theirs - datetime.now(UTC)).total_seconds())
    if seconds < DRIFT_WARN:
        return None
    words = f"这台电脑的时钟和平台差 {seconds:.0f} 秒"
    if seconds < DRIFT_FAIL:
        return Found("warn", words, "打开自动对时（timedatectl set-ntp true）")
    return Found(
        visit.grave,
        f"{words}，平台的消息会被当作过期的拒收",
        "打开自动对时（timedatectl set-ntp true）",
    )


def _hop(visit: Visit, name: str, error: SendError | TimeoutError | None) -> Found:
    if _no_account(error):
        return _later(name)
    refused = cast(SendError | None, error)
    if refused is None or refused.action in (Action.UNREACHABLE, Action.NEXT_HOP):
        return Found("ok", f"{name}可以发")
    if refused.action is Action.STOP or refused.code in DO:
        return Found(visit.grave, f"{name}发不了：{refused.reason}", _do(refused))
    return Found("warn", f"{name}没有查成：{refused.reason}", _do(refused))


def _later(name: str) -> Found:
    return Found("warn", f"{name}没有查：先要连上平台、取到 access_token")


def _no_account(error: SendError | TimeoutError | None) -> bool:
    """No token, or no answer at all: nothing can be said of a hop."""
    if isinstance(error, SendError):
        return error.code is None or _is_account_error(error)
    return error is not None


def _is_account_error(error: SendError) -> bool:
    return error.action is Action.STOP and error.scope == "channel"


def _custom(visit: Visit) -> SendError | TimeoutError | None:
    """What the platform says to a message for nobody; asked once in a visit."""
    if "custom" not in visit.asked:
        channel = visit.deps.channel
        visit.asked["custom"] = _try(visit, lambda: channel.send_text(NOBODY, "检查", ()))
    return cast(SendError | TimeoutError | None, visit.asked["custom"])


def _try(visit: Visit, send: Callable[[], object]) -> SendError | TimeoutError | None:
    try:
        within(visit.patience, send)
    except (SendError, TimeoutError) as error:
        return error
    return None


def _silent(visit: Visit, error: SendError | TimeoutError | None) -> Found:
    base = visit.deps.settings.wechat_api_base
    if not visit.real:
        return Found("warn", f"桌面没有开（{base}）", "要用时运行 make demo")
    # The reason calls every silence "busy"; only what stands in brackets helps here.
    why = error.reason.partition("(")[2].rstrip(")") if isinstance(error, SendError) else ""
    why = why or f"{visit.patience:g} 秒没有回应"
    return Found("fail", f"连不上平台 {base}：{why}", "查网络、DNS、代理和防火墙（出站 443）")


def _do(error: SendError) -> str:
    return DO.get(error.code or 0, "把上面的编号和 rid 发给平台客服")
