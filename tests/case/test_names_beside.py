"""A hidden file is named by nothing that came with it: not by a chat or list beside it, nor by the mail around its archive."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from tests.case.packages.conftest import send_case
from tests.case.walking import flat
from workbench.case.case import Case

NAME, TEXT = "quagga-memo.txt", "The handler met the source at the harbour."
KEY = sha256(TEXT.encode()).hexdigest()
CHAT = f"13/07/2022, 12:30 - Ada Winter: {NAME} (file attached)\n14/07/2022, 08:05 - Rosa Blum: Hello there\n"
LIST = f"{KEY}  files/{NAME}\n"
RESTRICTED = "EXERCISE RESTRICTED"


def pack_zip(entries: dict[str, str | bytes]) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as zipped:
        for name, content in entries.items():
            zipped.writestr(name, content)
    return held.getvalue()


def _message(number: int, text: str, **more: str) -> dict[str, object]:
    at = {"date": f"2022-07-13T12:30:0{number}", "date_unixtime": f"165771540{number}"}
    return {"id": number, "type": "message", "from": "Ada Winter", "from_id": "user1", "text": text, **at, **more}


def _add_telegram(case: Case, folder: Path) -> None:
    said = [_message(1, "", file=f"files/{NAME}"), _message(2, "Hello there"), _message(3, f"look at {NAME}")]
    chat = {"name": "Rosa", "type": "personal_chat", "id": 5, "messages": said}
    (folder / "telegram.zip").write_bytes(pack_zip({"result.json": json.dumps(chat), f"files/{NAME}": TEXT}))
    case.add(folder / "telegram.zip")


def _add_folder(case: Case, folder: Path) -> None:
    place = folder / "export"
    (place / "files").mkdir(parents=True)
    (place / "WhatsApp Chat with Rosa.txt").write_text(CHAT, "utf-8")
    (place / "files" / NAME).write_text(TEXT, "utf-8")
    (place / "files" / "sha256sums.txt").write_text(LIST, "utf-8")
    case.add(place)


def _add_mail(case: Case, folder: Path) -> None:
    mail = EmailMessage()
    for field, value in {"From": "a@b.example", "To": "c@d.example", "Subject": f"{NAME} as asked"}.items():
        mail[field] = value
    mail["Date"], mail["Message-ID"] = "Mon, 2 Mar 2026 09:30:00 +0100", "<1@x>"
    mail.set_content("Hello there.")
    inner = pack_zip({f"deep/{NAME}": TEXT, "note.txt": f"Read {NAME} first"})
    mail.add_attachment(pack_zip({"inner.zip": inner, "sums.txt": LIST}), "application", "zip", filename="pack.zip")
    (folder / "m.eml").write_bytes(mail.as_bytes())
    case.add(folder / "m.eml")


Way = Callable[[Case, Path], None]
WAYS: dict[str, Way] = {"telegram": _add_telegram, "folder": _add_folder, "mail": _add_mail}


def told(case: Case) -> str:
    found = case.entities(), case.evidence.list(), case.documents(), case.sources.list(), case.search("quagga memo")
    return "".join(flat(table) for table in found)


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_nothing_that_came_with_a_hidden_file_names_it(opened: Callable[[str], Case], tmp_path: Path, way: str) -> None:
    ada = opened("ada")
    WAYS[way](ada, tmp_path)
    assert NAME in told(opened("eve"))
    ada.handling.mark(KEY, level=RESTRICTED, because="of the source")
    bob = opened("bob")
    assert NAME not in told(bob) and KEY not in told(bob)
    assert len(bob.search("hello there"))
    ada.access.grant("bob", RESTRICTED, because="vetted")
    assert NAME in told(bob)


def test_what_comes_elsewhere_with_the_same_name_stays(opened: Callable[[str], Case], tmp_path: Path) -> None:
    ada = opened("ada")
    _add_telegram(ada, tmp_path)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "letter.txt").write_text(f"We ask for {NAME} of last year.", "utf-8")
    ada.add(tmp_path / "own")
    ada.handling.mark(KEY, level=RESTRICTED, because="of the source")
    assert opened("bob").search("quagga memo")["text"].tolist() == [f"We ask for {NAME} of last year."]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_package_names_it_neither(tmp_path: Path, way: str) -> None:
    def fill(case: Case) -> None:
        WAYS[way](case, tmp_path)
        case.handling.mark(KEY, barred=["QN"], because="of the source")

    found = send_case(tmp_path, fill)
    assert [name for name, data in found.items() if NAME.encode() in data or KEY.encode() in data] == []
    assert b"Hello there" in found["ledger/passages.jsonl"]


LONG = "Statement of Zorva Oliveira.txt"


@pytest.mark.parametrize(
    "said",
    [
        "the document Statement of\nZorva Oliveira.txt, page 2",
        "see\u00a0Statement\u00a0of Zorva\u00a0Oliveira.txt here",
        "see Statement of  Zorva \u202eOliveira.txt",
        "see Statement%20of%20Zorva%20Oliveira.txt or Statement_of_Zorva_Oliveira.txt",
        "We attach the statement of Zorva Oliveira",
        "see Statement-of-Zorva-Oliveira.txt",
        "> | Statement of\n> | Zorva Oliveira.txt",
    ],
)
def test_a_mail_names_its_hidden_attachment_in_no_form(
    opened: Callable[[str], Case], tmp_path: Path, said: str
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Date"] = "a@b.example", "c@d.example", "Mon, 2 Mar 2026 09:30:00 +0100"
    mail["Subject"], mail["Message-ID"] = LONG.removesuffix(".txt"), "<2@x>"
    mail.set_content(said)
    mail.add_attachment(TEXT.encode(), "text", "plain", filename=LONG)
    (tmp_path / "m.eml").write_bytes(mail.as_bytes())
    ada = opened("ada")
    ada.add(tmp_path / "m.eml")
    ada.handling.mark(sha256(TEXT.encode()).hexdigest(), level=RESTRICTED, because="of the source")
    bob = opened("bob")
    assert "zorva" not in told(bob).casefold() and "zorva" not in flat(bob.search("statement")).casefold()
    assert len(bob.documents())


@pytest.mark.parametrize("name", ['a"b.txt', "….txt", "..."])
def test_a_hidden_file_of_any_name_leaves_the_case_usable(
    opened: Callable[[str], Case], tmp_path: Path, name: str
) -> None:
    ada = opened("ada")
    (tmp_path / "pack.zip").write_bytes(pack_zip({name: TEXT, "note.txt": f"Read {name} first"}))
    ada.add(tmp_path / "pack.zip")
    ada.handling.mark(KEY, level=RESTRICTED, because="of the source")
    assert KEY not in told(opened("bob")) and "harbour" not in told(opened("bob"))


@pytest.mark.slow
@pytest.mark.parametrize("beside", [f"{NAME}.json", "quagga-memo.xmp"])
def test_a_file_that_tells_of_a_hidden_one_by_its_name_is_hidden_too(
    opened: Callable[[str], Case], tmp_path: Path, beside: str
) -> None:
    ada = opened("ada")
    (tmp_path / "takeout.zip").write_bytes(
        pack_zip({f"a/{NAME}": TEXT, f"a/{beside}": "It rains", "a/c.txt": "Hello there"})
    )
    ada.add(tmp_path / "takeout.zip")
    ada.handling.mark(KEY, level=RESTRICTED, because="of the source")
    bob = opened("bob")
    assert "quagga" not in told(bob) and len(bob.search("hello there"))
    (tmp_path / "again.zip").write_bytes(
        pack_zip({f"a/{NAME}": TEXT, f"a/{beside}": "It snows", "a/d.txt": "Hello again"})
    )
    ada.add(tmp_path / "again.zip")
    assert "quagga" not in told(bob) and len(bob.search("hello again"))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Statement of Zorva Oliveira.txt", "see [it](Statement%20of%20Zorva%20Oliveira.txt)"),
        ("Statement of Zorva Oliveira.txt", "see Statement_of_Zorva_Oliveira"),
        ("بیانیه\u200cهای زورووا اولیویرا.txt", "ببینید بیانیه\u200cهای زورووا اولیویرا"),
        ("Straße nach Zorva Oliveira.txt", "siehe STRASSE NACH ZORVA OLIVEIRA"),
        ("ﬁle of Zorva Oliveira.txt", "see file of Zorva Oliveira"),
    ],
)
def test_a_name_beside_a_hidden_file_is_found_as_a_link_or_another_script_writes_it(
    opened: Callable[[str], Case], tmp_path: Path, name: str, written: str
) -> None:
    ada = opened("ada")
    (tmp_path / "a.zip").write_bytes(pack_zip({name: TEXT, "list.md": f"quagga {written}\n", "c.txt": "Hello there"}))
    ada.add(tmp_path / "a.zip")
    ada.handling.mark(KEY, level=RESTRICTED, because="of the source")
    bob = opened("bob")
    assert "quagga" not in told(bob) and len(bob.search("hello there"))
