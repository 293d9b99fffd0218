"""Figures of `flask evaluate` on personal data: what was left readable, and what was covered though
it is nobody's."""

import json
from collections.abc import Iterable
from typing import Any

from bot.cli.rows import Row
from bot.domain.understanding import Understander

COLUMN = "pii"
"""What must not be readable in the masked words: a JSON list, empty where there is nothing."""
SHOWN = 30


def measured_pii(rows: Iterable[Row], understander: Understander) -> dict[str, Any]:
    """Figures over rows that have the column `pii`; {} when none has. `recall`: share of all
    stretches that can't be read any more; `masked_clean`: share of the rows without personal data
    that were changed; `left`: the first stretches left, by row number, never their words."""
    personal = covered = clean = changed = 0
    left: list[dict[str, Any]] = []
    for row in rows:
        stretches = _stretches(row)
        if stretches is None:
            continue
        masked = understander.read(row.text).masked
        readable = [one for one in stretches if one in masked]
        personal += len(stretches)
        covered += len(stretches) - len(readable)
        clean += not stretches
        changed += not stretches and masked != row.text
        if readable:
            left.append({"row": row.number, "stretches": len(readable)})
    if not personal and not clean:
        return {}
    return {
        "stretches": personal, "recall": _share(covered, personal), "clean": clean,
        "masked_clean": _share(changed, clean), "left": left[:SHOWN],
    }  # fmt: skip


def _stretches(row: Row) -> list[str] | None:
    if row.error is not None or COLUMN not in row.fields:
        return None
    try:
        listed = json.loads(row.fields[COLUMN] or "[]")
    except ValueError:
        return None
    return [str(one) for one in listed] if isinstance(listed, list) else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
