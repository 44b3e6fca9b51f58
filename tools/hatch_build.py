"""The package's build: wheel and sdist carry the widgets' bundles and compiled translations, made first where out of date."""

from __future__ import annotations

import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
import compiling
import frontend


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the widgets before the files are collected; an editable install leaves that to `tools/bootstrap.py`."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Babel and Node.js as wheels, only where they are needed; Node.js where the machine has none."""
        babel = [] if compiling.is_fresh() else [compiling.BABEL]
        if frontend.is_fresh() or frontend.find_node():
            return babel
        lines = frontend.NODE_LOCK.read_text(encoding="utf-8").splitlines()
        return babel + [line.split()[0] for line in lines if line and not line.startswith(("#", " "))]

    def initialize(self, version: str, _build_data: dict[str, object]) -> None:
        """Build the bundles and compile the translations, unless they are there."""
        if version != "editable":
            compiling.compile_all()
            frontend.build_bundles()
