"""A package adds rows of its sender, about what its sender brought: every table, every column with ids, every kind of our own rows."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path

import pytest

from tests.case import material
from tests.case.walking import TABLES as VERBS
from tests.case.walking import flat
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.errors import PackageError
from workbench.ledger import Arrival, Ledger, Run
from workbench.ledger.access import terms
from workbench.ledger.records.package_tables import NUMBERED, TABLES, VALUES, Row
from workbench.ledger.records.packages import RECEIVED, PackageRecord
from workbench.ledger.transfer.row_export import Parcel
from workbench.ledger.transfer.row_merge import Origin, merge_package
from workbench.ledger.transfer.row_validation import check_row
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim, Document, Issue, Passage, Trace

Rows = dict[str, list[Row]]
SENDER, OWN = "NCB Valdora", "NCB Nordreich"
UNTOUCHED = ("log.entries", "packages.list", "review.remarks", "log.verify", "storage.check")
"""Verbs that tell of packages, remarks and the log itself."""
IDS = {
    "sources": "sha256", "source_facts": "seq", "runs": "id", "arrivals": "name", "documents": "id", "traces": "id", "passages": "id",
    "statements": "id", "evidence": "id", "readings": "method", "judgements": "seq", "decisions": "seq", "notes": "id", "terms": "id",
    "issues": "id", "row_files": "path", "set_asides": "id", "taken": "document_id", "charts": "name", "drawings": "key",
    "packages": "package", "receipts": "receipt", "foreign_rows": "key", "messages": "document_id", "drafts": "id",
    "screenings": "id", "screening_hits": "entity", "disclosures": "id", "disclosed": "target_id", "backups": "path",
    "tombstones": "id", "tombstone_marks": "mark", "tombstone_sent": "tombstone_id", "case_facts": "name", "remarks": "id",
}  # fmt: skip
"""Table of a ledger -> the column by which a row of it is named; a new table has to say so here."""
OF_THINGS = (
    "sources",
    "runs",
    "documents",
    "traces",
    "passages",
    "statements",
    "entities",
    "evidence",
    "notes",
    "terms",
)
"""Tables of things with an id."""
LEFT_OUT = frozenset(
    "unindexed erasing audit audit_v1 audit_texts checkpoints signers row_marks row_salts sqlite_sequence".split()
)
"""Tables of the log and of what is derived: nothing points at rows of these."""


def test_every_column_says_whether_it_names_a_thing() -> None:
    for table, spec in TABLES.items():
        said = set(spec.names) | (set(spec.unique) - {"at"}) | VALUES
        assert set(spec.columns) <= said, (table, set(spec.columns) - said)
        ids = {
            name
            for name in spec.columns
            if name.endswith("_id") or name in ("source", "outer_source", "passages", "replacement")
        }
        assert ids <= set(spec.names) | set(spec.unique) | {"message_id", "thread_id"}, (table, ids - set(spec.names))


def test_every_table_of_a_ledger_is_looked_at(bo: Case) -> None:
    names = {
        name
        for (name,) in bo.context.ledger.connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
    }
    assert {name for name in names if not name.startswith("words")} - LEFT_OUT == set(IDS)


# The two sides ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with something of everything, closed."""
    place = tmp_path_factory.mktemp("ours")
    case = open_case(place / "case", officer="bo", purpose="training", title="Harbour")
    files = material.write(place)
    case.add(files, options={"region": "GB"}, exhibit="BO/1")
    case.extract()
    case.judgements.judge(
        [find_entity(case.context, "Ada Brook"), find_entity(case.context, "Cleo Dunn")],
        same=False,
        because="seen together",
    )
    first = case.context.passages["passage_id"].iloc[0]
    case.review.note("The van matters.", passages=[first])
    case.evidence.add("Person", source=first, because="said so", name="Dara Finch", nationality="gb")
    case.handling.mark("note.md", handling=["H1"], because="of the source")
    case.evidence.grade("chats.txt", "B2", because="two phones")
    case.sources.exclude(term="nowhere to be found", ground="out of scope", because="outside the warrant")
    case.close()
    return place / "case"


