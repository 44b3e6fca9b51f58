"""What a valid package says of what is ours: a remark, without effect, listed, adopted or dismissed by an officer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from time import process_time

import pandas as pd
import pytest

from tests.case import material
from tests.case.packages.conftest import Side, cleared, packed
from workbench.case.case import Case
from workbench.case.context.entity_index import find_entity
from workbench.case.evidence.remarks import list_warning_passages
from workbench.errors import CaseError, PackageError
from workbench.exchange.package import write_package as make_package
from workbench.ingest import READERS
from workbench.ledger import Run
from workbench.ledger.access import terms
from workbench.model.ids import compute_digest, compute_sha256
from workbench.model.table_schemas import WARNINGS

Made = dict[str, object]
Send = Callable[[Case, dict[str, list[Made]]], None]
AT, SENDER = "2026-01-01T00:00:00Z", "ada (NCB Valdora)"
SIGNED = {"officer": SENDER, "because": "x", "at": AT}
HIGH = "EXERCISE CONFIDENTIAL"


@pytest.fixture
def mine(bo: Side, tmp_path: Path) -> Iterator[Case]:
    """Bo's own case, with files that he has himself."""
    (tmp_path / "mine").mkdir()
    case = bo.case(title="Quay")
    case.add(material.write(tmp_path / "mine"))
    case.extract()
    case.review.note("Ours.")
    yield case
    case.close()


@pytest.fixture
def theirs(ada: Side, tmp_path: Path) -> Iterator[Case]:
    """Ada's case, which has another file."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "tip.txt").write_text("Vera Holm called from the quay.", "utf-8")
    case = ada.case(title="Tip")
    case.add(tmp_path / "theirs")
    case.extract()
    yield case
    case.close()


@pytest.fixture
def send(theirs: Case, ada: Side, bo: Side, tmp_path: Path) -> Send:
    """Seal Ada's case with rows more, and take it in."""

    def sent(case: Case, more: dict[str, list[Made]]) -> None:
        with bo.open(packed(theirs, ada, bo)) as package:
            payload = {name: package.opened.read_content(name) for name in package.opened.names}
            cover = package.header.cover
        for table, rows in more.items():
            lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
            payload[f"ledger/{table}.jsonl"] = payload.get(f"ledger/{table}.jsonl", b"") + lines
        about = json.loads(payload["ledger/about.json"])
        about["kept_back"] = {
            str(row["sha256"]): "kept" for row in more.get("sources", ()) if f"sources/{row['sha256']}" not in payload
        }
        payload["ledger/about.json"] = json.dumps(about).encode()
        made = make_package(payload, cover, ada.officer, [bo.card], tmp_path / f"sent-{compute_digest(repr(more))}")
        with bo.open(made.path) as package:
            assert package.state == "VALID"
            package.add_to(case)

    return sent


# Rows of a package ------------------------------------------------------------------------------------------------------


def decision(kind: str, target: str, verdict: str) -> Made:
    row = {"target_kind": kind, "target_id": target, "verdict": verdict, "replacement": "", **SIGNED}
    return {"id": compute_digest("decision", *row.values()), **row}


def term(kind: str, target: str, facet: str, *values: str) -> Made:
    row = {"target_kind": kind, "target_id": target, "facet": facet, "value": json.dumps(sorted(values))}
    return {"id": compute_digest("term", *row.values()), **row, **SIGNED}


def claims(*said: tuple[str, str, str]) -> dict[str, list[Made]]:
    """What an officer of the sender says: entity, property, value."""
    statements, evidence = [], []
    for entity, prop, value in said:
        claim = {"entity_id": entity, "schema": "Person", "prop": prop, "value": value}
        key = compute_digest("statement", *claim.values())
        statements.append({"id": key, **claim})
        place = {"run_id": "officer", "document_id": "", "passage_id": "", "trace_id": "", "start": -1, "stop": -1}
        read = {"method": "officer", "version": "1", "confidence": 1.0, "kind": "decided", "original_value": ""}
        evidence.append({"id": compute_digest("evidence", key), "statement_id": key, **place, **read, **SIGNED})
    return {"statements": statements, "evidence": evidence}  # type: ignore[dict-item]


def fact(source: str, name: str, value: str) -> Made:
    return {"source": source, "name": name, "value": value, "officer": SENDER, "at": AT}


