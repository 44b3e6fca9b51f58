"""What a valid package says of what is ours: a remark, without effect, listed, adopted or dismissed by an officer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.case import material
from tests.case.packages.conftest import Side, packed
from workbench.case.case import Case
from workbench.errors import CaseError
from workbench.exchange.package import pack as make_package
from workbench.ingest import READERS
from workbench.ledger import Run
from workbench.model.ident import digest, sha256_file

Payload = dict[str, bytes]
AT = "2026-01-01T00:00:00Z"
SENDER = "ada (NCB Valdora)"


@pytest.fixture
def mine(bo: Side, tmp_path: Path) -> Iterator[Case]:
    """Bo's own case, with the same files as he has them himself."""
    (tmp_path / "mine").mkdir()
    case = bo.case(title="Quay")
    case.add(material.write(tmp_path / "mine"))
    case.extract()
    case.note("Ours.")
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
def send(theirs: Case, ada: Side, bo: Side, tmp_path: Path) -> Callable[[Case, dict[str, list[dict[str, object]]]], None]:
    """Seal Ada's case with rows more, and take it in."""

    def sent(case: Case, more: dict[str, list[dict[str, object]]]) -> None:
        with bo.open(packed(theirs, ada, bo)) as package:
            payload = {name: package.opened.content(name) for name in package.opened.names}
            cover = package.header.cover
        for table, rows in more.items():
            lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
            payload[f"ledger/{table}.jsonl"] = payload.get(f"ledger/{table}.jsonl", b"") + lines
        made = make_package(payload, cover, ada.officer, [bo.card], tmp_path / f"sent-{len(more)}-{digest(repr(more))}")
        with bo.open(made.path) as package:
            assert package.state == "VALID"
            package.add_to(case)

    return sent


def decision(kind: str, target: str, verdict: str) -> dict[str, object]:
    row = {"target_kind": kind, "target_id": target, "verdict": verdict, "replacement": "", "officer": SENDER, "because": "x", "at": AT}
    return {"id": digest("decision", *map(str, row.values())), **row}


def term(kind: str, target: str, facet: str, *values: str) -> dict[str, object]:
    row = {"target_kind": kind, "target_id": target, "facet": facet, "value": json.dumps(sorted(values))}
    return {"id": digest("term", *map(str, row.values())), **row, "officer": SENDER, "because": "x", "at": AT}


def counts(case: Case) -> tuple[int, ...]:
    return len(case.documents()), len(case.entities()), len(case.evidence()), len(case.notes()), len(case.search("container"))


def ours(case: Case) -> tuple[object, ...]:
    """What the case answers about what is its own."""
    documents = case.documents()
    sources = case.sources().drop(columns=["mark"])
    return (
        documents.drop(columns="mark").to_csv(), case.entities().drop(columns="mark").to_csv(), sources.to_csv(), case.notes().to_csv(),
        case.evidence("Ada Brook").to_csv(), case.marks().to_csv(), case.withheld().to_csv(),
        case.search("container")[["text", "sender", "at"]].to_csv(),
    )  # fmt: skip


def test_predicted_ids_withdraw_nothing(mine: Case, send: Callable[..., None], tmp_path: Path) -> None:
    """The first attack: run ids follow from a file's hash."""
    before = counts(mine)
    files = [sha256_file(path) for path in (tmp_path / "mine/material").iterdir()]
    guessed = [Run("add", name, reader.version, key, "{}").id for key in files for name, reader in READERS.items()]
    known = set(mine.book.ledger.connection.execute("SELECT id FROM runs").fetchall())
    assert {(key,) for key in guessed} & known
    send(mine, {"decisions": [decision("run", key, "withdrawn") for key in guessed]})
    documents, entities, evidence, notes, hits = counts(mine)
    assert documents == before[0] + 1 and entities >= before[1] and evidence >= before[2] and (notes, hits) == before[3:]
    assert set(mine.sources()["state"]) == {"read", "quarantined"}
    assert (mine.remarks()["kind"] == "decision").sum() == len(guessed)
    assert len(mine.remarks()) == len(guessed), mine.remarks()[lambda r: r["kind"] != "decision"].to_dict("records")
    [issue] = mine.issues().loc[lambda i: i["code"] == "remarks", "message"]
    assert issue.startswith(f"NCB Valdora says {len(guessed)} thing(s)")


