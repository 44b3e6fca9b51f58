"""What executors do and what the case takes of it, without Spark: models that differ, slow workers, memory, archives of many files."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case import material
from tests.spark.comparing import list_rows
from tests.spark.in_process import InProcessCluster
from workbench.case.case import Case, open_case
from workbench.case.sources import extraction
from workbench.cluster import file_reading, passage_stage
from workbench.extract.extraction_method import Method
from workbench.ingest import row_transfer
from workbench.ingest.reading.source import SourceFile
from workbench.model.rows import Enclosure, Passage
from workbench.worker import Message, Stopped


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[InProcessCluster]:
    """A cluster in this process."""
    made = InProcessCluster(tmp_path / "scratch")
    yield made
    assert [path.name for path in made.scratch.path.iterdir()] == [], "a stage was left"
    made.scratch.remove()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Case, Case]]:
    """Two cases, empty."""
    with (
        closing(open_case(tmp_path / "here", officer="ada", purpose="test")) as here,
        closing(open_case(tmp_path / "there", officer="ada", purpose="test")) as there,
    ):
        yield here, there


def find_differences(here: Case, there: Case) -> set[str]:
    """Tables whose rows are not the same."""
    mine, theirs = list_rows(here), list_rows(there)
    return {name for name in mine if mine[name] != theirs[name]}


def test_the_stages_give_the_same_rows_in_this_process(
    tmp_path: Path, cluster: InProcessCluster, pair: tuple[Case, Case]
) -> None:
    files, (here, there) = material.write(tmp_path), pair
    assert there.add(files, on=cluster).equals(here.add(files))
    assert there.extract(on=cluster).equals(here.extract())
    assert find_differences(here, there) == set()
    assert cluster.done["files"] == 2 * 2 + 1
    assert cluster.done["passages"] > 3


def test_a_worker_with_another_model_leaves_the_passages_to_this_computer(
    tmp_path: Path, cluster: InProcessCluster, pair: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version of a method names its model: what another model found is not filed under it."""
    files, (here, there) = material.write(tmp_path), pair
    for case in pair:
        case.add(files)
    expected, load = here.extract(), passage_stage._load_method

    def load_other(*given: object) -> Method:
        made = load(*given)
        if made.name != "spacy-ner":
            return made
        other = f"{made.version}-other"
        return Method(made.name, other, lambda texts: (replace(one, version=other) for one in made.extract(texts)))

    monkeypatch.setattr(passage_stage, "_load_method", load_other)
    found = there.extract(on=cluster)
    assert found.equals(expected)
    assert find_differences(here, there) == set()
    read = dict(zip(expected["method"], expected["passages"], strict=True))
    assert cluster.done["passages"] == sum(1 for name, count in read.items() if count and name != "spacy-ner")


def test_passages_are_read_when_their_part_is_written(
    tmp_path: Path, cluster: InProcessCluster, pair: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver never holds more than a batch of them: the texts of a large case do not fit into its memory."""
    case, made = pair[0], list[int]()
    case.add(material.write(tmp_path))
    monkeypatch.setattr(extraction, "BATCH", 1)
    monkeypatch.setattr(extraction, "BATCHES", {})
    to_passages = extraction.to_passages

    def watch(*given: object) -> list[Passage]:
        found = to_passages(*given)
        made.append(len(found))
        return found

    monkeypatch.setattr(extraction, "to_passages", watch)
    cluster.watch = lambda: held.append(sum(type(one) is Passage for one in gc.get_objects()))
    gc.collect()
    held = [sum(type(one) is Passage for one in gc.get_objects())]
    case.extract(on=cluster)
    assert max(made) == 1
    assert held[1] - held[0] <= 1
    assert cluster.done["passages"] > 3


class SlowPool:
    """Reader processes that find the reader of a file and then run out of time."""

    def run(self, job: str, arguments: object, **budget: object) -> Iterator[Message]:
        """The reader, then the limit."""
        del arguments, budget
        if job == "read":
            raise Stopped("wait", 1.0)
        yield Message(row_transfer.VALUE, json.dumps(["text", "1", "by its name"]).encode())


def test_a_file_for_which_a_slow_worker_had_no_time_is_read_here(
    tmp_path: Path, cluster: InProcessCluster, pair: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    files, (here, there) = tmp_path / "files", pair
    files.mkdir()
    (files / "note.txt").write_text("The container leaves on Friday.\n")
    monkeypatch.setattr(file_reading, "_get_pool", lambda settings: SlowPool())
    expected = here.add(files)
    found = there.add(files, on=cluster)
    assert list(expected["state"]) == ["read"]
    assert list(found["state"]) == ["read"]


def test_files_within_a_file_are_counted_in_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """20,000 of them took a quarter of a minute when their sizes were added up anew for each."""
    reading = file_reading._Reading(SlowPool(), file_reading.FileBudget(1 << 30, {}))  # type: ignore[arg-type]
    run = file_reading._Run(reading, "read", SourceFile(Path("a"), "a", "a", data=b""), {})
    run._yield = file_reading.budgets.Yield(1 << 30)
    sent = next(row_transfer.encode_rows([Enclosure("inner.txt", b"12345678")]))
    begun = time.process_time()
    for _ in range(12_000):
        run._count(sent)
    assert len(run.inner) == 12_000
    assert time.process_time() - begun < 3
    monkeypatch.setattr(file_reading, "MAX_PAYLOAD", 12_001 * 8)
    run._count(sent)
    run._count(sent)
    assert len(run.inner) == 12_001, "what does not fit is left to the computer of the case"
