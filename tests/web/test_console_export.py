"""Cases leave the house with a name, a time and a reason, and no cell of them starts a formula."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import command, desk_of, furnish

PHONE = "13812345678"
FORMULA = f"=HYPERLINK(路灯坏了三天了，昭乌达路街道，{PHONE})"
BRIBE = "我要举报街道办主任收红包"
WHY = "给街道开会用"


@pytest.fixture
def here(make_town: MakeTown, sqlite_url: str) -> Town:
    """The small network, an office, and three cases."""
    town = make_town(sqlite_url)
    furnish(town)
    for who, words in (("a", LAMP), ("b", FORMULA), ("c", BRIBE)):
        town.phone(who).say(words)
    town.wait(seconds=10)
    return town


def table(content: bytes, sheet: str) -> list[list[str]]:
    """A sheet as text; no cell of the file is a formula."""
    rows = list(load_workbook(BytesIO(content))[sheet].iter_rows())
    assert all(cell.data_type != "f" for row in rows for cell in row)
    return [[str(cell.value or "") for cell in row] for row in rows]


def logged(town: Town) -> list[tuple[str, dict[str, object]]]:
    """The exports in the access log."""
    rows = town.rows("SELECT reason, data FROM access_log WHERE kind = 'export' ORDER BY id")
    return [(row[0], json.loads(row[1])) for row in rows]


def test_a_search_and_a_list_as_a_workbook(here: Town) -> None:
    """Only after a code of the authenticator and with a reason; masked, only what may be seen; who,
    when, which and why stand in the file and in the log."""
    desk = desk_of(here, "staff", "dong.sl")
    assert "启用动态码" in desk.open("/console/export?words=路灯")
    desk.enrol()
    desk.open("/console/search?words=路灯")
    desk.open(str(desk.tree.xpath("//a[contains(@href, 'export')]/@href")[0]))
    assert "请写明为什么" in desk.send("export", reason=" 嗯")
    assert logged(here) == []
    desk.send("export", reason=WHY)
    assert desk.page.headers["Content-Type"].endswith("spreadsheetml.sheet")
    rows = table(desk.page.data, "诉求")
    assert [row[0][-4:] for row in rows[1:]] == ["0002", "0001"]
    assert "138****5678" in rows[1][2]
    assert rows[1][2].startswith("'=HYPERLINK")
    said = dict(row for row in table(desk.page.data, "说明"))
    assert said["谁导出的"] == "冬受理（dong.sl）"
    assert (said["为什么"], said["哪些诉求"]) == (WHY, "字词、编号或电话：路灯")
    assert (said["什么时候"], said["多少件"]) == ("2026-11-23 10:00", "2")
    desk.open("/console/export?view=all")
    desk.send("export", reason=WHY)
    assert len(table(desk.page.data, "诉求")) == 3
    assert "红包" not in str(table(desk.page.data, "诉求"))
    assert logged(here)[0] == (WHY, {"rows": 2, "unmasked": False, "filters": {"words": "路灯"}})
    for nothing in ("", "?view=restricted&reason=x", "?view=nothing"):
        desk.open(f"/console/export{nothing}")
        assert desk.status == 404 or "导出诉求" in desk.text
    desk.open("/console/export?view=restricted")
    desk.send("export", reason=WHY)
    assert desk.status == 404


def test_restricted_words_are_in_no_file(here: Town) -> None:
    """Whoever is named for a case takes its number away, not its words."""
    named = desk_of(here, "trusted", "an.zb", strong=True)
    named.open("/console/export?view=restricted")
    named.send("export", reason=WHY)
    rows = table(named.page.data, "诉求")
    assert [row[0][-4:] for row in rows[1:]] == ["0003"]
    assert "红包" not in str(rows)


def test_by_command(here: Town, tmp_path: Path) -> None:
    """Masked by default; in the residents' own words only with a reason; each is kept; a workbook
    overwrites nothing."""
    assert PHONE not in command(here, "cases", "export")
    command(here, "cases", "export", "--unmask", code=2)
    command(here, "cases", "export", "--unmask", "--reason", "好", code=1)
    printed = command(here, "cases", "export", "--unmask", "--reason", "纪委要原话")
    assert json.loads(printed.splitlines()[1])["text"] == FORMULA
    out = tmp_path / "cases.xlsx"
    command(here, "cases", "export", "--format", "xlsx", code=2)
    command(here, "cases", "export", "--format", "xlsx", "--out", str(out))
    rows = table(out.read_bytes(), "诉求")
    assert len(rows) == 4
    assert PHONE not in str(rows)
    assert out.stat().st_mode & 0o077 == 0
    command(here, "cases", "export", "--format", "xlsx", "--out", str(out), code=1)
    assert [(why, data["unmasked"]) for why, data in logged(here)][:2] == [
        ("", False),
        ("纪委要原话", True),
    ]
