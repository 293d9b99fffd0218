"""`flask account`: who is who."""

from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext

from bot.cli.output import beijing, deps, print_json, refuse, say, writable
from bot.domain.deadlines import BEIJING
from bot.services import accounts, leaving, qr_codes
from bot.services import away as service
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
            say("七天内有效，只能用一次。" + _digits() + _voided(line.voided))


def _digits() -> str:
    asks = deps().settings.bind_phone_digits
    return "名册里有手机号的，还要再发手机号后四位。" if asks else ""


def _voided(codes: int) -> str:
    """A slip of paper with the old code may still lie somewhere: say that it opens nothing."""
    return f"之前发的 {codes} 个绑定码作废了。" if codes else ""


@account.command(epilog="Example: flask account qr S131:first_convener --out 召集人.png")
@click.argument("post")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A .png or .svg file.")
@with_appcontext
def qr(post: str, out: Path) -> None:
    """Draw a one-time code as a QR code: who scans it in WeChat follows the account and is bound.

    It takes the place of a code that was open for this person, and is valid for seven days. Give
    it to that person alone.
    """
    if out.suffix.lower() not in {".png", ".svg"}:
        raise click.BadParameter("the picture's name must end in .png or .svg")
    try:
        invited, url = qr_codes.personal(deps(), post)
    except ServiceError as error:
        refuse(error)
    with writable(out):
        qr_codes.draw(url, out)
    made = {"ref": invited.ref, "person": invited.person, "file": str(out), "url": url}
    print_json(made | {"voided": invited.voided})
    say(f"{invited.person}（{invited.unit}）：请本人用微信扫 {out}。")
    say("七天内有效，只能用一次。" + _digits() + _voided(invited.voided))


@account.command(epilog="Example: flask account leave S131:first_convener --on 2026-12-31")
@click.argument("post")
@click.option("--on", "last_day", help="The last day on which the post is held; now if left out.")
@with_appcontext
def leave(post: str, last_day: str | None) -> None:
    """End a post. Cases its holder had go back to the station, to the first convener and the others
    who may accept; where nobody is left, to the staff queue. Both sides are told."""
    day = _day(last_day) if last_day else None
    try:
        left = leaving.leave(deps(), post, day)
    except ServiceError as error:
        refuse(error)
    print_json(left)
    say(f"{left.person}（{left.unit}）任职到 {left.last_day}。换了人的事：{len(left.cases)} 件。")


@account.command(epilog="Example: flask account revoke S131:first_convener --phone")
@click.argument("post")
@click.option("--phone", is_flag=True, help="Also let the bound phone go (lost, or handed on).")
@with_appcontext
def revoke(post: str, phone: bool) -> None:
    """Take back the open codes of whoever holds POST; with --phone their phone's binding, too."""
    try:
        done = accounts.revoke(deps(), post, phone=phone)
    except ServiceError as error:
        refuse(error)
    print_json(done)
    gone = "，手机也解绑了" if done.phone else ""
    say(f"{done.person}：作废了 {done.codes} 个绑定码{gone}。")


@account.command(epilog="Example: flask account away S131:first_convener --until 2026-12-03")
@click.argument("post", required=False)
@click.option("--until", "last_day", help="The last day of absence.")
@click.option("--from", "first_day", help="The first one; today if left out.")
@click.option("--stand-in", default="", help="Who stands in, by name; by rule if left out.")
@with_appcontext
def away(post: str | None, last_day: str | None, first_day: str | None, stand_in: str) -> None:
    """List who is on leave (now or to come), or write leave down for the holder of POST.

    The holder and the stand-in are told. Members do it themselves: 请假到12月3日 由 姓名.
    """
    if post is None:
        lines = service.list_away(deps())
        for line in lines:
            print_json(line)
        say(f"共 {len(lines)} 条")
        return
    if last_day is None:
        raise click.UsageError("give the last day of absence with --until")
    first = _day(first_day) if first_day else None
    try:
        found = service.enter(deps(), post, _day(last_day), first, stand_in)
    except ServiceError as error:
        refuse(error)
    print_json(found)
    who = found.stand_in or "没有人能代"
    say(f"{found.person}：{found.first_day} 到 {found.last_day} 请假，代办：{who}。")


def _day(text: str) -> date:
    return beijing(text).astimezone(BEIJING).date()


@account.command(epilog="Example: flask account back S131:first_convener")
@click.argument("post")
@with_appcontext
def back(post: str) -> None:
    """End the leave of whoever holds POST: everything is theirs again, the stand-in is told."""
    try:
        ended = service.end(deps(), post)
    except ServiceError as error:
        refuse(error)
    print_json(ended)
    say(f"{ended.person}：销假了。")


commands = [account]
