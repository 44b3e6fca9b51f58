from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ingest.office.files import compound
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.office import office_binary

Make = Callable[[str, str | bytes], SourceFile]


@pytest.mark.parametrize(
    ("stream", "name", "match"),
    [
        ("EncryptedPackage", "a.docx", "is protected by a password and cannot be read"),
        ("EncryptedPackage", "a.xlsx", "is protected by a password"),
        ("WordDocument", "a.doc", "Word document in the format that Word used before 2007.*save it as DOCX"),
        (
            "PowerPoint Document",
            "a.ppt",
            "PowerPoint presentation in the format that PowerPoint used before 2007.*save it as PPTX",
        ),
        ("VisioDocument", "a.vsd", "save it as PDF"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(made: Make, stream: str, name: str, match: str) -> None:
    file = made(name, compound({stream: b"x" * 5000}))
    assert detect(file).reader == "office-binary"
    with pytest.raises(SourceError, match=match):
        list(read(file))


def test_a_damaged_one_is_told_apart(made: Make) -> None:
    file = made("a.doc", compound({"WordDocument": b"x" * 5000})[:700])
    with pytest.raises(SourceError, match="a damaged or unknown file in an older Office format"):
        list(read(file))


def test_workbooks_are_left_to_the_reader_of_tables(made: Make) -> None:
    file = made("a.xls", compound({"Workbook": b"x" * 5000}))
    assert office_binary.detect(file, file.read_head()) == ""
