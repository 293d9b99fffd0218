"""Rungs of a ladder in the words of who reads them."""

from collections.abc import Iterable, Mapping

from bot.domain.ladder_checks import AUDIENCES_OF, clock_kind, endings_of, notices_of
from bot.domain.notices import NOTICES
from bot.domain.roles import ROLE_NAMES, Role
from bot.domain.rungs import AUDIENCES, CHANGES, EFFECTS, After, Basis, Rung
from bot.texts import Texts


def audience(texts: Texts, name: str) -> str:
    """Who is meant by an audience; the duty desk is more than one role."""
    roles = {role.value: words for role, words in ROLE_NAMES.items() if role is not Role.DUTY}
    return roles.get(name) or texts.say(f"ladder.who_{name}")


_WHEN = {Basis.BEFORE_DUE: "before", Basis.AFTER_DUE: "over", Basis.START: "begun"}


def when(texts: Texts, after: After) -> str:
    """The moment of a rung."""
    if after.span is None:
        key = "end" if after.share == 100 else "share"
        return texts.say(f"ladder.when_{key}", share=after.share)
    span = texts.say(f"ladder.unit_{after.span.unit}", count=after.span.amount)
    return texts.say(f"ladder.when_{_WHEN[after.basis]}", span=span)


def cells(texts: Texts, name: str) -> dict[str, dict[str, str]]:
    """What the rungs of this ladder may hold, by field: codes, in their order, and words."""
    kind = clock_kind(name)
    return {
        "audience": {each: audience(texts, each) for each in sorted(AUDIENCES_OF[kind])},
        "notice": {each: texts.say(f"ladder.says_{each}") for each in sorted(notices_of(kind))},
        "effect": {
            each: texts.say(f"ladder.does_{each}") for each in sorted(endings_of(kind) | CHANGES)
        },
    }


def does(texts: Texts, rung: Rung) -> str:
    """What a rung tells, and what else it does."""
    told = [texts.say(f"ladder.says_{rung.notice}")] if rung.notice else []
    told += [texts.say(f"ladder.does_{rung.effect}")] if rung.effect else []
    return "，".join(told)


def whole(texts: Texts, rungs: Iterable[Rung]) -> str:
    """A ladder, a rung a line."""
    return "\n".join(
        f"{when(texts, each.after)}，{audience(texts, each.audience)}：{does(texts, each)}"
        for each in rungs
    )


def plain(texts: Texts, values: Mapping[str, str]) -> dict[str, str]:
    """Values of a fault's sentence with words for the codes in them."""
    return {
        name: "、".join(_word(texts, each) for each in value.split("、"))
        for name, value in values.items()
    }


def _word(texts: Texts, code: str) -> str:
    if code in AUDIENCES:
        return audience(texts, code)
    if code in EFFECTS:
        return texts.say(f"ladder.does_{code}")
    known = code in NOTICES and texts.has(f"ladder.says_{code}")
    return texts.say(f"ladder.says_{code}") if known else code
