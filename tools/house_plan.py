"""The rooms of the house and the arrows between them, read from the imports in the code."""

import ast
import configparser
from collections import Counter
from itertools import pairwise
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "scheduler", "web", "simulator")
GROUND = ("bot.domain", "bot.settings")
"""Nearly every room stands on these; the picture leaves their arrows to the table."""


def layers() -> list[list[str]]:
    """The rooms by layer, top first: app.py, then the contract of .importlinter."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    written = contracts["importlinter:contract:layers"]["layers"].strip().splitlines()
    return [["app"], *([room.strip() for room in line.split("|")] for line in written)]


def arrows() -> Counter[tuple[str, str]]:
    """(importing room, imported room) → how many modules of the one import modules of the other."""
    rooms = {room for layer in layers() for room in layer} | {"simulator"}
    graph = grimp.build_graph(*PACKAGES)
    found: Counter[tuple[str, str]] = Counter()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            found[_room(module, rooms), _room(imported, rooms)] += 1
    for imported in _imports_of_app():
        if imported.split(".")[0] in PACKAGES:
            found["app", _room(imported, rooms)] += 1
    return Counter({pair: count for pair, count in found.items() if len(set(pair)) > 1})


def _room(module: str, rooms: set[str]) -> str:
    parts = module.split(".")
    return next((r for r in (".".join(parts[:2]), parts[0]) if r in rooms), module)


def _imports_of_app() -> list[str]:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    return [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]


def picture() -> str:
    """A mermaid diagram: one row a layer, an arrow with the number of imports."""
    rows = layers()
    order = [room for layer in rows for room in layer]
    lines = ["```mermaid", "flowchart TB"]
    lines += [f'  {_id(room)}["{_shown(room)}"]' for room in order]
    # Arrows that nobody sees keep each layer in a row of its own, below the one above.
    for upper, lower in pairwise(rows):
        lines.append(f"  {' & '.join(map(_id, upper))} ~~~ {' & '.join(map(_id, lower))}")
    for (start, end), count in sorted(arrows().items(), key=lambda item: _rank(item[0], order)):
        if end not in GROUND:
            lines.append(f"  {_id(start)} -- {count} --> {_id(end)}")
    lines += ['  simulator["simulator/ (the desk)"] -. "the wire: HTTP" .- app', "```"]
    return "\n".join(lines)


def table() -> str:
    """Every arrow as a row: who imports whom how often."""
    counts = arrows()
    lines = ["| room | imports from |", "|---|---|"]
    order = [room for layer in layers() for room in layer]
    for room in order:
        ends = [(end, counts[room, end]) for end in order if counts[room, end]]
        cells = " · ".join(f"`{_shown(end)}` {count}" for end, count in ends)
        lines.append(f"| `{_shown(room)}` | {cells or 'nothing of ours'} |")
    return "\n".join([*lines, "| `simulator/` | nothing of ours |"])


def _rank(pair: tuple[str, str], order: list[str]) -> tuple[int, int]:
    return order.index(pair[0]), order.index(pair[1])


def _id(room: str) -> str:
    return room.replace(".", "_")


def _shown(room: str) -> str:
    path = room.replace(".", "/")
    return f"{path}.py" if (ROOT / f"{path}.py").exists() else f"{path}/"
