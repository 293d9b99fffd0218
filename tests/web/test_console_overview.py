"""The overview: figures that open their cases, hot matters, and what must not be seen."""

from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import Workbook, load_workbook

from tests.conversation_rig import Town
from tests.integration.test_figures import BRIBE, week
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish, write

COLD = "昭乌达路街道暖气不热，屋里才十二度"


@pytest.fixture
def here(make_town: MakeTown, sqlite_url: str) -> Town:
    """Pages are the same on every database; what they count is tested on both."""
    town = make_town(sqlite_url)
    furnish(town)
    return town


def numbers(desk: Desk) -> dict[str, int]:
    """Numbers of the page that open a list: address → number; all totals, and of what they are told
    apart by the first of each."""
    found: dict[str, tuple[str, int]] = {}
    for link in desk.tree.xpath("//a[contains(@href, '/overview/cases')]"):
        address, shown = str(link.get("href")), link.text_content().strip()
        asked = parse_qs(urlsplit(address).query)
        by = asked["figure"][0] if asked["by"] == ["total"] else asked["by"][0]
        if shown.isdigit():
            found.setdefault(by, (address, int(shown)))
    return dict(found.values())


def test_every_number_opens_its_cases(here: Town) -> None:
    """As many lines as the number says; the lead on corruption is in none of them. The same leaves
    as a workbook only after a code of the authenticator: who, when and which days stand in it and
    in the access log, and a name that begins like a formula starts none."""
    week(here)
    write(here, "UPDATE cases SET street = '=1+1' WHERE id = 1")
    write(here, "DELETE FROM counters WHERE name = 'statistics_until'")
    chief = desk_of(here, "chief", "ling.dao")
    chief.open("/console/overview?range=own&from=2026-11-23&to=2026-11-25")
    tiles = chief.tree.xpath("//dl[@class='tiles']/div")
    shown = {str(tile[0].text): tile[1].text_content().strip() for tile in tiles}
    assert (shown["收到"], shown["按时接单"], shown["居民说满意"]) == ("2", "1", "1")
    assert "件数少，不算比例" in chief.text
    found = numbers(chief)
    assert len(found) > 15
    for address, number in found.items():
        chief.open(address)
        assert len(chief.tree.xpath("//table//tr/td[2]/a")) == number, address
        assert "红包" not in chief.text
    chief.open("/console/overview?range=own&from=2026-11-23&to=2026-11-25")
    assert "启用动态码" in chief.send("overview/export")
    chief.enrol()
    chief.open("/console/overview?range=own&from=2026-11-23&to=2026-11-25")
    chief.send("overview/export")
    _is_whole(load_workbook(BytesIO(chief.page.data)))
    ((logged,),) = here.rows("SELECT data FROM access_log WHERE kind = 'export'")
    assert "2026-11-23 至 2026-11-25" in str(logged)


def _is_whole(book: Workbook) -> None:
    facts = {row[0].value: row[1].value for row in book["说明"].rows}
    assert facts["谁导出的"] == "chief老师（ling.dao）"
    assert facts["哪些天"] == "2026-11-23 至 2026-11-25"
    totals = {row[0].value: row[1].value for row in book["总数"].rows}
    assert (totals["收到"], totals["答复"]) == (2, 1)
    assert [row[0].value for row in book["每天"].rows][1:] == [f"2026-11-{n}" for n in (23, 24, 25)]
    assert "'=1+1" in [row[0].value for row in book["按街道"].rows]
    assert not any(cell.data_type == "f" for page in book for row in page.rows for cell in row)


STRANGE = (
    "?range=never", "?range=own&from=x&to=9999-99-99", "?range=own&from=0001-01-01",
    "/cases?figure=nothing", "/cases?by=x", "/cases?by=street&key=%00", "/cases?after=1.nan",
    "/cases?after=x", "/cases?by=heat&key=%7C", f"/cases?by=street&key={'长' * 300}",
)  # fmt: skip


def test_hot_matters_stand_on_top(here: Town) -> None:
    """Five residents on one matter in one street: on top of the overview with their cases, and on
    each of those cases a hint; who may not see the others is not told of them."""
    for n in range(5):
        here.phone(f"cold{n}").say(COLD)
    here.phone("witness").say(BRIBE)
    here.wait(seconds=70)
    staff = desk_of(here, "staff", "dong.sl")
    staff.open("/console/overview?range=today")
    (hot,) = staff.tree.xpath("//ul[contains(@class, 'hot')]/li")
    assert "昭乌达路街道 供热" in hot.text_content()
    assert "5 位居民，5 件，5 件还没答复" in hot.text_content()
    assert "▲ 在增加" in hot.text_content()
    staff.open(hot.xpath(".//a/@href")[0])
    addresses = staff.tree.xpath("//table//tr/td[2]/a/@href")
    assert len(addresses) == 5
    assert "这三天同一条街还有 4 位居民说供热" in staff.open(addresses[0])
    neighbour = desk_of(here, "neighbour", "lu.cy")
    neighbour.open("/console/overview")
    assert neighbour.status == 403
    for path in STRANGE:  # they show nothing, or say that there is no such page
        staff.open(f"/console/overview{path}")
        assert staff.status in (200, 404), path
