"""The gate that every row of every table of a package passes: whether it is about what its sender brought.

A row that is goes on its way (`ledger.transfer.row_merge`). One that points at anything else is a remark,
kept as it came and without effect; one of the reading of a file that this case has read itself is let go,
for our own reading stays as it is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.errors import PackageError
from workbench.ledger.access.shown_names import MASKED
from workbench.ledger.access.terms import LATEST
from workbench.ledger.erasure.erased_remarks import Barring
from workbench.ledger.foreign import remarks
from workbench.ledger.foreign.remarks import Remark
from workbench.ledger.ledger import OFFICER_RUN
from workbench.ledger.records.package_tables import NUMBERED, TABLES, VOLATILE, Row
from workbench.ledger.storage.runs import now
from workbench.ledger.transfer.ownership import Ownership
from workbench.ledger.transfer.row_export import compute_row_id, qualify_officer
from workbench.ledger.transfer.shared_ids import CITED, SharedIds
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest

EVENTS = ("Message", "Email", "Call", "Payment")
"""What happened between parties, as the sender's document has it: it may name one of ours as a party. Any other claim that points at a
thing of ours says something of that thing."""
MOST = 20
"""Things of ours that a remark on a file of mass rows names."""
ID = 80
"""Characters of the longest id."""
EFFECTIVE = ("source_facts", "judgements", "decisions", "terms")
"""Tables whose rows change what others say: they count on what the sender alone has brought."""
KIND = {
    "sources": "source", "runs": "run", "documents": "document", "traces": "trace", "messages": "document", "passages": "passage",
    "evidence": "evidence", "notes": "note", "terms": "term", "source_facts": "source",
}  # fmt: skip
"""Table -> kind of the thing that a row of it is, or belongs to."""
OF_RUN = ("arrivals", "issues", "row_files")
"""Tables of rows that belong to the run by which they are known."""
PARTS = {"passages": "document", "messages": "document", "readings": "passage"}
"""Table -> kind of the thing of which a row makes something else: it has more text, is a message, or need not be read again. Who has
brought the thing alone may say so. (Rows of a run are of whoever brought the run, and of nobody else.)"""
NAMEABLE = ("source", "document", "passage", "statement", "entity", "evidence", "note", "run")
"""Kinds by which marks and decisions say what they are about."""
SINGLE = ("sources", "documents", "notes", "terms", "messages")
"""Tables of things to which other rows point by their id alone: what has the id of any thing of ours is none of these."""
OWN_WORD = """(SELECT target_id FROM decisions AS d WHERE d.target_id = {0} AND NOT EXISTS
    (SELECT 1 FROM foreign_rows AS f WHERE f.kind = 'decision' AND f.key = CAST(d.seq AS TEXT)))"""
STANDS_WITHDRAWN = f"""SELECT 1 FROM runs AS r JOIN ruling AS v ON v.target_id = r.id WHERE r.source = :source AND v.verdict = 'withdrawn'
    AND EXISTS {OWN_WORD.format("r.id")} AND NOT EXISTS (SELECT 1 FROM live_runs AS l WHERE l.source = :source) LIMIT 1"""
UNREAD = "quarantined"
"""State of a run that could not read its file."""
PLACE = ("statement_id", "document_id", "passage_id", "start", "stop")
"""Columns by which evidence is the same claim at the same place."""
FINDING = (*PLACE, "trace_id", "method", "version")
"""Columns by which evidence of a program is the same finding, in whichever run."""
STANDS_REJECTED = f"""SELECT {", ".join(f"e.{name}" for name in PLACE)} FROM ruling AS v CROSS JOIN evidence AS e ON e.id = v.target_id
    WHERE v.verdict = 'rejected' AND EXISTS {OWN_WORD.format("e.id")}"""
COMPARED = ("documents", "passages", "evidence", "notes", "traces", "arrivals", "messages", "issues", "row_files")
"""Tables in which a row that is not as ours is worth a remark."""
MASKABLE = {"documents": "title", "messages": "subject"}
"""Table -> its column that comes masked where a part of the document is withheld; a later package may bring it as it is."""
HOLDING = ("passages", "evidence", "notes")
"""Tables of things in a document, of which other rows speak."""
SEPARATE = ("runs", "terms", *NUMBERED)
"""Tables of words that stand for themselves: one under an id that another word has is kept under an id of its own."""
UNLIKE: dict[str, str] = {
    "sources": "the id is the hash of the file; its name and size are told by how it arrived",
    "source_facts": "a row is known by all that it says",
    "statements": "the id is made of what it says, and is checked (`vetting`)",
    "readings": "a row says that a program has looked, and nothing of what it found",
}
"""Tables that are in neither, and why no row of them can take the place of another one."""
CLOSING = ("level", "barred")
"""Facets by which something is above a clearance or closed to a country."""
THROUGH = ", through "
BY_ENTITY = {"judgements": ("left_id", "right_id"), "decisions": ("target_id",)}
"""Table of words on entities -> columns that name these."""
HELD_BACK = "SELECT id, schema, title, at, service FROM temp.unplaced WHERE id = ?"
"""A document of which no place has passed yet."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from.

    Attributes
    ----------
    package : str
        Name of the package.
    bureau : str
        Who sent it (`packages.build_bureau_name`).
    own : str
        The bureau of this case.
    terms : mapping
        Facets of the sender's default mark: what its unmarked material carries here.
    kept_back : mapping
        Sources whose original files the sender kept, and why.
    mark : str
        The mark of the package as it may stand in the log: codes, and a level of this case.
    earlier : tuple of str
        What else the sender was known by: what came under it is the sender's as well.
    unsent : frozenset of str
        Sources that the package names without their file: who only names a file of others has not brought it.
    late : tuple of str
        Sources that others had named without their file, and whose files the sender is the first to bring.
    """

    package: str
    bureau: str
    own: str
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    kept_back: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""
    earlier: tuple[str, ...] = ()
    unsent: frozenset[str] = frozenset()
    late: tuple[str, ...] = ()


Marks = dict[str, dict[str, set[str]]]
Cited = Mapping[str, Sequence[tuple[str, str]]]
"""Path of a file of mass rows -> kind and id of each thing that its rows name."""


def build_marks(origin: Origin, terms: Iterable[Row]) -> Marks:
    """What the package says of how its material is to be handled: id -> facet -> values; '' for what it says of nothing else."""
    found: Marks = {"": {facet: set(values) for facet, values in origin.terms.items()}}
    for row in terms:
        held = found.setdefault(str(row["target_id"]), {})
        held.setdefault(str(row["facet"]), set()).update(map(str, json.loads(str(row["value"]))))
    return found


class Admission:
    """One package before the ledger.

    Parameters
    ----------
    sql : Connection
        Inside the transaction that takes it in.
    origin : Origin
        Where its rows come from.
    marks : Marks
        What it says of how its material is to be handled.
    cited : Cited
        What its files of mass rows name.
    barring : Barring
        What was erased here.

    Attributes
    ----------
    remarks : int
        How many remarks came of it that are new.
    risen : dict
        Id of an earlier remark of the sender -> marks under which it stands from now on.
    closing : dict
        Facet of CLOSING -> values under which remarks of the package stand.
    """

    def __init__(self, sql: sqlite3.Connection, origin: Origin, marks: Marks, cited: Cited, barring: Barring) -> None:
        self.sql, self.origin, self.marks, self.cited = sql, origin, marks, cited
        self.whose = Ownership(sql, origin.bureau, origin.earlier)
        self.barring = barring
        self.remarks = 0
        self._withdrawn: dict[str, bool] = {"": False}
        self.risen: dict[str, dict[str, list[str]]] = {}
        self.closing: dict[str, set[str]] = {facet: set() for facet in CLOSING}
        self._facts = _list_facts(sql)
        self.ids = SharedIds(sql, self.whose, barring, marks)
        self._words: dict[str, dict[str, set[tuple[object, ...]]]] = {}
        self._counted: dict[tuple[object, ...], bool] = {}
        self._findings: dict[str, set[tuple[object, ...]]] = {}
        self._rejected = set(sql.execute(STANDS_REJECTED).fetchall())
        sql.execute("DROP TABLE IF EXISTS temp.claims")
        sql.execute("CREATE TEMP TABLE claims (id TEXT PRIMARY KEY, entity_id, schema, prop, value) WITHOUT ROWID")
        sql.execute("DROP TABLE IF EXISTS temp.read_here")
        sql.execute("CREATE TEMP TABLE read_here (id TEXT PRIMARY KEY) WITHOUT ROWID")
        sql.execute("DROP TABLE IF EXISTS temp.unplaced")
        sql.execute("CREATE TEMP TABLE unplaced (id TEXT PRIMARY KEY, schema, title, at, service) WITHOUT ROWID")
        self._back: set[str] = set()
        self._let_lie: dict[str, tuple[str, ...]] = {}

    def retell(self, source: Row) -> None:
        """Let a file be called what its bringer calls it, where others, or the sender before, had only named it."""
        key = str(source["sha256"])
        if key in self.origin.late and self.whose.get_owner("source", key) == "sender":
            change = "UPDATE sources SET name = :name, size = :size, received_at = :received_at, officer = :officer"
            self.sql.execute(f"{change} WHERE sha256 = :sha256", self.attribute_officer(source))

    def hold_statements(self, statements: Iterable[Row]) -> None:
        """Hold statements back: they stand for nothing without their evidence, and come with it."""
        columns = tuple(TABLES["statements"].columns)
        rows = (tuple(row[name] for name in columns) for row in statements)
        self.sql.executemany("INSERT OR IGNORE INTO temp.claims VALUES (?, ?, ?, ?, ?)", rows)

    def hold(self, document: Row) -> None:
        """Hold a document back until a place of it passes: one that lies nowhere is shown nowhere."""
        values = tuple(document[name] for name in TABLES["documents"].columns)
        self.sql.execute("INSERT OR IGNORE INTO temp.unplaced VALUES (?, ?, ?, ?, ?)", values)
        self.whose.bring("document", str(document["id"]))

    def release(self, key: str) -> Row | None:
        """The document that was held back under an id, now that a place of it has passed; None if none was."""
        found = self.sql.execute(HELD_BACK, (key,)).fetchone()
        if found is None:
            return None
        self.sql.execute("DELETE FROM temp.unplaced WHERE id = ?", (key,))
        if self.barring.is_document(key):
            self._back.add(key)
        return dict(zip(TABLES["documents"].columns, found, strict=True))

    def drop_unplaced(self) -> None:
        """Keep documents of which no place has passed as remarks; what the package says of them is one as well from here on."""
        columns = tuple(TABLES["documents"].columns)
        for values in self.sql.execute("SELECT * FROM temp.unplaced ORDER BY id").fetchall():
            row: Row = dict(zip(columns, values, strict=True))
            self.whose.take_back("document", str(row["id"]))
            self._record_remark("documents", row, [("document", str(row["id"]))])
        self.sql.execute("DELETE FROM temp.unplaced")

    def note(self, table: str, row: Row) -> None:
        """Note a row that is about what was erased here, for what else the package says of it."""
        if table == "evidence" and self.barring.marks:
            self.barring.note(table, {**row, **self._get_claim(row)})

    def admit_row(self, table: str, row: Row) -> bool:
        """Whether a row that is not known goes on its way; a remark is kept."""
        key = str(row[TABLES[table].unique[0]]) if table in SINGLE else ""
        if self.whose.is_ours("any", key):
            self._record_remark(table, row, [("any", key)])
            return False
        return bool(getattr(self, f"_admit_{table}", self._admit)(table, row))

    def _admit(self, table: str, row: Row) -> bool:
        """Whether a row is about what its sender brought. One that is not becomes a remark; one of a file that we have read is let go."""
        named = list(self._list_targets(table, row))
        if any(kind == "run" and self._is_read_here(key) for kind, key in named):
            return False
        if all(self._may_name(table, *self._find_kind(row, kind, key)) for kind, key in named):
            return True
        self._record_remark(table, row, named)
        return False

    def _may_name(self, table: str, kind: str, key: str) -> bool:
        """Whether the sender has brought what a row names: alone, where the row has an effect on it or becomes a part of it."""
        if table in EFFECTIVE and self.whose.is_ours("any", key):
            return False
        is_alone = table in EFFECTIVE or PARTS.get(table) == kind
        return self.whose.is_sender_alone(kind, key) if is_alone else self._is_sender(kind, key)

    def _find_kind(self, row: Row, kind: str, key: str) -> tuple[str, str]:
        """Kind and id of what a row names; a thing of others of another kind under that id, as of a place, is none of it."""
        said = str(row.get("target_kind", "")) if key == row.get("target_id") else ""
        said = "source" if said == "file" else said
        return (said if kind == "any" and said in NAMEABLE else kind), key

    def _admit_runs(self, table: str, row: Row) -> bool:
        """The reading of a file that is read here already is let go, with its rows: what a file holds counts once, whoever brings it.

        That another bureau has read it otherwise is a remark; of a file that we have read ourselves, ours stays as it is.
        """
        if row["source"] == "" and not self.whose.is_ours("run", str(row["id"])):
            return True
        is_ours = self.whose.is_ours("source", str(row["source"])) or self.whose.is_ours("run", str(row["id"]))
        if not is_ours and not self._is_read(row):
            return self._admit(table, row)
        if not is_ours:
            self._record_remark(table, row, [("source", str(row["source"]))])
        self._let_go(str(row["id"]))
        return False

    def _is_read(self, row: Row) -> bool:
        """Whether another run has read the file that a run of the package has read."""
        query = "SELECT 1 FROM runs WHERE source = :source AND state != :unread AND id != :id LIMIT 1"
        asked = {**row, "unread": UNREAD}
        return row["state"] != UNREAD and self.sql.execute(query, asked).fetchone() is not None

    def _is_counted(self, table: str, row: Row, *columns: str) -> bool:
        """Whether a table has rows of the same file by another run; asked once for a file and a run."""
        asked = (table, row["run_id"], *(row[name] for name in columns))
        if asked not in self._counted:
            where = " AND ".join(f"{name} = :{name}" for name in columns)
            found = self.sql.execute(f"SELECT 1 FROM {table} WHERE {where} AND run_id != :run_id LIMIT 1", row)
            self._counted[asked] = found.fetchone() is not None
        return self._counted[asked]

    def _admit_traces(self, table: str, row: Row) -> bool:
        """A place counts once; and a source that is withdrawn here is not brought back by a reading of another one.

        Where a source was read otherwise, and no place is left for a document, that is a remark.
        """
        passes = self._has_room(table, row)
        placed = "SELECT 1 FROM traces WHERE document_id = :document_id LIMIT 1"
        if not passes and self.sql.execute(placed, row).fetchone() is None:
            self._note_place(str(row["document_id"]), [str(row["source"])])
            if self._is_counted(table, row, "source") and not self._is_read_here(str(row["run_id"])):
                self._record_remark(table, row, [("source", str(row["source"]))])
        return passes

    def _has_room(self, table: str, row: Row) -> bool:
        """Whether a place is one of a source that was not read otherwise, and that is not withdrawn."""
        if self._is_counted(table, row, "source"):
            return False
        query = "SELECT source FROM runs WHERE id = ?"
        read = self.sql.execute(query, (row["run_id"],)).fetchone()
        if read and read[0] != row["source"] and self.is_withdrawn(str(row["source"])):
            return False
        return self._admit(table, row)

    def _note_place(self, key: str, sources: Iterable[str]) -> None:
        """Note in which sources a thing lies of which no place is taken in: what is said of it goes with them."""
        self._let_lie[key] = tuple(dict.fromkeys((*self._let_lie.get(key, ()), *sources)))

    def is_withdrawn(self, source: str) -> bool:
        """Whether officers of this case have withdrawn a source, and not restored it, before the package came."""
        if source not in self._withdrawn:
            self._withdrawn[source] = self.sql.execute(STANDS_WITHDRAWN, {"source": source}).fetchone() is not None
        return self._withdrawn[source]

    def is_rejected(self, row: Row) -> bool:
        """Whether officers of this case had rejected the same claim at the same place, under another id, before the package came."""
        return tuple(row[name] for name in PLACE) in self._rejected

    def _admit_evidence(self, table: str, row: Row) -> bool:
        """A claim is about its place and about the thing of which it says something; of an event, its parties are only named."""
        claim = self._get_claim(row)
        named = [
            pair for pair in self._list_targets(table, row) if pair[0] != "statement" and pair != ("run", OFFICER_RUN)
        ]
        about = [("any", str(claim["entity_id"]))]
        if len(str(claim["value"])) <= ID and (claim["schema"] not in EVENTS or row["kind"] == "decided"):
            about.append(("entity", str(claim["value"])))
        late = any(kind == "run" and self._is_read_here(key) for kind, key in named)
        ours = [pair for pair in about if self.whose.is_ours(*pair)]
        is_ours = self.whose.is_ours("statement", str(row["statement_id"]))
        if late and (row["kind"] == "suggested" or is_ours or self._is_found(row)):
            return False  # what a program of ours has read or will read there is as good
        if not late and not ours and all(self._is_sender(kind, key) for kind, key in named) and self._is_in_place(row):
            return not self._is_found(row)
        self._record_remark(table, row, [*ours, *named])
        return False

    def _is_found(self, row: Row) -> bool:
        """Whether a program has found the same claim at the same place by the same method before, in whichever run."""
        document = str(row["document_id"])
        if row["kind"] == "decided" or not document:
            return False
        if document not in self._findings:
            query = f"SELECT {', '.join(FINDING)} FROM evidence WHERE document_id = ? AND kind != 'decided'"
            self._findings[document] = set(self.sql.execute(query, (document,)).fetchall())
        finding, known = tuple(row[name] for name in FINDING), self._findings[document]
        is_known = finding in known
        known.add(finding)
        return is_known

    def _admit_decisions(self, table: str, row: Row) -> bool:
        """That somebody has stated something of ours says no more than the claim, which is a remark by itself."""
        target = self._find_kind(row, "any", str(row["target_id"]))
        if row["verdict"] == "stated" and not self._may_name(table, *target):
            return False
        return self._admit(table, row)

    def _admit_readings(self, table: str, row: Row) -> bool:
        """What this case can read itself it reads itself, with its own version of a method."""
        own = """SELECT 1 FROM runs WHERE method = ? AND version = ? AND id NOT IN (SELECT key FROM foreign_rows WHERE kind = 'run')"""
        if self.sql.execute(own, (row["method"], row["version"])).fetchone():
            return False
        return self._may_name(table, "passage", str(row["passage_id"]))

    def _admit_row_files(self, table: str, row: Row) -> bool:
        """A file of mass rows is of documents of the sender, and says nothing of whose device a thing of ours was."""
        if not self.whose.is_ours("source", str(row["source"])) and self._is_counted(table, row, "source", "kind"):
            self._record_remark(table, row, [("source", str(row["source"]))])
            return False
        cited = self.cited.get(str(row["path"]), ())
        strange = [
            (k, key)
            for k, key in cited
            if (not self._is_sender(k, key) if k == "document" else self.whose.is_ours(k, key))
        ]
        if strange:
            self._record_remark(table, row, strange[:MOST])
        return not strange and self._admit(table, row)

    def _admit_issues(self, table: str, row: Row) -> bool:
        """What is wrong with a file is told once, in whichever run it was found."""
        query = """SELECT 1 FROM issues WHERE id = :id AND run_id != :run_id AND source = :source AND code = :code
            AND message = :message AND document_id = :document_id AND place = :place LIMIT 1"""
        return self.sql.execute(query, row).fetchone() is None and self._admit(table, row)

    def _admit_source_facts(self, table: str, row: Row) -> bool:
        """Many facts can be told of one source under one name: what is known of them is kept here."""
        passes = self._admit(table, row)
        if passes:
            told = self._facts.setdefault((str(row["source"]), str(row["name"])), {})
            told.pop(str(row["value"]), None)
            told[str(row["value"])] = str(row["at"])
        return passes

    def _admit_documents(self, table: str, row: Row) -> bool:
        return True

    def _admit_passages(self, table: str, row: Row) -> bool:
        """A passage that was erased comes back only with its document, of which it is erased again."""
        if self.barring.is_passage(str(row["id"])) and str(row["document_id"]) not in self._back:
            return False
        return self._admit(table, row)

    def _admit_sources(self, table: str, row: Row) -> bool:
        return True

    def _list_targets(self, table: str, row: Row) -> Iterable[tuple[str, str]]:
        """Kind and id of each thing that a row names."""
        for column, kind in TABLES[table].names.items():
            if kind == "passages":
                said = json.loads(str(row[column]))
                cited = [said.get(name, []) for name in CITED] if isinstance(said, dict) else [said]
                yield from (("passage", str(key)) for keys in cited for key in keys)
            elif row[column] != "":
                yield kind, str(row[column])

    def _is_sender(self, kind: str, key: str) -> bool:
        return self.whose.get_owner(kind, key) == "sender"

    def _let_go(self, run: str) -> None:
        """Note a run of the package that this case has done itself, or done on the same file."""
        self.sql.execute("INSERT OR IGNORE INTO temp.read_here VALUES (?)", (run,))

    def _is_read_here(self, run: str) -> bool:
        return self.sql.execute("SELECT 1 FROM temp.read_here WHERE id = ?", (run,)).fetchone() is not None

    def _is_in_place(self, row: Row) -> bool:
        """Whether the passage and the trace that a claim cites are of the document that it cites."""
        places = (("passages", row["passage_id"]), ("traces", row["trace_id"]))
        return all(
            key == ""
            or self.sql.execute(
                f"SELECT 1 FROM {table} WHERE id = ? AND document_id = ?", (key, row["document_id"])
            ).fetchone()
            for table, key in places
        )

    def _get_claim(self, row: Row) -> Row:
        """The statement for which a piece of evidence stands."""
        query = """SELECT entity_id, schema, prop, value FROM temp.claims WHERE id = :id
            UNION ALL SELECT entity_id, schema, prop, value FROM statements WHERE id = :id LIMIT 1"""
        found = self.sql.execute(query, {"id": row["statement_id"]}).fetchone()
        if found is None:
            raise PackageError(
                Sentence(
                    "A row in the package is missing or contradicts another row ({error}). Nothing was imported. "
                    "Tell the sender.",
                    error=f"statement {row['statement_id']}",
                )
            )
        return dict(zip(("entity_id", "schema", "prop", "value"), found, strict=True))

    def assign_id(self, table: str, row: Row) -> Row:
        """The row as it goes on: under an id of its own where another word or thing has its id; what belongs to that goes with it."""
        row = self.ids.map_row(table, row)
        if table in SEPARATE and not self.barring.is_struck(table, row) and self._is_taken(table, row):
            said = [str(row[name]) for name in row if name not in VOLATILE or table in NUMBERED]
            made = compute_digest("same id", self.origin.bureau, table, *said)
            return {**row, "id": self.ids.rename(table, str(row["id"]), made) if table == "runs" else made}
        return row

    def _is_taken(self, table: str, row: Row) -> bool:
        """Whether a word that says something else has the id of a row, or a run of others that was of no file of its own."""
        if table in NUMBERED:
            held = self.get_words(table).get(str(row["id"]))
            return held is not None and self._build_attributed_key(row) not in held
        columns = [name for name in TABLES[table].columns if name not in VOLATILE and name != "value"]
        found = self._find_existing(table, row, [*columns, *({"value"} & set(row))])
        if found is None:
            return False
        if any(value != row[name] for name, value in zip(columns, found, strict=False)):
            return True
        if table == "runs":
            return row["source"] == "" and self.whose.get_owner("run", str(row["id"])) == "other"
        return table == "terms" and not _is_covered(str(row["facet"]), str(found[-1]), str(row["value"]))

    def is_known(self, table: str, row: Row) -> bool:
        """Whether the ledger has a row.

        One of ours, or of a third bureau, that is not as the package has it stays; that it differs is a remark: who sent a thing first does
        not silence who has it otherwise. A sender who reads anew makes no remark on itself; one who writes another note does.
        """
        if table in NUMBERED:
            return self._build_attributed_key(row) in self.get_words(table).get(str(row["id"]), ())
        columns = [name for name in TABLES[table].columns if name not in VOLATILE]
        held = self._find_existing(table, row, columns)
        if held is None:
            return False
        kind = "run" if table in OF_RUN else KIND.get(table, "")
        key = str(row["run_id" if table in OF_RUN else TABLES[table].unique[0]])
        differs = any(self.ids.is_other(name, value, row[name]) for name, value in zip(columns, held, strict=True))
        differs = differs and table in COMPARED and MASKED not in (row.get(MASKABLE.get(table, "")), *held)
        is_ours = self.whose.is_ours(kind, key) if kind else False
        if differs and (is_ours or table == "notes" or not self.whose.is_sender_alone(kind, key)):
            self._record_remark(table, row, [(kind, key)])
        if is_ours and table == "runs":
            self._let_go(key)
        if not is_ours and self.ids.is_shown(table, row, is_sent=key not in self.origin.unsent, differs=differs):
            self.whose.bring(kind, key)
        if table in MASKABLE and self._is_sender(kind, key):
            title, of = MASKABLE[table], TABLES[table].unique[0]
            self.sql.execute(
                f"UPDATE {table} SET {title} = ? WHERE {of} = ? AND {title} = ?", (row[title], key, MASKED)
            )
        return True

    def _find_existing(self, table: str, row: Row, columns: Sequence[str]) -> Sequence[str | int | float] | None:
        """A row as the ledger has it."""
        key = tuple(row[name] for name in TABLES[table].unique)
        if table == "source_facts":
            return tuple(row[name] for name in columns) if self._is_known_fact(row) else None
        where = " AND ".join(f"{name} = ?" for name in TABLES[table].unique)
        found = self.sql.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {where} LIMIT 1", key).fetchone()
        return None if found is None else tuple(found)

    def _is_known_fact(self, row: Row) -> bool:
        """Whether a fact is told already; a sender who comes back to an earlier value of its own source tells it anew."""
        told = self._facts.get((str(row["source"]), str(row["name"])), {})
        if row["value"] not in told:
            return False
        last, at = next(reversed(told.items()))
        is_back = row["value"] != last and str(row["at"]) > at
        return not (is_back and self.whose.is_sender_alone("source", str(row["source"])))

    def get_words(self, table: str) -> dict[str, set[tuple[object, ...]]]:
        """Judgements or decisions that are here: id -> what they say; of others as they came, of this case as others know them."""
        if table not in self._words:
            self._words[table] = self._read_words(table)
        return self._words[table]

    def _read_words(self, table: str) -> dict[str, set[tuple[object, ...]]]:
        spec = TABLES[table]
        columns = [name for name in spec.columns if name != "id"]
        query = "SELECT key, id FROM foreign_rows WHERE kind IN (?, ?)"
        foreign = dict(self.sql.execute(query, (spec.kind, f"{spec.kind} remark")).fetchall())
        found: dict[str, set[tuple[object, ...]]] = {}
        for seq, *values in self.sql.execute(f"SELECT CAST(seq AS TEXT), {', '.join(columns)} FROM {table}"):
            row: Row = dict(zip(columns, values, strict=True))
            if seq not in foreign:
                row["officer"] = qualify_officer(str(row["officer"]), self.origin.own)
            found.setdefault(foreign.get(seq) or compute_row_id(spec.kind, row), set()).add(_build_statement_key(row))
        return found

    def add_word(self, table: str, row: Row) -> None:
        """Note a judgement or decision of the package: it is not said twice."""
        self.get_words(table).setdefault(str(row["id"]), set()).add(self._build_attributed_key(row))

    def _build_attributed_key(self, row: Row) -> tuple[object, ...]:
        return _build_statement_key(self.attribute_officer(row))

    def raise_marks(self) -> None:
        """Let what the package says of how something is to be handled rise on earlier remarks of its sender that stand on it."""
        if len(self.marks) < 2:
            return
        query = "SELECT id, kind, body FROM remarks WHERE bureau IN (SELECT value FROM json_each(?))"
        for key, kind, body in self.sql.execute(query, (json.dumps(sorted(self.whose.names)),)).fetchall():
            if marks := self._collect_own_marks(kind, json.loads(body)):
                self._raise_remark(str(key), _sort_values(_merge_values([self._collect_default(kind), marks])))

    def _raise_remark(self, key: str, marks: Mapping[str, Sequence[str]]) -> None:
        self._close(marks)
        if risen := remarks.raise_marks(self.sql, key, marks):
            self.risen[key] = risen

    def add_remark(self, table: str, row: Row) -> None:
        """Keep a row as a remark on what it names, for which there was no room."""
        self._record_remark(table, row, list(self._list_targets(table, row)))

    def _record_remark(self, table: str, row: Row, named: Iterable[tuple[str, str]]) -> None:
        """Keep a row as what its sender says of things that it did not bring, but for what was erased here."""
        told, origin, named = self.attribute_officer(row), self.origin, list(named)
        if table == "evidence":
            told = {**told, **self._get_claim(row)}
        if self.barring.is_about_erased(table, told):
            return
        others = [
            key
            for kind, key in named
            if kind not in ("run", "statement") and self.whose.get_owner(kind, key) != "sender"
        ]
        sources = [source for _, key in named for source in self._let_lie.get(key, ())]
        targets = tuple(dict.fromkeys([*(others or [key for _, key in named]), *sources]))
        if sources and table in HOLDING:
            self._note_place(str(row["id"]), sources)
        key = remarks.compute_remark_id(origin.bureau, table, told)
        made = Remark(key, origin.bureau, origin.package, table, targets, self._collect_marks(table, told), told, now())
        self._close(made.marks)
        if not self.barring.is_struck(table, told) and remarks.add_remark(self.sql, made):
            self.remarks += 1
        else:
            self._raise_remark(key, made.marks)

    def _close(self, marks: Mapping[str, Sequence[str]]) -> None:
        """Note to whom a remark of the package is closed."""
        for facet in CLOSING:
            self.closing[facet].update(marks.get(facet, ()))

    def _collect_marks(self, table: str, row: Row) -> dict[str, list[str]]:
        """The marks under which a row was sent: the sender's default, and what the package says of the things on which it stands."""
        return _sort_values(_merge_values([self._collect_default(table), self._collect_own_marks(table, row)]))

    def _collect_default(self, table: str) -> dict[str, set[str]]:
        return self._select_facets(table, "")

    def _collect_own_marks(self, table: str, row: Row) -> dict[str, set[str]]:
        """What the package says of the things on which a row stands; a word on an entity stands on all that is stated of it."""
        if len(self.marks) < 2:
            return {}
        found = [self._select_facets(table, key) for key in remarks.list_bases(self.sql, row)]
        if table in BY_ENTITY:
            found += [self._collect_entity_marks(table, str(row.get(name, ""))) for name in BY_ENTITY[table]]
        return _merge_values(found)

    def _collect_entity_marks(self, table: str, entity: str) -> dict[str, set[str]]:
        """The marks of all evidence for an entity, where none of it is without one: otherwise the entity is open without them."""
        query = "SELECT e.id FROM statements AS s JOIN evidence AS e ON e.statement_id = s.id WHERE s.entity_id = ?"
        found: list[dict[str, set[str]]] = []
        for (key,) in self.sql.execute(query, (entity,)) if entity else ():
            if not (marks := self._collect_own_marks("evidence", {"id": str(key)})):
                return {}
            found.append(marks)
        return {
            facet: values for facet, values in _merge_values(found).items() if remarks.has_facet(table, facet, entity)
        }

    def _select_facets(self, table: str, key: str) -> dict[str, set[str]]:
        """What the package says of a thing, as far as a remark of a table bears it."""
        held = self.marks.get(key, {})
        return {facet: values for facet, values in held.items() if remarks.has_facet(table, facet, key)}

    def attribute_officer(self, row: Row) -> Row:
        """The row with who said it as this case shows it: with the bureau, and through whom where it is not the sender's.

        Where it names nobody, it is the bureau that says it; what a program read is nobody's word.
        """
        officer, bureau = str(row.get("officer", "")), self.origin.bureau
        if "officer" not in row or officer.endswith(f"({bureau})") or ("original_value" in row and not officer):
            return row
        return {**row, "officer": f"{officer}{THROUGH}{bureau}" if officer.strip() else bureau}


