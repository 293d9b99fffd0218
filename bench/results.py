"""What a benchmark says: a value, the baseline of the same run, and whether the target holds."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from unicodedata import east_asian_width


@dataclass(frozen=True, slots=True)
class Result:
    """One line of build/bench.json. `ratio`: value by baseline; `holds`: None without a target."""

    name: str
    value: float
    unit: str
    baseline: float
    ratio: float
    target: str
    holds: bool | None


def paired(
    name: str,
    unit: str,
    pairs: Sequence[tuple[float, float]],
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    limit: float | None = None,
) -> Result:
    """A result of interleaved runs, (ours, baseline) each: medians, and the median of the ratios.

    `at_least` and `at_most` are bounds of the ratio, `limit` is one of the value itself. A round in
    which the baseline did nothing at all (a store that broke) says nothing and is left out.
    """
    pairs = [(ours, theirs) for ours, theirs in pairs if theirs > 0]
    if not pairs:
        raise RuntimeError(f"{name}: the baseline did nothing in any round")
    value, baseline = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    rules = [
        (f"ratio ≥ {at_least}", at_least is None or ratio >= at_least),
        (f"ratio ≤ {at_most}", at_most is None or ratio <= at_most),
        (f"value ≤ {limit} {unit}", limit is None or value <= limit),
    ]
    asked = [rule for rule in rules if "None" not in rule[0]]
    return Result(
        name, round(value, 3), unit, round(baseline, 3), round(ratio, 3),
        " and ".join(text for text, _ in asked), all(kept for _, kept in asked) if asked else None,
    )  # fmt: skip


def save(results: Sequence[Result], path: Path) -> None:
    """Write the JSON file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [asdict(result) for result in results]
    path.write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def table(results: Sequence[Result]) -> str:
    """The results as a Markdown table that also reads well in a terminal."""
    rows = [("name", "value", "baseline", "ratio", "target", "holds")]
    rows += [
        (r.name, f"{r.value:g} {r.unit}", f"{r.baseline:g} {r.unit}", f"{r.ratio:g}", r.target,
         {True: "yes", False: "NO", None: ""}[r.holds])
        for r in results
    ]  # fmt: skip
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join(map(_pad, row, widths)) for row in rows]
    return "\n".join([lines[0], " | ".join("-" * w for w in widths), *lines[1:]])


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
