"""The short words people type, and what each means. Matching ignores case, spaces, punctuation."""

import re
import unicodedata

from bot.domain.cases import parse_number

COMMANDS: dict[str, tuple[str, ...]] = {
    "new": ("提诉求", "我要反映", "反映问题", "提意见", "我要提诉求", "提交", "补充材料"),
    "progress": ("查进度", "进度", "查询", "我的诉求", "我的", "我的单子", "查一下进度",
                 "查询进度", "进度查询", "我的进度", "看进度", "查看进度", "看看进度", "评价",
                 "我要评价"),
    "find": ("找工作站", "附近工作站", "工作站", "哪个工作站", "找工作室"),
    "human": ("人工", "转人工", "人工服务", "人工客服", "找人工", "联系工作人员",
              "找工作人员", "客服", "找客服", "接人工", "人工在吗"),
    "withdraw": ("撤回", "撤销", "取消", "我要撤回", "不反映了", "撤回诉求", "撤回刚才那条",
                 "撤回上一条", "我要撤回刚才那条", "取消诉求"),
    "refuse": ("不同意", "我不同意"),
    "agree": ("同意", "我同意"),
    "help": ("帮助", "菜单", "说明", "使用说明", "首页", "主菜单", "返回", "重新开始", "退出",
             "上一步", "怎么用", "咋用", "帮助菜单", "使用帮助", "给个菜单", "打开菜单"),
    "drill": ("演练收到",),
    "items": ("待办", "我的待办", "我的任务", "接单", "任务"),
}  # fmt: skip

_LONGEST = 40
"""Characters of a command at most, with whatever is typed around it."""

ANSWERS: dict[str, dict[str, tuple[str, ...]]] = {
    "solved": {
        "no": ("没有", "没", "否", "不是", "没解决", "没有解决", "未解决", "还没", "还没有",
               "不行", "3"),
        "partly": ("部分", "部分解决", "解决了一部分", "一部分", "差不多", "2"),
        "yes": ("是", "是的", "解决了", "已解决", "解决", "办好了", "好了", "对", "嗯", "1"),
    },
    "satisfied": {
        "no": ("不满意", "很不满意", "不太满意", "3"),
        "partly": ("基本满意", "一般", "还行", "还可以", "2"),
        "yes": ("满意", "很满意", "非常满意", "好", "1"),
    },
    "lasting": {
        "no": ("又坏了", "坏了", "不好", "又不行了", "不行", "2"),
        "yes": ("还好", "好", "好的", "很好", "挺好", "挺好的", "都好", "好着呢", "还行", "还可以",
                "正常", "没问题", "没坏", "1"),
    },
    "helped": {
        "no": ("没有", "没", "否", "不是", "没解决", "没有解决", "未解决", "还没", "还没有",
               "不行", "不对", "没用", "没明白", "看不懂", "2"),
        "yes": ("是", "是的", "解决了", "已解决", "解决", "知道了", "明白了", "清楚了", "懂了",
                "好了", "对", "嗯", "1"),
    },
    "withdraw": {
        "no": ("不", "不撤回", "不撤", "否", "不是", "先不", "不用", "2"),
        "yes": ("是", "是的", "确认", "撤回", "确认撤回", "对", "好", "1"),
    },
    "place": {
        "skip": ("不知道", "不清楚", "不说", "不方便", "不方便说", "不想说", "跳过", "没有",
                 "不答"),
    },
}  # fmt: skip

