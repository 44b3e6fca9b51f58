"""A folder of broken and hostile files: each is kept and told of with a reason, and the good ones beside them are read."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cost import measured, peak_growth
from tests.faults import costly, hostile
from workbench.case.case import Case, open_case
from workbench.case.files import reader_process
from workbench.ingest import budgets

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
GOOD = {
    "good.txt": b"The crane is out of order since Tuesday.",
    "good.csv": b"plate;owner\nAB-12-CD;Marta Oliveira\n",
    "good.eml": b"From: a@harbour.example\nTo: b@harbour.example\nSubject: Berth\nDate: Fri, 01 Mar 2024 09:00:00 +0100\n\nNine.\n",
}
SLOWEST = 5.0
"""CPU seconds after which a file counts as hanging; the slowest, a bomb in a sheet, takes one."""
MOST_MEMORY = 2 * 2**30
"""Bytes by which this process may grow while it adds the files of one kind."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    made = open_case(tmp_path_factory.mktemp("hostile") / "case", officer="ada", purpose="test")
    yield made
    made.close()


def spent() -> float:
    """CPU seconds of this process and of those that read files now."""
    children = [child.process.pid for child in reader_process.get_pool(reader_process.MODULE).free]
    return time.process_time() + sum(map(of_process, children))


def of_process(pid: int) -> float:
    """CPU seconds of another process, as Linux tells them; 0 elsewhere."""
    stat = Path(f"/proc/{pid}/stat")
    fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else ["0"] * 13
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def put(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def added_anew(folder: Path, path: Path) -> float:
    """Add a file to a case that has never seen it; CPU seconds that it took."""
    started = spent()
    with TemporaryDirectory(dir=folder) as place:
        made = open_case(Path(place) / "case", officer="ada", purpose="test")
        made.add(path)
        made.close()
    return spent() - started


@pytest.mark.parametrize("kind", sorted(hostile.MAKERS))
def test_each_is_told_of_and_the_good_ones_are_read(case: Case, tmp_path: Path, kind: str) -> None:
    files = hostile.MAKERS[kind]()
    folder = put(tmp_path / kind, {**files, **GOOD})
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with peak_growth(MOST_MEMORY):
        for name in sorted(path.name for path in folder.iterdir()):
            started = spent()
            table = case.add(folder / name).set_index("name")
            if spent() - started > SLOWEST:
                measured(SLOWEST, lambda: added_anew(tmp_path, folder / name))  # noqa: B023
            state, why = table.loc[name, ["state", "why"]]
            if name in {*GOOD, *hostile.HARMLESS}:
                assert state in ("read", "known"), (name, why)
                continue
            issues = case.sources.issues()
            told = issues[issues["source"] == table.loc[name, "source"]]
            inner = table.loc[[other for other in table.index if other != name]]
            assert state == "quarantined" or len(told) or "quarantined" in set(inner["state"]), (name, state, why)
            assert state in ("read", "known") or len(why) > 20, (name, why)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_there_are_enough_of_them() -> None:
    assert sum(len(make()) for make in hostile.MAKERS.values()) >= 60


def test_what_lies_outside_is_never_read(case: Case) -> None:
    for secret in ("root:x:0", "slipped"):
        assert not case.context.passages["text"].str.contains(secret, regex=False).any()


def test_links_lead_nowhere_and_names_run_nothing(case: Case, tmp_path: Path) -> None:
    folder = put(tmp_path / "links", GOOD)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "pipe").parent.mkdir(exist_ok=True)
    os.mkfifo(folder / "pipe.txt")
    (folder / (hostile.SCRIPT.replace("/", "") + ".txt")).write_bytes(b"A note under a wicked name.")
    told = case.add(folder)
    assert set(told.loc[told["state"] == "passed over", "name"]) == {"loop", "passwd.txt", "pipe.txt"}
    names = set(told.loc[told["state"] != "passed over", "name"])
    assert names == {*GOOD, hostile.SCRIPT.replace("/", "") + ".txt"}
    html = case.charts.panel()._repr_mimebundle_()["text/html"]
    assert hostile.SCRIPT not in str(html)


@pytest.mark.parametrize("name", ["long.txt", "long.csv", "long.json", "long.eml", "long.vcf", "long.html"])
def test_a_line_of_100_megabytes(case: Case, tmp_path: Path, name: str) -> None:
    head = {"csv": b"name,phone\n", "json": b'[{"a":"', "eml": b"From: a@b.example\nX: ", "vcf": b"BEGIN:VCARD\nFN:"}
    data = head.get(name.rpartition(".")[2], b"") + b"x" * 100_000_000
    path = tmp_path / name
    path.write_bytes(data)
    started = spent()
    row = case.add(path).iloc[0]
    told = case.sources.issues()
    if spent() - started > 4 * SLOWEST:
        measured(4 * SLOWEST, lambda: added_anew(tmp_path, path))
    assert row["state"] == "quarantined" or row["source"] in set(told["source"])


HEAVY = {
    "many_letters.mbox": 60, "open_quote.csv": 130, "one_open_quote.csv": 220, "many_short_cards.vcf": 130, "self_links.anx": 30,
}  # fmt: skip
"""Files of many short lines, honest as far as anybody can tell: they are read, and the ledger takes so many times their size."""
LEAST = 4 << 20
"""Bytes that a case may take beside ten times the file."""


@pytest.mark.parametrize("name", sorted(costly.MAKERS))
def test_what_would_cost_minutes_stays_within_its_budget(tmp_path: Path, name: str) -> None:
    """Time of the child, bytes in the case, the good files beside it; nothing is left of what was stopped."""
    folder = put(tmp_path / "files", {name: costly.MAKERS[name](), **GOOD})
    size = (folder / name).stat().st_size
    started = spent()
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as made:
        table = made.add(folder).set_index("name")
        assert set(table.loc[list(GOOD), "state"]) == {"read"}
        state, why = table.loc[name, ["state", "why"]]
        assert state == "read" or (state == "quarantined" and len(why) > 40), (state, why)
        if state == "quarantined":
            assert made.documents()["title"].nunique() == len(GOOD), "nothing of it is kept"
    if name not in HEAVY:
        assert spent() - started < budgets.SECONDS, "the readers are bounded by themselves"
    grown = sum(path.stat().st_size for path in (tmp_path / "case").rglob("*") if path.is_file())
    assert grown < HEAVY.get(name, 10) * size + LEAST, f"{grown / size:.0f} times its size"
