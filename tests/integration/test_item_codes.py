"""The short code by which a person names an open case: two digits, then three, never twice."""

from sqlalchemy.orm import Session

from bot.models.cases import ItemCode
from bot.models.organisation import Person
from bot.store import cases, conversation
from bot.store.unit_of_work import Database
from tests.fakes import MONDAY_MORNING as NOW

ONE, OTHER = 1, 2


def _begin(session: Session, count: int) -> list[int]:
    """Two people without codes, and so many cases; their ids."""
    session.add_all([Person(code=f"P{n}", name="马板凳") for n in (ONE, OTHER)])
    contact = conversation.contact_for(session, "intake", "a", NOW)
    made = [cases.add_case(session, NOW, contact_id=contact.id, source="x") for _ in range(count)]
    return [case.id for case in made]


def test_codes_fill_up_and_gaps_are_used(database: Database) -> None:
    """90 codes of two digits, then the first free one of three; each person has their own."""
    with database.write() as session:
        ids = _begin(session, 95)
        codes = [cases.give_code(session, ONE, case_id, NOW) for case_id in ids]
        assert sorted(codes[:90]) == list(range(10, 100))
        assert codes[90:] == [100, 101, 102, 103, 104]
        assert 10 <= cases.give_code(session, OTHER, ids[0], NOW) <= 99
        cases.release_codes(session, ids[91], NOW)  # 101
        session.expire_all()
        more = cases.add_case(session, NOW, contact_id=1, source="x")
        assert cases.give_code(session, ONE, more.id, NOW) == 101
        assert session.query(ItemCode).count() == 97


def test_a_case_keeps_its_code(database: Database) -> None:
    """Asked again it is the same; after release the case may get a code again."""
    with database.write() as session:
        (case_id,) = _begin(session, 1)
        code = cases.give_code(session, ONE, case_id, NOW)
        assert cases.give_code(session, ONE, case_id, NOW) == code
        assert cases.case_of_code(session, ONE, code) == case_id
        cases.release_codes(session, case_id, NOW)
        session.expire_all()
        assert cases.case_of_code(session, ONE, code) is None
        again = cases.give_code(session, ONE, case_id, NOW)
        assert cases.case_of_code(session, ONE, again) == case_id
