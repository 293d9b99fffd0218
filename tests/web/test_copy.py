"""flask cases copy: what is kept of a person, for that person, and of nobody else."""

from pathlib import Path

from click.testing import Result
from lxml import html

from bot.services import leaving
from simulator.media import picture
from tests.conversation_rig import LAMP, Phone, Town
from tests.web.h5_rig import pages_of
from tests.web.test_h5_photos import attach


def run(town: Town, *arguments: object) -> Result:
    """`flask cases copy …`."""
    runner = town.app.app.test_cli_runner()
    return runner.invoke(args=["cases", "copy", *map(str, arguments)])


def asks(town: Town, phone: Phone) -> str:
    """The number of the case in which this phone asks for its data."""
    pages = pages_of(phone)
    pages.open("/h5/data")
    pages.send("/copy")
    return next(c.number for c in reversed(town.cases()) if c.source == "data_copy")


def lived(town: Town) -> Phone:
    """A resident with a photo, a lamp that others also spoke of, and an answer; and neighbours."""
    town.platform.files = {"photo1": picture(1)}
    phone, first, other = town.phone(), town.member("first"), town.phone("other")
    phone.say(f"{LAMP}，我电话 13812345678")
    phone.send("image")
    number = phone.number
    other.say("大学西路街道的井盖丢了，我叫李国强")
    town.wait(minutes=2)
    pages = pages_of(first)
    pages.open("/h5/slip")
    words = {"words": "路灯黑了，邻居摔了", "place": "昭乌达路街道"}
    attach(pages, "", [picture(2)], **words, choice=number)
    pages.open(f"/h5/work/{number}")
    pages.send("/accept")
    attach(pages, "/answer", [picture(3)], ending="resolved", answer="灯亮了")
    return phone


def test_the_copy_holds_what_is_theirs_and_nothing_of_others(town: Town, tmp_path: Path) -> None:
    """Words as they were said, photos, answers and what happened; no word and no photo of anybody
    else; readable by its owner alone; that it was made stands in the case."""
    phone = lived(town)
    number, out = asks(town, phone), tmp_path / "copy"
    done = run(town, f"需{number}", "--out", out)
    assert (done.exit_code, out.stat().st_mode & 0o777) == (0, 0o700)
    files = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
    assert files == ["我的数据.html", files[1]]
    assert files[1].endswith("-1.jpg")
    page = (out / "我的数据.html").read_text(encoding="utf-8")
    words = " ".join(str(html.fromstring(page).xpath("string()")).split())
    for own in ("路灯坏了三天了", "13812345678", "灯亮了", "已解决", phone.openid, "您的事，2 件"):
        assert own in words
    for foreign in ("邻居摔了", "井盖", "李国强", "马板凳", "今天"):
        assert foreign not in words
    assert html.fromstring(page).xpath("//a/@href") == [files[1]]
    (event,) = (e for e in town.cases()[-1].events if e["kind"] == "copied")
    assert (event["actor"], event["data"]) == ("shell", {"cases": 2, "messages": 1, "files": 1})


def test_what_a_member_typed_at_work_is_not_theirs(town: Town, tmp_path: Path) -> None:
    """Answers and slips are about others; their own matter and their own entry of the roster are
    in the copy."""
    phone, first = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(minutes=2)
    first.say(f"答{first.code} 已经请养护队去修")
    first.say("开单 昭乌达路街道下水堵了，王桂花家")
    first.say("大学西路街道的井盖丢了")
    run(town, asks(town, first), "--out", tmp_path / "copy")
    page = (tmp_path / "copy" / "我的数据.html").read_text(encoding="utf-8")
    assert "马板凳" in page
    assert "井盖丢了" in page
    for foreign in ("养护队", "王桂花", "路灯"):
        assert foreign not in page


def test_what_only_looks_like_a_members_word_is_theirs(town: Town, tmp_path: Path) -> None:
    """A resident's words are all in the copy; so are a former member's of the days after."""
    phone, former = town.phone(), town.member("head")
    phone.say("答37 我说过了")
    phone.say("开单")
    former.say("答37 这是站里的话")
    leaving.leave(town.deps, "T001:station_head")
    town.wait(days=2)
    former.say("答38 这是我自己的话")
    for each in (phone, former):
        run(town, asks(town, each), "--out", tmp_path / each.openid)
    pages = [(tmp_path / p.openid / "我的数据.html").read_text("utf-8") for p in (phone, former)]
    assert ("答37 我说过了" in pages[0], "开单" in pages[0]) == (True, True)
    assert ("站里的话" in pages[1], "我自己的话" in pages[1]) == (False, True)


def test_other_cases_and_what_lies_in_the_way_are_refused(town: Town, tmp_path: Path) -> None:
    """A sentence, exit 1, and nothing is written."""
    phone = lived(town)
    out = tmp_path / "copy"
    for number, sentence in (
        (town.cases()[0].number, "不是要数据的请求"),
        ("261123-0099", "没有编号"),
    ):
        refused = run(town, number, "--out", out)
        assert (refused.exit_code, sentence in refused.stderr) == (1, True)
    number = asks(town, phone)
    out.mkdir()
    (out / "mine.txt").write_text("x")
    refused = run(town, number, "--out", out)
    assert (refused.exit_code, "没有覆盖它" in refused.stderr) == (1, True)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".copy")] == []
    refused = run(town, number, "--out", out / "mine.txt" / "deeper")
    assert (refused.exit_code, "已经有这个文件" in refused.stderr) == (1, True)
    pages = pages_of(phone)
    pages.open(f"/h5/c/{number}/withdraw")
    pages.send("")
    refused = run(town, number, "--out", tmp_path / "new")
    assert (refused.exit_code, "已撤回" in refused.stderr) == (1, True)
