"""Reading words without ever losing them."""

import logging
from dataclasses import replace

from bot.domain.understanding import Reading
from bot.nlp.pii import dialled
from bot.services.ports import Deps

log = logging.getLogger(__name__)


def cover(deps: Deps, words: str) -> str:
    """These words with personal data masked, for whoever may see the matter but not the person."""
    return read_safely(deps, words).masked if words else ""


def read_safely(deps: Deps, text: str) -> Reading:
    """Understanding may fail; the demand is kept all the same and a person looks at it."""
    try:
        read = deps.understander().read(text)
        return replace(read, phones=tuple(dialled(text, read.pii)))
    except Exception:
        log.exception("understanding_failed")
        return Reading(
            text=text, masked="（请看原文）" if text else "", intent="demand", categories=(),
            confident=False, urgency="normal", emergency=None, places=(), pii=(), parts=(),
            evidence=(),
        )  # fmt: skip
