"""Who sees what of the log, reasons that are asked once, refusals, checkpoints of officers with a key, the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workbench import identity
from workbench.case.access.audit_log import USE
from workbench.case.case import Case, open_case
from workbench.cli import main
from workbench.errors import CaseError, IdentityError
from workbench.identity import Officer
from workbench.ledger.log import checkpoints


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def officer() -> Officer:
    return identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")


def opened(tmp_path: Path, officer: str | Officer, reason: str = "") -> Case:
    return open_case(tmp_path / "case", officer=officer, purpose="training", reason=reason)


def settings(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "case" / "case.toml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_officers_see_their_own_entries_and_how_many_others_there_are(tmp_path: Path) -> None:
    for name in ("ada", "ben"):
        case = opened(tmp_path, name)
        case.review.note(f"a note of {name}")
        case.close()
    case = opened(tmp_path, "ada")
    log = case.log.entries()
    assert set(log["officer"]) == {"ada"} and log["seq"].tolist() == [1, 2, 5]
    assert log.attrs["others"] == 2 and log.attrs["use"] == USE
    assert len(case.log.entries()) == 3
    case.close()


def test_an_auditor_sees_all_and_is_logged(tmp_path: Path) -> None:
    for name in ("ada", "ben"):
        opened(tmp_path, name).close()
    settings(tmp_path, "auditors = []", 'auditors = ["cy"]')
    case = opened(tmp_path, "cy", reason="complaint 4")
    log = case.log.entries()
    assert set(log["officer"]) == {"ada", "ben", "cy"} and log.attrs["others"] == 0
    assert log[["operation", "kind", "reason"]].iloc[-1].tolist() == ["consultation", "log", "complaint 4"]
    case.close()


def test_a_card_s_own_word_makes_no_auditor(tmp_path: Path) -> None:
    opened(tmp_path, "ada").close()
    case = opened(tmp_path, identity.create_temporary("Cy", bureau="Inspectorate", country="QM", role="auditor"))
    assert set(case.log.entries()["officer"]) == {"Cy"}
    case.close()


def test_a_name_alone_does_not_show_what_was_done_with_its_key(tmp_path: Path, officer: Officer) -> None:
    opened(tmp_path, officer).close()
    case = opened(tmp_path, "Ada Lind")
    own = case.log.entries()
    assert own["auth_method"].tolist() == ["name", "name"]
    assert own["result"].tolist() == ["ok", "refused"] and "but not the key" in own["detail"].iloc[1]
    case.close()
    case = opened(tmp_path, officer)
    assert sorted(set(case.log.entries()["auth_method"])) == ["key", "name"]
    case.close()


def test_the_reason_is_asked_once_and_stands_in_each_entry(tmp_path: Path) -> None:
    case = opened(tmp_path, "ada", reason="request 12 of the prosecutor")
    assert case.reason == "request 12 of the prosecutor"
    case.evidence.add("Person", name="Dora Finch", source="officer's knowledge")
    case.search("quay")
    case.reason = "check of the alibi"
    case.search("harbour")
    log = case.log.entries()
    assert log.loc[log["kind"] == "search", "reason"].tolist() == ["request 12 of the prosecutor", "check of the alibi"]
    case.close()


def test_the_purpose_is_the_reason_where_none_is_given_and_none_is_refused(tmp_path: Path) -> None:
    case = opened(tmp_path, "ada", reason="  ")
    assert case.reason == "training"
    with pytest.raises(CaseError, match="You cannot view a case without a reason"):
        case.reason = " "
    assert case.reason == "training"
    assert case.log.entries()[["operation", "result"]].iloc[-1].tolist() == ["consultation", "refused"]
    case.close()


def test_who_is_refused_for_want_of_a_key_is_logged(tmp_path: Path, officer: Officer) -> None:
    opened(tmp_path, officer).close()
    settings(tmp_path, "keys = false", "keys = true")
    with pytest.raises(CaseError, match="Only officers with a key can open"):
        opened(tmp_path, "ada")
    settings(tmp_path, "auditors = []", 'auditors = ["Ada Lind"]')
    case = opened(tmp_path, officer)
    refused = case.log.entries().query("result == 'refused'")
    assert refused[["officer", "operation", "kind"]].to_numpy().tolist() == [["ada", "consultation", "case"]]
    case.close()


@pytest.mark.slow
def test_an_officer_with_a_key_signs_on_closing_on_reporting_and_when_asked(tmp_path: Path, officer: Officer) -> None:
    case = opened(tmp_path, officer)
    case.evidence.add("Person", name="Dora Finch", source="officer's knowledge")
    note = case.log.checkpoint()
    case.report("report.html", to="a colleague")
    ledger = case.context.ledger
    assert [checkpoints.parse_checkpoint(text).size for text in checkpoints.list_checkpoints(ledger.connection)] == [
        3,
        7,
    ]
    reports = case.log.entries().query("kind == 'report'")
    assert reports["object"].tolist() == ["report.html"]
    assert set(reports["recipients"]) == {"a colleague"} and set(reports["operation"]) == {"disclosure"}
    assert "4 entries, root" in (tmp_path / "case" / "reports" / "report.html").read_text("utf-8")
    case.review.note("x")
    case.close()
    case.close()
    case = opened(tmp_path, officer)
    assert (
        checkpoints.parse_checkpoint(note).size == 3
        and len(checkpoints.list_checkpoints(case.context.ledger.connection)) == 3
    )
    case.close()


def test_a_case_is_verified_by_verb_and_by_command(
    tmp_path: Path, officer: Officer, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("the boat leaves at nine", "utf-8")
    case = opened(tmp_path, officer)
    case.add(tmp_path / "a.txt")
    (tmp_path / "last.txt").write_text(case.log.checkpoint(), "utf-8")
    (tmp_path / "ada.json").write_text(officer.card.to_json(), "utf-8")
    given = {"checkpoints": [tmp_path / "last.txt"], "trust": [tmp_path / "ada.json"]}
    table = case.log.verify(**given)
    assert set(table["state"]) == {"ok"} and set(table["check"]) == {
        "entries", "texts", "ledger rows", "index of words", "checkpoints", "signatures", "sources", "rows", "products",
    }  # fmt: skip
    case.close()
    command = [
        "verify",
        str(tmp_path / "case"),
        "--checkpoint",
        str(tmp_path / "last.txt"),
        "--trust",
        str(tmp_path / "ada.json"),
    ]
    assert main(command) == 0 and capsys.readouterr().out.endswith("No problems were found.\n")
    source = next((tmp_path / "case" / "sources").iterdir())
    source.chmod(0o644)
    source.write_text("the boat leaves at ten", "utf-8")
    assert (
        main(command) == 1
        and f"The file of the source `{source.name}` was changed or damaged: its content does not match this SHA-256."
        in capsys.readouterr().out
    )
    assert main([*command, "--log-only"]) == 0
    source.unlink()
    assert main(command) == 1 and "is missing" in capsys.readouterr().out


@pytest.mark.slow
def test_verifying_writes_nothing(tmp_path: Path, officer: Officer) -> None:
    opened(tmp_path, officer).close()
    before = {path: path.read_bytes() for path in sorted((tmp_path / "case").rglob("*")) if path.is_file()}
    done = subprocess.run(
        [sys.executable, "-m", "workbench.cli", "verify", str(tmp_path / "case")], capture_output=True, check=False
    )
    assert done.returncode == 0, done
    assert {path: path.read_bytes() for path in sorted((tmp_path / "case").rglob("*")) if path.is_file()} == before


def test_a_case_in_which_somebody_works_is_verified_too(tmp_path: Path, officer: Officer) -> None:
    case = opened(tmp_path, officer)
    case.review.note("not yet in the main file")
    assert (tmp_path / "case" / "ledger.db-wal").stat().st_size > 0
    assert main(["verify", str(tmp_path / "case")]) == 0
    case.close()


def test_a_source_that_was_slipped_in_or_taken_out_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("the boat leaves at nine", "utf-8")
    case = opened(tmp_path, "ada")
    case.add(tmp_path / "a.txt")
    sql = case.context.ledger.connection
    sql.execute("INSERT INTO sources VALUES (?, 'b.txt', 1, '', 'ada')", ("ab" * 32,))
    assert case.log.verify()["said"].str.contains("No log entry records the source abab").any()
    sql.execute("DELETE FROM sources WHERE name = 'b.txt'")
    sql.execute("PRAGMA foreign_keys = OFF")
    sql.execute("DELETE FROM sources WHERE name = 'a.txt'")
    assert case.log.verify()["said"].str.contains("that is no longer registered in the case").any()
    case.close()


def test_what_is_no_card_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    opened(tmp_path, "ada").close()
    (tmp_path / "x.json").write_text("[]", "utf-8")
    case = opened(tmp_path, "ada")
    with pytest.raises(IdentityError, match="is not a card or a trust list"):
        case.log.verify(trust=[tmp_path / "x.json"])
    with pytest.raises(CaseError, match="cannot be read"):
        case.log.verify(checkpoints=[tmp_path / "nowhere.txt"])
    case.close()
    assert main(["verify", str(tmp_path / "nowhere")]) == 1
