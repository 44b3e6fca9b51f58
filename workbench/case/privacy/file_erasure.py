"""Files of a case without what is erased: sources written anew, mass rows, vectors, products."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path

from workbench import ingest
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.errors import CaseError, SourceError
from workbench.ingest import file_redaction, text_decoding
from workbench.ingest.reading import redaction
from workbench.ledger import write_atomic
from workbench.ledger.erasure import entity_footprint
from workbench.ledger.erasure.erasure_closure import Gone
from workbench.ledger.erasure.parquet_rewrite import Sieve, rewrite_file
from workbench.ledger.erasure.purge import Home, Replacement
from workbench.ledger.erasure.text_redaction import Words
from workbench.ledger.records import row_tables
from workbench.ledger.records.products import find_stem
from workbench.ledger.storage import case_key
from workbench.ledger.storage.case_folder import LOCK
from workbench.ledger.storage.file_vault import SUFFIX
from workbench.ledger.storage.runs import RowFile
from workbench.ledger.storage.safe_deletion import delete_below, delete_file, walk_files
from workbench.model.catalogue import Sentence
from workbench.model.pseudonyms.name_matching import ERASED, replace_places
from workbench.model.rows import Claim, Passage, Row, Trace
from workbench.search.vector_store import erase_vectors

NOTE = "Written in the place of a file out of which something was erased; this is all of its text that was kept."
SAVED = f'"note": {json.dumps(NOTE)}'.encode()
KEPT = ("sources", "rows", "derived")
CARRIERS = ("inbox", "outbox")
"""Folders whose files others have sent or fetched: they are listed and stay."""
OFFICERS = re.compile(r"\s*(?:controller|auditors|bureaux|approver|everyone|country)\s*=")
"""Lines of case.toml that name officers."""
BRIEF = 8
"""Characters from which on an erased text is looked for in products."""


@dataclass
class Emptying:
    """One erasure at work on the files of a case, inside its transaction.

    Parameters
    ----------
    context : CaseContext
        The whole case, whoever may see what of it.
    gone, words : Gone, Words
        What goes.
    keep : bool
        Whether files are written; without, what would be written is only told.
    anew : frozenset of str
        Sources of which only the text is kept, whatever is found in them.
    """

    context: CaseContext
    gone: Gone
    words: Words
    keep: bool
    bereft: frozenset[str] = frozenset()
    anew: frozenset[str] = frozenset()
    own_form: list[str] = field(default_factory=list)
    as_text: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    rows: int = 0
    _made: dict[str, bytes | None] = field(default_factory=dict)

    def list_sources(self) -> list[str]:
        """Sources that stay and hold something that goes, those within others first."""
        within = entity_footprint.list_inner_sources(self.context.ledger)
        touched = {*self.gone.places, *self.gone.parts, *self._find_changed_sources(), *self.anew}
        known = [key for key, _ in entity_footprint.list_sources(self.context.ledger)]
        searched = [key for key in known if key not in self.gone.sources and key not in touched]
        touched |= {
            key for key in build_progress_bar(self.context.say, "sources", "files", searched) if self._has_words(key)
        }
        outer = {one for inner, one in within if inner in touched or inner in self.gone.sources}
        while not outer <= touched:
            touched |= outer
            outer = {one for inner, one in within if inner in touched}
        depth = dict.fromkeys(touched, 0)
        for _ in within:
            deeper = {inner: depth.get(one, 0) + 1 for inner, one in within}
            if all(depth.get(inner, 0) >= level for inner, level in deeper.items()):
                break
            depth |= {inner: max(depth.get(inner, 0), level) for inner, level in deeper.items()}
        here = {
            key for key in touched if self.context.folder.get_source_path(key).is_file()
        }  # another bureau may have kept its original
        return sorted(here - self.gone.sources, key=lambda key: (-depth[key], key))

    def replace_files(self, sources: Sequence[str]) -> list[Replacement]:
        """Files in the place of these, in the order in which they are given; none where a file holds nothing of what goes."""
        self._made = dict.fromkeys(self.gone.sources)
        made = [self._replace_file(key) for key in build_progress_bar(self.context.say, "anew", "files", sources)]
        return [one for one in made if one.new != one.old]

    def list_mass_files(self, replaced: Iterable[Replacement]) -> list[tuple[str, RowFile | None]]:
        """Files of mass rows, and what takes their place."""
        renamed = {one.old: one.new for one in replaced}
        wide, near = (partial(self._strike, near=near) for near in (False, bool(self.words.near)))
        sieve = Sieve(self.gone.documents, self.gone.rows, wide, near, renamed)
        found: list[tuple[str, RowFile | None]] = []
        for name, kind in entity_footprint.list_mass_files(self.context.ledger):
            path, vault = self.context.folder.rows / name, self.context.folder.vault
            if name in self.gone.row_files:
                self.rows += self.gone.row_files[name]
                found.append((name, None))
                continue
            made = rewrite_file(path, kind, sieve, vault, keep=self.keep)
            if made:
                self.rows += made[1]
                found.append((name, made[0]))
        return found

    def _strike(self, text: str, *, near: bool) -> str:
        return replace_places(text, self.words.find_places(text, near=near))

    def list_products(self, sent: Iterable[str]) -> tuple[list[str], list[str]]:
        """Products in the case folder that hold it (they are deleted), and files that others have or had (they are listed)."""
        base, hashes = self.context.folder.path, set(sent)
        texts = [
            text
            for text in entity_footprint.list_written_texts(self.context.ledger, self.gone.passages)
            if len(text) >= BRIEF
        ]
        hit, listed, known = [], [], []
        for path in build_progress_bar(self.context.say, "products", "files", list(self._walk_products())):
            name = path.relative_to(base)
            if name.parts[0] in CARRIERS:
                listed.append(name.as_posix())
                continue
            known.append(name)
            data = self._read_content(path)
            if data is None:
                self.unread.append(name.as_posix())
                continue
            told = sha256(data).hexdigest() in hashes
            if told or text_decoding.has_match(
                data, lambda text: self.words.wide.has_match(text) or _has_quotation(text, texts)
            ):
                hit.append(name)
        stems = {find_stem(name) for name in hit}
        return [name.as_posix() for name in known if find_stem(name) in stems], listed

    def _read_content(self, path: Path) -> bytes | None:
        """What a file holds; None where it cannot be read, as one of somebody else's under the suffix of encrypted ones."""
        try:
            return self.context.folder.vault.read(path)
        except (OSError, CaseError):
            return None

    def _walk_products(self) -> Iterator[Path]:
        """Files of the case folder that are neither its own nor received nor derived, under the names that they have in it."""
        base, vault = self.context.folder.path, self.context.folder.vault
        for path in walk_files(base):
            folder, top = path.parent, path.relative_to(base).parts[0]
            if folder != base and top in (*KEPT, case_key.FOLDER):
                continue
            plain = path.with_suffix("") if vault.key and path.suffix == SUFFIX else path
            if (folder != base or not _is_case_file(path.name)) and vault.place(plain) == path:
                yield plain

    def strike_settings(self) -> bool:
        """Strike case.toml; whether anything stands in it."""
        path = self.context.folder.path / "case.toml"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        made = [line if OFFICERS.match(line) else self.words.wide.strike(line) for line in lines]
        if made != lines and self.keep:
            write_atomic(path, "".join(made).encode())
        return made != lines

    def _find_changed_sources(self) -> set[str]:
        """Sources of which a passage that was read from them is struck, in whatever signs they have it."""
        said = (
            one for one in entity_footprint.list_passages(self.context.ledger) if one.passage not in self.gone.passages
        )
        return entity_footprint.list_document_sources(
            self.context.ledger,
            {
                one.document
                for one in said
                if self.words.find_places(one.text, near=self.words.is_in_reach((one.document, one.passage)))
            },
        )

    def _has_words(self, source: str) -> bool:
        data = self._read(source)
        near = any(self.words.is_in_reach(lying) for lying in entity_footprint.list_places(self.context.ledger, source))
        return text_decoding.has_match(
            data, lambda text: self.words.wide.has_match(text) or (near and self.words.near.has_match(text))
        )

    def _read(self, source: str) -> bytes:
        if not self.context.folder.get_source_path(source).is_file():
            return b""
        with self.context.folder.open_source(source) as content:
            return content.read()

    def _replace_file(self, source: str) -> Replacement:
        facts = row_tables.list_sources(self.context.ledger, source).iloc[0]
        name, reader = str(facts["name"]), str(facts["reader"])
        options = row_tables.get_options(self.context.ledger, source)
        given = ingest.SourceFile(self.context.folder.get_source_path(source), source, name, self._read(source))
        made = (
            None
            if source in self.anew
            else file_redaction.redact_file(given, reader, self._build_cuts(source), options)
        )
        homes = self._find_homes(given, reader, options, made) if made else None
        if made is None or homes is None:
            self.as_text.append(name)
            data = self._encode_source(source, name)
            return self._store_file(Replacement(source, "", len(data), name=f"{name}.redacted.jsonl"), data)
        self.own_form.append(name)
        return self._store_file(Replacement(source, "", len(made.data), made.moved, homes), made.data)

    def _store_file(self, made: Replacement, data: bytes) -> Replacement:
        """Write the file under its hash."""
        found = sha256(data).hexdigest()
        self._made[made.old] = data
        if self.keep and not self.context.folder.get_source_path(found).exists():
            self.context.folder.vault.write(self.context.folder.sources / found, data).chmod(0o444)
        return Replacement(made.old, found, made.size, made.moved, made.homes, self.words.wide.strike(made.name))

    def _build_cuts(self, source: str) -> redaction.Cuts:
        lying = entity_footprint.list_places(self.context.ledger, source)
        near = {one.place for one in lying if self.words.is_in_reach((one.document, one.trace))}
        known = {one.place for one in lying}

        def strike(place: str, text: str) -> str:
            return self._strike(text, near=place in near or (bool(near) and place not in known))

        parts = {place: tuple(texts) for place, texts in self.gone.parts.get(source, {}).items()}
        return redaction.Cuts(frozenset(self.gone.places.get(source, ())), parts, strike, self._made)

    def _find_homes(
        self, given: ingest.SourceFile, reader: str, options: Mapping[str, str], made: redaction.RedactedFile
    ) -> dict[str, Home] | None:
        """Where statements that lose their evidence stand in the new file; None if it does not read as it should.

        The new file is read under the old one's name, so that everything in it has the ids that it has in the ledger.
        """
        again = ingest.SourceFile(given.path, given.sha256, given.name, made.data)
        try:
            rows = list(ingest.read(again, options, reader))
        except SourceError:
            return None
        if not self._is_sound(given.sha256, rows) or text_decoding.has_match(made.data, self.words.wide.has_match):
            return None
        return self._match_homes(given.sha256, rows, made.moved) if self.bereft else {}

    def _is_sound(self, source: str, rows: Sequence[Row]) -> bool:
        """Whether the new file has the passages of the old one that stay, and none that goes."""
        known = [
            said
            for said in entity_footprint.list_source_passages(self.context.ledger, source)
            if said.passage not in self.gone.passages
        ]
        wanted = Counter(self.words.redact_text(said.text, (said.document, said.passage)) for said in known)
        found = Counter({row.id: row.text for row in rows if isinstance(row, Passage)}.values())
        emptied = sum((found - wanted)[text] for text in found - wanted if ERASED in text)
        odd = sum((found - wanted).values()) - emptied
        return odd == 0 and sum((wanted - found).values()) <= emptied

    def _match_homes(self, source: str, rows: Sequence[Row], moved: Mapping[str, str]) -> dict[str, Home]:
        before = {new: old for old, new in moved.items()}
        lying = {one.place: one for one in entity_footprint.list_places(self.context.ledger, source)}
        numbers = {
            (one.document, one.number): one.passage
            for one in entity_footprint.list_source_passages(self.context.ledger, source)
        }
        traces = {row.id: lying.get(before.get(row.place, row.place)) for row in rows if isinstance(row, Trace)}
        counted = {row.id: row.number for row in rows if isinstance(row, Passage)}
        homes: dict[str, Home] = {}
        for row in rows:
            place = traces.get(row.trace_id) if isinstance(row, Claim) and row.statement_id in self.bereft else None
            if isinstance(row, Claim) and place and row.statement_id not in homes:
                passage = numbers.get((place.document, counted.get(row.passage_id, -1)), "")
                span = (row.start, row.end) if passage else (-1, -1)
                homes[row.statement_id] = Home(place.document, passage, place.trace, *span)
        return homes

    def _encode_source(self, source: str, name: str) -> bytes:
        """What the ledger keeps of a source, as lines of JSON: in the place of a file that cannot be rewritten."""
        said: dict[str, list[str]] = {}
        for one in entity_footprint.list_source_passages(self.context.ledger, source):
            if one.passage not in self.gone.passages:
                said.setdefault(one.document, []).append(self.words.redact_text(one.text, (one.document, one.passage)))
        lines: list[Mapping[str, object]] = [{"file": self.words.wide.strike(name), "note": NOTE}]
        lines += self._list_documents(source, said)
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()

    def _list_documents(self, source: str, said: Mapping[str, Sequence[str]]) -> Iterator[Mapping[str, object]]:
        gone = self.gone.places.get(source, set())
        places: dict[str, list[str]] = {}
        for one in entity_footprint.list_places(self.context.ledger, source):
            if one.place not in gone:
                places.setdefault(one.document, []).append(one.place)
        for document, (schema, title, at) in sorted(entity_footprint.list_titles(self.context.ledger, source).items()):
            if document not in self.gone.documents:
                told = {"schema": schema, "title": self.words.redact_text(title, (document,)), "at": at}
                found = [self.words.redact_text(place, (document,)) for place in places.get(document, ()) if place]
                yield {**told, "places": found, "text": said.get(document, [])}


