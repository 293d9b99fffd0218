"""Whether the system can do its work right now."""

from sqlalchemy.exc import SQLAlchemyError

from bot.services.engine import at_work
from bot.services.ports import Deps
from bot.store import migrate


def readiness(deps: Deps) -> list[str]:
    """What keeps it from working; empty when all is well."""
    try:
        current, newest = migrate.revisions(deps.database)
        working = at_work(deps).who
    except SQLAlchemyError as error:
        return [f"the database does not answer ({type(error).__name__})"]
    problems = []
    if current != newest:
        problems.append("the database is not migrated: run flask init")
    if not working:
        problems.append("no scheduler is at work: start python -m scheduler")
    return problems
