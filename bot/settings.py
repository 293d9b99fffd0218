"""Every setting of the product, read once from the environment (prefix XMZ_) or `.env`.

A missing or wrong key refuses the start and says its name. In demo mode every missing credential
gets a fixed, published value, so that `make demo` needs no account; nowhere else.
"""

import shlex
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.deadlines import OfficeHours
from bot.domain.retention import read_rules

VERSION = "2026.11.0"
"""Of the product: year.month.number. Backups say which one made them."""

ROOT = Path(__file__).resolve().parent.parent

DEMO_CREDENTIALS = {
    "secret_key": "demo-only-secret-key-that-is-published",
    "wechat_app_id": "wxdemo0000000000",
    "wechat_app_secret": "demo-only-app-secret-00000000000",
    "wechat_token": "demotoken2026",
    "wechat_aes_key": "demoAESkeyThatIsPublished0123456789abcdefgh",
}
"""Published values for demo mode. The desk simulator uses the same ones; they protect nothing."""

DATABASES = ("sqlite://", "postgresql://", "postgresql+psycopg://")
"""How addresses of the databases that we know begin."""

Port = Annotated[int, Field(ge=1, le=65535)]

NoticeId = Annotated[str, Field(pattern=r"^(|(template|subscribe):\S{1,64})$")]
_NOTICE_ID = "`template:ID` (类目模板) or `subscribe:ID` (订阅通知); empty: XMZ_WECHAT_TEMPLATE_ID."


def demo_values(desk_port: object = 8100) -> dict[str, Any]:
    """What demo mode fills in for keys that are not set."""
    desk = f"http://127.0.0.1:{desk_port}"
    return DEMO_CREDENTIALS | {
        "settle_seconds": 3,
        "log_format": "words",
        "bind_phone_digits": False,
        "wechat_api_base": desk,
        "wechat_oauth_base": desk,
        "wechat_template_id": "DEMO_TEMPLATE_NOTICE",
    }


