"""Categories, places, emergencies, urgency and intents: tables of what people write."""

import pytest

from bot.domain.understanding import Reading
from tests.understanding_rig import shared_understander


def read(text: str) -> Reading:
    return shared_understander().read(text)


TOPICS = [
    # the stories that the system is for
    ("我们乌兰不浪村不通公交，老人去镇上看病要走五里地", "transit"),
    ("对面两千平米荒地能不能改成停车场", "parking"),
    ("老旧小区没有健身的地方", "green"),
    ("蒙古场巷没有路灯，晚上黑", "road"),
    ("暖气不热，家里就十六度", "heating"),
    # a masked phrase counts for where it belongs, not for the words in it
    ("校车司机换了没人通知", "education"),
    ("小区里的路灯坏了，物业不管", "estate"),
    ("公交专用道违章被拍了", "road"),
    # who does it makes the matter: at school it is bullying, elsewhere it is not
    ("孩子在学校被同学欺负", "minors"),
    ("老百姓被开发商欺负", "housing"),
    ("孩子上学的学校太远", "education"),
    # a place's name is no topic
    ("大学西街垃圾没人清", "sanitation"),
    ("通道街修路", "road"),
]


@pytest.mark.parametrize("verb", ["清", "清运", "清理", "清扫"])
def test_a_phrase_is_no_weaker_for_the_longer_verb(verb: str) -> None:
    """垃圾没人清 cuts 清运 in two and would count half; the longer phrase is a word of its own."""
    read_as = read(f"大学东路街道办旁边的垃圾没人{verb}")
    assert (read_as.category, read_as.confident) == ("sanitation", True)


@pytest.mark.parametrize(("text", "code"), TOPICS)
def test_topics(text: str, code: str) -> None:
    """The best category is what the text is about."""
    assert read(text).category == code


LEADS = [
    # an official and a favour in one sentence, whatever else is named
    ("住建局局长王某收受开发商红包，我举报", True),
    ("村主任收钱了才给办低保", True),
    ("物业领导收钱了不办事", False),
    ("新华大街派出所所长包庇黑社会", True),
    ("局长收了开发商的红包", True),
    ("举报书记收开发商的钱", True),
    ("村支书把低保都给了自己亲戚", True),
    ("校长收择校费进自己腰包", True),
    ("城管收了摊贩的烟酒才不管", True),
    ("包庇黑社会的派出所所长", True),  # the favour first
    ("候家塘派出所涉嫌保护伞", True),  # a word that is enough alone
    ("小区的事说来话长。" * 20 + "局长收了开发商的红包。", True),  # in a letter too
    # a polite address, or others who take money
    ("书记您好，物业收了我们的钱不办事", False),
    ("我在微信抢红包被骗了两千", False),
    ("领导请管管物业乱收钱的事", False),
    ("小区物业收了停车的钱不给发票，希望领导管管", False),
    ("民警帮我找回了钱，感谢", False),
    ("物业主任不管", False),
    ("局长没来。物业收了红包", False),  # two sentences
]


@pytest.mark.parametrize(("text", "lead"), LEADS)
def test_corruption_leads(text: str, lead: bool) -> None:
    """Only named staff see a lead, all of it, and its words are told; look-alikes go their way."""
    reading = read(text)
    assert (reading.handling == "named_staff") == lead
    assert (reading.category == "discipline") == lead
    if lead:
        assert [part.code for part in reading.parts] == ["discipline"]
        assert reading.evidence[0].code == "discipline"


PLACES = [
    # full names, from the whole down to the estate
    ("回民区钢铁路街道", ("钢铁路街道", "回民区", True)),
    ("公主府社区", ("海拉尔东路街道", "新城区", True)),
    ("万正尚都暖气不热", ("敕勒川路街道", "赛罕区", True)),
    # the same name in two counties: the county tells, else nobody knows
    ("和林格尔县城关镇停水", ("城关镇", "和林格尔县", True)),
    ("清水河城关镇停水", ("城关镇", "清水河县", True)),
    ("城关镇停水", (None, None, False)),
    # a road that gave its name to a street office is weak …
    ("昭乌达路的路灯", ("昭乌达路街道", "赛罕区", False)),
    # … unless its district or the neighbourhood is named
    ("赛罕区昭乌达路", ("昭乌达路街道", "赛罕区", True)),
    ("昭乌达路附近", ("昭乌达路街道", "赛罕区", True)),
    ("昭乌达路和学苑街路口", ("昭乌达路街道", "赛罕区", True)),
    # an estate that we know only from memory stays unsure, whatever stands with it
    ("赛罕区恒大名都小区附近", (None, "赛罕区", True)),
    # only the district
    ("赛罕区的路灯", (None, "赛罕区", True)),
    # named in the report, street unknown
    ("乌兰不浪村", (None, None, False)),
]


