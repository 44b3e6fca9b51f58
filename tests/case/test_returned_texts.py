"""What was struck or erased comes back in no other file: only the text of such a file is kept, with an issue row."""

from __future__ import annotations

import bz2
import gzip
import zipfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from tests.case.everywhere import Needles, texts
from tests.matrices import first_quick
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity

MAIL = """From: Dora <dora@x.example>
To: ada@b.example
Date: Fri, 1 Mar 2024 09:00:00 +0000
Message-ID: <77@x.example>
Subject: crates

Zora Melnik keeps the lavender boxes in the mill.
"""
OTHER = MAIL.replace("77@", "78@").replace("Zora Melnik keeps", "Nobody moves")
SECRET = b"The marzipan crates travel under tarpaulin to Halven on Monday.\n"


def find_files(folder: Path, word: str) -> list[str]:
    """Files below a folder that hold a word, in whatever packing."""
    needles = Needles([word], ())
    return [
        path.name for path in folder.rglob("*") if path.is_file() and any(map(needles.found, texts(path.read_bytes())))
    ]


def open_own(tmp_path: Path) -> Case:
    return open_case(tmp_path / "case", officer="ada", purpose="training")


@pytest.mark.slow
def test_struck_words_come_back_in_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "m.eml").write_text(MAIL, "utf-8")
    (tmp_path / "m" / "reg.csv").write_text("name,phone\nZora Melnik,+44 7911 123456\n", "utf-8")
    head = "From x Fri Mar  1 09:00:00 2024\n"
    (tmp_path / "b.mbox").write_text(f"{head}{MAIL}\n\n{head}{OTHER}\n", "utf-8")
    (tmp_path / "c.mbox").write_text(f"{head}{OTHER}\n", "utf-8")
    with closing(open_own(tmp_path)) as case:
        case.add(tmp_path / "m")
        case.privacy.erase(find_entity(case.context, "Zora Melnik"), because="request 7", sure=True)
        for _ in range(2):
            case.add(tmp_path / "b.mbox")
            assert not find_files(tmp_path / "case", "melnik")
            assert len(case.search("Nobody")) == 1
        issues = case.sources.issues()
        assert issues.loc[issues["code"] == "erased_again", "message"].str.contains("Only the text").tolist() == [True]
        case.add(tmp_path / "c.mbox")
        assert "c.mbox" in set(case.sources.list()["name"])
        assert not (case.log.verify()["state"] == "bad").any() and set(case.storage.check()["state"]) == {"well"}


def pack(name: str, data: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr(name, data)
    return made.getvalue()


def hide(name: str, data: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive with an entry that its table of contents does not list."""
    held = pack(name, data, method)
    return held[: held.index(b"PK\x01\x02")] + pack("kept.txt", b"Kept text.")


WRONG = bytearray(hide("s.txt", SECRET))
WRONG[18:22] = WRONG[22:26] = (5).to_bytes(4, "little")
UNLISTED = {
    "archive": hide("in.zip", pack("s.txt", SECRET)),
    "packed archive": hide("in.zip", pack("s.txt", SECRET), zipfile.ZIP_DEFLATED),
    "bzip2": hide("s.txt", SECRET, zipfile.ZIP_BZIP2),
    "lzma": hide("s.txt", SECRET, zipfile.ZIP_LZMA),
    "gz": hide("s.gz", gzip.compress(SECRET)),
    "bz2": hide("s.bz2", bz2.compress(SECRET)),
    "wrong size": bytes(WRONG),
    "before it": b"MZ stub" + SECRET + pack("kept.txt", b"Kept text."),
    "program": b"MZ stub\n" + pack("s.txt", SECRET),
}


@pytest.mark.slow
@pytest.mark.parametrize("form", first_quick(3, UNLISTED))
def test_an_archive_with_unlisted_bytes_is_kept_as_text_where_files_were_erased(tmp_path: Path, form: str) -> None:
    (tmp_path / "s.txt").write_bytes(SECRET)
    (tmp_path / "a.zip").write_bytes(UNLISTED[form])
    (tmp_path / "plain.zip").write_bytes(pack("plain.txt", b"Plain text."))
    with closing(open_own(tmp_path)) as case:
        case.add(tmp_path / "s.txt")
        case.privacy.erase("s.txt", because="request 7", sure=True)
        case.add(tmp_path / "a.zip")
        case.add(tmp_path / "plain.zip")
        names = set(case.sources.list()["name"])
        assert {"a.zip.redacted.jsonl", "plain.zip"} <= names
        assert "erased_again" in set(case.sources.issues()["code"])
        read = case.context.passages["text"].str.contains("Kept").any()
        assert read == (form not in ("program", "before it"))
        kept = {path.read_bytes() for path in (tmp_path / "case" / "sources").iterdir()}
        assert UNLISTED[form] not in kept and not find_files(tmp_path / "case", "marzipan")


def test_an_archive_with_unlisted_bytes_is_kept_where_no_file_was_erased(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(UNLISTED["gz"])
    with closing(open_own(tmp_path)) as case:
        case.add(tmp_path / "a.zip")
        assert "a.zip" in set(case.sources.list()["name"])
