"""The office's own ladders: shown, edited, checked, loaded; and what a case has ahead."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from bot.domain.inbound import Choice
from bot.domain.messages import Sent
from bot.services.sweep import sweep
from tests.conversation_rig import FIRE, LAMP, Town
from tests.integration.leader import leader_of
from tests.integration.test_sweep import at, change, dispatched, go_to, rungs, shown
from tests.web.conftest import MakeTown


def flask(town: Town, *arguments: str, code: int = 0) -> Result:
    """Run a command of ours."""
    result = town.app.app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_a_ladder_is_shown_edited_and_loaded(town: Town, tmp_path: Path) -> None:
    """What `show` writes is loaded back; a clock that runs keeps its plan, a new one takes the new;
    `--default` gives back the product's own."""
    dispatched(town, "before")
    file = tmp_path / "阶梯.toml"
    file.write_text(flask(town, "ladders", "show", "accept_short").stdout)
    assert json.loads(flask(town, "ladders", "load", str(file)).stdout) == {"changed": []}
    default = file.read_text()
    edited = default.replace('"80%"', '"50%"').replace('"+1d"', '"+3d"').replace('"+2d"', '"+3d"')
    file.write_text(edited)
    assert json.loads(flask(town, "ladders", "check", str(file)).stdout)["ladders"]
    loaded = flask(town, "ladders", "load", str(file))
    assert json.loads(loaded.stdout) == {"changed": ["accept_short"]}
    assert 'after = "+3d"' in flask(town, "ladders", "show").stdout
    dispatched(town, "after")
    go_to(town, "2026-11-23 16:00")
    town.tick()
    assert shown(rungs(town)) == "accept_reminder:holder"
    assert town.cases()[1].events[-1]["kind"] == "rung"
    file.write_text(flask(town, "ladders", "show", "--default").stdout)
    assert flask(town, "ladders", "load", str(file)).stdout == loaded.stdout
    assert town.rows("SELECT name FROM office_ladders") == []


def test_a_ladder_begins_on_its_day(town: Town, tmp_path: Path) -> None:
    """Until then clocks start with the old one; a second change of the same day takes its place; a
    past day is refused."""
    file = tmp_path / "阶梯.toml"
    default = flask(town, "ladders", "show", "accept_short").stdout
    file.write_text(default.replace('"80%"', '"50%"'))
    changed = {"changed": ["accept_short"]}
    for after in ("60%", "50%"):
        file.write_text(default.replace('"80%"', f'"{after}"'))
        loaded = flask(town, "ladders", "load", str(file), "--from", "2026-11-25")
        assert json.loads(loaded.stdout) == changed
    assert flask(town, "ladders", "show", "accept_short").stdout == default
    go_to(town, "2026-11-24 23:59")
    assert flask(town, "ladders", "show", "accept_short").stdout == default
    go_to(town, "2026-11-25 00:00")
    assert flask(town, "ladders", "show", "accept_short").stdout == file.read_text()
    dispatched(town)
    lines = flask(town, "ladders", "preview", town.case().number).stderr
    assert "周三 12:00 提醒接单" in lines
    assert (
        "已经过去"
        in flask(town, "ladders", "load", str(file), "--from", "2026-11-24", code=1).stderr
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"answer = [", "读不了这个文件：写到最后还缺一半"),
        (b"answer = [\n  { after = 1d },\n]", "读不了这个文件：第 2 行第 "),
        (b"\xff\xfe", "读不了这个文件：不是 UTF-8"),
        (b'answer = [{after = "-1d", audience = "holder", notice = "answer_due_soon"}]',
         "answer 第 1 级：时间“-1d”是负的"),
        (b'answer = [{after = "1d", audience = "holder", notice = "tea"}]',
         "answer 第 1 级：没有“tea”这种通知"),
        (b'tea = [{after = "1d"}]', "tea：没有叫这个名字的阶梯"),
        (b"", "文件里没有阶梯"),
    ],
)  # fmt: skip
def test_a_bad_file_changes_nothing(town: Town, tmp_path: Path, content: bytes, words: str) -> None:
    """Each fault is one sentence; nothing of the file is kept."""
    file = tmp_path / "bad.toml"
    file.write_bytes(content)
    for command in ("check", "load"):
        told = flask(town, "ladders", command, str(file), code=1).stderr
        assert told.count(words) == 1, told
        assert "共 1 处" in told or "读不了" in told
    assert town.rows("SELECT name FROM office_ladders") == []
    assert "没有叫这个名字" in flask(town, "ladders", "show", "tea", code=1).stderr


