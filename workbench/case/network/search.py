"""One search over everything in the case: filters first, then words and meaning, fused; each hit with its provenance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from workbench import search as rooms
from workbench.case.context import search_languages
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_entity, find_named
from workbench.case.context.progress import build_progress_bar
from workbench.case.network import document_quotations, entity_graph
from workbench.errors import CaseError
from workbench.ledger.records import passage_search, row_tables
from workbench.model import schema as vocabulary
from workbench.model.catalogue import Sentence
from workbench.model.table_schemas import HITS, is_among
from workbench.model.text.normalise import normalise_name
from workbench.model.time_zones import parse_iso_time

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from workbench.cluster.cluster import Cluster

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
class SearchQuery:
    """What is looked for; the fields are the parameters of `Case.search`."""

    text: str = ""
    like: str = ""
    since: str = ""
    until: str = ""
    sender: str = ""
    kind: str = ""
    limit: int = 20
    services: bool = True

    @property
    def has_bounds(self) -> bool:
        """Whether only a part of the case is searched."""
        return bool(self.since or self.until or self.sender or self.kind or not self.services)


def index_passages(context: CaseContext, on: Cluster | None = None) -> int:
    """Give passages a vector; number of those that had none. The index may be deleted at any time. Equal texts are encoded once.

    Rows of large tables get none: they are found by words, and meaning says nothing of a call record. `on`: where texts are encoded.
    """
    vectors, texts = _open_index(context), search_languages.list_texts(context)
    checked: dict[str, frozenset[str]] = context.cache_by_sources("files of vectors", dict)
    if checked.get("whole") == vectors.list_files():
        return 0
    whole = search_languages.load_passage_texts(context)
    missing = vectors.list_missing(list(texts))
    with build_progress_bar(context.say, "indexing", "passages", range(len(missing))) as progress:
        same: dict[str, list[str]] = {}
        for key in missing:
            same.setdefault(texts[key], []).append(key)
        ordered = list(same.items())
        batches = [ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)]
        texts_of = [[text for text, _ in batch] for batch in batches]
        for batch, encoded in zip(batches, _encode_batches(context, texts_of, on), strict=True):
            places = [(key, row) for row, (_, keys) in enumerate(batch) for key in keys]
            vectors.add([key for key, _ in places], encoded[[row for _, row in places]])
            search_languages.remove_changed_vectors(context, {key: whole[key] for key, _ in places})
            progress.update(len(places))
    checked["whole"] = vectors.list_files()
    return len(missing)


def _encode_batches(
    context: CaseContext, batches: Sequence[Sequence[str]], on: Cluster | None
) -> Iterator[npt.NDArray[np.float32]]:
    """Vectors of batches of texts, in their order."""
    if on is None:
        return (search_languages.load_engine(context).encode(batch) for batch in batches)
    from workbench.cluster import text_encoding

    return text_encoding.encode_batches(on, search_languages.load_engine(context), batches)


def remove_stale_vectors(context: CaseContext) -> None:
    """Take the vectors of what does not count any more out of the index, and the languages."""
    kept = row_tables.list_passage_texts(context.ledger)
    for index in (_open_index(context), search_languages.open_language_index(context)):
        index.remove_others(kept)


def _open_index(context: CaseContext) -> rooms.VectorIndex:
    version = search_languages.load_engine(context).version
    return context.cache_file_reader(
        "vectors",
        (version, context.folder.vault),
        lambda: rooms.VectorIndex(context.folder.derived / "vectors", version, context.folder.vault),
    )


def search_passages(context: CaseContext, asked: SearchQuery) -> pd.DataFrame:
    """Hits, best first (columns HITS)."""
    if not asked.text.strip() and not asked.like.strip():
        raise CaseError(
            Sentence("There is nothing to search for. Give search words, or `like=` with a sentence or a `passage_id`.")
        )
    (asked.text + asked.like).encode()  # what cannot be written down is refused here
    for name, bound in (("since", asked.since), ("until", asked.until)):
        if bound and not BOUND.fullmatch(bound):
            raise CaseError(
                Sentence(
                    "{field}: '{value}' is not a date. Write it like this: 2025-09-14 or 2025-09-14T22:30.",
                    field=name,
                    value=bound,
                )
            )
    if asked.since and asked.until and asked.since[: len(asked.until)] > asked.until:
        raise CaseError(
            Sentence(
                "The start (since {since}) is later than the end (until {until}). Swap the two dates.",
                since=asked.since,
                until=asked.until,
            )
        )
    if asked.limit < 1:
        raise CaseError(Sentence("`limit`: {limit} is not a valid number of hits. Enter 1 or more.", limit=asked.limit))
    vocabulary.check_optional(asked.kind)
    allowed = _find_allowed_passages(context, asked)
    whole = _find_with_all_words(context, asked.text)
    words = _search_by_words(context, asked, allowed, whole)
    ranked = rooms.rank_passages(words, _search_by_meaning(context, asked, allowed), max(2 * DEPTH, len(words)), whole)
    copies = _find_copies(context, list(ranked["passage_id"]))
    chosen = list(copies)[: asked.limit]
    table = _build_table(context, asked, ranked.set_index("passage_id").loc[chosen])
    return table.assign(copies=pd.Series([copies[key] for key in chosen], dtype=object))


def _find_allowed_passages(context: CaseContext, asked: SearchQuery) -> AbstractSet[str]:
    """Passages of documents that fit the bounds; all that the reader may see, where there are none."""
    if not asked.has_bounds:
        return _list_passage_ids(context)
    documents = context.documents
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
        keep &= is_among(documents["document_id"], _find_sent_documents(context, asked.sender))
    chosen = set(documents.loc[keep, "document_id"])
    return set(context.passages.loc[is_among(context.passages["document_id"], chosen), "passage_id"].tolist())


def _list_passage_ids(context: CaseContext) -> frozenset[str]:
    """All passages that the reader may see."""
    return context.cache_by_sources("passage ids", lambda: frozenset(context.passages["passage_id"].tolist()))


def _find_sent_documents(context: CaseContext, sender: str) -> set[str]:
    """Documents that some trace says were sent by anything of that name."""
    ids = set(find_named(context, sender)["canonical_id"]) or {find_entity(context, sender)}
    rows = entity_graph.list_links(context)
    by_person = rows[(rows["source"].isin(ids) | rows["source_via"].isin(ids)) & (rows["relation"] == "contacted")]
    return set(by_person["document_id"])


def _search_by_words(
    context: CaseContext, asked: SearchQuery, allowed: AbstractSet[str], whole: set[str]
) -> pd.DataFrame:
    """The best passages by words, and as many of those with all words as are asked for."""
    expression = rooms.build_expression(asked.text) or '""'
    found = search_expression(context, expression, max(DEPTH, len(context.passages)))
    found = found[is_among(found["passage_id"], allowed)] if asked.has_bounds else found
    is_best = pd.Series(range(len(found)), index=found.index) < DEPTH
    holds_all = is_among(found["passage_id"], whole)
    return found[is_best | (holds_all & (holds_all.cumsum() <= asked.limit * PASSAGES))]


def _find_with_all_words(context: CaseContext, text: str) -> set[str]:
    """Passages that hold every word of a question."""
    expression = rooms.build_all_words_expression(text)
    return passage_search.find_holding(context.ledger, expression) if expression else set()


def search_expression(context: CaseContext, expression: str, limit: int) -> pd.DataFrame:
    """Passages that match an FTS5 expression (`passage_search.find_passages`), ranked among those that the reader may see."""
    known = context.cache_by_sources(
        "collection", lambda: passage_search.build_collection(context.ledger, len(context.passages))
    )
    return passage_search.find_passages(context.ledger, expression, limit, known)


def _search_by_meaning(context: CaseContext, asked: SearchQuery, allowed: AbstractSet[str]) -> pd.DataFrame:
    """Nearest passages, lifted by their neighbours in the conversation.

    Of a query with phrases or exclusions only those that the words allow.
    """
    index_passages(context)
    if any(mark in asked.text for mark in ('"', " -")) or asked.text.startswith("-"):
        allowed = allowed & set(
            search_expression(context, rooms.build_expression(asked.text), len(context.passages))["passage_id"]
        )
    engine = search_languages.load_engine(context)
    known, vector, beside = _list_passage_ids(context), _get_vector(context, asked), _list_adjacent_messages(context)
    if engine.recipe.neutral:
        among = None if allowed is known else allowed
        found = _load_neutral_vectors(context).search(vector, DEPTH, among=among, beside=beside)
    else:
        found = _open_index(context).search(vector, DEPTH, among=allowed, beside=beside, lenders=known)
    return found[found["score"] >= engine.recipe.near]


def _get_vector(context: CaseContext, asked: SearchQuery) -> npt.NDArray[np.float32]:
    """Vector of what is asked for: that of a passage of the case that the reader may see, or of the text."""
    engine = search_languages.load_engine(context)
    place = _load_neutral_vectors(context) if engine.recipe.neutral else _open_index(context)
    passage = _find_passage_id(context, asked.like)
    known = place.get_vector(passage) if passage in _list_passage_ids(context) else None
    if known is not None:
        return known
    text = asked.like or asked.text
    return engine.encode_question(text) if engine.recipe.neutral else engine.encode([text], query=True)[0]


def _load_neutral_vectors(context: CaseContext) -> rooms.Neutral:
    """Vectors of the live passages without the mark of their language."""

    def make() -> rooms.Neutral:
        ids, vectors = _open_index(context).get_all()
        spoken = search_languages.list_passage_languages(context)
        rows = [row for row, key in enumerate(ids) if key in spoken]
        return rooms.Neutral([ids[row] for row in rows], vectors[rows], spoken)

    index_passages(context)
    return context.cache_by_sources("neutral", make)


def _list_adjacent_messages(context: CaseContext) -> Mapping[str, Sequence[str]]:
    """Messages said just before and after each in the exchange between the same people."""
    return context.cache_by_material("beside", lambda: rooms.find_neighbours(_build_turns(context)))


def _build_turns(context: CaseContext) -> pd.DataFrame:
    """Passages in order of time, each with the exchange in which it was said."""
    people = document_quotations.list_parties(context)
    talk = {document: " ".join(sorted({sender, *others})) for document, (sender, others) in people.items()}
    turns = context.cache_by_sources("turns", lambda: _list_timed_passages(context))
    return turns.assign(conversation=[talk.get(document, "") for document in turns["document_id"].tolist()])


def _list_timed_passages(context: CaseContext) -> pd.DataFrame:
    return rooms.order_turns(context.passage_places.reset_index()[["passage_id", "document_id", "at"]])


def _find_passage_id(context: CaseContext, name: str) -> str:
    """Passage id of a passage or document id; anything else as it is."""
    rows = context.passages[context.passages["document_id"] == name]
    return str(rows["passage_id"].iloc[0]) if len(rows) else name


def _find_copies(context: CaseContext, passages: list[str]) -> dict[str, list[str]]:
    """Passages to show, best first, each with the documents that are copies of it: the same text at nearly the same time.

    Two telephones' clocks differ by seconds, so a message that lies on both can be two documents. Of a longer document the
    best two passages are shown.
    """
    rows = context.passage_places.loc[passages].to_dict("index")
    shown: dict[str, list[str]] = {}
    by_text: dict[str, list[str]] = {}
    count: dict[str, int] = {}
    for passage in passages:
        row = rows[passage]
        document, text = str(row["document_id"]), normalise_name(str(row["text"]))
        same = next((key for key in by_text.get(text, ()) if _is_close(str(rows[key]["at"]), str(row["at"]))), "")
        count[document] = count.get(document, 0) + 1
        if same:
            shown[same].append(document)
        elif count[document] <= PASSAGES:
            shown[passage] = []
            by_text.setdefault(text, []).append(passage)
    return shown


def _is_close(one: str, other: str) -> bool:
    """Whether two times as written lie within CLOCKS seconds; False if one of them cannot be read."""
    try:
        return abs((parse_iso_time(one) - parse_iso_time(other)).total_seconds()) <= CLOCKS
    except (ValueError, TypeError):
        return False


def _build_table(context: CaseContext, asked: SearchQuery, ranked: pd.DataFrame) -> pd.DataFrame:
    documents = context.passage_places.loc[ranked.index, "document_id"]
    table = document_quotations.quote_documents(context, documents, ranked.index)
    table.insert(0, "rank", range(1, len(table) + 1))
    table["score"] = ranked["score"].round(5).to_numpy()
    table["marked"] = pd.Series([rooms.find_highlights(text, asked.text) for text in table["text"]], dtype=object)
    table["matched"] = ranked["matched"].to_numpy()
    return table[[*HITS, *(name for name in table.columns if name not in HITS)]]
