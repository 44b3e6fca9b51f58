"""Rows of a file that is still being read: held until all of them are there, so that nothing half read is ever written.

The first rows are held in memory. More lie in a temporary file that has no name, so that it is gone with the process
however that ends; of an encrypted case it is encrypted with a key that is in memory alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from workbench.ingest import row_transfer
from workbench.ingest.budgets import compute_size
from workbench.ledger.storage.safe_deletion import refuse_links
from workbench.model.rows import Enclosure, LedgerRow, Row
from workbench.worker import Message
from workbench.worker.payload_cipher import PayloadCipher, create_key

IN_MEMORY, ROWS_IN_MEMORY = 8 << 20, 20_000
"""Bytes, about, and rows that are held in memory at once."""
LENGTH, NUMBER = 8, 8


class Spool:
    """Takes rows one by one, and gives them back in their order.

    Parameters
    ----------
    folder : Path
        Where the temporary file lies.
    is_sealed : bool
        Whether no plain byte may lie on the disk.
    """

    def __init__(self, folder: Path, *, is_sealed: bool) -> None:
        self.folder = folder
        self.held: list[LedgerRow | Enclosure] = []
        self.size = 0
        self.file: IO[bytes] | None = None
        self.cipher = PayloadCipher(create_key()) if is_sealed else None

    def __enter__(self) -> Spool:
        """Give the spool itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let go of everything."""
        self.held = []
        if self.file:
            self.file.close()

    def add(self, row: LedgerRow | Enclosure) -> None:
        """Take a row."""
        self.held.append(row)
        self.size += compute_size(row)
        if self.size >= IN_MEMORY or len(self.held) >= ROWS_IN_MEMORY:
            self._write()

    def read_rows(self) -> Iterator[Row]:
        """All rows, in the order in which they came."""
        if self.file:
            self.file.seek(0)
            while message := self._read(self.file):
                yield from row_transfer.decode_rows(message)
        yield from self.held

    def _write(self) -> None:
        file = self.file = self.file or self._create_file()
        for tag, payload, number in row_transfer.encode_rows(self.held):
            written = self.cipher.encrypt(payload) if self.cipher else payload
            file.write(tag + number.to_bytes(NUMBER, "big") + len(written).to_bytes(LENGTH, "big") + written)
        self.held, self.size = [], 0

    def _create_file(self) -> IO[bytes]:
        refuse_links(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        return cast("IO[bytes]", tempfile.TemporaryFile(dir=self.folder, prefix=".writing-"))

    def _read(self, file: IO[bytes]) -> Message | None:
        head = file.read(1 + NUMBER + LENGTH)
        if not head:
            return None
        number, length = int.from_bytes(head[1 : 1 + NUMBER], "big"), int.from_bytes(head[1 + NUMBER :], "big")
        written = file.read(length)
        return Message(head[:1], self.cipher.decrypt(written) if self.cipher else written, number)
