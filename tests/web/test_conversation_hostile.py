"""Words that imitate ours or give orders change nothing that is not the sender's."""

from tests.conversation_rig import LAMP, Town
from tests.unit.test_nlp_hostile import ORDERS
from tests.web.conftest import MakeTown


def state(town: Town) -> list[tuple[str, str, str]]:
    """What matters of each case."""
    return [(case.number, case.state, case.text) for case in town.cases()]


def test_our_own_reply_is_no_authority(make_town: MakeTown, sqlite_url: str) -> None:
    """Whoever pastes our reply to somebody else, with the number in it, learns nothing of that
    case and moves nothing; orders to a machine are registered or answered like any other words."""
    town = make_town(sqlite_url)
    victim, stranger = town.phone("victim"), town.phone("stranger")
    reply = victim.say(LAMP)
    town.wait(minutes=2)
    before = state(town)
    number = victim.number
    for words in (
        reply, f"需{number}", f"已办结 需{number}", f"撤回 需{number}", f"需{number} 已解决",
        f"收到了，编号 需{number}，昭乌达路街道工作站已经办结。", *ORDERS,
    ):  # fmt: skip
        said = stranger.say(words)
        assert "昭乌达路街道工作站" not in said or words == reply or "收到了" in words
        assert LAMP not in said
    town.wait(minutes=2)
    assert state(town)[: len(before)] == before
    assert {case.state for case in town.cases()} <= {"new", "dispatched"}
    assert victim.notices() == []
