"""What a member types, as values: an answer with its ending and outcomes, a date, a number."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.cases import CHINESE, Ending, Outcome, named_ending

_GAP = " \t\r\n,，。:：、;；　"
_OUTCOMES = {CHINESE[o]: o for o in Outcome if o is not Outcome.HOTLINE} | {
    "实事": Outcome.GOOD_DEED, "社情民意": Outcome.OPINION_REPORT,
}  # fmt: skip
"""转12345 needs a number and has a verb of its own."""
_NUMBER = re.compile(
    r"(?:编号|单号|工单号|号码|号)?[\s:：]*([A-Za-z0-9][A-Za-z0-9-]{4,39})(.*)", re.DOTALL
)
_DATE = re.compile(
    r"(?:(\d{4})\s*[-/.年])?\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?!\d)(.*)", re.DOTALL
)
_DAYS = re.compile(r"(\d{1,3})\s*(?:个)?(?:工作日|天|日)?(?!\d)(.*)", re.DOTALL)
FARTHEST = timedelta(days=366)
"""A review date further away is a typing error."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` is all that the resident reads, the ending's own word included; empty when nothing
    but an ending was said. `outcomes` are what the first words name."""

    ending: Ending
    outcomes: tuple[Outcome, ...]
    text: str


def read_answer(words: str) -> Answer:
    """答37 已解决 为民办实事 灯昨晚亮了. The first word may name the ending (explained when it
    doesn't), the words after it outcomes, each set off by a space or comma; names of outcomes are
    for the network and are taken out. 尚未部分解决 in a sentence claims nothing."""
    ending = named_ending(words)
    word, rest = CHINESE[ending], words.strip(_GAP)
    named = rest.startswith(word)
    rest = rest.removeprefix(word).lstrip(_GAP)
    outcomes: list[Outcome] = []
    while True:
        outcome, after = _leading(rest)
        if outcome is None:
            break
        outcomes.append(outcome)
        rest = after
    said = f"{word}，{rest}" if named and outcomes else words.strip()
    if not named and outcomes:
        said = rest
    return Answer(ending, tuple(dict.fromkeys(outcomes)), said if rest else "")


def _leading(text: str) -> tuple[Outcome | None, str]:
    """The outcome that the first word names, and the rest."""
    for word in sorted(_OUTCOMES, key=len, reverse=True):
        rest = text.removeprefix(word)
        if text.startswith(word) and (not rest or rest[0] in _GAP):
            return _OUTCOMES[word], rest.lstrip(_GAP)
    return None, text


def read_outcome(words: str) -> tuple[Outcome | None, str]:
    """成果37 社情民意信息 报市政协: the outcome, and what is said of it."""
    return _leading(words.strip(_GAP))


def read_number(words: str) -> tuple[str, str]:
    """编号 20261126001 已经转市热线: the other's number, "" when there is none, and the rest."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", words).strip(_GAP))
    if found is None or not any(sign.isdigit() for sign in found[1]):
        return "", words.strip()
    return found[1], found[2].strip(_GAP)


def read_date(words: str, today: date) -> tuple[date | None, str]:
    """2027-03-02, 2027年3月2日 or 3月2日 (the next one), and the rest; None when there is no date
    after today and within a year."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", words).strip(_GAP))
    if found is None:
        return None, words.strip()
    month, day, rest = int(found[2]), int(found[3]), found[4].strip(_GAP)
    years = [int(found[1])] if found[1] else [today.year, today.year + 1]
    for year in years:
        try:
            named = date(year, month, day)
        except ValueError:
            continue
        if today < named <= today + FARTHEST:
            return named, rest
    return None, words.strip()


_DAY_LIKE = re.compile(
    r"\d{1,4}\s*[-/.年月]\s*\d|(?:\d|[一二三四五六七八九十])\s*[月日号]|^\d+\s"
    r"|[今明后]天|下周|周[一二三四五六日天]|星期|礼拜|下个?月|月底|年底"
)


def speaks_of_a_day(words: str) -> bool:
    """Whether words name a day, be it one that nobody can read."""
    return _DAY_LIKE.search(unicodedata.normalize("NFKC", words)) is not None


def says_more_than_a_day(words: str) -> bool:
    """13月40日 says nothing else."""
    return re.sub(r"[\d\s年月日号./-]+", "", unicodedata.normalize("NFKC", words)) != ""


def read_days(words: str) -> tuple[int | None, str]:
    """5 要等材料: working days and the reason; None when there is no number."""
    found = _DAYS.fullmatch(unicodedata.normalize("NFKC", words).strip(_GAP))
    return (int(found[1]), found[2].strip(_GAP)) if found else (None, words.strip())


def split_name(words: str) -> tuple[str, str]:
    """张三 您看呢: a name, and what follows it."""
    head, *rest = re.split(rf"[{_GAP}]+", words.strip(_GAP), maxsplit=1)
    return head, rest[0] if rest else ""