def ours(case: Case) -> list[set[str]]:
    """What the case answers about what is its own, line by line."""
    tables = [
        case.documents(), case.entities(), case.sources.list(), case.review.notes(), case.evidence.list("Ada Brook"),
        case.handling.marks(), case.handling.withheld(),
        case.search("container")[["text", "sender", "at"]],
    ]  # fmt: skip
    moments = ["mark", "first_seen", "last_seen", "received_at"]
    return [set(table.drop(columns=moments, errors="ignore").to_csv(index=False).splitlines()) for table in tables]


# Attacks ----------------------------------------------------------------------------------------------------------------


def note_on(passage: str) -> Made:
    """A note of the sender on a passage of ours."""
    return {"id": "note-1", "kind": "note", "text": "Known here.", "passages": json.dumps([passage]), "detail": "{}"}


@pytest.mark.slow
def test_predicted_ids_withdraw_nothing(mine: Case, send: Send, tmp_path: Path) -> None:
    """Ids of runs follow from a file's hash."""
    before = ours(mine)
    files = [compute_sha256(path) for path in (tmp_path / "mine/material").iterdir()]
    guessed = [Run("add", name, reader.version, key, "{}").id for key in files for name, reader in READERS.items()]
    assert {(key,) for key in guessed} & set(mine.context.ledger.connection.execute("SELECT id FROM runs").fetchall())
    send(mine, {"decisions": [decision("run", key, "withdrawn") for key in guessed]})
    assert all(held <= now for held, now in zip(before, ours(mine), strict=True))
    assert set(mine.sources.list()["state"]) == {"read", "quarantined"}
    assert mine.review.remarks()["kind"].tolist() == ["decision"] * len(guessed)
    [issue] = mine.sources.issues().loc[lambda i: i["code"] == "remarks", "message"]
    assert issue.startswith(
        f"Remarks by NCB Valdora about items that did not come only from this bureau: {len(guessed)}."
    )


@pytest.mark.slow
def test_marks_facts_claims_and_decisions_of_others_change_nothing_of_ours(mine: Case, send: Send) -> None:
    context = mine.context
    person, note = find_entity(context, "Ada Brook"), mine.review.notes()["note_id"].iloc[0]
    source = mine.sources.list().loc[lambda s: s["name"].str.endswith("chats.txt"), "source"].iloc[0]
    passage = context.passages[context.passages["text"].str.contains("container leaves")].iloc[0]
    marked = [
        ("passage", passage["passage_id"]),
        ("document", passage["document_id"]),
        ("source", source),
        ("note", note),
    ]
    before = ours(mine)
    with pytest.raises(PackageError, match=HIGH):
        send(mine, {"terms": [term(*what, "level", HIGH) for what in marked]})
    send(mine, {
        **claims((person, "notes", "Confessed to the murder"), (person, "birthDate", "2015-01-01")),
        "terms": [*(term(*what, "tlp", "TLP:RED") for what in marked), term("entity", person, "restricted", "yes")],
        "source_facts": [fact(source, "zone", "Asia/Tokyo"), fact(source, "exhibit", "FORGED/1")],
        "decisions": [decision("note", note, "withdrawn"), decision("entity", person, "rejected")],
    })  # fmt: skip
    assert all(held <= now for held, now in zip(before, ours(mine), strict=True))
    said = mine.review.remarks("Ada Brook")
    assert "Confessed" in " ".join(said["text"]) and set(said["bureau"]) == {"NCB Valdora"}
    assert said["warning"].iloc[0] == "minor" and "mistaken identity" in set(said["warning"])
    assert list(said["warning"]) == sorted(said["warning"], key=[*WARNINGS, ""].index)


