"""Closed cases are read again by lot, and nobody can tell beforehand which."""

from bot.domain.quality import ONE_IN, is_sampled


def test_about_one_in_ten_and_always_the_same() -> None:
    """The number decides: about one in ten of a year, each time alike."""
    numbers = [f"26{month:02d}{day:02d}-{n:04d}" for month in range(1, 13) for day in range(1, 29)
               for n in range(1, 21)]  # fmt: skip
    chosen = [number for number in numbers if is_sampled(number)]
    assert 0.8 < len(chosen) * ONE_IN / len(numbers) < 1.2
    assert chosen == [number for number in numbers if is_sampled(number)]
