"""Whatever is typed into the forms of stations and rules: no page breaks, and nothing is lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import desk_of, furnish
from tests.web.test_console_forms import VALUE, names_of
from tests.web.test_console_queue import reported
from tests.web.test_lifecycle_random import PROMISES

pytestmark = pytest.mark.slow

STATION = "/console/stations/{}"
RULES = (
    *("/console/ladders/answer", "/console/ladders/accept_short", "/console/categories/road"),
    *("/console/texts/reply.received", "/console/calendar"),
    *("/console/words?category=minors", "/console/words/路灯", "/console/routes"),
    *("/console/units/OFFICE", "/console/units/D1"),
)
SAID = st.sampled_from(
    ["first_convener", "member", "first", "马板凳", "2026-11-22", "2026-11-30", "街道", "运行",
     "休息", "50%", "due-1d", "+1d", "holder", "answer_overdue", "supervise", "经济界"]
)  # fmt: skip


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office, on both databases."""
    town = make_town(pages_url)
    furnish(town)
    return town


def held(form: html.HtmlElement) -> dict[str, str]:
    """What a browser would send of a form that nobody has touched; a person and a day where none
    are named."""
    fields = {str(i.get("name")): str(i.get("value") or "") for i in form.xpath(".//input")}
    for each in form.xpath(".//select"):
        chosen = each.xpath(".//option[@selected]") or each.xpath(".//option[1]")
        fields[str(each.get("name"))] = str(chosen[0].get("value", chosen[0].text))
    for name, usual in {"person": "牛茶壶", "day": "2026-12-01"}.items():
        fields |= {name: usual} if fields.get(name) == "" else {}
    return fields


def test_no_form_of_master_data_breaks(here: Town) -> None:
    """Stations, posts, ladders, days, sentences and orders of sectors: never a broken page, and the
    cases keep all promises whatever was ended meanwhile."""
    numbers = [reported(here, LAMP, who=f"r{n}") for n in range(3)]
    boss = desk_of(here, "boss", "guan.li", strong=True)
    pages = [STATION.format(f"T00{n}") for n in range(1, 6)] + list(RULES)
    fields = names_of(boss, pages)

    @settings(
        max_examples=300, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        st.sampled_from(pages),
        st.integers(0, 9),
        st.dictionaries(st.sampled_from(fields), VALUE | SAID | SAID, max_size=3),
        st.booleans(),
    )
    def submit(page: str, which: int, typed: dict[str, str], twice: bool) -> None:
        boss.open(page)
        forms = boss.tree.xpath("//main//form[@method='post']")
        form = forms[which % len(forms)]
        path = str(form.get("action"))
        boss.post(path, held(form) | {"reason": "因为"} | typed)
        assert boss.status < 500, (path, typed)
        sure = boss.tree.xpath("//input[@name='sure']/ancestor::form")
        if sure and twice:
            boss.post(path, held(sure[0]))
            assert boss.status < 500, (path, typed)

    submit()
    kinds = {row[0] for row in here.rows("SELECT DISTINCT about FROM events")}
    assert {str(each).partition(":")[0] for each in kinds} >= {"stations", "posts", "days"}
    here.wait(minutes=1)
    for promise in PROMISES:
        assert here.rows(promise) == [], promise
    assert {row[0] for row in here.rows("SELECT number FROM cases")} >= set(numbers)