@pytest.mark.slow
def test_a_claim_on_our_own_passage_is_no_evidence(mine: Case, theirs: Case, send: Send) -> None:
    """By a run of theirs, as a source states it, and citing what lies in our own file."""
    person, passages = find_entity(mine.context, "Ada Brook"), mine.context.passages
    passage = passages[passages["text"].str.contains("container leaves")].iloc[0]
    (run,) = theirs.context.ledger.connection.execute("SELECT id FROM runs WHERE kind = 'add'").fetchone()
    made = claims((person, "notes", "Confessed to the murder"), ("person-of-theirs", "name", "Otto"))
    place = {
        "run_id": run,
        "document_id": passage["document_id"],
        "passage_id": passage["passage_id"],
        "start": 0,
        "stop": 5,
    }
    for row in made["evidence"]:
        row.update(place, kind="received", officer="", because="", method="text")
    before = len(mine.evidence.list())
    send(mine, made)
    assert not mine.evidence.list()["value"].isin(["Confessed to the murder", "Otto"]).any()
    assert len(mine.evidence.list()) >= before
    assert set(mine.review.remarks()["text"]) == {"Notes: Confessed to the murder", "Name: Otto"}


@pytest.mark.slow
def test_a_warning_stands_first_at_the_thing_itself(mine: Case, send: Send) -> None:
    person = find_entity(mine.context, "Ada Brook")
    send(mine, claims((person, "notes", "Armed and dangerous")))
    chart = mine.chart(mine.graph("Ada Brook"))
    found, _ = chart.binding.passages([person], 50)
    assert found[0].says == "NCB Valdora warns: danger"
    assert "Armed and dangerous" in found[0].text
    assert not [one for one in found[1:] if "Armed" in one.text]
    mine.review.reject(mine.review.remarks("Ada Brook"), because="it is a toy")
    found, _ = chart.binding.passages([person], 50)
    assert "warns" not in found[0].says


@pytest.mark.slow
def test_an_officer_adopts_and_takes_back(mine: Case, send: Send) -> None:
    person = find_entity(mine.context, "Ada Brook")
    send(mine, {
        **claims((person, "nationality", "no")), "terms": [term("entity", person, "handling", "H1")],
        "decisions": [decision("entity", person, "rejected")],
    })  # fmt: skip
    assert "no" not in set(mine.evidence.list("Ada Brook").loc[lambda e: e["prop"] == "nationality", "value"])
    said = mine.review.remarks("Ada Brook")
    with pytest.raises(CaseError, match="reason"):
        mine.review.adopt(said.head(1), because=" ")
    with pytest.raises(CaseError, match="remark-x"):
        mine.review.adopt("remark-x", because="why not")
    adopted = mine.review.adopt(said[said["kind"].isin(["claim", "mark"])], because="checked by telephone")
    assert set(adopted["state"]) == {"adopted"}
    found = mine.evidence.list("Ada Brook").loc[lambda e: e["prop"] == "nationality"]
    assert found["officer"].tolist() == ["bo"] and "NCB Valdora" in found["because"].iloc[0]
    assert "H1" in mine.handling.marks().to_csv()
    mine.review.reject(found["statement_id"].iloc[0], because="misheard")
    dismissed = mine.review.reject(said[said["kind"] == "decision"], because="we know her")
    assert dismissed["state"].tolist() == ["dismissed"]
    assert mine.sources.issues().loc[lambda i: i["code"] == "remarks"].empty
    assert not (mine.log.verify()["state"] == "bad").any()


@pytest.mark.slow
def test_adopting_again_adds_nothing_and_dismissing_takes_the_words_back(mine: Case, theirs: Case, send: Send) -> None:
    person, passage = find_entity(mine.context, "Ada Brook"), str(mine.context.passages["passage_id"].iloc[0])
    note = note_on(passage)
    ends = sorted((person, find_entity(mine.context, "Cleo Dunn")))
    judgement: Made = {
        "id": compute_digest(*ends),
        "left_id": ends[0],
        "right_id": ends[1],
        "judgement": "not same",
        **SIGNED,
    }
    send(mine, {
        **claims((person, "nationality", "no")), "notes": [note | {"officer": SENDER, "at": AT}], "judgements": [judgement],
    })  # fmt: skip
    said = mine.review.remarks()
    words, fixed = said[said["kind"].isin(["claim", "note"])], said[said["kind"] == "judgement"]

    def standing() -> tuple[list[str], int, set[str]]:
        found = mine.evidence.list("Ada Brook").loc[lambda e: (e["value"] == "no") & (e["prop"] == "nationality")]
        notes = mine.review.notes()["text"].str.contains("Known here").sum()
        return found["verdict"].tolist(), int(notes), set(mine.review.remarks().loc[words.index, "state"])

    mine.review.adopt(words, because="confirmed")
    mine.review.adopt(words, because="confirmed once more")
    assert standing() == ([""], 1, {"adopted"})
    mine.review.reject(words, because="another person")
    assert standing() == (["rejected"], 0, {"dismissed"})
    mine.review.adopt(words, because="confirmed")
    verdicts, notes, states = standing()
    assert len([one for one in verdicts if one != "rejected"]) == 1 and (notes, states) == (1, {"adopted"})
    mine.review.adopt(fixed, because="seen together")
    with pytest.raises(CaseError, match="stays adopted"):
        mine.review.reject(pd.concat([fixed, words]), because="no")
    assert set(mine.review.remarks()["state"]) == {"adopted"} and standing()[1] == 1
    assert not (mine.log.verify()["state"] == "bad").any()


