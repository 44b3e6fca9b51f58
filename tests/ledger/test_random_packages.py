"""Packages by chance: whatever they hold, in whatever order they and our own files come, all that is ours answers as before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.bureaux import A, B, Rows, parcel, person, read, take
from tests.ledger.test_merging import hang, unseen
from workbench.errors import PackageError
from workbench.ledger import Ledger
from workbench.ledger.access import terms
from workbench.ledger.foreign import remarks
from workbench.ledger.records import passage_search
from workbench.ledger.records.package_tables import NUMBERED, TABLES
from workbench.model.ids import compute_digest

OURS = ("one", "two")
TO_COME, THEIRS = "three", "theirs"
ASKED = {
    "live_documents": "id", "live_traces": "document_id", "live_passages": "document_id", "live_evidence": "entity_id",
    "live_terms": "target_id", "ruling": "target_id", "live_judgements": "left_id", "live_notes": "id", "live_runs": "source",
    "source_facts": "source", "live_sources": "sha256", "live_arrivals": "source", "live_issues": "document_id",
}  # fmt: skip
"""View -> the column that names the thing of which a row says something."""


def fill(ledger: Ledger, names: tuple[str, ...]) -> None:
    """Read files, and say something of what is in them."""
    for name in names:
        read(ledger, name)
        ledger.add_note(
            "note", f"About {name}.", [compute_digest("Passage", compute_digest("Document", name), "0")], {}
        )
        terms.add_facets(ledger, [("entity", person(name))], {"handling": ["H3"]}, "own")


def ids_of(names: tuple[str, ...], ledger: Ledger) -> dict[str, list[str]]:
    """Ids of what lies in files of those names, by kind."""
    sources = [compute_digest(name) * 3 for name in names]
    documents = [compute_digest("Document", name) for name in names]
    runs = ledger.connection.execute("SELECT id, source FROM runs").fetchall()
    return {
        "source": [key[:64] for key in sources], "document": documents, "passage": [compute_digest("Passage", key,
        "0") for key in documents],
        "entity": [person(name) for name in names], "run": [key for key, source in runs if source in {one[:64] for one in sources}],
        "note": [key for (key,) in ledger.connection.execute("SELECT id FROM notes")],
        "evidence": [key for (key,) in ledger.connection.execute("SELECT id FROM evidence")],
        "statement": [key for (key,) in ledger.connection.execute("SELECT id FROM statements")],
    }  # fmt: skip


def answers(ledger: Ledger, ids: dict[str, list[str]]) -> dict[str, list[str]]:
    """What the ledger says of things, by view."""
    keys = json.dumps(sorted({key for some in ids.values() for key in some}))
    found = {}
    for view, column in ASKED.items():
        rows = ledger.connection.execute(
            f"SELECT * FROM {view} WHERE {column} IN (SELECT value FROM json_each(?))", (keys,)
        )
        names = [item[0] for item in rows.description]
        moments = (
            "at",
            "received_at",
            "seq",
            "n",
            *(("id",) if view == "live_terms" else ()),
        )  # the id of a term has its moment in it
        skip = [names.index(name) for name in moments if name in names]
        found[view] = sorted(repr([value for at, value in enumerate(row) if at not in skip]) for row in rows.fetchall())
    for word in ("crane", "forged"):
        hits = set(passage_search.find_passages(ledger, word, 50)["passage_id"]) & set(ids["passage"])
        found[f"search {word}"] = sorted(hits)
    return found


@pytest.fixture(scope="module")
def known() -> Iterator[tuple[Rows, dict[str, list[str]]]]:
    """Rows of a sender, and the ids of what we have, or will have."""
    with TemporaryDirectory() as folder:
        ada = Ledger(Path(folder) / "ada.db", officer="ada", purpose="test")
        fill(ada, (THEIRS,))
        ada.judge([(person(THEIRS), person("nobody"))], "same", "seen")
        ada.decide("entity", [person(THEIRS)], "accepted", "yes")
        bo = Ledger(Path(folder) / "bo.db", officer="bo", purpose="test")
        fill(bo, (*OURS, TO_COME))
        yield parcel(ada, A), ids_of((*OURS, TO_COME), bo)
        ada.close()
        bo.close()


VERDICTS = ("withdrawn", "rejected", "superseded", "accepted", "restored")


def changed(rows: Rows, ids: dict[str, list[str]], draw: st.DataObject) -> Rows:
    """A package of that sender in which some rows point at ours."""
    made: Rows = {table: [dict(row) for row in some] for table, some in rows.items()}
    everything = sorted({key for some in ids.values() for key in some})
    for number in range(draw.draw(st.integers(1, 12))):
        table = draw.draw(st.sampled_from([table for table, some in made.items() if some and table != "statements"]))
        row = dict(draw.draw(st.sampled_from(made[table])))
        spec = TABLES[table]
        for column in draw.draw(st.lists(st.sampled_from([*spec.names, *spec.unique]), min_size=1, max_size=4)):
            kind = spec.names.get(column, "any")
            chosen = draw.draw(st.sampled_from(ids.get(kind) or everything))
            if kind == "passages":
                row[column] = json.dumps([chosen] if column == "passages" else {"supporting": [chosen]})
            elif table != "sources" or len(chosen) == 64:
                row[column] = chosen
        if "id" in row and (table in NUMBERED or draw.draw(st.booleans())):
            row["id"] = compute_digest("random", str(number), repr(row))
        if "verdict" in row:
            row["verdict"] = draw.draw(st.sampled_from(VERDICTS))
        if "facet" in row:
            row["facet"] = draw.draw(st.sampled_from(["level", "restricted", "special", "purpose", "barred"]))
        for column in ("text", "title", "message"):
            if column in row and table != "notes":
                row[column] = "forged"
        made[table].append(row)
    return made


@pytest.mark.slow
@settings(max_examples=40)
@given(st.data())
def test_what_is_ours_answers_as_before(known: tuple[Rows, dict[str, list[str]]], data: st.DataObject) -> None:
    rows, ids = known
    with TemporaryDirectory() as folder:
        plain = Ledger(Path(folder) / "plain.db", officer="bo", purpose="test")
        bo = Ledger(Path(folder) / "bo.db", officer="bo", purpose="test")
        for ledger in (plain, bo):
            fill(ledger, OURS)
        taken = 0
        for number in range(data.draw(st.integers(1, 3))):
            try:
                take(bo, changed(rows, ids, data), A, B, f"package-{number}")
                taken += 1
            except PackageError:
                pass
            assert answers(bo, ids_of(OURS, plain)) == answers(plain, ids_of(OURS, plain))
        for ledger in (plain, bo):
            fill(ledger, (TO_COME,))
        assert answers(bo, ids_of((*OURS, TO_COME), plain)) == answers(plain, ids_of((*OURS, TO_COME), plain))
        bo.close()
        plain.close()


def hidden(ledger: Ledger) -> set[str]:
    """What nobody sees, but for what officers have withdrawn: their word shows it again."""
    query = """SELECT document_id FROM traces WHERE run_id NOT IN (SELECT id FROM live_runs) UNION SELECT p.id FROM passages AS p
        JOIN traces AS t ON t.document_id = p.document_id WHERE t.run_id NOT IN (SELECT id FROM live_runs)
        UNION SELECT id FROM traces WHERE run_id NOT IN (SELECT id FROM live_runs)"""
    return set(unseen(ledger)) - {str(key) for (key,) in ledger.connection.execute(query)}


def told(ledger: Ledger) -> set[str]:
    """Ids of what a ledger shows, or has as a remark."""
    shown = [
        key for table in ("documents", "passages") for (key,) in ledger.connection.execute(f"SELECT id FROM {table}")
    ]
    return {*map(str, shown), *(str(one.body.get("id", "")) for one in remarks.list_remarks(ledger))}


@settings(max_examples=15)
@given(st.data())
@pytest.mark.slow
def test_nothing_of_a_package_lies_where_nobody_sees_it(
    known: tuple[Rows, dict[str, list[str]]], data: st.DataObject
) -> None:
    rows, ids = known
    with TemporaryDirectory() as folder:
        bo = Ledger(Path(folder) / "bo.db", officer="bo", purpose="test")
        fill(bo, OURS)
        for number in range(data.draw(st.integers(1, 3))):
            made = changed(rows, ids, data)
            if data.draw(st.booleans()):
                made = hang(made, data.draw(st.sampled_from(ids["source"])), data.draw(st.sampled_from(ids["run"])))
            made["traces"] = [row for row in made["traces"] if data.draw(st.booleans())]
            try:
                take(bo, made, A, B, f"package-{number}")
            except PackageError:
                continue
            assert hidden(bo) == set()
            assert {str(row["id"]) for table in ("documents", "passages") for row in made[table]} <= told(bo)
        fill(bo, (TO_COME,))
        assert hidden(bo) == set()
        bo.close()
