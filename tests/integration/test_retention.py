"""What has been kept long enough goes, what is still needed stays, and a dry run says the same."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.services import media_files
from bot.services.media import fetch
from simulator.media import picture
from tests.conversation_rig import LAMP_NOWHERE, Town

WORDS = "昭乌达路街道的路灯坏了三天了，我的电话 13800138000"


def run(town: Town, *options: str) -> dict[str, int]:
    """The command; how many of each kind, those of which there were none left out."""
    done = town.app.app.test_cli_runner().invoke(args=["retention", *options])
    assert done.exit_code == 0, done.stderr
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 13
    return {line["kind"]: line["found"] for line in lines if line["found"]}


def finished_case(town: Town) -> str:
    """A case with a photo that was pushed, accepted, answered and closed; its number."""
    town.platform.files = {"photo1": picture(1)}
    first, phone = town.member("first"), town.phone()
    phone.say(WORDS)
    number = phone.number
    phone.send("image")
    town.wait(minutes=5)
    first.say(f"接{first.code}")
    first.say(f"答{first.code} 已解决 灯修好了")
    town.wait(days=9)
    assert town.case().state == "closed"
    return number


def loose_file(town: Town) -> None:
    """A file that no attachment knows, written before anything else."""
    root = town.deps.settings.var_path
    path = media_files.place(root, media_files.keep(root, b"nobody's"))
    long_ago = (town.clock.now() - timedelta(days=100)).timestamp()
    os.utime(path, (long_ago, long_ago))


def test_it_goes_by_its_own_time(town: Town) -> None:
    """After half a year codes; after one the copies of words in messages, notices and hops; after
    three the words themselves and the photo. A dry run counts the same and changes nothing, a
    second run finds nothing, and history, number and figures are what they were."""
    finished_case(town)
    loose_file(town)
    before = town.case()
    assert run(town) == {"loose_files": 1}
    town.phone("other").say(LAMP_NOWHERE)  # open all the time: nothing of it may go
    other = town.cases()[1].number
    for days, kinds in ((185, {"item_codes"}), (190, {"messages", "notices", "attempts"})):
        town.clock.advance(timedelta(days=days))
        dry, dump = run(town, "--dry-run"), town.dump()
        assert kinds <= dry.keys() <= kinds | {"questions"}
        assert town.dump() == dump
        assert run(town) == dry
        assert run(town) == {}
    assert "13800138000" in town.rows("SELECT text FROM cases ORDER BY id")[0][0]
    assert town.rows("SELECT count(*) FROM messages WHERE text <> ''") == [(1,)]  # the open one's

    town.clock.advance(timedelta(days=730))
    dry = run(town, "--dry-run")
    assert (dry["case_words"], dry["attachments"]) == (1, 1)
    assert run(town) == dry
    assert fetch(town.deps)
    media = town.deps.settings.var_path / "media"
    assert [path for path in media.rglob("*") if path.is_file()] == []
    assert "13800138000" not in town.dump()
    after = next(case for case in town.cases() if case.number == before.number)
    assert (after.events, after.state, after.text) == (before.events, "closed", before.text)
    assert [case.number for case in town.cases()] == [before.number, other]


def test_once_a_night(make_town: Callable[[str], Town], sqlite_url: str) -> None:
    """The scheduler does it once a night, also after a year of being off, and says what went."""
    town = make_town(sqlite_url)
    finished_case(town)
    town.tick()
    town.clock.advance(timedelta(days=400))
    went = {line.kind for job, line in town.tick() if job == "retention"}
    assert {"messages", "notices", "attempts", "item_codes"} <= went
    assert [job for job, _ in town.tick() if job == "retention"] == []