@pytest.mark.slow
def test_a_remark_bears_the_marks_of_its_sender(mine: Case, bo: Side, send: Send, tmp_path: Path) -> None:
    """Who may not see what it was sent under sees neither the remark nor its number, and does not take it in."""
    person = find_entity(mine.context, "Ada Brook")
    said = {**claims((person, "notes", "An informant.")), "terms": [term("entity", person, "level", HIGH)]}
    with pytest.raises(PackageError, match=HIGH):
        send(mine, said)
    other = Side(bo.officer, bo.trust, tmp_path / "other")
    with cleared(other, HIGH), closing(other.case()) as case:
        case.add(tmp_path / "mine")
        send(case, said)
        assert len(case.review.remarks()) == 2
    with closing(other.case()) as case:
        assert case.review.remarks().empty and case.sources.issues().loc[lambda i: i["code"] == "remarks"].empty
        assert case.handling.withheld().empty


@pytest.mark.slow
def test_a_mark_on_ours_is_told_and_hides_no_other_word_on_how_to_take_it(mine: Case, send: Send) -> None:
    """Claims of its sender about a minor are hidden as such, and counted, until the category is revealed."""
    person, source = find_entity(mine.context, "Ada Brook"), str(mine.sources.list()["source"].iloc[0])
    facets = [
        ("grade", "A1 (4x4)"),
        ("language", "fr"),
        ("purpose", "another inquiry"),
        ("restricted", "a court asks so"),
    ]
    marks = [term("source", source, *said) for said in facets]
    send(
        mine,
        {**claims((person, "notes", "At school.")), "terms": [*marks, term("entity", person, "special", "minors")]},
    )
    told = mine.review.remarks()
    assert sorted(told["text"]) == sorted(f"Mark: {name} {value}" for name, value in [*facets, ("special", "minors")])
    assert told["warning"].iloc[0] == "minor" and mine.review.remarks("Ada Brook")["warning"].tolist() == ["minor"]
    hidden = mine.handling.withheld().set_index("why")["items"]["hidden until revealed"]
    assert hidden == 1
    mine.handling.reveal("minors", because="to look after her")
    assert len(mine.review.remarks()) == len(told) + 1 and "hidden until revealed" not in set(
        mine.handling.withheld()["why"]
    )


@pytest.mark.slow
def test_remarks_kept_for_another_purpose_are_counted_where_the_mark_is_told(mine: Case, send: Send) -> None:
    person = find_entity(mine.context, "Ada Brook")
    said = claims((person, "notes", "At school."), (person, "notes", "Seen at the harbour."))
    send(mine, {**said, "terms": [term("entity", person, "purpose", "another inquiry")]})
    assert mine.review.remarks()["text"].tolist() == ["Mark: purpose another inquiry"]
    assert mine.handling.withheld().to_dict("records") == [{"why": "saved for another purpose", "items": 2}]


@pytest.mark.slow
def test_a_grade_that_is_adopted_takes_the_place_of_ours(mine: Case, send: Send) -> None:
    source = str(mine.sources.list()["source"].iloc[0])
    mine.evidence.grade(mine.sources.list().head(1), "B2", because="ours")
    send(mine, {"terms": [term("source", source, "grade", "A1 (4x4)")]})
    mine.review.adopt(mine.review.remarks(), because="compared")
    assert mine.evidence.grades()["grade"].tolist() == ["A1 (4x4)"]


