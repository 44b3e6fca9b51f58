"""A shelf of what was read of messages, by document. Derived: it may be deleted at any time and is made again from the messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from workbench.errors import CaseError
from workbench.ledger.storage.file_vault import Vault
from workbench.ledger.storage.safe_deletion import delete_file
from workbench.model.ids import compute_digest

SEGMENTS = 24
"""From so many files on they are joined into one."""


class Shelf:
    """Entries by document in files of a folder; those of another version are passed over.

    Parameters
    ----------
    folder : Path
        Made if it is missing.
    version : str
        Of what made the entries.
    vault : Vault
        By which the case's files are read and written.
    """

    def __init__(self, folder: Path, version: str, vault: Vault) -> None:
        self.folder, self.vault = folder, vault
        self.suffix = f".{compute_digest(version)[:16]}.json"
        self._entries: dict[str, object] = {}
        self._read: set[str] = set()

    def read_entries(self) -> Mapping[str, object]:
        """Document -> entry, with what this or another process has added since."""
        names = self.vault.list_names(self.folder, self.suffix)
        if not self._read <= set(names):
            self._entries, self._read = {}, set()
        for name in names:
            if name not in self._read:
                self._read.add(name)
                self._entries.update(self._read_entries(name))
        return self._entries

    def _read_entries(self, name: str) -> Mapping[str, object]:
        """Entries of a file; none where it holds something else: they are made again."""
        try:
            found = json.loads(self.vault.read(self.folder / name))
        except (OSError, CaseError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def add(self, entries: Mapping[str, object]) -> None:
        """Keep entries; when there are many files they are joined."""
        if not entries:
            return
        known = {**self.read_entries(), **entries}
        joined = len(self._read) + 1 >= SEGMENTS
        old = set(self._read) if joined else set()
        self._write(known if joined else entries)
        for name in old:
            delete_file(self.vault.place(self.folder / name))
        self._entries = dict(known)
        self._read = set(self.vault.list_names(self.folder, self.suffix))

    def _write(self, entries: Mapping[str, object]) -> None:
        raw = json.dumps(entries, ensure_ascii=False, sort_keys=True).encode()
        self.vault.write(self.folder / f"{compute_digest(raw.decode())[:32]}{self.suffix}", raw)
