"""What is attached to excluded material goes with it only where it came in no other way, in whatever order all of it came."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from itertools import permutations
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case

pytestmark = pytest.mark.slow

MEMO = b"Shipment of quillfeather leaves on Friday.\n"
CHAT = b"14/07/2022, 12:20 - Omar Haddad: quillfeather\n14/07/2022, 12:29 - Eve Real: see you\n"
CALLS = b"Calling Number,Called Number,Start Time,Duration\n+31970140002,+31970140003,2024-03-01T09:00:00,60\n"
COUNSEL, RULE = "Dana Lee <dl@law.example>", "rule"


def letter(sender: str, files: dict[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = sender, "bo@x.example", "Mon, 26 Feb 2024 10:00:00 +0000"
    message["Subject"], message["Message-ID"] = "papers", f"<{len(files)}-{sender[-12:-1].strip('<')}>"
    message.set_content(f"see what {sender.partition('@')[0].rpartition('<')[2]} has attached")
    for name, content in files.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def pack(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


LAW = letter(COUNSEL, {"memo.txt": MEMO})
FORWARD = letter("Bob <bob@x.example>", {"law.eml": LAW})
CASES: dict[str, tuple[dict[str, bytes], bool]] = {
    "nothing else": ({"law.eml": LAW}, False),
    "own copy": ({"law.eml": LAW, "memo.txt": MEMO}, True),
    "own copy in an archive": ({"law.eml": LAW, "own.zip": pack({"memo.txt": MEMO, "b.txt": b"other"})}, True),
    "another person's mail": ({"law.eml": LAW, "boss.eml": letter("Boss <boss@x.example>", {"memo.txt": MEMO})}, True),
    "another letter of the same sender": ({"law.eml": LAW, "two.eml": letter(COUNSEL, {"m.txt": MEMO, "b.txt": b"b"})}, False),
    "a mail that forwards the letter": ({"law.eml": LAW, "forward.eml": FORWARD}, False),
    "in an archive of the sender": ({"law.eml": letter(COUNSEL, {"a.zip": pack({"memo.txt": MEMO})})}, False),
    "in an archive of the sender, and own": (
        {"law.eml": letter(COUNSEL, {"a.zip": pack({"memo.txt": MEMO})}), "memo.txt": MEMO},
        True,
    ),
    "a chat of which we have another export": (
        {
            "law.eml": letter(COUNSEL, {"WhatsApp Chat with Eve.txt": CHAT}),
            "WhatsApp Chat with Omar.txt": CHAT + b"14/07/2022, 12:31 - Eve Real: again\n",
        },
        True,
    ),
}  # fmt: skip


def build(folder: Path, files: dict[str, bytes], order: tuple[str, ...], **options: str) -> Case:
    made = open_case(folder / "case", officer="ada", purpose="test")
    for name in order:
        if name == RULE:
            made.sources.exclude(sender="dl@law.example", because="counsel")
            continue
        (folder / name).write_bytes(files[name])
        made.add(folder / name, **options)
    return made


def list_texts(case: Case) -> list[str]:
    return [text for text in case.context.passages["text"] if "quillfeather" in text]


@pytest.mark.parametrize("name", CASES)
def test_what_came_in_another_way_stays_whatever_came_first(tmp_path: Path, name: str) -> None:
    files, is_shown = CASES[name]
    for number, order in enumerate(permutations([*files, RULE])):
        folder = tmp_path / str(number)
        folder.mkdir()
        made = build(folder, files, order)
        assert bool(list_texts(made)) == is_shown, order
        assert bool(len(made.search("quillfeather"))) == is_shown, order
        assert not [text for text in made.context.passages["text"] if "dl has attached" in text]
        assert set(made.log.verify()["state"]) <= {"ok", "not checked"}
        made.close()


def test_mass_rows_of_our_own_table_stay(tmp_path: Path) -> None:
    law = letter(COUNSEL, {"cdr.csv": CALLS})
    made = build(tmp_path, {"cdr.csv": CALLS, "law.eml": law}, ("cdr.csv", "law.eml", RULE))
    assert made.calls.summary().table["records"].sum() == 1
    made.close()


def test_it_goes_and_comes_back_with_the_other_way(tmp_path: Path) -> None:
    files = {"law.eml": LAW, "boss.eml": letter("Boss <boss@x.example>", {"memo.txt": MEMO})}
    made = build(tmp_path, files, ("law.eml", "boss.eml", RULE))
    assert list_texts(made)
    made.sources.withdraw("boss.eml", because="x")
    assert not list_texts(made)
    made.sources.restore("boss.eml", because="x")
    assert list_texts(made)
    key = made.sources.exclude(sender="boss@x.example", because="counsel too")["set_aside_id"].item()
    assert not list_texts(made)
    made.sources.reopen(key, role="independent counsel", because="order of the court")
    assert list_texts(made)
    made.privacy.erase("boss.eml", because="request", sure=True)
    made.close()
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    assert not list_texts(made) and set(made.log.verify()["state"]) <= {"ok", "not checked"}
    made.close()


def test_an_own_copy_that_comes_later_has_its_exhibit(tmp_path: Path) -> None:
    made = build(tmp_path, {"law.eml": LAW}, ("law.eml", RULE))
    (tmp_path / "memo.txt").write_bytes(MEMO)
    made.add(tmp_path / "memo.txt", exhibit="X1")
    assert list_texts(made)
    assert made.sources.list().set_index("name")["exhibit"].to_dict() == {"law.eml": "", "law.eml/memo.txt": "X1"}
    made.close()


def test_a_page_for_the_person_names_a_way_that_counts(tmp_path: Path) -> None:
    memo = {"memo.txt": b"quillfeather for Zoltan Quiss"}
    files = {"law.eml": letter(COUNSEL, memo), "boss.eml": letter("Zoltan Quiss <zq@x.example>", memo)}
    made = build(tmp_path, files, ("law.eml", "boss.eml", RULE))
    made.subjects.extract("Zoltan Quiss", tmp_path / "page.html", to="Zoltan Quiss", because="request")
    page = (tmp_path / "page.html").read_text()
    assert "boss.eml/memo.txt" in page and "law.eml" not in page
    made.close()


def test_a_pseudonymised_copy_names_no_excluded_file(tmp_path: Path) -> None:
    memo = {"memo.txt": b"quillfeather for Zoltan Quiss"}
    files = {
        "Advice on the plea.eml": letter(COUNSEL, memo | {"Draft of counsel.txt": b"draft"}),
        "boss.eml": letter("Zoltan Quiss <zq@x.example>", memo),
    }
    made = build(tmp_path, files, (*files, RULE))
    made.subjects.pseudonymise(
        tmp_path / "copy", because="course", key=tmp_path / "k", passphrase="correct horse battery"
    )
    made.close()
    copy = open_case(tmp_path / "copy", officer="ada", purpose="test")
    assert copy.sources.list()["name"].tolist() == ["boss.eml", "boss.eml/memo.txt"]
    assert list_texts(copy) and set(copy.log.verify()["state"]) <= {"ok", "not checked"}
    copy.close()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "copy").rglob("*") if path.is_file())
    assert b"Advice on the plea" not in kept and b"Draft of counsel" not in kept
