"""Passages into suggestions: each extraction method reads each passage once; an interruption loses nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from tqdm.auto import tqdm

from workbench.case.adding import PATIENCE
from workbench.case.book import Book
from workbench.ledger import Run, frames
from workbench.model.rows import Passage

BATCH = 512
"""Passages in one transaction."""


def passages_of(frame: pd.DataFrame) -> list[Passage]:
    """Rows of a PASSAGES table."""
    return [Passage(row.passage_id, row.document_id, int(row.number), row.text, int(row.page)) for row in frame.itertuples()]


def known_names(book: Book) -> list[str]:
    """Names that sources and officers give, in order: contacts, custodians, registers. What a text says is read with them."""
    evidence = book.evidence
    chosen = evidence[
        (evidence["kind"] != "suggested") & evidence["prop"].isin(["name", "alias"]) & evidence["schema"].isin(["Person", "Organization", "Company"])
    ]
    return sorted(set(chosen["value"]))


def unread(book: Book, method: str, version: str) -> Iterator[list[Passage]]:
    """Batches of passages that the method has yet to read, with a progress bar."""
    total = frames.unread_count(book.ledger, method, version)
    with tqdm(total=total, desc=f"Reading text: {method}", unit=" passages", delay=PATIENCE, leave=False) as bar:
        while len(batch := frames.unread(book.ledger, method, version, BATCH)):
            yield passages_of(batch)
            bar.update(len(batch))


def read(book: Book, run: Run, batch: list[Passage], claims: list[object]) -> None:
    """Store what a method read in a batch."""
    book.ledger.add_reading(run, [passage.id for passage in batch], claims)  # type: ignore[arg-type]