def test_what_an_older_ledger_holds_that_is_no_grade_is_told_beside_the_others(mine: Case) -> None:
    one, other = mine.sources.list()["source"].iloc[:2]
    terms.add_facets(mine.context.ledger, [("source", str(one))], {"grade": ["F9 (9x9)"]}, "by an older version")
    terms.add_facets(mine.context.ledger, [("source", str(other))], {"grade": ["B2 (4x4)"]}, "ours")
    for scale in ("", "5x5x5"):
        told = mine.evidence.grades(scale=scale).set_index("grade")
        assert set(told.index) == {"F9 (9x9)", "B2 (4x4)"} and "is not a grade" in told["words"]["F9 (9x9)"]


def test_a_note_on_a_passage_is_about_whom_the_passage_names(mine: Case, send: Send) -> None:
    """The warning stands at the person, and at nobody else whom the passage does not name."""
    rows = mine.context.evidence
    one, other = (find_entity(mine.context, name) for name in ("Ada Brook", "Cleo Dunn"))
    apart = set(rows.loc[rows["canonical_id"] == one, "passage_id"]) - set(
        rows.loc[rows["canonical_id"] == other, "passage_id"]
    )
    passage = min(apart - {""})
    said: Made = {"kind": "note", "text": "Armed and dangerous.", "passages": json.dumps([passage]), "detail": "{}"}
    made: Made = {"id": "note-1", **said, "officer": SENDER, "at": AT}
    send(mine, {"notes": [made]})
    assert mine.review.remarks("Ada Brook")["warning"].tolist() == ["danger"] and mine.review.remarks("Cleo Dunn").empty
    assert [one.says for one in list_warning_passages(mine.context, [one])] and not list_warning_passages(
        mine.context, [other]
    )


@pytest.mark.slow
def test_a_correction_says_what_comes_in_its_place_and_is_adopted_only_with_it(mine: Case, send: Send) -> None:
    person = find_entity(mine.context, "Ada Brook")
    rows = mine.context.evidence
    old = rows[(rows["entity_id"] == person) & (rows["prop"] == "name")].iloc[0]["statement_id"]
    new = compute_digest("statement", person, "Person", "name", "Ada B. Brook")
    other = rows[rows["entity_id"] != person].iloc[0]["statement_id"]
    made = [decision("statement", old, "superseded") | {"replacement": key} for key in (other, "", "nowhere", new)]
    for number, row in enumerate(made):
        row["id"] = compute_digest("correction", str(number))
    send(mine, {**claims((person, "name", "Ada B. Brook")), "decisions": made})
    said = mine.review.remarks().loc[lambda r: r["kind"] == "decision"]
    assert len(said) == 4 and said["text"].str.contains("Replaced by:").all()
    before = mine.evidence.list("Ada Brook").to_csv()
    for key in said["remark_id"]:
        with pytest.raises(CaseError, match="The new statement is not in this case, or is about another"):
            mine.review.adopt(key, because="confirmed")
    assert mine.evidence.list("Ada Brook").to_csv() == before
    mine.review.adopt(mine.review.remarks().loc[lambda r: r["kind"] == "claim"], because="confirmed")
    right = mine.review.remarks().loc[lambda r: r["text"].str.contains("Replaced by: .*= Ada B. Brook")]
    assert mine.review.adopt(right, because="confirmed")["state"].tolist() == ["adopted"]
    assert "Ada B. Brook" in set(mine.evidence.list("Ada B. Brook")["value"])


@pytest.mark.slow
def test_many_remarks_are_told_in_little_time(mine: Case, send: Send) -> None:
    """What things are called is looked up once, not for each remark."""
    persons = mine.context.evidence["entity_id"].unique()
    row = {"judgement": "same", **SIGNED}
    pairs = [sorted((str(persons[at % len(persons)]), f"person-{compute_digest(str(at))}")) for at in range(2000)]
    made = [{"id": compute_digest(*pair), "left_id": pair[0], "right_id": pair[1], **row} for pair in pairs]
    send(mine, {"judgements": made})
    mine.review.remarks("Ada Brook")
    began = process_time()
    assert len(mine.review.remarks()) == 2000
    assert process_time() - began < 3


# First theirs, then ours ------------------------------------------------------------------------------------------------


