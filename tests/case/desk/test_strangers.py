"""A stranger who has a trusted bureau's name on a card is let in by hand, and acts for nobody but the key that has signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.case.desk.test_attached import HIGH, MESSAGE
from tests.case.packages.conftest import Side
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.desk.drafts.approval import SIGNED
from workbench.case.desk.messages import filing
from workbench.exchange import package
from workbench.exchange.package_header import Cover
from workbench.identity import Officer
from workbench.identity.core.canonical_json import encode_b64
from workbench.ledger.records import packages
from workbench.messages import Message, to_json

if TYPE_CHECKING:
    import pandas as pd

REQUEST = replace(
    MESSAGE, type="request", our_ref="N-9", from_bureau="QN-NCB", to=("QM-NCB",), requested_action=("identity",)
)
OURS = replace(REQUEST, our_ref="V-7", from_bureau="QM-NCB", to=("QN-NCB",))
FOLLOWING: Mapping[str, Message] = {
    "a cancellation": replace(REQUEST, type="cancellation", our_ref="C-1", your_ref="N-9", other_refs=("N-9",), requested_action=()),
    "a reply": replace(REQUEST, type="reply", our_ref="R-1", your_ref="V-7", requested_action=()),
    "a reminder": replace(REQUEST, type="reminder", our_ref="E-1", other_refs=("N-9",), requested_action=()),
    "a cancellation in the thread": replace(REQUEST, type="cancellation", our_ref="C-2", thread_id="T-1", requested_action=()),
}  # fmt: skip
NUMBERS = count()


@pytest.fixture
def stranger() -> Officer:
    """Somebody who calls himself as an officer of Bo's bureau."""
    return identity.create_temporary("bo", bureau="NCB Nordreich", country="QN")


@pytest.fixture
def case(ada: Side) -> Iterator[Case]:
    with closing(open_case(ada.folder, officer="carla", purpose="training")):
        pass
    with closing(ada.case()) as made:
        yield made


def receive(case: Case, ada: Side, sender: Officer, message: Message, folder: Path, **told: Any) -> pd.Series:
    """What becomes of a sealed message; a stranger is let in."""
    place = folder / str(next(NUMBERS))
    place.mkdir()
    cover = Cover("m", purpose="p", reason="r", **told)
    path = package.write_package({"message.json": to_json(message).encode()}, cover, sender, [ada.card], place).path
    return case.desk.receive(path, trust=ada.trust, unknown_sender=True).iloc[0]


def waits(case: Case) -> list[str]:
    return sorted(case.desk.waiting()["our_ref"])


def add_file(case: Case, message: Message, folder: Path) -> None:
    path = folder / f"{message.our_ref}.json"
    path.write_text(to_json(message), "utf-8")
    case.desk.imports.add(path)


@pytest.mark.slow
@pytest.mark.parametrize("said", [(what, way) for what in FOLLOWING for way in ("sealed", "a file first")])
def test_a_stranger_settles_nothing(
    case: Case, ada: Side, bo: Side, stranger: Officer, tmp_path: Path, said: tuple[str, str]
) -> None:
    what, way = said
    filing.file_message(case.context, OURS, direction="outgoing", package="package-x")
    receive(case, ada, bo.officer, replace(REQUEST, thread_id="T-1"), tmp_path)
    if way != "sealed":
        add_file(case, FOLLOWING[what], tmp_path)
    came = receive(case, ada, stranger, FOLLOWING[what], tmp_path)
    assert came["state"] == "read" and "No bureau on your trust list confirms" in came["why"]
    assert came["from_bureau"] == f"QN-NCB {stranger.card.fingerprint}"
    assert {"N-9", "V-7"} <= set(waits(case))
    listed = case.desk.messages().set_index("our_ref")["from_bureau"]
    assert listed["N-9"] == "QN-NCB"
    if way == "sealed":
        assert listed[came["our_ref"]] == came["from_bureau"]


@pytest.mark.slow
@pytest.mark.parametrize("what", ["a cancellation", "a reply"])
def test_an_officer_lets_it_count(
    case: Case, ada: Side, bo: Side, stranger: Officer, tmp_path: Path, what: str
) -> None:
    filing.file_message(case.context, OURS, direction="outgoing", package="package-x")
    receive(case, ada, bo.officer, REQUEST, tmp_path)
    came = receive(case, ada, stranger, FOLLOWING[what], tmp_path)
    case.desk.correct(came["document_id"], type=FOLLOWING[what].type, because="asked by telephone")
    assert waits(case) == (["V-7"] if what == "a cancellation" else ["N-9"])


def test_a_key_acts_on_what_it_has_sent(case: Case, ada: Side, stranger: Officer, tmp_path: Path) -> None:
    receive(case, ada, stranger, REQUEST, tmp_path)
    other = identity.create_temporary("bo", bureau="NCB Nordreich", country="QN")
    receive(case, ada, other, replace(FOLLOWING["a cancellation"], our_ref="C-9"), tmp_path)
    assert waits(case) == ["N-9"]
    receive(case, ada, stranger, FOLLOWING["a cancellation"], tmp_path)
    assert waits(case) == []


