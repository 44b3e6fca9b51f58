"""Erasing: what is erased stands nowhere afterwards, and everything else stands where it was."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.case import erasable
from tests.case.erasable import NUMBERS, SECRET, WORDS
from tests.case.everywhere import Needles, anywhere
from workbench import search
from workbench.case.case import Case, open_case
from workbench.case.context import search_languages
from workbench.case.privacy import file_erasure
from workbench.case.storage import backup
from workbench.errors import CaseError, IdentityError
from workbench.ledger.erasure import machine_tombstones, tombstones

MARKER = "lighthouse"
"""Stands in what stays."""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return erasable.write(tmp_path)


@pytest.fixture
def case(opened: Callable[..., Case], files: Path) -> Case:
    made = opened()
    made.add(files)
    return made


def about(case: Case) -> list[str]:
    """Everything that is called as the person is, as an officer would choose it from the list."""
    rows = case.entities()
    called = rows["caption"].str.contains("quill|brandywine|900321|QZ7788K|QZ-7788-K", case=False)
    return list(rows.loc[called & ~rows["schema"].isin(["Message", "Email", "Call"]), "canonical_id"])


def message(case: Case, words: str) -> str:
    rows = case.documents()
    return str(rows.loc[rows["title"].str.contains(words), "document_id"].iloc[0])


def rows(case: Case) -> dict[str, dict[str, tuple[object, ...]]]:
    """Rows of the ledger by their ids."""
    sql = case.context.ledger.connection
    tables = ("documents", "passages", "evidence", "statements", "notes")
    found = {}
    for table in tables:
        at = [name for _, name, *_ in sql.execute(f"PRAGMA table_info({table})")].index("id")
        found[table] = {row[at]: row for row in sql.execute(f"SELECT * FROM {table}").fetchall()}
    return found


def sound(case: Case) -> None:
    """The ledger is whole, and the files are those that it names."""
    sql = case.context.ledger.connection
    assert sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert sql.execute("PRAGMA foreign_key_check").fetchall() == []
    sql.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 0)")
    folder = case.context.folder
    assert {path.name for path in folder.sources.iterdir()} == set(case.sources.list()["source"])
    held = {name for (name,) in sql.execute("SELECT path FROM row_files")}
    assert {path.name for path in folder.rows.iterdir()} == held
    assert sql.execute("SELECT count(*) FROM erasing").fetchone() == (0,)


def worked_on(case: Case) -> dict[str, str]:
    """An officer's day: notes, a judgement, searches, a chart, products; ids of what must stay and of what must go."""
    case.extract()
    place = str(case.search(MARKER)["passage_id"].iloc[0])
    said = case.context.passages.set_index("document_id")["passage_id"]
    secret = str(said[message(case, "Tell Ben")])
    documents = case.documents()
    lone = str(documents.loc[documents["title"].str.contains(MARKER), "document_id"].iloc[0])
    rows = case.evidence.list()
    proof = str(rows.loc[rows["document_id"] == lone, "evidence_id"].iloc[0])
    case.judgements.judge(
        case.judgements.duplicates("Person", about="Quillón Brandywine").head(1), same=True, because="Quillon's number"
    )
    case.search("marzipan crates travel under")
    case.chart(case.graph(accounts="apart"), name="Chart of Brandywine")
    case.report("who.html", question="Who is Brandywine?")
    case.export(case.context.folder.reports / "evidence.csv", case.evidence.list())
    case.review.accept(proof, because="seen")
    case.handling.mark(lone, tlp="TLP:AMBER", because="source")
    return {
        "place": place, "document": lone, "evidence": proof,
        "struck": case.review.note("Brandywine is the sender, see +44 7700 900321.", passages=[place]),
        "gone": case.review.note("Marzipan.", passages=[secret]),
        "note": case.review.note("The cellar is under the tower.", passages=[place]),
    }  # fmt: skip


