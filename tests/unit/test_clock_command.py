"""Spans as `flask clock advance` takes them."""

from datetime import timedelta

import click
import pytest

from bot.cli.ops import span_of

SPANS = (
    ("2 days", timedelta(days=2)), ("1 day", timedelta(days=1)), ("90 minutes", timedelta(0, 5400)),
    ("3 Hours", timedelta(hours=3)), (" 1 week ", timedelta(days=7)), ("0 seconds", timedelta()),
)  # fmt: skip


@pytest.mark.parametrize(("text", "span"), SPANS)
def test_reads(text: str, span: timedelta) -> None:
    """A number and a unit, one or many."""
    assert span_of(text) == span


@pytest.mark.parametrize(
    "text", ["", "2", "two days", "-1 days", "2 fortnights", "1.5 days", "9999999 days"]
)
def test_refuses(text: str) -> None:
    """What is no span is refused with a sentence that shows one; time never runs back."""
    with pytest.raises(click.BadParameter, match='such as "2 days"'):
        span_of(text)
