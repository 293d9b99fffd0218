"""The verbs of members' chat: 接37, 挂37 2027-03-02 等管网改造, 转12345 37 编号 …"""

import re
from collections.abc import Collection

from bot.domain.leave_words import leave_asked
from bot.domain.moves import Command, ItemAct, Leave, Slip

VERBS = {
    "接": "accept", "退": "return", "答": "answer", "收到": "acknowledge", "看": "show",
    "问": "ask", "挂": "hold", "延": "extend", "准": "grant", "不准": "deny", "转": "pass",
    "派": "assign", "请": "invite", "商": "consult", "回": "reply", "成果": "outcome",
    "协": "deliberate", "协商": "deliberate", "协毕": "conclude",
    "图": "photo", "照片": "photo",
    "进展": "progress", "督": "supervise", "督办": "supervise", "督毕": "release",
}  # fmt: skip
"""As typed → as bot.services.act knows it."""

_WORDS = "|".join(sorted(VERBS, key=len, reverse=True))
_TAIL = "(?:单|回|复|知|账|时|期|给|量)?"
_ACT = re.compile(
    rf"({_WORDS}){_TAIL}\s*(\d{{2,5}})(?![\d路号楼栋个年月日天])([\s,，:：.。、]*)(.*)", re.DOTALL
)
_BARE = re.compile(rf"(?:{_WORDS}){_TAIL}[\s。.!！?？]*")
_DATED = re.compile(rf"(?:{_WORDS}){_TAIL}\s*(?:\d{{4}}年)?\d{{1,2}}(?:月\d|[日天]).*", re.DOTALL)
"""A day where the item's code should be: 进展 12月3日 等配件."""
_HOTLINE = re.compile(r"转\s*12345[\s,，:：.。、]+(\d{2,5})(?!\d)[\s,，:：.。、]*(.*)", re.DOTALL)
_NUMBERED = re.compile(
    r"(督办|督毕)[\s,，:：]*需?\s*(\d{6}-\d{4})(?!\d)[\s,，:：.。、]*(.*)", re.DOTALL
)
_SLIP = re.compile(r"开单[\s,，:：.。、]*(.*)", re.DOTALL)
_BACK = re.compile(r"(?:我要|我)?(?:销假|回来了)[\s。.!！]*")
_CLEAR = frozenset({"answer", "ask", "hold", "consult", "reply", "deliberate", "progress"})
"""After these come words of one's own, which may well speak of a matter."""


def read_act(
    text: str, category: str | None, codes: Collection[int]
) -> Command | ItemAct | Slip | Leave | None:
    """The act that somebody with a post typed; None when it is no act. "看35路公交车太少" and
    "请3号楼的人别乱扔垃圾" are a resident's sentences. `category`: what the words
    speak of; `codes`: what the person has in hand."""
    if _BARE.fullmatch(text):
        return Command("items")
    if slip := _SLIP.fullmatch(text):
        return Slip(slip[1].strip())
    if handed := _HOTLINE.fullmatch(text):
        return ItemAct("hotline", int(handed[1]), handed[2].strip())
    if _BACK.fullmatch(text):
        return Command("back")
    away = leave_asked(text, category)
    if away is not None:
        return Leave(away)
    if named := _NUMBERED.fullmatch(text):
        return ItemAct(VERBS[named[1]], 0, named[3].strip(), named[2])
    act = _ACT.fullmatch(text)
    if act is None:
        return Command("items") if codes and _DATED.fullmatch(text) else None
    verb, code, gap, rest = VERBS[act[1]], int(act[2]), act[3], act[4].strip()
    speaks_of_it = bool(gap) or not rest or category is None
    known = code in codes and verb in _CLEAR | {"return"}
    return ItemAct(verb, code, rest) if verb == "answer" or speaks_of_it or known else None
