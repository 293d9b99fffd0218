"""`flask ladders`: who is reminded when, as the office wants it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from bot.cli.output import deps, print_json, refuse, say
from bot.services import ladder_files
from bot.services import ladder_preview as ahead
from bot.services.errors import ServiceError
from bot.services.ladder_files import LadderFault

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(
    epilog="Example: flask ladders show > 阶梯.toml, edit it, flask ladders load 阶梯.toml"
)
def ladders() -> None:
    """Reminders and escalation: show, check, load, preview."""


@ladders.command(epilog="Example: flask ladders show accept answer > 阶梯.toml")
@click.argument("names", nargs=-1)
@click.option("--default", is_flag=True, help="The product's own instead of the office's.")
@with_appcontext
def show(names: tuple[str, ...], default: bool) -> None:
    """The ladders that new clocks take, as a TOML file to edit, with a guide."""
    try:
        click.echo(ladder_files.as_file(deps(), names, default=default), nl=False)
    except ServiceError as error:
        refuse(error)


@ladders.command(epilog="Example: flask ladders check 阶梯.toml")
@click.argument("file", type=EXISTING)
@with_appcontext
def check(file: Path) -> None:
    """Whether these ladders can work; every fault is a JSON line. Nothing is written."""
    try:
        found, faults = ladder_files.read(deps(), file)
    except ServiceError as error:
        refuse(error)
    _tell(faults)
    print_json({"ladders": list(found)})
    say("阶梯没有问题，还没有写入。")


@ladders.command(epilog="Example: flask ladders load 阶梯.toml")
@click.argument("file", type=EXISTING)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="Day; now if not given.")
@with_appcontext
def load(file: Path, first: datetime | None) -> None:
    """Keep these ladders for clocks that start from a day on, all or none.

    Ladders that the file does not hold stay as they are; `flask ladders show --default` gives back
    the product's own.
    """
    try:
        changed, faults = ladder_files.load(deps(), file, first.date() if first else None)
    except ServiceError as error:
        refuse(error)
    _tell(faults)
    print_json({"changed": changed})
    say("已写入。新开始的时限照新的走，在走的不变。" if changed else "和现在的一样，没有改动。")


@ladders.command(epilog="Example: flask ladders preview 需261123-0007 --file 阶梯.toml")
@click.argument("number")
@click.option("--file", type=EXISTING, help="As if its clocks had begun with these ladders.")
@with_appcontext
def preview(number: str, file: Path | None) -> None:
    """What this case would go through if nobody did anything, one JSON line a rung."""
    try:
        wanted, faults = ladder_files.read(deps(), file) if file else (None, [])
        _tell(faults)
        known = wanted if wanted is None else ladder_files.with_others(deps(), wanted)
        lines = ahead.preview(deps(), number, known)
    except ServiceError as error:
        refuse(error)
    for line in lines:
        print_json(line)
    say("\n".join(line.words for line in lines) or "后面没有要做的了。")


def _tell(faults: Iterable[LadderFault]) -> None:
    """Any fault ends the command with 1."""
    told = list(faults)
    for fault in told:
        print_json(fault)
        say(fault.words)
    if told:
        say(f"共 {len(told)} 处不对，什么都没有写入。")
        raise click.exceptions.Exit(1)


commands = [ladders]
