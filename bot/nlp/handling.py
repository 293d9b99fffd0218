"""Who may see what a text tells."""

from collections.abc import Mapping

from bot.domain.understanding import CategoryInfo, Handling
from bot.nlp.emergencies import LETTER
from bot.nlp.heard import Heard
from bot.nlp.records import Scoring

_RANK: dict[Handling, int] = {"normal": 0, "named_members": 1, "named_staff": 2}


def handling(
    heard: Heard, categories: Mapping[str, CategoryInfo], scoring: Scoring, *, risky: bool
) -> tuple[Handling, bool]:
    """Who may see it, and whether that is clear. A restricted category within reach of the best is
    not passed over, whether the lexicon or the examples see it: a person looks before anybody else
    does. `risky`: a word speaks of danger for somebody."""
    found, clear = _by_lexicon(heard, categories, scoring)
    for code in [one.code for one in heard.said.categories] if heard.said else ():
        own = categories[code].handling
        best = code == heard.best
        near = best or (heard.said and heard.said.near(code, scoring.reach))
        if near and _RANK[own] > _RANK[found]:
            found, clear = own, clear and best
        elif best and _RANK[own] < _RANK[found]:
            clear = False
    return ("named_staff" if found == "named_members" and risky else found), clear


def _by_lexicon(
    heard: Heard, categories: Mapping[str, CategoryInfo], scoring: Scoring
) -> tuple[Handling, bool]:
    ranked = heard.scores.ranked
    if not ranked:
        return "normal", True
    found, clear = categories[ranked[0][0]].handling, not heard.scores.lifted
    for code, score in ranked[1:]:
        wider = categories[code].handling
        if _RANK[wider] > _RANK[found] and _within_reach(heard, code, score, wider, scoring):
            found, clear = wider, False
    return found, clear


def _within_reach(heard: Heard, code: str, score: float, wider: Handling, scoring: Scoring) -> bool:
    word = heard.scores.strongest[code]
    near = word >= scoring.strong and score >= scoring.reach * heard.scores.ranked[0][1]
    for_staff = wider == "named_staff" and word >= scoring.alarming
    return near or (for_staff and len(heard.body) < LETTER)