class Settings(BaseSettings):
    """All settings. Field descriptions become docs/configuration.md."""

    model_config = SettingsConfigDict(
        env_prefix="XMZ_",
        env_file=ROOT / ".env",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # what was typed may be a secret
    )

    mode: Literal["demo", "trial", "production"] = Field(
        description="demo: published credentials and a clock that can be moved. "
        "trial: for real, but notices go only to listed team members. production: for real. "
        "May be left out only where no credential is set; it is demo then.",
    )
    database_url: str = Field(  # not shown: it may hold a password
        "", description="sqlite:///FILE or postgresql://… Empty: SQLite in VAR_DIR.", repr=False
    )
    engine: Literal["embedded", "procrastinate"] = Field(
        "embedded",
        description="Which scheduler engine runs the jobs table. embedded: one process at work, "
        "any further one waits. procrastinate: several share the work; PostgreSQL only.",
    )
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: Port = Field(8000, description="Port the web server listens on.")
    desk_port: Port = Field(8100, description="Port of the desk simulator (demo only).")
    public_url: str = Field(
        "", description="How phones reach us: https://example.org. Empty: from HOST and PORT."
    )
    secret_key: SecretStr = Field(description="Signs sessions; at least 32 characters.")
    wechat_app_id: str = Field(description="AppID of the service account.")
    wechat_app_secret: SecretStr = Field(description="AppSecret of the service account.")
    wechat_token: SecretStr = Field(description="Token typed into the platform's server settings.")
    wechat_aes_key: SecretStr = Field(description="EncodingAESKey, 43 letters and digits.")
    wechat_aes_key_old: SecretStr = Field(
        SecretStr(""), description="The EncodingAESKey before, while a change of it settles."
    )
    wechat_cipher: Literal["plain", "compatible", "safe"] = Field(
        "safe", description="Message mode chosen in the platform's console."
    )
    wechat_api_base: str = Field(
        "https://api.weixin.qq.com", description="The platform's API; the desk in demo mode."
    )
    wechat_oauth_base: str = Field(
        "https://open.weixin.qq.com", description="The platform's OAuth pages; the desk in demo."
    )
    wechat_template_id: str = Field(
        "",
        description="Template for notices outside the 48 h window, of every shape that has no id "
        "of its own below. Empty: that hop is off.",
    )
    wechat_notice_progress: NoticeId = Field("", description=f"Notices of progress. {_NOTICE_ID}")
    wechat_notice_answer: NoticeId = Field("", description=f"Answers and callbacks. {_NOTICE_ID}")
    wechat_notice_task: NoticeId = Field("", description=f"Members' and staff's. {_NOTICE_ID}")
    wechat_notice_alert: NoticeId = Field("", description=f"Emergencies. {_NOTICE_ID}")
    channel: Literal["wechat", "console"] = Field(
        "wechat", description="console: print what would be sent to the platform, send nothing."
    )
    sms: Literal["off", "file", "http"] = Field(
        "file",
        description="Short messages for whom the platform can't reach. file: written to "
        "`sms.jsonl` in VAR_DIR, and those people are called as well, for nobody has got "
        "anything yet. http: XMZ_SMS_URL. off: straight to the list of calls.",
    )
    sms_url: str = Field(
        "", description='The gateway: gets POST `{"phone": …, "text": …}` as JSON, answers 2xx.'
    )
    sms_token: SecretStr = Field(
        SecretStr(""), description="Sent to the gateway as `Authorization: Bearer …`, if set."
    )
    settle_seconds: Annotated[int, Field(ge=0, le=3600)] = Field(
        60, description="How long after its last piece a case waits for more. Demo: 3."
    )
    var_dir: Path = Field(
        Path("var"), description="Folder for database, uploads and logs (from the project root)."
    )
    office_hours: str = Field(
        "09:00-12:00,14:30-17:30", description="Office hours of a working day, Beijing time."
    )
    office_phone: str = Field(
        "", description="Phone number of the office that residents may call. Empty: none is named."
    )
    bind_phone_digits: bool = Field(
        True,
        description="Whether an invitation also asks for the last four digits of the phone that "
        "the roster has for that person (where it has one). Demo: false, so that a code binds by "
        "itself.",
    )
    show_member_name: bool = Field(
        False,
        description="Whether the notice that a case was taken on tells the resident who took it. "
        "False: only which station.",
    )
    account_name: str = Field(
        "小马扎", description="Name of the service account, as people look for it in WeChat."
    )
    log_format: Literal["json", "words"] = Field("json", description="Form of a line in the logs.")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token that opens /metrics to other machines. Empty: no."
    )
    heartbeat_url: str = Field(
        "", description="Called (GET) each minute while all is running. Empty: none.", repr=False
    )
    trial_people: str = Field(
        "",
        description="Trial mode: the people who may get notices, by their codes in the roster's "
        "sheets (`M001,M002`); `flask roster list` shows them as person_code.",
    )
    backup_nightly: bool = Field(
        True,
        description="Whether the scheduler makes a backup each night at 02:30 (Beijing). false: "
        "something else does, or `flask backup` from cron.",
    )
    backup_dir: Path | None = Field(
        None, description="Folder of the backups, best on another disk. Empty: `backup` in VAR_DIR."
    )
    backup_daily: Annotated[int, Field(ge=1, le=366)] = Field(
        7, description="Of how many days the newest backup is kept."
    )
    backup_weekly: Annotated[int, Field(ge=0, le=520)] = Field(
        5, description="Of how many weeks the newest backup is kept besides."
    )
    backup_copy: str = Field(
        "",
        description="Command that copies a finished backup to another machine; the folder's path "
        "is put behind it, e.g. `/usr/local/bin/copy-away`. It runs without a shell; any exit but "
        "0 raises the alarm `backup:copy`.",
    )
    retention: str = Field(
        "",
        description="How many days a kind of data is kept, where it differs from the table in "
        "operations, e.g. `case_words=730,messages=200`. Below a kind's least it is refused.",
    )

    @model_validator(mode="before")
    @classmethod
    def _demo_defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Fill what demo mode publishes; every other mode keeps its gaps and is refused."""
        if not values.keys() & {"mode", *DEMO_CREDENTIALS}:
            values = values | {"mode": "demo"}
        if values.get("mode") != "demo":
            return values
        return demo_values(values.get("desk_port", 8100)) | values

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, value: str) -> str:
        if value and not value.startswith(DATABASES):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator(
        "public_url", "wechat_api_base", "wechat_oauth_base", "sms_url", "heartbeat_url"
    )
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// (or http:// on this machine)")
        return value

    @field_validator("backup_copy")
    @classmethod
    def _command_is_readable(cls, value: str) -> str:
        shlex.split(value)
        return value

    @field_validator("retention")
    @classmethod
    def _retention_is_allowed(cls, value: str) -> str:
        read_rules(value)
        return value

    @field_validator("office_hours")
    @classmethod
    def _hours_are_readable(cls, value: str) -> str:
        OfficeHours.parse(value)
        return value

    @model_validator(mode="after")
    def _credentials_are_usable(self) -> Self:
        if len(self.secret_key.get_secret_value()) < 32:
            raise ValueError("XMZ_SECRET_KEY must have at least 32 characters")
        old = self.wechat_aes_key_old.get_secret_value()
        for name, key in (("", self.wechat_aes_key.get_secret_value()), ("_OLD", old)):
            if (key or not name) and (len(key) != 43 or not key.isascii() or not key.isalnum()):
                raise ValueError(f"XMZ_WECHAT_AES_KEY{name} must be 43 letters and digits")
        if self.engine == "procrastinate" and not self.database_url.startswith("postgresql"):
            raise ValueError(
                "XMZ_ENGINE=procrastinate needs PostgreSQL: set XMZ_DATABASE_URL=postgresql://…, "
                "or leave XMZ_ENGINE out"
            )
        if 0 < len(self.metrics_token) < 16:
            raise ValueError("XMZ_METRICS_TOKEN must have at least 16 characters")
        if self.sms == "http" and not self.sms_url:
            raise ValueError("XMZ_SMS_URL must be set when XMZ_SMS is http")
        return self

    def notice_id(self, shape: str) -> tuple[Literal["template", "subscribe", ""], str]:
        """(template or subscribe, id) that carries notices of this shape; ("", "") when none is
        set."""
        own: str = getattr(self, f"wechat_notice_{shape}")
        api, _, found = own.partition(":")
        if found:
            return ("subscribe" if api == "subscribe" else "template"), found
        return ("template", self.wechat_template_id) if self.wechat_template_id else ("", "")

    @property
    def var_path(self) -> Path:
        """VAR_DIR as an absolute path."""
        return self.var_dir if self.var_dir.is_absolute() else ROOT / self.var_dir

    @property
    def backup_path(self) -> Path:
        """BACKUP_DIR as an absolute path."""
        return ROOT / (self.backup_dir or self.var_path / "backup")

    @property
    def sqlalchemy_url(self) -> str:
        """DATABASE_URL, or the embedded SQLite file; psycopg 3 is chosen for PostgreSQL."""
        url = self.database_url or f"sqlite:///{self.var_path / 'xiaomazha.sqlite3'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def postgres_url(self) -> str:
        """DATABASE_URL as PostgreSQL's own programs read it."""
        return self.sqlalchemy_url.replace("postgresql+psycopg://", "postgresql://", 1)

    @property
    def base_url(self) -> str:
        """PUBLIC_URL without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def load_settings() -> Settings:
    """The settings of this process; ends it with a line for each key that is missing or wrong."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [_problem(each["loc"], each["msg"]) for each in error.errors()]
        raise SystemExit("\n".join(["The settings are not usable:", *lines])) from error


def _problem(loc: tuple[int | str, ...], message: str) -> str:
    name = f"XMZ_{str(loc[0]).upper()}: " if loc else ""
    said = "missing" if message == "Field required" else message.removeprefix("Value error, ")
    return f"  {name}{said}"
