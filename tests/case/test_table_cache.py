"""Derived tables that are kept on the disk: read in the next session, made again where they are not ours, gone with what is erased."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from workbench.case.case import Case, open_case
from workbench.case.context import base_context
from workbench.errors import CaseError
from workbench.identity.core import key_store
from workbench.ledger.records import row_tables
from workbench.ledger.storage import table_cache

RESTRICTED = "EXERCISE RESTRICTED"
KEPT = {"stated-evidence", "documents", "passages", "traces"}
READERS = ("list_evidence", "list_documents", "list_passages", "list_traces")
"""What reads each of these tables from the ledger."""


@pytest.fixture(autouse=True)
def keep_small_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tables of any size."""
    monkeypatch.setattr(table_cache, "SMALLEST", 1)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a whole table was read from the ledger."""
    counted: Counter[str] = Counter()
    for name in READERS:
        monkeypatch.setattr(row_tables, name, _count_whole(name, getattr(row_tables, name), counted))
    return counted


def _count_whole(
    name: str, function: Callable[..., pd.DataFrame], counted: Counter[str]
) -> Callable[..., pd.DataFrame]:
    def call(ledger: object, ids: object = None) -> pd.DataFrame:
        if ids is None:
            counted[name] += 1
        return function(ledger, ids)

    return call


def ask(case: Case) -> list[str]:
    """What is asked of the four tables."""
    asked = (case.documents(), case.evidence.list(), case.search("container"), case.network.ranking())
    return [*(table.to_csv() for table in asked), case.context.traces.to_csv()]


def list_kept(folder: Path) -> list[Path]:
    return sorted((folder / "derived/tables").glob("*"))


@pytest.fixture
def folder(case: Case) -> Path:
    """Folder of a case that was asked and closed."""
    ask(case)
    case.close()
    return case.context.folder.path


def open_again(folder: Path, officer: str = "ada") -> Case:
    return open_case(folder, officer=officer, purpose="test")


def test_a_case_opened_again_reads_its_tables_from_the_disk(folder: Path, read: Counter[str]) -> None:
    assert {path.name.partition(".")[0] for path in list_kept(folder)} == KEPT
    with closing(open_again(folder)) as case:
        found = ask(case)
    assert not read.total()
    shutil.rmtree(folder / "derived")
    with closing(open_again(folder)) as case:
        assert ask(case) == found
    assert read.total() == len(READERS)


def test_the_tables_themselves_are_the_same(folder: Path) -> None:
    with closing(open_again(folder)) as case:
        kept = [case.context.stated_evidence, case.context.documents, case.context.passages, case.context.traces]
    shutil.rmtree(folder / "derived")
    with closing(open_again(folder)) as case:
        made = [case.context.stated_evidence, case.context.documents, case.context.passages, case.context.traces]
    for one, other in zip(kept, made, strict=True):
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("table", range(4))
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: content[:-9] + b"X" + content[-8:],
        lambda content: bytes(32) + content[32:],
        lambda content: b"ARROW1",
    ],
)
def test_a_damaged_file_is_passed_over(
    folder: Path, read: Counter[str], table: int, damage: Callable[[bytes], bytes]
) -> None:
    path = list_kept(folder)[table]
    path.write_bytes(damage(path.read_bytes()))
    with closing(open_again(folder)) as case:
        ask(case)
    assert read.total() == 1
    with closing(open_again(folder)) as case:
        ask(case)
    assert read.total() == 1, "it was made again"


def test_what_somebody_else_wrote_there_does_not_count(
    folder: Path, read: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague who may write to the folder puts other claims into the file, and names it as ours."""
    with closing(open_again(folder)) as case:
        honest = ask(case)
        state, table = table_cache.load_table(case.context.folder, "stated evidence") or pytest.fail("nothing was kept")
        forged = table.assign(value=table["value"].str.replace("Ada", "Eve"))
        with monkeypatch.context() as patch:
            patch.setenv("WORKBENCH_HOME", str(tmp_path / "home of the colleague"))
            theirs = table_cache.save_table(case.context.folder, "stated evidence", forged, state)
    ours = next(path for path in list_kept(folder) if path.name.startswith("stated") and path != theirs)
    assert theirs is not None
    theirs.replace(ours)
    read.clear()
    with closing(open_again(folder)) as case:
        assert ask(case) == honest
    assert read == {"list_evidence": 1}


