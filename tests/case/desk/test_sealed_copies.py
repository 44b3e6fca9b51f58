"""A sealed copy of a message marks nothing that is ours or another bureau's, and no reference takes the place of a document id."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case.desk.test_attached import MESSAGE
from tests.case.desk.test_whose_marks import THEIRS, luc, place
from tests.case.packages.conftest import Side
from workbench.case.case import Case
from workbench.case.desk.messages import filing
from workbench.exchange import package
from workbench.exchange.package_header import Cover
from workbench.messages import to_json
from workbench.messages.model.message import Message

__all__ = ["luc", "place"]

ANONYMOUS = replace(THEIRS, from_bureau="")
OURS = replace(THEIRS, from_bureau="QN-NCB", to=("QM-NCB",), our_ref="N-7")
MARKS: dict[str, dict[str, object]] = {
    "level": {"mark": "EXERCISE RESTRICTED"},
    "code": {"handling": ("H1",)},
    "barred": {"mark": "EXERCISE – not QN"},
    "conditions": {"conditions": ("Tell nobody",)},
}
PLAIN = "EXERCISE – FOR TRAINING ONLY"
Seal = Callable[..., dict[str, object]]


@pytest.fixture
def seal(ada: Side, bo: Side, luc: Side, place: Path) -> Seal:
    """Have Luc (or Ada) seal a message to Bo, who takes it in; the row of what came."""

    def sealed(case: Case, message: Message, sender: Side = luc, **cover: object) -> dict[str, object]:
        told = Cover("m", purpose="p", reason="r", **cover)  # type: ignore[arg-type]
        content = {"message.json": to_json(message).encode()}
        path = package.write_package(content, told, sender.officer, [bo.card], place / "in").path
        return dict(case.desk.receive(path, trust=luc.trust).iloc[0])

    return sealed


def file_our_own(case: Case, seal: Seal, ada: Side, folder: Path) -> Message:
    filing.file_message(case.context, replace(OURS, from_bureau=""), direction="outgoing", package="package-x")
    return replace(OURS, from_bureau="")


def add_our_file(case: Case, seal: Seal, ada: Side, folder: Path) -> Message:
    (folder / "F-1.json").write_text(to_json(ANONYMOUS), "utf-8")
    case.add(folder / "F-1.json")
    return ANONYMOUS


def import_traffic(case: Case, seal: Seal, ada: Side, folder: Path) -> Message:
    (folder / "note.json").write_text(to_json(ANONYMOUS), "utf-8")
    case.desk.imports.add(folder / "note.json")
    return ANONYMOUS


def receive_from_ada(case: Case, seal: Seal, ada: Side, folder: Path) -> Message:
    seal(case, ANONYMOUS, ada)
    return ANONYMOUS


@pytest.mark.slow
@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("before", [file_our_own, add_our_file, import_traffic, receive_from_ada])
def test_a_sealed_copy_marks_nothing_that_was_here(
    ada: Side, bo: Side, place: Path, seal: Seal, mark: str, before: Callable[..., Message]
) -> None:
    with closing(bo.case()) as case:
        message = before(case, seal, ada, place)
        for _ in range(2):
            assert seal(case, message, **MARKS[mark])["state"] != "closed"
            assert set(case.sources.list()["mark"]) == {PLAIN} and case.handling.marks().empty
            assert len(case.desk.messages()) == 1 and len(case.desk.waiting()) == 1
        if mark in ("code", "conditions"):
            assert not case.review.remarks().empty
        assert case.log.verify().query("state == 'bad'").empty


def test_the_bureau_that_sealed_a_message_first_raises_its_mark(bo: Side, place: Path, seal: Seal) -> None:
    with closing(bo.case()) as case:
        seal(case, THEIRS)
        seal(case, THEIRS, conditions=("Tell nobody",))
        assert case.desk.messages()["mark"].tolist() == [f"{PLAIN} · Tell nobody"]
        assert case.handling.marks()["officer"].tolist() == ["luc (NCB France)"]


def test_the_cover_of_who_sealed_a_copy_first_is_no_mark_of_its_second_sender(
    ada: Side, bo: Side, place: Path, seal: Seal
) -> None:
    with closing(bo.case()) as case:
        seal(case, ANONYMOUS, handling=("H3",))
        came = seal(case, ANONYMOUS, ada)
        assert came["from_bureau"] == "NCB France" and "NCB France" in str(came["why"])
        assert case.desk.messages()[["from_bureau", "mark"]].to_numpy().tolist() == [["NCB France", PLAIN]]


@pytest.mark.parametrize("field", ["our_ref", "message_id"])
def test_no_reference_takes_the_place_of_a_document_id(
    ada: Side, bo: Side, place: Path, seal: Seal, field: str
) -> None:
    with closing(bo.case()) as case:
        document = str(seal(case, THEIRS)["document_id"])
        seal(case, replace(MESSAGE, **{"our_ref": "E-1", field: document}), ada)
        forged = replace(THEIRS, our_ref=document, summary_of_facts="Forged.")
        (place / "forged.json").write_text(to_json(forged), "utf-8")
        case.desk.imports.add(place / "forged.json")
        assert case.desk.message(document).our_ref == "F-1"
        case.desk.mark_done(document, because="Told by telephone")
        assert case.desk.messages().set_index("document_id").loc[document, "state"] == "done"


def test_a_message_of_a_file_takes_the_place_of_no_sealed_one(bo: Side, place: Path, seal: Seal) -> None:
    with closing(bo.case()) as case:
        seal(case, THEIRS)
        (place / "forged.json").write_text(to_json(replace(THEIRS, summary_of_facts="Forged.")), "utf-8")
        forged = str(case.desk.imports.add(place / "forged.json")["document_id"].item())
        assert case.desk.message("F-1") == THEIRS
        assert case.desk.message(forged).summary_of_facts == "Forged."
