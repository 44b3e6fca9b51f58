"""Investigative workbench: load case data, read it, search it, link it, explain a link, correct it, report.

>>> import workbench as wb
>>> wb.__all__  # doctest: +NORMALIZE_WHITESPACE
['Case', 'CaseError', 'IdentityError', 'ModelError', 'PackageError', 'SchemaError', 'SourceError', 'WorkbenchError',
 'open_case', 'open_package', 'reidentify', 'restore', 'shipped_folder',
 'spark', 'start']

Names are loaded when they are first used, so that the import itself costs next to nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from workbench.loading import load_on_use

if TYPE_CHECKING:
    from workbench.app.pipeline import shipped_folder
    from workbench.app.start_page import start
    from workbench.case.case import Case, open_case
    from workbench.case.packages.preview import open_package
    from workbench.case.privacy.pseudonyms.key_file import reidentify
    from workbench.case.storage.backup import restore
    from workbench.cluster.cluster import start_cluster as spark
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
    "shipped_folder",
    "spark",
    "start",
]

_ROOMS = {
    "Case": "workbench.case.case",
    "open_case": "workbench.case.case",
    "open_package": "workbench.case.packages.preview",
    "reidentify": "workbench.case.privacy.pseudonyms.key_file",
    "restore": "workbench.case.storage.backup",
    "shipped_folder": "workbench.app.pipeline",
    "spark": "workbench.cluster.cluster:start_cluster",
    "start": "workbench.app.start_page",
}

__getattr__ = load_on_use(__name__, {name: _ROOMS.get(name, "workbench.errors") for name in __all__})


def __dir__() -> list[str]:
    return sorted(__all__)