@pytest.fixture
def bo(bo_folder: Path, tmp_path: Path) -> Iterator[Case]:
    shutil.copytree(bo_folder, tmp_path / "case")
    case = open_case(tmp_path / "case", officer="bo", purpose="training")
    yield case
    case.close()


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Rows of a sender with a file of its own, of every table that there is."""
    return make_rows(tmp_path_factory.mktemp("theirs"), "theirs", SENDER, ("Vera Holm", "Vera H."))


def make_rows(place: Path, file: str, sender: str, called: tuple[str, str]) -> Rows:
    """Rows of a bureau with a file of its own, of every table that there is."""
    ledger = Ledger(place / "ledger.db", officer="ada", purpose="test")
    source = compute_digest(file).ljust(64, "0")
    ledger.add_source(source, Arrival(f"{file}.txt"), 10, {"exhibit": "VA/7"})
    document = compute_digest("Document", file)
    passage, run = compute_digest("Passage", document, "0"), Run("add", "text", "1", source)
    trace = Trace(compute_digest(source, document), document, source)
    persons = [
        Claim(compute_digest("entity", name), "Person", "name", name, document_id=document, passage_id=passage,
        trace_id=trace.id, method="text")
        for name in called
    ]  # fmt: skip
    rows = [
        Document(document, "PlainText", file),
        trace,
        Passage(passage, document, 0, f"{called[0]} at the quay."),
        *persons,
    ]
    ledger.finish(run, [*rows, Issue("empty", "short", document_id=document)], {"documents": 1})
    keys = [claim.entity_id for claim in persons]
    ledger.judge([(keys[0], keys[1])], "same", "seen")
    ledger.decide("entity", keys[1:], "accepted", "yes")
    ledger.add_note("note", "It matters.", [passage], {})
    terms.add_facets(ledger, [("entity", keys[0])], {"handling": ["H1"]}, "asked")
    ledger.add_claims(
        [Claim(keys[0], "Person", "nationality", "gb", kind="decided", method="officer")], because="said so"
    )
    with Parcel(ledger, sender) as parcel:
        made = {table: list(parcel.list_rows(table)) for table in TABLES}
    ledger.close()
    made["readings"] = [{"passage_id": passage, "method": "another", "version": "9"}]
    made["messages"] = [dict.fromkeys(TABLES["messages"].columns, "") | {
        "document_id": document, "source": source, "direction": "incoming", "form": "message", "other_refs": "[]", "to_bureaux": "[]",
    }]  # fmt: skip
    made["row_files"] = [{
        "run_id": run.id, "path": f"calls-{source[:24]}.parquet", "kind": "calls", "source": source, "sha256": source, "size": 1, "rows": 1,
    }]  # fmt: skip
    assert all(made.values()), [table for table, some in made.items() if not some]
    return made


def take(ledger: Ledger, rows: Rows, name: str = "package-1", sender: str = SENDER) -> dict[str, int]:
    made = PackageRecord(name, RECEIVED, compute_digest(name), "", "{}", "[]", "", "")
    return merge_package(
        ledger, lambda table: [dict(row) for row in rows.get(table, [])], Origin(name, sender, OWN), made
    )


def own_ids(ledger: Ledger) -> dict[str, list[str]]:
    """Ids of our own rows of every table; and of what a file that we have not read yet will have."""
    found: dict[str, list[str]] = {}
    for table, column in IDS.items():
        rows = ledger.connection.execute(f"SELECT DISTINCT CAST({column} AS TEXT) FROM {table} ORDER BY 1").fetchall()
        found[table] = [key for (key,) in rows if key][:1]
    (person,) = ledger.connection.execute(
        "SELECT entity_id FROM statements WHERE value = 'Ada Brook' LIMIT 1"
    ).fetchone()
    return found | {
        "entities": [person],
        "to come": [Run("add", "text", "1", "f" * 64).id],
        "officer": ["officer", "bo", "case"],
    }


def patterns(honest: Rows, table: str) -> list[Row]:
    """Honest rows to alter: the first, and of evidence what a program read and what an officer said."""
    if table != "evidence":
        return honest[table][:1]
    kinds = {row["kind"] == "decided": row for row in honest[table]}
    return [kinds[False], kinds[True]]


def hostile(pattern: Row, table: str, changes: dict[str, str], number: int) -> Row:
    """An honest row that points at ours instead, under an id of its own."""
    row: Row = {**pattern, **changes}
    if "id" in row and "id" not in changes:
        row["id"] = compute_digest("hostile", table, str(number), *map(str, changes.values()))
    if table == "statements":
        row["id"] = compute_digest("statement", *(str(row[name]) for name in ("entity_id", "schema", "prop", "value")))
    return row


def pairs(honest: Rows, ids: dict[str, list[str]]) -> Iterator[tuple[str, str, str, Row]]:
    """Table, column, kind of our own row, and the row that points there."""
    number = 0
    for table, spec in TABLES.items():
        for column in dict.fromkeys((*spec.names, *(() if table in NUMBERED else spec.unique))):
            for kind, keys in ids.items():
                for key in keys:
                    number += 1
                    if table == "sources" and not re.fullmatch("[0-9a-f]{64}", key):
                        continue
                    if table == "statements" and kind not in (("entities",) if column == "value" else OF_THINGS):
                        continue  # text, or the id of a new thing of theirs
                    if table == "runs" and column == "id" and key == "officer":
                        continue
                    value = (
                        json.dumps([key])
                        if column == "passages"
                        else json.dumps({"supporting": [key]})
                        if column == "detail"
                        else key
                    )
                    for pattern in patterns(honest, table):
                        if pattern.get(column) != value:
                            yield table, column, kind, hostile(pattern, table, {column: value}, number)


def with_statement(rows: Rows, table: str, row: Row, honest: Rows) -> Rows:
    """The package with a row more; a statement comes with evidence for it, and evidence with the statement that it names."""
    made = {name: list(some) for name, some in rows.items()}
    made[table].append(row)
    if table == "statements":
        made["evidence"].append(
            {**honest["evidence"][0], "id": compute_digest("for", str(row["id"])), "statement_id": row["id"]}
        )
    return made


@pytest.mark.parametrize("officer", ["", " "])
@pytest.mark.parametrize(
    "table", [name for name, spec in TABLES.items() if "officer" in spec.columns and name != "evidence"]
)
def test_a_row_that_names_no_officer_is_the_word_of_its_bureau(
    honest: Rows, tmp_path: Path, table: str, officer: str
) -> None:
    ledger = Ledger(tmp_path / "ledger.db", officer="bo", purpose="test")
    take(ledger, {**honest, table: [{**row, "officer": officer} for row in honest[table]]})
    kinds = {"runs": " WHERE kind NOT IN ('officer', 'package')"}
    found = {name for (name,) in ledger.connection.execute(f"SELECT officer FROM {table}{kinds.get(table, '')}")}
    assert found <= {SENDER, "bo"} and SENDER in found
    ledger.close()


# What is ours stays -----------------------------------------------------------------------------------------------------

DOOR = (
    "live_sources live_runs live_arrivals live_documents live_traces live_passages live_messages live_evidence live_judgements"
    " live_decisions live_notes live_terms live_row_files live_set_asides hidden_documents ruling source_facts"
).split()


def door(ledger: Ledger) -> dict[str, list[str]]:
    """Every row that counts, by the view through which it is read; without the run that stands for taking the package in."""
    sql = ledger.connection
    found = {view: [repr(row) for row in sql.execute(f"SELECT * FROM {view}").fetchall()] for view in DOOR}
    return {view: sorted(row for row in rows if "'package', 'read'" not in row) for view, rows in found.items()}


def timeless(answer: str) -> str:
    today = datetime.now(UTC).date().isoformat()
    return re.sub(rf"{today}T[\d:]+Z", "NOW", answer)


@pytest.mark.slow
def test_no_row_that_points_at_ours_counts(bo: Case, honest: Rows) -> None:
    """Pair by pair: the door shows what it shows without the row."""
    ledger = bo.context.ledger
    ids = own_ids(ledger)
    sql, tried, kept, refused = ledger.connection, 0, 0, 0
    undone, wrong = RuntimeError("undone"), []

    def shown(rows: Rows) -> tuple[dict[str, list[str]], int]:
        try:
            with ledger.group_transactions():
                take(ledger, rows)
                found, (count,) = door(ledger), sql.execute("SELECT count(*) FROM remarks").fetchone()
                raise undone
        except RuntimeError:
            return {view: [timeless(row) for row in some] for view, some in found.items()}, int(count)

    before, none = shown(honest)
    assert none == 0
    for table, column, kind, row in pairs(honest, ids):
        try:
            after, count = shown(with_statement(honest, table, row, honest))
        except PackageError:  # refused as a whole
            refused += 1
            continue
        named = column in TABLES[table].names  # under an id of ours of another kind, the sender's own row adds itself
        missing = {view: set(before[view]) - set(after[view]) for view in DOOR if set(before[view]) - set(after[view])}
        differing = missing or {
            view: set(after[view]) ^ set(before[view]) for view in DOOR if named and after[view] != before[view]
        }
        if differing:
            wrong.append((table, column, kind, differing))
        tried, kept = tried + 1, kept + count
    assert not wrong, "\n".join(map(str, wrong))
    assert tried >= 900 and kept >= 590 and refused >= 40


def stands(table: str, kind: str, column: str, row: Row) -> bool:
    """Whether a package with this row is not refused as a whole."""
    if (table, kind) == ("runs", "officer") or (
        (table, column) == ("evidence", "statement_id") and kind != "statements"
    ):
        return False
    try:
        return check_row(table, dict(row)) is not None
    except PackageError:
        return False


def answers(case: Case) -> dict[str, str]:
    """What every verb answers, without the moment."""
    found = {name: flat(attrgetter(name)(case)()) for name in VERBS if name not in UNTOUCHED}
    for text in ("container", "Ada", "quay", "van"):
        found[f"search {text}"] = flat(case.search(text))
    found["graph"] = flat(case.graph(accounts="apart", services=True))
    found["why"] = flat(case.why("Ada Brook", "Cleo Dunn"))
    return {name: timeless(answer) for name, answer in found.items()}


@pytest.mark.slow
def test_all_of_them_together_change_no_answer(bo_folder: Path, honest: Rows, tmp_path: Path) -> None:
    """Verb by verb: the case answers as it does with the sender's own rows alone."""
    found = []
    for name in ("plain", "attacked"):
        shutil.copytree(bo_folder, tmp_path / name / "case")
        case = open_case(tmp_path / name / "case", officer="bo", purpose="training")
        rows = honest
        if name == "attacked":
            for table, column, kind, row in pairs(honest, own_ids(case.context.ledger)):
                if column not in TABLES[table].names:
                    continue  # a thing of theirs under such a name is theirs
                if not stands(table, kind, column, row):
                    continue  # refused with the whole package
                rows = with_statement(rows, table, row, honest)
        rows = {**rows, "row_files": []}  # their Parquet does not lie here
        take(case.context.ledger, rows)
        said = case.sources.issues()
        assert (said["code"] == "remarks").sum() == (name == "attacked")
        found.append({k: v for k, v in answers(case).items() if k not in ("sources.issues", "review.updates")})
        found[-1]["issues"] = said.loc[said["code"] != "remarks"].drop(columns="mark").to_csv()
        if name == "attacked":
            assert len(case.review.remarks()) > 200
            verified = case.log.verify()
            bad = verified.loc[verified["state"] == "bad"]
            assert bad["check"].tolist() == ["sources"], bad.to_dict(
                "records"
            )  # the file of the sender does not lie here
        case.close()
    for verb in found[0]:
        assert found[0][verb] == found[1][verb], verb
