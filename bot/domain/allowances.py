"""How many customer-service messages the platform still takes for one person, and until when.

Source: the platform's page on customer-service messages, rules since 2023-06-12. A passive reply
costs nothing. Allowances don't add up: the larger count and the later end win.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.inbound import Inbound
from bot.domain.notices import Budget


@dataclass(frozen=True, slots=True)
class Allowance:
    """Messages left, and the moment (aware UTC) after which none of them goes."""

    left: int = 0
    until: datetime | None = None

    def open(self, now: datetime) -> int:
        """Messages that may go now."""
        return self.left if self.until is not None and self.until > now else 0


NO_ALLOWANCE = Allowance()


@dataclass(frozen=True, slots=True)
class Grant:
    """What one action of a person allows."""

    count: int
    lasts: timedelta


MESSAGE = Grant(5, timedelta(hours=48))
TAP = Grant(3, timedelta(minutes=1))
"""A menu's key, a tapped choice, a scanned code, a new follower."""

KEPT: dict[Budget, int] = {"progress": 1, "action": 0, "answer": 0}
"""Messages that a notice of this budget must leave for others: the last one is the answer's."""

_BY_EVENT = {"subscribe": TAP, "scan": TAP, "click": TAP, "menu_action": TAP}
_NOT_A_TAP = ("pic_", "location_select")
"""Menu keys that open the camera, the album or the map allow nothing by themselves."""


def grant_of(inbound: Inbound) -> Grant | None:
    """What this message or event allows; None: nothing."""
    if inbound.menu_id:
        return TAP
    if inbound.is_message or inbound.data.get("sticker"):
        return MESSAGE
    if inbound.data.get("Event", "").lower().startswith(_NOT_A_TAP):
        return None
    return _BY_EVENT.get(inbound.kind)


def widened(current: Allowance, grant: Grant, now: datetime) -> Allowance:
    """The allowance after the person did something that grants more."""
    ends = now + grant.lasts
    if current.until is not None and current.until > ends:
        ends = current.until
    return Allowance(max(current.open(now), grant.count), ends)


def may_spend(left: int, budget: Budget) -> bool:
    """Whether a notice of this budget may use one of the messages that are left now."""
    return left > KEPT[budget]
