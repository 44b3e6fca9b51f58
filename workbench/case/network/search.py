"""One search over everything in the case: filters first, then words and meaning, fused; each hit with its provenance."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from workbench import search as rooms
from workbench.case.context import search_languages
from workbench.case.context.entity_index import find_entity, find_named
from workbench.case.context.progress import bar
from workbench.case.context.tables import Book
from workbench.case.network import entity_graph
from workbench.errors import CaseError
from workbench.ledger.records import passage_search, row_tables
from workbench.model import schema as vocabulary
from workbench.model.catalogue import Sentence
from workbench.model.table_schemas import HITS
from workbench.model.text.normalise import normalise

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BOUND = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d){0,2})?)?)?", re.ASCII)
"""A date, or its beginning."""
BATCH = 256
"""Passages that are encoded and stored at once."""
DEPTH = 200
"""How far down each ranking is fused."""
PASSAGES = 2
"""Passages of one document among the hits."""
CLOCKS = 60
"""Seconds by which the clocks of two telephones may differ for a message on both to be shown once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; the fields are the parameters of `Case.search`."""

    text: str = ""
    like: str = ""
    since: str = ""
    until: str = ""
    sender: str = ""
    kind: str = ""
    limit: int = 20
    services: bool = True


def index(book: Book) -> int:
    """Give passages a vector; number of those that had none. The index may be deleted at any time.

    Rows of large tables get none: they are found by words, and meaning says nothing of a call record.
    """
    vectors, texts = _index(book), search_languages.texts(book)
    missing = vectors.list_missing(list(texts))
    with bar(book.say, "indexing", "passages", range(len(missing))) as progress:
        for at in range(0, len(missing), BATCH):
            batch = missing[at : at + BATCH]
            vectors.add(batch, search_languages.engine(book).encode([texts[key] for key in batch]))
            progress.update(len(batch))
    return len(missing)


def forget(book: Book) -> None:
    """Take the vectors of what does not count any more out of the index."""
    _index(book).remove_others(row_tables.small_passages(book.ledger))


def _index(book: Book) -> rooms.VectorIndex:
    return book.cache_by_version(
        "vectors",
        lambda: rooms.VectorIndex(
            book.folder.derived / "vectors", search_languages.engine(book).version, book.folder.vault
        ),
    )


def search(book: Book, asked: Asked) -> pd.DataFrame:
    """Hits, best first (columns HITS)."""
    if not asked.text.strip() and not asked.like.strip():
        raise CaseError(Sentence("There is nothing to search for. Give words, or like='a sentence or a passage_id'."))
    (asked.text + asked.like).encode()  # what cannot be written down is refused here
    for name, bound in (("since", asked.since), ("until", asked.until)):
        if bound and not BOUND.fullmatch(bound):
            raise CaseError(
                Sentence(
                    "{field}: '{value}' is not a date. Write it like 2025-09-14 or 2025-09-14T22:30.",
                    field=name,
                    value=bound,
                )
            )
    if asked.since and asked.until and asked.since[: len(asked.until)] > asked.until:
        raise CaseError(
            Sentence(
                "The start, since {since}, is later than the end, until {until}. Swap the two dates.",
                since=asked.since,
                until=asked.until,
            )
        )
    if asked.limit < 1:
        raise CaseError(Sentence("limit: {limit} is not a valid number of hits. Enter 1 or more.", limit=asked.limit))
    vocabulary.check_optional(asked.kind)
    allowed = _allowed_passages(book, asked)
    whole = _with_all_words(book, asked.text)
    words = _by_words(book, asked, allowed, whole)
    ranked = rooms.rank(words, _by_meaning(book, asked, allowed), max(2 * DEPTH, len(words)), whole)
    copies = _copies(book, list(ranked["passage_id"]))
    chosen = list(copies)[: asked.limit]
    table = _table(book, asked, ranked.set_index("passage_id").loc[chosen])
    return table.assign(copies=pd.Series([copies[key] for key in chosen], dtype=object))


def _allowed_passages(book: Book, asked: Asked) -> set[str]:
    """Passages of documents that fit the bounds."""
    documents = book.documents
    keep = pd.Series(data=True, index=documents.index)
    if asked.since:
        keep &= documents["at"] >= asked.since
    if asked.until:
        keep &= (documents["at"] != "") & (documents["at"].str.slice(0, len(asked.until)) <= asked.until)
    if asked.kind:
        keep &= documents["schema"] == asked.kind
    if not asked.services:
        keep &= documents["service"] == ""
    if asked.sender:
        keep &= documents["document_id"].isin(_sent_by(book, asked.sender))
    chosen = set(documents.loc[keep, "document_id"])
    return set(book.passages.loc[book.passages["document_id"].isin(chosen), "passage_id"])


def _sent_by(book: Book, sender: str) -> set[str]:
    """Documents that some trace says were sent by anything of that name."""
    ids = set(find_named(book, sender)["canonical_id"]) or {find_entity(book, sender)}
    rows = entity_graph.links(book)
    by_person = rows[(rows["source"].isin(ids) | rows["source_via"].isin(ids)) & (rows["relation"] == "contacted")]
    return set(by_person["document_id"])


def _by_words(book: Book, asked: Asked, allowed: set[str], whole: set[str]) -> pd.DataFrame:
    """The best passages by words, and as many of those with all words as are asked for."""
    expression = rooms.expression(asked.text) or '""'
    found = with_words(book, expression, max(DEPTH, len(book.passages)))
    found = found[found["passage_id"].isin(allowed)]
    is_best = pd.Series(range(len(found)), index=found.index) < DEPTH
    holds_all = found["passage_id"].isin(whole)
    return found[is_best | (holds_all & (holds_all.cumsum() <= asked.limit * PASSAGES))]


def _with_all_words(book: Book, text: str) -> set[str]:
    """Passages that hold every word of a question."""
    expression = rooms.all_words(text)
    return passage_search.find_holding(book.ledger, expression) if expression else set()


def with_words(book: Book, expression: str, limit: int) -> pd.DataFrame:
    """Passages that match an FTS5 expression (`passage_search.match`), ranked among those that the reader may see."""
    known = book.cache_by_version("collection", lambda: passage_search.collection(book.ledger, len(book.passages)))
    return passage_search.match(book.ledger, expression, limit, known)


def _by_meaning(book: Book, asked: Asked, allowed: set[str]) -> pd.DataFrame:
    """Nearest passages, lifted by their neighbours in the conversation.

    Of a query with phrases or exclusions only those that the words allow.
    """
    index(book)
    if any(mark in asked.text for mark in ('"', " -")) or asked.text.startswith("-"):
        allowed = allowed & set(with_words(book, rooms.expression(asked.text), len(book.passages))["passage_id"])
    engine = search_languages.engine(book)
    place = _neutral(book) if engine.recipe.neutral else _index(book)
    found = place.search(_vector(book, asked), DEPTH, among=allowed, beside=_adjacent_messages(book))
    return found[found["score"] >= engine.recipe.near]


def _vector(book: Book, asked: Asked) -> npt.NDArray[np.float32]:
    """Vector of what is asked for: that of a passage of the case that the reader may see, or of the text."""
    engine = search_languages.engine(book)
    place = _neutral(book) if engine.recipe.neutral else _index(book)
    passage = _passage(book, asked.like)
    known = place.vector(passage) if (book.passages["passage_id"] == passage).any() else None
    if known is not None:
        return known
    text = asked.like or asked.text
    return engine.question(text) if engine.recipe.neutral else engine.encode([text], query=True)[0]


def _neutral(book: Book) -> rooms.Neutral:
    """Vectors of the live passages without the mark of their language."""

    def make() -> rooms.Neutral:
        ids, vectors = _index(book).get_all()
        spoken = search_languages.passage_languages(book)
        rows = [row for row, key in enumerate(ids) if key in spoken]
        return rooms.Neutral([ids[row] for row in rows], vectors[rows], spoken)

    index(book)
    return book.cache_by_version("neutral", make)


def _adjacent_messages(book: Book) -> Mapping[str, Sequence[str]]:
    """Messages said just before and after each in the exchange between the same people."""
    return book.cache_by_version("beside", lambda: rooms.find_neighbours(_turns(book)))


def _turns(book: Book) -> pd.DataFrame:
    people = entity_graph.parties(book)
    rows = book.passages.merge(book.documents[["document_id", "at"]], on="document_id")
    talk = {document: " ".join(sorted({sender, *others})) for document, (sender, others) in people.items()}
    return rows.assign(conversation=[talk.get(document, "") for document in rows["document_id"]])


def _passage(book: Book, name: str) -> str:
    """Passage id of a passage or document id; anything else as it is."""
    rows = book.passages[book.passages["document_id"] == name]
    return str(rows["passage_id"].iloc[0]) if len(rows) else name


def _copies(book: Book, passages: Sequence[str]) -> dict[str, list[str]]:
    """Passages to show, best first, each with the documents that are copies of it: the same text at nearly the same time.

    Two telephones' clocks differ by seconds, so a message that lies on both can be two documents. Of a longer document the
    best two passages are shown.
    """
    rows = book.passages.merge(book.documents[["document_id", "at"]], on="document_id").set_index("passage_id")
    shown: dict[str, list[str]] = {}
    by_text: dict[str, list[str]] = {}
    count: dict[str, int] = {}
    for passage in passages:
        document, text = str(rows.at[passage, "document_id"]), normalise(str(rows.at[passage, "text"]))
        same = next(
            (key for key in by_text.get(text, ()) if _close(str(rows.at[key, "at"]), str(rows.at[passage, "at"]))), ""
        )
        count[document] = count.get(document, 0) + 1
        if same:
            shown[same].append(document)
        elif count[document] <= PASSAGES:
            shown[passage] = []
            by_text.setdefault(text, []).append(passage)
    return shown


def _close(one: str, other: str) -> bool:
    """Whether two times as written lie within CLOCKS seconds; False if one of them cannot be read."""
    try:
        return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds()) <= CLOCKS
    except (ValueError, TypeError):
        return False


def _table(book: Book, asked: Asked, ranked: pd.DataFrame) -> pd.DataFrame:
    documents = dict(zip(book.passages["passage_id"], book.passages["document_id"], strict=True))
    table = entity_graph.quote(book, [documents[key] for key in ranked.index], list(ranked.index))
    table.insert(0, "rank", range(1, len(table) + 1))
    table["score"] = ranked["score"].round(5).to_numpy()
    table["marked"] = pd.Series([rooms.mark(text, asked.text) for text in table["text"]], dtype=object)
    table["matched"] = ranked["matched"].to_numpy()
    return table[[*HITS, *(name for name in table.columns if name not in HITS)]]
