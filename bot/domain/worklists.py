"""The lists of the console: which cases stand in each, and what hurts first."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.domain.deadlines import Span, WorkCalendar, add_span
from bot.domain.roles import Role


class View(StrEnum):
    """A list, in the order in which the console shows them."""

    PERSON = "person"
    """Waits for somebody of the office to look and decide."""
    EMERGENCY = "emergency"
    RESTRICTED = "restricted"
    VOICE = "voice"
    """Spoken, and nobody has written it down."""
    RETURNED = "returned"
    """Sent back twice by stations: the office decides."""
    RED = "red"
    """Late: whoever should have acted did not."""
    YELLOW = "yellow"
    """Late within a working day if nothing happens."""
    SUPERVISED = "supervised"
    AGAIN = "again"
    """Closed, and to be read again by somebody, or by a second person."""
    MINE = "mine"
    """Open, and whoever looks has done something about it."""
    OPEN = "open"
    ALL = "all"


BY_DUE = frozenset({View.RED, View.YELLOW, View.OPEN})
"""What is due first comes first; in the queues what is urgent comes first, then what came first;
in the rest the newest."""
QUEUES = frozenset({View.PERSON, View.EMERGENCY, View.RESTRICTED, View.VOICE, View.RETURNED})

_FOR: Mapping[View, frozenset[Role]] = MappingProxyType(
    {
        View.PERSON: frozenset({Role.INTAKE_STAFF, Role.ADMIN, Role.LEADER}),
        View.EMERGENCY: frozenset(
            {Role.INTAKE_STAFF, Role.DUTY, Role.LEADER, Role.RESTRICTED_STAFF}
        ),
        View.RESTRICTED: frozenset({Role.RESTRICTED_STAFF}),
        View.VOICE: frozenset({Role.INTAKE_STAFF, Role.DUTY, Role.RESTRICTED_STAFF, Role.ADMIN}),
        View.AGAIN: frozenset({Role.INTAKE_STAFF, Role.RESTRICTED_STAFF, Role.ADMIN}),
        View.RETURNED: frozenset({Role.INTAKE_STAFF, Role.ADMIN, Role.LEADER}),
    }
)


def views_for(roles: frozenset[Role]) -> tuple[View, ...]:
    """The lists that mean something to somebody with these roles."""
    return tuple(view for view in View if view not in _FOR or _FOR[view] & roles)


class Light(StrEnum):
    """How near a due time is (domain.md: yellow one working day before, red from then on)."""

    YELLOW = "yellow"
    RED = "red"


YELLOW_AHEAD = Span(1, "d")


def yellow_until(cal: WorkCalendar, now: datetime) -> datetime:
    """What is due before then, and not yet late, shows a yellow light."""
    return add_span(cal, now, YELLOW_AHEAD)


def light(due: datetime | None, now: datetime, until: datetime) -> Light | None:
    """`until`: see yellow_until. None without a light, or without a time."""
    if due is None or due > until:
        return None
    return Light.RED if due <= now else Light.YELLOW