_NEW_MATTER = re.compile(
    r"(?:另外)?(?:还有|再说|再反映|另外|另有)(?:一件|一个|个|件)?(?:别的|其他)?(?:事情|事儿|问题|事)"
    r"[\s,，:：.。、;；]*(.*)",
    re.DOTALL,
)
_NOT_SOLVED = re.compile(
    r"^(?:根本|一点|还|也|都|并|仍|依然)*(?:没|未|不)|还是|又(?:坏|不|没)|照样"
)
_BROKEN = re.compile(r"又(?:坏|不|没|灭|堵|漏|黑|停|断|开始|这样|老样)|老样子|跟以前一样")
_STILL_GOOD = re.compile(
    r"(?:都|现在|目前|一直|到现在|路灯|灯|水|电|路)*(?:还|都|挺|很)*(?:好着|亮着|好用|正常|没再|没坏|没问题|不错|能用)"
)
_PARTLY = re.compile(r"一半|部分|一些|大部|好了一|有的(?:好|修|亮)")
_SOLVED = re.compile(r"(?:都|已经|今天|昨天|昨晚|全)*(?:解决|修好|办好|办完|好|亮|通)了")
_DIGITS = re.compile(r"(?:我|的|手机|电话|号码|尾号|后四位|号|是|为|[\s:：,，])*(\d{4,11})[\s。.]*")
_NUMBER = re.compile(r"(?<!\d)\d{6}\s*[-‐‑–—_~]\s*\d{1,6}(?!\d)|需\s*\d{6}\s*-?\s*\d{4}(?!\d)")


def bare(text: str) -> str:
    """The text without spaces, punctuation and symbols, in lower case and half width."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def unfilled(words: str) -> bool:
    """Whether something is still to be filled in: ＿＿, or a name in braces."""
    return "＿" in words or re.search(r"\{[A-Za-z_]{1,30}\}", words) is not None


def joined(earlier: str, words: str) -> str:
    """Pieces of one telling as one text. A comma keeps a bare place and its matter together; a
    sentence that was ended stays ended."""
    if not earlier or not words:
        return earlier or words
    between = "，" if earlier[-1].isalnum() else "\n"
    return earlier + between + words


def command_of(text: str) -> str | None:
    """Name of the command, if the whole text is one."""
    if len(text) > _LONGEST:
        return None
    word = bare(text)
    return next((name for name, words in COMMANDS.items() if word in words), None)


def answer_to(kind: str, text: str) -> tuple[str, str] | None:
    """(value, comment) if the text answers a question of this kind: "没有，还是黑的" is
    ("no", "还是黑的"). None when it says something else."""
    head, comment = _split_head(text)
    for value, words in ANSWERS[kind].items():
        if head in words:
            return value, comment
    return None


def _split_head(text: str) -> tuple[str, str]:
    pieces = re.split(r"[\s,，:：.。、;；!！]+", text.strip(), maxsplit=1)
    head = bare(pieces[0])
    return head, pieces[1].strip() if len(pieces) > 1 else ""


def loose_answer(text: str) -> str | None:
    """yes, partly or no when a sentence answers 解决了吗 without the words on the buttons:
    "还是不亮", "修了一半". None when it says neither."""
    plain = bare(text)
    if _PARTLY.search(plain):
        return "partly"
    if _NOT_SOLVED.search(plain):
        return "no"
    return "yes" if _SOLVED.match(plain) else None


def held_up(text: str) -> str | None:
    """yes or no when a sentence tells whether what was solved four weeks ago has held: "还亮着",
    "又漏水了". None when it says neither."""
    plain = bare(text)
    if _BROKEN.search(plain):
        return "no"
    return "yes" if _STILL_GOOD.match(plain) else None


def withdraws(text: str) -> bool:
    """The text begins with a word of taking back: 撤回 需261123-0007."""
    return text.strip().startswith(COMMANDS["withdraw"])


def find_number(text: str) -> str | None:
    """A case number in the text, as YYMMDD-NNNN."""
    for piece in _NUMBER.findall(unicodedata.normalize("NFKC", text)):
        typed = parse_number(piece)
        if typed is not None and typed.full is not None:
            return typed.full
    return None


def split_new_matter(text: str) -> str | None:
    """What follows "还有一件事", "" if nothing does, None if the text does not start so."""
    match = _NEW_MATTER.fullmatch(text.strip())
    return match[1] if match else None


def digits_in(text: str) -> str:
    """The last four digits of a phone, if that is what the text says: four, or the whole number
    typed all the same. Anything else between is wrong, and told as such; "" says something else."""
    found = _DIGITS.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return ""
    return found[1][-4:] if len(found[1]) == 11 else found[1]
