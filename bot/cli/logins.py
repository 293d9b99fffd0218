"""`flask account create|reset`, `flask audit`: logins of the console, and what was done there."""

import click
from flask.cli import with_appcontext

from bot.cli.account import account
from bot.cli.output import deps, print_json, refuse, say
from bot.domain.deadlines import BEIJING
from bot.domain.roles import ROLE_NAMES, Role
from bot.services import audit as service
from bot.services import console_accounts
from bot.services.audit import Fault
from bot.services.console_accounts import Made
from bot.services.errors import ServiceError

FAULTS = {
    "chain": "封条本身被改过、抽掉或者插进来过",
    "gap": "封条之间缺了一段",
    "rows": "封条里的记录被改过、抽掉或者插进来过",
    "cut": "写过的记录少了，最后一段被抽掉了",
    "end": "记下来的那个封条不在链上：最后一段被抽掉了，或者整条链重做过",
}


@account.command(epilog="Example: flask account create OFFICE:intake_staff --login wang.xiaomin")
@click.argument("posts", metavar="POST...", nargs=-1, required=True)
@click.option(
    "--login", "logins", multiple=True, required=True,
    help="What they type; small letters, digits and . _ - ; one for each post, in their order.",
)  # fmt: skip
@with_appcontext
def create(posts: tuple[str, ...], logins: tuple[str, ...]) -> None:
    """Make a console login for whoever holds POST; prints a one-time password.

    POST is UNIT:ROLE (of several who hold it, the first without a login) or the post's number, as
    `flask roster list --posts` prints them. What the login opens follows from the person's posts.
    The password is valid for seven days and opens only the page on which they choose their own.
    """
    if len(posts) != len(logins):
        raise click.UsageError("give one --login for each post")
    refused = False
    for post, login in zip(posts, logins, strict=True):
        try:
            _print(console_accounts.create(deps(), post, login))
        except ServiceError as error:
            say(deps().texts.say(error.key, **error.values))
            refused = True
    if refused:
        raise click.exceptions.Exit(1)


@account.command(epilog="Example: flask account reset wang.xiaomin --authenticator")
@click.argument("login")
@click.option("--authenticator", is_flag=True, help="Let the authenticator go (phone lost).")
@with_appcontext
def reset(login: str, authenticator: bool) -> None:
    """Make a new one-time password for LOGIN; whoever is signed in with it is signed out."""
    try:
        made = console_accounts.reset(deps(), login, authenticator=authenticator)
    except ServiceError as error:
        refuse(error)
    _print(made)


def _print(made: Made) -> None:
    print_json(made)
    role = ROLE_NAMES[Role(made.role)] if made.role else "现在没有职务"
    until = made.until.astimezone(BEIJING)
    address = f"{deps().settings.base_url}/console/"
    say(f"{made.person}（{made.unit} {role}）：在 {address} 用账号 {made.login}")
    say(f"和这个一次性密码登录，{until:%-m月%-d日 %H:%M} 前有效，登录后先换成自己的密码。")
    say("密码请当面或打电话告诉本人。")


@click.command(epilog="Example: flask audit --expect 5f0c…   or: flask audit --log --last 20")
@click.option("--expect", default="", help="A digest noted earlier; it must still be in the chain.")
@click.option("--log", is_flag=True, help="Print the log instead, the newest line first.")
@click.option("--last", default=100, type=click.IntRange(1, 100_000), help="With --log: how many.")
@with_appcontext
def audit(expect: str, log: bool, last: int) -> None:
    """Verify the access log: no line of it was changed, dropped or slipped in.

    Prints one JSON object; `head` is the newest digest: note it where whoever runs the database
    can't change it, and give it to --expect the next time. Exit 1 when something does not hold.
    """
    if log:
        for line in service.lines(deps(), limit=last):
            print_json(line)
        return
    found = service.verify(deps(), expect.strip().lower())
    print_json(found)
    for fault in found.faults:
        say(_in_words(fault))
    if found.faults:
        raise click.exceptions.Exit(1)
    gone = f"，另有 {found.let_go} 条满期不再保存" if found.let_go else ""
    say(f"访问记录完好：{found.seals} 个封条，{found.lines} 条记录{gone}。")
    say(f"{found.unsealed} 条还没封。")


def _in_words(fault: Fault) -> str:
    when = f"（{fault.at.astimezone(BEIJING):%Y-%m-%d %H:%M}）" if fault.at else ""
    return f"不对　第 {fault.first} 到 {fault.last} 条{when}：{FAULTS[fault.what]}。"


commands: list[click.Command] = [audit]
