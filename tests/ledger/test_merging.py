"""Rows of one ledger in another: nothing doubled, nothing of one's own touched, nothing half, and no row that is not of its table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.bureaux import A, B, C, Make, Rows, content, parcel, person, read, take
from workbench.errors import PackageError
from workbench.ledger import Ledger
from workbench.ledger.access import terms
from workbench.ledger.exclusions.exclusion_rules import Rule
from workbench.ledger.foreign import remarks
from workbench.ledger.records import passage_search, row_tables
from workbench.ledger.records.package_tables import Row
from workbench.ledger.records.packages import RECEIVED, PackageRecord
from workbench.ledger.transfer.row_merge import Origin, merge_package
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim

# Taken in ---------------------------------------------------------------------------------------------------------------


def test_a_ledger_comes_over_whole_and_once(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    for name in ("one", "two", "three"):
        read(ada, name, f"text of {name}")
    ada.judge([(person("one"), person("two"))], "same", "seen")
    ada.decide("entity", [person("three")], "rejected", "no")
    ada.add_note("note", "It matters.", [], {})
    rows = parcel(ada, A)
    added = take(bo, rows, A, B)
    assert (added["documents"], added["judgements"], added["decisions"], added["notes"]) == (3, 1, 1, 1)
    assert content(bo) == content(ada)
    assert passage_search.find_passages(bo, "three", 5)["passage_id"].tolist() == [
        compute_digest("Passage", compute_digest("Document", "three"), "0")
    ]
    assert take(bo, rows, A, B) == {}
    assert take(bo, rows, A, B, "package-2") == {}
    assert content(bo) == content(ada)
    assert row_tables.list_judgements(bo)["officer"].tolist() == ["ada (NCB Valdora)"]


def test_there_and_back_changes_nothing(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one")
    read(ada, "two")
    ada.judge([(person("one"), person("two"))], "same", "seen")
    ada.add_claims(
        [Claim(person("one"), "Person", "nationality", "gb", kind="decided", method="officer")], because="said so"
    )
    ada.add_note("note", "It matters.", [], {})
    before = content(ada)
    take(bo, parcel(ada, A), A, B)
    bo.add_note("note", "It does not.", [], {})
    added = take(ada, parcel(bo, B), B, A)
    assert added == {"notes": 1}
    assert {name: rows for name, rows in content(ada).items() if name != "notes"} == {
        name: rows for name, rows in before.items() if name != "notes"
    }
    assert take(bo, parcel(ada, A), A, B, "package-3") == {}


def test_three_bureaux_know_whose_word_it_is(make: Make) -> None:
    ada, bo, cas = make("ada"), make("bo"), make("cas")
    read(ada, "one")
    ada.add_note("note", "It matters.", [], {})
    take(bo, parcel(ada, A), A, B)
    take(cas, parcel(bo, B), B, C)
    assert row_tables.list_notes(cas)["officer"].tolist() == ["ada (NCB Valdora), through NCB Nordreich"]
    assert take(ada, parcel(cas, C), C, A) == {}
    assert row_tables.list_notes(ada)["officer"].tolist() == ["ada"]


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(["one", "two", "three", "four"]), st.integers(1, 3))
def test_the_order_of_packages_does_not_matter(make: Make, names: list[str], cut: int) -> None:
    ada, bo, cas = make("ada"), make("bo"), make("cas")
    sources = [read(ada, name) for name in names]
    ada.judge([(person(names[0]), person(names[1]))], "same", "seen")
    parts = [parcel(ada, A, sources[:cut]), parcel(ada, A, sources[cut - 1 :])]
    for part in parts:
        take(bo, part, A, B)
    for part in reversed(parts):
        take(cas, part, A, C)
    assert content(bo) == content(cas)


# Of one's own -----------------------------------------------------------------------------------------------------------


def test_what_was_read_here_is_not_read_again(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one")
    read(ada, "other", parameters='{"zone": "UTC"}')
    read(bo, "one")
    read(bo, "other")
    before = content(bo)
    added = take(bo, parcel(ada, A), A, B)
    assert not {"runs", "evidence", "traces", "passages", "documents"} & set(added)
    assert {name: rows for name, rows in content(bo).items() if name != "statements"} == {
        name: rows for name, rows in before.items() if name != "statements"
    }


def test_no_text_is_added_to_a_document_of_ones_own(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one/a", "What Valdora says.")
    read(bo, "one/b", "What is in the file.")
    rows = parcel(ada, A)
    rows["passages"].append({**rows["passages"][0], "id": "passage-7", "number": 7, "text": "What nobody said."})
    take(bo, rows, A, B)
    assert row_tables.list_passages(bo)["text"].tolist() == ["What is in the file."]


def test_what_is_read_here_later_takes_the_place_of_what_came(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one/a", "What Valdora says.")
    rows = parcel(ada, A)
    rows["passages"].append({**rows["passages"][0], "id": "passage-7", "number": 7, "text": "What nobody said."})
    take(bo, rows, A, B)
    assert len(row_tables.list_passages(bo)) == 2
    read(bo, "one/b", "What is in the file.")
    assert row_tables.list_passages(bo)["text"].tolist() == ["What is in the file."]
    assert passage_search.find_passages(bo, "Valdora", 5).empty and passage_search.find_passages(bo, "nobody", 5).empty
    assert len(passage_search.find_passages(bo, "file", 5)) == 1
    assert set(row_tables.list_documents(bo)["title"]) == {"one/b"}


def test_others_decide_on_what_is_theirs_and_remark_on_ours(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    for name in ("one", "two", "three", "four"):
        read(ada, name)
    for name in ("one", "two"):
        read(bo, name)
    ada.judge([(person("one"), person("two")), (person("three"), person("four"))], "same", "seen")
    ada.decide("entity", [person("one"), person("three")], "rejected", "no")
    take(bo, parcel(ada, A), A, B)
    judged = row_tables.list_judgements(bo)
    assert judged[["left_id", "right_id"]].to_numpy().tolist() == [sorted([person("three"), person("four")])]
    verdicts = row_tables.list_evidence(bo).set_index("entity_id")["verdict"]
    assert (verdicts[person("one")], verdicts[person("three")]) == ("", "rejected")
    assert sorted(one.kind for one in remarks.list_remarks(bo)) == ["decisions", "judgements"]
    bo.judge([(person("one"), person("two"))], "same", "I think so too")
    assert len(row_tables.list_judgements(bo)) == 2
    assert [row["officer"] for row in parcel(bo, B)["judgements"]] == ["ada (NCB Valdora)", "bo (NCB Nordreich)"]


def test_ones_own_judgement_goes_before_anothers(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one")
    read(ada, "two")
    take(bo, parcel(ada, A), A, B)
    bo.judge([(person("one"), person("two"))], "not same", "two people")
    ada.judge([(person("one"), person("two"))], "same", "seen")
    take(bo, parcel(ada, A), A, B)
    assert row_tables.list_judgements(bo)[["judgement", "officer"]].to_numpy().tolist() == [["not same", "bo"]]
    assert len(row_tables.list_opinions(bo)) == 2


def test_among_others_the_latest_counts(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one")
    read(ada, "two")
    rows = parcel(ada, A)
    pair = dict(zip(("left_id", "right_id"), sorted([person("one"), person("two")]), strict=True))
    said = {"because": "", "officer": "ada (NCB Valdora)", **pair}
    rows["judgements"] = [
        {"id": "j2", "judgement": "not same", "at": "2026-02-01T00:00:00Z", **said},
        {"id": "j1", "judgement": "same", "at": "2026-01-01T00:00:00Z", **said},
    ]
    take(bo, rows, A, B)
    assert row_tables.list_judgements(bo)["judgement"].tolist() == ["not same"]


def test_nobody_speaks_for_our_officers(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one")
    rows = parcel(ada, A)
    rows["notes"] = [
        {
            "id": "n1",
            "kind": "note",
            "text": "Bo agrees.",
            "passages": "[]",
            "detail": "{}",
            "officer": "bo (NCB Nordreich)",
            "at": "",
        }
    ]
    take(bo, rows, A, B)
    assert row_tables.list_notes(bo)["officer"].tolist() == ["bo (NCB Nordreich), through NCB Valdora"]


# Marks ------------------------------------------------------------------------------------------------------------------


def test_marks_rise_and_clearance_stays_at_home(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    theirs, shared = read(ada, "one"), read(ada, "two")
    read(bo, "two")
    for source in (theirs, shared):
        terms.add_facets(
            ada, [("source", source)], {"handling": ["H2"], "level": ["HIGH"], "permission": ["H2"]}, "asked"
        )
    terms.add_facets(ada, [("entity", person("two"))], {"handling": ["H1"]}, "asked")
    terms.add_facets(ada, [("officer", "bo")], {"clearance": ["HIGH"]}, "vetted")
    terms.add_facets(bo, [("entity", person("two"))], {"handling": ["H3"]}, "own")
    rows = parcel(ada, A)
    made = PackageRecord("package-1", RECEIVED, "", "", "{}", "[]", "", "")
    merge_package(bo, lambda table: rows[table], Origin("package-1", A, B, {"conditions": ["Valdora's"]}), made)
    held = terms.list_current_terms(bo)
    assert held["source", theirs] == {"handling": ["H2"], "level": ["HIGH"], "conditions": ["Valdora's"]}
    assert ("source", shared) not in held
    assert held["entity", person("two")] == {"handling": ["H3"]}
    assert {one.body["value"] for one in remarks.list_remarks(bo)} >= {'["H1"]', '["H2"]', '["HIGH"]'}
    assert not [target for target in held if target[0] == "officer"]
    assert take(bo, parcel(ada, A), A, B, "package-2") == {}


# What is not of its table -----------------------------------------------------------------------------------------------


def put(**values: object) -> Callable[[Row], object]:
    return lambda row: row.update(values)  # type: ignore[arg-type]


COLUMNS, TYPE, FORM = (
    "Its columns are not the columns of the table",
    "It has the wrong type, is too long or contains an incomplete character",
    "which has the wrong form",
)
BARRED, TIME = "must not be sent to another bureau", "does not contain a valid time"
NOT_SENT = "Such a row must not be sent to another bureau"
NOBODYS = "It does not show clearly whether an officer or a program recorded it"
NOTE = "It is not a note, question, hypothesis, conclusion or summary in the required form"
BAD: list[tuple[str, Callable[[Row], object], str]] = [
    ("documents", lambda row: row.pop("title"), COLUMNS), ("documents", put(more="x"), COLUMNS),
    ("documents", put(title=5), TYPE), ("documents", put(title="\ud800"), TYPE),
    ("passages", put(number=True), TYPE), ("passages", put(number=1 << 70), TYPE),
    ("sources", put(sha256="../../etc"), "Its source is not identified by a SHA-256 hash"), ("runs", put(kind="officer"), BARRED),
    ("runs", put(id="officer"), BARRED), ("runs", put(parameters="[]"), FORM),
    ("runs", put(counts="{"), FORM), ("runs", put(parameters="[" * 99_999), FORM),
    ("evidence", put(confidence=7), "The confidence is 7"), ("evidence", put(kind="sworn"), NOBODYS),
    ("evidence", put(kind="decided"), NOBODYS), ("evidence", put(officer="bo"), NOBODYS),
    ("evidence", put(run_id="officer"), NOBODYS),
    ("evidence", put(statement_id="x"), "A row in the package is missing or contradicts another row"),
    ("statements", put(value="other"), "It has the id of another statement"), ("terms", put(target_kind="officer"), NOT_SENT),
    ("terms", put(facet="permission"), NOT_SENT), ("terms", put(value='"H1"'), FORM),
    ("notes", put(passages="{}"), FORM), ("notes", put(passages="[5]"), NOTE),
    ("notes", put(kind="verdict"), NOTE),
    ("notes", put(detail='{"supporting": 5}'), NOTE), ("notes", put(detail='{"basis": []}'), NOTE),
    ("notes", put(detail='{"nature": "proof"}'), NOTE),
    ("terms", put(facet="guilt"), NOT_SENT), ("terms", put(value="[5]"), "list of texts"),
    ("sources", put(received_at="yesterday"), TIME), ("sources", put(received_at=""), TIME),
    ("runs", put(at="9999-12-31T00:00:00Z"), TIME), ("notes", put(at="2026-02-30T00:00:00Z"), TIME),
    ("terms", put(facet="review", value='["soon"]'), TIME),
    ("issues", put(severity="fatal"), "severity"), ("judgements", put(judgement="guilty"), "Its judgement 'guilty' is not known."),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("table", "spoil", "why"), BAD)
def test_a_row_that_is_not_of_its_table_refuses_all(
    make: Make, table: str, spoil: Callable[[Row], object], why: str
) -> None:
    ada, bo = make("ada"), make("bo")
    source = read(ada, "one")
    ada.add_note("note", "It matters.", [], {})
    terms.add_facets(ada, [("source", source)], {"handling": ["H1"]}, "asked")
    read(ada, "two")
    ada.judge([(person("one"), person("two"))], "same", "seen")
    rows = parcel(ada, A)
    before, head = content(bo), bo.get_version()
    spoil(rows[table][0])
    with pytest.raises(PackageError, match=why):
        take(bo, rows, A, B)
    assert (content(bo), bo.get_version()) == (before, head)
    assert bo.connection.execute("SELECT count(*) FROM foreign_rows").fetchone() == (0,)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["../ledger.db", "calls-0.parquet", "/etc/passwd", "calls-" + "0" * 24 + ".parquet"])
def test_a_file_of_mass_rows_has_its_own_name(make: Make, path: str) -> None:
    ada, bo = make("ada"), make("bo")
    source = read(ada, "one")
    rows = parcel(ada, A)
    run = rows["runs"][0]["id"]
    rows["row_files"] = [
        {"run_id": run, "path": path, "kind": "calls", "source": source, "sha256": "1" * 64, "size": 1, "rows": 1}
    ]
    with pytest.raises(PackageError, match="is not a file of mass rows"):
        take(bo, rows, A, B)


def anew(rows: Rows, run: str = "another") -> Rows:
    """The same rows under the ids of another run."""
    made = {table: [dict(row) for row in some] for table, some in rows.items()}
    known = {str(row["id"]): compute_digest(run, str(row["id"])) for row in made["runs"]}
    for row in made["runs"]:
        row["id"] = known[str(row["id"])]
    for table in ("traces", "evidence", "arrivals", "issues"):
        for row in made[table]:
            row["run_id"] = known.get(str(row["run_id"]), row["run_id"])
    for row in (*made["evidence"], *made["traces"]):
        row["id"] = compute_digest(run, str(row["id"]))
    for row in made["evidence"]:
        row["trace_id"] = compute_digest(run, str(row["trace_id"])) if row["trace_id"] else ""
    return made


def test_what_we_have_withdrawn_stays_so_until_we_restore_it(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    source = read(ada, "one")
    rows = parcel(ada, A)
    take(bo, rows, A, B)
    [run] = row_tables.list_source_runs(bo, source)["run_id"]
    bo.decide("run", [run], "withdrawn", "unreliable")
    take(bo, anew(rows), A, B)
    assert len(row_tables.list_source_runs(bo, source)) == 1  # one file is read once
    assert (
        row_tables.get_source_state(bo, source)[0] == "withdrawn"
        and row_tables.list_evidence(bo).empty
        and row_tables.list_documents(bo).empty
    )
    other = anew(rows, "more")
    dummy = "d" * 64
    other["sources"].append({**other["sources"][0], "sha256": dummy, "name": "dummy"})
    other["runs"][0]["source"] = dummy
    take(bo, other, A, B)
    assert row_tables.list_documents(bo).empty
    bo.decide("run", [run], "restored", "checked")
    take(bo, anew(rows, "later"), A, B)
    assert len(row_tables.list_documents(bo)) == 1 and row_tables.get_source_state(bo, source)[0] == "read"


def test_what_we_have_rejected_at_a_place_stays_so(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one")
    rows = parcel(ada, A)
    take(bo, rows, A, B)
    bo.decide("evidence", list(row_tables.list_evidence(bo)["evidence_id"]), "rejected", "another person")
    take(bo, anew(rows), A, B)
    assert len(row_tables.list_evidence(bo)) == 1 and set(row_tables.list_evidence(bo)["verdict"]) == {"rejected"}


def test_text_that_comes_later_is_set_aside_too(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    read(ada, "one")
    rows = parcel(ada, A)
    take(bo, rows, A, B)
    bo.exclude_material(Rule(term="lawyer"), "lawyer and client", "by law")
    passage = {**rows["passages"][0], "id": compute_digest("new"), "number": 1, "text": "My lawyer said so."}
    take(bo, {**rows, "passages": [*rows["passages"], passage]}, A, B)
    assert "My lawyer said so." not in set(row_tables.list_passages(bo)["text"])


def test_who_sends_a_file_first_does_not_silence_who_has_it_otherwise(make: Make) -> None:
    """Both say the hash of one file, and other words in it: the first reading stays, the second is a remark."""
    ada, cy, bo = make("ada"), make("cy"), make("bo")
    read(ada, "memo", "Zarina drove the lorry.")
    read(cy, "memo", "Marta shot the driver.")
    take(bo, parcel(cy, C), C, B)
    assert take(bo, parcel(ada, A), A, B)["remarks"] == 1
    [made] = remarks.list_remarks(bo)
    assert (made.bureau, made.kind, made.body["text"]) == (A, "passages", "Zarina drove the lorry.")
    assert take(bo, parcel(cy, C), C, B) == {}


def test_a_sender_who_reads_anew_makes_no_remark_on_itself(make: Make) -> None:
    ada, bo, later = make("ada"), make("bo"), make("ada")
    read(ada, "memo", "Zarina drove the lorry.")
    read(later, "memo", "Zarina drove the lorry away.")
    take(bo, parcel(ada, A), A, B)
    take(bo, parcel(later, A), A, B)
    assert remarks.list_remarks(bo) == []


# Nothing that nobody sees -------------------------------------------------------------------------------------------------


def unseen(ledger: Ledger) -> list[str]:
    """Ids of documents, passages and traces that are in the ledger and that no view shows."""
    query = "SELECT id FROM {0} EXCEPT SELECT id FROM live_{0}"
    tables = ("documents", "passages", "traces")
    return [str(key) for table in tables for (key,) in ledger.connection.execute(query.format(table))]


def hang(rows: Rows, source: str, run: str) -> Rows:
    """The same rows with every place in one file of another, as its reading has it."""
    moved = [{**row, "source": source, "run_id": run} for row in rows["traces"]]
    return {**rows, "traces": moved, "evidence": [{**row, "run_id": run} for row in rows["evidence"]]}


def test_a_document_that_hangs_on_a_file_of_ours_is_a_remark_with_its_text(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    shared = read(ada, "ours")
    read(bo, "ours")
    read(ada, "theirs", "Danger at the pier.")
    rows = parcel(ada, A)
    run = next(str(row["id"]) for row in rows["runs"] if row["source"] == shared)
    added = take(bo, hang(rows, shared, run), A, B)
    assert not {"documents", "passages", "traces"} & set(added)
    assert unseen(bo) == [] and passage_search.find_passages(bo, "danger", 5).empty
    told = {(one.kind, one.body.get("text", one.body.get("title"))) for one in remarks.list_remarks(bo)}
    assert {("documents", "theirs"), ("passages", "Danger at the pier.")} <= told


def test_a_document_that_only_a_reading_of_others_found_is_a_remark_once_the_file_is_read_here(make: Make) -> None:
    ada, bo = make("ada"), make("bo")
    shared = read(ada, "ours")
    read(ada, "theirs", "Danger at the pier.")
    rows = parcel(ada, A)
    run = next(str(row["id"]) for row in rows["runs"] if row["source"] == shared)
    hung = hang(rows, shared, run)
    take(bo, {**hung, "terms": [mark_of(shared)]}, A, B)
    assert len(row_tables.list_documents(bo)) == 2
    read(bo, "ours")
    assert unseen(bo) == [] and row_tables.list_documents(bo)["title"].tolist() == ["ours"]
    [told] = [one for one in remarks.list_remarks(bo) if one.kind == "passages"]
    assert (told.body["text"], told.targets, told.marks) == ("Danger at the pier.", (shared,), {"level": ["HIGH"]})


def mark_of(source: str) -> Row:
    said = {"id": "mark", "target_kind": "source", "target_id": source, "facet": "level", "value": '["HIGH"]'}
    return {**said, "officer": "ada (NCB Valdora)", "because": "asked", "at": "2026-01-01T00:00:00Z"}