def test_a_preview_says_what_is_ahead(town: Town, tmp_path: Path) -> None:
    """Day and time in words, quiet hours counted, by name; also as an edited file would have it."""
    dispatched(town)
    number = town.case().number
    lines = flask(town, "ladders", "preview", number).stderr.splitlines()
    assert lines[0] == "11月23日 周一 17:18 提醒接单：手上有这件事的人 马板凳"
    assert "11月24日 周二 10:00 过时没人接，请过问：第二召集人 牛茶壶" in lines
    assert any(line.endswith("领导（现在没有人）") for line in lines)
    seen = json.loads(flask(town, "cases", "show", number).stdout)
    assert seen["ahead"] == lines
    file = tmp_path / "late.toml"
    file.write_text(
        'accept_short = [{after = "100%", audience = "leader", notice = "accept_overdue"}]'
    )
    asked = flask(town, "ladders", "preview", number, "--file", str(file))
    found = map(json.loads, asked.stdout.splitlines())
    assert [each["audience"] for each in found if each["clock"] == "accept"] == ["leader"]
    assert "没有编号" in flask(town, "ladders", "preview", "261123-9999", code=1).stderr
    town.phone("night").say(FIRE)
    words = flask(town, "ladders", "preview", town.cases()[-1].number).stderr
    assert "周一 10:05 紧急的事还没有人应：值班员 云值守、夏值守" in words


def test_what_a_dead_worker_had_claimed_is_not_sent_any_more(town: Town) -> None:
    """A worker took the reminder up and died; the case was accepted meanwhile: when the lease ends
    the reminder is skipped, not sent."""
    first = town.member("first")
    dispatched(town)
    code = first.code
    go_to(town, "2026-11-23 17:19")
    sweep(town.deps)
    change(
        town,
        "UPDATE outbox SET state = 'sending', attempts = 1, leased_until = '2026-11-23 09:20:00'"
        " WHERE kind = 'accept_reminder'",
    )
    assert "接下了" in first.say(f"接{code}")
    town.wait(minutes=5)
    assert town.rows("SELECT state FROM outbox WHERE kind = 'accept_reminder'") == [("skipped",)]
    assert not any("还没有人接" in words for words in first.notices())


