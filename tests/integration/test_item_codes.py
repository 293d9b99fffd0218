"""The short code by which a person names an open case: two digits, then three, never twice."""

from sqlalchemy.orm import Session

from bot.models.item_codes import ItemCode
from bot.models.organisation import Person
from bot.store import cases, conversation, item_codes
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
        codes = [item_codes.give(session, ONE, case_id, NOW) for case_id in ids]
        assert sorted(codes[:90]) == list(range(10, 100))
        assert codes[90:] == [100, 101, 102, 103, 104]
        assert 10 <= item_codes.give(session, OTHER, ids[0], NOW) <= 99
        item_codes.release(session, ids[91], NOW)  # 101
        session.expire_all()
        more = cases.add_case(session, NOW, contact_id=1, source="x")
        assert item_codes.give(session, ONE, more.id, NOW) == 101
        assert session.query(ItemCode).count() == 97


def test_a_case_keeps_its_code(database: Database) -> None:
    """Asked again it is the same; after release the case may get a code again."""
    with database.write() as session:
        (case_id,) = _begin(session, 1)
        code = item_codes.give(session, ONE, case_id, NOW)
        assert item_codes.give(session, ONE, case_id, NOW) == code
        assert item_codes.case_named(session, ONE, code) == case_id
        item_codes.release(session, case_id, NOW)
        session.expire_all()
        assert item_codes.case_named(session, ONE, code) is None
        again = item_codes.give(session, ONE, case_id, NOW)
        assert item_codes.case_named(session, ONE, again) == case_id
