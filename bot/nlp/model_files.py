"""Which model is in use: the product's own, or one that the office has learned and taken."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.nlp.data import DATA_DIR, MODEL

PRODUCT = DATA_DIR / MODEL


def folder_of(var: Path) -> Path:
    """Where an office keeps its own models."""
    return var / "model"


def in_use(var: Path) -> Path:
    """The model that reading takes."""
    own = folder_of(var) / "current.json"
    return own if own.exists() else PRODUCT


def candidate(var: Path) -> Path:
    """What was learned last and waits for a person's word."""
    return folder_of(var) / "candidate.json"


def missing(var: Path) -> Path:
    """No model: rules and words alone."""
    return folder_of(var) / "none.json"


def take(var: Path) -> None:
    """The candidate is in use from the next start on. FileNotFoundError when there is none."""
    folder = folder_of(var)
    if not candidate(var).exists():
        raise FileNotFoundError(candidate(var))
    if (folder / "current.json").exists():
        (folder / "current.json").replace(folder / "previous.json")
    candidate(var).replace(folder / "current.json")


def back(var: Path) -> bool:
    """The one before, or the product's own; False when that is in use already."""
    folder = folder_of(var)
    if not (folder / "current.json").exists():
        return False
    (folder / "current.json").replace(candidate(var))
    if (folder / "previous.json").exists():
        (folder / "previous.json").replace(folder / "current.json")
    return True


def write(path: Path, raw: Mapping[str, Any]) -> None:
    """One line for each piece, so that a change can be read; whole or not at all."""
    pieces = ",\n".join(f"{_json(piece)}:{_json(own)}" for piece, own in raw["pieces"].items())
    head = ",\n".join(f"{_json(key)}:{_json(raw[key])}" for key in raw if key != "pieces")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".new")
    beside.write_text(f'{{{head},\n"pieces":{{\n{pieces}\n}}}}\n', "utf-8")
    os.replace(beside, path)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
