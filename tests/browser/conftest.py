"""`make demo`'s own launcher and a real browser, started once for all tests of this folder."""

import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.screens import ROOT, calm_chromium

MONDAY_MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""Ten o'clock in Hohhot, so that nothing here depends on when the test runs."""
READY = "每个工作站的召集人都有手机了"


@dataclass(frozen=True)
class Demo:
    """A running demo. `environment`: for commands of ours beside it."""

    app: str
    desk: str
    environment: dict[str, str]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo on free ports in a folder of its own, with every convener's phone bound."""
    port, desk_port = _free_port(), _free_port()
    folder = tmp_path_factory.mktemp("demo")
    ahead = int((MONDAY_MORNING - datetime.now(UTC)).total_seconds())
    (folder / "clock.json").write_text(json.dumps({"offset_seconds": ahead}))
    environment = {
        "PATH": "/usr/bin:/bin",
        "XMZ_PORT": str(port),
        "XMZ_DESK_PORT": str(desk_port),
        "XMZ_VAR_DIR": str(folder),
        "XMZ_SETTLE_SECONDS": "1",
        "XMZ_MODE": "demo",
    }
    process = subprocess.Popen(
        [sys.executable, ROOT / "tools" / "demo.py"],
        env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if READY in line:
            break
    else:
        pytest.fail("the demo ended before it was ready")
    yield Demo(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{desk_port}/", environment)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0, "Ctrl-C did not end the demo cleanly"
    process.stdout.close()
    for each in (port, desk_port):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", each)) != 0, f"port {each} is still served"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=calm_chromium()
        )
        yield launched
        launched.close()