def test_what_is_claimed_is_looked_at_once_more(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three pushes for one person go out together; while the second is on its way the third case
    is accepted by somebody else: that push stays here."""
    first, second = town.member("first"), town.member("second")
    carry = town.channel.send_text
    sent: list[str] = []

    def send_text(openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        sent.append(text)
        if len(sent) == 2:
            second.say("待办")
            code = second.last.splitlines()[3].split()[0].partition("　")[0]
            assert "接下了" in second.say(f"接{code}")
        return carry(openid, text, choices)

    monkeypatch.setattr(town.channel, "send_text", send_text)
    for name in ("one", "two", "three"):
        town.phone(name).say(LAMP)
    town.clock.advance(timedelta(seconds=5))
    town.tick()
    assert len(first.notices()) == 2
    town.tick()
    assert len([words for words in first.notices() if "接单" in words]) == 2
    states = town.rows("SELECT state FROM outbox WHERE kind = 'push' ORDER BY id")
    assert states == [("sent",), ("sent",), ("skipped",)]


def load(town: Town, folder: Path, content: str) -> None:
    """Load these ladders."""
    (folder / "ladders.toml").write_text(content)
    flask(town, "ladders", "load", str(folder / "ladders.toml"))


def test_one_reminder_a_day_and_the_last_chance_always(
    make_town: MakeTown, sqlite_url: str, tmp_path: Path
) -> None:
    """Of two reminders on one day the one nearer to the end comes; what follows the end on that
    same day waits for the next working morning."""
    town = make_town(sqlite_url)
    first = town.member("first")
    row = '{{after = "{}", audience = "holder", notice = "accept_reminder"}}'
    rows = ", ".join(row.format(after) for after in ("10%", "30%", "80%"))
    late = '{after = "100%", audience = "holder", notice = "accept_overdue"}'
    above = '{after = "+2d", audience = "leader", notice = "accept_overdue"}'
    load(town, tmp_path, f"accept_short = [{rows}, {late}, {above}]")
    town.phone().say("昭乌达路街道停水三天了")
    town.wait(seconds=5)
    assert town.case().urgency == "urgent"
    pushed = len(first.notices())
    town.wait(hours=8)
    assert [rung["superseded"] for rung in rungs(town)] == [True, True, False, False]
    assert len(first.notices()) == pushed + 1
    assert "到期，还没有人接" in first.notices()[-1]
    town.clock.set(at("2026-11-24 07:59"))
    town.tick()
    assert len(first.notices()) == pushed + 1
    town.clock.set(at("2026-11-24 08:00"))
    town.tick()
    assert "到期还没有人接" in first.notices()[-1]


def test_days_of_being_off_make_one_message(make_town: MakeTown, sqlite_url: str) -> None:
    """Fourteen cases, and nothing ran for four days, in which ten more came: each person reads one
    message, the most urgent first, the rest counted; on a rest day nobody is reminded at all."""
    town = make_town(sqlite_url)
    people = {name: town.member(name) for name in ("first", "second", "head", "staff")}
    for n in range(14):
        town.phone(f"r{n}").say(LAMP)
    town.wait(seconds=5)
    before = {name: len(phone.received()) for name, phone in people.items()}
    town.clock.set(at("2026-11-28 11:00"))  # a Saturday
    for phone in people.values():
        phone.say("待办")  # the way to them is open
    town.tick()
    assert {name: len(phone.received()) for name, phone in people.items()} == before
    for n in range(9):  # they come while nothing runs
        town.phone(f"new{n}").say(LAMP)
    town.phone("dry").say("昭乌达路街道停水三天了")
    town.clock.set(at("2026-11-30 08:00"))
    while town.tick():
        pass
    for name, phone in people.items():
        (only,) = phone.notices()[before[name] :]
        count = {"first": "24", "second": "14"}.get(name, "")
        assert only.startswith(f"您有 {count}"), only
        assert "件，回复 待办 看全部" in only
    assert "到期还没有人接" in people["second"].notices()[-1]
    pushed = people["first"].notices()[-1]
    assert pushed.split("\n\n")[1].startswith("急｜接单"), pushed


def test_a_rung_shares_the_case_and_puts_it_under_supervision(town: Town, tmp_path: Path) -> None:
    """What an office's ladder changes: the head has it in hand, too, and is reminded with the
    holder; the leader supervises it."""
    first, head = town.member("first"), town.member("head")
    leader_of(town)
    overdue = 'notice = "answer_overdue"'
    load(
        town, tmp_path,
        "answer = ["
        ' {after = "20%", audience = "station_head", notice = "answer_due_soon",'
        ' effect = "co_owner"},'
        ' {after = "due-1d", audience = "holder", notice = "answer_due_soon"},'
        f' {{after = "+1d", audience = "leader", {overdue}, effect = "supervise"}} ]',
    )  # fmt: skip
    dispatched(town)
    first.say(f"接{first.code}")
    town.wait(days=2)
    assert "您手上有 1 件" in head.say("待办")
    told = len(head.received())
    go_to(town, "2026-11-27 10:01")
    town.tick()
    assert len(head.received()) == told + 1
    go_to(town, "2026-12-01 10:01")
    town.tick()
    assert "督办，办理中" in head.say("待办")
    kinds = [event["kind"] for event in town.case().events]
    assert (kinds.count("co_owner"), kinds.count("supervised")) == (1, 1)
    first.say(f"答{first.code} 修好了")
    assert town.case().state == "answered"
