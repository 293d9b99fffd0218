"""What reaches us from a person, whatever channel carried it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

MESSAGE_KINDS = frozenset({"text", "image", "voice", "video", "location", "link"})
"""Kinds a person sends on purpose; all others are events."""

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message or event, translated. `kind` is one of MESSAGE_KINDS, or an event in lower case
    (subscribe, unsubscribe, scan, click, view, location_report, menu_action, send_result,
    consent, data_revoked), or "unknown"."""

    key: str
    """Same for every try of the same message; unique for ever (≤ 200 characters)."""
    openid: str
    account: str
    kind: str
    sent_at: datetime
    text: str = ""
    """Cleaned text of the person (control, zero-width and bidi characters removed)."""
    menu_id: str = ""
    """Id of the tapped choice (bizmsgmenuid), if a choice was tapped instead of typed."""
    media_id: str = ""
    media_format: str = ""
    lat: float | None = None
    lon: float | None = None
    label: str = ""
    """Place name the phone gave with a location."""
    title: str = ""
    url: str = ""
    event_key: str = ""
    """Menu key, or QR scene without the `qrscene_` prefix."""
    data: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """Other elements of an event, flat, for the few that need them."""

    @property
    def is_message(self) -> bool:
        """A person said or sent something (not an event of the platform)."""
        return self.kind in MESSAGE_KINDS


@dataclass(frozen=True, slots=True)
class Choice:
    """A tap-to-send answer under a reply: `id` comes back as Inbound.menu_id, `label` as text."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one inbound message. Empty text: acknowledge only, show nothing."""

    text: str = ""
    choices: tuple[Choice, ...] = ()
