"""Which rows of a ledger go into a package: each table with its columns, and what each column names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.ledger.access.shown_names import MASKED
from workbench.ledger.records import messages

Row = dict[str, str | int | float]
TEXT, WHOLE, REAL = str, int, float


@dataclass(frozen=True, slots=True)
class Table:
    """A table of rows that travels.

    Attributes
    ----------
    columns : mapping
        Column -> type.
    query : str
        Where the rows are read.
    kind : str
        Kind under which the ledger notes rows that came from others; '' where their run says so.
    key : str
        Column by which it notes them.
    unique : tuple of str
        Columns by which a row is known.
    names : mapping
        Column that names a thing -> kind of that thing (`ownership.KINDS`). Every column is here, in `unique` or in VALUES, so that
        no column can name a thing of which nobody asks whose it is.
    """

    columns: Mapping[str, type]
    query: str
    kind: str = ""
    key: str = "id"
    unique: tuple[str, ...] = ("id",)
    names: Mapping[str, str] = field(default_factory=dict)


def _build_text_columns(names: str, **others: type) -> dict[str, type]:
    return {name: others.get(name, TEXT) for name in names.split()}


RUN = "run_id IN (SELECT id FROM parcel_runs)"
DOCUMENT = "document_id IN (SELECT id FROM parcel_documents)"
COPIED = {"package": "'' AS package", "state": f"coalesce({messages.ACKNOWLEDGED}, m.state) AS state"}
"""Columns of messages that go in another form: the package in which one went is nobody else's, and an acknowledgement is told."""

SENT_WAY = """outer_source NOT IN (SELECT id FROM parcel_excluded)
    AND (document_id = '' OR document_id IN (SELECT document_id FROM live_traces))"""
