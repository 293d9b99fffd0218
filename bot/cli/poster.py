"""`flask poster`: what hangs at the door of a station."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from bot.cli.output import deps, print_json, refuse, say, writable
from bot.services import posters
from bot.services.errors import ServiceError


@click.command(
    epilog="Example: flask poster --out 海报   or: flask poster S131 S132 --out 两张.pdf"
)
@click.argument("stations", metavar="[STATION...]", nargs=-1)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path),
    help="A .pdf file for all of them, or a folder for one file each.",
)  # fmt: skip
@with_appcontext
def poster(stations: tuple[str, ...], out: Path) -> None:
    """Write an A4 poster for each station (code or full name; without any: all active ones).

    Each carries the station's own QR code: who scans it is already at that station. The platform
    makes a code once; a second run uses the same, so that printed posters stay good.
    """
    if out.suffix.lower() not in {".pdf", ""}:
        raise click.BadParameter("give a name that ends in .pdf, or a folder")
    try:
        with writable(out):
            files = posters.write(deps(), stations, out)
    except ServiceError as error:
        refuse(error)
    for file in files:
        print_json({"stations": file.codes, "file": str(file.path)})
    say(f"共 {sum(len(file.codes) for file in files)} 张海报：{out}")


commands = [poster]