@pytest.mark.parametrize(("text", "place"), PLACES)
def test_places(text: str, place: tuple[str | None, str | None, bool]) -> None:
    """The first place is the best: its street, its district, and whether it may route alone."""
    first = read(text).places[0]
    assert (first.unit, first.district, first.sure) == place


def test_a_city_name_is_no_place_to_send_to() -> None:
    """Everybody lives in Hohhot."""
    assert read("呼和浩特市的路灯").places == ()


def test_a_weak_name_of_another_district_is_dropped() -> None:
    """Who names the district knows better than a road's name."""
    assert [place.district for place in read("玉泉区昭乌达路").places] == ["玉泉区"]


EMERGENCIES = [
    ("着火了", "fire"),  # a bare cry
    ("我们楼着火了，三楼，快来人", "fire"),  # over commas
    ("樓上著火了，快來", "fire"),
    ("家里一股煤气味，头晕", "gas"),
    ("电线掉地上了还冒火花", "electric"),
    ("有人掉河里了", "drown"),
    ("我爸晕倒了叫不醒", "medical"),
    ("我不想活了", "suicide"),
    ("老公拿刀要砍我", "violence"),
    ("我儿子找不见了两个小时", "child"),
    ("工地塌了，埋了人", "collapse"),
    ("出车祸了有人躺地上", "traffic"),
    ("学生食物中毒，都吐了", "poison"),
    ("小孩误喝农药了", "poison"),
    ("煤气罐爆炸了", "mass"),
    ("去年着过火，现在又着火了，我家", "fire"),  # "现在" beats "去年"
    ("我们反映过很多次。" * 20 + "我不想活了", "suicide"),  # also at the end of a letter
    # not breathing, choking, bleeding
    ("我爸突然倒地没有呼吸", "medical"),
    ("我爸没有呼吸了", "medical"),
    ("我爸倒在地上不喘气了", "medical"),
    ("孩子噎住了脸都紫了", "medical"),
    ("被狗咬了流血不止", "medical"),
    ("有人被困电梯里喘不过气", "medical"),
    ("楼顶有人要往下跳", "suicide"),
    ("想死", "suicide"),  # nothing else is said
    ("孩子被人抱走了", "child"),
    ("煤气泄漏了好臭", "gas"),
    ("煤氣洩漏了好臭", "gas"),  # both ways to write it
    ("煤氣泄漏了好臭", "gas"),
    ("俺妈晕过去了", "medical"),
    ("心脏病犯了", "medical"),
    ("胸口疼", "medical"),
    ("有人要砍我", "violence"),
    ("路灯坏了三天了我家着火了", "fire"),  # a cry after a complaint
    # no emergencies
    ("电影里演的，楼着火了，哈哈", None),
    ("每天上班累得喘不过气", None),
    ("房贷压得我喘不过气", None),
    ("他说话噎人", None),
    ("小区里狗咬狗", None),
    ("热得想死", None),
    ("有人抱走了一盆花", None),
    ("孩子的书包被人抱走了", None),
    ("孩子从台阶往下跳着玩", None),
    ("去年我家着火了，低保没批下来", None),
    ("消防通道被堵，万一着火怎么办", None),
    ("火锅店油烟太大", None),
    ("楼下烧烤冒烟", None),
    ("叫120多少钱", None),
    ("想死你们了", None),
    ("救命钱报销不了", None),
    ("打我电话", None),
    ("就在三号楼下面", None),
    ("中风了三年了，能不能办残疾证", None),
    ("冻死了", None),
    ("路灯被撞坏了", None),
    ("天然气没气了怎么充值", None),
    ("急死人了，暖气不热", None),
    ("这是断头路", None),
    ("那边起火。小区停水", None),  # cues in two sentences don't meet
    ("我们小区消防设施瘫痪，曾经起火。" * 12, None),  # a letter tells of danger, not from danger
]


