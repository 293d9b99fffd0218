"""Whether the system can do its work right now, in words that tell a stranger nothing of people."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from bot.services import watch
from bot.services.engine import at_work
from bot.services.ports import Deps
from bot.store import migrate


def readiness(deps: Deps) -> list[str]:
    """What keeps it from working; empty when all is well."""
    try:
        return list(_problems(deps))
    except SQLAlchemyError as error:
        return [f"the database does not answer ({type(error).__name__})"]


def _problems(deps: Deps) -> Iterator[str]:
    current, newest = migrate.revisions(deps.database)
    if current != newest:
        yield "the database is not migrated: run flask init"
        return  # nothing else can be asked of it
    try:
        deps.database.check_writable()
    except SQLAlchemyError as error:
        yield f"nothing can be written ({type(error).__name__})"
    if not at_work(deps).who:
        yield "no scheduler is at work: start python -m scheduler"
        return  # what stands still for that is no news
    kinds = dict.fromkeys(each.kind for each in (*watch.standing_still(deps), *watch.alarmed(deps)))
    if kinds:
        yield f"the watch found {', '.join(kinds)}: run flask watch"
