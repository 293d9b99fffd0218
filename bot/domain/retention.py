"""How long each kind of data is kept, and what is done then: one table.

个人信息保护法 第十九条: personal data is kept no longer than its purpose needs.
网络安全法 第二十一条: logs of what happened on the network are kept for at least six months; the
kinds that serve as such can't be set shorter.

Cases with their masked words, answers, events, clocks and outcomes stay: history and figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

SIX_MONTHS = 184
"""Days: the longest half of a year."""
REOPENING = 60
"""Days for which a case that is over may still be needed: four weeks after it was solved (四周后)
the resident is asked whether that has held, and a no opens it again."""


class Done(StrEnum):
    """What becomes of it."""

    DELETED = "deleted"
    BLANKED = "blanked"
    """The row stays, so that nothing is taken or sent twice; words and references go."""
    MASKED = "masked"
    """Only the masked words stay."""
    ERASED = "erased"
    """The file goes too, with the next round of the media job."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of data: `days` it is kept, what is done then, the `least` that may be set."""

    days: int
    done: Done
    least: int
    since: str
    """From what moment the days are counted."""


RULES: Mapping[str, Rule] = {
    "messages": Rule(365, Done.BLANKED, SIX_MONTHS, "received, and its case over"),
    "notices": Rule(365, Done.BLANKED, SIX_MONTHS, "made, sent or given up, and its case over"),
    "attempts": Rule(365, Done.DELETED, SIX_MONTHS, "made, and its case over"),
    "receipts": Rule(365, Done.DELETED, SIX_MONTHS, "received"),
    "alarms": Rule(365, Done.DELETED, SIX_MONTHS, "cleared"),
    "questions": Rule(365, Done.DELETED, REOPENING, "ended, and its case over"),
    "item_codes": Rule(SIX_MONTHS, Done.DELETED, REOPENING, "released, and its case over"),
    "invitations": Rule(SIX_MONTHS, Done.DELETED, REOPENING, "used or expired"),
    "access_log": Rule(365, Done.DELETED, SIX_MONTHS, "sealed"),
    "console_sessions": Rule(SIX_MONTHS, Done.DELETED, REOPENING, "last used"),
    "case_words": Rule(1095, Done.MASKED, REOPENING, "the case was over"),
    "attachments": Rule(1095, Done.ERASED, REOPENING, "the case was over"),
    "loose_files": Rule(7, Done.DELETED, 1, "written, and belonging to no attachment"),
}
"""Kind → rule, in the order in which they are carried out."""


def read_rules(text: str) -> Mapping[str, Rule]:
    """The table with the days of `kind=days,…` put in. Raises ValueError that says what is wrong:
    an unknown kind, no number of days, or fewer than may be."""
    rules = dict(RULES)
    for part in filter(None, (each.strip() for each in text.split(","))):
        kind, _, days = (each.strip() for each in part.partition("="))
        if kind not in rules:
            raise ValueError(f"{kind!r} is none of {', '.join(RULES)}")
        if not days.isdecimal() or len(days) > 5:
            raise ValueError(f"{kind} needs a number of days, such as {kind}={RULES[kind].days}")
        if int(days) < rules[kind].least:
            raise ValueError(f"{kind} must be kept for at least {rules[kind].least} days")
        rules[kind] = replace(rules[kind], days=int(days))
    return rules
