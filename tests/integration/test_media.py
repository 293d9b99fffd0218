"""Photos and voice are fetched while the platform has them, kept, shown to who may see, erased."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.messages import Action, SendError
from bot.domain.permissions import Actor, ActorPost
from bot.domain.roles import Role
from bot.services import attachments, staff
from bot.services.errors import NotFound
from bot.services.media import fetch
from simulator.media import picture, video, voice
from tests.conversation_rig import LAMP, Town

NOBODY = Actor(None)


def media_files(town: Town) -> list[Path]:
    root = town.deps.settings.var_path / "media"
    return sorted(path for path in root.rglob("*") if path.is_file())


def states(town: Town) -> list[tuple[str, str]]:
    return [(f["kind"], f["state"]) for case in town.cases() for f in case.files]


def image(media_id: str) -> str:
    return f"<PicUrl>http://x.test/0</PicUrl><MediaId>{media_id}</MediaId>"


def post(town: Town, person: str) -> Actor:
    """The actor that this person is today."""
    found = town.rows(
        "SELECT p.id, s.id, s.unit_id, s.role FROM people p JOIN posts s ON s.person_id = p.id"
        f" WHERE p.code = '{person}'"
    )
    return Actor(found[0][0], tuple(ActorPost(row[1], Role(row[3]), row[2]) for row in found))


def test_fetched_kept_and_shown(town: Town) -> None:
    """A photo, a voice and a video are kept by hash, readable by their owner alone; staff see the
    state; the station's people and the sender may open them, others learn nothing."""
    town.platform.files = {"photo1": picture(1), "voice1": voice(1), "video1": video(1)}
    phone = town.phone()
    phone.say(LAMP)
    for kind in ("image", "voice", "video", "location"):
        phone.send(kind)
    assert states(town)[0] == ("image", "waiting")
    town.tick()
    assert states(town) == [
        ("image", "kept"), ("voice", "kept"), ("video", "kept"), ("location", "none"),
    ]  # fmt: skip
    kept = media_files(town)
    assert sum(path.suffix == ".mp3" for path in kept) == 1
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert fetch(town.deps) == []

    files = staff.show(town.deps, town.case().number).files
    assert [f["mime"] for f in files] == ["image/jpeg", "audio/amr", "video/mp4", ""]
    staff.dispatch(town.deps, town.case().number, "T001")
    ids = [int(f["id"]) for f in files]
    shown = attachments.opened(town.deps, post(town, "first"), ids[0])
    assert (shown.mime, shown.path.read_bytes()[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    ((contact,),) = town.rows("SELECT contact_id FROM cases")
    heard = attachments.opened(town.deps, NOBODY, ids[1], contact_id=contact)
    assert (heard.mime, heard.path.suffix) == ("audio/mpeg", ".mp3")
    for actor, which, sender in (
        (post(town, "neighbour"), ids[0], None),
        (NOBODY, ids[0], contact + 1),
        (post(town, "first"), ids[3], None),  # a place has no file
        (post(town, "first"), 9999, None),
    ):
        with pytest.raises(NotFound):
            attachments.opened(town.deps, actor, which, contact_id=sender)


@pytest.mark.parametrize(
    ("trouble", "state", "why"),
    [
        (SendError(Action.DEAD, 40007, "素材失效 (40007)"), "lost", "40007"),
        (b"MZ not a photo", "refused", "unknown type"),
        (voice(1), "refused", "audio/amr"),
        (picture(1)[:60], "refused", "unreadable"),
        (b"\xff\xd8\xff" + b"x" * 11_000_000, "refused", "larger"),
    ],
    ids=["forgotten", "wrong type", "of another kind", "broken", "too large"],
)
def test_what_can_never_be_had(
    town: Town, trouble: bytes | Exception, state: str, why: str
) -> None:
    """It is marked, not tried again, an event of the case, and staff hear of it."""
    town.platform.files = {"photo1": trouble}
    phone = town.phone()
    phone.say(LAMP)
    phone.send("image")
    town.tick()
    assert states(town) == [("image", state)]
    (event,) = (e for e in town.case().events if e["kind"] == "media_lost")
    assert (event["data"]["what"], event["data"]["state"]) == ("image", state)
    assert why in event["data"]["why"]
    (alarm,) = (a for a in staff.alarm_lines(town.deps) if a["kind"] == "media:lost")
    assert town.case().number in str(alarm["detail"])
    assert media_files(town) == []
    town.wait(hours=2)
    assert len([e for e in town.case().events if e["kind"] == "media_lost"]) == 1


def test_a_platform_that_is_out_of_order(town: Town) -> None:
    """Time-outs and pages instead of files: again with growing waits, until it works; a platform
    that gives nothing at all raises one alarm, which ends with the first file."""
    busy = SendError(Action.RETRY, None, "平台繁忙 (ReadTimeout)", unknown_outcome=True)
    stop = SendError(Action.STOP, 40001, "AppSecret 不对", alarm=True)
    phone = town.phone()
    phone.say(LAMP)
    phone.send("image")
    for trouble in (busy, OSError("disk full"), stop):
        town.platform.files = {"photo1": trouble}
        town.tick()
        assert states(town) == [("image", "waiting")]
        assert fetch(town.deps) == []
        town.clock.advance(timedelta(minutes=3))
    assert "media:stopped" in [a["kind"] for a in staff.alarm_lines(town.deps)]
    town.platform.files = {"photo1": picture(1)}
    town.tick()
    assert states(town) == [("image", "kept")]
    assert "media:stopped" not in [a["kind"] for a in staff.alarm_lines(town.deps)]


def test_three_days_are_over(town: Town) -> None:
    """What could not be had in all that time is lost."""
    busy = SendError(Action.RETRY, None, "平台繁忙")
    town.platform.files = {"photo1": busy}
    town.phone().say(LAMP)
    town.phone().send("image")
    town.tick()
    town.clock.advance(timedelta(days=3))
    town.tick()
    assert states(town) == [("image", "lost")]


def test_a_worker_that_died(town: Town) -> None:
    """Its file is taken again when its lease is over, and not before."""
    town.platform.files = {"photo1": KeyboardInterrupt()}
    town.phone().say(LAMP)
    town.phone().send("image")
    with pytest.raises(KeyboardInterrupt):
        fetch(town.deps)
    town.platform.files = {"photo1": picture(1)}
    assert fetch(town.deps) == []
    town.clock.advance(timedelta(minutes=2))
    assert [each.state for each in fetch(town.deps)] == ["kept"]


def test_erased_with_the_words(town: Town) -> None:
    """不同意: the files go from the disk too, but for one that somebody else sent as well, and one
    that is on its way when the words go is not kept."""
    same, own = picture(1), picture(2)
    town.platform.files = {"same": same, "own": own, "also": same, "voice1": voice(1)}
    phone, other = town.phone(), town.phone("other")
    phone.say(LAMP)
    for media_id in ("same", "own"):
        phone.send("image", image(media_id))
    phone.send("voice")
    other.say(LAMP)
    other.send("image", image("also"))
    town.tick()
    assert len(media_files(town)) == 4
    phone.say("不同意")
    assert states(town) == [("image", "kept")]
    town.tick()
    assert len(media_files(town)) == 1
    assert town.rows("SELECT count(*) FROM attachments") == [(1,)]

    class Refusing(dict[str, bytes]):
        """The resident says no while the download runs."""

        def get(self, key: str, default: object = None) -> bytes:
            other.say("不同意")
            return own

    other.send("image", image("late"))
    town.platform.files = Refusing()  # type: ignore[assignment]
    assert [each.state for each in fetch(town.deps)] == ["erased"]
    town.tick()
    assert media_files(town) == []
    assert town.rows("SELECT count(*) FROM attachments") == [(0,)]
