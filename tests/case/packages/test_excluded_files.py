"""A package names no file that is excluded, as it names no hidden file: not in its rows, and not as a way in which another came."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.case.packages.conftest import send_case
from tests.case.test_excluded_attachments import COUNSEL, letter, pack
from tests.case.test_files_of_chats import HERS, HIS, SHARED, lines, mailbox, telegram
from workbench.case.case import Case

pytestmark = pytest.mark.slow

NAME, OPEN = "quietname.txt", "openname.txt"
SENT = (("Dana Lee", f"files/{NAME}"), ("Bo Stone", f"files/{OPEN}"))
CHAT = (("Dana Lee", f"{NAME} (file attached)"), ("Bo Stone", f"{OPEN} (file attached)"))
BOSS = "Boss <boss@x.example>"


def by_sender(case: Case) -> None:
    case.sources.exclude(sender="Dana Lee", because="counsel")


def by_name(case: Case) -> None:
    case.sources.exclude(folder=NAME, because="counsel")


def by_address(case: Case) -> None:
    case.sources.exclude(sender="dl@law.example", because="counsel")


def mark(case: Case) -> None:
    sent = case.messages()
    named = sent["sender"].astype(str).str.contains("Dana")
    case.handling.mark(list(sent.loc[named, "document_id"]), barred=["QN"], because="of the source")


CASES: dict[str, tuple[dict[str, bytes], Callable[[Case], None], bytes, bytes]] = {
    "Telegram": (
        {"t.zip": pack({"result.json": telegram(*SENT), f"files/{NAME}": HERS, f"files/{OPEN}": HIS})}, by_sender, HERS, HIS,
    ),
    "Telegram, hidden": (
        {"t.zip": pack({"result.json": telegram(*SENT), f"files/{NAME}": HERS, f"files/{OPEN}": HIS})}, mark, HERS, HIS,
    ),
    "WhatsApp": ({"w.zip": pack({"_chat.txt": lines(*CHAT), NAME: HERS, OPEN: HIS})}, by_sender, HERS, HIS),
    "a mail": ({"law.eml": letter(COUNSEL, {NAME: HERS}), "boss.eml": letter(BOSS, {OPEN: HIS})}, by_address, HERS, HIS),
    "an archive in a mail": (
        {"law.eml": letter(COUNSEL, {"a.zip": pack({NAME: HERS})}), "boss.eml": letter(BOSS, {OPEN: HIS})}, by_address, HERS, HIS,
    ),
    "a file by itself": ({NAME: HERS, OPEN: HIS}, by_name, HERS, HIS),
    "a file that came in another way too": (
        {"1 law.eml": letter(COUNSEL, {NAME: SHARED}), "2 boss.eml": letter(BOSS, {OPEN: SHARED})}, by_address, HERS, SHARED,
    ),
    "a file that came in another way too, hidden": (
        {"1 law.eml": letter(COUNSEL, {NAME: SHARED}), "2 boss.eml": letter(BOSS, {OPEN: SHARED})}, mark, HERS, SHARED,
    ),
}  # fmt: skip
"""Files, what is done, the file that does not go, the file that goes."""


@pytest.mark.parametrize("which", CASES)
def test_a_package_names_no_excluded_file(tmp_path: Path, which: str) -> None:
    files, hide, gone, kept = CASES[which]
    hidden: list[str] = []

    def fill(case: Case) -> None:
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
            case.add(tmp_path / name)
        before = {*case.messages()["document_id"], *case.documents()["document_id"]}
        hide(case)
        hidden.extend(before - {*case.messages()["document_id"], *case.documents()["document_id"]})

    found = send_case(tmp_path, fill)
    key = sha256(gone).hexdigest()
    told = [(name, one) for name, data in found.items() for one in (NAME, key, *hidden) if one.encode() in data]
    assert told == []
    sources = found["ledger/sources.jsonl"]
    assert OPEN.encode() in sources and sha256(kept).hexdigest().encode() in sources


@pytest.mark.parametrize("hide", [by_sender, mark])
def test_a_package_tells_of_no_way_that_is_excluded_or_hidden(tmp_path: Path, hide: Callable[[Case], None]) -> None:
    hidden: list[str] = []

    def fill(case: Case) -> None:
        (tmp_path / "m.mbox").write_bytes(mailbox("Dana Lee", "Bo Stone"))
        case.add(tmp_path / "m.mbox")
        before = set(case.messages()["document_id"])
        hide(case)
        hidden.extend(before - set(case.messages()["document_id"]))

    found = send_case(tmp_path, fill)
    assert not [name for name, data in found.items() for key in hidden if key.encode() in data]
    assert sha256(SHARED).hexdigest().encode() in found["ledger/arrivals.jsonl"]
