"""Hostile files, files that are withheld, and files that are erased: as on the laptop, and nothing of them stays with Spark."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import workbench as wb
from tests.altered import alter
from tests.case import material
from tests.faults import hostile
from tests.spark.comparing import find_texts, list_rows
from workbench.case.case import open_case
from workbench.case.context import folder_walk
from workbench.case.sources import cluster_reading
from workbench.cluster.cluster import Cluster
from workbench.errors import CaseError

pytestmark = [pytest.mark.spark, pytest.mark.timeout(900)]


@pytest.mark.parametrize("kind", sorted(hostile.MAKERS))
def test_a_hostile_file_costs_itself_and_no_other(tmp_path: Path, cluster: Cluster, kind: str) -> None:
    files = material.write(tmp_path)
    for name, data in hostile.MAKERS[kind]().items():
        (files / name.replace("/", "_")).write_bytes(data)
    with closing(open_case(tmp_path / "here", officer="ada", purpose="test")) as here:
        expected = here.add(files)
        with closing(open_case(tmp_path / "there", officer="ada", purpose="test")) as there:
            found = there.add(files, on=cluster)
            assert found.equals(expected)
            assert set(found.loc[found["name"].isin(["chats.txt", "note.md"]), "state"]) == {"read"}
            mine, theirs = list_rows(here), list_rows(there)
            assert {name for name in mine if mine[name] != theirs[name]} == set()


def test_a_reader_that_dies_or_works_without_end_is_an_answer(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers that do what a file says: each such file is quarantined with the reason of the laptop, and the job goes on."""
    alter(monkeypatch, ingest__READERS__text="object:misread")
    files = tmp_path / "files"
    files.mkdir()
    for order in ("good", "fail", "kill", "end", "crash", "remember", "work", "better"):
        (files / f"{order}.txt").write_text(f"{order}\n")
    with (
        closing(open_case(tmp_path / "here", officer="ada", purpose="test")) as here,
        closing(open_case(tmp_path / "there", officer="ada", purpose="test")) as there,
    ):
        expected, before = here.add(files), cluster.done.get("files", 0)
        found = there.add(files, on=cluster)
        assert found.equals(expected)
        assert sorted(found.loc[found["state"] == "read", "name"]) == ["better.txt", "good.txt"]
        assert cluster.done["files"] - before == 2 * len(found), "executors answered for all of them"
        mine, theirs = list_rows(here), list_rows(there)
        assert {name for name in mine if mine[name] != theirs[name]} == set()


def test_what_is_withheld_does_not_travel(tmp_path: Path, cluster: Cluster) -> None:
    files = material.write(tmp_path)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        case.add(files / "note.md")
        case.handling.mark("note.md", level="EXERCISE RESTRICTED", because="of a partner")
    with closing(open_case(tmp_path / "case", officer="bob", purpose="test")) as case:
        entries = [entry for entry in folder_walk.walk_folder(files) if not entry.why]
        with case.context.ledger.hold_filter():
            chosen = [file.name for file in cluster_reading._choose_files(case.context, entries, {})]
        assert chosen == ["broken.bin", "chats.txt"]
        found = case.add(files, on=cluster).set_index("name")["state"]
        assert found["note.md"] == "read", "to bob it is new, and it was read on this machine"


def test_after_an_erasure_no_file_of_spark_holds_the_text(tmp_path: Path, cluster: Cluster) -> None:
    files, text = material.write(tmp_path), [b"container leaves on Friday"]
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        case.add(files, on=cluster)
        case.extract(on=cluster)
        assert find_texts(tmp_path / "case", text), "the search would find it"
        case.privacy.erase("chats.txt", because="ordered", sure=True)
        assert find_texts(cluster.scratch.path, text) == []
        assert case.add(files, on=cluster).set_index("name")["state"]["chats.txt"] == "refused"
        assert find_texts(cluster.scratch.path, text) == []
        assert find_texts(tmp_path / "case", text) == []


@pytest.mark.parametrize(
    ("master", "said"),
    [("spark://host", "needs a folder"), ("nothing", "not the address"), ("local[x]", "not the address")],
)
def test_a_wrong_master_is_refused_with_what_to_do(master: str, said: str) -> None:
    with pytest.raises(CaseError, match=said):
        wb.spark(master)


@pytest.mark.parametrize("missing", ["pyspark", "java"])
def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    find: Callable[[str], object]
    if missing == "pyspark":
        find = lambda name: None  # noqa: E731
        monkeypatch.setattr("importlib.util.find_spec", find)
    else:
        monkeypatch.setattr("workbench.cluster.cluster.find_java", lambda: "")
    with pytest.raises(CaseError, match="bootstrap.py spark" if missing == "pyspark" else "Java 17 or 21"):
        wb.spark("local[1]")


def test_a_stage_that_fails_leaves_nothing_and_the_case_as_it_was(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Executors with another program refuse to work: rows are equal only where the program is."""
    monkeypatch.setattr("workbench.cluster.stage_run.compute_program_digest", lambda: "another")
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        with pytest.raises(CaseError, match="another version"):
            case.add(material.write(tmp_path), on=cluster)
        assert list_rows(case)["sources"] == []
    assert list(cluster.scratch.path.glob("stage=*")) == []
