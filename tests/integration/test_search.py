"""Cases are found by what they say now, by whoever may see them, and by nothing that was erased."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.models.cases import Case, CaseTokens
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.indexing import index_new
from bot.services.searching import SearchForm, find
from bot.store import organisation, retention, search
from bot.store.worklists import PAGE
from tests.conversation_rig import LAMP, LAMP_NOWHERE, Town

PHONE = "13812345678"
WITH_PHONE = f"昭乌达路街道的井盖丢了，找王师傅 {PHONE}，很危险"


def visitor(town: Town, *people: str) -> ConsoleVisit:
    """Somebody at the console with the posts of these people of the small network."""
    today = town.clock.now().date()
    with town.deps.database.read() as session:
        ids = [town.rows(f"SELECT id FROM people WHERE code = '{each}'")[0][0] for each in people]
        posts = [p for each in ids for p in organisation.posts_of_person(session, each, today)]
    return ConsoleVisit(1, 1, "x", ids[0], "x", tuple(posts), (), True, True, True)


def found(town: Town, who: ConsoleVisit, words: str = "", **more: str) -> list[int]:
    """Which cases are found, by the last part of their numbers."""
    lines = find(town.deps, who, SearchForm(words=words, **more)).lines
    return [int(line.number[-4:]) for line in lines]


def test_by_words_number_and_phone(town: Town) -> None:
    """Any two characters of what was said, the number in any form, the phone in the words; newest
    first; and an answer as soon as it is given."""
    head = town.member("first")
    town.phone("a").say(LAMP)
    town.phone("b").say(WITH_PHONE)
    town.wait(seconds=10)
    staff = visitor(town, "staff")
    assert found(town, staff, "昭乌达路") == [2, 1]
    assert found(town, staff, "路灯 坏了") == [1]
    assert found(town, staff, "灯") == [1]
    assert found(town, staff, "路燈") == [1]
    assert found(town, staff, "灯路") == []
    for typed in ("需261123-0002", "2611230002", "1123-0002", "１１２３ — ０００２"):
        assert found(town, staff, typed) == [2], typed
    for typed in (PHONE, "138 1234 5678", f"王师傅 +86{PHONE}"):
        assert found(town, staff, typed) == [2], typed
    assert found(town, staff, "13812345679") == []
    assert found(town, staff, f"路灯 {PHONE}") == []
    assert PHONE not in str(town.rows("SELECT * FROM case_tokens"))
    head.say(f"接{head.code}")
    head.say(f"答{head.code} 已解决，换了新灯泡，问李师傅 13987654321")
    assert found(town, staff, "灯泡") == [2]
    assert found(town, staff, "13987654321") == []  # an answer is masked and finds nobody
    with pytest.raises(Refused):
        found(town, staff, "，。！")


def test_by_station_person_state_and_day(town: Town) -> None:
    """Filters narrow it; both days count; what can't be meant is said."""
    first = town.member("first")
    town.phone("a").say(LAMP)
    town.wait(seconds=10)
    waiting = town.rows("SELECT name FROM people WHERE code = 'first'")[0][0]
    assert found(town, visitor(town, "staff"), person=waiting) == [1]  # nobody has accepted it yet
    first.say(f"接{first.code}")
    town.wait(days=1)
    town.phone("b").say(LAMP_NOWHERE)
    town.wait(seconds=10)
    staff = visitor(town, "staff")
    holder = town.rows("SELECT name FROM people WHERE code = 'first'")[0][0]
    other = town.rows("SELECT name FROM people WHERE code = 'neighbour'")[0][0]
    assert found(town, staff, station="T001") == [1]
    assert found(town, staff, "路灯", person=holder) == [1]
    assert found(town, staff, person=other) == []
    assert found(town, staff, state="accepted") == [1]
    assert sorted(found(town, staff, "路灯", state="open")) == [1, 1]
    assert found(town, staff, since="2026-11-24") == [1]
    assert len(found(town, staff, since="2026-11-23", until="2026-11-24")) == 2
    assert len(found(town, staff, "路灯", until="2026-11-23")) == 1
    with town.deps.database.read() as session:  # of last year it begins with last year's
        assert search._before(session, search.Only(until=date(2025, 12, 31)), None) is not None
    assert find(town.deps, staff, SearchForm(words=holder)).named == ("person",)
    for wrong in ({"station": "没有的站"}, {"person": "没有的人"}, {"since": "昨天"}):
        with pytest.raises(Refused):
            found(town, staff, **wrong)


