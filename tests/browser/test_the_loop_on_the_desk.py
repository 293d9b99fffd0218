"""The main job as a visitor of the demo lives it: `make demo`'s own launcher, a real browser."""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect, sync_playwright

from tests.browser.screens import SCREENS, calm_chromium

ROOT = Path(__file__).resolve().parents[2]
MONDAY_MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""Ten o'clock in Hohhot, so that nothing here depends on when the test runs."""
READY = "每个工作站的召集人都有手机了"


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    desk: str
    process: subprocess.Popen[str]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
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
    yield Demo(f"http://127.0.0.1:{desk_port}/", process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0, "Ctrl-C did not end the demo cleanly"
    process.stdout.close()
    for each in (port, desk_port):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", each)) != 0, f"port {each} is still served"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=calm_chromium()
        )
        yield launched
        launched.close()


def _phone(page: Page, name: str) -> FrameLocator:
    """Pick up somebody's phone from the list, which a narrow screen shows by itself."""
    people = page.get_by_role("button", name="人", exact=True)
    if people.is_visible():
        people.click()
    page.fill("#search", name)
    button = page.locator("#people button:visible").first
    nickname = button.get_attribute("data-nickname") or ""
    assert name in nickname
    button.click()
    return page.frame_locator(f'iframe[title="{nickname} 的手机"]')


def _say(phone: FrameLocator, words: str) -> None:
    phone.locator("#content").fill(words)
    phone.get_by_role("button", name="发送").click()


def test_a_resident_is_heard_answered_and_asked_whether_it_helped(
    demo: Demo, browser: Browser
) -> None:
    """A dark street lamp reaches its street's convener, who accepts and answers by chat; the
    resident reads the answer, says that it is solved, and how satisfied they are."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(demo.desk)
    resident = _phone(page, "居民 老李")
    _say(resident, "昭乌达路街道办门口的路灯坏了三天了，晚上摸黑走")
    expect(resident.locator("#thread")).to_contain_text("昭乌达路街道委员工作站会在")
    expect(resident.locator("#thread")).to_contain_text("因为您提到")

    convener = _phone(page, "昭乌达路街道委员工作站第一召集人")
    push = convener.locator("#thread").get_by_text("接单｜")
    expect(push).to_be_visible(timeout=15_000)
    found = re.search(r"回复 接(\d+)", push.inner_text())
    assert found is not None
    code = found[1]
    _say(convener, f"接{code}")
    expect(convener.locator("#thread")).to_contain_text("接下了")
    _say(convener, f"答{code} 已解决 路灯昨晚修好了")
    expect(convener.locator("#thread")).to_contain_text("答复发给居民了")

    resident = _phone(page, "居民 老李")
    expect(resident.locator("#thread")).to_contain_text("路灯昨晚修好了", timeout=15_000)
    page.screenshot(path=SCREENS / "desk-loop-1280.png")
    resident.get_by_role("button", name="是", exact=True).click()
    expect(resident.locator("#thread")).to_contain_text("办得满意吗")
    resident.get_by_role("button", name="基本满意").click()
    expect(resident.locator("#thread")).to_contain_text("谢谢您告诉我们")
    page.close()


def test_a_neglected_case_climbs_when_the_clock_is_pushed(demo: Demo, browser: Browser) -> None:
    """The convener does nothing: after a day on the demo clock the second convener has it, on a
    screen as small as a phone."""
    page = browser.new_page(viewport={"width": 375, "height": 720})
    page.goto(demo.desk)
    resident = _phone(page, "居民 小赵")
    _say(resident, "金河镇政府旁边的井盖没了，晚上谁看得见")
    expect(resident.locator("#thread")).to_contain_text("金河镇委员工作站会在")
    page.screenshot(path=SCREENS / "desk-phone-375.png")
    first = _phone(page, "金河镇委员工作站第一召集人")
    expect(first.locator("#thread")).to_contain_text("接单｜", timeout=15_000)
    page.get_by_role("button", name="+1 天").click()
    second = _phone(page, "金河镇委员工作站第二召集人")
    expect(second.locator("#thread")).to_contain_text("还没有人接", timeout=20_000)
    expect(page.locator("#quiet")).to_be_hidden()
    page.get_by_placeholder("分钟").fill("720")
    page.get_by_role("button", name="往前").click()
    expect(page.locator("#quiet")).to_be_visible()  # ten at night: nobody is reminded now
    page.close()
