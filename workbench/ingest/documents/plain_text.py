"""Reader `text`: plain text and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workbench.ingest.reading.passages import list_passages, split_pieces
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.ingest.reading.special_labels import claim_special_fields
from workbench.ingest.reading.text_lines import TextLines, is_text
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import build_issue, describe_missing_record
from workbench.model.rows import Document, Row, Trace

METHOD, VERSION = "text", "6"
KINDS = {
    ".txt": "plain", ".text": "plain", ".log": "plain", ".md": "markdown", ".markdown": "markdown",
}  # fmt: skip
STRUCTURED = frozenset(
    ".xml .anx .kml .gpx .json .jsonl .geojson .ftm .csv .tsv .eml .mbox .vcf .html .htm .rtf .docx .odt .pdf .xlsx".split()
)
"""Suffixes of forms that have readers of their own: a text under such a name is not what its name says."""


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: its suffix, or that its bytes are text and no other reader wants it."""
    if not head:
        return Sentence("detected.empty")
    if not is_text(head):
        return ""
    kind = KINDS.get(source.suffix)
    return Sentence(f"detected.{kind}", suffix=source.suffix) if kind else Sentence("detected.text")


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document PlainText with its passages; a file over the memory is no matter."""
    del options
    lines = TextLines(source)
    document = compute_digest("PlainText", source.sha256)
    yield Document(document, "PlainText", source.name)
    trace = Trace(compute_digest(source.sha256, "", document), document, source.sha256)
    yield trace
    found = False
    passages = list_passages(document, split_pieces(line for _, line in lines))
    evidence = Evidence(METHOD, VERSION, document, trace_id=trace.id)
    for row in claim_special_fields(passages, evidence, is_json=_is_json(source.read_head(16))):
        found = True
        yield row
    if found and source.suffix in STRUCTURED:
        told = Sentence("row.other_form", name=repr(source.name), suffix=source.suffix)
        yield build_issue("other-form", told, fix=Sentence("fix.look.misnamed"), document_id=document)
    if not found:
        yield build_issue("empty", describe_missing_record("text", source.name), document_id=document)
    yield from (replace(one, document_id=document) for one in lines.issues)


def _is_json(head: bytes) -> bool:
    """Whether a text begins as an object or a list in JSON does, in whatever encoding."""
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] in (b"{", b"[")