"""A way in which a file came: none that an excluded or hidden message would tell."""
TABLES: dict[str, Table] = {
    "sources": Table(
        _build_text_columns("sha256 name size received_at officer", size=WHOLE),
        "live_sources WHERE sha256 IN (SELECT id FROM parcel_sources) ORDER BY sha256", "source", "sha256",
        ("sha256",),
    ),
    "source_facts": Table(
        _build_text_columns("source name value officer at"), """source_facts WHERE source IN (SELECT id FROM parcel_sources)
        AND name NOT GLOB 'own *' ORDER BY seq""",
        "fact", "seq", ("source", "name", "value"), {"source": "source"},
    ),
    "runs": Table(
        _build_text_columns("id kind state source method version parameters counts officer at"),
        "live_runs WHERE id IN (SELECT id FROM parcel_runs) ORDER BY id", "run",
        names={"source": "source"},
    ),
    "documents": Table(
        _build_text_columns("id schema title at service"),
        f"""(SELECT id, schema, at, service, CASE WHEN id IN (SELECT document_id FROM main.passages
            WHERE id NOT IN (SELECT id FROM live_passages)) THEN '{MASKED}' ELSE title END AS title FROM live_documents)
            WHERE id IN (SELECT id FROM parcel_documents) ORDER BY id""",
    ),
    "traces": Table(
        _build_text_columns("id run_id document_id source trace place device custodian conversation"),
        f"live_traces WHERE {DOCUMENT} AND source IN (SELECT id FROM parcel_sources) ORDER BY id, run_id",
        unique=("id", "run_id"), names={"run_id": "run", "document_id": "document", "source": "source"},
    ),
    "arrivals": Table(
        _build_text_columns("source outer_source name document_id run_id at"),
        f"""live_arrivals WHERE source IN (SELECT id FROM parcel_sources) AND {SENT_WAY}
            ORDER BY source, outer_source, name, run_id, document_id""",
        unique=("source", "outer_source", "name", "run_id", "document_id"),
        names={"source": "source", "outer_source": "source", "document_id": "document", "run_id": "run"},
    ),
    "messages": Table(
        _build_text_columns(" ".join(messages.COLUMNS)),
        f"""(SELECT {", ".join(COPIED.get(name, f"m.{name}") for name in messages.COLUMNS)} FROM live_messages AS m)
            WHERE {DOCUMENT} AND source IN (SELECT id FROM parcel_sources) ORDER BY document_id""", messages.FOREIGN, "document_id",
        ("document_id",), {"document_id": "document", "source": "source"},
    ),
    "passages": Table(
        _build_text_columns("id document_id number page text", number=WHOLE, page=WHOLE), f"live_passages WHERE {DOCUMENT} ORDER BY n",
        names={"document_id": "document"},
    ),
    "statements": Table(
        _build_text_columns("id entity_id schema prop value"),
        """statements WHERE id IN (SELECT statement_id FROM evidence WHERE id IN (SELECT id FROM parcel_evidence)) ORDER BY id""",
        names={"entity_id": "entity", "value": "value"},
    ),
    "evidence": Table(
        _build_text_columns(
            "id statement_id run_id document_id passage_id trace_id start stop method version confidence kind original_value officer"
            " because at", start=WHOLE, stop=WHOLE, confidence=REAL,
        ),
        "evidence WHERE id IN (SELECT id FROM parcel_evidence) ORDER BY id", "evidence",
        names={"statement_id": "statement", "run_id": "run", "document_id": "document", "passage_id": "passage", "trace_id": "trace"},
    ),
    "readings": Table(
        _build_text_columns("passage_id method version"),
        """readings WHERE passage_id IN (SELECT id FROM live_passages WHERE document_id IN (SELECT id FROM parcel_documents))
            ORDER BY passage_id, method""",
        unique=("passage_id", "method"), names={"passage_id": "passage"},
    ),
    "notes": Table(
        _build_text_columns("id kind text passages detail officer at"),
        "live_notes WHERE id IN (SELECT id FROM parcel_ids) ORDER BY id", "note",
        names={"passages": "passages", "detail": "passages"},
    ),
    "judgements": Table(
        _build_text_columns("id left_id right_id judgement officer because at"),
        """live_judgements WHERE left_id IN (SELECT id FROM parcel_ids) AND right_id IN (SELECT id FROM parcel_ids) ORDER BY seq""",
        "judgement", "seq", names={"left_id": "entity", "right_id": "entity"},
    ),
    "decisions": Table(
        _build_text_columns("id target_kind target_id verdict replacement officer because at"),
        """live_decisions WHERE target_kind NOT IN ('run', 'set-aside') AND (target_id IN (SELECT id FROM parcel_ids)
            OR target_id IN (SELECT statement_id FROM evidence WHERE document_id IN (SELECT id FROM parcel_documents)
                AND (passage_id = '' OR passage_id IN (SELECT id FROM parcel_ids)))) ORDER BY seq""",
        "decision", "seq", names={"target_id": "any", "replacement": "any"},
    ),
    "terms": Table(
        _build_text_columns("id target_kind target_id facet value officer because at"),
        """live_terms WHERE target_kind NOT IN ('officer', 'case', 'arrival') AND facet NOT IN ('permission', 'hold')
            AND target_id IN (SELECT id FROM parcel_ids) ORDER BY seq""", "term",
        names={"target_id": "any"},
    ),
    "issues": Table(
        _build_text_columns("id run_id source code severity message fix document_id place"),
        f"""live_issues WHERE {RUN} AND (source = '' OR source IN (SELECT id FROM parcel_sources))
            AND (document_id = '' OR {DOCUMENT}) ORDER BY id, run_id""",
        unique=("id", "run_id"), names={"run_id": "run", "source": "source", "document_id": "document"},
    ),
    "row_files": Table(
        _build_text_columns("run_id path kind source sha256 size rows", size=WHOLE, rows=WHOLE),
        "live_row_files WHERE source IN (SELECT id FROM parcel_sources) ORDER BY run_id, path",
        unique=("run_id", "kind"), names={"run_id": "run", "source": "source"},
    ),
}  # fmt: skip
"""Table -> columns and query, in the order in which they come: a row after the things that it names.

What it leaves out: decisions on whole runs and on what is set aside, what is said of officers, what a provider has permitted to this
bureau and a hold of this bureau: they are not for another case."""
VALUES = frozenset(
    """name size received_at officer value at kind state method version parameters counts schema title service trace place device
    custodian conversation number page text prop start stop confidence original_value because judgement target_kind verdict facet code
    severity message fix path sha256 rows""".split()
) | (frozenset(messages.COLUMNS) - {"document_id", "source"})
"""Columns that name nothing: what they hold is text, a number or a time. References and packages of messages are words of their sender,
by which nothing of a case is looked up that did not go out from it."""
OPEN = frozenset({
    ("runs", "source"), ("arrivals", "outer_source"), ("arrivals", "document_id"), ("arrivals", "run_id"), ("evidence", "document_id"),
    ("evidence", "passage_id"), ("evidence", "trace_id"), ("issues", "source"), ("issues", "document_id"), ("decisions", "replacement"),
    ("statements", "value"),
})  # fmt: skip
"""Columns that name a thing and may be left open; no row names nothing in another one, nor is itself without a name."""
NUMBERED = ("judgements", "decisions")
"""Tables whose rows have no id: both sides name them by what they say."""
VOLATILE = frozenset({
    "officer", "at", "received_at", "state", "parameters", "counts", "because", "direction", "thread_id", "package", "filed_at",
})  # fmt: skip
"""Columns in which two copies of one row may differ: who had it when and how it came there, and what is cut to a reader."""
