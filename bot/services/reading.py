"""Reading words without ever losing them."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.placing import chosen, contradict
from bot.domain.understanding import PlaceHit, Reading
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


def read_case(deps: Deps, text: str, kept: Mapping[str, Any]) -> Reading:
    """The words of a case together with the locations that were sent for it and the place that
    was picked (`kept`: its reading). A place that is surely typed wins over one that a phone has
    sent from elsewhere."""
    whole = read_safely(deps, text)
    if "chosen" in kept:
        name, unit, district = kept["chosen"]
        pick = PlaceHit(name, unit, district, True)
        return replace(whole, places=chosen(whole.places, pick))
    labels = [label for label in kept.get("located", ()) if label in text]
    if not labels:
        return whole
    typed = text
    for label in labels:
        typed = typed.replace(label, " ")
    said, sent = (_sure(read_safely(deps, each)) for each in (typed, labels[-1]))
    if not said or not sent or not contradict((said[0], sent[0])):
        return whole
    return replace(whole, places=read_safely(deps, typed).places, elsewhere=sent)


def _sure(reading: Reading) -> tuple[PlaceHit, ...]:
    return tuple(hit for hit in reading.places if hit.sure and hit.district)


def unlisted_safely(deps: Deps, masked: str) -> tuple[str, ...]:
    """Names of places that no list knows; none where looking for them fails."""
    try:
        return deps.understander().unlisted(masked)
    except Exception:
        log.exception("names_not_looked_for")
        return ()
