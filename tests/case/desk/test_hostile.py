"""Packages that lie: each is quarantined with its reason, and nothing of it is filed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side
from tests.refused import words
from workbench.case.desk.drafts import sending
from workbench.exchange import package
from workbench.exchange.header import Cover
from workbench.identity import Officer
from workbench.messages import Message, to_json
from workbench.messages.model.message import Attachment

MESSAGE = Message(
    type="information", our_ref="N-1", from_bureau="QN-NCB", to=("QM-NCB",), subject="FRAUD / INFORMATION", confidentiality="FOUO",
    summary_of_facts="On 14 February 2026 in Lyon a van was found.", date_time="2026-03-02T09:30:00+01:00",
)  # fmt: skip
PAPERS = b"papers"
ATTACHED = replace(MESSAGE, attachments=(Attachment(name="a.txt", sha256=hashlib.sha256(PAPERS).hexdigest()),))


def form(message: Message) -> bytes:
    return to_json(message).encode()


LIES: dict[str, tuple[Callable[[Officer], Mapping[str, bytes]], str]] = {
    "of another country": (lambda _: {"message.json": form(replace(MESSAGE, from_bureau="QX-NCB"))}, "says that it is of QX-NCB"),
    "no message": (lambda _: {"message.json": b'{"form": "message", "color": 1}'}, "is no field"),
    "no JSON": (lambda _: {"message.json": b"\x00\xff"}, ""),
    "nested": (lambda _: {"message.json": b"[" * 100_000}, "nested"),
    "a file that is not named": (lambda _: {"message.json": form(MESSAGE), "attachments/x.exe": b"MZ"}, "not those that the message names"),
    "a named file that is not there": (lambda _: {"message.json": form(ATTACHED)}, "not those that the message names"),
    "another file": (lambda _: {"message.json": form(ATTACHED), "attachments/a.txt": b"other"}, "its SHA-256 is another"),
    "an approval without a card": (
        lambda _: {"message.json": form(replace(MESSAGE, approver="eve", signature="QUJD"))}, "their card is not with it",
    ),
    "an approval of nobody": (
        lambda bo: {"message.json": form(replace(MESSAGE, approver="eve", signature="QUJD")), "approval.json": bo.card.to_json().encode()},
        "not of a second officer",
    ),
    "an approval that is no card": (
        lambda _: {"message.json": form(replace(MESSAGE, approver="eve", signature="QUJD")), "approval.json": b"{}"}, "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_what_lies_is_quarantined(ada: Side, bo: Side, tmp_path: Path, lie: str) -> None:
    make, why = LIES[lie]
    made = package.pack(make(bo.officer), Cover("lie", purpose="p", reason="r"), bo.officer, [ada.card], tmp_path)
    case = ada.case()
    came = case.desk.receive(made.path, trust=ada.trust).iloc[0]
    assert came["state"] == "quarantined" and why in came["why"] and came["why"]
    assert case.sources.list().empty and case.documents().empty and case.desk.messages().empty
    assert Path(came["receipt"]).is_file(), "the sender is told"
    case.close()


def test_why_a_package_was_quarantined_is_told_in_the_language_of_the_case(ada: Side, bo: Side, tmp_path: Path) -> None:
    lying = {"message.json": form(replace(MESSAGE, from_bureau="QX-NCB"))}
    made = package.pack(lying, Cover("lie", purpose="p", reason="r"), bo.officer, [ada.card], tmp_path)
    case = ada.case(language="ar")
    came = case.desk.receive(made.path, trust=ada.trust).iloc[0]
    assert words("came.other_sender", "ar") in came["why"]
    assert "says that it is of" in case.log.entries().to_json(), "the log reads English for everybody"
    case.close()


def test_a_signer_whom_nobody_vouches_for_is_taken_in_only_when_that_is_said(
    ada: Side, bo: Side, tmp_path: Path
) -> None:
    from workbench.identity import TrustList

    made = package.pack(
        {"message.json": form(MESSAGE)}, Cover("x", purpose="p", reason="r"), bo.officer, [ada.card], tmp_path
    )
    case = ada.case()
    assert case.desk.receive(made.path, trust=TrustList())["state"].tolist() == ["quarantined"]
    assert case.desk.receive(made.path, trust=TrustList(), unknown_sender=True)["state"].tolist() == ["read"]
    case.close()


def test_markup_in_a_message_stays_text_on_its_page() -> None:
    page = sending.page(replace(MESSAGE, subject="<script>alert(1)</script>", language='"><b>'))
    assert "<script" not in page and "<b>" not in page and "default-src 'none'" in page
