"""What was erased here comes back in no package, whatever place it is said to have: it is not taken in, or erased again with its file."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, packed
from workbench.case.case import Case
from workbench.exchange.package import write_package as make_package
from workbench.model.ids import compute_digest

Lines = dict[str, list[dict[str, object]]]
NAMES = ("notes.txt", "letter.txt", "persons.csv")
SHARED, THEIRS, ERASED = NAMES


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A file that both have, one that only the sender has, and one that is erased here."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / SHARED).write_text("Harbour watch at noon.\n", "utf-8")
    (folder / THEIRS).write_text("The boat left with the tide.\n", "utf-8")
    (folder / ERASED).write_text("name,birth_date\nZora Melnik,1990-01-01\n", "utf-8")
    return folder


def moved(lines: Lines, name: str) -> None:
    """Every place of the erased file as one in another file, by its reading."""
    sources = {str(row["name"]): row["sha256"] for row in lines["sources"]}
    run = next(row["id"] for row in lines["runs"] if row["source"] == sources[name])
    for row in lines["traces"]:
        if row["source"] == sources[ERASED]:
            row["source"], row["run_id"] = sources[name], run
    for row in lines["evidence"]:
        row["run_id"] = run


def on_ours(lines: Lines) -> None:
    moved(lines, SHARED)


def on_theirs(lines: Lines) -> None:
    moved(lines, THEIRS)


def under_another_document(lines: Lines) -> None:
    """The erased passages, under their ids, in a document of the sender's other file that nobody knows."""
    moved(lines, THEIRS)
    [table] = [row["id"] for row in lines["documents"] if row["schema"] == "Table"]
    for rows, column in (("documents", "id"), ("traces", "document_id"), ("passages", "document_id")):
        for row in lines[rows]:
            if row[column] == table:
                row[column] = compute_digest("unknown")
    lines["evidence"] = []


def without_its_file(payload: dict[str, bytes], lines: Lines) -> None:
    """Leave out the erased file, its readings and how it arrived."""
    gone = next(str(row["sha256"]) for row in lines["sources"] if row["name"] == ERASED)
    payload.pop(f"sources/{gone}", None)
    for rows, column in (("sources", "sha256"), ("runs", "source"), ("arrivals", "source"), ("issues", "source")):
        lines[rows] = [row for row in lines.get(rows, ()) if row[column] != gone]


def forged(path: Path, ada: Side, bo: Side, change: Callable[[Lines], None], *, whole: bool) -> Path:
    with bo.open(path) as package:
        payload = {name: package.opened.read_content(name) for name in package.opened.names}
        cover = package.header.cover
    names = {name.removeprefix("ledger/").removesuffix(".jsonl"): name for name in payload if name.endswith(".jsonl")}
    lines: Lines = {table: [json.loads(line) for line in payload[name].splitlines()] for table, name in names.items()}
    change(lines)
    if not whole:
        without_its_file(payload, lines)
    for table, name in names.items():
        payload[name] = b"".join(json.dumps(row).encode() + b"\n" for row in lines[table])
    return make_package(payload, cover, ada.officer, [bo.card], path.with_name("forged")).path


def told(case: Case) -> list[str]:
    """Texts of the ledger, shown or not, that name the erased person."""
    queries = ("SELECT text FROM passages", "SELECT title FROM documents", "SELECT body FROM remarks")
    texts = [str(text) for query in queries for (text,) in case.context.ledger.connection.execute(query).fetchall()]
    return [text for text in texts if "Melnik" in text]


@pytest.mark.slow
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("change", [on_ours, on_theirs, under_another_document])
def test_what_was_erased_does_not_come_back_under_another_file(
    ada: Side, bo: Side, place: Path, change: Callable[[Lines], None], *, whole: bool
) -> None:
    with closing(ada.case()) as case:
        case.add(place)
        path = packed(case, ada, bo)
    with closing(bo.case()) as case:
        for name in (SHARED, ERASED):
            case.add(place / name)
        case.privacy.erase(ERASED, because="request", sure=True)
        with bo.open(forged(path, ada, bo, change, whole=whole)) as package:
            package.add_to(case)
        assert told(case) == []
        assert SHARED in set(case.sources.list()["name"])
        assert not (case.log.verify()["state"] == "bad").any()
