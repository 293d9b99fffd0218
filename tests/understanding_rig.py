"""One understander of the project's data for all tests of a process: it takes a second to start."""

from functools import lru_cache

from bot.domain.understanding import Understander
from bot.nlp.understander import load_understander
from bot.settings import ROOT


@lru_cache(maxsize=1)
def shared_understander() -> Understander:
    """It never changes, so everybody may use the same."""
    return load_understander(ROOT / "build" / "test-cache")
