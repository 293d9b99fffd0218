"""Rungs of a ladder in the words of who reads them."""

from collections.abc import Iterable

from bot.domain.roles import ROLE_NAMES, Role
from bot.domain.rungs import Rung
from bot.texts import Texts


def audience(texts: Texts, name: str) -> str:
    """Who is meant by an audience; the duty desk is more than one role."""
    roles = {role.value: words for role, words in ROLE_NAMES.items() if role is not Role.DUTY}
    return roles.get(name) or texts.say(f"ladder.who_{name}")


def does(texts: Texts, rung: Rung) -> str:
    """What a rung tells, and what else it does."""
    told = [texts.say(f"ladder.says_{rung.notice}")] if rung.notice else []
    told += [texts.say(f"ladder.does_{rung.effect}")] if rung.effect else []
    return "，".join(told)


def whole(texts: Texts, rungs: Iterable[Rung]) -> str:
    """A ladder on one line."""
    lines = (f"{each.after} {audience(texts, each.audience)} {does(texts, each)}" for each in rungs)
    return "；".join(lines)
