"""Investigative workbench: load case data, read it, search it, link it, explain a link, correct it, report.

>>> import workbench as wb
>>> wb.__all__  # doctest: +NORMALIZE_WHITESPACE
['Case', 'CaseError', 'IdentityError', 'ModelError', 'PackageError', 'SchemaError', 'SourceError', 'WorkbenchError',
 'open_case', 'open_package', 'reidentify', 'restore', 'shipped',
 'start']

Names are loaded when they are first used, so that the import itself costs next to nothing.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.case.backups import restore
    from workbench.case.case import Case, open_case
    from workbench.case.keyfile import reidentify
    from workbench.case.reviewing import open_package
    from workbench.case.running import shipped
    from workbench.case.starting import start
    from workbench.errors import (
        CaseError,
        IdentityError,
        ModelError,
        PackageError,
        SchemaError,
        SourceError,
        WorkbenchError,
    )

os.environ.update({"ORT_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"})
"""Before any library can be imported that would tell its maker of its use: ONNX Runtime looks here while it is loaded."""

__all__ = [
    "Case",
    "CaseError",
    "IdentityError",
    "ModelError",
    "PackageError",
    "SchemaError",
    "SourceError",
    "WorkbenchError",
    "open_case",
    "open_package",
    "reidentify",
    "restore",
    "shipped",
    "start",
]

_ROOMS = {
    "Case": "workbench.case.case",
    "open_case": "workbench.case.case",
    "open_package": "workbench.case.reviewing",
    "reidentify": "workbench.case.keyfile",
    "restore": "workbench.case.backups",
    "shipped": "workbench.case.running",
    "start": "workbench.case.starting",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"workbench has no {name!r}. It has: {', '.join(__all__)}.")
    return getattr(import_module(_ROOMS.get(name, "workbench.errors")), name)


def __dir__() -> list[str]:
    return sorted(__all__)
