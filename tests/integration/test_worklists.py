"""The lists of the console show to each person just what they may see, in the right order."""

from itertools import product

from sqlalchemy import select

from bot.domain.cases import Queue, State
from bot.domain.permissions import Action, Actor, ActorPost, may
from bot.domain.roles import Role
from bot.models.cases import Case, CaseStation
from bot.models.organisation import Unit
from bot.services.acting import case_subject
from bot.services.turn import Turn
from bot.store import worklists
from tests.conversation_rig import LAMP_NOWHERE, Town

FIRE = "着火了！新城区海东路二楼冒烟"


def units(town: Town) -> dict[str, int]:
    """Ids of units, by code."""
    with town.deps.database.read() as session:
        return {row.code: row.id for row in session.execute(select(Unit.id, Unit.code))}


def test_lists_agree_with_permissions(town: Town) -> None:
    """Every queue × handling × owner × assisting station, for every role in four units: the list's
    condition and `may(see)` say the same."""
    unit = units(town)
    phone = town.phone()
    for n, (queue, handling, owner, assist) in enumerate(
        product(
            (None, *Queue), ("normal", "named_members", "named_staff"), (None, "T001", "T003"),
            (None, "T002"),
        )
    ):  # fmt: skip
        phone.say(f"{LAMP_NOWHERE}{n}") if n == 0 else None
        with town.deps.database.write() as session:
            first = session.scalars(select(Case).order_by(Case.id)).first()
            assert first is not None
            made = Case(
                number=f"991231-{n + 1:04d}", contact_id=first.contact_id, state=State.NEW,
                queue=queue, handling=handling, created_at=first.created_at,
                owner_unit_id=unit[owner] if owner else None,
            )  # fmt: skip
            session.add(made)
            session.flush()
            if assist:
                session.add(CaseStation(case_id=made.id, unit_id=unit[assist], part="assist"))
    with town.deps.database.read() as session:
        turn = Turn(town.deps, session, town.clock.now())
        cases = {c.id: case_subject(turn, c) for c in session.scalars(select(Case))}
        for role, where in product(Role, ("T001", "T002", "T003", "D1")):
            actor = Actor(1, (ActorPost(1, role, unit[where]),))
            listed = set(session.scalars(select(Case.id).where(worklists.seen_by(actor))))
            allowed = {n for n, subject in cases.items() if may(actor, Action.SEE, subject)}
            assert listed == allowed, (role, where)
