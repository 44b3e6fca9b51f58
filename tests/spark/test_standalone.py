"""Two worker processes: the same rows also when one of them is killed, and no text of them on any disk afterwards."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import workbench as wb
from tests.spark.comparing import find_texts, list_rows
from tests.spark.standalone import Standalone, run_standalone
from workbench.case.case import open_case
from workbench.cluster import scratch_folder
from workbench.cluster.job_results import JobResults
from workbench.worker.payload_cipher import PayloadCipher, create_key

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]
# ruff: noqa: E501
FILES, LINES = 24, 600
SECRET = "Quetzalcoatlus"


def write_chats(folder: Path) -> Path:
    """Chats with a word in each that stands nowhere else."""
    folder.mkdir()
    chance = random.Random(5)
    for file in range(FILES):
        lines = [
            f"Conversations found on device {file:02} Phone (evidence trace aaaa-{file}) used by custodian Ada Brook (evidence trace aaaa-{file}:0-1)",
            f"WhatsApp conversation about 4477009{file:05}@s.whatsapp.net containing {LINES} messages between 2 participants (evidence trace aaaa-{file}:0-2)",
        ]
        for line in range(LINES):
            said = f"{SECRET} {chance.randrange(1 << 60)} call +44 7700 900{chance.randrange(100, 999)}"
            lines.append(
                f"2024-03-01T{line // 60:02}:{line % 60:02}:00 | From: Ada Brook | To: Ben Carver (Benny) | Message: {said}"
            )
        (folder / f"chat{file:02}.txt").write_text("\n" + "\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    with run_standalone(tmp_path_factory.mktemp("standalone") / "cluster") as made:
        yield made


SETTINGS = {"spark.executor.memory": "1g", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def kill_while(running: Standalone, stage: Path, done: threading.Event, killed: list[int], writing: bool) -> None:
    """Kill one executor once the first part is on its way (`writing`: lies half written in `_temporary`)."""
    while not done.is_set():
        parts = list(
            stage.glob("*/stage=*/answers/_temporary/**/part-*.parquet" if writing else "*/stage=*/answers/_temporary")
        )
        if parts and running.kill_executor():
            killed.append(len(parts))
            return
        time.sleep(0.01)


@pytest.mark.parametrize("writing", [False, True])
def test_a_killed_worker_loses_nothing_and_leaves_nothing(tmp_path: Path, running: Standalone, writing: bool) -> None:
    files = write_chats(tmp_path / "chats")
    scratch = tmp_path / "scratch"
    with (
        closing(open_case(tmp_path / "here", officer="ada", purpose="test")) as here,
        closing(open_case(tmp_path / "there", officer="ada", purpose="test")) as there,
    ):
        expected = here.add(files)
        killed: list[int] = []
        with wb.spark(running.address, scratch=scratch, settings=SETTINGS) as cluster:
            done = threading.Event()
            killer = threading.Thread(target=kill_while, args=(running, scratch, done, killed, writing))
            killer.start()
            found = there.add(files, on=cluster)
            done.set()
            killer.join()
            assert cluster.done["files"] == 2 * FILES
        assert killed, "an executor was killed while it worked"
        assert found.equals(expected)
        mine, theirs = list_rows(here), list_rows(there)
        assert {name for name in mine if mine[name] != theirs[name]} == set()
    assert list(scratch.iterdir()) == []
    assert find_texts(running.folder, [SECRET.encode()]) == []


def test_half_a_part_is_never_read(tmp_path: Path) -> None:
    """What lies in `_temporary`, or has no `_SUCCESS` beside it, is not there."""
    answers = tmp_path / "answers"
    (answers / "_temporary/0/task").mkdir(parents=True)
    (answers / "_temporary/0/task/part-00000.parquet").write_bytes(b"PAR1 half")
    (answers / "part-00001.parquet").write_bytes(b"PAR1 half")
    assert scratch_folder.list_parts(answers) == []
    assert JobResults(answers, PayloadCipher(create_key())).jobs == {}


def test_while_it_runs_the_scratch_folder_holds_no_text(tmp_path: Path, running: Standalone) -> None:
    """Bytes and decoded columns of every file that is seen in the scratch folder and in the workers' folders."""
    files = write_chats(tmp_path / "chats")
    scratch, seen, leaks = tmp_path / "scratch", set[str](), list[Path]()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for place in (scratch, running.folder):
                walked = os.walk(place)  # unlike rglob it passes over folders that are removed meanwhile
                for path in [Path(folder, name) for folder, _, names in walked for name in names]:
                    try:
                        data = path.read_bytes()
                        if path.suffix == ".parquet" and data.endswith(b"PAR1") and len(data) > 8:
                            data += repr(pq.read_table(path).to_pydict()).encode()
                    except (OSError, ValueError):
                        continue
                    seen.add(path.name)
                    if SECRET.encode() in data or b"chat00.txt" in data:
                        leaks.append(path)
            time.sleep(0.05)

    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        scratch.mkdir()
        with wb.spark(running.address, scratch=scratch, settings=SETTINGS) as cluster:
            watcher = threading.Thread(target=look)
            watcher.start()
            case.add(files, on=cluster)
            case.extract(on=cluster)
            done.set()
            watcher.join()
        assert any(name.startswith("part-") for name in seen)
        assert leaks == []
    assert find_texts(scratch, [SECRET.encode()]) == find_texts(running.folder, [SECRET.encode()]) == []
