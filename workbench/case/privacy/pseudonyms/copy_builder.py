"""The pseudonymised copy of a case in the making: what is known is learned, then row after row goes into a new ledger."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.access import marks
from workbench.case.context import visible_rows
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.case.privacy.pseudonyms import row_rewriter
from workbench.case.privacy.pseudonyms.key_file import KeyFile
from workbench.case.privacy.pseudonyms.replacement_vocabulary import (
    MANY,
    StatedValue,
    Vocabulary,
    find_variants,
    get_value_kind,
)
from workbench.case.privacy.pseudonyms.row_rewriter import Recast
from workbench.ledger import Folder, Ledger, Object, Settings
from workbench.ledger.access import excluded_files, hidden_bulk_rows, terms
from workbench.ledger.erasure.tombstones import get_case_id
from workbench.ledger.records.package_tables import Row
from workbench.ledger.transfer import row_copy
from workbench.ledger.transfer.row_copy import BulkFiles, Ids
from workbench.ledger.transfer.row_export import Parcel
from workbench.model.handling_marks import remove_conditions
from workbench.model.pseudonyms import name_matching
from workbench.model.pseudonyms.place_matching import NUMBER, TELLING, read_degrees, shorten_pair
from workbench.model.pseudonyms.text_rewriter import NAME, FixedSpan
from workbench.model.pseudonyms.tokens import Tokens, compact_text
from workbench.resolve import script_variants

if TYPE_CHECKING:
    from sqlite3 import Connection

    from workbench.identity import Card

MARK = "PSEUDONYMISED COPY – for training"
NOTE = (
    "PSEUDONYMISED COPY – for training. This is the text of a received file in which names and numbers are replaced by tokens. "
    "It is no original and proves nothing."
)
SAID = "pseudonymised copy"
LEFT = ("word", "number", "passage_id")
COPIED = ("what", "number")


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """What is asked for: where the copy goes and its key, why, for whom the key is, and names that the case does not know."""

    folder: Path
    key: Path
    because: str
    passphrase: str = field(default="", repr=False)
    to: Sequence[Card] = ()
    also: Sequence[str] = ()
    title: str = ""


class Remaking:
    """One copy in the making."""

    def __init__(self, context: CaseContext, held: KeyFile, wish: CopyRequest, folder: Folder) -> None:
        self.context, self.held, self.wish, self.folder = context, held, wish, folder
        self.mark = f"{marks.format_mark(context)} · {MARK}"
        self.counts: dict[str, int] = {}
        self.told: set[str] = set()
        self.lower: set[str] = set()
        tokens = Tokens(held.key.secret, held.key.given, barred=set(), somebody=script_variants.is_known_name)
        self.tokens, self.vocabulary = tokens, Vocabulary(tokens)
        self.shown = set(context.evidence["evidence_id"])
        self.aside = hidden_bulk_rows.load_hidden(context.ledger)
        self.groups = list(_list_name_groups(context))
        self.recast: Recast

    def make_copy(self) -> pd.DataFrame:
        """Make the whole of it; rows by table."""
        with Parcel(
            self.context.ledger, "", without=visible_rows.list_unshown(self.context, self.context.stated_evidence)
        ) as parcel:
            self._learn(parcel)
            self.folder.create(self._build_settings())
            ledger = Ledger(
                self.folder.ledger,
                officer=self.context.ledger.identity or self.context.ledger.officer,
                purpose="training",
            )
            try:
                self._fill(parcel, ledger)
            finally:
                ledger.close()
        return pd.DataFrame(list(self.counts.items()), columns=pd.Index(COPIED))

    def list_remaining_words(self) -> pd.DataFrame:
        """Words that stayed (LEFT)."""
        found = pd.DataFrame(self.recast.list_remaining(self.lower), columns=pd.Index(LEFT))
        found.attrs["mark"] = self.mark
        return found

    # What is replaced -----------------------------------------------------------------------------------------------------

    def _learn(self, parcel: Parcel) -> None:
        seen = row_copy.list_stated_values(parcel)
        known = [
            StatedValue(*row) for row in dict.fromkeys([*seen, *row_copy.list_all_stated_values(self.context.ledger)])
        ]
        forms = self._read(parcel)
        self.tokens.barred.update(forms)
        for one in known:
            self.tokens.barred.update(name_matching.split_words(f"{one.value} {one.written}"))
            self.tokens.barred.update({compact_text(one.value), compact_text(one.written)})
        self.tokens.kin = find_variants(self.groups, self.tokens.given.get("root", {}))
        self.vocabulary.lower = self.lower
        self.vocabulary.learn(sorted(known, key=lambda one: not one.stated))
        for name in self.wish.also:
            self.vocabulary.add_wish(name)
        for row in parcel.list_rows("traces"):
            self._learn_trace(row)
        for column, text in self._list_mass_numbers(parcel):
            self.vocabulary.number(row_rewriter.COLUMNS[column], text)
        facts = list(row_copy.list_facts(parcel))
        entities = frozenset(entity for entity, *_ in facts)
        self.told |= entities
        ids = Ids(self.tokens.replace_hash)
        disguise = self.vocabulary.build_disguise()
        disguise.code = self.tokens.replace_hashes
        places = (*_list_stated_places(facts), *self._list_mass_places(parcel))
        disguise.known_places = {shorten_pair(*place, decimals) for place in places for decimals in range(1, TELLING)}
        self.recast = Recast(disguise, self.vocabulary, ids, entities, self._find_spans(parcel))
        self.recast.excluded = excluded_files.map_excluded_names(self.context.ledger)
        self.facts = facts

    def _read(self, parcel: Parcel) -> set[str]:
        """Words of all texts, for no token may be one of them; on the way numbers that no reading has found are learned."""
        forms: set[str] = set()
        cells = ((how, str(row[name])) for table, name, how in TEXTS for row in parcel.list_rows(table))
        terms_of_case = row_copy.list_case_terms(self.context.ledger, self.context.ledger.officer)
        said = (("terms", value) for _, _, _, value, *_ in terms_of_case)
        texts = (text for how, cell in chain(said, cells) for text in row_rewriter.list_texts(how, cell))
        for text in build_progress_bar(self.context.say, "names", "texts", texts):
            self.vocabulary.add_text_numbers(text)
            for match in name_matching.WORD.finditer(text):
                form = "".join(name_matching.split_words(match[0]))
                forms.add(form)
                if match[0][0].islower():
                    self.lower.add(form)
        return forms

    def _learn_trace(self, row: Row) -> None:
        if row["custodian"]:
            self.vocabulary.name(str(row["custodian"]))

    def _list_mass_numbers(self, parcel: Parcel) -> Iterator[tuple[str, str]]:
        """Cells, handsets and the like of small tables of mass rows, which passages say as well."""
        for row in parcel.list_rows("row_files"):
            if int(row["rows"]) > MANY:
                continue
            for piece in row_copy.read_batches(self._open_mass_files(), row):
                for column in SOUGHT & set(piece.schema.names):
                    for text in set(piece.column(column).to_pylist()) - {"", None}:
                        yield column, str(text)

    def _list_mass_places(self, parcel: Parcel) -> Iterator[tuple[float, float]]:
        """Latitude and longitude of small tables of mass rows, which passages say as well."""
        for row in parcel.list_rows("row_files"):
            if int(row["rows"]) > MANY:
                continue
            for piece in row_copy.read_batches(self._open_mass_files(), row):
                if {"lat", "lon"} <= set(piece.schema.names):
                    pairs = zip(piece.column("lat").to_pylist(), piece.column("lon").to_pylist(), strict=True)
                    yield from {pair for pair in pairs if None not in pair}

    def _find_spans(self, parcel: Parcel) -> dict[str, list[FixedSpan]]:
        """What is known to stand where in passages."""
        found: dict[str, list[FixedSpan]] = defaultdict(list)
        for passage, start, stop, schema, prop, value in row_copy.list_spans(parcel):
            kind = get_value_kind(schema, prop, value)
            if kind not in ("text", "day", "latitude", "longitude"):
                meant = self.vocabulary.normalise_value(kind, value) if kind != NAME else value
                found[passage].append(FixedSpan(start, stop, kind, meant))
        return found

    def _open_mass_files(self) -> BulkFiles:
        return BulkFiles(self.context.folder.rows, self.context.folder.vault, self.aside)

    # The copy -------------------------------------------------------------------------------------------------------------

    def _build_settings(self) -> Settings:
        said = self.context.settings
        text = self.recast.disguise.rewrite_text
        title = text(self.wish.title) or f"{text(said.title)} (pseudonymised copy)"
        return Settings(
            title, "", said.scheme, said.levels, said.level, text(said.mark), self.context.ledger.officer, said.everyone, said.country,
            zone=said.zone, search=said.search, years=said.years, status=said.status, language=said.language,
        )  # fmt: skip

    def _fill(self, parcel: Parcel, ledger: Ledger) -> None:
        recast, sql = self.recast, ledger.connection
        with ledger.open_transaction():
            origin = self.held.key.hash_case_id(get_case_id(self.context.ledger))
            if origin not in self.held.key.cases:
                self.held.key.cases.append(origin)
            told = {
                "pseudonymised from": origin,
                "because": recast.disguise.rewrite_text(self.wish.because.strip()),
                "mark": f"{recast.disguise.rewrite_text(remove_conditions(marks.format_mark(self.context)))} · {MARK}",
            }
            ledger.log(sql, "collection", Object("case", SAID), told)
            for table in ("documents", "passages"):
                work = (
                    recast.rewrite_passage if table == "passages" else lambda row: recast.rewrite_row("documents", row)
                )
                self._insert(
                    sql,
                    table,
                    map(work, build_progress_bar(self.context.say, f"copying.{table}", table, parcel.list_rows(table))),
                )
            self._write_sources(parcel, ledger)
            recast.ids.known |= row_rewriter.rename_entities(recast, self.facts, recast.ids.known)
            ids = [str(row["id"]) for row in parcel.list_rows("documents")]
            recast.ids.known |= row_rewriter.map_payment_ids(recast, recast.entities, ids)
            self.told.update(ids, (str(row["sha256"]) for row in parcel.list_rows("sources")))
            self._copy_statements(parcel, sql)
            for table in row_rewriter.HOW:
                if table != "documents":
                    self._insert(sql, table, (recast.rewrite_row(table, row) for row in parcel.list_rows(table)))
            self._write_terms(ledger, sql)
            self._write_mass_rows(parcel, sql)
            ledger.log(sql, "collection", Object("case", SAID, count=sum(self.counts.values())), self.counts)

    def _insert(self, sql: Connection, table: str, rows: Iterable[Row]) -> None:
        self.counts[table] = row_copy.insert_rows(sql, table, rows)

    def _write_sources(self, parcel: Parcel, ledger: Ledger) -> None:
        """A text in the place of each received file."""
        sql = ledger.connection
        inside: dict[str, dict[str, str]] = defaultdict(dict)
        for row in parcel.list_rows("traces"):
            inside[str(row["source"])].setdefault(str(row["document_id"]), str(row["place"]))
        made = []
        for row in build_progress_bar(self.context.say, "as_text", "files", parcel.list_rows("sources")):
            old, name = str(row["sha256"]), self.recast.rewrite_file_name(str(row["name"]))
            data = "".join(self._list_lines(sql, name, old, inside[old])).encode("utf-8", "surrogatepass")
            new = hashlib.sha256(data).hexdigest()
            path = self.folder.sources / new
            path.write_bytes(data)
            path.chmod(0o444)
            self.recast.ids.known[old] = new
            ledger.log(
                sql,
                "collection",
                Object("source", id=new, inputs=[new]),
                {"name": name, "size": len(data), "as": "text"},
            )
            made.append(
                {
                    **row,
                    "sha256": new,
                    "name": name,
                    "size": len(data),
                    "officer": self.recast.replace_officer(str(row["officer"])),
                }
            )
        self._insert(sql, "sources", made)

    def _list_lines(self, sql: Connection, name: str, source: str, documents: dict[str, str]) -> Iterator[str]:
        yield f"{NOTE}\n{name}\n{self.tokens.replace_hash(source)}\n"
        for document, place in documents.items():
            new = self.recast.ids.map_id(document)
            title = sql.execute("SELECT title FROM documents WHERE id = ?", (new,)).fetchone()
            yield f"\n== {title[0] if title else ''} ({self.recast.disguise.rewrite_text(place)})\n"
            for (text,) in sql.execute(
                "SELECT text FROM passages WHERE document_id = ? ORDER BY number", (new,)
            ).fetchall():
                yield f"{text}\n"

    def _copy_statements(self, parcel: Parcel, sql: Connection) -> None:
        """Statements and where they are claimed."""
        said = {
            str(row["id"]): (str(row["schema"]), str(row["prop"]), str(row["value"]))
            for row in parcel.list_rows("statements")
        }
        shown = [row for row in parcel.list_rows("evidence") if row["id"] in self.shown]
        kept = {row["statement_id"] for row in shown}
        statements = (self.recast.rewrite_statement(row) for row in parcel.list_rows("statements") if row["id"] in kept)
        self._insert(
            sql, "statements", build_progress_bar(self.context.say, "copying.statements", "statements", statements)
        )
        evidence = (self.recast.rewrite_evidence(row, said[str(row["statement_id"])]) for row in shown)
        self._insert(sql, "evidence", build_progress_bar(self.context.say, "copying.evidence", "places", evidence))

    def _write_terms(self, ledger: Ledger, sql: Connection) -> None:
        """What is said of the whole case and of the officer who makes the copy, and the mark of the copy."""
        conditions = [MARK]
        for kind, key, facet, value, *_ in row_copy.list_case_terms(self.context.ledger, self.context.ledger.officer):
            values = [str(one) for one in json.loads(value)]
            if facet not in row_rewriter.CODED:
                values = [self.recast.disguise.rewrite_text(one) for one in values]
            if facet == "conditions":
                conditions += values
            else:
                terms.add_facet(sql, ledger, (kind, key, facet), values, SAID)
        terms.add_facet(sql, ledger, ("case", "", "conditions"), conditions, SAID)

    def _write_mass_rows(self, parcel: Parcel, sql: Connection) -> None:
        """Files of mass rows."""
        made: list[Row] = []
        moves = {name: partial(self.tokens.move, axis=axis) for axis, name in enumerate(("lat", "lon"))}
        for row in build_progress_bar(self.context.say, "copying.rows", "files", list(parcel.list_rows("row_files"))):
            table, source = str(row["kind"]), self.recast.ids.map_id(str(row["source"]))
            pieces = row_copy.rewrite_rows(
                row_copy.read_batches(self._open_mass_files(), row), table, self.recast.replace_mass_text, moves
            )
            file = row_copy.write_rows(self.folder.rows, source, pieces, self.folder.vault)
            if file:
                new: Row = {"path": file.path, "sha256": file.sha256, "size": file.size, "rows": file.rows}
                made.append({**row, **new, "run_id": self.recast.ids.map_id(str(row["run_id"])), "source": source})
        self._insert(sql, "row_files", made)


TEXTS = tuple(
    (table, name, how)
    for table, columns in {**row_rewriter.OWN, **row_rewriter.HOW}.items()
    for name, how in columns.items()
    if how in row_rewriter.READ
)
"""Tables and columns of which the words are read, and how these are changed."""
SOUGHT = frozenset(
    name for name, kind in row_rewriter.COLUMNS.items() if kind in ("imei", "imsi", "cell", "ip") or name == "switch"
)


def _list_stated_places(facts: Iterable[tuple[str, str, str, str]]) -> Iterator[tuple[float, float]]:
    """Latitudes and longitudes that are stated of one entity, in every pair."""
    found: dict[str, dict[str, set[float]]] = defaultdict(lambda: {"latitude": set(), "longitude": set()})
    for entity, _, prop, value in facts:
        if prop in ("latitude", "longitude") and re.fullmatch(NUMBER, value):
            found[entity][prop].add(read_degrees(value))
    for one in found.values():
        yield from product(one["latitude"], one["longitude"])


def _list_name_groups(context: CaseContext) -> Iterator[list[str]]:
    """Names that are one person's or thing's, or may be."""
    rows = context.evidence
    naming = rows[
        rows["prop"].isin(["name", "alias", "weakAlias", "previousName", "firstName", "lastName", "username"])
    ]
    for _, values in naming.groupby("canonical_id")["value"]:
        yield list(values.unique())
    pairs = context.pairs
    yield from ([str(left), str(right)] for left, right in zip(pairs["left"], pairs["right"], strict=True))
