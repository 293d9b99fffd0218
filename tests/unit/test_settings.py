"""Settings refuse what is missing or wrong by its name, and never tell a secret."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.channels.clock import RealClock
from bot.channels.console import ConsoleChannel
from bot.domain.messages import SendError
from bot.settings import DEMO_CREDENTIALS, ROOT, Settings, demo_values
from bot.wiring import make_channel, make_sms

REAL = {
    "XMZ_MODE": "production",
    "XMZ_SECRET_KEY": "a-real-secret-of-thirty-two-characters",
    "XMZ_WECHAT_APP_ID": "wx1234567890abcdef",
    "XMZ_WECHAT_APP_SECRET": "a-real-app-secret",
    "XMZ_WECHAT_TOKEN": "a-real-token",
    "XMZ_WECHAT_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "XMZ_DATABASE_URL": "postgresql://xmz:a-real-password@127.0.0.1:1/x",
}
SECRETS = ["a-real", REAL["XMZ_WECHAT_AES_KEY"]]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment with all that a real account needs, and nothing of this machine's."""
    _clear(monkeypatch)
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def _clear(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"XMZ_{name.upper()}", raising=False)


def _wrong() -> str:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None)
    return str(refused.value)


@pytest.mark.parametrize("name", [name for name in REAL if name != "XMZ_DATABASE_URL"])
def test_a_missing_key_is_named(environment: pytest.MonkeyPatch, name: str) -> None:
    """Outside demo mode nothing is made up; empty counts as missing."""
    environment.setenv(name, "")
    assert name.removeprefix("XMZ_").lower() in _wrong()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XMZ_MODE", "live"),
        ("XMZ_PORT", "70000"),
        ("XMZ_DESK_PORT", "desk"),
        ("XMZ_SECRET_KEY", "too-short"),
        ("XMZ_WECHAT_AES_KEY", "forty-three characters, but no letters only"),
        ("XMZ_WECHAT_CIPHER", "secret"),
        ("XMZ_ENGINE", "celery"),
        ("XMZ_SETTLE_SECONDS", "-1"),
        ("XMZ_OFFICE_HOURS", "nine to five"),
        ("XMZ_OFFICE_HOURS", "12:00-09:00"),  # ends before it starts
        ("XMZ_PUBLIC_URL", "example.org"),  # no scheme
        ("XMZ_WECHAT_API_BASE", "ftp://example.org"),
        ("XMZ_DATABASE_URL", "mysql://root:a-real-password@db/x"),
    ],
)
def test_a_wrong_key_is_named(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    """By name and with what is expected; what was typed is not repeated."""
    environment.setenv(name, value)
    said = _wrong()
    assert name.removeprefix("XMZ_").lower() in said.lower()
    assert not [secret for secret in (*SECRETS, "too-short") if secret in said]


def test_the_engine_at_scale_needs_postgresql(environment: pytest.MonkeyPatch) -> None:
    """With a SQLite file, or none named, it is refused with what to do."""
    environment.setenv("XMZ_ENGINE", "procrastinate")
    assert Settings(_env_file=None).postgres_url.startswith("postgresql://")
    for url in ("", "sqlite:///here.sqlite3"):
        environment.setenv("XMZ_DATABASE_URL", url)
        assert "XMZ_ENGINE=procrastinate needs PostgreSQL" in _wrong()


def test_the_start_ends_with_a_line_a_key(tmp_path: Path) -> None:
    """The very command that an operator types: exit 1, names, no traceback, no secret."""
    given = REAL | {"XMZ_PORT": "70000", "XMZ_SECRET_KEY": "short", "XMZ_WECHAT_TOKEN": ""}
    done = _flask(given | {"XMZ_VAR_DIR": str(tmp_path)})
    assert done.returncode == 1
    assert "XMZ_PORT: " in done.stderr
    assert "XMZ_WECHAT_TOKEN: missing" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [secret for secret in SECRETS if secret in done.stdout + done.stderr]


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    """A file stands where VAR_DIR should be."""
    (tmp_path / "var").write_text("no folder")
    done = _flask({"XMZ_MODE": "demo", "XMZ_VAR_DIR": str(tmp_path / "var")})
    assert (done.returncode, "XMZ_VAR_DIR" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr


def _flask(given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    bin_folder = Path(sys.executable).parent
    return subprocess.run(
        [str(bin_folder / "flask"), "doctor"],
        cwd=ROOT, env={"PATH": f"{bin_folder}:/usr/bin:/bin"} | given,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_no_secret_is_shown(environment: pytest.MonkeyPatch) -> None:
    """Neither by repr nor by str, which is what gets into logs."""
    settings = Settings(_env_file=None)
    assert not [s for s in SECRETS if s in f"{settings!r} {settings}"]
    assert settings.secret_key.get_secret_value() == REAL["XMZ_SECRET_KEY"]


def test_demo_fills_in_what_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing set it is demo; what is set stays, and the desk's port is followed."""
    _clear(monkeypatch)
    monkeypatch.setenv("XMZ_DESK_PORT", "8155")
    monkeypatch.setenv("XMZ_SETTLE_SECONDS", "9")
    settings = Settings(_env_file=None)
    assert (settings.mode, settings.settle_seconds) == ("demo", 9)
    assert settings.wechat_api_base == "http://127.0.0.1:8155"
    assert settings.wechat_app_id == DEMO_CREDENTIALS["wechat_app_id"]
    assert demo_values().keys() <= Settings.model_fields.keys()


def test_each_shape_has_its_id_or_the_common_one(environment: pytest.MonkeyPatch) -> None:
    """A shape's own id says which of the platform's two calls carries it; without one the common
    template does; an id of no known call, and a gateway without address, are refused."""
    assert Settings(_env_file=None).notice_id("task") == ("", "")
    environment.setenv("XMZ_WECHAT_TEMPLATE_ID", "T")
    environment.setenv("XMZ_WECHAT_NOTICE_ALERT", "subscribe:S")
    found = Settings(_env_file=None)
    assert [found.notice_id(shape) for shape in ("task", "alert")] == [
        ("template", "T"), ("subscribe", "S"),
    ]  # fmt: skip
    environment.setenv("XMZ_WECHAT_NOTICE_ALERT", "pigeon:S")
    assert "notice_alert" in _wrong()
    environment.setenv("XMZ_WECHAT_NOTICE_ALERT", "")
    environment.setenv("XMZ_SMS", "http")
    assert "XMZ_SMS_URL" in _wrong()


def test_settings_choose_who_carries_messages(tmp_path: Path) -> None:
    """XMZ_CHANNEL=console prints instead of sending; XMZ_SMS=off carries nothing."""
    settings = Settings(
        mode="demo", var_dir=tmp_path, channel="console", sms="off", _env_file=None
    )  # fmt: skip
    assert isinstance(make_channel(settings, RealClock()), ConsoleChannel)
    with pytest.raises(SendError):
        make_sms(settings, RealClock()).send("13800000000", "x")


def test_a_credential_alone_is_no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who sets a credential means a real account: without a mode nothing starts."""
    _clear(monkeypatch)
    monkeypatch.setenv("XMZ_WECHAT_APP_ID", "wx1234567890abcdef")
    assert "mode" in _wrong()


def test_the_page_says_what_the_class_says() -> None:
    """docs/configuration.md is what tools/configuration_docs.py would write now, anywhere."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.configuration_docs", "--check"],
        cwd=ROOT, env={"XMZ_PORT": "9999", "XMZ_SECRET_KEY": "x"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
