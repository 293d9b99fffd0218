"""A station where nobody has been for thirty days."""

from datetime import timedelta

from tests.conversation_rig import Town
from tests.integration.test_sweep import at
from tests.web.h5_rig import pages_of


def quiet_alarm(town: Town) -> list[tuple[object, ...]]:
    """The open alarm on quiet stations: how many, which."""
    return town.rows(
        "SELECT count, detail FROM alarms WHERE kind = 'stations_quiet' AND cleared_at IS NULL"
    )


def days_on(town: Town, days: int) -> None:
    """So many days later one tick."""
    town.clock.advance(timedelta(days=days))
    town.tick()


def test_conveners_are_asked_once_and_staff_see_it(town: Town) -> None:
    """Thirty days without a word or a page: both conveners get one notice in the morning, staff an
    alarm; whoever comes back ends it, and a later silence is told anew."""
    first, second = town.member("first"), town.member("second")
    town.member("neighbour")
    town.clock.set(at("2026-11-23 21:00"))
    town.tick()
    days_on(town, 20)
    pages_of(town.member("neighbour")).open("/h5/todo")
    days_on(town, 12)  # Friday 25 December, 21:00
    ((count, names),) = quiet_alarm(town)
    assert count == 4
    assert "大学西路街道" not in str(names)
    told = [d for d in first.received() if "天没有人来过" in d.fields.get("thing3", "")]
    assert len(told) == 1
    assert told[0].fields["thing1"] == "昭乌达路街道委员工作站"
    days_on(town, 5)
    assert len([d for d in first.received() if d.fields.get("character_string2") == "T001"]) == 1
    second.say("待办")
    days_on(town, 1)
    ((count, names),) = quiet_alarm(town)
    assert (count, "昭乌达路街道" in str(names)) == (3, False)
    days_on(town, 33)
    assert len([d for d in second.received() if d.fields.get("character_string2") == "T001"]) == 2


def test_a_new_network_is_not_quiet(town: Town) -> None:
    """What was never looked at before counts from today."""
    days_on(town, 29)
    assert quiet_alarm(town) == []
