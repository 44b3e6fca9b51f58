"""The files of a case: as they are, or each encrypted with age to the key of the case. The same few verbs for both.

Whoever reads or writes a file in a case folder does it here. Of an encrypted case no plain byte lies on a disk: what is read
is decrypted piece by piece in memory, what is written is encrypted as it comes, also while it has no name yet.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import CaseError
from workbench.ledger.storage.age_file import PIECE, Reader, Writer, is_for
from workbench.ledger.storage.case_key import CaseKey
from workbench.ledger.storage.safe_deletion import refuse_links
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import write_atomic

if TYPE_CHECKING:
    import duckdb

SUFFIX = ".age"
LARGEST = 256 << 20
"""Bytes of a file of which no size is recorded that are compared at most."""
UNREAD = "too large to compare"
"""In place of the SHA-256 of a larger one."""
NAMED_BY_HASH = ("sources", "rows")
"""Folders whose files have names that tell what is in them."""
SCHEME = "case"
"""How the engine for mass rows asks for a file that is encrypted: case://name."""


class Vault:
    """Files of a case that is not encrypted.

    Attributes
    ----------
    key : CaseKey or None
        Key of the case, where it is encrypted.
    """

    key: CaseKey | None = None

    @property
    def ledger_key(self) -> str:
        """Raw key of the ledger; '' if it is not encrypted."""
        return self.key.ledger if self.key else ""

    def place(self, path: Path) -> Path:
        """Where a file of the case lies on the disk."""
        return path

    def open(self, path: Path) -> io.BufferedReader:
        """The content, open for reading from any place."""
        return open_case_file(path)

    def read(self, path: Path) -> bytes:
        """The whole content."""
        with self.open(path) as file:
            return file.read()

    def write(self, path: Path, data: bytes) -> Path:
        """Write the whole content; a reader sees the old or the new one. Gives where it lies."""
        self._put(path, data)
        return self.place(path)

    def _put(self, path: Path, data: bytes) -> None:
        """Write bytes as they are to where a file lies."""
        refuse_links(path.parent)
        write_atomic(self.place(path), data)
        sync_folder(path.parent)

    def hash(self, path: Path, sizes: Collection[int] = ()) -> str:
        """SHA-256 of the content; '' where it is damaged or cannot be read. A file that cannot be the one meant is not read.

        `sizes`: bytes that are recorded of it; '' where it has none of these. Where none are, UNREAD for more than LARGEST.
        """
        try:
            with self.open(path) as file:
                return _hash_open_file(file, sizes)
        except (OSError, CaseError):
            return ""

    def has_content(self, path: Path, sha256: str, *sizes: int) -> bool:
        """Whether the file is there with this content (`hash`); False where it is damaged."""
        return self.hash(path, sizes) == sha256

    def get_size(self, path: Path) -> int:
        """Bytes of the content, which is not read; -1 where it is damaged or cannot be read."""
        try:
            with self.open(path) as file:
                return file.seek(0, io.SEEK_END)
        except (OSError, CaseError):
            return -1

    @contextmanager
    def open_writer(self, write: Callable[[bytes], object]) -> Iterator[Callable[[bytes], object]]:
        """What takes the content of a file piece by piece; whole when the block ends without an error."""
        yield write

    def list_names(self, folder: Path, suffix: str = "") -> list[str]:
        """Names of the files in a folder that end so, in order; folders whose names tell what is in them have none here."""
        named = (path for path in folder.iterdir() if path.name.endswith(suffix)) if folder.is_dir() else ()
        return sorted(path.name for path in named if not path.name.startswith(".") and path.is_file())

    def reach(self, paths: Sequence[Path], connection: duckdb.DuckDBPyConnection) -> list[str]:
        """Let the engine for mass rows read files; gives the names by which it asks for them."""
        for path in paths:
            open_case_file(path).close()
        return [str(path.resolve()) for path in paths]


