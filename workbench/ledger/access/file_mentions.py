"""Passages that name a file: they are withheld where the file is, and they go where it is erased.

A message names its attachments by name and hash, a chat names its media, a letter may name what is attached to it. The rule looks at what a
file came with: the documents around it, the files beside it in an archive or a folder. It also looks at messages that have its hash: one of
ours too, whose attachment lay in the case before.
"""

from __future__ import annotations

HASH = "lower(substr({0}.text, -64))"
"""SQL: with what the entry of an attachment ends."""
ENTRIES = f"""FROM messages AS m CROSS JOIN passages AS p ON p.document_id = m.document_id
    WHERE {HASH.format("p")} IN {{0}} AND p.text GLOB 'attachments [0-9]*' AND substr(p.text, -73, 9) = char(10) || 'sha256: '"""
"""SQL: entries of attachments by their hash, of all messages; a text of a message that ends with a hash is none."""
PLACE = "'attachments[' || (CAST(substr(p.text, length('attachments ') + 1) AS INTEGER) - 1) || ']'"
"""SQL: where in its message such an entry stands."""


SURROUNDINGS = (
    "word TEXT NOT NULL, name TEXT NOT NULL, outer TEXT NOT NULL, document TEXT NOT NULL, folder TEXT NOT NULL, "
    "PRIMARY KEY (word, name, outer, document, folder)"
)
"""SQL: columns of a table of what surrounds files: the longest word of the name of a file and the name, the file around it or around what
holds it, however deep, the document with which that came, the folder of one that an officer added."""
CLOSE = """(p.document_id = n.document OR EXISTS (SELECT 1 FROM traces AS t
    CROSS JOIN arrivals AS b ON b.source = t.source WHERE t.document_id = p.document_id AND b.outer_source = n.outer
    AND CASE WHEN n.outer != '' THEN b.document_id = n.document OR EXISTS (SELECT 1 FROM traces AS c
            CROSS JOIN arrivals AS d ON d.source = c.source WHERE c.document_id = n.document AND d.outer_source = n.outer
            AND d.document_id = b.document_id)
        ELSE (SELECT d.schema FROM documents AS d WHERE d.id = p.document_id) = 'Message'
            OR (folder_of(b.name) != '' AND substr(n.folder, 1, length(folder_of(b.name)) + 1) = folder_of(b.name) || '/') END))"""
"""SQL: whether a passage came with a file: also what is beside the chat whose message it came with. Of files that an officer added, names
tell folders but not the folder that was added: chats count whatever their folder, other files where their folder is around that of the
file."""
FOUND = f"""{{0}} AS n CROSS JOIN words ON words MATCH name_query(n.name) CROSS JOIN passages AS p ON p.n = words.rowid
    WHERE names_file(p.text, n.name) AND {CLOSE}"""
"""SQL: passages that name a file of a table and came with it, by the index of words: at the cost of the files."""
READ = f"""{{1}} AS a CROSS JOIN passages AS p ON p.document_id = a.id CROSS JOIN json_each(words_in(p.text)) AS w
    CROSS JOIN {{0}} AS n ON n.word = w.value
    WHERE EXISTS (SELECT 1 FROM {{0}}) AND names_file(p.text, n.name) AND {CLOSE}"""
"""SQL: the same in the documents of a table, by their own words: at the cost of the documents."""


def build_surroundings(files: str) -> str:
    """SQL: the rows of SURROUNDINGS of files; `files`: a query of their ids."""
    return f"""WITH RECURSIVE around(name, source, outer_source, document_id, held) AS (
            SELECT base_name(a.name), a.source, a.outer_source, a.document_id, a.name
                FROM ({files}) AS c CROSS JOIN arrivals AS a ON a.source = c.id
            UNION SELECT i.name, a.source, a.outer_source, a.document_id, a.name
                FROM around AS i CROSS JOIN arrivals AS a ON a.source = i.outer_source WHERE i.outer_source != '')
        SELECT longest_word(name), name, outer_source, document_id,
            CASE WHEN outer_source = '' THEN folder_of(held) || '/' ELSE '' END FROM around WHERE longest_word(name) != ''"""


def build_beside_area(files: str) -> str:
    """SQL: documents around the files of which the surroundings are in a table, and those beside them that name them."""
    return f"""SELECT document FROM {files} WHERE document != ''
        UNION SELECT p.document_id FROM {FOUND.format(files)}"""


def build_beside_queries(files: str, area: str, known: str) -> tuple[str, str]:
    """SQL: ids of passages that name a file and came with it: files of a table, and those that are known, in the documents of another."""
    return f"SELECT p.id FROM {FOUND.format(files)}", f"SELECT p.id FROM {READ.format(known, area)}"


def build_beside_titles(files: str, area: str, known: str) -> tuple[str, ...]:
    """SQL: ids of documents around or beside such a file of which the title names it."""
    named = "AND names_file((SELECT d.title FROM documents AS d WHERE d.id = p.document_id), n.name)"
    around = "CROSS JOIN documents AS t ON t.id = n.document WHERE names_file(t.title, n.name)"
    return (
        f"SELECT t.id FROM {files} AS n {around}",
        f"""SELECT t.id FROM {area} AS a CROSS JOIN documents AS t ON t.id = a.id CROSS JOIN json_each(words_in(t.title)) AS w
            CROSS JOIN {known} AS n ON n.word = w.value
            WHERE EXISTS (SELECT 1 FROM {known}) AND n.document = t.id AND names_file(t.title, n.name)""",
        f"SELECT p.document_id FROM {FOUND.format(files)} {named}",
        f"SELECT p.document_id FROM {READ.format(known, area)} {named}",
    )


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
