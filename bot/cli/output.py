"""How commands speak: data as JSON lines on stdout, words on stderr, exit 1 when refused."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn, cast

import click
from flask import current_app

from bot.domain.deadlines import BEIJING
from bot.services.errors import ServiceError
from bot.services.ports import Deps
from bot.services.trouble import why
from bot.store.migrate import revisions


def deps(*, migrated: bool = True) -> Deps:
    """The services' bundle of the running application. Unless told otherwise it ends the command
    with 1 while the database is not the one that this code expects."""
    found = cast(Deps, current_app.extensions["deps"])
    if migrated and not current_app.extensions.get("migrated"):
        current, newest = revisions(found.database)
        if current != newest:
            say("数据库还没有建好，或者是旧的。请先运行 flask init。")
            raise click.exceptions.Exit(1)
        current_app.extensions["migrated"] = True
    return found


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not belong in output")


def print_json(value: Any) -> None:
    """One JSON object on one line of stdout; times in ISO 8601, UTC."""
    data = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    click.echo(json.dumps(data, ensure_ascii=False, default=_plain))


def say(words: str) -> None:
    """Words for the operator, on stderr."""
    click.echo(words, err=True)


@contextmanager
def writable(target: Path) -> Iterator[None]:
    """A file that can't be written ends the command with 1 and the reason."""
    try:
        yield
    except OSError as error:
        say(f"写不了 {why(deps(migrated=False).texts, error, target)}")
        raise click.exceptions.Exit(1) from error


def refuse(error: ServiceError) -> NoReturn:
    """Say the sentence of a refusal and end with 1."""
    say(deps().texts.say(error.key, **error.values))
    raise click.exceptions.Exit(1)


def beijing(text: str) -> datetime:
    """A moment typed by an operator: a date or a date with a time, Beijing time unless it says
    otherwise. Raises click.BadParameter (exit 2)."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is no date such as 2026-11-25 or 2026-11-25T17:30"
        ) from error
    return (at if at.tzinfo else at.replace(tzinfo=BEIJING)).astimezone(UTC)
