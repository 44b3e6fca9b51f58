"""The rows that rooms hand to each other and to the ledger.

A reader (room `ingest`) and an extractor (room `extract`) yield these rows; the ledger stores them. All are frozen, all are
named by their content, so the same input gives the same rows and storing them twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from workbench.model.ids import compute_digest

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["received", "suggested", "decided"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Document:
    """Something that was received and can be quoted: a message, an e-mail, a report, a sheet of a table.

    Attributes
    ----------
    id : str
        From `digest`; two copies of one message have the same id.
    schema : str
        FollowTheMoney schema: Message, Email, PlainText, Pages, Table, ...
    title : str
        One line for a person to recognise it by.
    at : str
        Time as written in the source, ISO 8601 form, without an offset if the source has none; '' if unknown.
    service : str
        Why the sender counts as a service ('system', 'short code', 'bot', 'advertising', 'automatic mail'), '' if it does not.
    """

    id: str
    schema: str
    title: str
    at: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """One place in a source where a document lies. A document has one trace or many.

    Attributes
    ----------
    id : str
        From `digest(source, place, document)`.
    trace : str
        The evidence-trace id that the source gives, '' if none.
    place : str
        Where in the file: 'line 17', 'page 3', 'sheet Calls', 'message 4'.
    device, custodian, conversation : str
        As the source states them, '' if it does not.
    """

    id: str
    document_id: str
    source: str
    trace: str = ""
    place: str = ""
    device: str = ""
    custodian: str = ""
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text that is searched, read and quoted as one: a message's text, a paragraph or page, a table row.

    `start` and `end` of a claim count characters (Python str indices) in `text`.
    """

    id: str
    document_id: str
    number: int
    text: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """That something is so, and where it is said: one statement together with one piece of evidence for it.

    Attributes
    ----------
    entity_id, schema, prop, value
        FollowTheMoney's statement: entity `entity_id` of `schema` has `prop` = `value`. For a property that points to
        another entity, `value` is that entity's id.
    original_value : str
        As written, before cleaning; '' where it equals `value`.
    document_id, passage_id, trace_id : str
        Where it is claimed; '' where not given. `passage_id` with `start` and `end` is the marked place in the text.
    method, version : str
        What made the claim: 'chat-export', 'spacy-ner', 'identifiers', 'officer', ...
    confidence : float
        in [0, 1]; 1 for what a source states. It speaks of the reading, not of the truth of the source.
    kind : {'received', 'suggested', 'decided'}
        'received': a source states it. 'suggested': a machine read it out of text. 'decided': an officer says so.
    """

    entity_id: str
    schema: str
    prop: str
    value: str
    original_value: str = ""
    document_id: str = ""
    passage_id: str = ""
    trace_id: str = ""
    start: int = -1
    end: int = -1
    method: str = ""
    version: str = ""
    confidence: float = 1.0
    kind: Kind = "received"

    @property
    def statement_id(self) -> str:
        """Name of the statement: the same claim from two places is one statement with two pieces of evidence."""
        return compute_digest("statement", self.entity_id, self.schema, self.prop, self.value)


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong or doubtful in the data, for a person to look at. Codes are listed in `workbench.model.issue_codes`."""

    code: str
    message: str
    fix: str = ""
    severity: Severity = "warning"
    document_id: str = ""
    place: str = ""
    fields: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        """Name of the issue: the same finding at the same place is one row."""
        return compute_digest("issue", self.code, self.document_id, self.place, self.message)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file within a file: an attachment of a letter, a member of an archive. It is received as a source of its own.

    Attributes
    ----------
    name : str
        Path within the outer file, as written there; never used as a path on disk.
    data : bytes
        Its content.
    document_id : str
        Document that it hangs on, '' if none.
    further : tuple of str
        Other documents that it hangs on too: several messages attach one file.
    """

    name: str
    data: bytes = field(repr=False)
    document_id: str = ""
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a mass table, which lie in the case as Parquet and not in the ledger.

    Attributes
    ----------
    table : str
        A name of `workbench.model.table_schemas.MASS`.
    rows : pyarrow.RecordBatch
        With exactly the columns and types that MASS gives to the table.
    """

    table: str
    rows: pa.RecordBatch = field(repr=False)


LedgerRow = Document | Trace | Passage | Claim | Issue
"""What the ledger keeps."""

Row = LedgerRow | Enclosure | Batch
