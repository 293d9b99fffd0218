"""`flask drill`: does an alarm reach people?"""

import click
from flask.cli import with_appcontext

from bot.cli.output import deps, print_json, refuse, say
from bot.services import drills
from bot.services.errors import ServiceError


@click.group(epilog="Example: flask drill start --words 夜间值班检验, flask drill report")
def drill() -> None:
    """Exercise the alarm: real people, real ways, no case."""


@drill.command(epilog="Example: flask drill start --words 夜间值班检验")
@click.option("--words", default="", help="What it is about; everybody reads it.")
@with_appcontext
def start(words: str) -> None:
    """Ring the duty list now, by every way, marked as 演练; it climbs as a real alarm does."""
    try:
        number, count = drills.start(deps(), words)
    except ServiceError as error:
        refuse(error)
    print_json({"drill": number, "told": count})
    say(deps().texts.say("drill.started", number=number, count=count))


@drill.command(epilog="Example: flask drill end")
@with_appcontext
def end() -> None:
    """Stop it, answered or not."""
    try:
        number = drills.end(deps())
    except ServiceError as error:
        refuse(error)
    print_json({"drill": number})
    say(deps().texts.say("drill.over", number=number))


@drill.command(epilog="Example: flask drill report YL-3")
@click.argument("number", required=False)
@with_appcontext
def report(number: str | None) -> None:
    """Who was reached when and by which way, and who answered; of the last drill unless named."""
    digits = (number or "").upper().removeprefix("YL-")
    if number is not None and not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise click.BadParameter(f"{number} is no drill: give its number, such as YL-3")
    drill_id = int(digits) if number is not None else None
    try:
        found = drills.report(deps(), drill_id)
    except ServiceError as error:
        refuse(error)
    print_json(found)
    for line in drills.in_words(deps(), found):
        say(line)


commands = [drill]
