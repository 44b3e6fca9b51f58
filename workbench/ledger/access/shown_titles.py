"""Titles of documents of which a part is withheld: one that is made of the text shows only where that text shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.ledger.sessions.access_protocol import ConnectedLedger

MASKED = "Withheld: a part of this document is not for you."
"""Title of a document of which a passage is withheld: titles are often taken from the text."""
SHOWS = """{document} NOT IN gate_partial
        OR EXISTS (SELECT 1 FROM traces AS t JOIN sources AS s ON s.sha256 = t.source
            WHERE t.document_id = {document} AND titled_by_file({title}, s.name))
        OR EXISTS (SELECT 1 FROM passages AS p WHERE p.document_id = {document} AND p.id NOT IN gate_passages
            AND titled_by_text({title}, p.text))"""
"""SQL: whether the reader may know a title of a document."""


def mask_title(document: str, column: str, shown: str) -> str:
    """SQL of a title of a row `m`: what is shown of it, where its words stand in text that may be read or in the name of the file."""
    shows = SHOWS.format(document=f"m.{document}", title=f"m.{column}")
    return f"CASE WHEN {shows} THEN {shown} ELSE '{MASKED}' END AS {column}"


def get_documents_view(ledger: ConnectedLedger) -> str:
    """Where documents are read with the titles that the reader may know."""
    return "live_documents" if (gate := ledger.current_filter) and gate.has_withheld else "documents"
