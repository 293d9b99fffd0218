"""Lateness is counted by bins; what is read off them is never better than the truth."""

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lateness import BOUNDS, Counted, Lateness


def counted(late: list[float]) -> list[Counted]:
    """One count for each, as the database would group them."""
    places = [next((n for n, b in enumerate(BOUNDS) if x <= b), len(BOUNDS)) for x in late]
    return [Counted(place, 1, max(x, 0.0)) for place, x in zip(places, late, strict=True)]


def test_nothing_happened() -> None:
    """No figures are made of nothing."""
    assert Lateness.of([]) == Lateness(counts=(0,) * (len(BOUNDS) + 1))


@given(st.lists(st.floats(min_value=-5, max_value=1e7), min_size=1, max_size=60))
def test_a_percentile_is_at_least_the_exact_one(late: list[float]) -> None:
    """Half and 95 in a hundred were at most so late as it says; the worst is exact; and two halves
    together give what all of them give."""
    found = Lateness.of(counted(late))
    ranked = sorted(max(x, 0.0) for x in late)
    for said, share in ((found.p50, 0.5), (found.p95, 0.95)):
        assert ranked[math.ceil(len(ranked) * share) - 1] <= said <= ranked[-1]
    assert (found.count, found.worst) == (len(late), ranked[-1])
    assert Lateness.of([*counted(late[::2]), *counted(late[1::2])]) == found