def test_marks_facts_claims_and_decisions_of_others_change_nothing_of_ours(mine: Case, send: Callable[..., None]) -> None:
    book = mine.book
    person, note = book.find("Ada Brook"), mine.notes()["note_id"].iloc[0]
    source = mine.sources().set_index("name").loc["material/chats.txt" if "material/chats.txt" in set(mine.sources()["name"]) else "chats.txt", "source"]
    passage = book.passages[book.passages["text"].str.contains("container leaves")].iloc[0]
    honest = ours(mine)
    run = "f" * 24
    claim = {"entity_id": person, "schema": "Person", "prop": "notes", "value": "Confessed to the murder"}
    statement = {"id": digest("statement", *claim.values()), **claim}
    birth = {"entity_id": person, "schema": "Person", "prop": "birthDate", "value": "2015-01-01"}
    minor = {"id": digest("statement", *birth.values()), **birth}
    place = {"run_id": "officer", "document_id": "", "passage_id": "", "trace_id": "", "start": -1, "stop": -1}
    told = {"method": "officer", "version": "1", "confidence": 1.0, "kind": "decided", "original_value": "", "officer": SENDER, "because": "x", "at": AT}
    send(mine, {
        "terms": [term(kind, key, "level", "EXERCISE CONFIDENTIAL") for kind, key in (
            ("passage", passage["passage_id"]), ("document", passage["document_id"]), ("source", source), ("note", note),
        )] + [term("entity", person, "restricted", "yes")],
        "source_facts": [{"source": source, "name": name, "value": value, "officer": SENDER, "at": AT}
                         for name, value in (("zone", "Asia/Tokyo"), ("exhibit", "FORGED/1"))],
        "statements": [statement, minor],
        "evidence": [{"id": digest(str(number)), "statement_id": one["id"], **place, **told} for number, one in enumerate((statement, minor))],
        "decisions": [decision("note", note, "withdrawn"), decision("entity", person, "rejected")],
        "runs": [],
    })  # fmt: skip
    assert run not in set(book.ledger.connection.execute("SELECT id FROM runs"))
    now = ours(mine)
    for before, after in zip(honest[2:], now[2:], strict=True):
        assert set(str(before).splitlines()) <= set(str(after).splitlines())
    assert set(honest[0].splitlines()[1:]) <= {line for line in now[0].splitlines()} or "container" in now[7]
    said = mine.remarks("Ada Brook")
    assert "Confessed" in " ".join(said["text"]) and set(said["bureau"]) == {"NCB Valdora"}
    assert said["warning"].iloc[0] == "minor" and "mistaken identity" in set(said["warning"])
    assert list(said["warning"]) == sorted(said["warning"], key=["danger", "minor", "protected person", "mistaken identity", ""].index)


def test_a_warning_stands_first_at_the_thing_itself(mine: Case, send: Callable[..., None]) -> None:
    person = mine.book.find("Ada Brook")
    claim = {"entity_id": person, "schema": "Person", "prop": "notes", "value": "Armed and dangerous"}
    statement = {"id": digest("statement", *claim.values()), **claim}
    row = {
        "id": "e" * 24, "statement_id": statement["id"], "run_id": "officer", "document_id": "", "passage_id": "", "trace_id": "", "start": -1,
        "stop": -1, "method": "officer", "version": "1", "confidence": 1.0, "kind": "decided", "original_value": "", "officer": SENDER,
        "because": "seen", "at": AT,
    }  # fmt: skip
    send(mine, {"statements": [statement], "evidence": [row]})
    from workbench_widgets.evidence import Evidence

    chart = mine.chart(mine.graph("Ada Brook"))
    view = Evidence(chart.model, chart.model.session.source) if hasattr(chart.model.session, "source") else None
    found, _ = chart.binding.passages([person], 50)
    assert found[0].says == "NCB Valdora warns: danger"
    assert "Armed and dangerous" in found[0].text
    assert view is None or view


