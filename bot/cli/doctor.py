"""`flask doctor`: can the system do its work, and if not, what to do."""

import click
from flask.cli import with_appcontext

from bot.channels.platform_time import platform_time
from bot.cli.output import deps, print_json, say
from bot.services.doctor import Finding, examine

MARKS = {"ok": "好　", "warn": "注意", "fail": "不行"}


@click.command(epilog="Example: flask doctor   or: flask doctor 2>/dev/null | grep fail")
@with_appcontext
def doctor() -> None:
    """Look at settings, database, data, roster, clock, calendar, account, disk and scheduler.

    One JSON line a check; a table on stderr. Exit 1 when something can't work as it is. The
    platform is asked with a message to nobody, which reaches nobody.
    """
    here = deps(migrated=False)
    bad = 0
    for finding in examine(here, lambda: platform_time(here.settings.wechat_api_base)):
        print_json(finding)
        _tell(finding)
        bad += finding.level == "fail"
    if bad:
        say(f"有 {bad} 处不行。")
        raise click.exceptions.Exit(1)


def _tell(finding: Finding) -> None:
    say(f"{MARKS[finding.level]} {finding.check:<13}{finding.found}")
    if finding.do:
        say(f"{'':19}→ {finding.do}")


commands: list[click.Command] = [doctor]
