"""Packages that lie: each is quarantined with its reason, and nothing of it is filed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case.desk.conftest import of_bureau
from tests.case.packages.conftest import Side
from tests.refused import words
from workbench.case.desk.drafts import sending
from workbench.case.desk.messages import filing
from workbench.exchange import package
from workbench.exchange.package_header import Cover
from workbench.identity import Bureau, Officer, TrustList, create_temporary
from workbench.ledger.records import packages
from workbench.ledger.records.packages import PackageRecord
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
    "of another country": (lambda _: {"message.json": form(replace(MESSAGE, from_bureau="QX-NCB"))}, "states that QX-NCB sent it, but"),
    "no message": (lambda _: {"message.json": b'{"form": "message", "color": 1}'}, "'color' is not a field"),
    "no JSON": (lambda _: {"message.json": b"\x00\xff"}, ""),
    "nested": (lambda _: {"message.json": b"[" * 100_000}, "nested"),
    "a file that is not named": (
        lambda _: {"message.json": form(MESSAGE), "attachments/x.exe": b"MZ"}, "exactly the files that the message lists",
    ),
    "a file that no message has": (lambda _: {"message.json": form(MESSAGE), "terms.json": b"TLP:RED"}, "the file terms.json"),
    "rows of a case": (lambda _: {"message.json": form(MESSAGE), "ledger/terms.jsonl": b"{}"}, "does not know the file ledger"),
    "a named file that is not there": (lambda _: {"message.json": form(ATTACHED)}, "exactly the files that the message lists"),
    "another file": (lambda _: {"message.json": form(ATTACHED), "attachments/a.txt": b"other"}, "its SHA-256 hash is different"),
    "an approval without a card": (
        lambda _: {"message.json": form(replace(MESSAGE, approver="eve", signature="QUJD"))},
        "has the signature of a second officer, but the",
    ),
    "an approval of nobody": (
        lambda bo: {"message.json": form(replace(MESSAGE, approver="eve", signature="QUJD")), "approval.json": bo.card.to_json().encode()},
        "The second signature is not valid.",
    ),
    "an approval that is no card": (
        lambda _: {"message.json": form(replace(MESSAGE, approver="eve", signature="QUJD")), "approval.json": b"{}"}, "",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("lie", LIES)
def test_what_lies_is_quarantined(ada: Side, bo: Side, tmp_path: Path, lie: str) -> None:
    make, why = LIES[lie]
    made = package.write_package(
        make(bo.officer), Cover("lie", purpose="p", reason="r"), bo.officer, [ada.card], tmp_path
    )
    case = ada.case()
    came = case.desk.receive(made.path, trust=ada.trust).iloc[0]
    assert came["state"] == "quarantined" and why in came["why"] and came["why"]
    assert case.sources.list().empty and case.documents().empty and case.desk.messages().empty
    assert json.loads(Path(came["receipt"]).read_text())["state"] == "QUARANTINED", "the sender is told"
    case.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "bureau",
    ["FR-NCB", " FR-NCB", "fr-ncb", "ＦＲ-NCB", "FR–NCB", "fr ncb", "F\u200bR-NCB", "BCN Paris", "IP PARIS", "NCB France", "IPSG",
     "INTERPOL General Secretariat", "QM-NCB", "NCB Valdora", "IP VALDORA", "ncb valdora", "NCB", "Police of Osterland", " "],
)  # fmt: skip
def test_nobody_signs_as_another_bureau_however_its_name_is_written(
    ada: Side, bo: Side, tmp_path: Path, bureau: str
) -> None:
    forged = {"message.json": form(replace(MESSAGE, from_bureau=bureau))}
    made = package.write_package(forged, Cover("lie", purpose="p", reason="r"), bo.officer, [ada.card], tmp_path)
    with closing(ada.case()) as case:
        assert case.desk.receive(made.path, trust=ada.trust)["state"].tolist() == ["quarantined"]
        assert case.desk.messages().empty and case.sources.list().empty


@pytest.mark.slow
@pytest.mark.parametrize(
    "bureau", ["QN-NCB", "qn-ncb", " QN-NCB", "NCB Nordreich", "BCN Nordreich", "IP NORDREICH", "ncb nordreich"]
)
def test_a_bureau_may_sign_under_each_of_its_names(ada: Side, bo: Side, tmp_path: Path, bureau: str) -> None:
    own = {"message.json": form(replace(MESSAGE, from_bureau=bureau))}
    made = package.write_package(own, Cover("own", purpose="p", reason="r"), bo.officer, [ada.card], tmp_path)
    with closing(ada.case()) as case:
        assert case.desk.receive(made.path, trust=ada.trust)["state"].tolist() == ["read"]


@pytest.mark.slow
@pytest.mark.parametrize("bureau", ["FR-NCB", "BCN Paris", " FR-NCB", "fr-ncb", "ＦＲ-NCB", "IP PARIS"])
def test_a_forged_cancellation_takes_no_request_of_another_bureau(
    ada: Side, bo: Side, tmp_path: Path, bureau: str
) -> None:
    chief = create_temporary("BCN", bureau="NCB France", country="FR", role="bureau")
    luc, trust = of_bureau("luc", chief), TrustList((*ada.trust.bureaux, Bureau.from_card(chief.card)))
    asks = replace(MESSAGE, type="request", from_bureau="FR-NCB", our_ref="FR-9", requested_action=("identity",))
    takes = replace(
        MESSAGE, type="cancellation", from_bureau=bureau, our_ref="C-1", your_ref="FR-9", other_refs=("FR-9",)
    )
    with closing(ada.case()) as case:
        for message, sender in ((asks, luc), (takes, bo.officer)):
            cover = Cover(message.type, purpose="p", reason="r")
            path = package.write_package({"message.json": form(message)}, cover, sender, [ada.card], tmp_path).path
            case.desk.receive(path, trust=trust)
        assert case.desk.waiting()["our_ref"].tolist() == case.desk.inbox()["our_ref"].tolist() == ["FR-9"]


def test_why_a_package_was_quarantined_is_told_in_the_language_of_the_case(ada: Side, bo: Side, tmp_path: Path) -> None:
    lying = {"message.json": form(replace(MESSAGE, from_bureau="QX-NCB"))}
    made = package.write_package(lying, Cover("lie", purpose="p", reason="r"), bo.officer, [ada.card], tmp_path)
    case = ada.case(language="ar")
    came = case.desk.receive(made.path, trust=ada.trust).iloc[0]
    assert (
        words(
            "The message states that {bureau} sent it, but {who} of {country} signed it. Ask the stated "
            "sender about the message.",
            "ar",
        )
        in came["why"]
    )
    assert "The message states that QX-NCB sent it" in case.log.entries().to_json(), (
        "the log reads English for everybody"
    )
    case.close()


def test_a_signer_whom_nobody_vouches_for_is_taken_in_only_when_that_is_said(
    ada: Side, bo: Side, tmp_path: Path
) -> None:
    made = package.write_package(
        {"message.json": form(MESSAGE)}, Cover("x", purpose="p", reason="r"), bo.officer, [ada.card], tmp_path
    )
    case = ada.case()
    assert case.desk.receive(made.path, trust=TrustList())["state"].tolist() == ["quarantined"]
    assert case.desk.receive(made.path, trust=TrustList(), unknown_sender=True)["state"].tolist() == ["read"]
    case.close()


def test_a_receipt_says_whether_the_message_was_filed_the_last_time(ada: Side, bo: Side, tmp_path: Path) -> None:
    made = package.write_package(
        {"message.json": form(MESSAGE)}, Cover("x", purpose="p", reason="r"), bo.officer, [ada.card], tmp_path
    )
    nobody, said = TrustList(), []
    with closing(ada.case()) as case:
        for trust in (nobody, ada.trust, nobody, ada.trust):
            came = case.desk.receive(made.path, trust=trust).iloc[0]
            said.append((came["state"], json.loads(Path(came["receipt"]).read_text())["state"]))
    assert said == [
        ("quarantined", "QUARANTINED"),
        ("read", "VALID"),
        ("quarantined", "QUARANTINED"),
        ("known", "VALID"),
    ]


def test_a_message_that_was_quarantined_is_not_acknowledged(ada: Side, bo: Side, tmp_path: Path) -> None:
    """Bo's case has sent it; Ada's trusts nobody, and takes it in later."""
    with closing(bo.case()) as theirs, closing(ada.case()) as case:
        made = package.write_package(
            {"message.json": form(MESSAGE)}, Cover("x", purpose="p", reason="r"), bo.officer, [ada.card], tmp_path
        )
        to = json.dumps([["ada", ada.card.fingerprint]])
        sent = PackageRecord(
            made.header.package, "sent", made.sha256, made.header_sha256, bo.card.to_json(), to, "", "x"
        )
        packages.record_sent_package(theirs.context.ledger, sent)
        filing.file_message(theirs.context, MESSAGE, direction="outgoing", package=made.header.package)
        for trust, state in ((TrustList(), "sent"), (ada.trust, "acknowledged")):
            came = case.desk.receive(made.path, trust=trust).iloc[0]
            told = theirs.packages.check_receipt(Path(came["receipt"]), trust=bo.trust)
            assert (told.state, told.arrived) == ("VALID", state == "acknowledged")
            assert theirs.desk.messages()["state"].tolist() == [state]


def test_markup_in_a_message_stays_text_on_its_page() -> None:
    page = sending.build_page(replace(MESSAGE, subject="<script>alert(1)</script>", language='"><b>'))
    assert "<script" not in page and "<b>" not in page and "default-src 'none'" in page
