"""Titles of documents of which a part is withheld: one that is made of the text shows only where that text shows."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from workbench.model.text.normalise import clean

if TYPE_CHECKING:
    from workbench.ledger.sessions.access_protocol import Connected

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


def is_title_of_text(title: str | None, text: str | None) -> bool:
    r"""Whether a title stands in a text.

    >>> is_title_of_text("The van waits…", "So:  The van\nwaits at the quay"), is_title_of_text("The van", "A boat")
    (True, False)
    """
    return clean(title or "").removesuffix("…").rstrip() in clean(text or "")


def is_title_of_file(title: str | None, name: str | None) -> bool:
    """Whether a title is the name of a file, with or without a part of it.

    >>> [is_title_of_file(title, "box/a.xlsx") for title in ("a.xlsx", "box/a.xlsx, sheet 2", "a.xlsx: contacts", "a.xlsxes")]
    [True, True, True, False]
    """
    names = {clean(name or ""), clean(PurePosixPath(name or "").name)} - {""}
    return any(clean(title or "") == one or clean(title or "").startswith((f"{one}, ", f"{one}: ")) for one in names)


def get_documents_view(ledger: Connected) -> str:
    """Where documents are read with the titles that the reader may know."""
    return "live_documents" if (gate := ledger.current_filter) and gate.has_withheld else "documents"
