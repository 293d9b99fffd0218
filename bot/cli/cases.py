"""`flask cases`: what staff can do from the shell."""

import os
from pathlib import Path

import click
from flask import render_template
from flask.cli import with_appcontext

from bot.cli.output import beijing, deps, print_json, refuse, say, writable
from bot.services import case_sheets, correcting, staff, suggesting
from bot.services.calls import called as tick_off
from bot.services.calls import resend as send_again
from bot.services.copying import PAGE, Copy
from bot.services.copying import copy as make_copy
from bot.services.errors import ServiceError
from bot.services.reach import out_of_reach


@click.group(epilog="Example: flask cases queue")
def cases() -> None:
    """The staff queue: look, dispatch, answer, reject, export, copy; and the calls to make."""


@cases.command(epilog="Example: flask cases queue --name emergency")
@click.option("--name", type=click.Choice(["staff", "emergency", "restricted"]), help="One queue.")
@with_appcontext
def queue(name: str | None) -> None:
    """Cases that wait for a person, what hurts most first, one JSON line each."""
    lines = staff.queue(deps(), name)
    for line in lines:
        print_json(line)
    say(
        f"共 {len(lines)} 件待处理。"
        if lines
        else "没有待处理的诉求。居民的话要人看时，会排在这里。"
    )


@cases.command(epilog="Example: flask cases show 需261123-0007")
@click.argument("number")
@with_appcontext
def show(number: str) -> None:
    """One case with its history (masked)."""
    try:
        print_json(staff.show(deps(), number))
    except ServiceError as error:
        refuse(error)


@cases.command(epilog="Example: flask cases dispatch 需261123-0007 S131 --reason 属地")
@click.argument("number")
@click.argument("station")
@click.option(
    "--reason",
    default="",
    help="Why this station, kept with the case. An emergency needs one: why it is over.",
)
@with_appcontext
def dispatch(number: str, station: str, reason: str) -> None:
    """Send a case to a station (code or full name); its clocks start and the resident is told."""
    try:
        print_json(staff.dispatch(deps(), number, station, reason=reason))
    except ServiceError as error:
        refuse(error)


@cases.command(epilog="Example: flask cases answer 需261123-0007 已解决，消防员已经扑灭")
@click.argument("number")
@click.argument("text")
@with_appcontext
def answer(number: str, text: str) -> None:
    """Answer what no station may get: leads for named staff, emergencies dealt with, wrong doors.

    The resident reads TEXT and is asked whether it is solved. A first word names the ending
    (已解决, 部分解决, 转办, 不属受理).
    """
    try:
        print_json(staff.answer(deps(), number, text))
    except ServiceError as error:
        refuse(error)


@cases.command(epilog="Example: flask cases reject 需261123-0007 --reason 不是诉求，是广告")
@click.argument("number")
@click.option("--reason", default="", help="Why; the resident reads it.")
@with_appcontext
def reject(number: str, reason: str) -> None:
    """Not a case: end it with a reason that the resident is told."""
    try:
        print_json(staff.reject(deps(), number, reason))
    except ServiceError as error:
        refuse(error)


@cases.command(epilog="Example: flask cases export --since 2026-11-01 > cases.jsonl")
@click.option("--since", help="Only cases created from this day on (Beijing).")
@click.option("--format", "format_", type=click.Choice(["jsonl", "xlsx"]), default="jsonl")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The new file, for xlsx."
)
@click.option("--unmask", is_flag=True, help="In the residents' own words; needs --reason.")
@click.option("--reason", default="", help="Why; kept in the access log and in the workbook.")
@with_appcontext
def export(since: str | None, format_: str, out: Path | None, *, unmask: bool, reason: str) -> None:
    """Every case, masked: one JSON line each, or a workbook. The access log keeps each export."""
    if (format_ == "xlsx") != (out is not None):
        raise click.UsageError("xlsx 要写明新文件：--out cases.xlsx；jsonl 直接打印，不用 --out。")
    if unmask and not reason.strip():
        raise click.UsageError("看原话要写明理由：--unmask --reason 为什么。")
    begin = beijing(since) if since else None
    try:
        why = staff.note_export(deps(), begin, reason, unmask=unmask)
    except ServiceError as error:
        refuse(error)
    views = staff.export(deps(), begin, unmask=unmask)
    if out is None:
        for view in views:
            print_json(view)
        return
    said = case_sheets.about(deps(), since or "全部", why)
    with writable(out), open(out, "xb", opener=_for_its_owner) as file:
        count = case_sheets.write(deps(), file, views, said)
    say(f"写好了 {count} 件：{out}")


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@cases.command(epilog="Example: flask cases corrections > corrections.jsonl")
@click.option("--since", help="Only corrections made from this day on (Beijing).")
@with_appcontext
def corrections(since: str | None) -> None:
    """What the office put right, one JSON line each: masked words, field → [read, is]."""
    for lesson in correcting.lessons(deps(), beijing(since) if since else None):
        print_json(lesson)


