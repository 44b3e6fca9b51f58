"""What a sender says later of what it brought before: marks rise, grades and decisions keep their owner."""

from __future__ import annotations

import json

import pytest

from tests.ledger.bureaux import A, B, C, Make, parcel, person, read, take
from workbench.errors import PackageError
from workbench.ledger.access import terms
from workbench.ledger.foreign import remarks
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim


@pytest.mark.slow
def test_a_later_mark_rises_on_the_remark_and_on_what_was_adopted_of_it(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one")
    read(bo, "one")
    claim = Claim(person("one"), "Person", "notes", "armed", kind="decided", method="officer")
    [theirs] = ada.add_claims([claim], because="seen")
    take(bo, parcel(ada, A), A, B)
    [made] = remarks.list_remarks(bo)
    [ours] = bo.add_claims([claim], because="confirmed")
    bo.decide(remarks.TARGET, [made.id], remarks.ADOPTED, "confirmed", rests_on={made.id: ours})
    marks = {"barred": ["QX"], "conditions": ["ask first"], "tlp": ["TLP:AMBER"]}
    terms.add_facets(ada, [("evidence", theirs)], marks, "source at risk")
    later = parcel(ada, A)
    take(bo, {"terms": later["terms"]}, A, B)  # the mark alone, without the row
    assert {name: list(values) for name, values in remarks.list_remarks(bo)[0].marks.items()} == marks
    assert terms.list_current_terms(bo)["evidence", ours] == marks
    assert take(bo, later, A, B, "again") == {}


def test_a_claim_out_of_a_file_bears_the_mark_of_the_file(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    source = read(ada, "tip")
    read(bo, "one")
    where = {"document_id": compute_digest("Document", "tip"), "kind": "decided", "method": "officer"}
    ada.add_claims([Claim(person("one"), "Person", "notes", "armed", **where)], because="seen")  # type: ignore[arg-type]
    terms.add_facets(ada, [("source", source)], {"barred": ["QX"]}, "asked")
    take(bo, parcel(ada, A), A, B)
    assert [dict(one.marks) for one in remarks.list_remarks(bo) if one.kind == "evidence"] == [{"barred": ["QX"]}]


def test_a_stranger_raises_no_mark_on_the_remark_of_another(make: Make) -> None:
    ada, cy, bo = make("ada"), make("cy"), make("bo")
    for one in (ada, cy, bo):
        read(one, "one")
    [theirs] = ada.add_claims(
        [Claim(person("one"), "Person", "notes", "armed", kind="decided", method="officer")], because="seen"
    )
    take(bo, parcel(ada, A), A, B)
    row = {"id": "t1", "target_kind": "evidence", "target_id": theirs, "facet": "barred", "value": '["QX"]'}
    take(bo, {"terms": [{**row, "officer": "cy", "because": "x", "at": "2026-01-01T00:00:00Z"}]}, C, B)
    assert [dict(one.marks) for one in remarks.list_remarks(bo) if one.kind == "evidence"] == [{}]


LATER = "2099-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("facet", "first", "then"),
    [("grade", "A1 (4x4)", "X4 (4x4)"), ("nature", "fact", "assessment"), ("review", "2030-01-01", "2029-01-01"), ("language", "en", "fr")],
)  # fmt: skip
def test_of_what_hides_nothing_the_latest_word_of_its_sender_counts(
    make: Make, facet: str, first: str, then: str
) -> None:
    ada, bo = make("ada"), make("bo")
    source = read(ada, "one")
    terms.add_facets(ada, [("source", source)], {facet: [first]}, "at first")
    before = parcel(ada, A)
    take(bo, before, A, B)
    terms.add_facets(ada, [("source", source)], {facet: [then]}, "the informant lied")
    after = parcel(ada, A)
    after["terms"] = [{**row, "at": LATER} for row in after["terms"]]
    take(bo, after, A, B)
    assert terms.list_current_terms(bo)["source", source] == {facet: [then]}
    take(bo, before, A, B, "late")
    assert terms.list_current_terms(bo)["source", source] == {facet: [then]} and remarks.list_remarks(bo) == []


def test_our_own_grade_stays_and_theirs_is_a_remark(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    source = read(ada, "one")
    take(bo, parcel(ada, A), A, B)
    terms.add_facets(bo, [("source", source)], {"grade": ["B2 (4x4)"]}, "ours")
    terms.add_facets(ada, [("source", source)], {"grade": ["A1 (4x4)"]}, "theirs")
    assert take(bo, parcel(ada, A), A, B) == {"remarks": 1}
    assert terms.list_current_terms(bo)["source", source] == {"grade": ["B2 (4x4)"]}


def test_a_mark_of_the_sender_never_falls(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    source = read(ada, "one")
    terms.add_facets(ada, [("source", source)], {"tlp": ["TLP:RED"], "conditions": ["ask first"]}, "asked")
    take(bo, parcel(ada, A), A, B)
    terms.add_facets(ada, [("source", source)], {"tlp": ["TLP:GREEN"], "conditions": ["tell us"]}, "lowered")
    take(bo, parcel(ada, A), A, B)
    held = terms.list_current_terms(bo)["source", source]
    assert "TLP:RED" in held["tlp"] and "ask first" in held["conditions"]


def test_a_sender_comes_back_to_what_it_told_of_its_source_before(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    source = read(ada, "one")
    rows = parcel(ada, A)
    told = [("N/1", "2026-01-01T00:00:00Z"), ("N/2", "2026-02-01T00:00:00Z"), ("N/1", "2026-03-01T00:00:00Z")]
    said = {"source": source, "name": "exhibit", "officer": "ada (NCB Valdora)"}
    for count in (1, 2, 3, 3):
        rows["source_facts"] = [{**said, "value": value, "at": at} for value, at in told[:count]]
        take(bo, rows, A, B, f"package-{count}")
    query = "SELECT value FROM source_facts WHERE name = 'exhibit' ORDER BY seq"
    assert [value for (value,) in bo.connection.execute(query)] == ["N/1", "N/2", "N/1"]


UNFORMED = [
    ("grade", "F9 (9x9)"), ("grade", "Z9 (4x4)"), ("grade", "B2"), ("grade", ""), ("nature", "proof"), ("language", "xx<script>"),
    ("tlp", "TLP:PINK"), ("handling", "H9"), ("barred", "Valdora"), ("level", " "), ("purpose", ""), ("special", ""),
    ("conditions", ""), ("channel", ""), ("restricted", ""),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("facet", "value"), UNFORMED)
def test_a_mark_that_is_not_of_its_form_refuses_all(make: Make, facet: str, value: str) -> None:
    """On its sender's own source and as a remark on one of ours, alone and beside another value."""
    ada, bo = make("ada"), make("bo")
    sources = read(ada, "one"), read(bo, "two")
    for source in sources:
        row = {"id": "t1", "target_kind": "source", "target_id": source, "facet": facet, "value": json.dumps([value])}
        rows = {**parcel(ada, A), "terms": [{**row, "officer": "ada", "because": "x", "at": LATER}]}
        with pytest.raises(PackageError, match=", which has the wrong form"):
            take(bo, rows, A, B)


def test_two_grades_at_once_are_none(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    terms.add_facets(ada, [("source", read(ada, "one"))], {"grade": ["A1 (4x4)", "B2 (4x4)"]}, "both")
    assert parcel(ada, A)["terms"] == []  # of a ledger from before: nobody would take it in
    terms.add_facets(ada, [("source", read(ada, "one"))], {"grade": ["A1 (4x4)"]}, "one")
    rows = parcel(ada, A)
    rows["terms"][0]["value"] = '["A1 (4x4)", "B2 (4x4)"]'
    with pytest.raises(PackageError, match=", which has the wrong form"):
        take(bo, rows, A, B)


def test_our_own_language_and_review_date_stay(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    source = read(ada, "one")
    take(bo, parcel(ada, A), A, B)
    terms.add_facets(bo, [("source", source)], {"language": ["en"], "review": ["2030-01-01"]}, "ours")
    terms.add_facets(ada, [("source", source)], {"language": ["fr"], "review": ["2027-01-01"]}, "theirs")
    assert take(bo, parcel(ada, A), A, B) == {"remarks": 2}
    assert terms.list_current_terms(bo)["source", source] == {"language": ["en"], "review": ["2030-01-01"]}


@pytest.mark.parametrize(
    ("kind", "verdict"), [("suggestion", "nonsense"), ("suggestion", "withdrawn"), ("reading", "withdrawn"), ("note", "accepted")]
)  # fmt: skip
def test_a_decision_that_nobody_makes_refuses_all(make: Make, kind: str, verdict: str) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one")
    ada.decide("suggestion", [person("one")], "rejected", "no")
    rows = parcel(ada, A)
    rows["decisions"][0] |= {"target_kind": kind, "verdict": verdict}
    with pytest.raises(PackageError, match="is not possible for an item of the type"):
        take(bo, rows, A, B)
