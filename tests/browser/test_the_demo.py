"""The demo in a real browser: the main job in chat on the desk, then the pages as its people open
them. One file, so that one process of the suite has the running demo."""

import re
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Demo
from tests.browser.screens import ROOT, SCREENS, pick_up, say

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
PHONE, DESKTOP = (375, 812), (1280, 800)
SMALL = """() => [...document.querySelectorAll("a, button, summary, select, textarea")]
  .filter((e) => e.checkVisibility() && !e.matches(".skip, p a"))
  .filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML)"""
TINY = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 16)
  .map((e) => e.outerHTML)"""
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def _faults(page: Page) -> list[str]:
    """What axe calls serious or worse, targets below 44 px, text below 16 px, and sideways
    scrolling, also with text at 200 %."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("() => axe.run()")
    faults = [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    faults += page.evaluate(SMALL) + page.evaluate(TINY)
    for size in ("16px", "32px"):
        page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
        faults += [f"sideways at {size}"] if page.evaluate(WIDE) else []
    page.evaluate("() => document.documentElement.removeAttribute('style')")
    return faults


def _look(page: Page, name: str) -> None:
    """Judge the page, and keep what it looks like on a phone and on a desktop."""
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        whole = max(height, page.evaluate("() => document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": whole})  # the tabs lie at the end then
        page.screenshot(path=SCREENS / f"h5-{name}-{width}.png")
    page.set_viewport_size({"width": width, "height": height})
    assert _faults(page) == [], name


def _phone(visitor: BrowserContext, demo: Demo, who: str) -> Page:
    """Somebody's phone at its own origin, in a tab of its own; a newcomer gets one."""
    people = requests.get(f"{demo.desk}desk/users", timeout=5).json()
    known = (each["nickname"] for each in people if who in each["nickname"])
    body = {"nickname": next(known, who)}
    handle = requests.post(f"{demo.desk}desk/users", json=body, timeout=5).json()["handle"]
    page = visitor.new_page()
    page.goto(demo.desk.replace("127.0.0.1", f"{handle}.localhost") + "phone")
    page.locator("#thread ol").wait_for(state="attached")
    return page


def _pages(phone: Page) -> Page:
    """What the phone's menu button opens, in a tab of its own."""
    phone.get_by_role("button", name="我的诉求").click()
    with phone.expect_popup() as opened:
        phone.get_by_role("link", name="我的诉求").click()
    return opened.value


@pytest.fixture
def visitor(browser: Browser) -> BrowserContext:
    """A browser with nobody signed in."""
    return browser.new_context()


def _add(mine: Page) -> None:
    """The resident follows the case and adds where it is."""
    expect(mine.get_by_role("heading", level=1)).to_have_text("我的诉求")
    _look(mine, "mine")
    mine.get_by_role("link", name="健身器材").click()
    mine.get_by_text("补充几句").click()
    mine.get_by_label("要补充的话").fill("就在西门的小广场")
    mine.get_by_role("button", name="补充").click()
    expect(mine.get_by_role("status")).to_contain_text("补充好了")
    _look(mine, "case")


def _answer(work: Page) -> None:
    """The convener finds it in the list, takes it on, and answers."""
    expect(work.get_by_role("heading", level=1)).to_contain_text("您手上有 1 件")
    _look(work, "todo")
    work.get_by_role("link", name="健身").click()
    _look(work, "work")
    work.get_by_role("button", name="接下来").click()
    expect(work.get_by_role("status")).to_contain_text("接下了")
    work.get_by_label("办得怎么样").select_option("已解决")
    work.get_by_label("给居民的话").fill("器材昨天换好了，一共六件。")
    _look(work, "work-accepted")
    work.get_by_role("button", name="答复").click()
    expect(work.get_by_text("居民还没有说解决了没有")).to_be_visible()


def _rate(mine: Page) -> None:
    """The resident reads the answer and taps twice."""
    mine.reload()
    _look(mine, "answered")
    mine.get_by_role("button", name="是", exact=True).click()
    mine.get_by_role("button", name="基本满意").click()
    expect(mine.get_by_text("您说解决了，基本满意")).to_be_visible()
    mine.get_by_role("button", name="大字版").click()
    _look(mine, "closed-large")


def test_a_case_lives_on_the_pages_from_first_words_to_both_ratings(
    demo: Demo, visitor: BrowserContext
) -> None:
    """The resident follows it, the convener takes it on and answers, the resident rates; every
    page on the way is fit for a thumb, for large type and for a screen reader."""
    resident = _phone(visitor, demo, "居民 老周")
    resident.locator("#content").fill("大学西路街道的健身器材坏了半年，老人没地方活动")
    resident.get_by_role("button", name="发送").click()
    expect(resident.locator("#thread")).to_contain_text("大学西路街道委员工作站会在")
    mine = _pages(resident)
    _add(mine)
    convener = _phone(visitor, demo, "大学西路街道委员工作站第一召集人")
    expect(convener.locator("#thread")).to_contain_text("接单｜", timeout=15_000)
    work = _pages(convener)
    _answer(work)
    _rate(mine)
    work.get_by_role("link", name="办过的").click()
    _look(work, "done")


def test_what_is_refused_says_what_to_do(demo: Demo, visitor: BrowserContext) -> None:
    """Outside WeChat, a number of nobody's, an empty list, and the page of one's data."""
    page = visitor.new_page()
    page.goto(f"{demo.app}/h5/mine")
    expect(page.get_by_role("heading", level=1)).to_have_text("请在微信里打开")
    _look(page, "outside")
    empty = _pages(_phone(visitor, demo, "居民 小周"))
    _look(empty, "empty")
    origin = empty.url.split("/h5/")[0]
    for path, name in (("c/261123-9999", "missing"), ("data", "data")):
        empty.goto(f"{origin}/h5/{path}")
        _look(empty, name)


def test_a_resident_is_heard_answered_and_asked_whether_it_helped(
    demo: Demo, browser: Browser
) -> None:
    """A dark street lamp reaches its street's convener, who accepts and answers by chat; the
    resident reads the answer, says that it is solved, and how satisfied they are."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(demo.desk)
    resident = pick_up(page, "居民 老李")
    say(resident, "昭乌达路街道办门口的路灯坏了三天了，晚上摸黑走")
    expect(resident.locator("#thread")).to_contain_text("昭乌达路街道委员工作站会在")
    expect(resident.locator("#thread")).to_contain_text("因为您提到")

    convener = pick_up(page, "昭乌达路街道委员工作站第一召集人")
    push = convener.locator("#thread").get_by_text("接单｜")
    expect(push).to_be_visible(timeout=15_000)
    found = re.search(r"回复 接(\d+)", push.inner_text())
    assert found is not None
    code = found[1]
    say(convener, f"接{code}")
    expect(convener.locator("#thread")).to_contain_text("接下了")
    say(convener, f"答{code} 已解决 路灯昨晚修好了")
    expect(convener.locator("#thread")).to_contain_text("答复发给居民了")

    resident = pick_up(page, "居民 老李")
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
    resident = pick_up(page, "居民 小赵")
    say(resident, "金河镇政府旁边的井盖没了，晚上谁看得见")
    expect(resident.locator("#thread")).to_contain_text("金河镇委员工作站会在")
    page.screenshot(path=SCREENS / "desk-phone-375.png")
    first = pick_up(page, "金河镇委员工作站第一召集人")
    expect(first.locator("#thread")).to_contain_text("接单｜", timeout=15_000)
    page.get_by_role("button", name="+1 天").click()
    second = pick_up(page, "金河镇委员工作站第二召集人")
    expect(second.locator("#thread")).to_contain_text("还没有人接", timeout=20_000)
    expect(page.locator("#quiet")).to_be_hidden()
    page.get_by_placeholder("分钟").fill("720")
    page.get_by_role("button", name="往前").click()
    expect(page.locator("#quiet")).to_be_visible()  # ten at night: nobody is reminded now
    page.close()
