"""Messages are read and sorted as they arrive, at a cost that is theirs alone: identifiers, names, vectors, signals, category.

`case.extract()` finds them read. What it does beside, over the whole case, is left to it: names that sources give, read anew everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from workbench import extract, search
from workbench.case import extracting, speaking
from workbench.case.book import Book
from workbench.case.desk import sorting
from workbench.case.progress import bar
from workbench.errors import ModelError
from workbench.extract.languages import languages
from workbench.ingest.police import meaning
from workbench.ledger import Run, frames, messages
from workbench.ledger.messages import Filed
from workbench.model.rows import Passage

BATCH = 100
"""Messages that are read at once."""


def take(book: Book, documents: Sequence[str]) -> None:
    """Read and sort messages that were filed. After an interruption `case.extract()` and the inbox do what is left."""
    begun = bar("Reading messages", "messages", range(len(documents)))
    with suppress(ModelError), book.ledger.steady(), begun as progress:
        for at in range(0, len(documents), BATCH):
            batch = documents[at : at + BATCH]
            filed = messages.listed(book.ledger, batch)
            _begin(book, filed)
            read(book, batch)
            sorting.read(book, filed)
            sorting.categories(book, filed)
            progress.update(len(batch))


def _begin(book: Book, filed: Sequence[Filed]) -> None:
    """Begin the vectors by which messages are categorised, which the processor's other cores compute meanwhile."""
    if sorting.encoder():
        search.engine(search.MULTILINGUAL).begin(sorting.meanings(book, filed))


def read(book: Book, documents: Collection[str]) -> int:
    """Read the passages of some documents that nobody has read yet; how many."""
    passages = extracting.passages_of(frames.passages_of(book.ledger, documents))
    texts = {passage.id: said for passage in passages if (said := meaning(passage.text))}
    with suppress(ModelError):  # without the model, words alone are searched
        speaking.engine(book).begin(texts.values())
    _read(book, passages)
    with suppress(ModelError):
        _index(book, texts)
    return len(passages)


def _read(book: Book, passages: Sequence[Passage]) -> None:
    spoken = languages(passages)
    for method in extract.methods(spoken).values():
        claims = list(method.extract(passages))
        doubts = list(extract.doubtful(passages, spoken=spoken)) if method.name == "identifiers" else []
        run = Run("extract", method.name, method.version)
        book.ledger.add_reading(run, [passage.id for passage in passages], [*claims, *doubts])


def _index(book: Book, texts: dict[str, str]) -> None:
    """Give passages their vectors, beside those that `case.extract()` makes."""
    engine = speaking.engine(book)
    folder, vault = book.folder.derived / "vectors", book.folder.vault
    index = book.kept("desk: vectors", engine.version, lambda: search.VectorIndex(folder, engine.version, vault))
    new = index.missing(list(texts))
    if new:
        index.add(new, engine.encode([texts[key] for key in new]))
