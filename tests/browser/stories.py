"""The stories that the network's report tells, and one of an ordinary winter evening. Each at a
station of its own, which no other test of the running demo uses: a push that is there already would
look like the one that is waited for."""

import json
from collections.abc import Callable

from playwright.sync_api import FilePayload, Locator, Page, expect

from simulator.media import picture
from tests.browser.street import Street, look

Story = Callable[[Street], None]


def _follow(page: Page, tapped: Locator) -> None:
    """Tap, and wait for the page that it leads to: what is looked at next is not the old one."""
    with page.expect_navigation():
        tapped.click()


def _done(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)


def _answer(work: Page, ending: str, words: str) -> None:
    work.get_by_label("办得怎么样").select_option(ending)
    work.get_by_label("给居民的话").fill(words)
    work.get_by_role("button", name="答复", exact=True).click()
    expect(work.get_by_text("居民还没有说解决了没有")).to_be_visible()


def _rate(mine: Page, solved: str, satisfied: str) -> None:
    mine.reload()
    mine.get_by_role("button", name=solved, exact=True).click()
    mine.get_by_role("button", name=satisfied, exact=True).click()


def _photo(number: int) -> FilePayload:
    return {"name": f"{number}.png", "mimeType": "image/png", "buffer": picture(number)}


def _slip(work: Page, place: str) -> None:
    """The same matter is told by somebody who came by: from the case to 开单 and back."""
    case = work.url
    work.get_by_role("link", name="待办").click()
    _follow(work, work.get_by_role("link", name="替居民开单"))
    look(work, "slip")
    work.get_by_label("什么事").fill("健身器材坏了，老人没地方活动")
    work.get_by_label("在哪里").fill(place)
    work.get_by_role("button", name="开单", exact=True).click()
    expect(work.get_by_text("是同一件事吗")).to_be_visible()
    look(work, "slip-alike")
    work.get_by_role("button", name="是同一件").click()
    _done(work, "补充到")
    work.goto(case)


def _allow(street: Street, who: str) -> None:
    """The platform's own tag on our page, which the desk stands in for."""
    page = street.pages(who)
    page.get_by_role("link", name="有结果时通知我").click()
    tag = page.frame_locator("wx-open-subscribe iframe")
    expect(tag.get_by_role("button", name="允许推给我")).to_be_visible()
    expect(page.locator("#no-tags")).to_be_hidden()
    look(page, "notices")
    tag.get_by_role("button", name="允许推给我").click()
    tag.get_by_role("button", name="允许", exact=True).click()
    _done(page, "有结果就推给您")
    expect(page.locator("main")).to_contain_text("您允许了，还没有用过")


def village_without_a_bus(street: Street) -> None:
    """Only the district is known, so staff confirm; its station asks the bus company's studio,
    which promises two routes; the old man who wrote taps twice in the chat."""
    street.says("居民 老乔", "我们赛罕区乌兰不浪村不通公交车，老人进城看病要走五里路")
    street.reads("居民 老乔", "编号")
    waiting = (json.loads(line) for line in street.office("cases", "queue").splitlines())
    number = next(case["number"] for case in waiting if "乌兰不浪" in str(case))
    street.office("cases", "dispatch", number, "赛罕区委员工作站")
    owner, helper = "赛罕区委员工作站第一召集人", "公共交通总公司委员工作室第一召集人"
    code = street.code(owner, "接单｜")
    street.says(owner, f"接{code}")
    street.reads(owner, "接下了")
    work = street.case(owner, "公交")
    work.get_by_text("请别的工作站协办").click()
    work.get_by_label("工作站的全名或代码").last.fill("公共交通总公司委员工作室")
    work.locator("#invite-words").fill("村里能不能通车？")
    _follow(work, work.get_by_role("button", name="请他们协办"))
    look(work, "story-bus-invited")
    part = street.code(helper, "协办｜")
    street.says(helper, f"接{part}")
    street.says(helper, f"答{part} 124路、36路下周一起绕到村口")
    street.reads(owner, "124路、36路下周一起绕到村口")
    street.says(owner, f"答{code} 已解决 下周一起124路、36路开到村口")
    street.reads("居民 老乔", "124路、36路开到村口")
    street.taps("居民 老乔", "是")
    street.reads("居民 老乔", "办得满意吗")
    street.taps("居民 老乔", "满意")
    street.reads("居民 老乔", "谢谢您")
    look(street.case("居民 老乔", "公交"), "story-bus-closed")


def wasteland_turned_into_parking(street: Street) -> None:
    """The second convener is faster than the first, and has to ask where it is; half of it is
    done, and the answer says so."""
    who = "敕勒川路街道委员工作站第二召集人"
    street.says("居民 老田", "敕勒川路街道有两千平米荒地没人管，能不能修个停车场")
    street.reads("居民 老田", "敕勒川路街道委员工作站会在")
    street.code("敕勒川路街道委员工作站第一召集人", "接单｜")
    work = street.case(who, "停车")
    work.get_by_role("button", name="接下来").click()
    _done(work, "接下了")
    work.get_by_text("问居民").click()
    work.get_by_label("要问的话").fill("荒地挨着哪个小区？")
    look(work, "story-parking-asking")
    work.get_by_role("button", name="发给居民").click()
    street.reads("居民 老田", "荒地挨着哪个小区？")
    street.says("居民 老田", "滨河小区南门对面")
    street.reads(who, "滨河小区南门对面")
    work.reload()
    _answer(work, "部分解决", "先平出了一半，八十个车位这周能停；另一半等拆了围墙再修。")
    mine = street.case("居民 老田", "停车")
    look(mine, "story-parking-answered")
    _rate(mine, "部分", "基本满意")
    expect(mine.get_by_text("基本满意").first).to_be_visible()


