"""Office sheets in and out: everything checked first, all or nothing, and out as it went in."""

import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.domain.roster import PostEntry, Roster
from bot.services.demo_roster import load_demo_data, write_demo
from bot.services.ports import Deps
from bot.services.roster_export import export_roster, write_template
from bot.services.roster_files import WrongCell
from bot.services.roster_import import import_roster
from bot.store import organisation, roster
from bot.store.unit_of_work import Database
from tests.fakes import FakeClock
from tests.roster_rig import PEOPLE, POSTS, SMALL, STATIONS, UNITS, Rows, deps_on, table, workbook


@pytest.fixture
def deps(database: Database, clock: FakeClock) -> Deps:
    """Services on an empty database."""
    return deps_on(database, clock)


def everything(deps: Deps) -> Roster:
    """What is in the database."""
    with deps.database.read() as session:
        return roster.load(session)


def cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All values of a workbook."""
    book = load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def where(wrong: tuple[WrongCell, ...]) -> list[tuple[str, int, str]]:
    """Sheet, row and column of each wrong cell."""
    return [(cell.sheet, cell.row, cell.column) for cell in wrong]


def changed(row: int, column: int, value: object, rows: Rows) -> list[list[object]]:
    """The rows with one cell changed; both count from 0."""
    copy = [list(one) for one in rows]
    copy[row][column] = value
    return copy


def test_a_workbook_comes_in_and_updates_by_code(deps: Deps, tmp_path: Path) -> None:
    """The second time nothing is new; a changed cell changes one row; others stay."""
    path = workbook(tmp_path / "a.xlsx", SMALL)
    first = import_roster(deps, [path])
    assert first.saved
    assert (first.saved.stations.new, first.saved.people.new) == (1, 2)
    again = import_roster(deps, [path]).saved
    assert again
    assert not again.touched
    renamed = workbook(tmp_path / "b.xlsx", {"people": changed(1, 1, "赵炕桌", PEOPLE)[1:]})
    update = import_roster(deps, [renamed]).saved
    assert update
    assert (update.people.new, update.people.changed, update.posts.same) == (0, 1, 0)
    found = everything(deps)
    assert [person.name for person in found.people] == ["王板凳", "赵炕桌"]
    assert len(found.posts) == 1


def test_posts_end_by_a_new_date(deps: Deps, tmp_path: Path) -> None:
    """The same person, unit and role is the same post."""
    import_roster(deps, [workbook(tmp_path / "a.xlsx", SMALL)])
    ended = changed(0, 4, "2026年6月30日", POSTS)
    saved = import_roster(deps, [workbook(tmp_path / "b.xlsx", {"posts": ended})]).saved
    assert saved
    assert saved.posts.changed == 1
    assert [str(post.valid_to) for post in everything(deps).posts] == ["2026-06-30"]


def test_a_dry_run_counts_but_keeps_nothing(deps: Deps, tmp_path: Path) -> None:
    """It is the very same run, without the commit."""
    tried = import_roster(deps, [workbook(tmp_path / "a.xlsx", SMALL)], dry_run=True)
    assert tried.saved
    assert tried.saved.people.new == 2
    assert everything(deps) == Roster()
    with deps.database.read() as session:
        assert organisation.roster_version(session) == 0


def test_one_wrong_cell_keeps_everything_out(deps: Deps, tmp_path: Path) -> None:
    """Nothing of the file is written, whichever sheet is wrong."""
    sheets = SMALL | {"posts": changed(0, 2, "皇帝", POSTS)}
    result = import_roster(deps, [workbook(tmp_path / "a.xlsx", sheets)])
    assert result.saved is None
    assert where(result.wrong) == [("职务", 2, "C 职务")]
    assert result.wrong[0].value == "皇帝"
    assert "第一召集人" in result.wrong[0].expected
    assert everything(deps) == Roster()


BETWEEN_ROWS = [
    # the same code twice, in one sheet and across two
    ({"people": [*PEOPLE, PEOPLE[1]]}, [("人员", 4, "A 人员编号")]),
    (
        {"units": [*UNITS, ("T001", "部门", "甲", None, None, None)]},
        [("工作站", 2, "A 工作站代码")],
    ),
    ({"posts": [*POSTS, *POSTS]}, [("职务", 3, "C 职务")]),
    # who stands by whom: a station first, another one than itself, and each pair once
    ({"pairings": [("J01", "T001", None, None)]}, [("联建共建", 2, "A 工作站代码")]),
    ({"pairings": [("T001", "T9", None, None)]}, [("联建共建", 2, "B 联建单位代码")]),
    ({"pairings": [("T001", "T001", None, None)]}, [("联建共建", 2, "B 联建单位代码")]),
    ({"pairings": [("T001", "J99", None, None)] * 2}, [("联建共建", 3, "B 联建单位代码")]),
    # two stations of one name
    ({"stations": [*STATIONS, ("T002", *STATIONS[0][1:])]}, [("工作站", 3, "B 工作站名称")]),
    # codes that lead nowhere
    ({"posts": changed(0, 0, "X9", POSTS)}, [("职务", 2, "A 人员编号")]),
    ({"posts": changed(0, 1, "T9", POSTS)}, [("职务", 2, "B 机构代码")]),
    ({"stations": changed(0, 3, "J98", STATIONS)}, [("工作站", 2, "D 上级机构代码")]),
    ({"units": changed(0, 3, "J99", UNITS)}, [("机构", 2, "D 上级机构代码")]),  # above itself
    ({"people": changed(1, 6, "X2", PEOPLE)}, [("人员", 3, "G 联系委员编号")]),  # not a member
    ({"people": changed(0, 4, "无此界别", PEOPLE)}, [("人员", 2, "E 界别")]),
    # what a mode needs, and what routing could never find
    ({"stations": changed(0, 6, None, STATIONS)}, [("工作站", 2, "G 界别")]),
    ({"stations": changed(0, 2, "旗县区", STATIONS)}, [("工作站", 2, "E 旗县区")]),
    ({"stations": changed(0, 4, "赛罕", STATIONS)}, [("工作站", 2, "E 旗县区")]),
    (
        {"stations": changed(0, 5, "城关镇", changed(0, 4, "赛罕区", STATIONS))},
        [("工作站", 2, "F 街道乡镇")],
    ),
    # an end before its beginning
    ({"posts": changed(0, 4, "2025-12-31", POSTS)}, [("职务", 2, "E 结束日期")]),
    ({"units": changed(0, 1, "邪教", UNITS)}, [("机构", 2, "B 机构类型")]),
    # a formula; the row that points at the wrong one is not blamed as well
    ({"people": changed(0, 3, "=1+1", PEOPLE)}, [("人员", 2, "D 委员身份")]),
    ({"people": changed(0, 1, "=A1", PEOPLE)}, [("人员", 2, "B 姓名")]),
]


@pytest.mark.parametrize(("sheets", "expected"), BETWEEN_ROWS)
def test_wrong_cells_are_named_by_sheet_row_and_column(
    sqlite_url: str, clock: FakeClock, tmp_path: Path, sheets: Any, expected: Any
) -> None:
    """Exactly the cell to change, and nothing that only follows from it."""
    database = Database(sqlite_url)
    path = workbook(tmp_path / "a.xlsx", SMALL | sheets)
    result = import_roster(deps_on(database, clock), [path])
    assert where(result.wrong) == expected
    assert all("\u4e00" <= cell.expected[0] <= "\u9fff" for cell in result.wrong)
    database.dispose()


def test_a_name_or_code_already_taken_is_refused(deps: Deps, tmp_path: Path) -> None:
    """What is in the system counts like the file's own rows, unless the file changes it."""
    import_roster(deps, [workbook(tmp_path / "a.xlsx", SMALL)])
    twin = ("T002", *STATIONS[0][1:])
    result = import_roster(deps, [workbook(tmp_path / "b.xlsx", {"stations": [twin]})])
    assert where(result.wrong) == [("工作站", 2, "B 工作站名称")]
    unit = ("T001", "部门", "甲", None, None, None)
    result = import_roster(deps, [workbook(tmp_path / "c.xlsx", {"units": [unit]})])
    assert where(result.wrong) == [("机构", 2, "A 机构代码")]
    swapped = [changed(0, 1, "改了名的工作站", STATIONS)[0], twin]
    assert import_roster(deps, [workbook(tmp_path / "d.xlsx", {"stations": swapped})]).saved