class SealedVault(Vault):
    """Files of an encrypted case.

    Parameters
    ----------
    key : CaseKey
        The key of the case.
    """

    def __init__(self, key: CaseKey) -> None:
        self.key: CaseKey = key

    def place(self, path: Path) -> Path:
        """Where a file of the case lies on the disk: under a name that only the key gives, or under its own and '.age'."""
        hidden = path.parent.name in NAMED_BY_HASH
        return path.with_name((self.key.name(f"{path.parent.name}/{path.name}") if hidden else path.name) + SUFFIX)

    def open(self, path: Path) -> io.BufferedReader:
        """The content, decrypted as it is read; `CaseError` where a byte was changed."""
        return io.BufferedReader(self.open_unbuffered(path), PIECE)

    def open_unbuffered(self, path: Path) -> Reader:
        """The content without a buffer of its own."""
        sealed = open_case_file(self.place(path))
        try:
            return Reader(sealed, self.key.identity, f"{path.parent.name}/{path.name}")
        except BaseException:
            sealed.close()
            raise

    def write(self, path: Path, data: bytes) -> Path:
        """Write the whole content, encrypted."""
        self._put(path, self.seal(data))
        return self.place(path)

    def seal(self, data: bytes) -> bytes:
        """A content as it lies on the disk."""
        sealed = io.BytesIO()
        with self.open_writer(sealed.write) as write:
            write(data)
        return sealed.getvalue()

    def unseal(self, data: bytes, name: str) -> bytes:
        """The content of what lies on the disk; `CaseError` with the name where a byte was changed."""
        with io.BufferedReader(Reader(io.BytesIO(data), self.key.identity, name), PIECE) as file:
            return file.read()

    @contextmanager
    def open_writer(self, write: Callable[[bytes], object]) -> Iterator[Callable[[bytes], object]]:
        """What takes plain bytes and gives encrypted ones to `write`."""
        made = Writer(write, self.key.identity)
        yield made.write
        made.finish()

    def list_names(self, folder: Path, suffix: str = "") -> list[str]:
        """Names without '.age'."""
        return [name.removesuffix(SUFFIX) for name in super().list_names(folder, suffix + SUFFIX)]

    def reach(self, paths: Sequence[Path], connection: duckdb.DuckDBPyConnection) -> list[str]:
        """Let the engine read these files through this vault, and no other file."""
        from workbench.ledger.storage.duckdb_filesystem import OpenedFiles

        named = {path.name: path for path in paths}
        connection.register_filesystem(
            OpenedFiles(SCHEME, {name: self.build_opener(path) for name, path in named.items()})
        )
        return [f"{SCHEME}://{name}" for name in named]

    def is_sealed(self, place: Path) -> bool:
        """Whether a file on the disk is under the key of the case, damaged or not."""
        try:
            with open_case_file(place) as sealed:
                return is_for(sealed, self.key.identity)
        except (OSError, CaseError):
            return False

    def build_opener(self, path: Path) -> Callable[[], Reader]:
        """What opens a file when it is asked for."""
        return lambda: self.open_unbuffered(path)


class LyingVault(SealedVault):
    """Encrypted files under the names that they have on the disk."""

    def place(self, path: Path) -> Path:
        """Where a file lies: there."""
        return path


def open_case_file(path: Path) -> io.BufferedReader:
    """A file of the case, open for reading; a link, pipe or device in its place is not followed.

    Raises
    ------
    CaseError
        If it is no file of its own.
    """
    try:
        file = open(path, "rb", opener=open_nofollow)  # noqa: SIM115 - the caller closes it; Path.open takes no opener
    except OSError as error:
        if path.is_symlink():
            raise CaseError(
                Sentence(
                    "{path} is not a file but a link, a pipe or a device. The program did not read it. "
                    "Replace it with the real file.",
                    path=path,
                )
            ) from error
        raise
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise CaseError(
            Sentence(
                "{path} is not a file but a link, a pipe or a device. The program did not read it. "
                "Replace it with the real file.",
                path=path,
            )
        )
    return file


def _hash_open_file(file: io.BufferedReader, sizes: Collection[int]) -> str:
    size = file.seek(0, io.SEEK_END)
    if sizes and size not in sizes:
        return ""
    if not sizes and size > LARGEST:
        return UNREAD
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def open_nofollow(path: str, flags: int) -> int:
    """Open a file, but no link, and without waiting for a pipe: an opener for `open`."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


PLAIN = Vault()


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
