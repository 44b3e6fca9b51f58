"""The gate: which rows a reader may see, by clearance, country, purpose, retention and status.

It sits in the connection. A reader's connection has, for each view of the door (`live_evidence`, `live_passages`, ...), a
temporary view of the same name before it that leaves out what this reader may not see; so every question that is asked over
the connection is cut, whoever asks it, before anything is counted, ranked or drawn. Where nothing is withheld there are no
such views, and it costs nothing.

The gate prevents mistakes. It keeps out nobody who holds the files: only encryption does.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from workbench.ledger import flagged, grounds
from workbench.ledger.store import Ledger
from workbench.ledger.terms import MATERIAL, Target, held
from workbench.model.ages import ADULT
from workbench.model.catalogue import term
from workbench.model.marking import TLP, Scheme
from workbench.model.marking import read as read_mark
from workbench.model.schema import FLAG, SPECIAL

OUTSIDE = TLP.index("TLP:AMBER+STRICT")
"""From here on TLP keeps material within the service that has it."""
PARTIES = ("number", "accountNumber", "iban")
"""Properties by whose values mass rows name a party."""
MINORS, SENSITIVE = "minors", "special categories"
REASONS = {
    "level": "above the reader's clearance", "country": "closed to the reader's country", "purpose": "kept for another purpose",
    "review": "past its review date", "restricted": "processing restricted", "special": "hidden until revealed",
    "flagged": "flagged as of a special category or a minor",
    "H1": "H1 without permission", "H2": "H2 without permission", "tlp": "TLP keeps it within the service",
}  # fmt: skip
"""Why something is withheld, in words."""
SECRET = ("level", "country", "purpose")
"""Reasons for which not even the number is told to the reader."""
UNKNOWN = "?"
"""A country that nobody vouches for: what is closed to any country is closed to it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom rows are shown to.

    Attributes
    ----------
    level : int
        Clearance: rank in the case's scheme, granted by others.
    country : str
        ISO 3166-1 alpha-2; '' the case's own service, which is barred from nothing; UNKNOWN, barred from all that is barred to any.
    purpose : str
        What for; material that is kept for one purpose shows for no other.
    revealed : frozenset of str
        Categories that were revealed to the reader with a reason: 'minors', 'special categories', ...
    controller : bool
        Sees what is past its review, in order to decide on it.
    outside : bool
        Of another service: H2 and TLP:AMBER+STRICT, TLP:RED need permission.
    judicial : bool
        In judicial proceedings: H1 needs permission.
    careful : bool
        What a program flagged and nobody dismissed is kept back, as case.toml has it for products for others.
    told : tuple of str
        On what that rests, for the log.
    """

    level: int = 0
    country: str = ""
    purpose: str = ""
    revealed: frozenset[str] = frozenset()
    controller: bool = False
    outside: bool = False
    judicial: bool = False
    careful: bool = False
    told: tuple[str, ...] = ()


def refusal(reader: Reader, facets: Mapping[str, Sequence[str]], scheme: Scheme, today: str) -> str:
    """Why a reader may not see what these facets are said of: a key of REASONS, '' if he may."""
    mark = read_mark({name: list(values) for name, values in facets.items()}, scheme)
    permitted = set(facets.get("permission", ()))
    purposes = [purpose.casefold() for purpose in facets.get("purpose", ())]
    special = set(facets.get("special", ()))
    nowhere = reader.country == UNKNOWN or (reader.outside and not reader.country)
    barred = bool(mark.barred) and (nowhere or reader.country in mark.barred)
    tests = {
        "level": mark.level > reader.level,
        "country": barred,
        "purpose": bool(purposes) and not any(_serves(reader.purpose.casefold(), purpose) for purpose in purposes),
        "review": not reader.controller and any(day < today for day in facets.get("review", ())),
        "restricted": bool(facets.get("restricted")) and not reader.controller,
        "special": bool(special - reader.revealed),
        "H1": reader.judicial and "H1" in mark.handling and "H1" not in permitted,
        "H2": reader.outside and "H2" in mark.handling and "H2" not in permitted,
        "tlp": reader.outside and mark.tlp >= OUTSIDE and "TLP" not in permitted,
    }
    return next((name for name, refused in tests.items() if refused), "")


def _serves(given: str, allowed: str) -> bool:
    return given == allowed or given.startswith(f"{allowed} ")


@dataclass
class Gate:
    """The gate of one connection.

    Attributes
    ----------
    readers : tuple of Reader
        All of them must be allowed: who works, and whom a product is for.
    scheme : Scheme
        Levels of the case.
    years : int
        Material is reviewed so many years after it came, where no other date was set; 0 never.
    """

    readers: tuple[Reader, ...]
    scheme: Scheme
    years: int = 0
    _seen: tuple[int, str] = (-1, "")
    _withheld: dict[Target, str] = field(default_factory=dict)
    _secret: dict[int | None, frozenset[str]] = field(default_factory=dict)

    def __call__(self, ledger: Ledger) -> None:
        """Bring the connection in line with what holds now; nothing to do where nothing has changed."""
        now = (ledger.version(), datetime.now(UTC).date().isoformat())
        if now == self._seen:
            return
        reasons = self.reasons(ledger, now[1])
        if reasons or self._withheld or self._seen[0] < 0:
            _shut(ledger.connection)
        if reasons:
            _open(ledger.connection, reasons)
        self._withheld, self._seen, self._secret = reasons, now, {}

    @property
    def closed(self) -> bool:
        """Whether anything is withheld."""
        return bool(self._withheld)

    def reasons(self, ledger: Ledger, today: str) -> dict[Target, str]:
        """What is withheld from the readers, and why: target -> key of REASONS."""
        found = {
            target: why
            for target, facets in held(ledger).items()
            if target[0] in MATERIAL and (why := self._refusal(facets, today))
        }
        for target in self._overdue(ledger.connection, today):
            found.setdefault(target, "review")
        for category, targets in _protected(ledger.connection, today):
            if any(category not in reader.revealed for reader in self.readers):
                found.update({target: "special" for target in targets if target not in found})
        if any(reader.careful for reader in self.readers):
            for key in flagged.passages(ledger.connection, today):
                found.setdefault(("passage", key), "flagged")
        return found

    def _overdue(self, sql: sqlite3.Connection, today: str) -> list[Target]:
        """Sources that came before the years of review, of which nobody has set another date."""
        if not self.years or all(reader.controller for reader in self.readers):
            return []
        bound = f"{int(today[:4]) - self.years}{today[4:]}"
        query = """SELECT sha256 FROM sources WHERE received_at < ? AND sha256 NOT IN
            (SELECT target_id FROM main.live_terms WHERE target_kind = 'source' AND facet = 'review')"""
        return [("source", key) for (key,) in sql.execute(query, (bound,)).fetchall()]

    def refused(self, facets: Mapping[str, Sequence[str]]) -> str:
        """Why what these facets are said of is withheld, in words; '' if it is not."""
        why = self._refusal(facets, datetime.now(UTC).date().isoformat())
        return term("withheld", why) if why else ""

    def _refusal(self, facets: Mapping[str, Sequence[str]], today: str) -> str:
        return next((why for reader in self.readers if (why := refusal(reader, facets, self.scheme, today))), "")

    def targets(self, ledger: Ledger) -> tuple[str, ...]:
        """What is withheld, in order: kind and id."""
        self(ledger)
        return tuple(sorted(f"{kind} {key}" for kind, key in self._withheld))

    def values(self, ledger: Ledger) -> tuple[str, ...]:
        """Numbers and accounts of entities that are withheld, as mass rows name them."""
        self(ledger)
        if not self._withheld:
            return ()
        names = ", ".join(f"'{name}'" for name in PARTIES)
        query = f"SELECT DISTINCT value FROM statements WHERE entity_id IN gate_entities AND prop IN ({names}) ORDER BY value"
        return tuple(value for (value,) in ledger.connection.execute(query).fetchall())

    def passages(self, ledger: Ledger) -> list[str]:
        """Passages that are withheld by themselves."""
        self(ledger)
        rows = ledger.connection.execute("SELECT id FROM gate_passages ORDER BY id") if self._withheld else ()
        return [key for (key,) in rows]

    def counted(self, ledger: Ledger, readers: int | None = None) -> Counter[str]:
        """How much is withheld: REASONS in words -> number of targets. It says nothing of their content.

        That something is above a reader's clearance, or closed to that country or purpose, is not told to that reader; asked are
        the first so many readers, all if not given. For the first alone it is what who works may know of a product for others.
        """
        secret = self.secret(ledger, readers)
        return Counter(REASONS[why] for target, why in self._withheld.items() if target[1] not in secret)

    def secret(self, ledger: Ledger, readers: int | None = None) -> frozenset[str]:
        """Ids of all of which the first so many readers (all, if not given) may not even know that it is there.

        With what is above a clearance, closed to a country or kept for another purpose goes all that hangs on it.
        """
        self(ledger)
        if readers not in self._secret:
            facets, today, asked = held(ledger), self._seen[1], self.readers[:readers]
            why = {
                target: "level"
                for target in self._withheld
                if any(refusal(one, facets.get(target, {}), self.scheme, today) in SECRET for one in asked)
            }
            self._secret[readers] = self._hanging(ledger.connection, why) if why else frozenset()
        return self._secret[readers]

    def _hanging(self, sql: sqlite3.Connection, reasons: Mapping[Target, str]) -> frozenset[str]:
        """Ids of what is withheld for these reasons with all that hangs on it; afterwards the gate stands as before."""
        _shut(sql)
        _open(sql, reasons)
        ids = frozenset(key for (key,) in sql.execute("SELECT id FROM gate_ids").fetchall())
        _shut(sql)
        _open(sql, self._withheld)
        return ids


def _protected(sql: sqlite3.Connection, today: str) -> Iterable[tuple[str, list[Target]]]:
    """Persons under eighteen, and statements of special categories, as sources and officers state them."""
    day = date.fromisoformat(today)
    bound = f"{day.year - ADULT}{today[4:]}"
    minors = """SELECT DISTINCT entity_id FROM main.live_evidence
        WHERE schema = 'Person' AND prop = 'birthDate' AND kind != 'suggested' AND length(value) >= 4 AND value > ?"""
    yield MINORS, [("entity", key) for (key,) in sql.execute(minors, (bound,)).fetchall()]
    names = ", ".join(f"'{name}'" for name in SPECIAL)
    special = f"SELECT DISTINCT id FROM statements WHERE prop IN ({names}) AND schema != '{FLAG}'"
    yield SENSITIVE, [("statement", key) for (key,) in sql.execute(special).fetchall()]


TABLES = ("gate_sources", "gate_documents", "gate_passages", "gate_entities", "gate_evidence", "gate_ids")
VIEWS = {
    "live_sources": "sha256 NOT IN gate_sources",
    "live_runs": "source NOT IN gate_sources",
    "live_arrivals": "source NOT IN gate_sources AND outer_source NOT IN gate_sources",
    "live_row_files": "source NOT IN gate_sources",
    "live_traces": "source NOT IN gate_sources AND document_id NOT IN gate_documents",
    "live_documents": "id IN (SELECT document_id FROM temp.live_traces)",
    "live_passages": "document_id IN (SELECT document_id FROM temp.live_traces) AND id NOT IN gate_passages",
    "live_messages": "document_id IN (SELECT document_id FROM temp.live_traces)",
    "prose_passages": "id IN (SELECT id FROM temp.live_passages)",
    "small_passages": "id IN (SELECT id FROM temp.live_passages)",
    "live_evidence": "id NOT IN gate_evidence",
    "live_judgements": "left_id NOT IN gate_ids AND right_id NOT IN gate_ids",
    "live_decisions": "target_id NOT IN gate_ids AND replacement NOT IN gate_ids",
    "live_terms": "target_id NOT IN gate_ids",
    "live_notes": "id NOT IN gate_ids",
}
"""View of the door -> what it must satisfy to pass."""
ISSUES = """CREATE TEMP VIEW live_issues AS SELECT id, run_id, source, code, severity, CASE WHEN document_id IN
        (SELECT document_id FROM passages WHERE id IN gate_passages) THEN 'Withheld: a part of this document is not for you.'
        ELSE message END AS message, fix, document_id, place FROM main.live_issues
    WHERE source NOT IN gate_sources AND (document_id = '' OR document_id IN (SELECT document_id FROM temp.live_traces))"""


def _shut(sql: sqlite3.Connection) -> None:
    """Take the reader's views away."""
    for view in (*reversed(VIEWS), "live_issues"):
        sql.execute(f"DROP VIEW IF EXISTS temp.{view}")