def stays(case: Case, before: dict[str, dict[str, tuple[object, ...]]], kept: dict[str, str]) -> None:
    """What is not erased is as it was, and what was said of it holds."""
    after = rows(case)
    for table in ("documents", "passages", "evidence", "notes"):
        assert after[table].keys() <= before[table].keys()
    others = {"One.", "Three.", "The cellar lies under the lighthouse.", "The crane was broken.", "The quay was empty."}
    assert others <= {row[5] for row in after["passages"].values()}
    assert after["passages"][kept["place"]] == before["passages"][kept["place"]]
    assert kept["evidence"] in after["evidence"] and "accepted" in set(case.log.decisions()["verdict"])
    assert kept["document"] in set(case.handling.marks()["id"])
    notes = case.review.notes().set_index("note_id")["text"]
    assert set(notes.index) == {kept["struck"], kept["note"]} and "[erased]" in notes[kept["struck"]]
    assert "1971-05-14" in set(case.evidence.list()["value"])  # the day on which Ben Carver was born as well
    assert case.search(MARKER)["text"].str.contains(MARKER).any() and case.search("marzipan crates tarpaulin").empty


def forgotten(case: Case, text: str) -> None:
    """No vector of the text is kept, and none of a passage that is not there."""
    engine = search_languages.load_engine(case.context)
    ids, vectors = search.VectorIndex(case.context.folder.derived / "vectors", engine.version).get_all()
    assert set(ids) <= set(rows(case)["passages"])
    assert (vectors.astype(np.float32) @ engine.encode([text])[0]).max() < 0.99


@pytest.mark.slow
def test_a_person_and_a_message_stand_nowhere_any_more(case: Case, files: Path, tmp_path: Path) -> None:
    kept, everything = worked_on(case), Needles([*WORDS, SECRET], NUMBERS)
    before = rows(case)
    targets = [*about(case), message(case, "Tell Ben"), message(case, "My IBAN")]
    preview = case.privacy.erase(targets, because="request 7")
    assert rows(case) == before and case.privacy.erasures().empty
    done = case.privacy.erase(targets, because="request 7", sure=True)
    assert done.attrs["open"] == "" and done.to_dict("records") == preview.to_dict("records")
    assert anywhere(tmp_path / "case", everything) == []
    assert anywhere(tmp_path / "case", Needles([MARKER])) != []
    sound(case)
    stays(case, before, kept)
    forgotten(case, f"Tell Ben that {SECRET}\nand nobody looks")
    told = case.privacy.erasures()
    assert told["kind"].tolist() == ["entity"] and told["reason"].tolist() == ["request 7"] and told["rows"].item() > 50
    assert "bad" not in set(case.log.verify()["state"])
    again = case.add(files)
    assert again.loc[again["state"] == "refused", "why"].str.contains("request 7").all()
    case.extract()
    assert anywhere(tmp_path / "case", everything) == []


def test_only_the_controller_erases_with_a_reason_that_tells_nothing(case: Case, opened: Callable[..., Case]) -> None:
    bob = opened("bob")
    with pytest.raises(
        CaseError,
        match=r"You cannot erase data\. Only the controller of the case \(ada, identified by name only\) can do this",
    ):
        bob.privacy.erase("quote.md", because="request 7", sure=True)
    assert (bob.log.entries()[["operation", "result"]].iloc[-1] == ["erasure", "refused"]).all()
    with pytest.raises(CaseError, match="needs a reason"):
        case.privacy.erase("quote.md", because=" ", sure=True)
    with pytest.raises(CaseError, match="Nothing was erased"):
        case.privacy.erase(about(case), because="Request of Brandywine", sure=True)
    proof = str(case.evidence.list()["evidence_id"].iloc[0])
    with pytest.raises(CaseError, match="You cannot erase a single place in a source"):
        case.privacy.erase(proof, because="request 7", sure=True)
    assert case.privacy.erasures().empty and "Brandywine" not in case.log.entries().to_csv()


