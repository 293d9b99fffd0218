"""Reads the project's data files (bot/data) into one frozen value."""

import hashlib
import json
import re
from collections.abc import Collection
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.domain.understanding import CategoryInfo, EmergencyInfo
from bot.nlp import checks, likely_names, linear, pii, placenames
from bot.nlp.features import Hints
from bot.nlp.learned import CATEGORY
from bot.nlp.records import (
    CorruptionWords,
    EmergencyClass,
    IntentWords,
    LexiconData,
    Scoring,
    Studio,
    UrgentRules,
)

DATA_DIR = Path(__file__).resolve().parent.parent / "data"
FILES = (
    "categories.json",
    "lexicon.json",
    "hints.json",
    "cues.json",
    "places.json",
    "sounds.json",
    "sectors.json",
    "emergencies.json",
    "intents.json",
    "pii.json",
    likely_names.FILE,
)
USERDICT = "userdict.txt"
MODEL = "model.json"
"""Learned by `flask learn`; reading works without it, by the lexicon alone."""


def load(path: Path | None = None, model: Path | None = None) -> LexiconData:
    """The data of folder `path`, of the project when None, with the learned `model` of that file or
    of the folder's own. OSError, ValueError or KeyError when a file is missing or broken;
    `problems` says in words what is wrong."""
    folder = path or DATA_DIR
    model = model or folder / MODEL
    raw = read_files(folder)
    categories = raw["categories.json"]
    emergencies = raw["emergencies.json"]
    return LexiconData(
        version=_version(folder, raw, model),
        categories=MappingProxyType({c["code"]: _category(c) for c in categories["categories"]}),
        risk_cues=tuple(categories["risk_cues"]),
        corruption=CorruptionWords(**{k: tuple(v) for k, v in categories["corruption"].items()}),
        scoring=Scoring(**raw["lexicon.json"]["scoring"]),
        hints=_hints(raw["hints.json"]["hints"]),
        cues=_hints(raw["cues.json"]["cues"]),
        words=MappingProxyType(_words(raw["lexicon.json"])),
        spots=MappingProxyType(placenames.spots(raw["places.json"])),
        sounds=MappingProxyType(_sounds(raw["sounds.json"])),
        emergencies=tuple(_emergency(c, emergencies) for c in emergencies["classes"]),
        override=tuple(emergencies["override"]),
        alone_chars=emergencies["alone_chars"],
        doubts=tuple(re.compile(p) for p in emergencies["doubts"]),
        urgent=UrgentRules(
            words=tuple(emergencies["urgent"]["words"]),
            together=_groups(emergencies["urgent"]["together"]),
        ),
        intents=_intents(raw["intents.json"]),
        pii=pii.finders(raw["pii.json"]),
        names=likely_names.known(raw[likely_names.FILE], raw["pii.json"]["names"]),
        studios=tuple(_studio(s) for s in raw["sectors.json"]["studios"]),
        userdict=str(folder / USERDICT),
        model=_model(model, {c["code"] for c in categories["categories"]}),
    )


def _model(path: Path, categories: Collection[str]) -> linear.Model | None:
    if not path.exists():
        return None
    try:
        found = linear.model(json.loads(path.read_text("utf-8")))
        known = set(found.heads[CATEGORY].codes) - {linear.NONE}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is broken: {error!r}") from error
    if known != set(categories):
        raise ValueError(f"{path.name} was learned for other categories: run flask learn")
    return found


class Broken(ValueError):
    """A file that can't be read: which, and where in it."""


def read_files(folder: Path) -> dict[str, Any]:
    """The JSON files as they are, by file name. Raises Broken."""
    return {name: _read(folder / name) for name in FILES}


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Broken(f"{path.name}: {where}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise Broken(f"{path.name}: byte {error.start} is no UTF-8") from error
    except OSError as error:
        raise Broken(f"{path.name}: {error.strerror}") from error


def problems(path: Path | None = None) -> list[str]:
    """Everything wrong with the data files, one plain sentence each; empty when all is well."""
    folder = path or DATA_DIR
    try:
        raw = read_files(folder)
    except Broken as error:
        return [f"bot/data/{error}"]
    found = list(checks.all_problems(raw))
    if not (folder / USERDICT).is_file():
        found.append(f"{USERDICT}: missing")
    if found:
        return found
    try:
        load(folder)
    except (ValueError, KeyError, TypeError) as error:
        found.append(f"bot/data: {type(error).__name__}: {error}")
    return found


def _version(folder: Path, raw: dict[str, Any], model: Path) -> str:
    digest = hashlib.sha256()
    for path in (*(folder / name for name in (*FILES, USERDICT)), model):
        if path != model or path.is_file():
            digest.update(path.read_bytes())
    return f"{max(part['version'] for part in raw.values())}+{digest.hexdigest()[:8]}"


def _category(c: dict[str, Any]) -> CategoryInfo:
    return CategoryInfo(c["code"], c["name"], c["days"], c["handling"], tuple(c["sectors"]))


def _studio(s: dict[str, Any]) -> Studio:
    return Studio(s["id"], s["name"], s["mode"], s.get("sector"), tuple(s["topics"]))


def _words(lexicon: dict[str, Any]) -> dict[str, tuple[tuple[str, float], ...]]:
    """One table of keywords and masked phrases: the longest match decides which of them counts."""
    credit = float(lexicon["scoring"]["mask_credit"])
    words: dict[str, tuple[tuple[str, float], ...]] = {}
    for code, phrases in lexicon["masks"].items():
        for phrase in phrases:
            words[phrase.lower()] = () if code == "nothing" else ((code, credit),)
    for code, weights in lexicon["keywords"].items():
        for weight, keywords in weights.items():
            for word in keywords:
                words[word.lower()] = ((code, float(weight)),)
    return words


def _hints(raw: dict[str, Any]) -> Hints:
    return {
        word: tuple((code, float(strong)) for code, strong in own.items())
        for word, own in raw.items()
    }


def _sounds(raw: dict[str, Any]) -> dict[int, str]:
    """Each character → the first one of its syllable: equal where two sound alike."""
    return {ord(one): chars[0] for chars in raw["syllables"].values() for one in chars}


def _emergency(c: dict[str, Any], whole: dict[str, Any]) -> EmergencyClass:
    return EmergencyClass(
        info=EmergencyInfo(c["code"], c["name"], tuple(c["phones"]), c["reply"]),
        alone=tuple(c["alone"]),
        cues=_groups(c["cues"]),
        non_cues=tuple(c["non_cues"]),
        non_patterns=tuple(re.compile(p) for p in whole["non_patterns"][c["non_pattern"]]),
    )


def _groups(raw: list[list[list[str]]]) -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(tuple(frozenset(group) for group in alternative) for alternative in raw)


def _intents(raw: dict[str, Any]) -> IntentWords:
    cues = {
        key: tuple(word.lower() for word in words)
        for key, words in raw.items()
        if key not in ("version", "commands")
    }
    return IntentWords(frozenset(word.lower() for word in raw["commands"]), MappingProxyType(cues))
