"""`flask poster`: a printable page for each station, with a code that is made once."""

import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text as sql

from bot.domain.messages import Action, SendError
from tests.conversation_rig import Town

PAGE = re.compile(rb"/Type /Page\b(?!s)")


@pytest.fixture
def shop(make_town, sqlite_url: str) -> Town:  # type: ignore[no-untyped-def]
    """A town on one kind of database: what is printed is the same on both."""
    made: Town = make_town(sqlite_url)
    with made.deps.database.write() as session:
        session.execute(sql("UPDATE stations SET status = 'suspended' WHERE sector = '民族界'"))
    return made


def poster(town: Town, *arguments: str, exit_code: int = 0) -> Result:
    result = town.app.app.test_cli_runner().invoke(args=["poster", *arguments])
    assert result.exit_code == exit_code, result.output
    return result


def test_posters(shop: Town, tmp_path: Path) -> None:
    """All active stations in one file: a page each, the font embedded and cut to what is printed.
    Some, by code or name, in a folder: a file each that one finds, also of a suspended station. No
    code is made twice."""
    out = tmp_path / "all.pdf"
    told = json.loads(poster(shop, "--out", str(out)).stdout)
    assert told["stations"] == ["T001", "T002", "T003", "T005"]
    content = out.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(PAGE.findall(content)) == 4
    assert b"NotoSansSC" in content
    assert len(content) < 150_000
    folder = tmp_path / "posters"
    poster(shop, "T001", "民族界委员工作室", "--out", str(folder))
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["T001 昭乌达路街道委员工作站.pdf", "T004 民族界委员工作室.pdf"]
    assert [len(PAGE.findall(file.read_bytes())) for file in folder.iterdir()] == [1, 1]
    made = [scene for scene, _ in shop.platform.asked]
    assert made == ["st_T001", "st_T002", "st_T003", "st_T005", "st_T004"]


def test_what_is_refused(shop: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown station, a wrong kind of file, a folder that can't be, a platform that says no."""
    assert "X99" in poster(shop, "X99", "--out", "a.pdf", exit_code=1).stderr
    poster(shop, "--out", "a.png", exit_code=2)
    (tmp_path / "file").write_text("in the way")
    assert (
        "写不了" in poster(shop, "T001", "--out", str(tmp_path / "file" / "x"), exit_code=1).stderr
    )
    refusal = SendError(Action.STOP, 48001, "账号没有这个接口的权限 (48001)")
    monkeypatch.setattr(shop.platform, "qr_code", lambda *_: (_ for _ in ()).throw(refusal))
    assert "48001" in poster(shop, "T002", "--out", str(tmp_path / "a.pdf"), exit_code=1).stderr
