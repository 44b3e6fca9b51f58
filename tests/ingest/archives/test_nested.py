"""Files within files, as a case receives them: each a source of its own, whatever lies around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.archives.test_archives import tarred, zipped
from tests.ingest.office.files import compound, native, opendocument, package, paragraph, word
from tests.ingest.test_mail import letter
from tests.ingest.test_pdf import portable
from workbench import open_case


def test_a_parcel_is_unpacked_to_its_core(tmp_path: Path) -> None:
    within = {
        "word/embeddings/o.bin": compound({"\x01Ole10Native": native("bill.pdf", portable("Paid ten thousand."))})
    }
    outer = letter()
    outer.add_attachment(
        word(paragraph("The contract."), within), maintype="application", subtype="x", filename="c.docx"
    )
    outer.add_attachment(b"PK\x03\x04", maintype="application", subtype="zip", filename="broken.zip")
    parcel = zipped(
        {"post/letter.eml": outer.as_bytes(), "list.tar": tarred({"n.csv": b"Name,Phone\nZoe,+31644891202\n"})}
    )
    file = tmp_path / "parcel.zip"
    file.write_bytes(parcel)
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    added = case.add(file).set_index("name")
    assert dict(added["reader"]) == {
        "parcel.zip": "archive",
        "parcel.zip/post/letter.eml": "mail",
        "parcel.zip/post/letter.eml/c.docx": "docx",
        "parcel.zip/post/letter.eml/c.docx/word/embeddings/o.bin/bill.pdf": "pdf",
        "parcel.zip/post/letter.eml/broken.zip": "archive",
        "parcel.zip/list.tar": "archive",
        "parcel.zip/list.tar/n.csv": "table",
    }
    assert set(added.index[added["state"] != "read"]) == {"parcel.zip/post/letter.eml/broken.zip"}
    assert (
        "looks like a ZIP file, but the file is damaged or incomplete"
        in added.loc["parcel.zip/post/letter.eml/broken.zip", "why"]
    )
    assert case.search("ten thousand")["text"].iloc[0] == "Paid ten thousand."


@pytest.mark.slow
def test_a_folder_with_hostile_files_loses_none(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    deep = b"the middle"
    for _ in range(50):
        deep = zipped({"inner.zip": deep})
    bomb = word("", {"word/document.xml": "<x>" + " " * 70_000_000 + "</x>"})
    odt = package(
        {"content.xml": "<!DOCTYPE x []><x/>"}, first=("mimetype", b"application/vnd.oasis.opendocument.text")
    )
    files = {
        "deep.zip": deep, "bomb.docx": bomb, "laughs.odt": odt, "cut.docx": word(paragraph("x"))[:200], "old.doc":
        compound({"WordDocument": b"x" * 5000}), "locked.xlsx": compound({"EncryptedPackage": b"x" * 5000}),
        "a.rar": b"Rar!\x1a\x07\x00", "zeros.txt.zip": zipped({"zeros": bytes(100 * 1024**2)}), "good.odt":
        opendocument("<office:text><text:p>Good one</text:p></office:text>"), "good.html": b"<html><p>Good two",
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    added = case.add(folder).set_index("name")
    assert set(files) <= set(added.index)
    quarantined = set(added.index[added["state"] == "quarantined"])
    assert quarantined - {name for name in quarantined if name.startswith("deep.zip")} == {
        "bomb.docx", "laughs.odt", "cut.docx", "old.doc", "locked.xlsx", "a.rar",
    }  # fmt: skip
    assert sum(name.startswith("deep.zip") for name in added.index) < 10
    assert all(added.loc[name, "why"] for name in quarantined)
    assert {"Good one", "Good two"} <= set(case.search("Good")["text"])
