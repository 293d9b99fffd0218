"""`flask account`: who is who."""

import click
from flask.cli import with_appcontext

from bot.cli.output import deps, print_json, refuse, say
from bot.services import accounts
from bot.services.errors import ServiceError


@click.group(epilog="Example: flask account invite S131:first_convener")
def account() -> None:
    """Logins and phones of people."""


@account.command(epilog="Example: flask account invite S131:first_convener")
@click.argument("posts", metavar="POST...", nargs=-1)
@click.option("--role", multiple=True, help="Invite everybody who holds this role.")
@click.option("--unbound", is_flag=True, help="With --role: only those whose phone is not known.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines with person and station.")
@with_appcontext
def invite(posts: tuple[str, ...], role: tuple[str, ...], unbound: bool, as_json: bool) -> None:
    """Print a one-time code for each post: `绑定 CODE` in chat binds that person's phone.

    POST is STATION:ROLE (code or full name of the station) or the post's number, as
    `flask roster list --posts` prints them. A code is valid for seven days.
    """
    held = [post for name in role for post in accounts.posts(deps(), role=name)]
    refs = [*posts, *(post.ref_id for post in held if not (unbound and post.bound))]
    if not posts and not role:
        raise click.UsageError("name a post, or a role with --role")
    try:
        invited = accounts.invite(deps(), refs)
    except ServiceError as error:
        refuse(error)
    for line in invited:
        if as_json:
            print_json(line)
        else:
            click.echo(line.code)
            say(f"{line.person}（{line.unit}）：请本人在公众号里发送  绑定 {line.code}")
            say("七天内有效，只能用一次。")


commands = [account]