@cases.command(epilog="Example: flask cases copy 需261123-0007 --out 需261123-0007")
@click.argument("number")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path),
    help="A new folder; nothing is overwritten.",
)  # fmt: skip
@with_appcontext
def copy(number: str, out: Path) -> None:
    """Make the copy that somebody asked for on the page 我的数据: a page to read and their files.

    Only what is theirs; that it was made is kept with the case. Hand it over as they wish, then say
    so with flask cases answer.
    """
    try:
        with writable(out):
            made = make_copy(deps(), number, out, _page)
    except ServiceError as error:
        refuse(error)
    print_json(made)
    say(f"做好了：{out / PAGE}。交给本人以后，用 flask cases answer {made.number} 答复。")


def _page(gathered: Copy) -> str:
    return render_template("h5/copy.html", copy=gathered)


@cases.command(epilog="Example: flask cases calls")
@with_appcontext
def calls() -> None:
    """Whom to call, and what to say: notices that no hop carried (id, hops, codes), and then
    residents of open cases whom the answer would not reach now (kind out_of_reach). Phones are
    masked; the roster has them."""
    lines, ahead = staff.calls(deps()), out_of_reach(deps())
    for line in [*lines, *ahead]:
        print_json(line)
    say(f"共 {len(lines)} 个电话要打。" if lines else "没有要打的电话。")
    if ahead:
        say(f"另有 {len(ahead)} 位居民现在够不到，答复时要打电话。")


@cases.command(epilog="Example: flask cases called 需261123-0007 --reason 打通了，会去看")
@click.argument("number")
@click.option("--reason", default="", help="How the call went; kept with the case.")
@click.option("--call", "call_id", type=int, help="Only the call with this id.")
@with_appcontext
def called(number: str, reason: str, call_id: int | None) -> None:
    """Tick off the calls about a case that were made."""
    try:
        done = tick_off(deps(), number, reason, call_id=call_id)
    except ServiceError as error:
        refuse(error)
    print_json({"called": done})


@cases.command(epilog="Example: flask cases resend 需261123-0007")
@click.argument("number")
@click.option("--call", "call_id", type=int, help="Only the call with this id.")
@with_appcontext
def resend(number: str, call_id: int | None) -> None:
    """Send again what stands on the list of calls, from the first hop on."""
    try:
        done = send_again(deps(), number, call_id=call_id)
    except ServiceError as error:
        refuse(error)
    print_json({"queued": done})


@cases.command(
    epilog="Example: flask cases supervise 需261123-0007 OFFICE:leader --words 本周要有结果"
)
@click.argument("number")
@click.argument("leader")
@click.option("--words", default="", help="What the leader says to those who have the case.")
@click.option("--release", is_flag=True, help="End the supervision instead.")
@with_appcontext
def supervise(number: str, leader: str, words: str, release: bool) -> None:
    """督办: put a case under supervision for a leader's post. Only that leader ends it."""
    try:
        say(staff.supervise(deps(), number, leader, words, release=release))
    except ServiceError as error:
        refuse(error)


@cases.command(epilog="Example: flask cases same")
@with_appcontext
def same() -> None:
    """Pairs of cases of which the office said whether they are one matter, one JSON line each, to
    learn from."""
    for label in suggesting.labels(deps()):
        print_json(label)


commands = [cases]
