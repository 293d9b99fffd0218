"""`flask menu`: the buttons under the account's chat."""

import click
from flask.cli import with_appcontext

from bot.cli.output import deps, print_json, refuse, say
from bot.services import menu as service
from bot.services.errors import ServiceError


@click.group(epilog="Example: flask menu diff, and if it is as it should be: flask menu push")
def menu() -> None:
    """The account's menu: ours (bot/data/menu.json) and the platform's."""


@menu.command(epilog="Example: flask menu show")
@with_appcontext
def show() -> None:
    """Print our menu as the platform would get it."""
    print_json({"button": service.ours(deps())})


@menu.command(epilog="Example: flask menu diff")
@with_appcontext
def diff() -> None:
    """What the platform has (-) and we have (+). Exit 1 when they differ."""
    try:
        changed = service.difference(deps())
    except ServiceError as error:
        refuse(error)
    for line in changed:
        click.echo(line)
    if changed:
        say("平台上的菜单和我们的不一样。flask menu push 换成我们的。")
        raise click.exceptions.Exit(1)
    say("平台上的菜单和我们的一样。")


@menu.command(epilog="Example: flask menu push")
@with_appcontext
def push() -> None:
    """Replace the platform's menu by ours; nothing is sent when they are the same."""
    if wrong := service.problems():
        say("菜单的文件不对：" + "；".join(wrong))
        raise click.exceptions.Exit(1)
    try:
        changed = service.push(deps())
    except ServiceError as error:
        refuse(error)
    for line in changed:
        click.echo(line)
    say(
        "菜单换好了。手机上最迟一天后看到，取消关注再关注马上看到。"
        if changed
        else "不用换，已经是这样。"
    )


commands = [menu]
