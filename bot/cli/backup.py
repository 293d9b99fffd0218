"""Commands for what is kept, and what is not: backup, restore, retention."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from bot.cli.output import deps, print_json, refuse, say
from bot.services.backup import backup as make_backup
from bot.services.errors import ServiceError
from bot.services.restore import restore as put_back
from bot.services.retention import retention as carry_out

FOLDER = click.Path(path_type=Path, file_okay=False, resolve_path=True)


@click.command(epilog="Example: flask backup   or: flask backup --out /mnt/usb")
@click.option("--out", type=FOLDER, help="Below this folder; nothing is rotated away there.")
@with_appcontext
def backup(out: Path | None) -> None:
    """Copy database and attachments while everything goes on, and read the copy back.

    One JSON line with the new folder's path and the rows by table. `.env` is not in it: keep that
    apart, safe.
    """
    try:
        made = make_backup(deps(), out)
    except ServiceError as error:
        refuse(error)
    print_json(made)
    if made.missing:
        say(f"有 {len(made.missing)} 个附件的文件不在磁盘上，或者已经坏了，备份里没有它们。")
    say("备份好了，已经读回来核对过。")


@click.command(epilog="Example: flask restore var/backup/xiaomazha-20261126T023000")
@click.argument("path", type=FOLDER)
@with_appcontext
def restore(path: Path) -> None:
    """Put the backup at PATH into an empty database and folder.

    Nothing that exists is overwritten. A backup of an older version is brought up to this one;
    one of a newer version is refused. Prints what was restored.
    """
    here = deps(migrated=False)
    try:
        done = put_back(here, path)
    except ServiceError as error:
        say(here.texts.say(error.key, **error.values))
        raise click.exceptions.Exit(1) from error
    print_json(done)
    if done.in_doubt:
        say(f"有 {done.in_doubt} 条等着发的通知，备份以后可能已经发过，都标了存疑。")
    say("恢复好了。请运行 flask doctor，再启动两个进程。")


@click.command(epilog="Example: flask retention --dry-run")
@click.option("--dry-run", is_flag=True, help="Only count, by the same conditions.")
@with_appcontext
def retention(dry_run: bool) -> None:
    """Let go of what has been kept long enough (XMZ_RETENTION); one JSON line a kind of data.

    History, figures and masked words of cases stay. The scheduler does the same each night.
    """
    found = 0
    for line in carry_out(deps(), dry_run=dry_run):
        print_json(line)
        found += line.found
    say(
        f"有 {found} 条到期，只是看看，什么都没有动。" if dry_run else f"{found} 条到期，已经处理。"
    )


commands = [backup, restore, retention]
"""All commands, in one list for the application to register."""
