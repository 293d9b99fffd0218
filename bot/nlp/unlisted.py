"""Names of places that the gazetteer lacks, told by how places are called and spoken of.

Only guesses: people decide what becomes of them. The text comes with its listed places covered.
"""

import re
from collections.abc import Iterator

MOST = 3
"""Names of one text."""
LONGEST = 10
_SEARCHED = 1000
_FUNCTION = (
    "的了是在有我你您他她它们咱俺这那个和与跟或就都也还又很太最更被把给让叫对从到去来往向住说问请想要能会可没不"
    "别只才刚已正将着过得地吗呢吧啊呀嘛哦哎为因所以而且但如果虽然等及其之于做用看听见买卖修建开关走上下里外内中前后"
    "旁边时候天年月日号点分钟今昨明每各某该此本几多少些再比当由随沿靠距离进满扫坏全两块条座什么"
)
"""Characters that a name does not hold; 南, 北 and numbers it may."""
_RUN = f"[^\\W\\d_a-zA-Z{_FUNCTION}]"
_BEFORE = r"(?:^|(?<=[\W□])|(?<=[在住从到去])|(?<=位于)|(?<=[我咱俺]们)|(?<=[我咱俺]是))"
_KIND = (
    r"小区|花园|家园|公寓|新村|[佳嘉雅]苑|嘉园|名[都城邸]|华[府庭]|国际城|时代城|家属[院楼]|大街|大道|社区|学校"
    r"|(?<![满炸临半吃])街(?!道)|(?<!冷)巷|(?:嘎查|(?<![农驻选乡])村)|桥(?!梁)|广场(?!舞)|市场(?!监)|公园|商场|大厦"
    r"|(?<![短跑绕带线封回半一土小近活石冰铺红网护铁公马套指])路(?![灯面段牌人况费由线基政边])"
    r"|(?<![经运])营(?![业商养销])|[小中]学|医院|收费站|派出所|体育[馆场]|[图美]\w{1,2}馆"
)
_AFTER = (
    r"(?=$|[\W\d_]|[的里有那这附没停一东西南北门口旁对往到和与也都就又还后上下住天老出拆修坏路是])"
)
_BY_KIND = re.compile(f"{_BEFORE}({_RUN}{{2,6}}?(?:{_KIND})){_AFTER}")
_BY_PLACE = re.compile(
    f"(?:[在住到去]|我们|咱们|俺们)({_RUN}{{2,6}}?)(?:附近|旁边|对面|门口|跟前|[这那][边块片]|一带)"
)
_LEAD = re.compile(
    r"昨天|今天|昨晚|今早|今年|去年|上周|最近|现在|目前|晚上|早上|我家|同志|领导|师傅|你好|您好|请问|反映|投诉|举报"
    r"|呼和浩特市?|呼市|市区|城区|郊区|旗县|整个|全部|附近|隔壁|许多|好多|大量|部分|还有|另外|老人|孩子|居民|业主"
)
"""Before a name without being one."""
_GENERIC = re.compile(
    r"农贸|批发|集贸|便民|老旧|新旧|主干|支干|十字|人行|机动|自行|高速|柏油|水泥|砂石|铁路|公路|马路|道路|巷道|街巷"
    r"|楼[道房下]|单元|门[口前]|二手|人才|劳务|房产|金融|股票|文化|休闲|健身|儿童|口袋|街心|封闭|智慧|回迁|安置|拆迁"
    r"|棚户|物业|电梯|出租|自建|自然|行政|城市|城中|乡村|农村|步行|商业|中心|主要|周边|街道|公司"
    r"|单位|工厂|超市|饭店|餐馆|公交|地铁|车站|停车|垃圾|路灯|红绿|井盖|斑马|夜市|早市|菜|工地|银行|幼儿|家里|老家"
    r"|同一|整条|一条|两条|三条|那条|这条|天桥|立交|高架|过街|断头|必经|乡间|田间|环城|进城|出城|入城|盲道|一[街路]|小路|附属|中小学|人民医院|体检|大医院|全村|大学生"
    r"|^(?:小区|学校|医院|大队|自己|收件人|产房)|公立|民办|[省市县]级|普通|一[名栋]|^希望|谢谢|公寓$|家医院|改造|连接"
)


def names(text: str) -> tuple[str, ...]:
    """Up to MOST names in order of the text, each once. `text`: folded, its listed places and
    personal data covered by characters that are no letters."""
    text = _LEAD.sub(lambda lead: "，" * len(lead[0]), text[:_SEARCHED])
    return tuple(dict.fromkeys(_all(text)))[:MOST]


def _all(text: str) -> Iterator[str]:
    found = [(m.start(1), m[1]) for way in (_BY_KIND, _BY_PLACE) for m in way.finditer(text)]
    for _, name in sorted(found):
        if len(name) <= LONGEST and not _GENERIC.search(name):
            yield name
