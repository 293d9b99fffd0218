"""The platform's own tags in our pages: what a page must let in, and how it is signed.

Source: the platform's pages on 开放标签 and on the JS-SDK's signature.
"""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class TagHost:
    """Where the tags come from. `script`: address of the platform's script; `frames`: sources of
    the frames that it draws them in."""

    script: str
    frames: tuple[str, ...]

    @property
    def origin(self) -> str:
        """Of the script, as a content policy names it."""
        address = urlsplit(self.script)
        return f"{address.scheme}://{address.netloc}"


PLATFORM = TagHost(
    "https://res.wx.qq.com/open/js/jweixin-1.6.0.js", ("https://*.qq.com", "webcompt:")
)
"""The real one; its document names these frames for pages that have a content policy."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What the script is told, so that the platform lets this page have its tags."""

    app_id: str
    nonce: str
    timestamp: int
    signature: str


def tag_host(api_base: str, *, demo: bool) -> TagHost:
    """The platform's, or in demo mode the desk's stand-in at its own address. Outside demo mode an
    address other than the platform's is a way through a proxy, which has no script of its own."""
    host = urlsplit(api_base).hostname or ""
    if not demo or host.endswith(".weixin.qq.com"):
        return PLATFORM
    base = api_base.rstrip("/")
    return TagHost(f"{base}/open/js/jweixin-1.6.0.js", (base,))


def sign(app_id: str, ticket: str, url: str, *, nonce: str, timestamp: int) -> Signed:
    """Sign a page. `url`: its address as the browser has it; what follows `#` does not count."""
    page = url.partition("#")[0]
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return Signed(app_id, nonce, timestamp, digest)
