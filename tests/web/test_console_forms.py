"""Whatever is typed into whatever form of the console: no page breaks, and nothing is lost."""

import html
from dataclasses import dataclass
from itertools import cycle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.services import staff_tasks
from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish
from tests.web.test_console_queue import BRIBE, FIRE, UNCLEAR, reported
from tests.web.test_lifecycle_random import PROMISES

pytestmark = pytest.mark.slow

ODD = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\0\u200b\u202e\r\n<>&\"'%{}"),
    max_size=40,
)
LONG = st.integers(1, 3000).map(lambda n: "长" * n)
LIKELY = st.sampled_from(
    ["T001", "昭乌达路街道委员工作站", "road", "minors", "normal", "emergency:fire", "理由在此",
     "已解决 灯亮了", "2026-12-01", "0", "-1", "9" * 20, "1e9", "on", "../../x", "需261123-0001"]
)  # fmt: skip
VALUE = st.one_of(LIKELY, LIKELY, ODD, LONG)
BAD = 500
"""Submissions in all."""


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office, on both databases."""
    town = make_town(pages_url)
    furnish(town)
    return town


def forms_of(town: Town) -> list[tuple[str, list[str]]]:
    """Every address of the console that takes a form, with its holes."""
    rules = town.app.app.url_map.iter_rules()
    return sorted(
        (rule.rule, sorted(rule.arguments))
        for rule in rules
        if rule.endpoint.startswith("console.") and "POST" in (rule.methods or ())
        and rule.endpoint not in ("console.logout", "console.password", "console.login")
    )  # fmt: skip


def names_of(desk: Desk, pages: list[str]) -> list[str]:
    """Names of all fields that these pages have."""
    found: set[str] = set()
    for page in pages:
        desk.open(page)
        found |= {str(name) for name in desk.tree.xpath("//main//*[@name]/@name")}
    return sorted(found - {"token"})


def filled(rule: str, holes: list[str], values: dict[str, str]) -> str:
    """The address with something in each hole."""
    for hole in holes:
        start, end = rule.index("<"), rule.index(">") + 1
        rule = rule[:start] + values.get(hole, values["id"]) + rule[end:]
    return rule


@dataclass(frozen=True)
class Submission:
    """One form, filled in by chance. `fresh`: with the version that the page shows; `ours`: with
    the page's own token."""

    form: tuple[str, list[str]]
    seen: str
    values: dict[str, str]
    typed: dict[str, str]
    fresh: bool
    ours: bool

    def send(self, desk: Desk) -> None:
        """Post it; no broken page, and a refusal gives the words back."""
        path = filled(*self.form, self.values)
        desk.open(f"/console/cases/{self.seen}")
        token = desk.tree.xpath("//input[@name='token']/@value")
        versions = desk.tree.xpath("//input[@name='version']/@value")
        fields = dict(self.typed) | {"token": str(token[0]) if token and self.ours else "x"}
        if versions and self.fresh:
            fields["version"] = str(versions[0])
        desk.post(path, fields)
        assert desk.status < 500, (path, fields)
        if desk.status == 409 and path.startswith("/console/cases/"):
            self._given_back(desk, path, fields)

    def _given_back(self, desk: Desk, path: str, fields: dict[str, str]) -> None:
        name = path.rpartition("/")[2]
        own = "answer" if name == "answer" else "reason"
        drawn = desk.tree.xpath(f"//form[contains(@action, '/{name}')]")
        asked = [form for form in drawn if form.xpath(f".//*[@name='{own}']")]
        words = fields.get(own, "")
        if words.isalnum() and (asked or not drawn):
            page = html.unescape(desk.page.get_data(as_text=True))
            assert words in page, (path, fields)


def submissions(
    forms: list[tuple[str, list[str]]], numbers: list[str], acts: list[str], fields: list[str]
) -> st.SearchStrategy[Submission]:
    """Whatever may be sent to these forms."""
    values = {
        "number": st.sampled_from([*numbers, "需261123-9999", "x"]),
        "name": st.sampled_from(acts),
        "id": st.integers(0, 30).map(str),
    }
    return st.builds(
        Submission,
        form=st.sampled_from(forms),
        seen=st.sampled_from(numbers),
        values=st.fixed_dictionaries(values),
        typed=st.dictionaries(st.sampled_from(fields), VALUE, max_size=6),
        fresh=st.booleans(),
        ours=st.sampled_from([True] * 9 + [False]),
    )


def test_no_form_breaks_and_nothing_is_lost(here: Town) -> None:
    """Every form by everybody of the office with what nobody expects: never a broken page; a
    refusal gives the words back; the cases keep all promises."""
    words = enumerate([UNCLEAR, LAMP, FIRE, BRIBE, LAMP, UNCLEAR])
    numbers = [reported(here, said, who=f"r{n}") for n, said in words]
    staff = desk_of(here, "staff", "dong.sl")
    others = {"boss": "guan.li", "trusted": "an.zb", "duty": "yun.zs", "chief": "ling.dao"}
    desks = cycle([staff, *(desk_of(here, *each, strong=True) for each in others.items())])
    fields = names_of(staff, [f"/console/cases/{number}" for number in numbers])
    forms = forms_of(here)
    assert len(forms) > 5

    @settings(
        max_examples=BAD, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(submissions(forms, numbers, list(staff_tasks.TASKS), fields))
    def submit(each: Submission) -> None:
        each.send(next(desks))

    submit()
    here.wait(minutes=1)
    for promise in PROMISES:
        assert here.rows(promise) == [], promise
    assert {row[0] for row in here.rows("SELECT number FROM cases")} >= set(numbers)
