#!/usr/bin/env python3
"""Compile the PO files into what a running workbench reads; nothing happens where that was made from what lies here.

    python tools/compiling.py

Needs Babel, and nothing of the workbench: the two modules that know the forms are loaded by themselves, as the build of a
wheel has no other package.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
MODULES = ("workbench/model/catalogue/translations.py", "widgets/workbench_widgets/words/translations.py")
LANGUAGES = ("fr", "es", "ar")
BABEL = "babel>=2.16"
"""What a build needs where something is to compile; pyproject.toml has the same."""


def is_fresh() -> bool:
    """Tell whether everything was compiled from the PO files that lie here."""
    return all(load_module(name).is_fresh(language) for name in MODULES for language in LANGUAGES)


def compile_all() -> int:
    """Compile what is missing or out of date."""
    for name in MODULES:
        for language in LANGUAGES:
            if not load_module(name).is_fresh(language):
                load_module(name).compile_language(language)
    return 0


@cache
def load_module(name: str) -> ModuleType:
    """A module by its file, without its package."""
    spec = importlib.util.spec_from_file_location(f"compiled_{Path(name).parent.name}", ROOT / name)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


if __name__ == "__main__":
    sys.exit(compile_all())
