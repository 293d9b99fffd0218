"""Where a rung goes whose people can't be reached."""

import pytest

from bot.domain.passing_on import Passed, Trouble, pass_on, stay

OFF, GONE = Trouble.UNBOUND, Trouble.UNSUBSCRIBED
AWAY, COVERED = Trouble.ON_LEAVE, Trouble.STOOD_IN


@pytest.mark.parametrize(
    ("audience", "people", "to", "why"),
    [
        # reached: nothing passes
        ("holder", {"holder": [None]}, ("holder",), ""),
        # one of two is enough
        ("station_head", {"station_head": [OFF, None]}, ("station_head",), ""),
        # unbound: the next is told as well, the first by whatever way is left
        ("holder", {"holder": [OFF], "second_convener": [None]},
         ("holder", "second_convener"), "holder unbound"),
        # gone, and the next two not reached either
        ("holder", {"second_convener": [GONE], "staff": [None]}, ("holder", "staff"),
         "nobody holds holder; second_convener unsubscribed; nobody holds station_head;"
         " nobody holds district_convener"),
        # on leave: the stand-in hears of it, or else the next, and the history says why
        ("holder", {"holder": [COVERED]}, ("holder",), "holder on leave, told the stand-in"),
        ("holder", {"holder": [AWAY], "station_head": [None]}, ("holder", "station_head"),
         "holder on leave; nobody holds second_convener"),
        ("holder", {"holder": [OFF], "second_convener": [COVERED]}, ("holder", "second_convener"),
         "holder unbound; second_convener on leave, told the stand-in"),
        ("station_head", {"station_head": [None, COVERED]}, ("station_head",),
         "station_head on leave, told the stand-in"),
        # never backwards
        ("station_head", {"holder": [None], "district_convener": [None]},
         ("station_head", "district_convener"), "nobody holds station_head"),
        # nobody at all: its own people are called
        ("district_convener", {"district_convener": [OFF], "staff": [OFF]},
         ("district_convener",), "district_convener unbound; staff unbound"),
        # the office's own rungs stay where they are
        ("staff", {"leader": [None]}, ("staff",), "nobody holds staff"),
        ("leader", {"staff": [None]}, ("leader",), "nobody holds leader"),
        ("duty", {"duty": [OFF], "staff": [None]}, ("duty",), "duty unbound"),
    ],
)  # fmt: skip
def test_where_a_rung_goes(
    audience: str, people: dict[str, list[Trouble | None]], to: tuple[str, ...], why: str
) -> None:
    """The next audience with somebody who can be reached, and what was in the way."""
    found = pass_on(audience, lambda name: people.get(name, []))
    assert (found.to, found.why) == (to, why)


def test_what_is_for_named_members_stays_in_the_station() -> None:
    """Neither the district convener nor the intake desk hears earlier than the ladder says."""
    people: dict[str, list[Trouble | None]] = {
        "holder": [OFF],
        "district_convener": [None],
        "staff": [None],
    }
    found = pass_on("holder", lambda name: people.get(name, []), within=True)
    assert found.to == ("holder",)
    assert "district_convener" not in found.why


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ([], "nobody holds holder"),
        ([None], ""),
        ([OFF], ""),  # tried by what way is left, as ever
        ([COVERED], "holder on leave, told the stand-in"),
        ([AWAY, None], "holder on leave"),
    ],
)
def test_a_rung_that_never_passes_on(people: list[Trouble | None], why: str) -> None:
    """It stays with its own people, and says who is on leave."""
    assert stay("holder", people) == Passed(("holder",), why)
