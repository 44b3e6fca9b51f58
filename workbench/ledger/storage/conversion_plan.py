"""What a changeover puts in the place of a case, written down in the folder that is to take it. Only a whole one is followed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbench.model.machine.atomic_write import write_atomic

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
    goes : mapping
        Path in the case -> description of each file that was copied: what is not as it was then came later, and nobody has copied it.
    """

    of: str
    files: Mapping[str, str] = field(default_factory=dict)
    goes: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Keep it in the folder whose files it lists."""
        data = {"changeover": FORMAT, "of": self.of, "files": dict(self.files), "goes": dict(self.goes)}
        write_atomic(folder / FILE, json.dumps(data, sort_keys=True).encode())

    def list_missing_files(self, *folders: Path) -> list[str]:
        """Paths of files that are in none of the folders as they were made."""
        return [
            name
            for name, sha256 in self.files.items()
            if not any(compute_digest(folder / name) == sha256 for folder in folders)
        ]


def read_plan(folder: Path) -> Plan | None:
    """The plan that lies in a folder; None where there is none that the workbench can have written."""
    path = folder / FILE
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LONGEST:
            return None
        data = json.loads(path.read_bytes())
        files, goes = ({str(name): str(said) for name, said in data[part].items()} for part in ("files", "goes"))
        return Plan(str(data["of"]), files, goes) if data["changeover"] == FORMAT else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def describe_file(path: Path) -> str:
    """Size, moment of the last change and SHA-256 of a file."""
    return f"{_format_stamp(path)} {compute_digest(path)}"


def is_as_described(path: Path, told: str) -> bool:
    """Whether a file is the one that was described; its bytes are asked only where it was touched since."""
    return told.startswith(f"{_format_stamp(path)} ") or told.endswith(f" {compute_digest(path)}")


def _format_stamp(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns}"


def compute_digest(path: Path) -> str:
    """SHA-256 of a file; '' where there is none of its own."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
