"""Whether the index of words is the one that the passages make: no word taken out, none put in, and nothing hidden without a rule.

The index follows from the passages and from what is set aside. So it is made anew in memory, part by part, and each place of each
word is compared with the index of the ledger, by sums of keyed hashes: neither index is held as a whole. The lengths of passages and
their sum, by which finds are put in order, are compared as well; each word is looked up as a search does; and there must be no
setting and no row that FTS5 did not write (its file format is told in the comments of SQLite's `ext/fts5/fts5_index.c`).
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice

from workbench.ledger.sessions.inserts import to_index_text

FIRST = 5
"""Number of the schema that made the index of words again; before it some words were indexed in another form."""
PART = 20_000
"""Passages whose words are indexed in memory at a time."""
MASK = (1 << 64) - 1
INDEX = "CREATE VIRTUAL TABLE words USING fts5 (text, content = '', tokenize = 'porter unicode61 remove_diacritics 2')"
"""The index as the scripts make it."""
PLACES = "SELECT term, doc, offset FROM temp.word_places"
SIZES = "SELECT id, sz FROM words_docsize WHERE id BETWEEN ? AND ?"
UNFOUND = """SELECT count(*) FROM temp.word_rows AS a
    WHERE NOT EXISTS (SELECT 1 FROM temp.word_rows AS b WHERE b.term = a.term AND b.doc = a.doc AND b.cnt = a.cnt)"""
"""Words that are in the index, and that are not found where they are looked up."""
SETTINGS = "SELECT count(*) FROM words_config WHERE ((k, v) IN (VALUES ('version', 4), ('version', 5), ('secure-delete', 1))) IS NOT TRUE"
"""Settings that this program does not make: an erasure makes `secure-delete`."""
SUMS, SEGMENTS = 1, 10
"""Numbers of the two rows of `words_data` that are no page: how many passages and words there are, and the list of segments."""
PAGE, TREE = 31, 36
"""Bits of a row's number: that of a page, and above these whether the page helps to skip others; then comes the segment."""
HIDDEN = """SELECT n FROM passages WHERE document_id IN (SELECT document_id FROM main.hidden_documents)
    OR id IN (SELECT passage_id FROM main.hidden_passages)"""
"""Passages that are set aside: their words belong out of the index (`aside.index`)."""
COUNTS = {
    "missing": """SELECT count(*) FROM passages AS p WHERE NOT EXISTS (SELECT 1 FROM words_docsize AS d WHERE d.id = p.n)
        AND NOT EXISTS (SELECT 1 FROM unindexed AS u WHERE u.n = p.n)""",
    "strange": """SELECT count(*) FROM words_docsize AS d WHERE NOT EXISTS (SELECT 1 FROM passages AS p WHERE p.n = d.id)
        OR EXISTS (SELECT 1 FROM unindexed AS u WHERE u.n = d.id)""",
    "unexplained": f"SELECT count(*) FROM unindexed WHERE n NOT IN ({HIDDEN})",
    "exposed": f"SELECT count(*) FROM ({HIDDEN}) WHERE n NOT IN (SELECT n FROM unindexed)",
}
Watch = Callable[[str, Iterable[tuple[object, ...]]], Iterable[tuple[object, ...]]]
"""Passes rows through one by one, for a progress bar."""
Place = tuple[str, int, int]
"""A word, the number of its passage, and its place there."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an index of words differs from the one that the passages make; numbers of passages.

    Attributes
    ----------
    missing : int
        Their words are not in the index, and nothing says that they were taken out.
    strange : int
        Words stand in the index that belong to no passage, or to one of which it is said that they were taken out.
    unexplained : int
        Their words were taken out, and no rule sets them aside.
    exposed : int
        A rule sets them aside, and their words were not taken out.
    changed : int
        The index has other words of them than their text.
    lengths : int
        The index has another length of them than their text has words.
    inside : int
        Not of passages: sums, settings, pages and ways to a word in the index that are not as they come from the passages.
    """

    missing: int = 0
    strange: int = 0
    unexplained: int = 0
    exposed: int = 0
    changed: int = 0
    lengths: int = 0
    inside: int = 0

    @property
    def differences(self) -> dict[str, int]:
        """What is wrong, and in how many passages or places."""
        return {name: number for name in self.__slots__ if (number := getattr(self, name))}


def is_comparable(sql: sqlite3.Connection) -> bool:
    """Whether the ledger is of a schema whose index can be made anew."""
    return int(sql.execute("PRAGMA user_version").fetchone()[0]) >= FIRST


