"""Count which characters names are made of: bot/data/name_characters.json, from the names in the
tokeniser's dictionary. Only counts are written.

.venv/bin/python -m tools.name_characters
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.nlp.data import DATA_DIR
from bot.nlp.likely_names import FILE
from bot.nlp.tokens import dictionary

LEAST = 2
"""What is in fewer names is not written."""


def main() -> None:
    """Write the file."""
    lists = json.loads((DATA_DIR / "pii.json").read_text("utf-8"))["names"]
    surnames = lists["surnames"] + lists["more_surnames"]
    names = [w for w, tag in dictionary() if tag == "nr" and len(w) in (2, 3) and w[0] in surnames]
    three = [name for name in names if len(name) == 3]
    found = {
        "version": f"{datetime.now(UTC):%Y.%m.%d}",
        "surname": _by_count([name[0] for name in names] + list(surnames) * LEAST),
        "second": _by_count(name[1] for name in three),
        "third": _by_count(name[2] for name in three),
        "only": _by_count(name[1] for name in names if len(name) == 2),
    }
    text = json.dumps(found, ensure_ascii=False, indent=1)
    (DATA_DIR / FILE).write_text(text + "\n", encoding="utf-8")


def _by_count(characters: Iterable[str]) -> dict[str, str]:
    lines = defaultdict[int, str](str)
    for character, count in sorted(Counter(characters).items()):
        if count >= LEAST:
            lines[count] += character
    return {str(count): lines[count] for count in sorted(lines, reverse=True)}


if __name__ == "__main__":
    main()
