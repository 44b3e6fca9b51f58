"""Which module of the workbench imports which, by the syntax tree: at the top, within functions, and for type checkers alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[2]
PACKAGE = "workbench"


def find_modules(root: Path = ROOT) -> dict[str, Path]:
    """Dotted name -> file, of all modules; a package is named without `__init__`."""
    files = sorted((root / PACKAGE).rglob("*.py"))
    return {".".join(_parts(file.relative_to(root))): file for file in files}


def _parts(path: Path) -> tuple[str, ...]:
    parts = path.with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def draw_imports(modules: Mapping[str, Path]) -> nx.DiGraph:
    """Modules as nodes, an edge from each to what it imports; to import a name of a package imports the package."""
    net = nx.DiGraph()
    net.add_nodes_from(modules)
    for name, file in modules.items():
        net.add_edges_from((name, one) for one in _imported(name, file, modules) if one != name)
    return net


def _imported(name: str, file: Path, modules: Mapping[str, Path]) -> Iterable[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in modules)
        elif isinstance(node, ast.ImportFrom):
            base = _base(name, file, node)
            for one in node.names:
                inner = f"{base}.{one.name}"
                if inner in modules or base in modules:
                    yield inner if inner in modules else base


def _base(name: str, file: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, *([node.module] if node.module else [])])


def fold(net: nx.DiGraph, modules: Mapping[str, Path]) -> nx.DiGraph:
    """The same for folders. A file beside folders (the command line, the class `Case`) stands for itself: it joins what they hold."""
    folders = nx.DiGraph()
    above = {folder_of(name, modules).rpartition(".")[0] for name in modules}

    def place(name: str) -> str:
        folder = folder_of(name, modules)
        return name if folder in above else folder

    folders.add_nodes_from(map(place, net))
    folders.add_edges_from((place(a), place(b)) for a, b in net.edges if place(a) != place(b))
    return folders


def folder_of(name: str, modules: Mapping[str, Path]) -> str:
    """The folder in which a module lies, as a dotted name."""
    return name if modules[name].name == "__init__.py" else name.rpartition(".")[0]


def find_circles(net: nx.DiGraph) -> list[frozenset[str]]:
    """Groups of which each imports each, directly or by way of others."""
    return [frozenset(group) for group in nx.strongly_connected_components(net) if len(group) > 1]
