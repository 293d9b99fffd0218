"""The roster at the console: out as a workbook, in by two steps, and what bad files are told."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bot.domain.roster import PersonEntry, Roster, UnitEntry
from bot.services.roster_desk import SHOWN
from bot.store.roster import save
from tests.conversation_rig import LAMP, Town
from tests.roster_rig import Rows, workbook
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish
from web.console.workbooks import LONGEST

PEOPLE = [("new", "新条凳", None, "市级", None, "否", None)]
POSTS = [
    ("new", "T001", "第一召集人", None, None),
    ("first", "T001", "第一召集人", None, "2026-11-22"),
]


@pytest.fixture
def town(make_town: MakeTown, sqlite_url: str) -> Town:
    """One database: an import has tests of its own on both."""
    made = make_town(sqlite_url)
    furnish(made)
    return made


def put(desk: Desk, name: str, content: bytes) -> str:
    """Choose a file, and look what it would do."""
    desk.open("/console/roster")
    token = str(desk.tree.xpath("//input[@name='token']/@value")[0])
    desk.page = desk.client.post(
        "/console/roster/try",
        data={"token": token, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )
    return desk.text


def test_a_file_is_tried_then_brought_in(town: Town, tmp_path: Path) -> None:
    """The first step writes nothing and says which cases would go on; the second needs a reason,
    does just that file, once, and stands in the log and in the station's past."""
    first = town.member("first")
    town.phone().say(LAMP)
    town.wait(seconds=10)
    first.say(f"接{first.code}")
    boss = desk_of(town, "boss", "guan.li", strong=True)
    file = workbook(tmp_path / "换届.xlsx", {"people": PEOPLE, "posts": POSTS}).read_bytes()
    said = put(boss, "换届.xlsx", file)
    assert "没有不对的地方" in said
    assert "1 件没办完的事会换人" in said
    assert town.case().state == "accepted"
    form = {i.get("name"): i.get("value") for i in boss.tree.xpath("//form[1]//input[@value]")}
    assert "请写明为什么改" in boss.send("/roster/apply", reason=" ")
    put(boss, "换届.xlsx", file)
    said = boss.send("/roster/apply", reason="换届")
    assert "新增 2 行，改了 1 行" in said
    assert town.case().state == "dispatched"
    assert "那个文件不在了" in boss.post("/console/roster/apply", form | {"reason": "再来"})
    assert ("import", "换届") in town.rows("SELECT kind, reason FROM access_log")
    assert "（换届）" in boss.open("/console/stations/T001")
    assert "导入了名册" in boss.open("/console/audit")


def test_what_changed_meanwhile_is_looked_at_again(town: Town, tmp_path: Path) -> None:
    """Between the two steps somebody else changed the roster; and nobody applies another's file."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    file = workbook(tmp_path / "a.xlsx", {"people": PEOPLE}).read_bytes()
    put(boss, "a.xlsx", file)
    with town.deps.database.write() as session:
        save(session, Roster(people=(PersonEntry("other", "另一位"),)))
    assert "名册刚刚有人改过" in boss.send("/roster/apply", reason="换届")
    put(boss, "a.xlsx", file)
    ticket = str(boss.tree.xpath("//input[@name='ticket']/@value")[0])
    said = boss.send("/roster/apply", reason="换届", ticket=f"{'0' * 64}{ticket[64:]}")
    assert "那个文件不在了" in said
    assert not town.rows("SELECT 1 FROM people WHERE code = 'new'")


def _merged() -> bytes:
    book = Workbook()
    book.worksheets[0].title = "人员"
    book.worksheets[0].merge_cells("A1:B2")
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", bytes(20 * 1024 * 1024))
    return out.getvalue()


def test_bad_files_get_a_useful_answer(town: Town, tmp_path: Path) -> None:
    """Whatever it is: nothing is written, and the page says what to do; of two thousand wrong cells
    the first ones and their number."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    formula: Rows = [("new", "=1+1", None, "市级", None, "否", None)]
    many: Rows = [(f"n{n}", "名", "电话", "什么", None, "否", None) for n in range(1000)]
    sheets = {"formula": formula, "many": many}
    books = {k: workbook(tmp_path / f"{k}.xlsx", {"people": v}) for k, v in sheets.items()}
    for name, content, told in (
        ("名册.xlsx", b"%PDF-1.7\n" + b"0" * 500, "改了扩展名"),
        ("名册.pdf", b"%PDF-1.7\n", "扩展名为 .xlsx 或 .csv"),
        ("名册.xlsx", _bomb(), "异常地大"),
        ("名册.xlsx", _merged(), "是合并的，请拆开"),
        ("名册.xlsx", _saved(Workbook()), "工作表 机构、工作站"),
        ("名册.xlsx", books["formula"].read_bytes(), "不要用公式"),
        ("名册.xlsx", books["many"].read_bytes(), "2000 处不对"),
        ("", b"", "请先选一个文件"),
    ):
        assert told in put(boss, name, content), name
        assert boss.status == 409
        assert len(boss.tree.xpath("//tbody/tr")) <= SHOWN
    assert "电话号码，如" in put(boss, "名册.xlsx", books["many"].read_bytes())
    kind = "multipart/form-data; boundary=x"
    boss.page = boss.client.post("/console/roster/try", data=bytes(LONGEST + 1), content_type=kind)
    assert ("一次最多收 4 MB" in boss.text, boss.status) == (True, 413)
    assert town.rows("SELECT count(*) FROM events WHERE kind = 'master_changed'") == [(0,)]
    staff = desk_of(town, "staff", "dong.sl")
    token = {"token": str(boss.tree.xpath("//input[@name='token']/@value")[0])}
    assert staff.client.post("/console/roster/try", data=token).status_code in (400, 403)


def test_an_export_says_who_took_it_and_starts_no_formula(town: Town) -> None:
    """Cells that would be formulas elsewhere are text; what went out comes in as it was."""
    with town.deps.database.write() as session:
        sectors = (UnitEntry("J1", "sector", "经济界"), UnitEntry("J2", "sector", "民族界"))
        save(session, Roster(units=sectors, people=(PersonEntry("evil", "=cmd|'/c calc'!A1"),)))
    boss = desk_of(town, "boss", "guan.li", strong=True)
    boss.open("/console/roster")
    token = str(boss.tree.xpath("//input[@name='token']/@value")[0])
    assert "请写明做什么用" in boss.send("/roster/export", reason="")
    form = {"token": token, "reason": "=交接"}
    content = boss.client.post("/console/roster/export", data=form).data
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert "f" not in {cell.data_type for cell in cells}
    assert "boss老师" in str(book["说明"]["A1"].value)
    said = put(boss, "roster.xlsx", content)
    assert "没有不对的地方" in said
    assert {(row[1], row[2]) for row in _counts(boss)} == {("0 行", "0 行")}
    assert ("roster_export", "=交接") in town.rows("SELECT kind, reason FROM access_log")
    load_workbook(io.BytesIO(boss.client.get("/console/roster/template").data))


def _counts(desk: Desk) -> list[list[str]]:
    rows = desk.tree.xpath("//table[1]//tbody/tr")
    return [[" ".join(cell.itertext()).strip() for cell in row] for row in rows]
