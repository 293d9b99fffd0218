"""The model card, docs/model-card.md: what the model learned from, how well it reads what it never
saw, and whom it may misread. Written by `flask learn --product`."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cli.rows import Row
from bot.nlp.corpus import Example
from bot.settings import ROOT

CARD = ROOT / "docs" / "model-card.md"
TEXT = """# Model card

Written by `flask learn --product`; don't edit. The model (`bot/data/model.json`, version {version})
is linear: it adds up weights of pieces of one to three characters of a message's opening, of the
lexicon's scores, of hints (`bot/data/hints.json`) and of what the rules found. How it is used:
[understanding](understanding.md).

**Data.** {examples} messages of `bot/data/corpus`, written one by one for this project by language
models in the voice of invented residents, no real message among them; most were labelled by two
readers apart, and what either would accept counts as right. One group of near-duplicates in twelve
({frozen} messages) is never learned from: all figures below are of those, read as the product
reads them.

| figure | value |
|---|---|
{figures}

**By category** (first label; rows; acceptable first choice)

| category | rows | right |
|---|---|---|
{categories}

**By kind of message** (rows; acceptable first choice; routed without a person; of these acceptable)

| kind | rows | right | routed | of these right |
|---|---|---|---|---|
{kinds}

**Calibration** (probability that was said; share that was right; ten bins of equal size)

{reliability}

**Mistaken most often** (is → read as, times): {confused}

**Limits.** The corpus imagines residents; real ones differ. Letters of another city (figures in
[understanding](understanding.md#figures)) are read less well. Small categories, sarcasm, scenes
told without any request, and short messages that only a neighbour would understand are misread
most; so may be people who write dialect by sound, or little Chinese. A wrong door costs a day, so
a message below the probability `sure` goes to a person, what only few may see always does, and no
alarm is lowered but by a person. Who in particular is misread can't be told from messages: they say
nothing of who wrote them.
"""


def rows_of(examples: Sequence[Example]) -> list[Row]:
    """Examples as rows to evaluate."""
    return [
        Row(number, one.text, {
            "accept": " ".join(one.accept), "emergency": one.emergency or "",
            "like": one.like or "", "intent": one.intent,
        })
        for number, one in enumerate(examples, 1)
    ]  # fmt: skip


KINDS = {
    "official": "letters", "polite": "polite", "mixed": "two matters or moods", "voice": "by voice",
    "ramble": "rambling", "dialect": "dialect", "typo": "with typos", "angry": "angry",
    "trad": "Traditional Chinese", "short": "short", "nokeyword": "no word that names the matter",
}  # fmt: skip
"""Kinds of the corpus, in the order of the card."""


def card(
    figures: Mapping[str, Any], by_category: Mapping[str, Any],
    by_kind: Mapping[str, Mapping[str, Any]], learned: int,
) -> str:  # fmt: skip
    """The card. `figures`, and those of each kind: of bot.cli.evaluation; `by_category`: rows and
    right, by code."""
    danger, intent = figures["emergency"], figures["intent"]
    told = {
        "acceptable first choice": figures["acceptable_first_choice"],
        "an acceptable one among the first three": figures["acceptable_first_three"],
        "routed without a person": figures["routed_share"],
        "of these acceptable": figures["routed_precision"],
        "mean distance of said and true probability": figures["calibration_error"],
        f"emergencies found (of {danger['rows']})": danger["found"],
        "hard look-alikes that raise an alarm": danger["lookalikes_raised"],
        "all other messages that raise one": danger["raised"],
        "intent": intent["right"],
    } | {
        f"acceptable among the surest {share}": right
        for share, right in figures["coverage_accuracy"].items() if share in ("30%", "50%", "70%")
    }  # fmt: skip
    return TEXT.format(
        version=figures["version"], examples=learned, frozen=intent["rows"],
        figures="\n".join(f"| {name} | {value:.1%} |" for name, value in told.items()),
        categories="\n".join(
            f"| {code} | {own['rows']} | {own['right'] / own['rows']:.0%} |"
            for code, own in by_category.items()
        ),
        kinds="\n".join(
            f"| {KINDS[kind]} | {own['rows']} | {own['acceptable_first_choice']:.0%} "
            f"| {own['routed_share']:.0%} | {own['routed_precision']:.0%} |"
            for kind, own in by_kind.items()
        ),
        reliability="; ".join(f"{said:.0%} {true:.0%}" for said, true in figures["reliability"]),
        confused=", ".join(
            f"{one['is']} → {one['read_as']} {one['rows']}" for one in figures["confused"][:12]
        ),
    )  # fmt: skip