def compare_index(sql: sqlite3.Connection, watch: Watch = lambda _, rows: rows) -> Comparison:
    """Compare the index of a ledger with its passages and what is set aside; it costs about what making the index costs."""
    counts = {name: int(sql.execute(query).fetchone()[0]) for name, query in COUNTS.items()}
    last = int(sql.execute("SELECT coalesce(max(n), 0) FROM passages").fetchone()[0])
    sums, strange = array("Q", bytes(8 * (last + 1))), set[int]()
    with _open_vocabulary(sql, "main"):
        _add_hashes(sums, _drop_strange(sql.execute(PLACES), last, strange), 1)
        unfound = int(sql.execute(UNFOUND).fetchone()[0])
    indexed = """SELECT n, text FROM passages WHERE n IN (SELECT id FROM words_docsize) AND n NOT IN (SELECT n FROM unindexed)
        ORDER BY n"""
    rows, lengths = iter(watch("words", sql.execute(indexed))), Counter[str]()
    for part in iter(lambda: list(islice(rows, PART)), []):
        with _build_index(part) as made:
            _add_hashes(sums, made.execute(PLACES), -1)
            lengths.update(_compare_lengths(sql, made, part))
    known = {n for (n,) in sql.execute("SELECT n FROM unindexed")}
    changed = sum(1 for n, left in enumerate(sums) if left and n not in known)
    counts["strange"] = max(counts["strange"], len(strange))
    inside = unfound + _count_wrong_rows(sql, lengths["passages"], lengths["words"])
    return Comparison(**counts, changed=changed, lengths=lengths["wrong"], inside=inside)


@contextmanager
def _open_vocabulary(sql: sqlite3.Connection, schema: str) -> Iterator[None]:
    """Read the index of words as tables: each place of each word, and each word."""
    tables = {"word_places": "instance", "word_rows": "row"}
    for name, kind in tables.items():
        sql.execute(f"CREATE VIRTUAL TABLE temp.{name} USING fts5vocab ({schema}, words, {kind})")
    try:
        yield
    finally:
        for name in tables:
            sql.execute(f"DROP TABLE temp.{name}")


def _drop_strange(places: Iterable[Place], last: int, strange: set[int]) -> Iterator[Place]:
    """Places in passages that there may be; the numbers of others are noted."""
    for place in places:
        if 0 < place[1] <= last:
            yield place
        else:
            strange.add(place[1])


@contextmanager
def _build_index(part: Iterable[tuple[object, ...]]) -> Iterator[sqlite3.Connection]:
    """An index of some passages (number, text)."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.execute(INDEX)
        made.executemany(
            "INSERT INTO words (rowid, text) VALUES (?, ?)", ((n, to_index_text(str(text))) for n, text in part)
        )
        with _open_vocabulary(made, "main"):
            yield made


def _compare_lengths(
    sql: sqlite3.Connection, made: sqlite3.Connection, part: Sequence[tuple[object, ...]]
) -> dict[str, int]:
    """How many passages of a part there are, how many words they have, and how many have another length in the ledger's index."""
    ends = (part[0][0], part[-1][0])
    held, own = (dict(one.execute(SIZES, ends).fetchall()) for one in (sql, made))
    wrong = sum(held.get(n) != size for n, size in own.items())
    return {"passages": len(own), "words": sum(_decode_number(size)[0] for size in own.values()), "wrong": wrong}


def _count_wrong_rows(sql: sqlite3.Connection, passages: int, words: int) -> int:
    """How many sums, settings and rows of the index are not as FTS5 writes them for so many passages and words."""
    rows = dict(sql.execute("SELECT id, block FROM words_data WHERE id IN (?, ?)", (SUMS, SEGMENTS)).fetchall())
    sums = [[passages, words], *([[]] if not passages else [])]
    wrong = int(_decode_numbers(rows.get(SUMS)) not in sums) + int(sql.execute(SETTINGS).fetchone()[0])
    pages = {one[0]: one[1:] for one in _decode_segments(rows.get(SEGMENTS))}
    for (key,) in sql.execute("SELECT id FROM words_data WHERE id NOT IN (?, ?)", (SUMS, SEGMENTS)):
        first, last = pages.get(key >> (TREE + 1), (1, 0))
        skips = key >> PAGE & ((1 << TREE - PAGE + 1) - 1)
        wrong += not (first <= last if skips else first <= key & ((1 << PAGE) - 1) <= last)
    wrong += sum(segment not in pages for (segment,) in sql.execute("SELECT DISTINCT segid FROM words_idx"))
    said = sql.execute("PRAGMA main.integrity_check(words)").fetchall()
    return int(wrong) + len([one for one in said if one != ("ok",)])


def _decode_segments(block: object) -> Iterator[tuple[int, int, int]]:
    """The segments of the index: number, first page, last page."""
    levels, _, _, *left = [*_decode_numbers(block[4:] if isinstance(block, bytes) else None), 0, 0, 0]
    for _ in range(levels):
        _, count, *left = [*left, 0, 0]
        for at in range(0, 3 * min(count, len(left) // 3), 3):
            yield left[at], left[at + 1], left[at + 2]
        left = left[3 * count :]


def _decode_numbers(block: object) -> list[int]:
    """The numbers that bytes of FTS5 hold."""
    found, left = [], block if isinstance(block, bytes) else b""
    while left:
        number, left = _decode_number(left)
        found.append(number)
    return found


def _decode_number(block: bytes) -> tuple[int, bytes]:
    """A number as SQLite writes it (seven bits a byte, the highest first), and the bytes after it."""
    value = 0
    for at, byte in enumerate(block, 1):  # noqa: B007 - counted on the way
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, block[at:]


def _add_hashes(sums: array[int], places: Iterable[Place], sign: int) -> None:
    """Add the hash of each place to the sum of its passage.

    Python draws the key of the hashes of texts anew in each process; those of tuples are too regular to be summed.
    """
    for word, number, place in places:
        sums[number] = (sums[number] + sign * hash(f"{place} {word}")) & MASK
