"""Attacks that strangers made on a case with valid packages, each refused or without effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case.packages.conftest import CALLS, Side, packed
from workbench.case.case import Case
from workbench.errors import PackageError
from workbench.exchange.package import write_package as make_package

AT = "2026-01-01T00:00:00Z"


@pytest.fixture
def taken(ada: Side, bo: Side, tmp_path: Path) -> Case:
    """Bo's case with an operator's list; Ada has the same list in a file that differs by a line at its end."""
    (tmp_path / "two.csv").write_text(CALLS, "utf-8")
    case = bo.case(title="Quay")
    case.add(tmp_path / "two.csv", options={"region": "GB"})
    return case


def send(ada: Side, bo: Side, case: Case, tmp_path: Path, change: object) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "other.csv").write_text(CALLS.replace("2024", "2023"), "utf-8")
    theirs = ada.case(title="Tip")
    theirs.add(tmp_path / "theirs", options={"region": "GB"})
    with bo.open(packed(theirs, ada, bo)) as package:
        payload = {name: package.opened.read_content(name) for name in package.opened.names}
        cover = package.header.cover
    theirs.close()
    change(payload)  # type: ignore[operator]
    made = make_package(payload, cover, ada.officer, [bo.card], tmp_path / "sent")
    with bo.open(made.path) as package:
        assert package.state == "VALID"
        package.add_to(case)


def test_a_mark_on_nothing_is_refused(ada: Side, bo: Side, taken: Case, tmp_path: Path) -> None:
    """A term on the source '' once hid every file that lies within no other."""
    before = taken.calls.summary().table.to_csv()

    def mark(payload: dict[str, bytes]) -> None:
        payload["ledger/terms.jsonl"] = payload.get("ledger/terms.jsonl", b"") + (
            b'{"id": "%s", "target_kind": "source", "target_id": "", "facet": "level", "value": "[\\"EXERCISE CONFIDENTIAL\\"]",'
            b' "officer": "ada (NCB Valdora)", "because": "x", "at": "%s"}\n' % (b"a" * 24, AT.encode())
        )

    with pytest.raises(PackageError, match=r"terms is not valid\. The column target_id is empty"):
        send(ada, bo, taken, tmp_path, mark)
    assert taken.calls.summary().table.to_csv() == before and len(taken.sources.list()) == 1
    taken.close()


def test_counts_of_a_run_that_are_no_numbers_are_refused(ada: Side, bo: Side, taken: Case, tmp_path: Path) -> None:
    def count(payload: dict[str, bytes]) -> None:
        payload["ledger/runs.jsonl"] = payload["ledger/runs.jsonl"].replace(
            b'\\"documents\\": 1', b'\\"documents\\": \\"<b>\\"'
        )

    with pytest.raises(PackageError, match="counts"):
        send(ada, bo, taken, tmp_path, count)
    assert len(taken.sources.list()) == 1
    taken.close()


@pytest.mark.slow
def test_mass_rows_of_others_lie_under_no_document_of_ours(ada: Side, bo: Side, taken: Case, tmp_path: Path) -> None:
    """Rows that a Parquet file of the sender puts under our document once counted among ours."""
    import hashlib
    import io
    import json

    import pyarrow as pa
    import pyarrow.parquet as pq

    [ours] = taken.documents()["document_id"]
    before = taken.calls.summary().table.to_csv()

    def forge(payload: dict[str, bytes]) -> None:
        [row] = [json.loads(line) for line in payload["ledger/row_files.jsonl"].splitlines() if b'"calls"' in line]
        table = pq.read_table(io.BytesIO(payload.pop(f"rows/{row['path']}")))
        at = table.schema.get_field_index("document_id")
        forged = pa.array([ours] * len(table)).cast(table.schema.field(at).type)
        out = io.BytesIO()
        pq.write_table(table.set_column(at, table.schema.field(at), forged), out)
        data = out.getvalue()
        key = hashlib.sha256(data).hexdigest()
        row.update(sha256=key, path=f"calls-{key[:24]}.parquet", size=len(data))
        payload["ledger/row_files.jsonl"] = json.dumps(row).encode() + b"\n"
        payload[f"rows/{row['path']}"] = data

    with pytest.raises(PackageError, match="without a document"):
        send(ada, bo, taken, tmp_path, forge)
    assert taken.calls.summary().table.to_csv() == before and taken.review.remarks().empty
    taken.close()
