"""`flask corpus`: looks after the labelled messages that reading is learned from."""

import json

import click
from flask.cli import AppGroup

from bot.cli.output import deps
from bot.nlp import corpus

group = AppGroup("corpus", help="Look after the labelled messages of bot/data/corpus.")


@group.command(epilog="Example: flask corpus check")
def check() -> None:
    """Print counts by class as JSON; name what is wrong and end with 1 when anything is.

    Looked at: fields, codes, places and parts that are really in the text, balance, and
    near-duplicates, of which no two are ever in different folds.
    """
    understander = deps(migrated=False).understander()
    try:
        examples = corpus.load()
    except (OSError, corpus.Broken) as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(1) from error
    found = list(corpus.problems(examples, understander.categories, understander.emergencies))
    for problem in found:
        click.echo(problem, err=True)
    repeated = corpus.repeats(corpus.groups(examples))
    counts = {kind: dict(each) for kind, each in corpus.counted(examples).items()}
    told = {"messages": len(examples), "near_duplicates": repeated, **counts}
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    if found:
        raise click.exceptions.Exit(1)


commands: list[click.Command] = [group]
