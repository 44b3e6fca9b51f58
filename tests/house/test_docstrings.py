"""The examples in docstrings say what the functions give, by the names that these have."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path

from tests.house.imports import ROOT

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
FOLDERS = {"workbench": ROOT, "workbench_widgets": ROOT / "widgets"}
"""Package -> the folder in which it lies."""


def _list_modules() -> Iterator[str]:
    """Modules with examples."""
    for package, folder in FOLDERS.items():
        for path in sorted((folder / package).rglob("*.py")):
            if ">>> " in path.read_text("utf-8"):
                yield _name_module(path.relative_to(folder))


def _name_module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def test_every_example_in_a_docstring_is_right() -> None:
    runner, said = doctest.DocTestRunner(verbose=False, optionflags=FLAGS), list[str]()
    for name in _list_modules():
        module = importlib.import_module(name)
        for example in doctest.DocTestFinder(exclude_empty=True).find(module, name):
            runner.run(example, out=said.append)
    assert runner.summarize(verbose=False).attempted > 0
    assert said == []
