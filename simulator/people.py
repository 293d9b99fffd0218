"""Who is who on the desk: a nickname always gives the same openid and the same origin."""

import base64
import hashlib
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A follower (or former follower) of the account. Times are seconds of the epoch."""

    openid: str
    nickname: str
    handle: str
    """ASCII name of the person's own origin, HANDLE.localhost."""
    follows: bool
    blocks: bool
    """Switched the account's messages off."""
    messages_left: int
    window_end: float
    """Customer-service messages still allowed, and until when."""
    read_id: int
    active_at: float


def openid_of(nickname: str) -> str:
    """28 characters like the platform's, the same for the same nickname."""
    digest = hashlib.sha256(f"desk:{nickname}".encode()).digest()
    return "oDESK" + base64.urlsafe_b64encode(digest).decode()[:23]


def handle_of(nickname: str) -> str:
    """A host label of letters and digits; a nickname in Chinese gets one made of its hash."""
    digest = hashlib.sha256(f"handle:{nickname}".encode()).hexdigest()
    latin = nickname.lower()
    if re.fullmatch(r"[a-z][a-z0-9]{0,19}", latin) and latin == nickname:
        return latin
    return f"p-{digest[:8]}"
