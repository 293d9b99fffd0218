"""`flask watch`: does everything move, and were the promises kept."""

from typing import Any

import click
from flask.cli import with_appcontext

from bot.cli.output import deps, print_json, say
from bot.domain.lateness import Lateness
from bot.services import watch_words
from bot.services.promises import Promise, promises
from bot.services.watch import Wrong, look

NAMES = {"24h": "24 小时", "7d": "7 天", "since": "有记录以来"}


@click.command(epilog="Example: flask watch   or, every minute: flask watch >/dev/null || ring")
@with_appcontext
def watch() -> None:
    """Look from outside whether everything that is due moves, and how late it was.

    JSON lines: one for each thing that is wrong ("found", with count, since, cases, and stops where
    the engines stand still), then the promises of three windows ("promises", in seconds). Words on
    stderr. Exit 1 when anything is wrong. Writes nothing.
    """
    here = deps(migrated=False)
    wrong = look(here)
    for each in wrong:
        words, do = watch_words.say(each)
        print_json(_line(each, words, do))
        say(f"不对　{words}\n　　　→ {do}")
    if all(each.kind != "database" for each in wrong):
        for kept in promises(here):
            print_json(_promise(kept))
            say(_in_words(kept))
    if wrong:
        raise click.exceptions.Exit(1)
    say("该动的都在动。")


def _line(wrong: Wrong, words: str, do: str) -> dict[str, Any]:
    return {
        "found": wrong.kind, "count": wrong.count, "since": wrong.since, "stops": wrong.stops,
        "cases": wrong.cases, "names": wrong.names, "words": words, "do": do,
    }  # fmt: skip


def _promise(kept: Promise) -> dict[str, Any]:
    return {
        "promises": kept.window, "since": kept.since, "rungs": _late(kept.rungs),
        "reminders": _late(kept.reminders), "lost": kept.lost, "doubled": kept.doubled,
        "in_doubt": kept.in_doubt,
    }  # fmt: skip


def _late(late: Lateness) -> dict[str, float]:
    shown = {"count": late.count, "p50": late.p50, "p95": late.p95, "max": late.worst}
    return {name: round(value, 3) for name, value in shown.items()}


def _in_words(kept: Promise) -> str:
    rungs, sent = kept.rungs, kept.reminders
    return (
        f"{NAMES[kept.window]}：到点要动的 {rungs.count} 次{_most(rungs)}；"
        f"提醒发出 {sent.count} 条{_most(sent)}；"
        f"漏 {kept.lost}，重 {kept.doubled}，可能发了两遍 {kept.in_doubt}"
    )


def _most(late: Lateness) -> str:
    if not late.count:
        return ""
    return f"，95% 晚不过 {_span(late.p95)}，最晚 {_span(late.worst)}"


def _span(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} 秒"
    if seconds < 3600:
        return f"{seconds / 60:.0f} 分钟"
    return f"{seconds / 3600:.1f} 小时"


commands: list[click.Command] = [watch]