def _open(sql: sqlite3.Connection, reasons: Mapping[Target, str]) -> None:
    """Note what is withheld with all that hangs on it, and put the reader's views before those of the door."""
    for table in TABLES:
        sql.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY) WITHOUT ROWID")
        sql.execute(f"DELETE FROM {table}")
    by_kind: dict[str, list[str]] = {kind: [] for kind in MATERIAL}
    for kind, key in reasons:
        by_kind[kind].append(key)
    for kind in ("source", "document", "passage"):
        _note(sql, f"gate_{kind}s", by_kind[kind])
    _note(sql, "gate_entities", by_kind["entity"])
    _note(sql, "gate_evidence", by_kind["evidence"])
    _note(sql, "gate_ids", [*by_kind["note"], *by_kind["statement"]])
    for step in SPREAD:
        sql.execute(step)
    _enclosed(sql)
    for view, condition in VIEWS.items():
        sql.execute(f"CREATE TEMP VIEW {view} AS SELECT * FROM main.{view} WHERE {condition}")
        for step in AFTER.get(view, ()):
            sql.execute(step)
    sql.execute(ISSUES)


SPREAD = (
    # Evidence of a statement or an entity that is withheld, and evidence that points to such an entity.
    """INSERT OR IGNORE INTO gate_evidence SELECT id FROM main.live_evidence
        WHERE statement_id IN gate_ids OR entity_id IN gate_entities OR value IN gate_entities""",
    # The text would say it: its passage, or the whole document where no passage is named.
    """INSERT OR IGNORE INTO gate_passages SELECT passage_id FROM evidence WHERE id IN gate_evidence AND passage_id != ''""",
    """INSERT OR IGNORE INTO gate_documents SELECT document_id FROM evidence
        WHERE id IN gate_evidence AND passage_id = '' AND document_id != ''""",
)
"""How what is withheld spreads, before the views are made."""
AFTER = {
    "live_passages": (
        """INSERT OR IGNORE INTO gate_evidence SELECT e.id FROM main.live_evidence AS e WHERE e.passage_id IN gate_passages
            OR (e.document_id != '' AND e.document_id NOT IN (SELECT document_id FROM temp.live_traces))
            OR (e.trace_id != '' AND e.trace_id NOT IN (SELECT id FROM temp.live_traces))
            OR e.run_id IN (SELECT id FROM runs WHERE source IN gate_sources)""",
    ),
    "live_evidence": (
        "INSERT OR IGNORE INTO gate_ids SELECT id FROM gate_evidence",
        """INSERT OR IGNORE INTO gate_ids SELECT statement_id FROM main.live_evidence WHERE id IN gate_evidence
            EXCEPT SELECT statement_id FROM temp.live_evidence""",
        """INSERT OR IGNORE INTO gate_ids SELECT entity_id FROM main.live_evidence WHERE id IN gate_evidence
            EXCEPT SELECT entity_id FROM temp.live_evidence""",
        "INSERT OR IGNORE INTO gate_ids SELECT id FROM gate_entities",
        "INSERT OR IGNORE INTO gate_ids SELECT id FROM gate_sources",
        "INSERT OR IGNORE INTO gate_ids SELECT id FROM runs WHERE source IN gate_sources",
        "INSERT OR IGNORE INTO gate_ids SELECT document_id FROM main.live_traces EXCEPT SELECT document_id FROM temp.live_traces",
        "INSERT OR IGNORE INTO gate_ids SELECT id FROM main.live_passages EXCEPT SELECT id FROM temp.live_passages",
        # What was withdrawn or set aside since too: notes, decisions and counts may tell of it.
        """INSERT OR IGNORE INTO gate_ids SELECT document_id FROM traces EXCEPT
            SELECT document_id FROM traces WHERE source NOT IN gate_sources AND document_id NOT IN gate_documents""",
        "INSERT OR IGNORE INTO gate_ids SELECT id FROM passages WHERE id IN gate_passages OR document_id IN gate_ids",
        f"INSERT OR IGNORE INTO gate_ids SELECT id FROM notes WHERE EXISTS (SELECT 1 FROM {grounds.SQL} WHERE value IN gate_ids)",
    ),
}
"""What follows once a view is there."""


def _note(sql: sqlite3.Connection, table: str, ids: Iterable[str]) -> None:
    sql.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?)", [(key,) for key in ids])


def _enclosed(sql: sqlite3.Connection) -> None:
    """Files within a withheld file or document go with it, unless they came in another way too."""
    step = """INSERT OR IGNORE INTO gate_sources SELECT DISTINCT source FROM main.live_arrivals AS a WHERE NOT EXISTS
        (SELECT 1 FROM main.live_arrivals AS b WHERE b.source = a.source
         AND b.outer_source NOT IN gate_sources AND b.document_id NOT IN gate_documents)"""
    while sql.execute(step).rowcount > 0:
        pass
