"""Rows under ids that another bureau has used: none is silenced by another."""

from __future__ import annotations

import json

import pytest

from tests.ledger.bureaux import A, B, C, Make, Rows, parcel, person, read, take
from workbench.ledger import Ledger
from workbench.ledger.access import terms
from workbench.ledger.foreign import remarks
from workbench.ledger.records import row_tables
from workbench.ledger.records.package_tables import TABLES, Row
from workbench.ledger.records.packages import RECEIVED, PackageRecord
from workbench.ledger.transfer.admission import COMPARED, SEPARATE, UNLIKE
from workbench.ledger.transfer.row_merge import Origin, merge_package
from workbench.model.ids import compute_digest


def full(ledger: Ledger, one: str, two: str) -> dict[str, str]:
    """Two sources, and a word of every kind about them."""
    found = {name: read(ledger, name, f"text of {name}") for name in (one, two)}
    ledger.judge([(person(one), person(two))], "same", f"seen with {one}")
    ledger.decide("entity", [person(one)], "rejected", f"no {one}")
    ledger.add_note(
        "note", f"It matters to {one}.", [compute_digest("Passage", compute_digest("Document", one), "0")], {}
    )
    terms.add_facets(ledger, [("source", found[one])], {"conditions": [f"ask {one}"]}, "asked")
    return found


def under_ids_of(rows: Rows, others: Rows, table: str) -> Rows:
    """Rows as if those of a table had the ids that the rows of another bureau have, wherever they are named."""
    text = json.dumps({name: list(rows[name]) for name in TABLES})
    for mine, other in zip(rows[table], others[table], strict=True):
        text = text.replace(f'"{mine["id"]}"', f'"{other["id"]}"').replace(
            f'\\"{mine["id"]}\\"', f'\\"{other["id"]}\\"'
        )
    return json.loads(text)  # type: ignore[no-any-return]


def is_told(ledger: Ledger, table: str, row: Row) -> bool:
    """Whether what a row says is in its table or in a remark."""
    said = {name: value for name, value in row.items() if name not in {"id", "officer", "at", "run_id"}}
    where = " AND ".join(f"{name} = :{name}" for name in said)
    if ledger.connection.execute(f"SELECT 1 FROM {table} WHERE {where}", said).fetchone():
        return True
    return any(one.kind == table and said.items() <= one.body.items() for one in remarks.list_remarks(ledger))


def test_of_each_table_it_is_known_what_becomes_of_an_id_that_is_taken() -> None:
    assert set(TABLES) == {*SEPARATE, *COMPARED, *UNLIKE}
    assert len(TABLES) == len(SEPARATE) + len(COMPARED) + len(UNLIKE)


@pytest.mark.slow
@pytest.mark.parametrize("table", [name for name in TABLES if "id" in TABLES[name].unique and name != "statements"])
def test_no_row_is_silenced_by_one_of_another_bureau_under_its_id(make: Make, table: str) -> None:
    ada, cy, bo = make("ada"), make("cy"), make("bo")
    full(ada, "one", "two")
    full(cy, "three", "four")
    true = parcel(ada, A)
    take(bo, under_ids_of(parcel(cy, C), true, table), C, B)
    take(bo, true, A, B)
    assert [row for row in true[table] if not is_told(bo, table, row)] == []
    before = len(remarks.list_remarks(bo))
    assert take(bo, true, A, B, "again") == {} and len(remarks.list_remarks(bo)) == before


def test_marks_rejections_and_judgements_hold_under_ids_that_are_taken(make: Make) -> None:
    ada, cy, bo = make("ada"), make("cy"), make("bo")
    source = full(ada, "one", "two")["one"]
    full(cy, "three", "four")
    true, forged = parcel(ada, A), parcel(cy, C)
    for table in ("terms", "decisions", "judgements"):
        forged = under_ids_of(forged, true, table)
    take(bo, forged, C, B)
    take(bo, true, A, B)
    assert terms.list_current_terms(bo)["source", source] == {"conditions": ["ask one"]}
    assert (
        sorted((person("one"), person("two")))
        in row_tables.list_judgements(bo)[["left_id", "right_id"]].values.tolist()
    )
    query = "SELECT verdict FROM ruling WHERE target_id = ?"
    assert bo.connection.execute(query, (person("one"),)).fetchone() == ("rejected",)


def test_a_default_mark_holds_under_an_id_that_was_foreseen(make: Make) -> None:
    ada, cy, bo = make("ada"), make("cy"), make("bo")
    source, other = read(ada, "one"), read(cy, "three")
    told = ("source", source, "conditions", '["Valdora\'s"]')
    forged = parcel(cy, C)
    row = dict(zip(("target_kind", "target_id", "facet", "value"), told, strict=True)) | {"target_id": other}
    made: Row = {
        "id": compute_digest("term", "package-1", *told),
        **row,
        "officer": "",
        "because": "",
        "at": "2026-01-01T00:00:00Z",
    }
    take(bo, {**forged, "terms": [made]}, C, B)
    rows, package = parcel(ada, A), PackageRecord("package-1", RECEIVED, "", "", "{}", "[]", "", "")
    merge_package(bo, lambda table: rows[table], Origin("package-1", A, B, {"conditions": ["Valdora's"]}), package)
    assert terms.list_current_terms(bo)["source", source] == {"conditions": ["Valdora's"]}


def test_another_text_under_the_id_of_a_note_is_a_remark(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    ada.add_note("note", "Protected.", [], {})
    rows = parcel(ada, A)
    take(bo, rows, A, B)
    rows["notes"] = [{**rows["notes"][0], "text": "Not protected."}]
    assert take(bo, rows, A, B) == {"remarks": 1}
    assert [one.body["text"] for one in remarks.list_remarks(bo)] == ["Not protected."]


def test_a_place_that_another_bureau_has_taken_silences_no_document(make: Make) -> None:
    ada, cy, bo = make("ada"), make("cy"), make("bo")
    read(ada, "one")
    read(cy, "three")
    true, forged = parcel(ada, A), parcel(cy, C)
    place = {**forged["traces"][0], "id": compute_digest("forged"), "source": true["sources"][0]["sha256"]}
    take(bo, {**forged, "sources": [*forged["sources"], *true["sources"]], "traces": [*forged["traces"], place]}, C, B)
    take(bo, true, A, B)
    assert [row for row in true["traces"] if not is_told(bo, "traces", row)] == []
