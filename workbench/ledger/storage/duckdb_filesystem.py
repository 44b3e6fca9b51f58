"""A file system of a few files, for an engine that asks for files by name: what is not among them is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from fsspec import AbstractFileSystem

from workbench.ledger.storage.age_file import Reader

UNCHANGED = datetime(2000, 1, 1, tzinfo=UTC)
"""Files of mass rows never change under their name."""


class OpenedFiles(AbstractFileSystem):  # type: ignore[misc] # it comes without types
    """Files by name, each opened by a function.

    Parameters
    ----------
    scheme : str
        What stands before '://' in their names.
    files : mapping
        Name -> what opens the file.
    """

    cachable = False

    def __init__(self, scheme: str, files: Mapping[str, Callable[[], Reader]]) -> None:
        super().__init__()
        self.protocol = scheme
        self._files = dict(files)

    def _open(self, path: str, mode: str = "rb", **_: object) -> Reader:
        if mode != "rb":
            raise PermissionError(f"{path} can only be read.")
        return self._find_opener(path)()

    def info(self, path: str, **_: object) -> dict[str, Any]:
        """Name, size [bytes] and kind of a file."""
        with self._find_opener(path)() as file:
            return {"name": path, "size": file.size, "type": "file"}

    def exists(self, path: str, **_: object) -> bool:
        """Whether there is a file of that name."""
        return self._name(path) in self._files

    def glob(self, path: str, **_: object) -> list[str]:
        """The name itself: names are not patterns here."""
        return [path] if self.exists(path) else []

    def modified(self, path: str) -> datetime:
        """When it last changed."""
        del path
        return UNCHANGED

    def _find_opener(self, path: str) -> Callable[[], Reader]:
        try:
            return self._files[self._name(path)]
        except KeyError:
            raise FileNotFoundError(path) from None

    def _name(self, path: str) -> str:
        return path.removeprefix(f"{self.protocol}://")