def taken_first(rows: dict[str, list[tuple[str, ...]]]) -> dict[str, list[Made]]:
    """Rows under the ids that a file of ours will have, and marks, facts and decisions on them."""
    evil = "9" * 64
    sources = [key for (key,) in rows["sources"]]
    runs = [key for key, source in rows["runs"] if source]
    documents = [key for (key,) in rows["documents"]]
    unsigned = {"officer": "", "at": AT}
    ran = {
        "kind": "add",
        "state": "read",
        "source": evil,
        "method": "text",
        "version": "1",
        "parameters": "{}",
        "counts": "{}",
    }
    lies = {"trace": "", "place": "", "device": "forged", "custodian": "forged", "conversation": ""}
    return {
        "sources": [{"sha256": key, "name": "forged.txt", "size": 1, "received_at": AT, "officer": ""} for key in (evil, *sources)],
        "source_facts": [fact(key, "zone", "Asia/Tokyo") for key in sources],
        "runs": [{"id": key, **ran, **unsigned} for key in runs],
        "documents": [{"id": key, "schema": "PlainText", "title": "forged", "at": "", "service": ""} for key in documents],
        "traces": [{"id": compute_digest("t", key), "run_id": runs[0], "document_id": key, "source": evil, **lies} for key in documents],
        "passages": [
            {"id": key, "document_id": f"{document}x", "number": 0, "page": 0, "text": "Nobody said this."}
            for key, document in rows["passages"]
        ],
        "terms": [*_marks("document", documents), *_marks("passage", (key for key, _ in rows["passages"])),
                  *(term("entity", key, "restricted", "yes") for _, key in rows["statements"])],
        "decisions": [*(decision("run", key, "withdrawn") for key in runs),
                      *(decision("statement", key, "withdrawn") for key, _ in rows["statements"])],
    }  # fmt: skip


def _marks(kind: str, keys: Iterable[str]) -> list[Made]:
    return [term(kind, key, "level", HIGH) for key in keys]