@pytest.mark.slow
def test_nothing_is_erased_where_this_machine_can_remember_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a backup would bring it back, and the officer would be told of an error after it is gone."""
    (tmp_path / "a.txt").write_text("Ines was there.")
    (tmp_path / "b.txt").write_text("Rain.")
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.add(tmp_path / "a.txt")
    case.add(tmp_path / "b.txt")
    with monkeypatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(tmp_path / "a.txt" / "home"))
        with pytest.raises(IdentityError):
            case.privacy.erase("a.txt", because="request 1", sure=True)
    assert list(case.sources.list()["name"]) == ["a.txt", "b.txt"] and case.privacy.erasures().empty
    keep = machine_tombstones.save_tombstones
    with monkeypatch.context() as patch:
        calls = iter([True, False, False])

        def once(*given: object) -> None:
            if not next(calls):
                raise IdentityError("no home")
            keep(*given)  # type: ignore[arg-type]

        patch.setattr(machine_tombstones, "save_tombstones", once)
        with pytest.raises(IdentityError):
            case.privacy.erase("a.txt", because="request 1", sure=True)
        case.close()
        case = open_case(tmp_path / "case", officer="ada", purpose="test")  # opens all the same
        assert list(case.privacy.erasures()["state"]) != [""]
        case.close()
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    assert list(case.sources.list()["name"]) == ["b.txt"] and list(case.privacy.erasures()["state"]) == [""]
    assert machine_tombstones.list_stones(tombstones.get_case_id(case.context.ledger))
    case.close()


@pytest.mark.parametrize("column", ["audit_texts text", "documents title"])
@pytest.mark.parametrize("sure", [False, True])
@pytest.mark.slow
def test_nothing_is_erased_where_a_text_is_stored_as_bytes(case: Case, column: str, *, sure: bool) -> None:
    table, name = column.split()
    with closing(sqlite3.connect(case.context.folder.ledger, isolation_level=None)) as sql:
        sql.execute(f"UPDATE {table} SET {name} = CAST({name} AS BLOB)")
    with pytest.raises(CaseError, match=f"In column {name} of {table}"):
        case.privacy.erase("quote.md", because="request 1", sure=sure)
    assert "Restore the case from a backup." in case.log.entries().iloc[-1]["detail"]


@pytest.mark.slow
def test_nothing_on_hold_is_erased_and_nothing_that_holds_it(case: Case, tmp_path: Path) -> None:
    secret = message(case, "Tell Ben")
    for held, what in (("chats.txt", secret), ("who.txt", "papers.eml"), ("quote.md", secret)):
        case.privacy.hold(held, because="order of the court")
        with pytest.raises(CaseError, match="on legal hold"):
            case.privacy.erase(what, because="request 7")
        with pytest.raises(CaseError, match="on legal hold"):
            case.privacy.erase(what, because="request 7", sure=True)
        case.privacy.release(held, because="order lifted")
    assert case.privacy.erasures().empty and case.log.entries()["result"].tolist().count("refused") == 6
    assert len(list((tmp_path / "case" / "sources").iterdir())) == len(case.sources.list())


@pytest.mark.slow
def test_a_message_goes_out_of_both_devices_and_where_it_is_quoted(case: Case, tmp_path: Path) -> None:
    names = {"447700900321@s.whatsapp.net", "Quillón Brandywine", "+447700900321"}
    before, known = rows(case), names & set(case.evidence.list()["value"])
    places = dict(case.context.traces[["trace_id", "place"]].itertuples(index=False))
    done = case.privacy.erase(message(case, "Tell Ben"), because="request 7", sure=True)
    assert anywhere(tmp_path / "case", Needles([SECRET])) == []
    assert dict(done[["what", "number"]].itertuples(index=False))["documents"] == 1
    after = rows(case)
    assert (
        before["documents"].keys() - after["documents"].keys()
        and len(before["documents"]) == len(after["documents"]) + 1
    )
    assert names & set(case.evidence.list()["value"]) == known  # who took part is said by the messages that stay
    moved = dict(case.context.traces[["trace_id", "place"]].itertuples(index=False))
    assert {places[key]: place for key, place in moved.items() if places[key] != place} == {
        "line 6": "line 4", "line 7": "line 5", "line 8": "line 6", "line 9": "line 7", "line 14": "line 10",
    }  # fmt: skip
    text = case.context.folder.get_source_path(
        str(case.sources.list().set_index("name").at["chats.txt", "source"])
    ).read_text("utf-8")
    assert text.split("\n")[9].endswith("Meet me at the lighthouse")
    sound(case)


@pytest.mark.slow
def test_a_row_of_a_table_goes_with_its_record(case: Case, tmp_path: Path) -> None:
    passages = case.context.passages
    row = passages.loc[passages["text"].str.contains("T10:00"), "passage_id"].item()
    case.privacy.erase(str(row), because="request 7", sure=True)
    assert anywhere(tmp_path / "case", Needles(["2024-03-01T10:00:00"])) == []
    calls = case.calls.contacts("+447700900444").table
    assert "+447700900555" not in calls.to_csv() and "+447700900321" in calls.to_csv()
    file = case.context.folder.get_source_path(str(case.sources.list().set_index("name").at["calls.csv", "source"]))
    assert file.read_text().split("\n")[2] == "[erased],[erased],[erased],[erased]"
    sound(case)


@pytest.mark.slow
def test_names_beside_handles_and_in_other_signs_go_and_the_text_keeps_its_form(
    opened: Callable[..., Case], tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text("name,email\nVelin Tarsano,gull77@x.example\nOrla Quist,orla@x.example\n")
    lines = (
        "To: V. Tarsano <velin.tarsano@x.example>",
        "mailto:gull77%40x.example and orla%40x.example",
        "Mrs Tarsano (velin_tarsano)",
    )
    (tmp_path / "notes.txt").write_text("\n\n".join(lines) + "\n")
    case = opened()
    case.add(tmp_path / "people.csv")
    case.add(tmp_path / "notes.txt")
    case.privacy.erase("Velin Tarsano", because="request 7", sure=True)
    file = case.context.folder.get_source_path(str(case.sources.list().set_index("name").at["notes.txt", "source"]))
    assert file.read_text().splitlines()[2] == "mailto:[erased] and orla%40x.example"
    assert anywhere(tmp_path / "case", Needles(["tarsano", "velin", "gull77"])) == []
    sound(case)


@pytest.mark.slow
def test_a_whole_file_goes_with_the_files_in_it(case: Case, tmp_path: Path) -> None:
    done = case.privacy.erase("papers.eml", because="request 7", sure=True)
    assert not case.sources.list()["name"].str.startswith("papers").any()
    assert dict(done[["what", "number"]].itertuples(index=False))["files deleted whole"] == 4
    assert anywhere(tmp_path / "case", Needles(["Papers of the cellar", "cellar lies under"])) == []
    sound(case)


@pytest.mark.slow
def test_a_file_within_a_file_goes_out_of_it(case: Case, tmp_path: Path) -> None:
    case.privacy.erase("where.txt", because="request 7", sure=True)
    assert anywhere(tmp_path / "case", Needles(["cellar lies under"])) == []
    names = set(case.sources.list()["name"])
    assert {"papers.eml", "papers.eml/p.zip.redacted.jsonl", "papers.eml/p.zip/who.txt"} <= names
    sound(case)


@pytest.mark.slow
def test_a_page_of_a_pdf_leaves_the_rest_as_text(case: Case, tmp_path: Path) -> None:
    page = case.context.passages.loc[case.context.passages["text"].str.contains("came at nine"), "passage_id"].item()
    preview = case.privacy.erase(str(page), because="request 7")
    assert preview.set_index("what").at["files written anew as text", "note"].startswith("scan.pdf")
    case.privacy.erase(str(page), because="request 7", sure=True)
    assert anywhere(tmp_path / "case", Needles(["came at nine"])) == []
    assert anywhere(tmp_path / "case", Needles(["quay was empty"]))
    sound(case)


@pytest.mark.slow
def test_a_note_goes_alone(case: Case, tmp_path: Path) -> None:
    note = case.review.note("Ask the harbour master about walnut oil.", passages=[])
    case.privacy.erase(note, because="request 7", sure=True)
    assert case.review.notes().empty and anywhere(tmp_path / "case", Needles(["walnut oil"])) == []


@pytest.mark.slow
def test_what_was_erased_is_refused_until_the_controller_lets_it_in(
    case: Case, opened: Callable[..., Case], files: Path, tmp_path: Path
) -> None:
    case.privacy.erase(["quote.md", message(case, "Tell Ben")], because="request 7", sure=True)
    other = tmp_path / "other"
    other.mkdir()
    head, body = erasable.CHAT.split("\n2024", 1)
    (other / "third.txt").write_text(head + "\n2024" + "\n".join(body.split("\n")[:2]) + "\n", "utf-8")
    assert set(case.add(files)["state"]) == {"known", "refused"}
    assert case.add(other)["state"].tolist() == ["read"]
    assert anywhere(tmp_path / "case", Needles([SECRET])) == []
    assert "erased on" in case.log.entries().loc[lambda log: log["result"] == "refused", "detail"].iloc[0]
    with pytest.raises(CaseError, match="Only the controller of the case"):
        opened("bob").add(files / "quote.md", again=True, because="new order")
    with pytest.raises(CaseError, match="needs a reason"):
        case.add(files / "quote.md", again=True)
    assert case.add(files / "quote.md", again=True, because="new order")["state"].tolist() == ["read"]
    assert case.search(SECRET[4:])["text"].str.contains("MARZIPAN").any()
    assert len(case.privacy.erasures()) == 1


@pytest.mark.slow
def test_a_restored_backup_is_erased_again(
    case: Case, opened: Callable[..., Case], files: Path, tmp_path: Path
) -> None:
    archive = case.storage.backup(tmp_path / "before.backup")
    case.privacy.erase([*about(case), message(case, "My IBAN")], because="request 7", sure=True)
    assert "backups that hold it" in set(case.privacy.erase("quote.md", because="request 8")["what"])
    backup.restore(archive, tmp_path / "restored")
    assert anywhere(tmp_path / "restored", Needles(WORDS, NUMBERS))
    again = opened(folder="restored")
    assert anywhere(tmp_path / "restored", Needles(WORDS, NUMBERS)) == []
    assert again.privacy.erasures()["kind"].tolist() == ["entity"]
    sound(again)
    assert set(again.add(files / "memo.txt")["state"]) == {"refused"}


def held_before(opened: Callable[..., Case], tmp_path: Path) -> tuple[Case, str, Path]:
    """A case with a person in a note that is on hold, the person's id, and a backup that was made meanwhile."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "note.txt").write_text(f"The line tells of {erasable.PERSON} here.\n", "utf-8")
    (tmp_path / "in" / "who.csv").write_text(f"name,phone\n{erasable.PERSON},+447700900321\nAda Brook,+447700900444\n")
    case = opened()
    case.add(tmp_path / "in")
    rows = case.entities("Person")
    who = str(rows.loc[rows["caption"] == erasable.PERSON, "canonical_id"].iloc[0])
    case.privacy.hold("note.txt", because="order of the court")
    return case, who, case.storage.backup(tmp_path / "before.backup")


