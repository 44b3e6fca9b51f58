"""What begins before an erasure, or before another reading of a file, and is written after it: nothing comes back by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.matrices import first_quick
from workbench.case.case import Case
from workbench.case.desk.imports import notice_screening
from workbench.case.files import products as files
from workbench.case.sources import extraction, file_receipt
from workbench.errors import CaseError
from workbench.ledger.erasure import purge
from workbench.ledger.ledger import Ledger

NAME, WORD, NUMBER = "Bartolo Quexwright", "quexwright", "+447700900555"
TABLE = f"Name,Phone,Remark\nDora Finch,+447700900111,friend of {NAME} {NUMBER} bart@{WORD}.example\nEd Bowes,+447700900112,hm\n"
MEMO = f"{NAME} met Dora, mail bart@{WORD}.example.\n\nThe van was white.\n"


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other officer is at work: what is overwritten at the end is left to the next opening at once."""
    monkeypatch.setattr(purge, "PATIENCE", 0.2)


@pytest.fixture
def pair(opened: Callable[[str], Case], tmp_path: Path) -> tuple[Case, Case]:
    """The controller's case with two files, and the same case as another officer has it open."""
    ada = opened("ada")
    (tmp_path / "one.csv").write_text(TABLE)
    (tmp_path / "memo.txt").write_text(MEMO)
    ada.add(tmp_path / "one.csv")
    ada.add(tmp_path / "memo.txt")
    said = ada.context.passages.loc[ada.context.passages["text"].str.contains("met Dora"), "passage_id"].item()
    ada.evidence.add("Person", source=said, because="said", name=NAME)
    return ada, opened("bob")


def erase(case: Case) -> None:
    case.privacy.erase(NAME, because="request 1", sure=True)


def erase_files(case: Case) -> None:
    for name in ("one.csv", "memo.txt"):
        case.privacy.erase(name, because="request 2", sure=True)


def leave_out(case: Case) -> None:
    table = case.sources.mapping("one.csv")
    table.loc[table["column"] == "Remark", ["entity", "prop", "role"]] = ["", "", "left out"]
    case.sources.remap("one.csv", table, because="not needed")


WAYS = {"erase": erase, "erase files": erase_files, "leave out": leave_out}


def interrupt(monkeypatch: pytest.MonkeyPatch, holder: object, name: str, meanwhile: Callable[[], None]) -> list[int]:
    """Do something the first time that a function is called, before it does its work; once it was called the list is not empty."""
    done: list[int] = []
    real = getattr(holder, name)

    def first(*given: object, **named: object) -> object:
        if not done:
            done.append(1)
            meanwhile()
        return real(*given, **named)

    monkeypatch.setattr(holder, name, first)
    return done


def told(case: Case) -> str:
    """All of the ledger, as lines, but the log."""
    sql = case.context.ledger.connection
    tables = [name for (name,) in sql.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()]
    tables = [name for name in tables if not name.startswith(("audit", "words", "sqlite", "row_", "tombstone"))]
    return "\n".join(str(row) for name in tables for row in sql.execute(f"SELECT * FROM {name}").fetchall())