def test_another_table_of_ours_under_its_name_does_not_count(folder: Path, read: Counter[str]) -> None:
    documents, passages = (
        next(path for path in list_kept(folder) if path.name.startswith(name)) for name in ("doc", "pas")
    )
    shutil.copy(passages, documents)
    with closing(open_again(folder)) as case:
        ask(case)
    assert read == {"list_documents": 1}


def test_the_tables_of_another_case_do_not_count(folder: Path, tmp_path: Path, read: Counter[str]) -> None:
    with closing(open_case(tmp_path / "other", officer="ada", purpose="test")) as other:
        (tmp_path / "other.txt").write_text("Nothing of that.")
        other.add(tmp_path / "other.txt")
        expected = ask(other)
    shutil.copytree(folder / "derived/tables", tmp_path / "other/derived/tables", dirs_exist_ok=True)
    read.clear()
    with closing(open_again(tmp_path / "other")) as other:
        assert ask(other) == expected
    assert read.total() == len(READERS)


def test_another_version_of_the_program_makes_its_own(
    folder: Path, read: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_cache, "_get_cache_version", lambda: "another")
    with closing(open_again(folder)) as case:
        ask(case)
    assert read.total() == len(READERS)


def test_a_note_and_a_judgement_between_two_sessions_make_nothing_again(folder: Path, read: Counter[str]) -> None:
    with closing(open_again(folder)) as case:
        case.review.note("The container is worth a look.")
        case.judgements.judge(["Ada Brook", "AB"], same=True, because="the same number")
    read.clear()
    with closing(open_again(folder)) as case:
        ask(case)
    assert not read.total()


def test_a_decision_between_two_sessions_counts(folder: Path, read: Counter[str]) -> None:
    with closing(open_again(folder)) as case:
        case.sources.withdraw("note.md", because="x")
    with closing(open_again(folder)) as case:
        assert "note.md" not in set(case.documents()["title"])
        found = ask(case)
    assert read.total() >= len(READERS)
    shutil.rmtree(folder / "derived")
    with closing(open_again(folder)) as case:
        assert ask(case) == found


def test_a_file_that_was_added_between_two_sessions_is_put_among_the_rows_that_were_kept(
    tmp_path: Path, read: Counter[str]
) -> None:
    chat = [f"05/03/2025, 10:{number:02} - Ada Brook: Container {number}" for number in range(50)]
    (tmp_path / "WhatsApp Chat with Ben.txt").write_text("\n".join(chat) + "\n")
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        case.add(tmp_path / "WhatsApp Chat with Ben.txt")
        ask(case)
    with closing(open_again(tmp_path / "case")) as case:
        (tmp_path / "later.txt").write_text("A container at noon.")
        case.add(tmp_path / "later.txt")
    read.clear()
    with closing(open_again(tmp_path / "case")) as case:
        assert "A container at noon." in set(case.search("noon")["text"])
        found = ask(case)
    assert not read.total()
    shutil.rmtree(tmp_path / "case/derived")
    with closing(open_again(tmp_path / "case")) as case:
        assert ask(case) == found


def test_a_table_that_has_grown_is_saved_again(folder: Path, tmp_path: Path) -> None:
    """A table that was saved while it was small would be followed row by row for ever."""
    with closing(open_again(folder)) as case:
        rows = len(case.context.passages)
        (tmp_path / "little.txt").write_text("One line.")
        case.add(tmp_path / "little.txt")
        ask(case)
        assert count_saved_rows(folder, "passages") == rows
        (tmp_path / "much.txt").write_text("\n\n".join(f"Line {number} of many." * 40 for number in range(3 * rows)))
        case.add(tmp_path / "much.txt")
        ask(case)
        grown = len(case.context.passages)
    assert grown > 1.2 * rows and count_saved_rows(folder, "passages") == grown