def test_an_officer_adopts_and_takes_back(mine: Case, send: Callable[..., None]) -> None:
    person = mine.book.find("Ada Brook")
    claim = {"entity_id": person, "schema": "Person", "prop": "nationality", "value": "no"}
    statement = {"id": digest("statement", *claim.values()), **claim}
    row = {
        "id": "e" * 24, "statement_id": statement["id"], "run_id": "officer", "document_id": "", "passage_id": "", "trace_id": "", "start": -1,
        "stop": -1, "method": "officer", "version": "1", "confidence": 1.0, "kind": "decided", "original_value": "", "officer": SENDER,
        "because": "passport", "at": AT,
    }  # fmt: skip
    send(mine, {
        "statements": [statement], "evidence": [row], "terms": [term("entity", person, "handling", "H1")],
        "decisions": [decision("entity", person, "rejected")],
    })  # fmt: skip
    assert "no" not in set(mine.evidence("Ada Brook").loc[lambda e: e["prop"] == "nationality", "value"])
    said = mine.remarks("Ada Brook")
    with pytest.raises(CaseError, match="reason"):
        mine.adopt(said.head(1), because=" ")
    with pytest.raises(CaseError, match="remark-x"):
        mine.adopt("remark-x", because="why not")
    adopted = mine.adopt(said[said["kind"].isin(["claim", "mark"])], because="checked by telephone")
    assert set(adopted["state"]) == {"adopted"}
    found = mine.evidence("Ada Brook").loc[lambda e: e["prop"] == "nationality"]
    assert found["officer"].tolist() == ["bo"] and "NCB Valdora" in found["because"].iloc[0]
    assert mine.marks().astype(str).apply(lambda row: "H1" in " ".join(row), axis=1).any()
    mine.reject(found["statement_id"].iloc[0], because="misheard")
    dismissed = mine.dismiss(said[said["kind"] == "decision"], because="we know her")
    assert dismissed["state"].tolist() == ["dismissed"]
    assert mine.verify()["state"].isin(["ok", "not checked"]).all()


def test_what_a_package_used_first_does_not_keep_ours_out(bo: Side, theirs: Case, send: Callable[..., None], tmp_path: Path) -> None:
    """Rows under the ids that our file will have: run, document, passage, entity, evidence; marks, facts and decisions on them."""
    (tmp_path / "plain").mkdir()
    files = material.write(tmp_path / "plain")
    twin = Side(bo.officer, bo.trust, tmp_path / "twin").case()
    twin.add(files)
    twin.extract()
    expected = twin.documents().drop(columns="mark").to_csv()
    rows = {
        table: [dict(zip(names, row, strict=True)) for row in twin.book.ledger.connection.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall()]
        for table, names in {"documents": ["id"], "passages": ["id", "document_id"], "evidence": ["id"], "runs": ["id", "source"], "sources": ["sha256"],
                             "statements": ["id", "entity_id"]}.items()
    }  # fmt: skip
    own = ours(twin)
    twin.close()
    case = bo.case()
    evil = "9" * 64
    runs = [row["id"] for row in rows["runs"] if row["source"]]
    passages = [
        {"id": row["id"], "document_id": rows["documents"][0]["id"] + "x", "number": 0, "page": 0, "text": "Nobody said this."} for row in rows["passages"]
    ]
    send(case, {
        "sources": [{"sha256": key, "name": "forged.txt", "size": 1, "received_at": AT, "officer": ""} for key in (evil, *(r["sha256"] for r in rows["sources"]))],
        "source_facts": [{"source": r["sha256"], "name": "zone", "value": "Asia/Tokyo", "officer": "", "at": AT} for r in rows["sources"]],
        "runs": [{"id": key, "kind": "add", "state": "read", "source": evil, "method": "text", "version": "1", "parameters": "{}", "counts": "{}", "officer": "", "at": AT} for key in runs],
        "documents": [{"id": row["id"], "schema": "PlainText", "title": "forged", "at": "", "service": ""} for row in rows["documents"]],
        "traces": [{"id": digest("t", row["id"]), "run_id": runs[0], "document_id": row["id"], "source": evil, "trace": "", "place": "", "device": "forged", "custodian": "forged", "conversation": ""} for row in rows["documents"]],
        "passages": passages,
        "terms": [term(kind, row["id"], "level", "EXERCISE CONFIDENTIAL") for kind, table in (("document", "documents"), ("passage", "passages")) for row in rows[table]]
        + [term("entity", row["entity_id"], "restricted", "yes") for row in rows["statements"]],
        "decisions": [decision("run", key, "withdrawn") for key in runs] + [decision("statement", row["id"], "withdrawn") for row in rows["statements"]],
    })  # fmt: skip
    assert not case.documents().empty
    receipts = case.add(files)
    assert set(receipts["state"]) == {"read", "quarantined"}
    case.extract()
    documents = case.documents().drop(columns="mark")
    kept = documents[documents["document_id"].isin([row["id"] for row in rows["documents"]])]
    assert kept.to_csv(index=False).splitlines() == [line.partition(",")[2] for line in expected.splitlines()]
    assert case.search("container")[["text", "sender", "at"]].to_csv() == own[7]
    assert "Nobody said this." not in set(case.book.passages["text"])
    assert case.evidence("Ada Brook")["value"].tolist() == ["Ada Brook"]
