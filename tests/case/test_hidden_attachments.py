"""A file in a mail that is hidden is named by nothing that the mail says: neither to an officer nor in a package."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.case.packages.conftest import send_case
from tests.case.walking import flat
from workbench.case.case import Case

NAME, TEXT = "quagga-memo.txt", "The handler met the source at the harbour."
KEY = sha256(TEXT.encode()).hexdigest()
RESTRICTED = "EXERCISE RESTRICTED"


def mail(number: int) -> str:
    return (
        f"From: a@b.example\nTo: c@d.example\nSubject: docs\nDate: Mon, 2 Mar 2026 09:30:00 +0100\nMessage-ID: <{number}@x>\n"
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\n"
        f"Hello number {number}.\n--B\nContent-Type: text/plain; name={NAME}\n"
        f"Content-Disposition: attachment; filename={NAME}\n\n{TEXT}\n--B--\n"
    )


def told(case: Case) -> str:
    return flat(case.entities()) + flat(case.evidence.list()) + flat(case.documents()) + flat(case.sources.list())


@pytest.mark.slow
@pytest.mark.parametrize("mails", [1, 2])
def test_an_officer_reads_no_name_of_a_hidden_attachment(
    opened: Callable[[str], Case], tmp_path: Path, mails: int
) -> None:
    ada = opened("ada")
    for number in range(mails):
        (tmp_path / f"m{number}.eml").write_text(mail(number), "utf-8")
        ada.add(tmp_path / f"m{number}.eml")
    ada.handling.mark(KEY, level=RESTRICTED, because="of the source")
    bob = opened("bob")
    assert NAME not in told(bob) and KEY not in told(bob) and len(bob.documents()) == mails
    assert all(len(bob.search(f"Hello number {number}")) for number in range(mails))
    ada.access.grant("bob", RESTRICTED, because="vetted")
    assert NAME in told(bob) and KEY in told(bob)


def test_a_mail_that_comes_later_names_it_neither(opened: Callable[[str], Case], tmp_path: Path) -> None:
    ada = opened("ada")
    ada.access.grant("rita", RESTRICTED, because="vetted")
    (tmp_path / "m0.eml").write_text(mail(0), "utf-8")
    ada.add(tmp_path / "m0.eml")
    ada.handling.mark(KEY, level=RESTRICTED, because="of the source")
    bob, rita = opened("bob"), opened("rita")
    assert NAME not in told(bob)
    (tmp_path / "m1.eml").write_text(mail(1), "utf-8")
    rita.add(tmp_path / "m1.eml")
    assert NAME not in told(bob) and NAME in told(rita) and len(bob.documents()) == 2


def test_a_package_names_no_hidden_attachment(tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_text(mail(0), "utf-8")

    def fill(case: Case) -> None:
        case.add(tmp_path / "m.eml")
        case.handling.mark(KEY, barred=["QN"], because="of the source")

    found = send_case(tmp_path, fill)
    assert [name for name, data in found.items() if NAME.encode() in data or KEY.encode() in data] == []
    assert b"Hello number 0" in found["ledger/passages.jsonl"]