def count_saved_rows(folder: Path, name: str) -> int:
    [path] = (folder / "derived/tables").glob(f"{name}.*")
    return int(pa.ipc.open_file(path.read_bytes()[table_cache.MAC_SIZE :]).read_all().num_rows)


def test_a_table_that_arrow_cannot_hold_is_answered_and_not_saved(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    real = row_tables.list_documents
    monkeypatch.setattr(
        row_tables, "list_documents", lambda *given: real(*given).assign(mixed=[object()] * len(real(*given)))
    )
    assert len(case.documents())
    assert not list((case.context.folder.path / "derived/tables").glob("documents.*"))


def test_from_whom_something_is_hidden_gets_nothing_of_it_and_keeps_nothing(folder: Path, read: Counter[str]) -> None:
    with closing(open_again(folder, "zoe")) as case:
        case.handling.mark(["note.md"], level=RESTRICTED, because="x")
        ask(case)
    before = {path: path.read_bytes() for path in list_kept(folder)}
    read.clear()
    with closing(open_again(folder, "bob")) as case:
        assert "note.md" not in set(case.documents()["title"])
        ask(case)
    assert read.total() >= len(READERS)
    assert {path: path.read_bytes() for path in list_kept(folder)} == before


def test_an_erasure_takes_the_tables_along(folder: Path) -> None:
    with closing(open_again(folder)) as case:
        case.privacy.erase("note.md", because="x", sure=True)
        assert not list_kept(folder)
        ask(case)
    for path in list_kept(folder):
        rows = pa.ipc.open_file(path.read_bytes()[table_cache.MAC_SIZE :]).read_all().to_pandas()
        assert "note.md" not in rows.to_csv()


def test_what_is_erased_while_a_table_is_made_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another notebook erases after the rows were read, and before the table lies on the disk."""
    shutil.rmtree(folder / "derived/tables")
    erased: list[bool] = []

    def save(*given: object) -> Path | None:
        if not erased:
            erased.append(True)
            with closing(open_again(folder)) as other:
                other.privacy.erase("note.md", because="x", sure=True)
        return table_cache.save_table(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(base_context, "save_table", save)
    with closing(open_again(folder)) as case:
        case.context.documents  # noqa: B018 - it is made by asking
        assert erased and not list_kept(folder)


def test_an_encrypted_case_keeps_them_encrypted(tmp_path: Path, files: Path, read: Counter[str]) -> None:
    place = tmp_path / "sealed"
    with closing(
        open_case(place, officer="ada", purpose="test", passphrase="correct horse battery staple", encrypted=True)
    ) as case:
        case.add(files)
        found = ask(case)
    kept = list_kept(place)
    assert len(kept) == len(KEPT)
    assert not any(b"ARROW1" in path.read_bytes() for path in kept)
    read.clear()
    with closing(open_case(place, officer="ada", purpose="test", passphrase="correct horse battery staple")) as case:
        assert ask(case) == found
    assert not read.total()


def test_without_a_home_nothing_is_kept(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "occupied").write_text("")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "occupied/home"))
    shutil.rmtree(case.context.folder.derived / "tables", ignore_errors=True)
    ask(case)
    assert not list_kept(case.context.folder.path)


def test_a_small_table_is_not_kept(tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_cache, "SMALLEST", 5_000)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        case.add(files)
        ask(case)
    assert not list_kept(tmp_path / "case")


def test_the_key_is_the_users_alone(tmp_path: Path) -> None:
    made = key_store.load_table_key(tmp_path / "home")
    path = tmp_path / "home" / key_store.TABLE_KEY
    assert key_store.load_table_key(tmp_path / "home") == made != key_store.load_table_key(tmp_path / "other")
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(made[:5])
    assert len(key_store.load_table_key(tmp_path / "home")) == key_store.KEY_SIZE


def test_a_refused_folder_is_no_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a medium that cannot be written."""

    def refuse(*_: object) -> Path:
        raise CaseError("it cannot be written")

    shutil.rmtree(folder / "derived/tables")
    with closing(open_again(folder)) as case:
        monkeypatch.setattr(type(case.context.folder.vault), "write", refuse)
        assert len(case.documents())
