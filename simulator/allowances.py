"""How many customer-service messages the account may send to a person, and until when.

Source: the platform's page on customer-service messages, rules since 2023-06-12.
"""

from dataclasses import dataclass

from simulator.errors import Refused
from simulator.people import Person
from simulator.store import Store


@dataclass(frozen=True, slots=True)
class Allowance:
    """Messages, and the seconds in which they may go."""

    count: int
    seconds: int


BY_ACTION = {
    "message": Allowance(5, 48 * 3600),
    "tap": Allowance(3, 60),
    "follow": Allowance(3, 60),
    "scan": Allowance(3, 60),
}


def open_for(store: Store, person: Person, action: str, now: float) -> None:
    """A person did something: allowances don't add up, the larger count and later end win."""
    given = BY_ACTION.get(action)
    if given is None:
        return
    left = person.messages_left if person.window_end > now else 0
    store.run(
        "UPDATE people SET messages_left = ?, window_end = ? WHERE openid = ?",
        (max(left, given.count), max(person.window_end, now + given.seconds), person.openid),
    )


def spend(store: Store, person: Person, now: float) -> str:
    """Use one up and say what is left, or refuse: 45015 window closed, 45047 count used up."""
    if not person.follows:
        raise Refused(45015, "the person does not follow the account")
    if person.blocks:
        raise Refused(48002, "the person switched the account's messages off")
    if person.window_end <= now:
        raise Refused(45015, "the person did nothing that opens a reply window now")
    changed = store.run(
        "UPDATE people SET messages_left = messages_left - 1"
        " WHERE openid = ? AND messages_left > 0",
        (person.openid,),
    )
    if not changed:
        raise Refused(45047, "allowance used up until the person does something again")
    return f"allowance: {person.messages_left - 1} left"
