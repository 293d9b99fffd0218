"""What the watch found, in words for whoever runs the system, and what to do about it (Chinese)."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.deadlines import BEIJING
from bot.services.watch import Kind, Wrong
from bot.store.watch import MOST

_LOG = "看日志里的 error"
_RESTART = f"{_LOG}，重启 python -m scheduler"

WORDS: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        "database": ("数据库没有应答", "运行 flask doctor，看 database 一行"),
        "scheduler": ("调度没有在跑：没有人催，通知也不发", "运行 python -m scheduler"),
        "job_silent": ("{names} 没有在跑", _RESTART),
        "overdue": ("{count} 个时限到点没有动", _RESTART),
        "flapping": (
            "一刻钟里调度换了 {count} 次进程",
            "看进程为什么停：日志、内存、systemctl status",
        ),
        "claimed": ("{count} 条通知取出来没有下文", _RESTART),
        "unsent": ("{count} 条通知到点没有发", f"{_LOG}；看 account 和 hop 几行"),
        "media": ("{count} 个照片或语音到点没有取", _RESTART),
        "receipts": ("{count} 条通知等不到回执，也没有标记", _RESTART),
        "no_next_step": (
            "{count} 件诉求没有下一步",
            "flask cases dispatch 人工派一次，时限就重新开始；带上编号找开发者",
        ),
        "put_off": (
            "{count} 个时限处理不了，被搁到后面",
            f"{_LOG} clock_failed；修好后一小时内自己补上，急的先打电话",
        ),
        "clock_on_closed": ("{count} 个时限还在走，诉求已经结束", "带上编号找开发者"),
        "two_owners": ("{count} 件诉求同时有两个主办", "flask cases dispatch 派给其中一个"),
        "rung_doubled": ("一天里有 {count} 次提醒记了两遍", "带上日志找开发者"),
        "rung_left_out": ("一天里有 {count} 次提醒漏了", "带上日志找开发者"),
    }
)
"""Kind of finding → what was seen, and what to do."""


def say(wrong: Wrong) -> tuple[str, str]:
    """(what was found, what to do)."""
    found, do = WORDS[wrong.kind]
    more = " 以上" if wrong.count >= MOST else ""
    words = found.format(count=f"{wrong.count}{more}", names="、".join(wrong.names))
    if wrong.cases:
        words += f"（{'、'.join(wrong.cases)}{' 等' if wrong.count > len(wrong.cases) else ''}）"
    if wrong.since is not None:
        words += f"，从 {wrong.since.astimezone(BEIJING):%m月%d日 %H:%M} 起"
    return words, do
