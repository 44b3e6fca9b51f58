"""The package's build: wheel and sdist carry the widgets' bundles, built first where they are missing or out of date."""

from __future__ import annotations

import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
import frontend


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the widgets before the files are collected; an editable install leaves that to `tools/bootstrap.py`."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node.js as a wheel, only where it is needed and the machine has none."""
        if frontend.is_fresh() or frontend.find_node():
            return []
        lines = frontend.NODE_LOCK.read_text(encoding="utf-8").splitlines()
        return [line.split()[0] for line in lines if line and not line.startswith(("#", " "))]

    def initialize(self, version: str, _build_data: dict[str, object]) -> None:
        """Build the bundles, unless they are there."""
        if version != "editable":
            frontend.build()