def test_a_key_answers_what_was_sealed_to_it(
    case: Case, ada: Side, stranger: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing.file_message(case.context, OURS, direction="outgoing", package="package-x")
    monkeypatch.setattr(packages, "list_sealed_to", lambda *_: [stranger.card.fingerprint])
    receive(case, ada, stranger, FOLLOWING["a reply"], tmp_path)
    assert waits(case) == []


def test_a_stranger_marks_nothing_that_is_here(case: Case, ada: Side, stranger: Officer, tmp_path: Path) -> None:
    add_file(case, REQUEST, tmp_path)
    assert receive(case, ada, stranger, REQUEST, tmp_path, mark=HIGH)["state"] == "read"
    assert receive(case, ada, stranger, REQUEST, tmp_path, handling=("TLP:RED",))["state"] == "read"
    assert "TLP:RED" not in case.desk.messages()["mark"].item()
    assert waits(case) == ["N-9"] and case.review.remarks()["kind"].tolist() == ["mark"]


def test_a_stranger_lifts_no_mark(case: Case, ada: Side, bo: Side, stranger: Officer, tmp_path: Path) -> None:
    assert receive(case, ada, bo.officer, REQUEST, tmp_path, mark=HIGH)["state"] == "closed"
    receive(case, ada, stranger, REQUEST, tmp_path)
    assert case.desk.messages().empty and not waits(case)


def test_a_confirmed_seal_takes_the_place_of_a_stranger_s(
    case: Case, ada: Side, bo: Side, stranger: Officer, tmp_path: Path
) -> None:
    nameless = replace(REQUEST, from_bureau="")
    receive(case, ada, stranger, nameless, tmp_path)
    assert case.desk.messages()["from_bureau"].tolist() == [f"NCB Nordreich {stranger.card.fingerprint}"]
    assert receive(case, ada, bo.officer, nameless, tmp_path)["why"] == ""
    assert case.desk.messages()["from_bureau"].tolist() == ["NCB Nordreich"]
    receive(case, ada, stranger, FOLLOWING["a cancellation"], tmp_path)
    assert waits(case) == ["N-9"]


PADDED = {
    "blanks": "QN-NCB" + " " * 300, "no-break blanks": "QN-NCB" + "\u00a0" * 200, "fillers": "QN-NCB" + "\u3164" * 100,
    "lines": "QN-NCB" + "\n" * 9, "dots": "QN-NCB " + "." * 5000, "hidden": "QN-NCB" + "\u200b\u2060\u200d" * 90,
    "arrow": "QN-NCB → QM-NCB: van", "another key": f"QN-NCB SHA256:{'A' * 43}", "leading": " " * 3000 + "QN-NCB",
    "long": "QN-" + "N" * 300,
}  # fmt: skip


@pytest.mark.parametrize("what", PADDED)
def test_no_name_pushes_the_key_of_a_stranger_out_of_sight(
    case: Case, ada: Side, stranger: Officer, tmp_path: Path, what: str
) -> None:
    key, ref = stranger.card.fingerprint, "N-9" if what != "long" else "N" * 200
    came = receive(case, ada, stranger, replace(REQUEST, from_bureau=PADDED[what], our_ref=ref), tmp_path)
    assert came["state"] == "read" and came["from_bureau"].index(key) <= packages.NAME + 1
    for found in (case.desk.messages(), case.desk.inbox(), case.desk.waiting()):
        shown = found["from_bureau"].iloc[0]
        assert shown.index(key) == shown.index("SHA256:") <= packages.NAME + 1 and shown.endswith(key)
    title = case.documents()["title"].iloc[0]
    assert title.index(key) == title.index("SHA256:") <= 81
    forged = replace(
        REQUEST, type="cancellation", from_bureau=PADDED[what], our_ref="C-1", other_refs=(ref,), requested_action=()
    )
    receive(case, ada, stranger, forged, tmp_path)
    assert waits(case) == [], "the key still acts on what it has sent"


def test_a_long_name_hides_no_doubt_of_an_approver(case: Case, ada: Side, tmp_path: Path) -> None:
    sender, nobody = (
        identity.create_temporary(name, bureau="NCB Nordreich", country="QN") for name in ("bo", "eve" + " x" * 90)
    )
    path = approved(ada, sender, nobody, tmp_path)
    came = case.desk.receive(path, trust=ada.trust, unknown_sender=True).iloc[0]
    assert (
        came["state"] == "read"
        and came["approver"].endswith("(not confirmed by any bureau)")
        and len(came["approver"]) < 120
    )


def approved(ada: Side, sender: Officer, approver: Officer, folder: Path) -> Path:
    """A message that somebody approved, as it lies before Ada."""
    message = replace(REQUEST, approver=approver.card.name)
    message = replace(
        message, signature=encode_b64(approver.sign(SIGNED + to_json(replace(message, date_time="")).encode()))
    )
    files = {"message.json": to_json(message).encode(), "approval.json": approver.card.to_json().encode()}
    return package.write_package(files, Cover("x", purpose="p", reason="r"), sender, [ada.card], folder).path
