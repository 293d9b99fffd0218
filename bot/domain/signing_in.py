"""Who opens a page: what the platform says of the person, and why it may say nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person whom a code named. `snapshot`: the platform showed a snapshot page and gave an
    openid that belongs to nobody; it must never become a session."""

    openid: str
    snapshot: bool = False


class SignInFailed(Exception):
    """The platform did not say who it is; its text holds no secret and no openid.

    `again`: the code is spent, old or unknown; asking for a new one helps.
    """

    def __init__(self, reason: str, *, again: bool = False) -> None:
        super().__init__(reason)
        self.again = again
