"""What the import contracts of .importlinter cannot say by themselves."""

import ast
import configparser
import sys

from tests.architecture.sources import ROOT, imports, name, python_files, tree

ROOMS_OF_APP = (
    "flask", "bot.cli", "bot.handlers", "bot.logs", "bot.services.ports", "bot.settings",
    "bot.wiring", "web",
)  # fmt: skip
LOGIC = (
    ast.If,
    ast.IfExp,
    ast.While,
    ast.Try,
    ast.Match,
    ast.Lambda,
    ast.comprehension,
    ast.ClassDef,
)
"""What decides or computes. A loop that registers parts and a default by `or` are neither."""


def _is_in(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def test_the_domain_needs_only_the_standard_library() -> None:
    """Rules are pure: bot.domain imports the standard library and itself, nothing else."""
    foreign = [
        f"{name(path)} imports {module}"
        for path in python_files()
        if name(path).startswith("bot/domain/")
        for module in imports(tree(path))
        if module.split(".")[0] not in sys.stdlib_module_names
        and not _is_in(module, ("bot.domain",))
    ]
    assert foreign == []


def test_imports_are_absolute() -> None:
    """An import names its room in full, so that a reader and the contracts see the same arrow."""
    relative = [
        f"{name(path)} imports {module}"
        for path in python_files()
        for module in imports(tree(path))
        if module.startswith(".")
    ]
    assert relative == []


def test_every_room_has_its_layer() -> None:
    """A new package or module of bot must be given its place in the layers contract."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    layers = contracts["importlinter:contract:layers"]["layers"]
    named = set(layers.replace("|", " ").split())
    rooms = {
        f"bot.{path.stem}"
        for path in (ROOT / "bot").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms - {"bot.__init__"} <= named


def test_app_only_puts_the_parts_together() -> None:
    """app.py, which is no package and so outside the contracts: ≤ 60 lines, no logic, no depths."""
    path = ROOT / "app.py"
    module = tree(path)
    logic = [type(node).__name__ for node in ast.walk(module) if isinstance(node, LOGIC)]
    depths = [
        imported
        for imported in imports(module)
        if imported.split(".")[0] not in sys.stdlib_module_names
        and not _is_in(imported, ROOMS_OF_APP)
    ]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60
    assert (logic, depths) == ([], [])