def fitness_ground_for_an_old_estate(street: Street) -> None:
    """All of it on the pages: the resident adds where it is, with a photo, the convener puts others
    to the answer, large type. Somebody who came by tells of the same: it is no second case."""
    street.says("居民 老周", "大学西路街道的健身器材坏了半年，老人没地方活动")
    street.reads("居民 老周", "大学西路街道委员工作站会在")
    mine = street.pages("居民 老周")
    expect(mine.get_by_role("heading", level=1)).to_have_text("我的诉求")
    look(mine, "mine")
    mine.get_by_role("link", name="健身器材").click()
    mine.get_by_text("补充几句").click()
    mine.get_by_label("要补充的话").fill("就在西门的小广场")
    mine.get_by_label("照片").set_input_files([_photo(1)])
    mine.get_by_role("button", name="补充").click()
    _done(mine, "补充好了")
    look(mine, "case")
    who = "大学西路街道委员工作站第一召集人"
    street.reads(who, "接单｜")
    work = street.pages(who)
    expect(work.get_by_role("heading", level=1)).to_contain_text("您手上有 1 件")
    look(work, "todo")
    _follow(work, work.get_by_role("link", name="健身"))
    look(work, "work")
    work.get_by_role("button", name="接下来").click()
    _done(work, "接下了")
    look(work, "work-accepted")
    _slip(work, "大学西路街道")
    work.get_by_text("放照片").click()
    work.locator("#photo-photos").set_input_files([_photo(n) for n in (2, 3, 4)])
    work.get_by_role("button", name="放上去").click()
    _done(work, "照片放好了")
    look(work, "work-photos")
    _answer(work, "已解决", "器材昨天换好了，一共六件。")
    mine.reload()
    look(mine, "answered")
    _rate(mine, "是", "基本满意")
    expect(mine.get_by_text("您说解决了，基本满意")).to_be_visible()
    _follow(mine, mine.get_by_role("button", name="大字版"))
    look(mine, "closed-large")
    _follow(work, work.get_by_role("link", name="办过的"))
    look(work, "done")


def lamps_for_a_lane(street: Street) -> None:
    """Somebody scans the poster at their station, so the lane needs no name of a street, and allows
    that the answer is brought. Two lamps were not enough: the case opens again without staff, and
    the second answer lights all thirteen."""
    who = "攸攸板镇委员工作站第一召集人"
    found = json.loads(street.office("classify", "--route", typed="攸攸板镇的路灯坏了"))
    street.scans("居民 老蒙", f"st_{found['route']['owner_code']}")
    street.says("居民 老蒙", "蒙古场巷三百米没有路灯，晚上黑得看不见")
    street.reads("居民 老蒙", "攸攸板镇委员工作站会在")
    _allow(street, "居民 老蒙")
    code = street.code(who, "接单｜")
    street.says(who, f"答{code} 已解决 巷口装了两盏灯")
    street.reads("居民 老蒙", "巷口装了两盏灯")
    street.taps("居民 老蒙", "没有")
    street.reads(who, "没有解决")
    mine = street.case("居民 老蒙", "路灯")
    look(mine, "story-lamps-open-again")
    work = street.case(who, "路灯")
    work.get_by_role("button", name="接下来").click()
    _answer(work, "已解决", "十三盏灯都装好了，七个小区、十二家店门口都亮。")
    mine.reload()
    _rate(mine, "是", "满意")
    look(mine, "story-lamps-closed")


def heating_for_the_hotline(street: Street) -> None:
    """Cold rooms are the heating company's: handed to 12345 with its number, and told so."""
    who = "东风路街道委员工作站第一召集人"
    street.says("居民 老冬", "东风路街道的暖气不热，屋里只有十二度")
    street.reads("居民 老冬", "东风路街道委员工作站会在")
    street.code(who, "接单｜")
    work = street.case(who, "暖气")
    work.get_by_role("button", name="接下来").click()
    _done(work, "接下了")
    work.get_by_text("转给 12345").click()
    work.get_by_label("12345 给的编号").fill("20261123001")
    work.locator("#hotline-words").fill("热力公司今天下午上门测温。")
    look(work, "story-heating-handing-on")
    work.get_by_role("button", name="转办").click()
    street.reads("居民 老冬", "20261123001")
    mine = street.case("居民 老冬", "暖气")
    look(mine, "story-heating-answered")
    _rate(mine, "部分", "满意")
    expect(mine.get_by_text("满意").first).to_be_visible()


STORIES: tuple[Story, ...] = (
    village_without_a_bus,
    wasteland_turned_into_parking,
    fitness_ground_for_an_old_estate,
    lamps_for_a_lane,
    heating_for_the_hotline,
)
