"""Whether the system can do its work right now."""

from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.services.ports import Deps
from bot.store import leases, migrate

LEADER = "scheduler"
GRACE = timedelta(seconds=30)


def readiness(deps: Deps) -> list[str]:
    """What keeps it from working; empty when all is well."""
    try:
        current, newest = migrate.revisions(deps.database)
        with deps.database.read() as session:
            lease = leases.current(session, LEADER)
    except SQLAlchemyError as error:
        return [f"the database does not answer ({type(error).__name__})"]
    problems = []
    if current != newest:
        problems.append("the database is not migrated: run flask init")
    if lease is None or lease[1] + GRACE < deps.clock.now():
        problems.append("no scheduler is at work: start python -m scheduler")
    return problems
