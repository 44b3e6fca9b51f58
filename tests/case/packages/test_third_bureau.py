"""What another bureau has brought stays as it brought it: every table, every column with ids, whichever of two packages comes first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.case.packages.test_ownership import (
    DOOR,
    OF_THINGS,
    OWN,
    SENDER,
    Rows,
    hostile,
    make_rows,
    patterns,
    take,
    timeless,
    with_statement,
)
from tests.scale import select_first
from workbench.errors import PackageError
from workbench.ledger import Ledger
from workbench.ledger.records.package_tables import NUMBERED, TABLES, Row
from workbench.model.ids import compute_digest

LUC = "NCB France"
ALLOWED = {("evidence", "statement_id"), ("statements", "entity_id"), ("statements", "value")}
"""A bureau may say the same as another one, and something of the same person: it stands there as its own word."""
KEYS = {"sources": "sha256", "messages": "document_id", "entities": "entity_id"}


@pytest.fixture(scope="module")
def adas(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    made = make_rows(tmp_path_factory.mktemp("adas"), "adas", SENDER, ("Vera Holm", "Vera H."))
    for table, kind in (("sources", "source"), ("documents", "document"), ("passages", "passage"), ("notes", "note")):
        key = str(made[table][0]["sha256" if table == "sources" else "id"])
        made["terms"].append({**made["terms"][0], "id": f"t.{kind}", "target_kind": kind, "target_id": key})
    return made


@pytest.fixture(scope="module")
def lucs(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    return make_rows(tmp_path_factory.mktemp("lucs"), "lucs", LUC, ("Ivo Lind", "I. Lind"))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "ledger.db", officer="bo", purpose="test")
    yield made
    made.close()


def list_ids(rows: Rows) -> dict[str, str]:
    """Table of a thing -> the id of one of them."""
    tables = (*OF_THINGS, "messages", "issues", "row_files")
    column = {**dict.fromkeys(tables, "id"), **KEYS, "row_files": "path"}
    return {table: str(rows["statements" if table == "entities" else table][0][column[table]]) for table in tables}


def list_pairs(rows: Rows, ids: dict[str, str]) -> Iterator[tuple[str, str, str, Row]]:
    """Table, column and kind of a thing of another bureau, and the row that names it there."""
    for table, spec in TABLES.items():
        for column in dict.fromkeys((*spec.names, *(() if table in NUMBERED else spec.unique))):
            for number, (kind, key) in enumerate(ids.items()):
                if table == "sources":  # who only names a file: test_named_files
                    continue
                value = {"passages": json.dumps([key]), "detail": json.dumps({"supporting": [key]})}.get(column, key)
                for pattern in patterns(rows, table):
                    yield table, column, kind, hostile(pattern, table, {column: value}, number)


def read_door(ledger: Ledger, made: dict[str, str]) -> dict[str, set[str]]:
    """Every row that counts, by its view, without its number; `made`: ids of their own -> those with which the rows came."""
    found = {}
    for view in DOOR:
        cursor = ledger.connection.execute(f"SELECT * FROM {view}")
        names = [str(column[0]) for column in cursor.description]
        rows = [{n: v for n, v in zip(names, row, strict=True) if n not in ("seq", "n")} for row in cursor.fetchall()]
        texts = [timeless(repr(sorted(row.items()))) for row in rows if row.get("kind") != "package"]
        for new, old in made.items():
            texts = [text.replace(new, old) for text in texts]
        found[view] = set(texts)
    return found


def list_made(rows: Rows) -> dict[str, str]:
    """The ids under which things of a package are kept where another bureau has theirs."""
    made = {compute_digest("same id", SENDER, table, str(row["id"])): str(row["id"])
            for table in ("documents", "traces", "passages", "evidence", "notes") for row in rows[table]}  # fmt: skip
    for row in rows["runs"]:
        said = [str(row[name]) for name in row if name not in ("officer", "at", "state", "parameters", "counts")]
        made[compute_digest("same id", SENDER, "runs", *said)] = str(row["id"])
    return made


@contextmanager
def take_both(ledger: Ledger, packages: Sequence[tuple[Rows, str]]) -> Iterator[None]:
    """Packages have come within the block; nothing of it stays."""
    undone = RuntimeError("undone")
    with suppress(RuntimeError), ledger.group_transactions():
        for number, (rows, sender) in enumerate(packages):
            take(ledger, rows, f"package-{number}", sender)
        yield
        raise undone


@pytest.mark.slow
@pytest.mark.validation
@pytest.mark.parametrize("first", select_first(["Ada", "Luc"]))
def test_no_row_that_names_what_another_bureau_brings_counts_for_it(
    ledger: Ledger, adas: Rows, lucs: Rows, first: str
) -> None:
    ids, made, tried = list_ids(adas), list_made(adas), 0
    taken = [(adas, SENDER), (lucs, LUC)]
    with take_both(ledger, taken):
        before = read_door(ledger, made)
    wrong: list[tuple[object, ...]] = []
    for table, column, kind, row in list_pairs(lucs, ids):
        package = (with_statement(lucs, table, row, lucs), LUC)
        packages = [taken[0], package] if first == "Ada" else [package, taken[0]]
        try:
            with take_both(ledger, packages):
                after = read_door(ledger, made)
        except PackageError:  # refused as a whole
            continue
        tried += 1
        named = column in TABLES[table].names  # under such an id, a row of another kind is the sender's own
        lost = {view: some for view in DOOR if (some := before[view] - after[view])}
        more = {
            view: [one for one in after[view] - before[view] if any(key in one for key in ids.values())]
            for view in DOOR
        }
        if (table, column) not in ALLOWED and (lost or (named and first == "Ada" and any(more.values()))):
            wrong.append((table, column, kind, lost, more))
    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 250


def list_attacks(adas: Rows, lucs: Rows) -> Iterator[tuple[str, Rows]]:
    """Whole readings that name what another bureau has read, with nothing of its text."""
    [document], [trace], [passage] = adas["documents"], lucs["traces"], lucs["passages"]
    placed = {**trace, "id": "tr.phantom", "document_id": document["id"]}
    forged = {**passage, "id": "pp.phantom", "number": 9, "document_id": document["id"], "text": "Forged."}
    phantom = {**document, "title": "phantom"}
    run = next(row for row in adas["runs"] if row["source"])
    yield "placed", {"documents": [phantom], "traces": [placed]}
    yield "placed as it is", {"documents": [document], "traces": [placed]}
    yield "placed with other words", {"documents": [phantom], "traces": [placed], "passages": [forged]}
    yield "without a place", {"documents": [document], "passages": [forged]}
    yield (
        "in its run",
        {"runs": [run], "documents": [document], "traces": [{**placed, "run_id": run["id"]}], "passages": [forged]},
    )
    yield "read", {"documents": [document], "traces": [placed], "passages": [{**adas["passages"][0], "text": "Forged."}],
                   "readings": [{"passage_id": adas["passages"][0]["id"], "method": "names", "version": "1"}]}  # fmt: skip
    yield "elsewhere", {"passages": [{**adas["passages"][0], "document_id": lucs["documents"][0]["id"], "text": "Forged."}],
                        "readings": [{"passage_id": adas["passages"][0]["id"], "method": "names", "version": "1"}]}  # fmt: skip
    yield "its place", {"documents": [phantom], "traces": [{**placed, "id": adas["traces"][0]["id"]}]}
    second = compute_digest("same id", SENDER, "documents", str(document["id"]))
    places = [placed, {**placed, "id": "tr.2", "document_id": second}]
    yield "twice", {"documents": [{**phantom, "id": second}, phantom], "traces": places}


@pytest.mark.slow
@pytest.mark.parametrize("first", ["Ada", "Luc"])
def test_who_names_a_reading_of_another_bureau_has_no_part_in_it(
    ledger: Ledger, adas: Rows, lucs: Rows, first: str
) -> None:
    """All of the reading lies where its bureau has it, and nowhere else, with its own words."""
    document, source = str(adas["documents"][0]["id"]), str(adas["sources"][0]["sha256"])
    asked = """SELECT t.source, d.title, p.text, (SELECT count(*) FROM readings AS r WHERE r.passage_id = p.id AND r.method = 'names')
        FROM passages AS p JOIN documents AS d ON d.id = p.document_id LEFT JOIN traces AS t ON t.document_id = d.id
        WHERE t.source = ? OR p.text LIKE 'Vera%' ORDER BY 1, 2, 3"""
    for name, more in list_attacks(adas, lucs):
        rows = {table: [*some, *more.get(table, [])] for table, some in lucs.items()}
        packages = [(adas, SENDER), (rows, LUC)][:: 1 if first == "Ada" else -1]
        with take_both(ledger, packages):
            sql = ledger.connection
            assert sql.execute(asked, (source,)).fetchall() == [(source, "adas", "Vera Holm at the quay.", 0)], name
            own = "SELECT count(*) FROM evidence AS e JOIN runs AS r ON r.id = e.run_id WHERE r.source = ?"
            assert sql.execute(own, (source,)).fetchone() == (2,), name
            places = sql.execute("SELECT source FROM traces WHERE document_id = ?", (document,)).fetchall()
            assert first == "Luc" or places == [(source,)], name


def test_who_has_the_same_text_in_a_file_of_its_own_brings_it_too(ledger: Ledger, adas: Rows, lucs: Rows) -> None:
    """The same mail in the files of two bureaux is one document with two places."""
    [document], [passage] = adas["documents"], adas["passages"]
    rows = {table: list(some) for table, some in lucs.items()}
    rows["documents"].append(document)
    rows["passages"].append(passage)
    rows["traces"].append({**lucs["traces"][0], "id": "tr.second", "document_id": document["id"]})
    rows["notes"].append({**lucs["notes"][0], "id": "note.second", "passages": json.dumps([passage["id"]])})
    take(ledger, adas)
    take(ledger, rows, "package-2", LUC)
    sql = ledger.connection
    places = sql.execute("SELECT source FROM live_traces WHERE document_id = ?", (document["id"],)).fetchall()
    assert len(places) == 2 and sql.execute("SELECT count(*) FROM remarks").fetchone() == (0,)
    assert sql.execute("SELECT count(*) FROM live_notes WHERE id = 'note.second'").fetchone() == (1,)


def test_who_sends_the_same_file_brings_it_too(ledger: Ledger, adas: Rows) -> None:
    assert OWN not in (SENDER, LUC)
    without = {**adas, "messages": [], "row_files": []}
    take(ledger, without)
    before = read_door(ledger, {})
    passage = str(adas["passages"][0]["id"])
    note = {**adas["notes"][0], "id": "note.third", "officer": "luc", "passages": json.dumps([passage])}
    things = (
        "sources",
        "runs",
        "documents",
        "traces",
        "arrivals",
        "passages",
        "statements",
        "evidence",
        "readings",
        "issues",
    )
    take(ledger, {**{table: adas[table] for table in things}, "notes": [note]}, "package-2", LUC)
    after = read_door(ledger, {})
    assert all(before[view] <= after[view] for view in DOOR)
    assert ledger.connection.execute("SELECT count(*) FROM remarks").fetchone() == (0,)
    assert ledger.connection.execute("SELECT count(*) FROM live_notes WHERE id = 'note.third'").fetchone() == (1,)


@pytest.mark.parametrize("table", ["evidence", "notes"])
def test_who_takes_the_ids_of_another_bureau_first_does_not_silence_it(
    ledger: Ledger, adas: Rows, lucs: Rows, table: str
) -> None:
    """What Ada says counts, under ids of its own, with her marks; and what she sends again is not doubled."""
    said = next(row for row in lucs[table] if row.get("kind") != "decided" or table == "notes")
    places = [{"start": at, "stop": at + 2} if table == "evidence" else {} for at in range(len(adas[table]))]
    seeds = [{**said, **place, "id": row["id"]} for place, row in zip(places, adas[table], strict=True)]
    marked = {**adas["terms"][0], "id": "t.said", "target_kind": {"notes": "note"}.get(table, table)}
    rows = {**adas, "terms": [*adas["terms"], {**marked, "target_id": adas[table][0]["id"]}]}
    take(ledger, {**lucs, table: [*lucs[table], *seeds]}, "package-1", LUC)
    for name in ("package-2", "package-3"):
        take(ledger, rows, name)
        sql = ledger.connection
        what = "(SELECT value FROM statements WHERE id = statement_id)" if table == "evidence" else "text"
        query = f"SELECT {what} FROM live_{table} WHERE id = ?"
        ids = {str(row["id"]): compute_digest("same id", SENDER, table, str(row["id"])) for row in adas[table]}
        values = {row["id"]: row["value"] for row in adas["statements"]}
        told = {
            str(row["id"]): values[row["statement_id"]] if table == "evidence" else row["text"] for row in adas[table]
        }
        assert {key: sql.execute(query, (new,)).fetchone() for key, new in ids.items()} == {
            key: (text,) for key, text in told.items()
        }
        first = ids[str(adas[table][0]["id"])]
        assert sql.execute("SELECT count(*) FROM live_terms WHERE target_id = ?", (first,)).fetchone()[0] >= 1
        own = sql.execute("SELECT count(*) FROM remarks WHERE bureau = ?", (SENDER,)).fetchone()
        assert own == (0,)
