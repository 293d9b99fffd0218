"""`flask roster`: the network of units, stations, people and posts, in and out."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from bot.cli.output import deps, print_json
from bot.services import demo_questions
from bot.services import roster as service
from bot.services.office_calendar import days_ahead
from bot.services.roster_export import export_roster, write_template
from bot.services.roster_import import import_roster
from bot.services.trouble import why
from bot.texts import load_texts

EXISTING = click.Path(exists=True, path_type=Path)
NEW = click.Path(path_type=Path)


@click.group(
    epilog="Example: flask roster template 名册.xlsx, fill it in, flask roster import 名册.xlsx"
)
def roster() -> None:
    """The roster: template, import, export, demo, list."""


@roster.command(epilog="Example: flask roster template 名册.xlsx")
@click.argument("file", type=NEW)
def template(file: Path) -> None:
    """Write an empty workbook with headings and what each column expects."""
    if file.suffix.lower() != ".xlsx":
        raise click.BadParameter("the template is a workbook: its name must end in .xlsx")
    _written(lambda: write_template(file))
    click.echo(f"已写好模板：{file}", err=True)


@roster.command("import", epilog="Example: flask roster import 名册.xlsx --dry-run")
@click.argument("files", nargs=-1, required=True, type=EXISTING)
@click.option("--dry-run", is_flag=True, help="Check and count, but keep nothing.")
@with_appcontext
def import_(files: tuple[Path, ...], dry_run: bool) -> None:
    """Check .xlsx and .csv files (or folders of them), then add and update rows by code.

    Every wrong cell is printed as a JSON line, and with any of them nothing is written (exit 1).
    Rows that the files don't hold are left alone.
    """
    result = import_roster(deps(), files, dry_run=dry_run)
    for cell in result.wrong:
        print_json(asdict(cell))
    if result.saved is None:
        click.echo(f"共 {len(result.wrong)} 处不对，什么都没有写入。改好后请再导入一次。", err=True)
        raise click.exceptions.Exit(1)
    print_json({"dry_run": dry_run, **asdict(result.saved)})
    done = "检查通过，没有写入（试运行）。" if dry_run else "已写入。"
    click.echo(done + "文件里没有的行保持不变。", err=True)
    if result.would_move:
        click.echo(f"导入以后，有 {len(result.would_move)} 件没办完的事会换人。", err=True)
    if result.moved:
        click.echo(f"有人离任，{result.moved} 件没办完的事换了人，前后两边都会收到通知。", err=True)


@roster.command(epilog="Example: flask roster export 名册.xlsx  (or a folder, for csv files)")
@click.argument("target", type=NEW)
@with_appcontext
def export(target: Path) -> None:
    """Write the whole roster to a workbook, or one csv a sheet to a folder. Never over a file."""
    if target.suffix.lower() not in {".xlsx", ""}:
        raise click.BadParameter("give a name that ends in .xlsx, or a folder for csv files")
    print_json(_written(lambda: export_roster(deps(), target)))
    click.echo(f"已导出到 {target}", err=True)


@roster.command(epilog="Example: flask roster demo")
@with_appcontext
def demo() -> None:
    """Write the demo network: 219 stations and plainly invented people. Not in production."""
    try:
        saved = service.write_demo_network(deps())
        questions = demo_questions.write(deps())
    except service.DemoRefused as refused:
        click.echo(refused.__doc__, err=True)
        raise click.exceptions.Exit(1) from refused
    print_json(asdict(saved))
    words = f"演示名册已写入，加了 {questions} 条常见问题的示例。人名和电话都是编造的。"
    click.echo(words, err=True)


@roster.command("list", epilog="Example: flask roster list --station S001 --role first_convener")
@click.option("--stations", "kind", flag_value="stations", help="List stations instead of posts.")
@click.option("--posts", "kind", flag_value="posts", default="posts", help="List posts (default).")
@click.option("--station", help="Only this unit, by code or station name.")
@click.option("--role", type=click.Choice(sorted(service.ROLES)), help="Only this role.")
@with_appcontext
def list_(kind: str, station: str | None, role: str | None) -> None:
    """Print one JSON object a line; for posts: ref, station, role, person, person_code, bound.

    Where several people hold one role in a unit, the ref of the first is UNIT:ROLE and that of the
    others a bare number; both work wherever a command asks for a post.
    """
    try:
        if kind == "stations":
            lines = service.list_stations(deps(), station)
        else:
            lines = service.list_posts(deps(), station, role)
    except service.NoSuchStation as missing:
        click.echo(missing.__doc__, err=True)
        raise click.exceptions.Exit(1) from missing
    for line in lines:
        print_json(line)
    click.echo(f"共 {len(lines)} 条", err=True)


@roster.command(epilog="Example: flask roster days --from 2026-12-28 --count 14")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="Default: today.")
@click.option("--count", type=click.IntRange(1, 800), default=14, show_default=True)
@with_appcontext
def days(first: datetime | None, count: int) -> None:
    """Print which days the office works, one JSON object a day.

    The office's own days come in with the sheet 放假调休 of the roster; due times that were
    announced before stay as they are.
    """
    today = service.today(deps())
    for line in days_ahead(deps(), first.date() if first else today, count):
        print_json(line)
    click.echo("已经告诉过人的到期时间不会因为改日历而变。", err=True)


def _written(write: Any) -> Any:
    try:
        return write()
    except OSError as error:
        click.echo(f"写不了这个文件。{why(load_texts(), error)}", err=True)
        raise click.exceptions.Exit(1) from error


commands = [roster]