def _merge_values(found: Iterable[Mapping[str, Collection[str]]]) -> dict[str, set[str]]:
    """Facets joined."""
    made: dict[str, set[str]] = {}
    for held in found:
        for facet, values in held.items():
            made.setdefault(facet, set()).update(values)
    return made


def _sort_values(held: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    return {facet: sorted(values) for facet, values in sorted(held.items())}


def _build_statement_key(row: Row) -> tuple[object, ...]:
    """What a judgement or decision says and who says it, through whomever it came."""
    told = {**row, "officer": str(row["officer"]).partition(THROUGH)[0]}
    return tuple(told[name] for name in sorted(told) if name != "id")


def _is_covered(facet: str, held: str, value: str) -> bool:
    """Whether what holds of a facet has all that is said: marks rise, and of a grade only the same is the same."""
    before, said = set(json.loads(held)), set(json.loads(value))
    return before == said if facet in LATEST else said <= before


def _list_facts(sql: sqlite3.Connection) -> dict[tuple[str, str], dict[str, str]]:
    """What is told of sources: source and name -> value -> when it was told last; the latest value comes last."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for source, name, value, at in sql.execute("SELECT source, name, value, at FROM source_facts ORDER BY seq"):
        told = found.setdefault((source, name), {})
        told.pop(value, None)
        told[value] = at
    return found
