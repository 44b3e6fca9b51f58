"""No module and no folder imports itself in a circle, and a folder holds what a person can look through."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.house.imports import ROOT, draw_imports, find_circles, find_modules, fold

MOST = 15
"""Source files in a folder, beside its `__init__.py`."""
ALIKE = {"workbench/ledger/records": 19, "widgets/workbench_widgets/layout": 17}
"""Folders of things of one shape, which may have more (readers, layouts, records, migrations)."""
CROWDED: dict[str, int] = {}
"""Folders that have more than MOST, and how many: this list may only shrink."""
WIDE = 120
"""Characters of a line of a script."""


def _made(tmp_path: Path, **files: str) -> dict[str, Path]:
    for name, text in files.items():
        file = tmp_path / "workbench" / f"{name.replace('__', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        (file.parent / "__init__.py").touch()
    return find_modules(tmp_path)


def test_a_circle_is_found_wherever_the_import_stands(tmp_path: Path) -> None:
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from workbench.b.two import two\n"
    modules = _made(
        tmp_path, a__one=typed, b__two="def two():\n    from ..a import one\n", c__three="import workbench.a.one\n"
    )
    net = draw_imports(modules)
    assert find_circles(net) == [frozenset({"workbench.a.one", "workbench.b.two"})]
    assert find_circles(fold(net, modules)) == [frozenset({"workbench.a", "workbench.b"})]


def test_no_module_imports_itself_in_a_circle() -> None:
    assert find_circles(draw_imports(find_modules())) == []


def test_no_folder_imports_itself_in_a_circle() -> None:
    modules = find_modules()
    found = find_circles(fold(draw_imports(modules), modules))
    assert sorted(map(sorted, found)) == []


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="each import has a process of its own")
def test_each_module_can_be_imported_first() -> None:
    """What a package loads in its `__init__` may lead back to the module that asked for the package."""
    script = f"""
import importlib, os, sys
import networkx, numpy, pandas, phonenumbers, pyarrow
for name in {sorted(find_modules())!r}:
    if name.endswith("__main__"):
        continue
    child = os.fork()
    if child == 0:
        try:
            importlib.import_module(name)
        except ImportError as error:
            os.write(1, f"{{name}}: {{error}}\\n".encode()) if "circular" in str(error) else None
        finally:
            os._exit(0)
    os.waitpid(child, 0)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_a_folder_holds_no_more_files_than_a_person_looks_through() -> None:
    modules = find_modules()
    sources = [*modules.values(), *(ROOT / "widgets/workbench_widgets").rglob("*.py")]
    python = Counter(file.parent.relative_to(ROOT).as_posix() for file in sources if file.name != "__init__.py")
    scripts = Counter(
        file.parent.relative_to(ROOT).as_posix()
        for file in (ROOT / "widgets/workbench_widgets").rglob("*.js")
        if "static" not in file.parts and not file.name.endswith(".test.js")
    )
    found = {folder: count for folder, count in (python + scripts).items() if count > ALIKE.get(folder, MOST)}
    assert found == CROWDED


def test_a_line_of_a_script_is_no_longer_than_a_person_reads() -> None:
    long = [
        f"{file.relative_to(ROOT).as_posix()}:{number}"
        for file in (ROOT / "widgets/workbench_widgets").rglob("*.js")
        if "static" not in file.parts
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if len(line) > WIDE
    ]
    assert long == []
