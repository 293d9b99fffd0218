"""`flask cases`: what staff can do from the shell."""

import click
from flask.cli import with_appcontext

from bot.cli.output import beijing, deps, print_json, refuse, say
from bot.services import staff
from bot.services.errors import ServiceError


@click.group(epilog="Example: flask cases queue")
def cases() -> None:
    """The staff queue: look, dispatch, answer, reject, export."""


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
@click.option("--format", "format_", type=click.Choice(["jsonl"]), default="jsonl")
@with_appcontext
def export(since: str | None, format_: str) -> None:
    """Every case, masked, one JSON line each."""
    for view in staff.export(deps(), beijing(since) if since else None):
        print_json(view)


@cases.command(epilog="Example: flask cases calls")
@with_appcontext
def calls() -> None:
    """Notices that could not arrive: whom to call, and what to say. Phones are masked; the
    roster has them."""
    lines = staff.calls(deps())
    for line in lines:
        print_json(line)
    say(f"共 {len(lines)} 个电话要打。" if lines else "没有要打的电话。")


commands = [cases]
