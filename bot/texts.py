"""Every sentence that the bot says, by key. Rooms above ask for a key and give the values."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

TEXTS_FILE = Path(__file__).resolve().parent / "data" / "texts.toml"


@dataclass(frozen=True, slots=True)
class Texts:
    """Sentences by dotted key, e.g. `reply.received`."""

    sentences: Mapping[str, str]

    def say(self, key: str, /, **values: object) -> str:
        """The sentence with its values. KeyError if the key or a value is missing."""
        return self.sentences[key].format(**values).strip()

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self.sentences

    def placeholders(self, key: str) -> frozenset[str]:
        """Names of the values that a sentence needs."""
        return placeholders(self.sentences[key])


def placeholders(words: str) -> frozenset[str]:
    """Names of the values in a sentence, as they stand there. Raises ValueError for brackets that
    don't fit."""
    return frozenset(n for _, n, _, _ in Formatter().parse(words) if n is not None)


def _flatten(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = str(value)
    return flat


def load_texts(path: Path = TEXTS_FILE) -> Texts:
    """Read the sentences; a broken file raises tomllib.TOMLDecodeError at start."""
    return Texts(_flatten(tomllib.loads(path.read_text(encoding="utf-8"))))
