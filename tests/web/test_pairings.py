"""联建共建: who stands by a station is seen there, and offered to whoever wants a hand."""

import io
from pathlib import Path

from openpyxl import load_workbook

from tests.conversation_rig import LAMP, Town
from tests.roster_rig import Rows, workbook
from tests.web.console_rig import Desk, desk_of, furnish
from tests.web.h5_rig import pages_of
from tests.web.test_console_roster import put

BUSES = ("B001", "联建单位", "公交公司第三党支部", None, None, None)
CONTACT = ("P1", "高车灯", None, None, None, "否", None)
POST = ("P1", "B001", "联建联系人", None, None)
PAIRINGS = [
    ("T001", "B001", "2026-01-02", None),
    ("T001", "T002", None, None),
    ("T001", "T005", None, "2026-01-02"),  # over
    ("T002", "T003", None, None),
]
OFFERED = "可以请：经济界委员工作室、大学西路街道委员工作站"


def bring_in(boss: Desk, folder: Path, sheets: dict[str, Rows]) -> None:
    """Rows are tried and brought in."""
    assert "没有不对的地方" in put(
        boss, "联建.xlsx", workbook(folder / "a.xlsx", sheets).read_bytes()
    )
    form = {i.get("name"): i.get("value") for i in boss.tree.xpath("//form[1]//input[@value]")}
    boss.send("/roster/apply", **form | {"reason": "签了联建协议"})


def test_who_stands_by_a_station_is_offered_and_seen(town: Town, tmp_path: Path) -> None:
    """The studio that routing named first, then the stations that are paired today; the page of the
    station names all that stand by it, with who answers for them; it goes out with the roster, and
    what is over is offered no more."""
    furnish(town)
    boss = desk_of(town, "boss", "guan.li", strong=True)
    sheets: dict[str, Rows] = {
        "units": [BUSES],
        "people": [CONTACT],
        "posts": [POST],
        "pairings": PAIRINGS,
    }
    bring_in(boss, tmp_path, sheets)
    first = town.member("first")
    pages = pages_of(first)
    town.phone().say(LAMP)
    town.wait(minutes=2)
    pages.open(f"/h5/work/{town.case().number}")
    assert OFFERED in pages.send("/accept")
    shown = boss.open("/console/stations/T001")
    (card,) = boss.tree.xpath("//section[@aria-labelledby='paired']//ul")
    assert "公交公司第三党支部 联建单位，联系人 高车灯 从 2026-01-02" in " ".join(
        card.text_content().split()
    )
    assert ("大学西路街道委员工作站" in shown, "赛罕区委员工作站" in shown) == (True, False)
    assert "签了联建协议" in shown
    boss.open("/console/roster")
    boss.send("/roster/export", reason="存档")
    book = load_workbook(io.BytesIO(boss.page.data))
    assert book["联建共建"].max_row == len(PAIRINGS) + 1
    bring_in(boss, tmp_path, {"pairings": [("T001", "T002", None, "2026-11-20")]})
    other = town.phone("b")
    other.say(LAMP)
    town.wait(minutes=2)
    pages.open(f"/h5/work/{other.number}")
    assert "可以请：经济界委员工作室 " in pages.send("/accept")