def test_two_thousand_wrong_cells_are_all_listed(deps: Deps, tmp_path: Path) -> None:
    """Somebody will fix them all in one go, so none may be kept back."""
    people = [(f"X{n}", None, None, None, None, None, None) for n in range(2000)]
    result = import_roster(deps, [workbook(tmp_path / "a.xlsx", {"people": people})])
    assert where(result.wrong) == [("人员", n + 2, "B 姓名") for n in range(2000)]


def test_several_files_are_one_import(deps: Deps, tmp_path: Path) -> None:
    """One csv a sheet, in any order; codes may point from one file into another."""
    names = {"posts": POSTS, "people": PEOPLE, "units": UNITS, "stations": STATIONS}
    paths = [table(tmp_path / f"{n}.csv", n, rows) for n, rows in names.items()]
    saved = import_roster(deps, paths).saved
    assert saved
    assert (saved.units.new, saved.posts.new) == (1, 1)


@pytest.mark.parametrize("target", ["名册.xlsx", "名册"])
def test_the_demo_goes_out_and_comes_in_unchanged(
    deps: Deps, tmp_path: Path, target: str, migrated_sqlite: Path
) -> None:
    """Into the same database nothing changes; into an empty one all of it arrives, in 10 s."""
    with deps.database.write() as session:
        write_demo(session, *load_demo_data())
    counts = export_roster(deps, tmp_path / target)
    assert counts["工作站"] == 219
    again = import_roster(deps, [tmp_path / target])
    assert again.wrong == ()
    assert again.saved
    assert not again.saved.touched
    path = tmp_path / "empty.sqlite3"
    path.write_bytes(migrated_sqlite.read_bytes())
    other = deps_on(Database(f"sqlite:///{path}"), deps.clock)
    begun = time.perf_counter()
    assert import_roster(other, [tmp_path / target]).saved
    assert time.perf_counter() - begun < 10
    assert everything(other) == everything(deps)
    other.database.dispose()