def is_saved_as_text(head: bytes) -> bool:
    """Whether a file, by its first bytes, is one of which an erasure has kept the text alone."""
    return head.startswith(b'{"file": ') and SAVED in head.partition(b"\n")[0]


def delete_files(context: CaseContext, files: Iterable[str], passages: Sequence[str]) -> list[str]:
    """Delete files of a case and the vectors of passages; everything else that is derived goes too. Names of what could not go.

    Raises
    ------
    CaseError
        Where a file lies outside the case, as a folder of somebody else's may say, or a link leads to a folder of the case; then
        nothing is deleted.
    """
    vault, derived = context.folder.vault, context.folder.derived
    context.folder.keep_within()
    files = list(files)
    if away := [name for name in files if not context.folder.is_inside(context.folder.path / name)]:
        raise CaseError(
            Sentence(
                "{path} contains paths that lead outside the case folder: {names}. They could lead to your own "
                "files, so no file was deleted. Ask the person who gave you the folder about these paths, or "
                "restore your own backup.",
                path=context.folder.ledger,
                names=", ".join(away),
            )
        )
    for name in files:
        delete_file(vault.place(context.folder.path / name))
    erase_vectors(derived / "vectors", passages, vault)
    kept = {derived / "vectors" / name for name in _list_file_names(derived / "vectors")}
    left = delete_below(derived, kept)
    return [path.relative_to(context.folder.path).as_posix() for path in left]


def _list_file_names(folder: Path) -> list[str]:
    """Names of the files that lie in a folder itself."""
    return [path.name for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _is_case_file(name: str) -> bool:
    """Whether a file in the case folder itself is the case's own."""
    return name.startswith("ledger.db") or name in ("case.toml", case_key.FILE, LOCK)


def _has_quotation(text: str, quoted: Iterable[str]) -> bool:
    return any(one in text for one in quoted)
