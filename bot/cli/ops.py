"""Commands of those who run the system: init, clock, tick, deliver."""

from dataclasses import asdict, is_dataclass
from datetime import timedelta
from typing import Any

import click
from flask.cli import with_appcontext

from bot.channels.clock import DemoClock
from bot.cli.output import beijing, deps, print_json, say
from bot.services.deliver import deliver as deliver_now
from bot.store import migrate
from scheduler.tick import tick as tick_now
from scheduler.tick import tick_until

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


@click.command(epilog="Example: flask init")
@with_appcontext
def init() -> None:
    """Create the database or upgrade it; running it again changes nothing."""
    migrate.upgrade(deps(migrated=False).settings.sqlalchemy_url)
    current, _ = migrate.revisions(deps().database)
    print_json({"revision": current})
    say("数据库已是最新。")


@click.command(epilog="Example: flask deliver")
@with_appcontext
def deliver() -> None:
    """Send what waits in the outbox now, one JSON line a notice."""
    for line in deliver_now(deps()):
        print_json(line)


@click.command(epilog='Example: flask tick --until "2026-11-27T18:00"')
@click.option("--until", help="Let demo time pass up to this moment (Beijing), tick by tick.")
@with_appcontext
def tick(until: str | None) -> None:
    """Run every due job once, in order; what each did is printed, one JSON line a thing.

    With --until the demo clock moves from one due moment to the next, so an hour or a month
    passes in seconds. Demo mode only.
    """
    if until is None:
        for job, done in tick_now(deps()):
            print_json({"job": job} | _told(done))
        return
    advance_by = demo_clock().advance
    for at, job, done in tick_until(deps(), beijing(until), advance_by):
        print_json({"at": at, "job": job} | _told(done))


def _told(done: Any) -> dict[str, Any]:
    return asdict(done) if is_dataclass(done) and not isinstance(done, type) else {"did": done}


@click.group(epilog='Example: flask clock advance "2 days"')
def clock() -> None:
    """The demo clock of app, scheduler and desk."""


@clock.command(epilog="Example: flask clock show")
@with_appcontext
def show() -> None:
    """The time that everything goes by."""
    print_json({"now": deps(migrated=False).clock.now()})


@clock.command(epilog='Example: flask clock advance "2 days"')
@click.argument("span")
@with_appcontext
def advance(span: str) -> None:
    """Push the demo clock forward: "90 minutes", "2 days". Demo mode only."""
    seconds = int(span_of(span).total_seconds())
    demo_clock().advance(seconds)
    print_json({"now": deps(migrated=False).clock.now()})


def demo_clock() -> DemoClock:
    """The demo clock, or exit 1 where time is real."""
    found = deps(migrated=False).clock
    if not isinstance(found, DemoClock):
        say("时钟只能在演示模式下拨动（XMZ_MODE=demo）。")
        raise click.exceptions.Exit(1)
    return found


def span_of(text: str) -> timedelta:
    """Read "2 days" or "90 minutes". Raises click.BadParameter (exit 2)."""
    number, _, unit = text.strip().partition(" ")
    seconds = UNITS.get(unit.strip().lower().rstrip("s"))
    if not number.isdigit() or seconds is None or len(number) > 6:
        raise click.BadParameter(f'{text!r} is no span such as "2 days" or "90 minutes"')
    return timedelta(seconds=int(number) * seconds)


commands = [init, tick, deliver, clock]
