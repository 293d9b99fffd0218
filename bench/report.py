"""The report of a simulation: one HTML page with its plots as SVG inside, nothing to load."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pygal
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from pygal.style import Style

# pygal looks for map plugins by a hook that Python warns of at every import after it; we have none.
sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != "PluginImportFixer"]

if TYPE_CHECKING:
    from bench.simulate import Lived

TEMPLATES = Path(__file__).parent / "templates"
BUSIEST = 25
LIGHTS = (("按时", "green"), ("一天内到期", "yellow"), ("已逾期", "red"))
HABITS = {
    "quick": "很快", "ordinary": "平常", "slow": "慢", "on leave": "常外出", "never": "从不看",
}  # fmt: skip
FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, WenQuanYi Zen Hei, sans-serif"
STYLE = Style(
    background="#ffffff", plot_background="#ffffff", foreground="#1f2328",
    foreground_strong="#1f2328", foreground_subtle="#57606a", font_family=FONT,
    colors=("#1a7f4b", "#8a6100", "#b3261e"), opacity=".85", label_font_size=12,
    major_label_font_size=12, legend_font_size=13, value_font_size=11,
)  # fmt: skip


def write(
    path: Path, summary: dict[str, float], towns: "Sequence[Lived]", wrong: Sequence[str]
) -> None:
    """Write the page."""
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=loader, autoescape=select_autoescape())
    page = environment.get_template("simulation.html").render(
        summary={name: int(value) for name, value in summary.items()}, wrong=wrong,
        accepting=_accepting(towns), lights=_lights(towns), load=_load(towns),
        habits=_habits(towns),
    )  # fmt: skip
    path.write_text(page, encoding="utf-8")


def _drawn(chart: Any) -> Markup:
    # Drawn by ourselves from numbers and from names that the chart escapes.
    return Markup(chart.render(is_unicode=True))  # noqa: S704


def _settings(**more: Any) -> dict[str, Any]:
    fixed = {
        "style": STYLE, "js": [], "disable_xml_declaration": True, "width": 960, "height": 360,
        "legend_at_bottom": True, "legend_at_bottom_columns": 3, "show_legend": False,
        "truncate_label": -1, "truncate_legend": -1,
    }  # fmt: skip
    return fixed | more


def _accepting(towns: "Sequence[Lived]") -> Markup:
    counted: Counter[str] = Counter()
    for town in towns:
        counted.update(dict(town.accepting))
    chart = pygal.Bar(**_settings(print_values=True))
    chart.x_labels = list(counted)
    chart.add("件", list(counted.values()))
    return _drawn(chart)


def _lights(towns: "Sequence[Lived]") -> Markup:
    evenings = list(zip(*(town.lights for town in towns), strict=False))
    chart = pygal.StackedLine(
        **_settings(fill=True, show_dots=False, show_legend=True, show_minor_x_labels=False)
    )
    chart.x_labels = [f"{each[0].day:%m-%d}" for each in evenings]
    chart.x_labels_major = [f"{each[0].day:%m-%d}" for each in evenings if each[0].day.day == 1]
    for label, name in LIGHTS:
        chart.add(label, [sum(getattr(town, name) for town in each) for each in evenings])
    return _drawn(chart)


def _load(towns: "Sequence[Lived]") -> Markup:
    people = sorted((p for town in towns for p in town.load), key=lambda each: -each[1])[:BUSIEST]
    chart = pygal.HorizontalBar(**_settings(height=24 * len(people) + 120, show_legend=True))
    chart.x_labels = [name for name, _, _ in reversed(people)]
    chart.add("接单", [accepted for _, accepted, _ in reversed(people)])
    chart.add("答复", [answered for _, _, answered in reversed(people)])
    return _drawn(chart)


def _habits(towns: "Sequence[Lived]") -> list[tuple[str, int, float, float]]:
    """(habit, people, cases a person, most)."""
    rows = []
    for habit, name in HABITS.items():
        loads = [each for town in towns for each in town.by_habit.get(habit, ())]
        mean = sum(loads) / len(loads) if loads else 0.0
        rows.append((name, len(loads), round(mean, 1), max(loads, default=0)))
    return rows
