"""A leader, who is not of the small network."""

from bot.domain.roster import OFFICE_CODE, PersonEntry, PostEntry, Roster
from bot.store.roster import save
from tests.conversation_rig import Phone, Town


def leader_of(town: Town, code: str = "leader") -> Phone:
    """The phone of a leader."""
    with town.deps.database.write() as session:
        people = (PersonEntry(code, f"云{code}"),)
        save(session, Roster((), (), people, (PostEntry(code, OFFICE_CODE, "leader"),)))
    return town.member(code)
