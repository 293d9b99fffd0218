"""Learn when two letters are of the same matter, and how rare words are: bot/data/same_matter.json
and rarity.json. The letters stay where they are; only counts and weights are written.

.venv/bin/python -m tools.same_matter tests/data/same_matter.csv stream.csv answered.csv
"""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.nlp import corpus, pair_fit, pair_measure, rarity, same_matter
from bot.nlp.data import DATA_DIR
from bot.nlp.matters import Matter, features
from bot.nlp.pair_measure import Labelled
from bot.nlp.understander import load_understander

SURE = 0.8
"""Chosen so that of the short messages of tests/data/same_short.jsonl none is wrong."""


def main(pairs: Path, *letters: Path) -> None:
    """Write both files."""
    csv.field_size_limit(10_000_000)
    read = [_rows(each) for each in letters]
    texts = {
        row["id"]: f"{row['subject']} {row['detail']}".strip() for rows in read for row in rows
    }
    times = {row["id"]: row["time"] for rows in read for row in rows}
    counts = rarity.counted([*texts.values(), *(each.text for each in corpus.load())])
    (DATA_DIR / rarity.FILE).write_text(rarity.written(counts), encoding="utf-8")
    labels = _rows(pairs)
    known = _known({name for row in labels for name in (row["id_a"], row["id_b"])}, texts, times)
    given = Labelled(
        [(row["id_a"], row["id_b"]) for row in labels],
        [features(known[row["id_a"]], known[row["id_b"]]) for row in labels],
        [row["same"] == "1" for row in labels],
    )
    weights, constant = pair_fit.fit(given.rows, given.same)
    scores, _ = pair_measure.held_out(given)
    bound = int(pair_measure.threshold(scores, given.same) * 1000) / 1000
    learned = same_matter.Weights(f"{datetime.now(UTC):%Y-%m-%d}", tuple(weights), constant, bound,
                                  SURE)  # fmt: skip
    (DATA_DIR / same_matter.FILE).write_text(same_matter.written(learned), encoding="utf-8")
    print(pair_measure.share([score >= bound for score in scores], given.same))


def _rows(source: Path) -> list[dict[str, str]]:
    with source.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _known(names: set[str], texts: dict[str, str], times: dict[str, str]) -> dict[str, Matter]:
    counts = rarity.load()
    with TemporaryDirectory() as cache:
        understander = load_understander(Path(cache))
    at = {name: datetime.fromisoformat(times[name]).replace(tzinfo=UTC) for name in names}
    return {
        name: same_matter.of_reading(understander.read(texts[name]), at[name], counts)
        for name in sorted(names)
    }


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
