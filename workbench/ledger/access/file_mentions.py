"""Passages that name a file: they are withheld where the file is, and they go where it is erased.

A message names its attachments by name and hash, a chat names its media, a letter may name what is attached to it. The rule looks at the
documents with which a file came, and at messages that have its hash: so one of ours too, whose attachment lay in the case before.
"""

from __future__ import annotations

HASH = "lower(substr({0}.text, -64))"
"""SQL: with what the entry of an attachment ends."""
ENTRIES = f"""FROM messages AS m CROSS JOIN passages AS p ON p.document_id = m.document_id
    WHERE {HASH.format("p")} IN {{0}} AND p.text GLOB 'attachments [0-9]*' AND substr(p.text, -73, 9) = char(10) || 'sha256: '"""
"""SQL: entries of attachments by their hash, of all messages; a text of a message that ends with a hash is none."""
PLACE = "'attachments[' || (CAST(substr(p.text, length('attachments ') + 1) AS INTEGER) - 1) || ']'"
"""SQL: where in its message such an entry stands."""


def build_area(new: str) -> str:
    """SQL: messages that have the hash of a file of a table (kind and id) in a text, by the index of words.

    What is excluded is not in the index, and it is shown to nobody.
    """
    return f"""SELECT p.document_id FROM {new} AS n CROSS JOIN words ON words MATCH '"' || n.id || '"'
        CROSS JOIN passages AS p ON p.n = words.rowid CROSS JOIN messages AS m ON m.document_id = p.document_id
        WHERE n.kind IN ('source', 'file')"""


def build_entry_queries(gone: str) -> tuple[str, str]:
    """SQL: ids of the entries of attachments of which the hash is in a table, and ids of their traces."""
    found = ENTRIES.format(gone)
    return (
        f"SELECT p.id {found}",
        f"""SELECT t.id FROM (SELECT p.document_id, {PLACE} AS place {found}) AS e
        CROSS JOIN traces AS t ON t.document_id = e.document_id AND t.place = e.place""",
    )


def build_queries(area: str, closed: str) -> tuple[str, ...]:
    """SQL: ids of passages in the documents of a table that name a file of another.

    The three are of what came with the document, of texts of a message by the hash, and of fields of that message that name them.
    """
    return (
        f"""SELECT p.id FROM {area} AS d CROSS JOIN arrivals AS a ON a.document_id = d.id
            CROSS JOIN passages AS p ON p.document_id = d.id
            WHERE d.id != '' AND a.source IN {closed} AND names_file(p.text, a.name)""",
        f"""SELECT p.id FROM {area} AS d CROSS JOIN messages AS m ON m.document_id = d.id
            CROSS JOIN passages AS p ON p.document_id = d.id WHERE EXISTS (SELECT 1 FROM json_each(hashes_in(p.text)) AS h
                WHERE h.value IN {closed})""",
        f"""SELECT p.id FROM {area} AS d CROSS JOIN messages AS m ON m.document_id = d.id
            CROSS JOIN passages AS h ON h.document_id = d.id CROSS JOIN passages AS p ON p.document_id = d.id
            WHERE {HASH.format("h")} IN {closed} AND names_file(p.text, attachment_name(h.text))""",
    )


def build_title_queries(area: str, closed: str) -> tuple[str, ...]:
    """SQL: ids of documents of a table of which the title names a file of another, by which it came or as a message says."""
    return (
        f"""SELECT d.id FROM {area} AS d CROSS JOIN documents AS t ON t.id = d.id CROSS JOIN arrivals AS a ON a.document_id = d.id
            WHERE d.id != '' AND a.source IN {closed} AND names_file(t.title, a.name)""",
        f"""SELECT d.id FROM {area} AS d CROSS JOIN documents AS t ON t.id = d.id CROSS JOIN messages AS m ON m.document_id = d.id
            CROSS JOIN passages AS h ON h.document_id = d.id
            WHERE {HASH.format("h")} IN {closed} AND names_file(t.title, attachment_name(h.text))""",
    )
