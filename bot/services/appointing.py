"""Giving somebody a post by a form: a sheet of one or two rows, checked as an import is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.roles import ROLE_NAMES, Role
from bot.services.errors import Refused
from bot.services.master_desk import day_of
from bot.services.master_history import Author
from bot.services.roster_files import RawRow
from bot.services.roster_import import take_in
from bot.services.turn import Turn
from bot.store import organisation, stations


@dataclass(frozen=True, slots=True)
class Appointed:
    """Somebody who was given a post."""

    person: str
    person_code: str
    role: Role
    first: date

    def words(self, turn: Turn) -> str:
        """The sentence for who did it."""
        later = self.first > turn.today
        key = "master.done_appoint_later" if later else "master.done_appoint"
        return turn.say(key, person=self.person, role=ROLE_NAMES[self.role], day=self.first)


def appoint(
    turn: Turn, unit: str, fields: Mapping[str, str], giving: Collection[Role], author: Author
) -> Appointed:
    """Somebody of the roster (code or full name), or a new person, gets a post in a unit, by its
    code. `fields`: role, person, phone, first. Raises Refused."""
    first = day_of(fields["first"], turn.today)
    role = next((each for each in giving if each == fields["role"]), None)
    if role is None:
        raise Refused("console.no_choice")
    if not fields["person"]:
        raise Refused("master.needs_person")
    known = stations.people_called(turn.session, fields["person"])
    if len(known) > 1:
        codes = "、".join(code for code, _ in known)
        raise Refused("master.several", person=fields["person"], codes=codes)
    if not known and not fields["phone"]:
        raise Refused("master.new_person", person=fields["person"])
    code, person = known[0] if known else (_free_code(turn), fields["person"])
    if stations.holds(turn.session, code, unit, role, turn.today):
        raise Refused("master.has_post", person=person, role=ROLE_NAMES[role])
    post = {"person": code, "unit": unit, "role": ROLE_NAMES[role], "valid_from": first,
            "valid_to": None}  # fmt: skip
    fresh = {"code": code, "name": person, "phone": fields["phone"]}
    rows = [row("posts", post)] if known else [row("people", fresh), row("posts", post)]
    save(turn, rows, author)
    return Appointed(person, code, role, first)


def _free_code(turn: Turn) -> str:
    """A code that nobody has, for a person who is new."""
    count = organisation.roster_version(turn.session) + 1
    while stations.people_called(turn.session, f"N{count:05d}"):
        count += 1
    return f"N{count:05d}"


def row(sheet: str, cells: Mapping[str, Any]) -> RawRow:
    """One row of a sheet."""
    return RawRow("", sheet, 0, dict(cells), {})


def save(turn: Turn, rows: Collection[RawRow], author: Author) -> None:
    """Write these rows. Raises Refused with everything that is wrong."""
    result = take_in(turn, rows, [], author)
    if result.wrong:
        told = "；".join(
            turn.say("master.wrong", column=cell.column, expected=cell.expected)
            for cell in result.wrong
        )
        raise Refused("master.wrong_cells", cells=told)
