"""The figures of `flask evaluate` as one HTML page with its plots inside, nothing to load."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import render_template_string

PAGE = Path(__file__).with_name("evaluation.html")
TOLD = {
    "acceptable_first_choice": "第一个就对", "acceptable_first_three": "前三个里有对的",
    "routed_share": "不经人直接派的", "routed_precision": "直接派的里对的",
    "calibration_error": "把握与实际差多少",
}  # fmt: skip


def page(figures: Mapping[str, Any], files: str, names: Mapping[str, str]) -> str:
    """The page. `names`: of the categories, by code."""
    told = [(label, f"{figures[key]:.1%}") for key, label in TOLD.items()]
    for group, label in (("emergency", "紧急"), ("intent", "意图"), ("places", "地点"),
                         ("pii", "个人信息")):  # fmt: skip
        for key, value in figures.get(group, {}).items():
            if not isinstance(value, int | float):
                continue
            shown = f"{value:.1%}" if isinstance(value, float) else str(value)
            told.append((f"{label} {key}", shown))
    curve = [(float(share.rstrip("%")), 100 * right)
             for share, right in figures["coverage_accuracy"].items()]  # fmt: skip
    reliable = [(100 * said, 100 * true) for said, true in figures["reliability"]]
    plots = [
        ("最有把握的那些里有多少是对的", "横：取最有把握的百分之几；竖：对的", False, curve),
        ("说的把握准不准", "横：说有多大把握；竖：实际对的；虚线上最好", True, reliable),
    ]
    return render_template_string(
        PAGE.read_text("utf-8"), figures=figures, files=files, names=names, told=told, plots=plots
    )
