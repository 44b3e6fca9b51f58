"""Entries: what they hold, what they only commit to, who acts, what is refused, and what is gone when a text is erased."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.loglike import ROOT, independent
from workbench import identity
from workbench.errors import CaseError
from workbench.ledger import Arrival, Ledger, Object
from workbench.ledger.erasure import log_texts
from workbench.ledger.log import audit_log
from workbench.ledger.log.finding import BAD
from workbench.ledger.records import consultations
from workbench.ledger.verification.verify import verify_case

SECRET = "Marta Oliveira"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "ledger.db", officer="ada", purpose="investigation 7")
    yield made
    made.close()


def lines(ledger: Ledger) -> list[str]:
    return [row[0] for row in ledger.connection.execute("SELECT entry FROM audit ORDER BY seq")]


def wrong(ledger: Ledger) -> list[str]:
    return [one.said for one in verify_case(ledger.connection) if one.state == BAD]


def test_an_entry_has_the_fields_that_the_law_asks_for(ledger: Ledger) -> None:
    ledger.session = replace(ledger.session, reason="check of the alibi", legal_basis="art. 7", mark="EXERCISE")
    ledger.record(
        "disclosure", Object("report", "r.html", count=3, outputs=["ab" * 32]), {"pages": "pdf"}, to=["Prosecutor"]
    )
    entry = json.loads(lines(ledger)[0])
    assert entry["seq"] == 1 and entry["op"] == "disclosure" and entry["result"] == "ok"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry["ts_utc"])
    assert set(entry["actor"]) == {"officer", "name", "bureau", "role", "session", "auth_method", "fingerprint"}
    assert entry["object"] | {"name": ""} == {"kind": "report", "id": "", "count": 3, "name": "", "query": ""}
    assert (
        entry["output_hashes"] == ["ab" * 32] and entry["input_hashes"] == [] and entry["confidentiality"] == "EXERCISE"
    )
    assert set(entry["tool"]) == {"name", "version", "params"} and len(entry["recipients"]) == 1
    row = consultations.list_entries(ledger).iloc[0]
    told = row[["officer", "purpose", "reason", "legal_basis", "object", "recipients", "detail", "mark"]].tolist()
    assert told == [
        "ada",
        "investigation 7",
        "check of the alibi",
        "art. 7",
        "r.html",
        "Prosecutor",
        '{"pages": "pdf"}',
        "EXERCISE",
    ]


def test_a_line_is_the_canonical_text_and_a_leaf_its_hash(ledger: Ledger) -> None:
    ledger.record("consultation", Object("search", query="Überfall ‘92’ – شاحنة"))
    line, leaf = ledger.connection.execute("SELECT entry, leaf FROM audit").fetchone()
    assert line == json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert leaf == hashlib.sha256(b"\x00" + line.encode()).digest()


@pytest.mark.parametrize("place", [*audit_log.COMMITTED, "recipients.0"])
def test_what_people_wrote_stands_nowhere_in_the_log_but_is_committed_to(tmp_path: Path, place: str) -> None:
    who = SECRET if place == "actor.name" else "ada"
    ledger = Ledger(tmp_path / "ledger.db", officer=who, purpose=SECRET)
    ledger.session = replace(ledger.session, legal_basis=SECRET, reason=SECRET)
    ledger.record("disclosure", Object("search", SECRET, query=SECRET), {"file": SECRET}, to=[SECRET])
    line = lines(ledger)[0]
    assert SECRET not in line and "Oliveira" not in line
    salt, text = ledger.connection.execute("SELECT salt, text FROM audit_texts WHERE field = ?", (place,)).fetchone()
    assert SECRET in text and len(salt) == 16
    assert hashlib.sha256(salt + text.encode()).hexdigest() == audit_log.get_value(json.loads(line), place)
    ledger.close()


def test_the_same_text_has_another_hash_each_time(ledger: Ledger) -> None:
    for _ in range(20):
        ledger.record("consultation", Object("search", query=SECRET))
    hashes = [hash_ for line in lines(ledger) for _, hash_ in audit_log.list_commitments(json.loads(line))]
    assert len(hashes) == len(set(hashes)) == 80


def test_an_officer_by_name_is_a_number_of_this_case_alone(tmp_path: Path) -> None:
    seen = set()
    for name in ("a.db", "b.db"):
        for _ in range(2):
            ledger = Ledger(tmp_path / name, officer="ada", purpose="test")
            seen.add((ledger.session.actor.id, ledger.session.case_id))
            assert ledger.session.actor.auth_method == "name" and ledger.session.actor.fingerprint == ""
            ledger.close()
    assert len(seen) == 2 and all(re.fullmatch(r"local:[0-9a-f]{32}", who) for who, _ in seen)


def test_an_officer_with_a_key_is_its_fingerprint(tmp_path: Path) -> None:
    officer = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM", role="analyst")
    ledger = Ledger(tmp_path / "ledger.db", officer=officer, purpose="test")
    assert ledger.officer == "Ada Lind"
    ledger.record("consultation", Object("case"))
    actor = json.loads(lines(ledger)[0])["actor"]
    assert actor["officer"] == actor["fingerprint"] == officer.card.fingerprint
    assert (actor["auth_method"], actor["bureau"], actor["role"]) == ("key", "NCB Valdora", "analyst")
    ledger.close()


@pytest.mark.parametrize("operation", audit_log.REASONED)
def test_consultation_and_disclosure_are_refused_without_a_reason_and_that_is_logged(
    tmp_path: Path, operation: str
) -> None:
    ledger = Ledger(tmp_path / "ledger.db", officer="ada", purpose=" ")
    with pytest.raises(CaseError, match=r"You need a reason to (view this material|disclose data)"):
        ledger.record(operation, Object("search", query="x"))
    log = consultations.list_entries(ledger)
    assert log[["operation", "result"]].to_numpy().tolist() == [[operation, "refused"]]
    ledger.record(operation, Object("search", query="x"), {"because": "check of the alibi"})
    assert consultations.list_entries(ledger)["reason"].iloc[1] == "check of the alibi"
    ledger.close()


def test_an_operation_that_there_is_not_is_the_caller_s_mistake(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="collection, alteration"):
        ledger.record("deletion", Object("case"))
    assert lines(ledger) == []


def test_an_entry_is_written_with_what_it_tells_of_or_not_at_all(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.open_transaction() as sql:  # noqa: PT012
        ledger.log(sql, "collection", Object("source", id="ab" * 32), {})
        raise RuntimeError
    assert lines(ledger) == [] and ledger.connection.execute("SELECT count(*) FROM audit_texts").fetchone() == (0,)
    ledger.add_note("note", "x", [], {})
    assert len(lines(ledger)) == 1


def test_version_changes_with_rows_and_with_nothing_else(ledger: Ledger) -> None:
    seen = [ledger.get_version()]
    ledger.record("consultation", Object("search", query="x"))
    ledger.record("disclosure", Object("report"))
    ledger.refuse("alteration", Object("set-aside", "x"), "not allowed")
    seen.append(ledger.get_version())
    ledger.add_source("ab" * 32, Arrival("a.txt"), 1, {})
    seen.append(ledger.get_version())
    ledger.judge([("a", "b")], "same", "x")
    seen.append(ledger.get_version())
    assert seen == [0, 0, 4, 5]
    plan = " ".join(
        row[3]
        for row in ledger.connection.execute(
            "EXPLAIN QUERY PLAN SELECT coalesce(max(seq), 0) FROM audit WHERE result = 'ok' AND op NOT IN ('consultation', 'disclosure')"
        )
    )
    assert "audit_changes" in plan


def test_an_entry_is_neither_changed_nor_deleted_by_mistake(ledger: Ledger) -> None:
    ledger.record("consultation", Object("case"))
    for statement in ("UPDATE audit SET entry = '{}'", "DELETE FROM audit"):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            ledger.connection.execute(statement)


def test_erasing_a_text_leaves_the_log_right_and_the_text_nowhere(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record("consultation", Object("search", query=f"where was {SECRET}"))
    ledger.record("consultation", Object("case"), {"because": f"{SECRET} said so"})
    places = log_texts.find_places(ledger, SECRET.upper())
    assert places == [(1, "object.query"), (2, "justification")]
    assert log_texts.erase_texts(ledger, [*places, (99, "purpose")], "order of the court") == 2
    assert log_texts.find_places(ledger, SECRET) == [] and wrong(ledger) == []
    assert independent().verify(ledger.connection) == []
    log = consultations.list_entries(ledger)
    assert log["query"].iloc[0] == consultations.ERASED and log["operation"].iloc[2] == "erasure"
    assert "erased, as the log records: 2" in next(
        one.said for one in verify_case(ledger.connection) if one.check == "texts"
    )
    ledger.connection.execute("VACUUM")
    ledger.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert SECRET.encode() not in held
    assert log_texts.erase_texts(ledger, places, "again") == 0 and len(consultations.list_entries(ledger)) == 3


def test_what_holds_for_a_session_is_not_written_anew_once_it_is_erased(tmp_path: Path) -> None:
    """Not by the session that erased it, nor by one of another officer; a new reason is written."""
    sessions = [Ledger(tmp_path / "ledger.db", officer=name, purpose=f"file of {SECRET}") for name in ("ada", "bob")]
    for session in sessions:
        session.amend(reason=f"look at {SECRET}")
        session.record("consultation", Object("case"))
    ada, bob = sessions
    assert log_texts.erase_texts(ada, log_texts.find_places(ada, SECRET), "order of the court") == 4
    for session in sessions:
        session.record("consultation", Object("case"))
    assert log_texts.find_places(ada, SECRET) == [] and wrong(ada) == []
    assert set(consultations.list_entries(ada)["purpose"].tail(3)) == {consultations.ERASED}
    bob.amend(reason="another look")
    bob.record("consultation", Object("case"))
    assert consultations.list_entries(bob)["reason"].iloc[-1] == "another look"
    for session in sessions:
        session.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    made = Ledger(tmp_path_factory.mktemp("any") / "ledger.db", officer="ada\udcff", purpose="p")
    yield made
    made.close()


@pytest.mark.slow
@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_can_be_logged_and_read_again(shared: Ledger, query: str, reason: str, to: list[str]) -> None:
    shared.record("disclosure", Object("search", query, query=query), {"because": reason}, to=to)
    row = consultations.list_entries(shared).iloc[-1]
    known = query.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert row["query"] == known and row["recipients"].count(", ") >= max(len(list(filter(None, to))) - 1, 0)
    assert wrong(shared) == [] and independent().verify(shared.connection) == []


def test_the_documentation_names_every_field(ledger: Ledger) -> None:
    ledger.record("consultation", Object("case"))
    told = (ROOT / "docs" / "audit.md").read_text("utf-8")
    entry = json.loads(lines(ledger)[0])
    names = {*entry, *entry["actor"], *entry["object"], *entry["tool"]}
    assert {name for name in names if f"`{name}`" not in told} == set()
