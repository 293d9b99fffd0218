"""What the desk is told at the start: the environment, or `.env` beside it, prefix XMZ_.

The desk stands for the platform, so it reads the same keys as the app with a reader of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CIPHERS = ("plain", "compatible", "safe")

DEFAULTS = {
    "HOST": "127.0.0.1",
    "PORT": "8000",
    "DESK_PORT": "8100",
    "PUBLIC_URL": "",
    "WECHAT_APP_ID": "wxdemo0000000000",
    "WECHAT_APP_SECRET": "demo-only-app-secret-00000000000",
    "WECHAT_TOKEN": "demotoken2026",
    "WECHAT_AES_KEY": "demoAESkeyThatIsPublished0123456789abcdefgh",
    "WECHAT_AES_KEY_OLD": "",
    "WECHAT_CIPHER": "safe",
    "VAR_DIR": "var",
}
"""Published demo values, the same as the app's; they protect nothing."""


class WrongSetting(ValueError):
    """A setting that cannot work; the text names it and says what is expected."""


@dataclass(frozen=True, slots=True)
class Config:
    """All the desk needs to know of the account it plays the platform for."""

    host: str
    port: int
    app_url: str
    """Where the app's pages are, without a slash at the end; pushes go to app_url + /wechat."""
    app_id: str
    app_secret: str
    token: str
    aes_key: str
    cipher: str
    var_dir: Path
    old_key: str = ""
    """The EncodingAESKey before, for the fault old_key; empty: none."""
    account: str = "gh_xiaomazha2026"
    """The account's original id (ToUserName of what comes in)."""

    @property
    def push_url(self) -> str:
        """The webhook."""
        return f"{self.app_url}/wechat"


def load(environ: Mapping[str, str], dotenv: Path) -> Config:
    """Settings from the environment, then `dotenv`, then the demo values; empty means unset."""
    written = parse_dotenv(dotenv.read_text("utf-8")) if dotenv.is_file() else {}
    found = dict(DEFAULTS)
    for key in DEFAULTS:
        found[key] = environ.get(f"XMZ_{key}") or written.get(f"XMZ_{key}") or DEFAULTS[key]
    if found["WECHAT_CIPHER"] not in CIPHERS:
        raise WrongSetting("XMZ_WECHAT_CIPHER must be plain, compatible or safe")
    key = found["WECHAT_AES_KEY"]
    if len(key) != 43 or not key.isascii() or not key.isalnum():
        raise WrongSetting("XMZ_WECHAT_AES_KEY must be 43 letters and digits")
    app = found["PUBLIC_URL"].rstrip("/") or f"http://127.0.0.1:{_port(found, 'PORT')}"
    return Config(
        host=found["HOST"],
        port=_port(found, "DESK_PORT"),
        app_url=app,
        app_id=found["WECHAT_APP_ID"],
        app_secret=found["WECHAT_APP_SECRET"],
        token=found["WECHAT_TOKEN"],
        aes_key=key,
        old_key=found["WECHAT_AES_KEY_OLD"],
        cipher=found["WECHAT_CIPHER"],
        var_dir=Path(found["VAR_DIR"]),
    )


def parse_dotenv(text: str) -> dict[str, str]:
    """`KEY=VALUE` lines; comments, `export`, and quotes around the value are understood."""
    found = {}
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not equals or name.startswith("#"):
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        else:
            value = value.split(" #", 1)[0].rstrip()
        found[name.strip()] = value
    return found


def _port(found: Mapping[str, str], key: str) -> int:
    try:
        port = int(found[key])
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        raise WrongSetting(f"XMZ_{key} must be a port number, 1 to 65535")
    return port
