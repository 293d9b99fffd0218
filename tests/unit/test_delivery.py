"""Which hops a notice takes, and what the platform lets us send to a person."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.allowances import MESSAGE, TAP, Allowance, Grant, grant_of, may_spend, widened
from bot.domain.delivery import Reach, route
from bot.domain.inbound import Inbound
from bot.domain.notices import NOTICES, SHAPES

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FOLLOWER = Reach(chat=True, follows=True, left=5, notice="template", phone=True)

ROUTES: tuple[tuple[str, Reach, str, tuple[str, ...]], ...] = (
    # who, what of → hops in order
    ("everything is open", FOLLOWER, "action", ("custom", "template", "sms")),
    ("nothing left of the allowance", Reach(True, True, 0, "template", phone=True), "action",
     ("template", "sms")),
    ("the last one is the answer's", Reach(True, True, 1, "template"), "progress", ("template",)),
    ("two left: progress may go", Reach(True, True, 2), "progress", ("custom",)),
    ("the answer takes the last one", Reach(True, True, 1), "answer", ("custom",)),
    ("so does what asks for action", Reach(True, True, 1), "action", ("custom",)),
    ("left us: no template", Reach(True, False, 0, "template", phone=True), "action", ("sms",)),
    ("left us: a subscription lasts", Reach(True, False, 0, "subscribe"), "answer",
     ("subscribe",)),
    ("consent used up", Reach(True, True, 0, "subscribe", consents=False, phone=True), "answer",
     ("sms",)),
    ("no phone bound", Reach(phone=True), "action", ("sms",)),
    ("nobody knows how", Reach(), "answer", ()),
)  # fmt: skip


@pytest.mark.parametrize(
    ("reach", "budget", "hops"), [row[1:] for row in ROUTES], ids=[row[0] for row in ROUTES]
)
def test_route(reach: Reach, budget: str, hops: tuple[str, ...]) -> None:
    """The cheapest open way first, the call last; each class of notice spends as it may."""
    assert route(reach, budget) == hops  # type: ignore[arg-type]


def test_a_hop_that_lost_the_notice_is_not_tried_again() -> None:
    """After a delivery event of failure the route goes on, not round."""
    assert route(FOLLOWER, "action", {"template"}) == ("custom", "sms")


def message(kind: str, **more: object) -> Inbound:
    return Inbound("k", "o", "gh", kind, NOW, **more)  # type: ignore[arg-type]


GRANTS = (
    (message("text"), MESSAGE),
    (message("voice"), MESSAGE),
    (message("unknown", data={"sticker": "1"}), MESSAGE),
    (message("text", menu_id="101"), TAP),  # a tapped choice comes as a text
    (message("click"), TAP),
    (message("scan"), TAP),
    (message("subscribe"), TAP),
    (message("menu_action", data={"Event": "scancode_waitmsg"}), TAP),
    (message("menu_action", data={"Event": "pic_sysphoto"}), None),
    (message("menu_action", data={"Event": "location_select"}), None),
    (message("view"), None),
    (message("unsubscribe"), None),
    (message("send_result"), None),
)


@pytest.mark.parametrize(("inbound", "grant"), GRANTS)
def test_what_a_person_does_allows_so_much(inbound: Inbound, grant: Grant | None) -> None:
    """Five in 48 hours for words, three in a minute for a tap, a scan or following."""
    assert grant_of(inbound) == grant


def at(**later: float) -> datetime:
    return NOW + timedelta(**later)


WIDENED = (
    # what was open, what the person did → left, until
    (Allowance(), MESSAGE, 5, at(hours=48)),
    (Allowance(), TAP, 3, at(minutes=1)),
    (Allowance(2, at(hours=1)), MESSAGE, 5, at(hours=48)),  # not 7: they don't add up
    (Allowance(4, at(hours=1)), TAP, 4, at(hours=1)),  # the larger count, the later end
    (Allowance(1, at(hours=1)), TAP, 3, at(hours=1)),
    (Allowance(5, at(hours=-1)), TAP, 3, at(minutes=1)),  # over is over
)


@pytest.mark.parametrize(("open_", "grant", "left", "until"), WIDENED)
def test_allowances_do_not_add_up(
    open_: Allowance, grant: Grant, left: int, until: datetime
) -> None:
    """The larger count and the later end win."""
    assert widened(open_, grant, NOW) == Allowance(left, until)


def test_an_allowance_ends() -> None:
    """At its end nothing is open."""
    assert Allowance(5, at(hours=48)).open(NOW) == 5
    assert Allowance(5, NOW).open(NOW) == 0
    assert not may_spend(0, "answer")


def test_every_notice_has_a_shape_with_a_setting() -> None:
    """Each kind of notice has one of the shapes; reminders of members never stand on the reply
    window alone: their shape has a template of its own."""
    assert {notice.shape for notice in NOTICES.values()} == set(SHAPES)
