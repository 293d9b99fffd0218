"""`flask intake`: slips on paper and other channels, from a file."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from bot.cli.output import deps, print_json, say
from bot.cli.rows import Row, read_rows
from bot.services.errors import StorageUnavailable
from bot.services.intake_file import Imported, Slip, import_slip


@click.command(
    epilog="Example: flask intake 来信.csv --text-column 标题 --text-column 内容 "
    "--time-column 时间 --sender-column 来信人 --source 信访"
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--text-column", "text_columns", multiple=True, help="Column with text; repeatable.")
@click.option("--time-column", help="Column that says when it was reported (Beijing time).")
@click.option("--sender-column", help="Column that says who sent it; kept as a keyed hash only.")
@click.option("--source", help="Name of the channel these rows came by.  [default: file name]")
@click.option("--live", is_flag=True, help="It happens now: an emergency alarms the duty desk.")
@with_appcontext
def intake(
    file: Path,
    *,
    text_columns: tuple[str, ...],
    time_column: str | None,
    sender_column: str | None,
    source: str | None,
    live: bool,
) -> None:
    """Make a case of every row of FILE (csv, xlsx, jsonl, or a text a line).

    One JSON line a row. Running it again adds nothing twice and goes on where it stopped. Clocks
    start now; senders get no notice; a time that can't be read is left out with a warning.
    """
    more = [name for name in (time_column, sender_column) if name is not None]
    rows = list(read_rows(file, text_columns, more_columns=more))
    _need_columns(rows, [*text_columns, *more])
    slips = [_slip(row, time_column, sender_column) for row in rows]
    counted: Counter[str] = Counter()
    try:
        for done in _imported(slips, source or file.name, live):
            print_json(done)
            counted.update(_kinds(done))
    except StorageUnavailable as error:
        say(_summary(counted, len(slips)))
        say("数据库现在用不了，导入停在这里。看 flask doctor；好了再运行一次，会接着导入。")
        raise click.exceptions.Exit(1) from error
    say(_summary(counted, len(slips)))
    if counted["error"]:
        raise click.exceptions.Exit(1)


def _imported(slips: Sequence[Slip], source: str, live: bool) -> Iterator[Imported]:
    # Where result lines scroll over the same screen they show the progress themselves.
    quiet = not sys.stderr.isatty() or sys.stdout.isatty()
    for slip in tqdm(slips, unit="行", file=sys.stderr, disable=quiet):
        yield import_slip(deps(), slip, source=source, live=live)


def _need_columns(rows: Sequence[Row], names: Sequence[str]) -> None:
    """A column that no row has is a slip of the keyboard. Tables were checked while reading; the
    objects of a jsonl file each have their own columns."""
    known = dict.fromkeys(name for row in rows for name in row.fields)
    missing = [name for name in names if name not in known]
    if missing and any(row.error is None or row.fields for row in rows):
        found = "、".join(known) or "（没有列）"
        raise click.UsageError(f"没有这些列：{'、'.join(missing)}。文件里有：{found}")


def _slip(row: Row, time_column: str | None, sender_column: str | None) -> Slip:
    return Slip(
        row.number,
        row.text,
        sender=row.fields.get(sender_column or "", ""),
        time=row.fields.get(time_column or "", ""),
        error=row.error,
    )


def _kinds(done: Imported) -> list[str]:
    place = done.queue or ("station" if done.station else "")
    kinds = [done.result, "warning" if done.warning else ""]
    return [*kinds, f"added {place}"] if done.result == "added" else kinds


def _summary(counted: Counter[str], rows: int) -> str:
    parts = [
        f"共 {rows} 行：新登记 {counted['added']} 件",
        f"（派给工作站 {counted['added station']}，等工作人员看 {counted['added staff']}，"
        f"紧急 {counted['added emergency']}，专人办 {counted['added restricted']}）",
        f"，以前登记过 {counted['known']} 件，不是诉求 {counted['no_case']} 行"
        f"，没有导入 {counted['error']} 行",
        f"，其中 {counted['warning']} 行要留意" if counted["warning"] else "",
    ]
    return "".join(parts) + "。"


commands: list[click.Command] = [intake]