@pytest.mark.slow
def test_what_a_package_used_first_does_not_keep_ours_out(bo: Side, send: Send, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    files = material.write(tmp_path / "plain")
    twin = Side(bo.officer, bo.trust, tmp_path / "twin").case()
    twin.add(files)
    twin.extract()
    wanted = {
        "documents": "id", "passages": "id, document_id", "runs": "id, source", "sources": "sha256", "statements": "id, entity_id",
    }  # fmt: skip
    sql = twin.context.ledger.connection
    rows = {table: sql.execute(f"SELECT {names} FROM {table}").fetchall() for table, names in wanted.items()}
    expected = ours(twin)
    twin.close()
    with cleared(bo, HIGH), closing(bo.case()) as case:
        send(case, taken_first(rows))
    case = bo.case()
    assert not case.documents().empty
    assert set(case.add(files)["state"]) == {"read", "quarantined"}
    case.extract()
    now = ours(case)
    for at in (0, 1, 4, 7):  # documents, entities, evidence, hits
        assert expected[at] <= now[at], at
    assert "Nobody said this." not in set(case.context.passages["text"])
    case.close()


# What does not count here ----------------------------------------------------------------------------------------------

LETTER = "Dear client, Greta Vossen will confess. Her number is +44 7700 900555."
SECRETS = ("Vossen", "confess", "900555")


def reopen(case: Case) -> None:
    key = case.sources.exclusions()["set_aside_id"].iloc[0]
    case.sources.reopen(key, role="independent counsel", because="order of the court")


LOSSES: dict[str, tuple[Callable[[Case], object], Callable[[Case], object]]] = {
    "excluded by folder": (
        lambda case: case.sources.exclude(folder="counsel.txt", because="of counsel"),
        reopen,
    ),
    "excluded by words": (
        lambda case: case.sources.exclude(term="Dear client", because="of counsel"),
        reopen,
    ),
    "withdrawn": (
        lambda case: case.sources.withdraw("counsel.txt", because="handed in by mistake"),
        lambda case: case.sources.restore("counsel.txt", because="looked at again"),
    ),
}  # fmt: skip
"""How a letter comes not to count, and how it counts again."""


@pytest.fixture
def letter(ada: Side, bo: Side, tmp_path: Path) -> Iterator[tuple[Case, Path]]:
    """Bo's case with a letter, and a package of Ada, who has the same letter and says much of it."""
    (tmp_path / "both").mkdir()
    (tmp_path / "both" / "counsel.txt").write_text(LETTER)
    (tmp_path / "both" / "other.txt").write_text("The ferry left at nine.")
    with closing(ada.case(title="Letter")) as case:
        case.add(tmp_path / "both", options={"region": "GB"})
        case.extract()
        passage = case.search("Greta")["passage_id"].iloc[0]
        case.evidence.add("Person", source=passage, because="letter", name="Greta Vossen", notes="will confess")
        case.review.note("Greta Vossen will confess, says the letter", passages=[passage])
        case.review.note("Greta Vossen will confess all", kind="conclusion", supporting=[passage])
        case.review.note("The ferry is known", passages=[case.search("ferry")["passage_id"].iloc[0]])
        path = packed(case, ada, bo)
    case = bo.case(title="Quay")
    case.add(tmp_path / "both", options={"region": "GB"})
    yield case, path
    case.close()


def take_in(case: Case, bo: Side, path: Path) -> None:
    with bo.open(path) as package:
        package.add_to(case)


def said_of_letter(case: Case) -> str:
    told = [case.review.remarks().drop(columns=["package", "at"]), case.entities(), case.review.notes()]
    return "".join(table.to_csv() for table in told)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("way", LOSSES)
def test_remarks_on_what_does_not_count_are_gone_until_it_counts_again(
    letter: tuple[Case, Path], bo: Side, way: str, first: bool
) -> None:
    case, path = letter
    lose, regain = LOSSES[way]
    for step in (lose, None) if first else (None, lose):
        if step is None:
            take_in(case, bo, path)
        else:
            step(case)
    left = case.review.remarks()
    assert left["text"].tolist() == ["The ferry is known"]
    assert not any(word in said_of_letter(case) for word in SECRETS)
    [issue] = case.sources.issues().loc[lambda i: i["code"] == "remarks", "message"]
    assert issue.startswith("Remarks by NCB Valdora about items that did not come only from this bureau: 1.")
    regain(case)
    back = case.review.remarks()
    assert all(word in back.to_csv() for word in ("Vossen", "confess")) and len(back) > 3


@pytest.mark.slow
@pytest.mark.parametrize("way", LOSSES)
def test_what_was_adopted_before_goes_with_what_does_not_count(
    letter: tuple[Case, Path], bo: Side, ada: Side, way: str
) -> None:
    case, path = letter
    take_in(case, bo, path)
    chosen = case.review.remarks()
    case.review.adopt(chosen, because="so it is")
    assert "will confess all" in said_of_letter(case)
    LOSSES[way][0](case)
    with pytest.raises(CaseError, match="There is no remark"):
        case.review.adopt(chosen, because="so it is")
    if way != "withdrawn":
        assert not any(word in said_of_letter(case) for word in SECRETS)
    with ada.open(packed(case, bo, ada)) as package:
        sent = b"".join(package.opened.read_content(name) for name in package.opened.names)
    assert not any(word.encode() in sent for word in SECRETS)


CHAT = """03/04/2024, 10:00 - Rita Moss: hello there
03/04/2024, 10:01 - Greta Vossen: I will confess
03/04/2024, 10:02 - Rita Moss: good
"""


@pytest.mark.slow
def test_what_only_another_reading_of_an_excluded_file_has_is_gone_with_it(ada: Side, bo: Side, tmp_path: Path) -> None:
    """Nobody knows of which part of the file it is."""
    (tmp_path / "chat.txt").write_text(CHAT)
    with closing(ada.case(title="Chat")) as case:
        case.add(tmp_path / "chat.txt", options={"dates": "mdy"})
        path = packed(case, ada, bo)
    with closing(bo.case(title="Quay")) as case:
        case.add(tmp_path / "chat.txt", options={"dates": "dmy"})
        take_in(case, bo, path)
        told = case.review.remarks()
        assert "I will confess" in set(told["text"]) and told["about"].str.contains("chat.txt").all()
        case.sources.exclude(term="confess", because="of counsel")
        assert case.review.remarks().empty
        reopen(case)
        assert case.review.remarks()["remark_id"].tolist() == told["remark_id"].tolist()
        case.handling.mark("chat.txt", special=["health"], because="an illness")
        assert case.review.remarks().empty