def test_nobody_finds_what_they_may_not_see(town: Town) -> None:
    """Not by words, number, phone, station or filter; and what is for named staff nobody finds by
    its words, they themselves by number and phone."""
    town.phone("a").say(f"我要举报街道办主任收红包，电话 {PHONE}")
    town.phone("b").say(LAMP)
    town.phone("c").say("着火了！昭乌达路二楼冒烟")
    town.wait(seconds=10)
    staff, named = visitor(town, "staff"), visitor(town, "trusted")
    for words in ("红包", PHONE, "1123-0001", "街道办主任"):
        assert found(town, staff, words) == [], words
    assert found(town, staff, since="2026-11-23") == [3, 2]
    assert found(town, named, "红包") == []
    assert found(town, named, PHONE) == found(town, named, "1123-0001") == [1]
    assert found(town, visitor(town, "duty"), "昭乌达路") == [3]
    assert found(town, visitor(town, "head"), "昭乌达路") == [2]
    assert found(town, visitor(town, "neighbour"), "昭乌达路") == []


def test_what_is_taken_out_finds_nothing(town: Town) -> None:
    """Masked for good a case is found by no phone, erased by no word: at night what was taken out
    leaves the index's own file, too. What nothing finds yet is taken up by the job, once; it goes
    on where it stopped."""
    phone = town.phone("a")
    phone.say(WITH_PHONE)
    staff = visitor(town, "staff")
    assert found(town, staff, PHONE) == []
    town.tick()
    assert found(town, staff, PHONE) == [1]
    with town.deps.database.write() as session:
        retention.KINDS["case_words"].go(session, [1])
    assert found(town, staff, PHONE) == []
    assert found(town, staff, "井盖") == [1]
    with town.deps.database.write() as session:
        for row in session.scalars(select(CaseTokens)):
            session.delete(row)
    assert found(town, staff, "井盖") == []
    assert [done.cases for done in index_new(town.deps)] == [1]
    assert found(town, staff, "井盖") == [1]
    assert index_new(town.deps) == []
    phone.say("不同意")
    assert found(town, staff, "井盖") == []
    assert found(town, staff, "1123-0001") == [1]
    assert town.rows("SELECT * FROM case_tokens") == []
    town.clock.advance(timedelta(hours=18))
    assert [done.tidied for done in index_new(town.deps)] == [True]
    if town.deps.database.is_sqlite:
        blocks = town.rows("SELECT block FROM case_tokens_index_data")
        assert all("井盖".encode() not in block for (block,) in blocks)


def test_pages_follow_each_other(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each case once, also for somebody who may see one in four of what the words find."""
    town.phone().say(LAMP)
    town.wait(seconds=10)
    with town.deps.database.write() as session:
        first = session.scalars(select(Case)).one()
        units = [row[0] for row in town.rows("SELECT unit_id FROM stations ORDER BY unit_id")]
        for n in range(4 * PAGE):
            unit = first.owner_unit_id if n % 4 == 0 else units[-1]
            made = Case(number=f"261123-{n + 2:04d}", contact_id=first.contact_id, state="accepted",
                        owner_unit_id=unit, created_at=first.created_at)  # fmt: skip
            session.add(made)
            session.flush()
            search.put(session, made.id, "路灯", "")
    monkeypatch.setattr(search, "LOOKED", PAGE)
    for who, expected in (("staff", 4 * PAGE + 1), ("head", PAGE + 1)):
        numbers: list[str] = []
        after, pages = None, 0
        while pages == 0 or after is not None:
            page = find(town.deps, visitor(town, who), SearchForm(words="路灯"), after)
            numbers += [line.number for line in page.lines]
            after, pages = page.after, pages + 1
        assert numbers == sorted(set(numbers), reverse=True)
        assert len(numbers) == expected
        assert pages >= 4
