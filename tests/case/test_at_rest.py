"""An encrypted case holds no plain byte of its material, and answers as one that is not encrypted."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

import workbench as wb
from tests.case import planted
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.files import products
from workbench.case.storage import health_check
from workbench.case.verbs import unlock
from workbench.cli import main
from workbench.errors import CaseError, IdentityError
from workbench.ledger.storage import case_key
from workbench.model.catalogue import Translator

PHRASE = "correct horse battery"
WORK = """
import sys, time
from pathlib import Path
from workbench.case.case import open_case
case = open_case(sys.argv[1], officer="ada", purpose="test", passphrase=sys.argv[3], encrypted=True)
case.add(sys.argv[2], zone="Europe/London")
case.review.note("Quellwasser leads to the Zanzibarkontor")
print("acknowledged", flush=True)
number = 0
while True:
    number += 1
    case.review.note(f"Quellwasser again, {number}")
"""


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted.write(tmp_path_factory.mktemp("material"))


@pytest.fixture
def case(tmp_path: Path, material: Path) -> Case:
    """An open encrypted case with the material and a note."""
    made = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=PHRASE, encrypted=True)
    made.add(material, zone="Europe/London")
    made.review.note("Quellwasser leads to the Zanzibarkontor")
    return made


def work(case: Case, material: Path) -> None:
    case.add(material, zone="Europe/London")
    case.extract()
    case.search("Quellwasser")
    case.review.note("Quellwasser leads to the Zanzibarkontor")
    case.report("found.html", question="Who is Quellwasser?")
    case.chart().save(case.context.folder.reports / "chart.svg")


def answers(case: Case) -> list[object]:
    return [
        case.search("grey van").drop(columns=["score"]).to_dict("records"),
        case.evidence.list()[["evidence_id", "value", "verdict"]].to_dict("records"),
        case.documents().to_dict("records"), case.calls.summary().table.to_dict("records"), list(case.review.notes()["text"]),
        case.sources.list()[["source", "name", "size", "state"]].to_dict("records"),
    ]  # fmt: skip


@pytest.mark.slow
def test_the_searcher_finds_what_is_plain(tmp_path: Path, material: Path) -> None:
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    work(made, material)
    made.close()
    places = {name.split("/")[0] for name in planted.found(tmp_path / "case")}
    assert places == {"ledger.db", "sources", "rows", "reports"}


@pytest.mark.slow
def test_no_plain_byte_lies_in_the_folder_while_open_and_after(case: Case, tmp_path: Path, material: Path) -> None:
    folder = tmp_path / "case"
    work(case, material)
    assert (folder / "ledger.db-wal").stat().st_size > 0
    assert planted.found(folder) == {}
    assert {path.suffix for path in (folder / "sources").iterdir()} == {".age"}
    case.close()
    assert planted.found(folder) == {}
    assert not (folder / "ledger.db-wal").exists()


@pytest.mark.slow
def test_no_plain_byte_lies_in_the_folder_after_a_kill(tmp_path: Path, material: Path) -> None:
    private = tmp_path / "temporary"
    private.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(tmp_path / "case"), str(material), PHRASE], stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(private)},
    )  # fmt: skip
    assert process.stdout
    assert b"acknowledged\n" in iter(process.stdout.readline, b"")  # after the word about a recovery key
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert planted.found(tmp_path / "case") == {}
    assert list(private.iterdir()) == []
    case = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=PHRASE)
    assert "Quellwasser leads to the Zanzibarkontor" in set(case.review.notes()["text"])
    assert set(case.storage.check()["state"]) <= {"well", "look"}
    case.close()


@pytest.mark.slow
def test_no_temporary_file_is_made(case: Case, material: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    private = tmp_path / "temporary"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("TMPDIR", str(private))
    monkeypatch.setattr("tempfile.tempdir", str(private))
    before = private.stat().st_mtime_ns
    case.sources.remap("calls.csv", because="again")
    case.sources.plan(material / "letter.docx").trial()
    case.calls.contacts("+447700900177")
    case.report("again.html")
    if Path(products.MEMORY).is_dir():  # elsewhere openpyxl writes a sheet to the system's folder for a moment
        case.export("entities.xlsx")
    assert private.stat().st_mtime_ns == before
    case.close()


@pytest.mark.slow
def test_it_answers_as_one_that_is_not_encrypted(case: Case, tmp_path: Path, material: Path) -> None:
    other = open_case(tmp_path / "other", officer="ada", purpose="test")
    for one in (case, other):
        work(one, material)
    assert answers(case) == answers(other)
    case.close()
    other.close()


@pytest.mark.slow
def test_encrypting_and_decrypting_keep_everything(
    tmp_path: Path, material: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    work(case, material)
    (tmp_path / "case" / "own.txt").write_text("mine")
    before, mode = answers(case), stat.S_IMODE((tmp_path / "case").stat().st_mode)
    case.storage.encrypt(PHRASE)
    assert "own.txt" in capsys.readouterr().out
    assert planted.found(tmp_path / "case") == {}
    assert answers(case) == before
    with pytest.raises(CaseError, match="is already encrypted"):
        case.storage.encrypt(PHRASE)
    case.close()
    unlock.forget_key(tmp_path / "case")
    case = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=PHRASE)
    case.storage.decrypt()
    assert answers(case) == before
    assert not case_key.is_encrypted(tmp_path / "case")
    assert stat.S_IMODE((tmp_path / "case").stat().st_mode) == mode
    assert {path.name for path in (tmp_path / "case").iterdir() if path.name.startswith(".")} == {".lock"}
    with pytest.raises(CaseError, match="is not encrypted"):
        case.storage.decrypt()
    case.close()


@pytest.mark.slow
def test_nobody_else_may_have_it_open(tmp_path: Path, material: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.add(material)
    other = open_case(tmp_path / "case", officer="bob", purpose="test")
    with pytest.raises(CaseError, match="has the case open"):
        case.storage.encrypt(PHRASE)
    other.review.note("still here")
    assert list(case.review.notes()["text"]) == ["still here"]
    assert not case_key.is_encrypted(tmp_path / "case")
    other.close()
    case.storage.encrypt(PHRASE)
    assert list(case.review.notes()["text"]) == ["still here"]
    case.close()


def test_another_passphrase_opens_nothing(case: Case, tmp_path: Path) -> None:
    case.storage.lock()
    with pytest.raises(CaseError, match="This passphrase does not open"):
        open_case(tmp_path / "case", officer="ada", purpose="test", passphrase="wrong horse battery")
    with pytest.raises(CaseError, match="The passphrase is missing"):
        open_case(tmp_path / "case", officer="ada", purpose="test")
    again = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=PHRASE)
    again.close()
    open_case(tmp_path / "case", officer="ada", purpose="test").close()


def test_a_passphrase_may_be_typed_on_another_keyboard(tmp_path: Path) -> None:
    open_case(
        tmp_path / "case", officer="ada", purpose="test", passphrase="café au lait chaud", encrypted=True
    ).storage.lock()
    open_case(tmp_path / "case", officer="ada", purpose="test", passphrase="cafe\u0301 au lait chaud").storage.lock()


def test_a_short_passphrase_is_refused_before_anything_is_done(tmp_path: Path, material: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    with pytest.raises(IdentityError, match="shorter than 12"):
        case.storage.encrypt("short")
    case.review.note("still open")
    case.close()


def test_what_is_asked_for_must_be_so(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="encrypted=True"):
        open_case(tmp_path / "new", officer="ada", purpose="test", passphrase=PHRASE)
    open_case(tmp_path / "plain", officer="ada", purpose="test").close()
    for asked in ({"passphrase": PHRASE}, {"encrypted": True}):
        with pytest.raises(CaseError, match="is not encrypted"):
            open_case(tmp_path / "plain", officer="ada", purpose="test", **asked)  # type: ignore[arg-type]


def test_a_recovery_key_opens_it_and_a_newer_one_replaces_it(case: Case, tmp_path: Path) -> None:
    first = case.storage.recovery_key()
    second = case.storage.recovery_key()
    assert list(case.storage.key_holders()["by"]) == ["passphrase", "recovery key"]
    case.storage.lock()
    with pytest.raises(CaseError, match="does not open"):
        open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=first)
    opened = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=second)
    opened.storage.change_passphrase("another horse battery")
    opened.storage.lock()
    with pytest.raises(CaseError, match="does not open"):
        open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=PHRASE)
    open_case(tmp_path / "case", officer="ada", purpose="test", passphrase="another horse battery").close()


@pytest.mark.slow
def test_officers_open_it_with_their_own_passphrase(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    bob, _ = identity.create_identity("Bob Marsh", bureau="NCB Test", country="QM", passphrase="bob's own phrase")
    eve, _ = identity.create_identity("Eve Stone", bureau="NCB Test", country="QM", passphrase="eve's own phrase")
    case.storage.share_key(bob.card)
    assert list(case.storage.key_holders()["holder"]) == ["everyone who knows it", "Bob Marsh"]
    case.storage.lock()
    identity.lock()
    open_case(tmp_path / "case", officer="Bob Marsh", purpose="test", passphrase="bob's own phrase").storage.lock()
    open_case(tmp_path / "case", officer=bob, purpose="test").storage.lock()
    for officer, phrase in (("Eve Stone", "eve's own phrase"), ("Bob Marsh", "not bob's phrase")):
        with pytest.raises(CaseError, match="does not open"):
            open_case(tmp_path / "case", officer=officer, purpose="test", passphrase=phrase)
        identity.lock()
    again = open_case(tmp_path / "case", officer=bob, purpose="test")
    with pytest.raises(CaseError, match="'Eve Stone' matches 0 key holders of this case"):
        again.storage.withdraw_key("Eve Stone")
    again.storage.withdraw_key("Bob Marsh")
    again.storage.lock()
    with pytest.raises(CaseError, match="passphrase is missing"):
        open_case(tmp_path / "case", officer=bob, purpose="test")
    assert eve.card.recipient not in "".join(path.name for path in (tmp_path / "case" / "keys").iterdir())


@pytest.mark.slow
def test_products_stay_encrypted_until_they_are_taken_out(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = tmp_path / "case" / "reports"
    case.report("found.html", question="Who is Quellwasser?")
    case.chart().save(reports / "chart.svg")
    assert {path.name for path in reports.iterdir()} == {"chart.svg.age", "found.html.age", "found.pdf.age"}
    assert "outside" not in capsys.readouterr().out
    path = case.storage.take_out("found.html", tmp_path / "found.html")
    assert "Quellwasser" in path.read_text("utf-8")
    assert "is outside the encrypted case and is not encrypted:" in capsys.readouterr().out
    case.report(tmp_path / "direct.html")
    assert "direct.html is outside the encrypted case" in capsys.readouterr().out
    with pytest.raises(CaseError, match="is inside the case folder"):
        case.storage.take_out("found.html", reports / "x.html")
    with pytest.raises(CaseError, match=r"This case has no report 'x\.html'"):
        case.storage.take_out("x.html", tmp_path / "x.html")
    operations = case.log.entries()
    assert "disclosure" in set(operations["op"] if "op" in operations else operations["operation"])
    case.close()


def test_a_changed_file_is_refused_and_named(case: Case, tmp_path: Path) -> None:
    folder = case.context.folder
    for top, part in (("sources", "sources"), ("rows", "rows")):
        path = next((tmp_path / "case" / top).iterdir())
        whole = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        found = case.storage.check()
        assert list(found.loc[found["part"] == part, "state"]) == ["fix"]
        path.write_bytes(whole)
    rows = next(iter(folder.rows.iterdir()))
    rows.chmod(0o600)
    whole = rows.read_bytes()
    rows.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    case.context.let_go()
    with pytest.raises(CaseError, match=r"mass rows cannot be opened|cannot be answered|is damaged"):
        case.calls.summary()
    case.close()


def test_a_changed_ledger_is_refused(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "case" / "ledger.db"
    case.close()
    whole = path.read_bytes()
    for place in (200, 5000, len(whole) // 2, len(whole) - 100):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        found = list(health_check.list_findings(health_check.unlock_folder(tmp_path / "case"), Translator()))
        [state] = [one.state for one in found if one.part == "ledger"]
        assert state == "fix"
    path.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    with pytest.raises(CaseError, match="Restore it from a backup"):
        open_case(tmp_path / "case", officer="ada", purpose="test")


def test_it_is_verified_like_any_other(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
    case.close()
    assert main(["verify", str(tmp_path / "case")]) == 0
    path = next(iter((tmp_path / "case" / "sources").iterdir()))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert main(["verify", str(tmp_path / "case")]) == 1
    assert "its content does not match this SHA-256" in capsys.readouterr().out


def test_the_engine_of_rows_reads_nothing_but_its_files(case: Case) -> None:
    from workbench.case.context.call_engine import get_engine

    engine = get_engine(case.context)
    assert isinstance(engine.query_frame("SELECT * FROM calls"), pd.DataFrame)
    for query in (
        "SELECT * FROM 'case://other.parquet'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('case://*')",
    ):
        with pytest.raises(CaseError, match="The query"):
            engine.query_frame(query)
    case.close()


@pytest.mark.slow
def test_without_the_package_it_says_what_to_install(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['apsw'] = None\n"
        "import workbench as wb\n"
        "try:\n    wb.open_case(sys.argv[1], officer='a', purpose='t', passphrase='correct horse battery', encrypted=True)\n"
        "except wb.CaseError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "x")], capture_output=True, text=True, check=True
    )
    assert "pip install caseledger[encrypted]" in done.stdout
    assert wb.CaseError is CaseError


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="names there are Unicode whatever the language is")
def test_a_name_that_the_language_of_the_system_lacks_is_backed_up_to_and_listed(case: Case, tmp_path: Path) -> None:
    case.storage.decrypt()
    case.close()
    file, plainly = tmp_path / "bäck up ’.zip", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    told = [sys.executable, "-m", "workbench.cli", "backup", str(tmp_path / "case"), str(file)]
    done = subprocess.run(told, env=os.environ | plainly, capture_output=True, check=False)
    assert done.returncode == 0 and rb"b\xe4ck up \u2019.zip: SHA-256" in done.stdout, done.stderr
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as again:
        assert list(again.storage.backups()["path"]) == [str(file)]
