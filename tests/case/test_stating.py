"""Tables of statements put in: looked at row by row, all the good ones together, marked by the ids in them, the same in another case."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.packages.preview import open_package
from workbench.errors import CaseError
from workbench.identity import TrustList
from workbench.model.ids import build_entity_id, compute_digest
from workbench.model.rows import Claim
from workbench.model.table_schemas import EVIDENCE, HANDLED, SEEN, STATUS, WEIGHED

DORA, ELI = build_entity_id("Person", "dora"), build_entity_id("Person", "eli")
KNOWLEDGE = "officer's knowledge"
ROWS = [
    {"entity_id": DORA, "schema": "Person", "prop": "name", "value": "Dora Finch"},
    {"entity_id": DORA, "schema": "Person", "prop": "alias", "value": "D"},
    {
        "entity_id": ELI,
        "schema": "Person",
        "prop": "name",
        "value": "Eli Finch",
        "kind": "suggested",
        "confidence": 0.4,
    },
    {
        "entity_id": build_entity_id("Family", "x"),
        "schema": "Family",
        "prop": "person",
        "value": DORA,
        "kind": "received",
    },
    {
        "entity_id": build_entity_id("Family", "x"),
        "schema": "Family",
        "prop": "relative",
        "value": ELI,
        "kind": "received",
    },
]


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), dtype=object)


def count(case: Case, table: str) -> int:
    return int(case.context.ledger.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_table_goes_in_as_one_collection_and_is_told_row_by_row(case: Case) -> None:
    before = case.log.entries()
    told = case.evidence.add(frame(*ROWS), because="from the register's desk")
    assert told["state"].tolist() == ["stated"] * 5 and told.columns.tolist()[-1] == "mark"
    new = case.log.entries()[len(before) :]
    assert new["operation"].tolist() == ["collection"] and new["reason"].tolist() == ["from the register's desk"]
    found = case.evidence.list("Dora Finch").set_index("prop")
    assert found.loc["name", ["kind", "officer", "because", "method"]].tolist() == [
        "decided", "ada", "from the register's desk", "officer",
    ]  # fmt: skip
    things = case.entities().set_index("caption")["layer"]
    assert (things["Dora Finch"], things["Eli Finch"]) == ("decided", "suggested")
    assert ("related to", DORA) in {(data["relation"], one) for one, _, data in case.graph(DORA).edges(data=True)} | {
        (data["relation"], one) for _, one, data in case.graph(DORA).edges(data=True)
    }


def test_what_the_case_has_is_known_and_not_doubled(case: Case) -> None:
    rows, statements = count(case, "evidence"), case.evidence.statements()
    assert set(case.evidence.add(statements, because="again")["state"]) == {"known"}
    assert set(case.evidence.add(case.evidence.list(), because="again")["state"]) == {"known"}
    assert count(case, "evidence") == rows
    case.evidence.add(frame(*ROWS), because="x")
    assert set(case.evidence.add(frame(*ROWS, *ROWS), because="x")["state"]) == {"known"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"entity_id": "dora"}, "`entity_id` is 'dora', which is not the id"), ({"schema": "Persn"}, "Did you mean Person"),
        ({"prop": "birthdate"}, "birthDate"), ({"value": ""}, "`value` is empty"), ({"value": math.nan}, "`value` is empty"),
        ({"value": 1980}, "`value` is 1980, which is not text"), ({"value": "\ud800"}, "damaged characters"),
        ({"kind": "true"}, "`kind` is 'true'"), ({"confidence": 1.5}, "`confidence` is 1.5"),
        ({"language": "français"}, "`language` is"), ({"grade": "very good"}, "`grade` is"),
        ({"nature": "rumour"}, "`nature` is"), ({"review": "soon"}, "`review` is"),
        ({"prop": "parent", "value": "Ada"}, "`value` is 'Ada'"),
        ({"schema": "Family", "prop": "relative", "value": "Ada"}, "`value` is 'Ada', which is not the id"),
    ],
)  # fmt: skip
def test_a_bad_row_is_rejected_and_stops_no_other(case: Case, wrong: dict[str, object], why: str) -> None:
    told = case.evidence.add(frame(ROWS[0], {**ROWS[1], **wrong}, ROWS[2]), because="x")
    assert told["state"].tolist() == ["stated", "rejected", "stated"] and why in told["why"].iloc[1]
    assert case.evidence.list(DORA)["prop"].tolist() == ["name"]


def test_nothing_is_written_of_what_is_no_table_of_statements(case: Case) -> None:
    rows = count(case, "evidence"), count(case, "audit")
    with pytest.raises(CaseError, match="no column 'value'"):
        case.evidence.add(frame(*ROWS).drop(columns="value"), because="x")
    with pytest.raises(CaseError, match="The origin of the table is missing"):
        case.evidence.add(frame(*ROWS))
    with pytest.raises(CaseError, match="is not in this case"):
        case.evidence.add(frame(*ROWS), source="somewhere")
    assert set(case.evidence.add(frame({**ROWS[0], "schema": "Nothing"}), because="x")["state"]) == {"rejected"}
    assert (count(case, "evidence"), count(case, "audit")) == rows
    assert case.evidence.add(frame(*ROWS).head(0), because="x").empty


def test_a_place_of_this_case_is_kept_and_another_left_out(case: Case) -> None:
    passage, document = case.context.passages[["passage_id", "document_id"]].iloc[0]
    mine = {**ROWS[0], "passage_id": passage, "start": 0, "end": 4}
    told = case.evidence.add(
        frame(mine, {**ROWS[1], "document_id": "0" * 24, "passage_id": "1" * 24, "start": 3, "end": 9}), because="x"
    )
    assert set(told["state"]) == {"stated"}
    found = case.evidence.list(DORA).set_index("prop")
    assert found.loc["name", ["document_id", "passage_id", "start", "end"]].tolist() == [document, passage, 0, 4]
    assert found.loc["alias", ["document_id", "passage_id", "start", "end"]].tolist() == ["", "", -1, -1]
    other = case.context.passages.loc[lambda p: p["document_id"] != document, "document_id"].iloc[0]
    assert (
        "does not belong to the document"
        in case.evidence.add(frame({**mine, "document_id": other}), because="x")["why"].item()
    )
    case.evidence.add(frame({**ROWS[0], "value": "Dora F."}), source=passage)
    assert case.evidence.list(DORA).set_index("value").loc["Dora F.", "passage_id"] == passage


def test_marks_are_reckoned_anew_and_what_is_unknown_gets_the_ceiling(case: Case) -> None:
    passages = case.context.passages["passage_id"]
    case.handling.mark([passages.iloc[0]], tlp="AMBER", handling=["H1"], because="as received")
    case.handling.mark([passages.iloc[1]], handling=["H2"], because="as received")
    told = case.evidence.add(
        frame(
            {**ROWS[0], "passage_id": passages.iloc[2]}, {**ROWS[1], "passage_id": passages.iloc[1]},
            {**ROWS[0], "value": "Unknown", "document_id": "0" * 24},
            {**ROWS[0], "entity_id": ELI, "value": "Eli", "mark": "EXERCISE"},
        ),
        because="x",
    )  # fmt: skip
    plain, own, unknown, nobody = told["mark"]
    assert "H2" in own and "H1" not in own and plain == "EXERCISE – FOR TRAINING ONLY"
    assert unknown == nobody and "H2" in unknown and "H1" in unknown and "AMBER" in unknown
    known = case.evidence.add(
        frame({**ROWS[0], "entity_id": build_entity_id("Person", "z"), "value": "Zoe"}), source=KNOWLEDGE
    )
    assert known["mark"].item() == plain


def test_grade_purpose_review_and_language_go_along(case: Case, tmp_path: Path) -> None:
    case.evidence.grade("chats.txt", "B2", nature="fact", because="handler")
    rows = case.evidence.list().loc[lambda e: e["grade"] != ""].assign(language="en", purpose="training")
    other = open_case(tmp_path / "other", officer="bo", purpose="training")
    assert set(other.evidence.add(rows, because="joint case")["state"]) == {
        "stated",
        "known",
    }  # one row for a claim of many places
    found = other.evidence.list()
    assert set(found["grade"]) == {"B2 (4x4)"} and set(found["nature"]) == {"fact"}
    assert set(found["language"]) == {"en"} == set(other.evidence.statements()["language"]) and set(
        found["purpose"]
    ) == {"training"}
    for one in ({*found["kind"]}, {*rows["kind"]}):
        assert one <= {"received", "suggested"}
    other.close()
    third = open_case(tmp_path / "other", officer="bo", purpose="something else")
    assert third.evidence.list().empty, "what is kept for one purpose shows for no other"
    third.close()


def test_it_goes_along_in_a_package(tmp_path: Path) -> None:
    ada, bo = (identity.create_temporary(name, bureau=f"NCB {name}", country="QM") for name in ("ada", "bo"))
    mine, theirs = (open_case(tmp_path / one.card.name, officer=one, purpose="training") for one in (ada, bo))
    mine.evidence.add(frame(*ROWS), because="from the register's desk")
    sent = mine.packages.pack(
        to=[bo.card], reason="joint case", trust=TrustList(), clearance="EXERCISE", unknown_addressee="known"
    )
    with open_package(sent, officer=bo, trust=TrustList()) as package:
        package.add_to(theirs, unknown_sender=True)
    columns = ["statement_id", "kind", "value"]
    assert theirs.evidence.statements()[columns].to_dict("records") == mine.evidence.statements()[columns].to_dict(
        "records"
    )
    assert set(theirs.evidence.list()["officer"]) == {"", f"ada (NCB ada), through NCB ada {ada.card.fingerprint}"}
    for one in (mine, theirs):
        one.close()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
PERSONS = st.integers(0, 4).map(lambda n: build_entity_id("Person", str(n)))
LINKS = st.builds(
    lambda key, prop, value: (build_entity_id("Family", str(key)), "Family", prop, value),
    st.integers(0, 2), st.sampled_from(["person", "relative"]), PERSONS,
)  # fmt: skip
NAMES = st.tuples(PERSONS, st.just("Person"), st.sampled_from(["name", "alias", "title", "notes"]), TEXT)
STATEMENTS = st.lists(
    st.tuples(
        NAMES | LINKS, st.sampled_from(["received", "suggested", "decided"]), st.sampled_from(["", "fr", "ar"]),
        st.just("") | TEXT,
    ),
    max_size=8,
    unique_by=lambda row: row[0],
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STATEMENTS)
def test_into_another_case_it_is_the_identity(rows: list[tuple[tuple[str, str, str, str], str, str, str]]) -> None:
    table = pd.DataFrame(
        [(*claim, kind, language, original) for claim, kind, language, original in rows],
        columns=["entity_id", "schema", "prop", "value", "kind", "language", "original_value"],
    )
    with TemporaryDirectory() as place:
        one, two = (open_case(Path(place) / name, officer="ada", purpose="test") for name in "ab")
        assert set(one.evidence.add(table, because="x")["state"]) <= {"stated"}
        made = one.evidence.statements()
        assert set(made["statement_id"]) == {Claim(*claim).statement_id for claim, *_ in rows}
        two.evidence.add(made, because="y")
        assert two.evidence.statements().to_dict("records") == made.to_dict("records")
        assert set(two.evidence.add(one.evidence.list(), because="z")["state"]) <= {"known"}
        for case in (one, two):
            assert "bad" not in set(case.log.verify()["state"])
            case.close()


def test_content_hashes_are_those_of_the_claim() -> None:
    claim = Claim(DORA, "Person", "name", "Dora Finch")
    assert claim.statement_id == compute_digest("statement", DORA, "Person", "name", "Dora Finch")


def test_evidence_has_fixed_columns_and_what_they_say_goes_along(case: Case, tmp_path: Path) -> None:
    columns = [*EVIDENCE, *WEIGHED, *HANDLED, STATUS, *SEEN, "mark"]
    assert set(case.evidence.list()) == set(columns) == set(case.evidence.list().head(0))
    told = {
        "tlp": "amber",
        "handling": ["H2", "H3"],
        "conditions": ["ask first", "not in writing"],
        "barred": ["QN", "QM"],
    }
    case.evidence.classify("Ada Brook", "suspect", because="charged")
    case.handling.mark("chats.txt", level="EXERCISE RESTRICTED", because="as received", **told)
    case.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    eve = open_case(case.context.folder.path, officer="eve", purpose="test")
    rows = eve.evidence.list()
    handled = rows[rows["level"] != ""]
    assert handled[list(HANDLED)].drop_duplicates().to_dict("records") == [
        {"level": "EXERCISE RESTRICTED", "tlp": "TLP:AMBER", "handling": "H2, H3", "conditions": "ask first; not in writing",
         "barred": "QM, QN"}
    ]  # fmt: skip
    assert set(rows.loc[rows["canonical_id"] == find_entity(eve.context, "Ada Brook"), "status"]) == {"suspect"}
    other = open_case(tmp_path / "other", officer="bo", purpose="test")
    other.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    assert set(other.evidence.add(rows, because="joint case")["state"]) <= {"stated", "known"}
    other.close()
    theirs = open_case(tmp_path / "other", officer="eve", purpose="test")
    back = theirs.evidence.list()
    same = ["statement_id", "schema", "prop", "value", "kind", "method", "version", "confidence", *WEIGHED, *HANDLED]
    there = {tuple(row) for row in back[same].to_numpy().tolist()}
    assert there <= {tuple(row) for row in rows[same].to_numpy().tolist()}
    assert set(back["statement_id"]) == set(rows["statement_id"])
    bad = theirs.evidence.add(frame({**ROWS[0], "handling": "H9"}, {**ROWS[1], "barred": "France"}), because="x")
    assert set(bad["state"]) == {"rejected"} and "H9" in bad["why"].iloc[0] and "France" in bad["why"].iloc[1]
    for one in (eve, theirs):
        one.close()


def test_a_table_quotes_no_source_of_ours(case: Case) -> None:
    """That a source says so, only reading it shows: a row that claims it counts as what the table says."""
    there = case.evidence.list().query("schema == 'Person' and kind == 'received' and passage_id != ''").iloc[0]
    forged = {**there[["entity_id", "schema", "document_id", "passage_id", "method", "version"]], "kind": "received"}
    told = case.evidence.add(frame({**forged, "prop": "notes", "value": "Confessed"}), because="list of the port")
    assert told["state"].item() == "stated" and "without the place" in told["why"].item()
    found = case.evidence.list().query("value == 'Confessed'").iloc[0]
    assert found[["document_id", "passage_id", "method", "because"]].tolist() == ["", "", "table", "list of the port"]
    again = case.evidence.add(frame({**forged, "prop": "notes", "value": "Confessed"}), because="list of the port")
    assert again["state"].item() == "known"


@pytest.mark.parametrize("against", ["reject", "correct"])
def test_a_table_does_not_bring_back_what_an_officer_has_put_right(case: Case, against: str) -> None:
    there = case.evidence.list().query("schema == 'Person' and prop == 'name'").iloc[0]
    if against == "reject":
        case.review.reject(there.statement_id, because="a misreading")
    else:
        case.evidence.correct(
            there.entity_id, "name", "Adam Brook", source="officer's knowledge", old=there.value, because="his papers"
        )
    before = case.evidence.statements().to_csv()
    row = {"kind": "decided", "officer": "bob", "because": "he said so"}
    told = case.evidence.add(
        frame({**there[["entity_id", "schema", "prop", "value"]], **row}), because="from a colleague"
    )
    assert told["state"].item() == "rejected" and "ada" in told["why"].item()
    assert case.evidence.statements().to_csv() == before