def check(ada: Case, way: str) -> None:
    """Nothing of what went is there, and everything is as the log says."""
    ada.context.forget()
    said = told(ada).casefold()
    if way != "leave out":
        assert WORD not in said
    assert (
        NUMBER not in "".join(ada.context.passages["text"]) + str(ada.evidence.list()["value"].tolist())
        or way == "erase"
    )
    assert way == "erase files" or "Dora Finch" in str(ada.evidence.list()["value"].tolist())
    assert "bad" not in set(ada.log.verify()["state"]) and set(ada.storage.check()["state"]) == {"well"}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_an_extraction_writes_nothing_of_a_text_that_has_changed_meanwhile(
    pair: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    ada, bob = pair
    interrupted = interrupt(monkeypatch, extraction, "read_passages", lambda: WAYS[way](ada))
    bob.extract()
    assert interrupted
    check(ada, way)
    again = bob.extract().set_index("method")["passages"]
    assert again["identifiers"] == 0


VERBS: dict[str, tuple[object, str, Callable[[Case, Path], object]]] = {
    "remap": (
        file_receipt,
        "_store_rows",
        lambda case, _: case.sources.remap("one.csv", because="numbers", region="GB"),
    ),
    "remap back": (
        Ledger,
        "group_transactions",
        lambda case, _: case.sources.remap("one.csv", because="as before"),
    ),
    "note": (
        Ledger,
        "add_note",
        lambda case, _: case.review.note("x", passages=list(case.context.passages["passage_id"])),
    ),
    "claim": (
        Ledger,
        "add_claims",
        lambda case, _: case.evidence.add(
            "Person", source=case.context.passages["passage_id"].iloc[0], because="b", name="Dora Finch"
        ),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("verb", "way"), first_quick(6, VERBS, WAYS))
def test_a_verb_of_another_officer_brings_back_nothing_that_went_meanwhile(
    pair: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verb: str, way: str
) -> None:
    ada, bob = pair
    holder, name, work = VERBS[verb]
    if verb == "remap back":
        bob.sources.remap("one.csv", because="otherwise", region="DE")
    interrupt(monkeypatch, holder, name, lambda: WAYS[way](ada))
    with suppress(CaseError):
        work(bob, tmp_path)
    if way == "leave out" and verb.startswith("remap"):
        assert "left out" in ada.sources.list().set_index("name").loc["one.csv", "parameters"]
    check(ada, way)


def test_a_file_that_is_erased_while_it_is_added_again_is_not_there(
    opened: Callable[[str], Case], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ada, bob = opened("ada"), opened("bob")
    (tmp_path / "one.csv").write_text(TABLE)
    interrupt(monkeypatch, file_receipt, "_store_rows", lambda: ada.privacy.erase("one.csv", because="r", sure=True))
    found = bob.add(tmp_path / "one.csv")
    assert found["state"].item() == "refused" and "erased" in str(found["why"].item())
    ada.context.forget()
    assert WORD not in told(ada).casefold() and ada.context.passages.empty


def test_a_file_that_is_read_otherwise_while_it_is_added_counts_as_it_was_read(
    opened: Callable[[str], Case], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ada, bob = opened("ada"), opened("bob")
    file = tmp_path / "one.csv"
    file.write_text(TABLE)

    def add_less() -> None:
        made = ada.sources.plan(file)
        made.leave_out("Remark", sheet=made.sheets[0]).add()

    interrupt(monkeypatch, file_receipt, "_store_rows", add_less)
    assert bob.add(file)["state"].item() == "known"
    ada.context.forget()
    assert WORD not in "".join(ada.context.passages["text"]) and "Dora Finch" in "".join(ada.context.passages["text"])


@pytest.mark.slow
def test_a_hit_of_a_screening_rests_on_what_is_still_there(
    pair: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ada, bob = pair
    notice = {"entity_id": "2026/1", "forename": "Bartolo", "name": "QUEXWRIGHT", "date_of_birth": "1980/01/01"}
    (tmp_path / "red.json").write_text(json.dumps({"_embedded": {"notices": [notice]}}))
    interrupt(monkeypatch, notice_screening.screenings, "add_screening", lambda: erase(ada))
    with suppress(CaseError):
        bob.desk.screening.run(tmp_path / "red.json", retrieved="2026-11-30", expires="2026-12-20")
    check(ada, "erase")


def is_product_logged(case: Case) -> bool:
    sql = case.context.ledger.connection
    return sql.execute("""SELECT 1 FROM audit WHERE instr(entry, '"kind":"product"')""").fetchone() is not None


def exclude(case: Case) -> None:
    case.sources.exclude(folder="memo.txt", because="counsel")


PRODUCTS: dict[str, Callable[[Case, Path], object]] = {
    "report": lambda case, _: case.report("r.html", to="the police of X", judicial=False),
    "table": lambda case, _: case.export("t.csv", case.evidence.list()),
    "claims": lambda case, _: case.export("t.ftm.json"),
    "outside": lambda case, folder: case.export(folder / "t.csv", reason="request"),
    "chart": lambda case, _: case.chart(case.graph()).save(case.context.folder.reports / "c.html"),
    "access": lambda case, _: case.subjects.extract(NAME, "a.html", because="request"),
    "forms": lambda case, _: case.privacy.forms(case.context.folder.reports),
}


@pytest.mark.slow
@pytest.mark.parametrize("way", [erase_files, exclude])
@pytest.mark.parametrize("what", PRODUCTS)
def test_a_file_that_was_begun_before_is_not_saved(
    opened: Callable[[str], Case], pair: tuple[Case, Case], what: str, way: Callable[[Case], None],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    ada, bob = pair[0], opened("ada")
    interrupt(monkeypatch, files, "write_products", lambda: way(ada))
    with pytest.raises(CaseError, match="was erased or excluded"):
        PRODUCTS[what](bob, tmp_path)
    assert not [path for path in ada.context.folder.reports.rglob("*") if path.is_file()]
    assert not [path for path in tmp_path.glob("*.csv*") if path.name.startswith("t.")]
    assert set(ada.log.verify()["state"]) <= {"ok", "not checked"}
    if what != "access":
        PRODUCTS[what](bob, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["report", "table"])
def test_a_file_that_was_logged_before_is_not_written(
    pair: tuple[Case, Case], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The erasure comes between the entry in the log and the file."""
    ada, bob = pair
    real = Ledger.open_transaction

    def begin(ledger: Ledger, **given: bool) -> object:
        if ledger is bob.context.ledger and not ledger.is_writing and not done and is_product_logged(bob):
            done.append(1)
            erase_files(ada)
        return real(ledger, **given)

    done: list[int] = []
    monkeypatch.setattr(Ledger, "open_transaction", begin)
    with pytest.raises(CaseError, match="was erased or excluded"):
        PRODUCTS[what](bob, tmp_path)
    assert done and not [path for path in ada.context.folder.reports.rglob("*") if path.is_file()]
