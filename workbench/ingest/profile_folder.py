"""Where an officer's own profiles of tables and operators lie."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_config_path

FOLDER = "CASELEDGER_PROFILES"
"""Variable that names the folder, where it is not the user's own."""


def get_profile_folder() -> Path:
    """Where the user's profiles lie."""
    given = os.environ.get(FOLDER, "")
    return Path(given) if given else user_config_path("caseledger") / "profiles"
