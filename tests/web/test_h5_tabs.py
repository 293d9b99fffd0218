"""The numbers on the tabs: those of the lists behind them, at the price of a short list."""

from sqlalchemy import event

from bot.services import tab_counts
from bot.services.tab_counts import TabCounts
from bot.services.visits import Visit
from tests.conversation_rig import LAMP, Town
from tests.web.h5_rig import Pages, pages_of


def tabs(pages: Pages) -> list[str]:
    """Words of the tabs, as they are read."""
    return [" ".join(a.text_content().split()) for a in pages.tree.xpath("//nav//a")]


def test_the_tabs_count_what_the_lists_show(town: Town) -> None:
    """A resident reads how many of their matters go on; a member what waits and what was done; none
    is no number, and a page about a fault counts nothing."""
    phone, first = town.phone(), town.member("first")
    mine, works = pages_of(phone), pages_of(first)
    mine.open("/h5/mine")
    assert tabs(mine) == ["我的诉求", "我的数据"]
    phone.say(LAMP)
    town.phone("other").say(LAMP)
    town.wait(minutes=2)
    mine.open("/h5/mine")
    assert tabs(mine) == ["我的诉求 1", "我的数据"]
    works.open("/h5/todo")
    assert tabs(works) == ["待办 2", "办过的", "我的诉求", "我的数据"]
    works.open(f"/h5/work/{phone.number}")
    works.send("/accept")
    works.send("/answer", ending="resolved", answer="灯亮了")
    assert tabs(works) == ["待办 1", "办过的 1", "我的诉求", "我的数据"]
    assert "办过的 1 件" in works.open("/h5/done")
    mine.open("/h5/mine")
    assert tabs(mine) == ["我的诉求", "我的数据"]


def test_counting_costs_the_same_for_one_item_and_for_ten(town: Town) -> None:
    """What a list asks of its cases is fetched for all at once."""
    town.member("first")
    ((contact_id, person_id),) = town.rows(
        "SELECT id, person_id FROM contacts WHERE person_id IS NOT NULL"
    )
    asked: list[str] = []

    @event.listens_for(town.deps.database.engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, sql: str, *_more: object) -> None:
        asked.append(sql)

    costs = []
    for people in (1, 9):
        for n in range(people):
            town.phone(f"r{people}{n}").say(LAMP)
        town.wait(minutes=2)
        asked.clear()
        found = tab_counts.counts(town.deps, Visit(contact_id, person_id, ""))
        costs.append(len(asked))
    assert found == TabCounts(waiting=10)
    assert costs[0] == costs[1] < 12
