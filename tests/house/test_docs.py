"""What the pages import is there."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")) if path.name != "CHANGELOG.md")
IMPORT = re.compile(r"^from (workbench[\w.]*|workbench_widgets[\w.]*) import \(?([\w, ]+)", re.MULTILINE)


def list_imports(text: str) -> Iterator[tuple[str, str]]:
    """Module and name of each import of the workbench in a page."""
    for module, names in IMPORT.findall(text):
        for name in names.split(","):
            if name.strip():
                yield module, name.split(" as ")[0].strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_name_that_a_page_imports_is_there(page: Path) -> None:
    """But for files that the page tells its reader to write."""
    text = page.read_text(encoding="utf-8")
    for module, name in list_imports(text):
        if f"{name}.py" not in text and f"{module.rpartition('.')[2]}.py" not in text:
            found = importlib.import_module(module)
            is_package = hasattr(found, "__path__")
            assert hasattr(found, name) or (is_package and importlib.util.find_spec(f"{module}.{name}")), name
