"""The demo in a real browser: the main job in chat on the desk, then the pages as its people open
them. One file, so that one process of the suite has the running demo."""

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Demo
from tests.browser.screens import SCREENS, pick_up, say
from tests.browser.stories import STORIES, Story
from tests.browser.street import DESKTOP, PHONE, SOON, WIDE, Street, look

pytestmark = pytest.mark.slow


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A browser with nobody signed in; its tabs, which all ask the desk for news, are closed
    afterwards."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_story_is_lived_from_first_words_to_both_ratings(
    demo: Demo, visitor: BrowserContext, story: Story
) -> None:
    """What the report tells, by chat and on the pages; every page on the way is fit for a thumb,
    for large type and for a screen reader."""
    story(Street(demo, visitor))


def test_what_is_refused_says_what_to_do(demo: Demo, visitor: BrowserContext) -> None:
    """Outside WeChat, a number of nobody's, an empty list, and the page of one's data."""
    page = visitor.new_page()
    page.goto(f"{demo.app}/h5/mine")
    expect(page.get_by_role("heading", level=1)).to_have_text("请在微信里打开")
    look(page, "outside")
    empty = Street(demo, visitor).pages("居民 小周")
    look(empty, "empty")
    origin = empty.url.split("/h5/")[0]
    for path, name in (("c/261123-9999", "missing"), ("data", "data")):
        empty.goto(f"{origin}/h5/{path}")
        look(empty, name)


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
    expect(push).to_be_visible(timeout=SOON)
    found = re.search(r"回复 接(\d+)", push.inner_text())
    assert found is not None
    code = found[1]
    say(convener, f"接{code}")
    expect(convener.locator("#thread")).to_contain_text("接下了")
    say(convener, f"答{code} 已解决 路灯昨晚修好了")
    expect(convener.locator("#thread")).to_contain_text("答复发给居民了")

    resident = pick_up(page, "居民 老李")
    expect(resident.locator("#thread")).to_contain_text("路灯昨晚修好了", timeout=SOON)
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
    expect(first.locator("#thread")).to_contain_text("接单｜", timeout=SOON)
    page.get_by_role("button", name="+1 天").click()
    second = pick_up(page, "金河镇委员工作站第二召集人")
    expect(second.locator("#thread")).to_contain_text("还没有人接", timeout=20_000)
    expect(page.locator("#quiet")).to_be_hidden()
    page.get_by_placeholder("分钟").fill("720")
    page.get_by_role("button", name="往前").click()
    expect(page.locator("#quiet")).to_be_visible()  # ten at night: nobody is reminded now
    page.close()


def _act_all(phone: Page) -> None:
    """One of everything that a person does, by tapping."""
    log = phone.locator("#thread li")
    for panel, names in (
        ("", ("语音", "图片")), ("位置", ()), ("其他", ("视频", "表情", "取消关注", "关注")),
    ):  # fmt: skip
        for name in names or (phone.locator("#panel-place button").first.text_content() or "",):
            before = log.count()
            if panel:
                phone.get_by_role("button", name=panel, exact=True).click()
            phone.get_by_role("button", name=name, exact=True).click()
            expect(log.nth(before)).to_be_attached()
            expect(phone.locator("#status")).to_have_text("")
    for panel, field, words, done in (
        ("扫码", "二维码里的内容", "st-T001", "扫码"),
        ("其他", "网址", "https://example.com/a", "转发"),
    ):
        before = log.count()
        phone.locator(".tools").get_by_role("button", name=panel).click()
        phone.get_by_label(field).fill(words)
        phone.locator(".panel").get_by_role("button", name=done).click()
        expect(log.nth(before)).to_be_attached()
        expect(phone.locator("#status")).to_have_text("")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["375", "1280"])
def test_a_phone_on_the_desk_can_do_all_that_a_person_does(
    demo: Demo, visitor: BrowserContext, size: tuple[int, int]
) -> None:
    """Voice, picture, place, video, sticker, leaving and following, scanning, passing on a link."""
    phone = Street(demo, visitor).phone(f"街坊{size[0]}")
    phone.set_viewport_size({"width": size[0], "height": size[1]})
    _act_all(phone)
    phone.get_by_role("button", name="其他", exact=True).click()
    phone.screenshot(path=SCREENS / f"desk-phone-{size[0]}.png")
    assert not phone.evaluate(WIDE)
    openid = phone.locator("body").get_attribute("data-openid")
    kept = requests.get(f"{demo.desk}desk/users/{openid}/messages", timeout=5).json()
    assert {each["kind"] for each in kept if each["direction"] == "in"} == {
        "voice", "image", "location", "video", "text", "event", "link",
    }  # fmt: skip
