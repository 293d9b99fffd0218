"""Which hops a notice takes, in order, until one carries it. Pure; bot.services.deliver walks it.

After the last hop a person is asked to call: a notice whose route has ended is `unreachable`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot.domain.allowances import may_spend
from bot.domain.notices import Budget

Hop = Literal["custom", "template", "subscribe", "sms"]
Api = Literal["template", "subscribe"]


@dataclass(frozen=True, slots=True)
class Reach:
    """The ways to one person as we know them now.

    `chat`: their openid is known. `follows`: they follow us, as far as we heard. `left`: messages
    open now. `notice`: the platform's call that carries this notice's shape, None when no id is
    set. `consents`: False once they refused the subscription, or used it up. `phone`: a number
    and somebody who carries short messages are there.
    """

    chat: bool = False
    follows: bool = False
    left: int = 0
    notice: Api | None = None
    consents: bool = True
    phone: bool = False


def route(reach: Reach, budget: Budget, spent: Collection[str] = ()) -> tuple[Hop, ...]:
    """Hops to try, best first. `spent`: hops that took this notice before and lost it.

    The reply window is never the only way: after it come notices that need none, then a short
    message. A subscription notice reaches people who left us, too; a template only followers.
    """
    possible: list[Hop] = []
    if reach.chat and reach.follows and may_spend(reach.left, budget):
        possible.append("custom")
    if reach.chat and reach.follows and reach.notice == "template":
        possible.append("template")
    if reach.chat and reach.consents and reach.notice == "subscribe":
        possible.append("subscribe")
    if reach.phone:
        possible.append("sms")
    return tuple(hop for hop in possible if hop not in spent)