@pytest.mark.slow
def test_what_was_erased_is_not_kept_by_an_older_hold_that_a_backup_brings_back(
    opened: Callable[..., Case], tmp_path: Path
) -> None:
    case, who, archive = held_before(opened, tmp_path)
    case.privacy.release("note.txt", because="order lifted")
    case.privacy.erase(who, because="request 7", sure=True)
    backup.restore(archive, tmp_path / "restored")
    again = opened("bob", folder="restored")
    assert anywhere(tmp_path / "restored", Needles(WORDS)) == []
    assert again.privacy.erasures()["state"].tolist() == [""] and "hold" in again.privacy.erasures()["reason"][0]
    assert again.sources.issues()["code"].tolist() == ["erased_again"]
    assert "erased before" in set(again.storage.check()["part"])
    assert set(again.log.verify()["state"]) == {"ok", "not checked"}


@pytest.mark.slow
def test_what_was_put_on_hold_after_it_was_erased_waits_until_it_is_released(
    opened: Callable[..., Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, who, archive = held_before(opened, tmp_path)
    case.privacy.release("note.txt", because="order lifted")
    case.privacy.erase(who, because="request 7", sure=True)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("WORKBENCH_HOME", str(tmp_path / "elsewhere"))
        backup.restore(archive, tmp_path / "other")
        other = opened(folder="other")
        time.sleep(1.1)  # times of the ledger have whole seconds
        other.privacy.release("note.txt", because="order lifted")
        other.privacy.hold("note.txt", because="another order")
        later = other.storage.backup(tmp_path / "later.backup")
    backup.restore(later, tmp_path / "restored")
    again = opened(folder="restored")
    assert again.privacy.erasures()["state"].tolist() == ["asked"] and who in set(again.entities()["canonical_id"])
    assert again.sources.issues()["code"].tolist() == ["erased_again"]
    again.privacy.release("note.txt", because="order lifted")
    again.close()
    again = opened(folder="restored")
    assert again.privacy.erasures()["state"].tolist() == [""] and again.sources.issues().empty
    assert anywhere(tmp_path / "restored", Needles(WORDS)) == []


@pytest.mark.slow
def test_an_encrypted_case_is_erased_too(case: Case, tmp_path: Path) -> None:
    case.storage.encrypt("correct horse battery staple")
    case.privacy.erase(
        [*about(case), message(case, "Tell Ben"), message(case, "My IBAN")], because="request 7", sure=True
    )
    assert anywhere(tmp_path / "case", Needles([*WORDS, SECRET], NUMBERS), open_ledger=False) == []
    case.storage.decrypt()
    assert anywhere(tmp_path / "case", Needles([*WORDS, SECRET], NUMBERS)) == []
    assert anywhere(tmp_path / "case", Needles([MARKER]))
    sound(case)


def test_words_of_a_condition_stand_in_no_entry_of_the_log_and_go_out_of_marks_that_are_kept(tmp_path: Path) -> None:
    place, register = tmp_path / "case", tmp_path / "register.csv"
    register.write_text("name,birthDate\nTarek Velmonde,1970-02-03\nAna Ek,1971-01-05\n", "utf-8")
    case = open_case(place, officer="ada", purpose="test")
    case.add(register)
    said = {"handling": ["H3"], "barred": ["QM"], "conditions": ["ask Tarek Velmonde before use"]}
    case.handling.mark("register.csv", **said, because="as received")  # type: ignore[arg-type]
    case.export(
        tmp_path / "out.csv", case.entities("Person"), to="police", reason="joint case", judicial=False, country="FR"
    )
    assert "Tarek Velmonde" in "".join(case.privacy.disclosures()["mark"])
    entries = [entry for (entry,) in case.context.ledger.connection.execute("SELECT entry FROM audit")]
    assert not any("Velmonde" in entry for entry in entries)
    assert any("· H3 · not for QM · conditions" in entry for entry in entries)
    case.privacy.erase("Tarek Velmonde", because="request 1", sure=True)
    assert "ask [erased] before use" in "".join(case.privacy.disclosures()["mark"])
    assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
    case.close()
    assert not any(b"Velmonde" in path.read_bytes() for path in place.rglob("ledger.db*"))


STRAYS = (
    "derived/vectors/.ipynb_checkpoints", "derived/vectors/x.vectors.safetensors", "derived/sub", "sources/sub", "rows/sub",
    "reports/sub", "outbox/sub", "inbox/sub", "own",
)  # fmt: skip
PHRASE = "correct horse battery staple"


@pytest.fixture
def small(opened: Callable[..., Case], tmp_path: Path) -> Case:
    """A case with two files."""
    (tmp_path / "one.txt").write_text(f"Everybody knows that {SECRET}.")
    (tmp_path / "two.txt").write_text("Meet me at the lighthouse.")
    made = opened()
    for name in ("one.txt", "two.txt"):
        made.add(tmp_path / name)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("sealed", [False, True])
def test_what_somebody_has_put_into_the_folder_stops_no_erasure(
    small: Case, opened: Callable[..., Case], tmp_path: Path, sealed: bool
) -> None:
    folder = tmp_path / "case"
    if sealed:
        small.storage.encrypt(PHRASE)
    for name in STRAYS:
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "x.txt").write_text("mine")
        (folder / name / "x.age").write_text("mine")
    (folder / "derived" / "sub" / "copy.txt").write_text(SECRET)
    told = small.privacy.erase("one.txt", because="request 7", sure=True)
    assert ("files that cannot be read, which stay" in set(told["what"])) == sealed
    small.close()
    assert opened().privacy.erasures()["state"].tolist() == [""]
    assert anywhere(folder, Needles([SECRET]), open_ledger=not sealed) == []
    assert (folder / "sources" / "sub" / "x.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["derived", "derived/vectors", "reports", "sources", "rows"])
def test_nothing_is_begun_where_a_link_has_taken_the_place_of_a_folder(small: Case, tmp_path: Path, name: str) -> None:
    (tmp_path / "away" / "vectors").mkdir(parents=True)
    (tmp_path / "away" / "x").write_text("somebody else's")
    place = tmp_path / "case" / name
    place.mkdir(exist_ok=True)
    place.rename(tmp_path / "before")
    place.symlink_to(tmp_path / "away")
    with pytest.raises(CaseError, match=f"These items in .* are links: {name}"):
        small.privacy.erase("one.txt", because="request 7", sure=True)
    assert (tmp_path / "away" / "x").read_text() == "somebody else's"
    place.unlink()
    (tmp_path / "before").rename(place)
    assert small.privacy.erasures().empty and "one.txt" in set(small.sources.list()["name"])


def test_an_erasure_that_is_held_up_is_told_and_the_case_opens(
    small: Case, opened: Callable[..., Case], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*given: object) -> list[str]:
        raise PermissionError(13, "Permission denied", "sources/x")

    with monkeypatch.context() as patch:
        patch.setattr(file_erasure, "delete_files", fail)
        with pytest.raises(CaseError, match="It will be completed when the case is next opened") as told:
            small.privacy.erase("one.txt", because="request 7", sure=True)
        assert str(told.value).endswith("sources/x: Permission denied") and "again" in str(told.value)
        small.close()
        opened().close()
        assert "not finished" in capsys.readouterr().out
    assert opened().privacy.erasures()["state"].tolist() == [""]


@pytest.mark.slow
def test_what_this_machine_remembers_as_erased_stays_so_wherever_a_backup_was_opened_first(
    small: Case, opened: Callable[..., Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = small.storage.backup(tmp_path / "before.backup")
    small.privacy.erase("one.txt", because="request 7", sure=True)
    backup.restore(archive, tmp_path / "restored")
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("WORKBENCH_HOME", str(tmp_path / "elsewhere"))
        once = opened(folder="restored")
        assert "one.txt" in set(once.sources.list()["name"])
        once.close()
    again = opened(folder="restored")
    assert set(again.sources.list()["name"]) == {"two.txt"} and len(again.privacy.erasures()) == 1
    assert anywhere(tmp_path / "restored", Needles([SECRET])) == []
    entries = len(again.log.entries())
    again.close()
    assert "erasure" not in set(opened(folder="restored").log.entries()["operation"][entries:])


@pytest.mark.slow
@pytest.mark.parametrize(
    "left",
    [b"", b'{"case": "', b"[]", b"[" * 100_000, b'{"tombstones": [{"id": "x", "marks": 3}]}', b'{"tombstones": []}'],
)
def test_where_what_is_remembered_as_erased_is_damaged_the_case_is_not_opened(
    small: Case, opened: Callable[..., Case], tmp_path: Path, left: bytes
) -> None:
    archive, case_id = small.storage.backup(tmp_path / "before.backup"), tombstones.get_case_id(small.context.ledger)
    small.privacy.erase("one.txt", because="request 7", sure=True)
    place = machine_tombstones.build_path(case_id)
    whole = place.read_bytes()
    backup.restore(archive, tmp_path / "restored")
    place.write_bytes(left)
    with pytest.raises(CaseError, match="Without this list, a restored backup could bring erased"):
        opened(folder="restored")
    place.unlink()
    (other := place.with_name("other.json")).write_bytes(whole[:-9])
    with pytest.raises(CaseError, match="is damaged"):
        opened(folder="restored")
    place.write_bytes(whole)
    other.write_bytes(b"")
    again = opened(folder="restored")
    assert set(again.sources.list()["name"]) == {"two.txt"}
    assert again.storage.check().set_index("part").loc["erased before", "state"] == "fix"


def test_what_is_remembered_as_erased_counts_under_whatever_name_it_was_carried(
    small: Case, opened: Callable[..., Case], tmp_path: Path
) -> None:
    archive, case_id = small.storage.backup(tmp_path / "before.backup"), tombstones.get_case_id(small.context.ledger)
    small.privacy.erase("one.txt", because="request 7", sure=True)
    place = machine_tombstones.build_path(case_id)
    place.rename(place.with_name(f"{case_id} (1).json"))
    backup.restore(archive, tmp_path / "restored")
    assert set(opened(folder="restored").sources.list()["name"]) == {"two.txt"}
    place.write_bytes(b'{"case": "another", "tombstones": []}')
    backup.restore(archive, tmp_path / "once more")
    with pytest.raises(CaseError, match="is damaged"):
        opened(folder="once more")


LEASE = "Zorvana Quellmist signed the lease with Borin Takkel on the quay.\n"
PEOPLE = (
    "name,birth_date,phone\nZorvana Quellmist,1980-02-03,+4722119901\n"
    "Borin Takkel,1975-01-01,+4722119902\nLina Marrow,1971-01-01,+4722119903\n"
)


@pytest.fixture
def lease(opened: Callable[..., Case], tmp_path: Path) -> Case:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "lease.txt").write_text(LEASE, "utf-8")
    (tmp_path / "in" / "people.csv").write_text(PEOPLE, "utf-8")
    case = opened()
    case.add(tmp_path / "in")
    return case


@pytest.mark.parametrize(
    ("held", "what"),
    [
        ("passage", "Zorvana Quellmist"), ("document", "Zorvana Quellmist"), ("lease.txt", "Zorvana Quellmist"),
        ("Zorvana Quellmist", "people.csv"), ("Zorvana Quellmist", "+4722119901"),
        ("Zorvana Quellmist", "lease.txt"), ("Borin Takkel", "Zorvana Quellmist"), ("evidence", "people.csv"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_what_is_held_is_not_changed_either_and_keeps_what_is_its_own(lease: Case, held: str, what: str) -> None:
    hit = lease.search("lease").iloc[0]
    evidence = lease.evidence.list("Zorvana Quellmist")["evidence_id"].iloc[0]
    ids = {"passage": hit["passage_id"], "document": hit["document_id"], "evidence": evidence}
    before = rows(lease)
    lease.privacy.hold(ids.get(held, held), because="order of the court")
    for sure in (False, True):
        with pytest.raises(CaseError, match=r"is on legal hold \(order of the court\)"):
            lease.privacy.erase(what, because="request 7", sure=sure)
    assert rows(lease) == before and lease.privacy.erasures().empty
    assert lease.search("lease")["text"].tolist() == [LEASE.strip()]
    lease.privacy.release(ids.get(held, held), because="order lifted")
    lease.privacy.erase(what, because="request 7", sure=True)
    sound(lease)


def test_a_hold_on_another_row_of_a_table_keeps_none_that_is_not_touched(lease: Case) -> None:
    lease.privacy.hold(str(lease.search("Lina Marrow")["passage_id"].iloc[0]), because="order of the court")
    lease.privacy.erase("Borin Takkel", because="request 7", sure=True)
    assert "Lina Marrow" in set(lease.entities("Person")["caption"]) and "Borin Takkel" not in set(
        lease.entities()["caption"]
    )


def test_the_reason_of_a_hold_on_what_is_hidden_is_not_told(lease: Case, tmp_path: Path) -> None:
    lease.privacy.hold("lease.txt", because="the informant wrote it")
    lease.handling.mark("lease.txt", barred=["QM"], because="of a partner")
    lease.access.grant("bob", country="QM", because="seconded")
    lease.access.hand_over("bob", because="on leave")
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    with pytest.raises(CaseError, match="This erasure would remove or change something that is on") as refused:
        bob.privacy.erase("Zorvana Quellmist", because="request 7", sure=True)
    assert "informant" not in str(refused.value) and "lease.txt" not in str(refused.value)
    bob.close()


@pytest.mark.slow
def test_a_hold_on_a_person_keeps_the_messages_of_her_account(opened: Callable[..., Case], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "people.csv").write_text(
        "name,phone,email\nMarta Quell,+4722119901,marta@example.org\n", "utf-8"
    )
    letter = (
        "From: {}\nTo: Jonas Brandt <jonas@example.org>\nSubject: {}\nMessage-ID: <{}@example.org>\n\nWe pay at noon.\n"
    )
    for name, sender, subject in (
        ("letter", "Marta Quell <marta@example.org>", "the harbour"),
        ("titled", "X <x@example.org>", "+4722119901"),
        ("other", "X <x@example.org>", "the crane"),
    ):
        (tmp_path / "in" / f"{name}.eml").write_text(letter.format(sender, subject, name), "utf-8")
    (tmp_path / "in" / "memo.txt").write_text("Marta Quell met us.", "utf-8")
    case = opened()
    case.add(tmp_path / "in")
    told = case.evidence.list().merge(case.documents()[["document_id", "title"]], on="document_id")
    case.privacy.hold(
        told[(told["title"] == "people.csv") & (told["value"] == "Marta Quell")]["entity_id"].iloc[0], because="court"
    )
    for name in ("letter.eml", "titled.eml", "memo.txt", "people.csv"):
        with pytest.raises(CaseError, match="on legal hold"):
            case.privacy.erase(name, because="request 1", sure=True)
    assert len(case.privacy.erase("other.eml", because="request 1", sure=True))
