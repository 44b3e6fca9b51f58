"""Investigative workbench: load case data, read it, search it, link it, explain a link, correct it, report.

>>> import workbench as wb
>>> wb.__all__
['Case', 'CaseError', 'ModelError', 'SchemaError', 'SourceError', 'WorkbenchError', 'open_case', 'shipped']

Names are loaded when they are first used, so that the import itself costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.case.case import Case, open_case
    from workbench.case.running import shipped
    from workbench.errors import CaseError, ModelError, SchemaError, SourceError, WorkbenchError

__all__ = ["Case", "CaseError", "ModelError", "SchemaError", "SourceError", "WorkbenchError", "open_case", "shipped"]

_ROOMS = {"Case": "workbench.case.case", "open_case": "workbench.case.case", "shipped": "workbench.case.running"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"workbench has no {name!r}. It has: {', '.join(__all__)}.")
    return getattr(import_module(_ROOMS.get(name, "workbench.errors")), name)


def __dir__() -> list[str]:
    return sorted(__all__)
