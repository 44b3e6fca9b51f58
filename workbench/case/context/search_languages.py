"""Which languages a case speaks, and which engine its passages are searched with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from workbench import search as rooms
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.extract.languages import KNOWN, UNKNOWN, compute_share, detect_languages, get_version
from workbench.ingest.documents.police_message import extract_words
from workbench.ledger.access import terms
from workbench.ledger.records import row_tables
from workbench.ledger.sessions import gone_rows
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.machine.model_registry import is_installed
from workbench.model.rows import Issue, Passage
from workbench.search.vector_store import erase_vectors

NOTABLE = 0.1
"""Share of passages in other languages than English from which a case is searched across languages."""
FEW = 5
"""Passages in other languages that are too few to say anything."""
ENOUGH = 200
"""Passages whose language is known from which on the choice is written into case.toml and stays."""
CODES, SUFFIX = (UNKNOWN, *KNOWN), ".languages.safetensors"
NAMES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French", "it": "Italian",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "tr": "Turkish", "uk": "Ukrainian",
}  # fmt: skip


def list_passage_languages(context: CaseContext) -> Mapping[str, str]:
    """Passage id -> language (ISO 639-1, 'und'), of all text but the rows of large tables."""
    return context.cache_by_sources("spoken", lambda: _detect_languages(context))


def _detect_languages(context: CaseContext) -> Mapping[str, str]:
    """The same, and keep on the disk what was not known."""
    import numpy as np

    index = open_language_index(context)
    ids, codes = index.get_all()
    kept = zip(ids, codes[:, :1].ravel().tolist(), strict=True)
    known = {key: CODES[int(code)] for key, code in kept if 0 <= code < len(CODES)}
    detected = dict(known)
    found = detect_languages(_list_passages(context), detected)
    if new := [key for key in detected if key not in known]:
        with suppress(OSError):  # a case may lie where nothing can be written
            index.add(new, np.array([[CODES.index(detected[key])] for key in new], dtype=np.float32))
        texts = load_passage_texts(context)
        remove_changed_vectors(context, {key: texts[key] for key in new})
    return found


def open_language_index(context: CaseContext) -> rooms.VectorIndex:
    """Languages of passages, kept as numbers (places in CODES) beside their vectors, so that both are erased together."""
    folder, vault = context.folder.derived / "vectors", context.folder.vault
    return context.cache_file_reader(
        "languages", (get_version(), vault), lambda: rooms.VectorIndex(folder, get_version(), vault, suffix=SUFFIX)
    )


def get_search_mode(context: CaseContext) -> str:
    """How passages are searched: as case.toml says; where it says nothing, by what they speak.

    'multilingual' if a tenth of the passages whose language is known, and five of them at least, are in other languages than
    English, and the model for it is installed; else 'english'. From 200 such passages on the choice is written into
    case.toml and stays, whatever is added; but not where material is marked that others may not know of.
    """
    return context.settings.search or context.cache_by_sources("search-mode", lambda: _choose_mode(context))


def load_engine(context: CaseContext) -> rooms.Engine:
    """The engine of the case; prepared for this machine with a progress bar where that has not been done yet."""
    made = rooms.get_engine(get_search_mode(context))
    if not made.is_ready:
        with build_progress_bar(
            context.say, "preparing", "steps", range(rooms.STEPS), model=made.recipe.card
        ) as progress:
            made.prepare(lambda _: progress.update(1))
    return made


def find_language_issues(context: CaseContext) -> Iterator[Issue]:
    """An issue where a case is searched as English and much of it is not."""
    if context.settings.search != rooms.ENGLISH:
        return
    counts = _count_languages(context)
    other, known = _count_foreign_passages(context)
    if other >= FEW and other >= NOTABLE * known:
        most = max((code for code in counts if code != "en"), key=lambda code: (counts[code], code))
        said = Sentence("row.derived.languages", count=other, known=known, tongue=NAMES.get(most, most))
        yield build_issue("search-language", said, fix=Sentence("fix.say.multilingual"))


def _choose_mode(context: CaseContext) -> str:
    other, known = _count_foreign_passages(context)
    foreign = other >= FEW and other >= NOTABLE * known
    chosen = rooms.MULTILINGUAL if foreign and is_installed("e5") and is_installed("e5-tokenizer") else rooms.ENGLISH
    if known >= ENOUGH and not terms.is_secret(context.ledger):  # case.toml is read by all
        context.folder.fix_search(chosen)
        context.settings = replace(context.settings, search=chosen)
    return chosen


def _count_foreign_passages(context: CaseContext) -> tuple[int, int]:
    """Passages in other languages than English, and all whose language is known."""
    part, known = compute_share(list_passage_languages(context))
    return round((1 - part) * known), known


def _count_languages(context: CaseContext) -> dict[str, int]:
    counts: dict[str, int] = {}
    for code in list_passage_languages(context).values():
        if code != UNKNOWN:
            counts[code] = counts.get(code, 0) + 1
    return counts


def list_texts(context: CaseContext) -> dict[str, str]:
    """Passage id -> text of what is searched by meaning: all text but the rows of large tables, and of messages what speaks."""
    return context.cache_by_sources("searched-by-meaning", lambda: dict(_select_texts(context)))


def remove_changed_vectors(context: CaseContext, texts: Mapping[str, str]) -> None:
    """Take vectors that were just made out of the index where their passages (id -> text) say something else by now, or are gone.

    An erasure, or another reading of a file, may have come while they were made: it has looked for vectors before these were there.
    """
    context.ledger.renew_snapshot()
    if changed := gone_rows.list_changed(context.ledger.connection, texts):
        erase_vectors(context.folder.derived / "vectors", changed, context.folder.vault)
        context.forget()


def load_passage_texts(context: CaseContext) -> Mapping[str, str]:
    """Passage id -> whole text, of all but the rows of large tables."""
    return _load_small_passages(context)


def _select_texts(context: CaseContext) -> Iterator[tuple[str, str]]:
    entries = row_tables.list_message_passages(context.ledger)
    for key, text in _load_small_passages(context).items():
        if said := extract_words(text) if key in entries else text:
            yield key, said


def _load_small_passages(context: CaseContext) -> dict[str, str]:
    return context.cache_by_sources("small-passages", lambda: row_tables.list_passage_texts(context.ledger))


def _list_passages(context: CaseContext) -> Iterator[Passage]:
    documents = dict(
        zip(context.passages["passage_id"].tolist(), context.passages["document_id"].tolist(), strict=True)
    )
    return (Passage(key, str(documents[key]), 0, text) for key, text in _load_small_passages(context).items())