@pytest.mark.parametrize(("text", "code"), EMERGENCIES)
def test_emergencies(text: str, code: str | None) -> None:
    """Danger now is told from danger feared, past, or joked about."""
    reading = read(text)
    assert reading.emergency == code
    assert (reading.urgency == "emergency") == (code is not None)


def test_an_emergency_is_a_demand_whatever_else_it_is() -> None:
    """Abuse, commands or greetings don't hide it."""
    assert read("你好，我家着火了，废物").intent == "demand"


URGENT = [
    ("家里有八十多的老人，停暖了", "urgent"),
    ("停水三天了", "urgent"),
    ("井盖没了", "urgent"),
    ("广告牌快掉了", "urgent"),
    ("电梯困人了，快来人", "urgent"),
    ("停水了", "normal"),
]


@pytest.mark.parametrize(("text", "urgency"), URGENT)
def test_urgency(text: str, urgency: str) -> None:
    """Old people, children, long outages and loose things can't wait."""
    assert read(text).urgency == urgency


INTENTS = [
    ("暖气不热，麻烦给管管", "demand"),
    ("建议在大学西街东口加一个过街天桥", "suggestion"),
    ("暖气热了，非常满意，感谢委员", "praise"),
    ("上次反映的路灯到底给修没？一个月了", "followup"),
    ("都半个月了还没人给我回复，催一下哇", "followup"),
    ("菜单", "command"),
    ("查进度", "command"),
    ("你好", "chat"),
    ("谢谢啦", "chat"),
    ("asdfgh", "chat"),
    ("滚蛋，没用的废物", "abuse"),
    ("垃圾机器人", "abuse"),  # no matter of rubbish
    ("你们都是垃圾", "abuse"),
    ("你们那里都是垃圾，没人清理", "demand"),  # a matter of rubbish
    ("找工作站", "command"),  # nobody looks for work
    ("兼职日结三百，加微信xx123", "spam"),
    ("转人工服务，谢谢", "human"),
    # mixes: one that holds a demand is a demand
    ("谢谢你们上次帮忙，另外我家楼道灯又坏了", "demand"),
    ("你好，124路公交为啥改线了", "demand"),
    ("一群废物，工地半夜还施工，管不管了", "demand"),
    ("路灯修好了，点赞，井盖也顺便给安上哇", "demand"),
    ("谢谢，我那个单子办得咋样了", "followup"),
    ("我妈刷单被骗了两万，兼职日结是假的", "demand"),
    ("给我转人工，暖气管爆了", "demand"),
    ("建议装个红绿灯，昨天又撞了一个人", "demand"),
    ("辛苦了，好的", "chat"),
    # not what they look like
    ("我的暖气不热", "demand"),
    ("路灯修好了吗", "demand"),
    ("小区停水三天没人管，几天了", "demand"),
    ("详情见 https://example.org/1 ，我们小区的开发商一直不给办理房产证怎么办", "demand"),
    # thanks that hold a complaint, and thanks that only sound like one
    ("路灯修好了，还是不亮", "demand"),
    ("昭乌达路路灯修好了几盏，还有三盏不亮，谢谢", "demand"),
    ("感谢你们，垃圾清了，又堆上了", "demand"),
    ("路灯亮了，声音太大，谢谢", "demand"),
    ("昭乌达路的路灯修好了谢谢，小区门口的也修一下", "demand"),
    ("路灯修好了谢谢，路面还坑坑洼洼", "demand"),
    ("昭乌达路的路灯修好了谢谢", "praise"),
    ("没想到这么快，路灯修好了，谢谢", "praise"),
    ("路灯修好了，再也不用摸黑走路了，感谢", "praise"),
    ("路灯修好了，还专门打电话回访，点赞", "praise"),
    ("感谢昭乌达路街道委员工作站帮我们装了路灯", "praise"),
    ("那个事情到底什么时候才行啊", "followup"),  # registered all the same where there is no case
]


@pytest.mark.parametrize(("text", "intent"), INTENTS)
def test_intents(text: str, intent: str) -> None:
    """What people want, also when they want two things at once."""
    assert read(text).intent == intent


def test_marks_go_with_the_demand() -> None:
    """A wish for a person and an angry tone are kept, and never keep a demand out."""
    assert read("给我转人工，暖气管爆了").want_human
    assert read("一群废物，工地半夜还施工，管不管了").angry
    assert read("菜 单！").command == "菜单"
