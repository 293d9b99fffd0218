"""Whether a text only asks, what it asks for, and about what.

In doubt it is no question: a complaint that is answered from a list is worse than a question that
a person answers. Every pattern is linear in the text, of which only a short one is looked at.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.nlp.fold import fold

LONGEST = 60
"""Characters of a question; whoever writes more tells a story."""
FEWEST = 2
"""Characters of content, without which nothing is asked about."""

_SAME = (
    ("采暖费", "取暖费"), ("暖气费", "取暖费"), ("供热费", "取暖费"), ("供暖费", "取暖费"),
    ("缴纳", "交"), ("缴", "交"), ("办理", "办"), ("犬", "狗"),
    ("哪儿", "哪里"), ("啥", "什么"), ("多会儿", "什么时候"), ("多会", "什么时候"),
    ("咋", "怎么"), ("如何", "怎么"), ("怎样", "怎么"), ("岁数", "年纪"), ("平方米", "平米"),
    ("平方", "平米"), ("哪些", "什么"), ("手机上", "手机"), ("甚时候", "什么时候"),
)  # fmt: skip
"""Words that say the same in a question, the first for the second."""

_WRONG = re.compile(
    r"不热|不亮|不通|不灵|不修|不管|不给|不让|不来|不收我|没人[修管清来理]|没人$|没有人|没消息|没分"
    r"|没反应|没动静|没结果|没水|没电|没暖|没修|坏|漏|堵|臭|[太很好真]吵|别吵|吵得|脏|塌|裂|砸|咬|打了"
    r"|被|推来推去|推诿|态度|投诉|举报|反映|拖欠|欠|骗|送礼|亲戚|冒用|打不[开通]|刷不|登不|办不了"
    r"|为什么|为何|凭什么|怎么[又还不没老总才这那就]|怎么回事|咋回事|又[涨停断坏]|天天|一直|老是|总是"
    r"|受不了|解决|处理|协调|管管|希望|建议|要求|帮[我忙帮]|求助|急用|能不能(?:给|把|在|让|修|装|管)"
    r"|修好|[两三四五六七八九十几半多\d][个多]?[天年月周](?:了|还|没)|还[没不]|一直|没完|扰民|噪音|事故|死|伤"
)
"""Words of something that is wrong, or of wanting something done: such a text is a demand."""

_ASKS = (
    ("phone", r"(?:打|拨)(?:什么|哪个|多少)?(?:电话|号码)|电话(?:号码)?(?:是)?多少|联系电话"),
    ("price", r"多少钱|几块钱?|什么价|价格|收费标准|怎么收费|费用|收多少|交多少|多少费|多少"),
    (
        "when",
        r"什么时候|什么时间|开放时间|时间|何时|几点|几号|几月|哪天|哪一天|截止|截至|周[一二三四五六日]",
    ),
    ("long", r"多久|多长|几天|几个工作日|几个月"),
    ("age", r"多大年纪|多大|几岁|年龄|年纪"),
    (
        "papers",
        r"(?:需要|准备|提供|[要得带拿用]){0,3}什么(?:材料|手续|证件|资料|东西)|材料|手续|资料",
    ),
    ("terms", r"什么条件|条件|什么资格|资格|什么人"),
    ("who", r"找谁|归谁|谁管|什么部门|哪个部门|哪个单位|哪里管"),
    ("where", r"什么地方|哪个地方|[去到在上]?哪里|哪个窗口|[去到在上]哪(?!个|天|一|种)|地址|位置"),
    (
        "what",
        r"是(?:干|做)什么的|(?:干|做)什么的?|什么意思|什么电话|管什么|办什么事?|是什么|什么是",
    ),
    ("how", r"怎么|流程|步骤|途径"),
    (
        "whether",
        r"能不能|可不可以|行不行|是不是|是否|有没有|要不要|用不用|需不需要|([\u4e00-\u9fff])不\1"
        r"|[吗嘛]|么(?=$|[?？。])|没有?(?=[?？]?$)",
    ),
    ("which", r"什么|哪个|哪种|哪|谁"),
)
"""What may be asked for, in the order in which it is looked for; what was found is taken out."""
_FINDERS = tuple((name, re.compile(pattern)) for name, pattern in _ASKS)

_EMPTY = re.compile(
    r"请问|请教|打听|咨询|了解|您好|你好|想问|问一下|问问|问|麻烦|谢谢|告诉|知道|一下|我们|我家|家里"
    r"|我妈|我爸|我老公|我老婆|我|你们|你|您|咱们|咱|这里|这边|这|那|呼和浩特市?|呼市|今年|现在|需要|可以"
    r"|应该|能|会|要|得|想|去|到|在|的|了|呢|啊|呀|吧|哦|是|有|用|开始|弄|上(?=哪)"
)
"""Words that say nothing of what it is about."""
_NO = re.compile(r"[不没无未别]")
_DIGITS = re.compile(r"\d+")
_RUN = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. `kinds`: what it asks for; `runs`: stretches of what it is about; `numbers` in
    it; `denies`: it holds a "not"."""

    kinds: frozenset[str]
    runs: tuple[str, ...]
    numbers: frozenset[str]
    denies: bool


def asked(text: str) -> Asked | None:
    """The question that a resident's text is; None when it may be more, or another thing."""
    if len(text) > LONGEST:
        return None
    plain = _plain(text)
    if _WRONG.search(plain):
        return None
    found = _taken_apart(plain)
    return found if found.kinds and sum(map(len, found.runs)) >= FEWEST else None


def wording(text: str) -> Asked:
    """The same for a question of the list, which says in its own way what it asks."""
    return _taken_apart(_plain(text))


def _plain(text: str) -> str:
    plain = fold(text).text.lower()
    for word, same in _SAME:
        plain = plain.replace(word, same)
    return plain


def _taken_apart(plain: str) -> Asked:
    kinds, rest = set(), plain
    for kind, finder in _FINDERS:
        left = finder.sub(" ", rest)
        if left != rest:
            kinds.add(kind)
            rest = left
    denies = _NO.search(rest) is not None
    runs = tuple(_RUN.findall(_EMPTY.sub(" ", rest)))
    return Asked(frozenset(kinds), runs, frozenset(_DIGITS.findall(plain)), denies)


def gathered(texts: Sequence[str]) -> list[tuple[str, tuple[int, ...]]]:
    """Questions about the same: the word that they share and which they are, the most first; those
    that share nothing with another come under no word."""
    contents = [_taken_apart(_plain(text)).runs for text in texts]
    pairs = [{run[at : at + 2] for run in runs for at in range(len(run) - 1)} for runs in contents]
    left, found = set(range(len(texts))), []
    while True:
        count = Counter(pair for at in sorted(left) for pair in pairs[at])
        pair, most = min(count.items(), key=lambda each: (-each[1], each[0]), default=("", 0))
        if most < 2:
            break
        alike = tuple(at for at in sorted(left) if pair in pairs[at])
        found.append((_grown(pair, [contents[at] for at in alike]), alike))
        left.difference_update(alike)
    return found + ([("", tuple(sorted(left)))] if left else [])


def _grown(pair: str, contents: Sequence[Sequence[str]]) -> str:
    """The longest stretch around the pair that all of them have."""
    first = next(run for run in contents[0] if pair in run)
    start = first.index(pair)
    end = start + len(pair)

    def all_have(word: str) -> bool:
        return all(any(word in run for run in runs) for runs in contents)

    while end < len(first) and all_have(first[start : end + 1]):
        end += 1
    while start and all_have(first[start - 1 : end]):
        start -= 1
    return first[start:end]
