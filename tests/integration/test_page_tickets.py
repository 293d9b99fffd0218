"""Tickets for pages: kept for a while, renewed when they are old, and no wait in vain."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.channels.page_tickets import WeChatTickets, wechat_tickets
from bot.domain.messages import Action, SendError
from bot.settings import Settings
from tests.fake_platform import Answer, Call, FakePlatform, running_platform
from tests.fakes import FakeClock


@pytest.fixture
def fake() -> Iterator[FakePlatform]:
    with running_platform() as platform:
        platform.on_send = lambda call: Answer(
            {"errcode": 0, "errmsg": "ok", "ticket": f"J{len(platform.sends)}", "expires_in": 7200}
        )
        yield platform


@pytest.fixture
def tickets(fake: FakePlatform, clock: FakeClock) -> Iterator[WeChatTickets]:
    known = Settings(mode="demo", wechat_api_base=fake.base, _env_file=None)
    made = wechat_tickets(known, clock.now)
    yield made
    made.close()


def test_one_ticket_serves_for_a_while(
    fake: FakePlatform, tickets: WeChatTickets, clock: FakeClock
) -> None:
    """It is asked for by the platform's name, kept twenty minutes, and anew when time jumps."""
    assert [tickets.ticket(), tickets.ticket()] == ["J1", "J1"]
    assert {(c.path, c.token) for c in fake.sends} == {("/cgi-bin/ticket/getticket", "T1")}
    clock.advance(timedelta(minutes=20))
    assert tickets.ticket() == "J2"
    clock.set(clock.now() - timedelta(hours=1))
    assert tickets.ticket() == "J3"


def test_a_token_that_died_is_renewed_once(fake: FakePlatform, tickets: WeChatTickets) -> None:
    """As with every call: two questions, no more."""

    def one_token(call: Call) -> Answer:
        gone = Answer({"errcode": 42001, "errmsg": "expired"})
        return gone if call.token == "T1" else Answer({"ticket": "J"})

    fake.on_send = one_token
    assert (tickets.ticket(), len(fake.sends)) == ("J", 2)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Answer({"errcode": 48001, "errmsg": "api unauthorized"}), (Action.STOP, 48001)),
        (Answer({"errcode": -1, "errmsg": "system error"}), (Action.RETRY, -1)),
        (Answer({"errcode": 0, "ticket": ""}), (Action.RETRY, None)),
        (Answer({"errcode": 0, "ticket": 5}), (Action.RETRY, None)),
        (Answer(b"<html>502</html>"), (Action.RETRY, None)),
        (Answer(status=500), (Action.RETRY, None)),
        (Answer(hang_up=True), (Action.RETRY, None)),
    ],
)
def test_a_ticket_that_does_not_come(
    fake: FakePlatform, tickets: WeChatTickets, clock: FakeClock, answer: Answer, verdict: object
) -> None:
    """Each way of failing says what to do and no secret; for half a minute nobody asks again."""
    good, fake.on_send = fake.on_send, lambda call: answer
    for _ in range(2):
        with pytest.raises(SendError) as failed:
            tickets.ticket()
        assert (failed.value.action, failed.value.code) == verdict
        assert "T1" not in failed.value.reason
    assert len(fake.sends) == 1
    fake.on_send = good
    clock.advance(timedelta(seconds=30))
    assert tickets.ticket() == "J2"
