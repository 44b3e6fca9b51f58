"""Reader `office-binary`: compound files that cannot be read here. It says what they are and what to do.

They are old documents of Word and PowerPoint, and documents of any kind that are locked with a password. Workbooks (.xls) and
letters (.msg) have readers of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.errors import SourceError
from workbench.ingest.office import ole_file
from workbench.ingest.office.office_package import build_locked_error
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence, get_term
from workbench.model.rows import Row

VERSION = "1"
METHOD = "office-binary"
KINDS = ("EncryptedPackage", "WordDocument", "PowerPoint Document", "VisioDocument", "Quill")
SUFFIXES = (".doc", ".dot", ".ppt", ".pps", ".docx", ".docm", ".xlsx", ".pptx")
SAVE_AS = {"WordDocument": "DOCX", "PowerPoint Document": "PPTX"}


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: a compound file with a stream of Word or PowerPoint, or of an encrypted document."""
    if not head.startswith(ole_file.MARK):
        return ""
    kind = _find_kind(source)
    if kind:
        return Sentence("detected.compound_file", what=get_term("what", kind))
    return Sentence("detected.compound") if source.suffix in SUFFIXES else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """Nothing: always an error that says what to do.

    Raises
    ------
    SourceError
        Always.
    """
    del options
    kind = _find_kind(source)
    if kind == "EncryptedPackage":
        raise build_locked_error(source.name)
    what = get_term("what", kind or "compound")
    form = SAVE_AS.get(kind, "PDF")
    raise SourceError(Sentence("refused.file.office_old", name=source.name, what=what, form=form))
    yield


def _find_kind(source: SourceFile) -> str:
    with source.open() as file:
        names = {path.partition("/")[0] for path in ole_file.list_streams(file)}
    return next((kind for kind in KINDS if kind in names), "")
