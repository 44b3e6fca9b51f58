"""What a changeover puts in the place of a case, written down in the folder that is to take it. Only a whole one is followed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbench.model.files import write_atomic

FILE = "changeover.json"
FORMAT = 1
BEGUN = ".writing-"
"""Begins the name of a plan that is being written."""
LONGEST = 1 << 30
"""Bytes of a plan at most."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What takes the place of a case.

    Attributes
    ----------
    of : str
        SHA-256 of the ledger that it takes the place of: it is for this state of this case and for no other.
    files : mapping
        Path in the case -> SHA-256 of each file that comes; none while they are being made.
    """

    of: str
    files: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Keep it in the folder whose files it lists."""
        data = {"changeover": FORMAT, "of": self.of, "files": dict(self.files)}
        write_atomic(folder / FILE, json.dumps(data, sort_keys=True).encode())

    def lack(self, *folders: Path) -> list[str]:
        """Paths of files that are in none of the folders as they were made."""
        return [
            name
            for name, sha256 in self.files.items()
            if not any(digest(folder / name) == sha256 for folder in folders)
        ]


def read(folder: Path) -> Plan | None:
    """The plan that lies in a folder; None where there is none that the workbench can have written."""
    path = folder / FILE
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LONGEST:
            return None
        data = json.loads(path.read_bytes())
        files = {str(name): str(sha256) for name, sha256 in data["files"].items()}
        return Plan(str(data["of"]), files) if data["changeover"] == FORMAT else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def digest(path: Path) -> str:
    """SHA-256 of a file; '' where there is none of its own."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