def test_two_exports_are_the_same(deps: Deps, tmp_path: Path) -> None:
    """Byte for byte as csv, cell for cell as a workbook."""
    with deps.database.write() as session:
        write_demo(session, *load_demo_data())
    for name in ("a", "b", "a.xlsx", "b.xlsx"):
        export_roster(deps, tmp_path / name)
    files = [sorted((tmp_path / name).iterdir()) for name in "ab"]
    assert len(files[0]) == 6
    assert [f.read_bytes() for f in files[0]] == [f.read_bytes() for f in files[1]]
    assert cells(tmp_path / "a.xlsx") == cells(tmp_path / "b.xlsx")


@pytest.mark.parametrize("target", ["名册.xlsx", "名册"])
def test_nothing_exported_can_start_a_formula(deps: Deps, tmp_path: Path, target: str) -> None:
    """A name that begins like one is disarmed on the way out and itself again on the way in."""
    names = ["'=HYPERLINK(1)", "+86 王", "-李", "@赵", "'=1"]
    people = [(f"Y{n}", name, *(None,) * 5) for n, name in enumerate(names)]
    assert import_roster(deps, [workbook(tmp_path / "in.xlsx", {"people": people})]).saved
    before = everything(deps)
    assert before.people[0].name == "=HYPERLINK(1)"
    export_roster(deps, tmp_path / target)
    if target.endswith(".xlsx"):
        rows = cells(tmp_path / target)["人员"][1:]
        assert all(str(cell)[0] not in "=+-@" for row in rows for cell in row if cell)
    again = import_roster(deps, [tmp_path / target])
    assert again.wrong == ()
    assert everything(deps) == before


def test_the_template_comes_in_when_filled(deps: Deps, tmp_path: Path) -> None:
    """Its guide is ignored, and empty it says that there is nothing to import."""
    path = tmp_path / "模板.xlsx"
    write_template(path)
    assert "没有找到任何一行" in import_roster(deps, [path]).wrong[0].expected
    book = load_workbook(path)
    for row in UNITS:
        book["机构"].append(list(row))
    book.save(path)
    saved = import_roster(deps, [path]).saved
    assert saved
    assert saved.units.new == 1


def test_excel_dates_and_numbers_are_understood(deps: Deps, tmp_path: Path) -> None:
    """A phone that Excel took for a number, and a real date cell."""
    sheets = SMALL | {"people": changed(0, 2, 13800000000, PEOPLE)}
    path = workbook(tmp_path / "a.xlsx", sheets | {"posts": changed(0, 3, None, POSTS)})
    book = load_workbook(path)
    book["职务"]["D2"] = deps.clock.now().replace(hour=0, tzinfo=None)
    book.save(path)
    assert import_roster(deps, [path]).wrong == ()
    found = everything(deps)
    assert found.people[0].phone == "13800000000"
    today = deps.clock.now().date()
    assert found.posts == (PostEntry("X1", "T001", "first_convener", today, None),)
