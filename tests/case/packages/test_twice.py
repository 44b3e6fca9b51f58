"""One file counts once, whoever brings it and under whatever run: calls, places, evidence."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, packed
from workbench.case.case import Case
from workbench.exchange.package import write_package as make_package

Lines = dict[str, list[dict[str, object]]]


def again(lines: Lines, state: str = "read") -> None:
    """The same rows under other runs."""
    for rows in lines.values():
        for row in rows:
            if row.get("run_id", "officer") != "officer":
                row["run_id"] = str(row["run_id"])[::-1]
    for row in lines["runs"]:
        row["id"], row["state"] = str(row["id"])[::-1], state if row["source"] else row["state"]


def unread(lines: Lines) -> None:
    again(lines, "quarantined")


def other_places(lines: Lines) -> None:
    """Places and claims under ids of their own, by a run that says that it has read another file."""
    again(lines)
    for row in lines["runs"]:
        row["source"] = row["source"] and lines["sources"][0]["sha256"]
    for row in lines["traces"]:
        row["id"] = f"x{row['id']}"
    for row in (row for row in lines["evidence"] if row["kind"] != "decided"):
        row["id"], row["trace_id"] = f"x{row['id']}", row["trace_id"] and f"x{row['trace_id']}"


def rewritten(path: Path, bo: Side, ada: Side, change: Callable[[Lines], None]) -> Path:
    """A package with its rows changed, sealed again."""
    with bo.open(path) as package:
        payload = {name: package.opened.read_content(name) for name in package.opened.names}
        cover = package.header.cover
    names = {name.removeprefix("ledger/").removesuffix(".jsonl"): name for name in payload if name.endswith(".jsonl")}
    lines: Lines = {table: [json.loads(line) for line in payload[name].splitlines()] for table, name in names.items()}
    change(lines)
    for table, name in names.items():
        payload[name] = b"".join(json.dumps(row).encode() + b"\n" for row in lines[table])
    return make_package(payload, cover, ada.officer, [bo.card], path.with_name(change.__name__)).path


def counted(case: Case) -> tuple[object, ...]:
    """What would be doubled."""
    documents = case.documents().set_index("document_id")["traces"]
    return (
        len(case.calls.summary().records()), documents.sort_index().to_dict(), len(case.evidence.list()),
        len(case.search("container", limit=50)), len(case.sources.issues().loc[lambda i: i["code"] != "remarks"]), len(case.sources.list()),
    )  # fmt: skip


def take(case: Case, side: Side, path: Path) -> None:
    with side.open(path) as package:
        assert package.state == "VALID"
        package.add_to(case)


@pytest.mark.slow
@pytest.mark.parametrize("change", [again, unread, other_places])
def test_a_second_reading_of_a_file_doubles_nothing(
    sent: Case, ada: Side, bo: Side, change: Callable[[Lines], None]
) -> None:
    first = packed(sent, ada, bo)
    with closing(bo.case()) as mine:
        take(mine, bo, first)
        before = counted(mine)
        take(mine, bo, rewritten(first, bo, ada, change))
        assert counted(mine) == before
        assert not (mine.log.verify()["state"] == "bad").any()


@pytest.mark.slow
def test_a_file_that_another_bureau_has_read_otherwise_is_a_remark(
    sent: Case, ada: Side, bo: Side, files: Path, tmp_path: Path
) -> None:
    """The same bytes, read with other options."""
    other = Side(ada.officer, ada.trust, tmp_path / "other")
    with closing(other.case()) as case:
        case.add(files / "calls.csv", options={"region": "FR"})
        second = packed(case, ada, bo)
    with closing(bo.case()) as mine:
        take(mine, bo, packed(sent, ada, bo))
        before = counted(mine)
        take(mine, bo, second)
        assert counted(mine) == before
        said = mine.review.remarks()
        assert said.loc[said["kind"] == "copy", "about"].str.endswith("calls.csv").any()
