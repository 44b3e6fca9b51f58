"""The language in which a person uses this machine."""

from __future__ import annotations

import locale
import os

from workbench.model.catalogue import Translator

VARIABLES = ("WORKBENCH_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where it is said, for the workbench or for the system; the first that says something counts (POSIX, 8.2)."""


def get_system_language() -> str:
    """Language of the system; English where it is none of ours."""
    said = next(filter(None, map(os.environ.get, VARIABLES)), "") or locale.getlocale()[0] or ""
    return Translator(said[:2].lower()).catalogue_language
