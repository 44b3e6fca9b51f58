"""Whether the index of words is the one that the passages make: no word taken out, none put in, and nothing hidden without a rule.

The index follows from the passages and from what is set aside. So it is made anew in memory, part by part, and each place of each
word is compared with the index of the ledger, by sums of keyed hashes: neither index is held as a whole.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from workbench.ledger.inserts import plain

FIRST = 5
"""Number of the schema that made the index of words again; before it some words were indexed in another form."""
PART = 20_000
"""Passages whose words are indexed in memory at a time."""
MASK = (1 << 64) - 1
INDEX = "CREATE VIRTUAL TABLE words USING fts5 (text, content = '', tokenize = 'porter unicode61 remove_diacritics 2')"
"""The index as the scripts make it."""
PLACES = "SELECT term, doc, offset FROM temp.word_places"
HIDDEN = """SELECT n FROM passages WHERE document_id IN (SELECT document_id FROM hidden_documents)
    OR id IN (SELECT passage_id FROM hidden_passages)"""
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
    """

    missing: int = 0
    strange: int = 0
    unexplained: int = 0
    exposed: int = 0
    changed: int = 0

    @property
    def differences(self) -> dict[str, int]:
        """What is wrong, and in how many passages."""
        return {name: number for name in self.__slots__ if (number := getattr(self, name))}


def is_comparable(sql: sqlite3.Connection) -> bool:
    """Whether the ledger is of a schema whose index can be made anew."""
    return int(sql.execute("PRAGMA user_version").fetchone()[0]) >= FIRST


def compare(sql: sqlite3.Connection, watch: Watch = lambda _, rows: rows) -> Comparison:
    """Compare the index of a ledger with its passages and what is set aside; it costs about what making the index costs."""
    counts = {name: int(sql.execute(query).fetchone()[0]) for name, query in COUNTS.items()}
    last = int(sql.execute("SELECT coalesce(max(n), 0) FROM passages").fetchone()[0])
    sums, strange = array("Q", bytes(8 * (last + 1))), set[int]()
    sql.execute("CREATE VIRTUAL TABLE temp.word_places USING fts5vocab (main, words, instance)")
    try:
        _add(sums, _inside(sql.execute(PLACES), last, strange), 1)
    finally:
        sql.execute("DROP TABLE temp.word_places")
    indexed = """SELECT n, text FROM passages WHERE n IN (SELECT id FROM words_docsize) AND n NOT IN (SELECT n FROM unindexed)
        ORDER BY n"""
    rows = iter(watch("words", sql.execute(indexed)))
    for part in iter(lambda: list(islice(rows, PART)), []):
        _add(sums, _places(part), -1)
    known = {n for (n,) in sql.execute("SELECT n FROM unindexed")}
    changed = sum(1 for n, left in enumerate(sums) if left and n not in known)
    counts["strange"] = max(counts["strange"], len(strange))
    return Comparison(**counts, changed=changed)


def _inside(places: Iterable[Place], last: int, strange: set[int]) -> Iterator[Place]:
    """Places in passages that there may be; the numbers of others are noted."""
    for place in places:
        if 0 < place[1] <= last:
            yield place
        else:
            strange.add(place[1])


def _places(part: Iterable[tuple[object, ...]]) -> Iterator[Place]:
    """Places of the words of some passages (number, text), as an index of them has them."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.execute(INDEX)
        made.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", ((n, plain(str(text))) for n, text in part))
        made.execute("CREATE VIRTUAL TABLE temp.word_places USING fts5vocab (main, words, instance)")
        yield from made.execute(PLACES)


def _add(sums: array[int], places: Iterable[Place], sign: int) -> None:
    """Add the hash of each place to the sum of its passage.

    Python draws the key of the hashes of texts anew in each process; those of tuples are too regular to be summed.
    """
    for word, number, place in places:
        sums[number] = (sums[number] + sign * hash(f"{place} {word}")) & MASK
