"""Files within files: each is a source of its own and follows the file in which it came."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.case.receiving import DEEP
from workbench.model.ident import sha256_file

NOTE = "The crate with the lamps leaves from berth nine."


def packed(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Case]:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    yield case
    case.close()


@pytest.fixture
def box(tmp_path: Path) -> Path:
    inner = packed(note__txt=NOTE.encode(), broken__bin=b"\x00\x01\x02\xff" * 50)
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "box.zip").write_bytes(packed(inner__zip=inner, list__csv=b"plate;owner\nAB-12-CD;Marta\n"))
    return folder


def test_members_are_sources_of_their_own_with_the_way_they_came(empty: Case, box: Path) -> None:
    table = empty.add(box).set_index("name")
    assert table["state"].to_dict() == {
        "box.zip": "read", "box.zip/inner.zip": "read", "box.zip/list.csv": "read",
        "box.zip/inner.zip/note.txt": "read", "box.zip/inner.zip/broken.bin": "quarantined",
    }  # fmt: skip
    sources = empty.sources().set_index("name")
    assert sources.loc["box.zip/inner.zip/note.txt", "within"] == "box.zip/inner.zip"
    assert sources.loc["box.zip", "within"] == ""
    for sha256 in sources["source"]:
        assert sha256_file(empty.book.folder.source(sha256)) == sha256
    assert NOTE in set(empty.book.passages["text"])


def test_a_second_add_adds_nothing(empty: Case, box: Path) -> None:
    empty.add(box)
    before = len(empty.documents()), len(empty.evidence()), len(empty.sources())
    assert set(empty.add(box)["state"]) == {"known", "quarantined"}
    assert (len(empty.documents()), len(empty.evidence()), len(empty.sources())) == before


def test_what_is_withdrawn_takes_what_came_in_it(empty: Case, box: Path) -> None:
    empty.add(box)
    empty.withdraw("box.zip", because="wrong exhibit")
    assert empty.documents().empty and set(empty.sources()["state"]) == {"withdrawn"}
    empty.restore("box.zip", because="right after all")
    assert NOTE in set(empty.book.passages["text"])


def test_what_was_received_by_itself_too_stays(empty: Case, box: Path) -> None:
    (box / "note.txt").write_text(NOTE)
    empty.add(box)
    empty.withdraw("box.zip", because="wrong exhibit")
    assert list(empty.book.passages["text"]) == [NOTE]


def test_files_within_files_are_read_to_a_depth(empty: Case, tmp_path: Path) -> None:
    data, names = b"the middle", "note.txt"
    for number in range(50):
        data, names = packed(**{names.replace(".", "__"): data}), f"{number}.zip"
    path = tmp_path / "outer.zip"
    path.write_bytes(data)
    table = empty.add(path)
    assert list(table["state"]) == ["read"] * (DEEP + 1) + ["quarantined"]
    assert "more than 6 files deep" in table["why"].iloc[-1]


def test_a_letter_deep_in_archives_is_kept_and_its_attachment_told_of(empty: Case, tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@harbour.example", "b@harbour.example", "Papers"
    message.set_content("Enclosed.")
    message.add_attachment(NOTE.encode(), maintype="text", subtype="plain", filename="note.txt")
    data, name = message.as_bytes(), "letter__eml"
    for number in range(DEEP):
        data, name = packed(**{name: data}), f"{number}__zip"
    path = tmp_path / "outer.zip"
    path.write_bytes(data)
    table = empty.add(path)
    assert list(table["state"]) == ["read"] * (DEEP + 1) + ["quarantined"]
    assert table["name"].iloc[-1].endswith("letter.eml/note.txt") and (empty.documents()["schema"] == "Email").any()
