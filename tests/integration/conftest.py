"""The town of phones (tests/web/conftest.py) for tests of what happens behind the wire, too."""

from tests.web.conftest import make_town, town, understander

__all__ = ["make_town", "town", "understander"]
