"""A file that a package held before its owner adds it: whatever the sender said of it, and hid with it, it is read here."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, cleared, packed
from tests.case.packages.test_remarks import HIGH, Made, ours, term
from workbench.case.case import Case, open_case
from workbench.exchange.package import write_package as make_package
from workbench.ledger.foreign import foreign_rows
from workbench.ledger.records import row_tables

FORGED = "Nobody said this."
HOW = {"level": [HIGH], "purpose": ["counter-terrorism"], "review": ["2020-01-01"]}
KINDS = {"source": ("sources", "sha256"), "document": ("documents", "id"), "passage": ("passages", "id")}


@pytest.fixture
def own(files: Path) -> Path:
    """Files that both bureaux have."""
    with zipfile.ZipFile(files / "bundle.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("inner.txt"), "The container leaves from pier four.")
    return files


@pytest.fixture
def expected(bo: Side, own: Path) -> Iterator[Case]:
    """What the files give without any package."""
    case = Side(bo.officer, bo.trust, bo.folder.with_name("twin")).case()
    case.add(own)
    case.extract()
    yield case
    case.close()


def forged(ada: Side, bo: Side, own: Path, marks: Iterable[tuple[str, str]]) -> Path:
    """A package with the same files, other words in them, and marks on everything of a kind."""
    with closing(ada.case(title="Tip")) as case:
        case.add(own)
        with bo.open(packed(case, ada, bo)) as package:
            payload = {name: package.opened.read_content(name) for name in package.opened.names}
            cover = package.header.cover
    rows = {table: _lines(payload[f"ledger/{table}.jsonl"]) for table in ("sources", "documents", "passages")}
    for row in rows["passages"]:
        row["text"] = FORGED
    made = [
        term(kind, str(row[KINDS[kind][1]]), facet, *HOW[facet])
        for kind, facet in marks
        for row in rows[KINDS[kind][0]]
    ]
    payload["ledger/passages.jsonl"] = _written(rows["passages"])
    payload["ledger/terms.jsonl"] = _written(made)
    return make_package(payload, cover, ada.officer, [bo.card], own.with_name("sent")).path


def _lines(data: bytes) -> list[Made]:
    return [json.loads(line) for line in data.splitlines()]


def _written(rows: Iterable[Made]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("facet", HOW)
def test_a_file_that_a_sender_forged_and_hid_is_read_here(
    ada: Side, bo: Side, own: Path, expected: Case, kind: str, facet: str
) -> None:
    path = forged(ada, bo, own, [(kind, facet)])
    with cleared(bo, HIGH), closing(bo.case()) as case, bo.open(path) as package:
        package.add_to(case)
    with closing(bo.case()) as case:
        assert set(case.add(own)["state"]) == {"read", "quarantined"}
        case.extract()
        before, now = ours(expected), ours(case)
        for at in (0, 1, 4, 7):  # documents, entities, evidence, hits
            assert before[at] <= now[at], at
        assert FORGED not in set(case.context.passages["text"])
        assert set(case.context.passages["text"]) == set(expected.context.passages["text"])
        assert len(case.sources.list()) == len(expected.sources.list())
        told = case.handling.withheld()["items"].sum()  # of what is hidden only a remark of the sender's is counted
        assert told == 0 or (facet == "purpose" and told == 1)
        assert not (case.log.verify()["state"] == "bad").any() and set(case.add(own)["state"]) <= {
            "known",
            "quarantined",
        }


@pytest.mark.slow
def test_a_file_of_others_that_our_own_mark_hides_is_read_here_for_whoever_brings_it(
    ada: Side, bo: Side, own: Path, expected: Case
) -> None:
    """The mark of this case stays: the officer sees an own copy, others what the mark allows; nobody sees the forged text."""
    path = forged(ada, bo, own, [])
    with closing(bo.case()) as case, bo.open(path) as package:
        package.add_to(case)
    with closing(open_case(bo.folder, officer="chief", purpose="training")) as chief:
        chief.handling.mark("note.md", level=HIGH, because="of a partner")
    with closing(bo.case()) as case:
        assert "note.md" not in set(case.sources.list()["name"])
        assert set(case.add(own / "note.md")["state"]) == {"read"}
        [wanted] = [text for text in expected.search("harbour")["text"] if text.startswith("#")]
        assert wanted in case.search("harbour")["text"].tolist()
        place = row_tables.list_traces(case.context.ledger).loc[lambda t: t["source_name"] == "note.md", "document_id"]
        assert FORGED not in set(case.context.passages.loc[lambda p: p["document_id"].isin(place), "text"])


@pytest.mark.slow
@pytest.mark.parametrize("broken_off", [False, True])
def test_what_was_said_of_a_restricted_file_stays_restricted_once_the_file_is_ours(
    ada: Side, bo: Side, own: Path, monkeypatch: pytest.MonkeyPatch, *, broken_off: bool
) -> None:
    """The default mark of the sender lies on the file; the claim out of it becomes a remark when the file comes to us."""
    ada.case(title="Tip").close()
    settings = ada.folder / "case.toml"
    said = settings.read_text("utf-8")
    settings.write_text(re.sub("(?m)^level = .*$", 'level = "EXERCISE RESTRICTED"', said), "utf-8")
    with closing(ada.case()) as case:
        case.add(own / "note.md")
        [first] = case.context.passages["passage_id"].head(1)
        case.evidence.add("Person", source=first, because="said so", name="Dara Finch", nationality="gb")
        path = packed(case, ada, bo)
    with cleared(bo, HIGH), closing(bo.case()) as case:
        with bo.open(path) as package:
            package.add_to(case)
        assert "RESTRICTED" in case.sources.list()["mark"].iloc[0]
        if broken_off:
            with monkeypatch.context() as patched:
                patched.setattr(foreign_rows, "make_room", break_off)
                with pytest.raises(KeyboardInterrupt):
                    case.add(own / "note.md")
    with cleared(bo, HIGH), closing(bo.case()) as case:
        case.add(own / "note.md")
        remarks = case.review.remarks()
        assert len(remarks) and remarks["mark"].str.contains("RESTRICTED").all(), remarks


def break_off(*_: object) -> None:
    raise KeyboardInterrupt
