"""What came first within something hidden, and then openly as well, is called by the open way for whoever may not know of the other."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.case.planted import CODED, SHARED, coded_files, mailed, shared_files, zipped
from tests.case.walking import read
from workbench.case.case import Case, open_case
from workbench.ledger.storage import runs

HIDING: tuple[dict[str, object], ...] = ({"level": "EXERCISE RESTRICTED"}, {"purpose": "counter-terrorism"})
PLAN = b"The plan of the boat by Marta Oliveira.\n"


def bring_hidden(place: Path, what: Path, how: dict[str, object]) -> None:
    """Eve adds something and marks it."""
    ada = open_case(place / "case", officer="ada", purpose="test")
    ada.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    ada.close()
    eve = open_case(place / "case", officer="eve", purpose="counter-terrorism 7")
    eve.add(what)
    for path in sorted(what.iterdir()) if what.is_dir() else [what]:
        eve.handling.mark(path.name, because="of a partner", **how)  # type: ignore[arg-type]
    eve.close()


def open_as(place: Path, officer: str) -> Case:
    return open_case(place / "case", officer=officer, purpose="test")


def tell(table: pd.DataFrame) -> str:
    return table.drop(columns=[name for name in ("received_at", "issue_id") if name in table]).to_csv()


def stop_clock(monkeypatch: pytest.MonkeyPatch, clock: str) -> None:
    """Let all that is written come within one second."""
    for module in [one for name, one in sys.modules.items() if clock and name.startswith("workbench.")]:
        if getattr(module, "now", None) is runs.now and module is not runs:
            monkeypatch.setattr(module, "now", lambda: clock)
    if clock:
        monkeypatch.setattr(runs, "now", lambda: clock)


@pytest.mark.slow
@pytest.mark.parametrize("how", HIDING)
@pytest.mark.parametrize("kind", ["archive", "mail"])
def test_a_file_is_called_by_the_first_way_that_its_reader_may_see(
    tmp_path: Path, how: dict[str, object], kind: str
) -> None:
    hidden = tmp_path / ("Operation-Nightjar.zip" if kind == "archive" else "Operation-Nightjar.eml")
    files = {"informant-7.txt": PLAN}
    hidden.write_bytes(zipped(files | {"o.txt": b"o"}) if kind == "archive" else mailed(files, "nightjar"))
    (tmp_path / "b.eml").write_bytes(mailed({"plan.txt": PLAN}))
    bring_hidden(tmp_path, hidden, how)
    ada = open_as(tmp_path, "ada")
    receipts = pd.DataFrame(ada.add(tmp_path / "b.eml"))
    assert receipts[["name", "state"]].to_numpy().tolist() == [["b.eml", "read"], ["b.eml/plan.txt", "read"]]
    assert receipts["why"].ne("").all()
    for case in (ada, open_as(tmp_path, "bob")):
        told = case.sources.list()
        assert told["name"].tolist() == ["b.eml", "b.eml/plan.txt"] and set(told["officer"]) == {"ada"}
        assert sorted(case.documents()["title"]) == ["b.eml/plan.txt", "boat"]
        report = read(case.report(tmp_path / "report.html", to="police of Norland", judicial=False))
        assert "informant" not in report and "b.eml/plan.txt" in report
        assert "informant" not in read(case.export(tmp_path / "documents.csv", case.documents()))
        assert "eve" not in tell(case.review.updates()[["who", "what"]])
        case.close()
    eve = open_case(tmp_path / "case", officer="eve", purpose="counter-terrorism 7")
    assert any("informant-7.txt" in name for name in eve.sources.list()["name"])
    eve.close()


@pytest.mark.slow
@pytest.mark.parametrize("clock", ["", "2026-11-29T10:00:10Z"], ids=["clock", "one second"])
def test_files_of_every_kind_are_read_and_named_as_if_nothing_hidden_were_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    stop_clock(monkeypatch, clock)
    told = {}
    for name in ("hidden", "plain"):
        place = tmp_path / name
        place.mkdir()
        if name == "hidden":
            bring_hidden(place, coded_files(place), HIDING[0])
        bob = open_as(place, "bob")
        receipts = pd.DataFrame(bob.add(shared_files(place)))
        bob.close()
        ada = open_as(place, "ada")
        told[name] = [tell(receipts)]
        told[name] += [tell(one) for one in (ada.sources.list(), ada.documents().sort_values("document_id"))]
        told[name] += [tell(one) for one in (ada.sources.issues(), ada.messages())]
        ada.close()
    for hidden, plain in zip(told["hidden"], told["plain"], strict=True):
        assert hidden.splitlines() == plain.splitlines()
    assert not any(word in "".join(told["hidden"]) for word in ("Nightjar", *CODED.values()))
    assert all(word in told["hidden"][1] for word in (*SHARED, "packed.zip/plain.zip/deep-boat.txt"))


@pytest.mark.slow
def test_what_was_marked_later_gives_its_name_to_nothing(tmp_path: Path) -> None:
    """Both ways were open; then the first is marked."""
    (tmp_path / "Operation-Nightjar.zip").write_bytes(zipped({"informant-7.txt": PLAN, "o.txt": b"o"}))
    (tmp_path / "plan.txt").write_bytes(PLAN)
    ada = open_as(tmp_path, "ada")
    ada.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    ada.add(tmp_path / "Operation-Nightjar.zip")
    bob = open_as(tmp_path, "bob")
    bob.add(tmp_path / "plan.txt")
    ada.handling.mark("Operation-Nightjar.zip", level="EXERCISE RESTRICTED", because="of a partner")
    for case in (ada, bob):
        told = case.sources.list()
        assert told[["name", "officer"]].to_numpy().tolist() == [["plan.txt", "bob"]]
        assert case.documents()["title"].tolist() == ["plan.txt"]
        case.close()


@pytest.mark.slow
def test_a_document_that_a_hidden_file_has_too_is_not_called_by_that_file(tmp_path: Path) -> None:
    """The same text with other bytes is another file with the same document."""
    (tmp_path / "informant-7.txt").write_bytes(PLAN.replace(b"\n", b"\r\n"))
    (tmp_path / "plan.txt").write_bytes(PLAN)
    bring_hidden(tmp_path, tmp_path / "informant-7.txt", HIDING[0])
    ada = open_as(tmp_path, "ada")
    ada.add(tmp_path / "plan.txt")
    assert ada.documents()["title"].tolist() == ["plan.txt"]
    ada.close()


@pytest.mark.slow
def test_an_attachment_of_a_hidden_message_in_an_open_chat_is_called_by_the_message_that_shows(tmp_path: Path) -> None:
    box = b"".join(
        b"From x Fri Mar  1 09:00:00 2024\n"
        + mailed({name: PLAN}, subject).replace(b"<b@", b"<" + name.encode() + b"@")
        + b"\n\n"
        for name, subject in (("informant-7.txt", "nightjar"), ("plan.txt", "boat"))
    )
    (tmp_path / "box.mbox").write_bytes(box)
    ada = open_as(tmp_path, "ada")
    ada.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    ada.add(tmp_path / "box.mbox")
    message = ada.documents().set_index("title")["document_id"]["nightjar"]
    ada.handling.mark(message, level="EXERCISE RESTRICTED", because="of a partner")
    bob = open_as(tmp_path, "bob")
    assert bob.sources.list()["name"].tolist() == ["box.mbox", "box.mbox/plan.txt"]
    assert sorted(bob.documents()["title"]) == ["boat", "box.mbox/plan.txt"]
    bob.close()
    ada.close()
