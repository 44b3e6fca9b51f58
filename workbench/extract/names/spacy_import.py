"""spaCy without PyTorch: its library `thinc` imports PyTorch wherever it is installed, for models that the workbench does not run."""

from __future__ import annotations

import importlib
import sys
from threading import Lock
from types import ModuleType

_alone = Lock()


def import_spacy() -> ModuleType:
    """Import spaCy, in a third of the time that it takes with PyTorch.

    Whoever needs spaCy with PyTorch in the same program imports either of them before: what is there stays as it is.
    """
    with _alone:
        if "thinc" in sys.modules or "torch" in sys.modules:
            return importlib.import_module("spacy")
        sys.modules["torch"] = None  # type: ignore[assignment]  # an import of it fails, as where it is not installed
        try:
            return importlib.import_module("spacy")
        finally:
            del sys.modules["torch"]
