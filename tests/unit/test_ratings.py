"""What follows from a resident's word: every pair of answers, the first time and again."""

from itertools import product

import pytest

from bot.domain.ratings import RATINGS, After, after_rating


@pytest.mark.parametrize(
    ("solved", "satisfied", "reopened", "then"),
    [
        ("no", None, 0, After.REOPEN),  # not solved: back to the station, nobody asks staff
        ("no", None, 1, After.STAFF),  # a second time a person decides
        ("yes", None, 0, After.ASK),  # 满意吗 is still to be said
        ("yes", "yes", 0, After.CLOSE),
        ("partly", "partly", 3, After.CLOSE),
        ("yes", "no", 0, After.REOPEN),  # solved, but not content with how it went
        ("partly", "no", 1, After.STAFF),
        (None, "no", 0, After.REOPEN),
        (None, None, 0, After.ASK),
    ],
)
def test_what_follows(
    solved: str | None, satisfied: str | None, reopened: int, then: After
) -> None:
    """One line a rule."""
    assert after_rating(solved, satisfied, reopened) is then


def test_a_no_never_closes_and_no_pair_is_forgotten() -> None:
    """Whatever is said besides, a no goes on; where the station is gone, to staff."""
    for solved, satisfied in product((None, *RATINGS), repeat=2):
        for reopened in (0, 1, 5):
            then = after_rating(solved, satisfied, reopened)
            assert (then in (After.REOPEN, After.STAFF)) is ("no" in (solved, satisfied))
            gone = after_rating(solved, satisfied, reopened, station=False)
            assert gone is (After.STAFF if then is After.REOPEN else then)
