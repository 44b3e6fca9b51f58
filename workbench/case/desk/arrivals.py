"""Messages are read as they arrive: identifiers, names, special words and vectors of their passages, at a cost that is theirs alone.

`case.extract()` finds them read. What it does beside, over the whole case, is left to it: names that sources give, read anew everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from workbench import extract, search
from workbench.case import extracting, speaking
from workbench.case.book import Book
from workbench.errors import ModelError
from workbench.extract.languages import languages
from workbench.ledger import Run, frames
from workbench.model.rows import Passage


def read(book: Book, documents: Collection[str]) -> int:
    """Read the passages of some documents that nobody has read yet; how many."""
    passages = extracting.passages_of(frames.passages_of(book.ledger, documents))
    spoken = languages(passages)
    for method in extract.methods(spoken).values():
        claims = list(method.extract(passages))
        doubts = list(extract.doubtful(passages, spoken=spoken)) if method.name == "identifiers" else []
        run = Run("extract", method.name, method.version)
        book.ledger.add_reading(run, [passage.id for passage in passages], [*claims, *doubts])
    with suppress(ModelError):  # without the model, words alone are searched
        _index(book, passages)
    return len(passages)


def _index(book: Book, passages: Sequence[Passage]) -> None:
    """Give passages their vectors, beside those that `case.extract()` makes."""
    engine = speaking.engine(book)
    folder, vault = book.folder.derived / "vectors", book.folder.vault
    index = book.kept("desk: vectors", engine.version, lambda: search.VectorIndex(folder, engine.version, vault))
    missing = set(index.missing([passage.id for passage in passages]))
    new = [passage for passage in passages if passage.id in missing]
    if new:
        index.add([passage.id for passage in new], engine.encode([passage.text for passage in new]))
