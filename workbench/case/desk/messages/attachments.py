"""Files that go with a message: hash, kind and level as the case has them, whatever their names say."""

from __future__ import annotations

import mimetypes
import zipfile
from collections.abc import Iterable
from hashlib import sha256
from itertools import chain, count
from pathlib import PurePosixPath
from typing import BinaryIO
from unicodedata import normalize

from workbench.case.access import controller
from workbench.case.context import source_lookup
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.messages import attachment_contents, filing, validation
from workbench.case.privacy import erasure_replay
from workbench.case.sources import file_receipt
from workbench.errors import CaseError
from workbench.ledger.access import terms
from workbench.ledger.access.access_filter import AccessFilter
from workbench.ledger.records import row_tables
from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import Attachment
from workbench.model.catalogue import Sentence

BEGINS = {
    b"MZ": "application/x-msdownload", b"\x7fELF": "application/x-executable", b"#!": "application/x-sh",
    b"\xca\xfe\xba\xbe": "application/java-archive",
}  # fmt: skip
"""First bytes of programs."""
MACRO = "application/vnd.ms-word.document.macroEnabled.12"
PROGRAM = ("vbaproject.bin", "meta-inf/manifest.mf")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNKNOWN = "application/octet-stream"


def build_attachment(context: CaseContext, file: str, name: str = "") -> tuple[Attachment, str]:
    """A file of the case as an attachment, and its SHA-256.

    Raises
    ------
    CaseError
        If the case has no such file, or several, or a part of it is hidden from the officer.
    """
    source = source_lookup.find_readable_source(context, file)
    called = name or str(row_tables.list_sources(context.ledger, source)["name"].iloc[0]).rpartition("/")[2]
    with context.folder.open_source(source) as content:
        kind = detect_media_type(content, called)
    level = validation.to_confidentiality(
        attachment_contents.get_file_mark(context, source), controller.get_scheme(context)
    )
    return Attachment(name=called, sha256=source, media_type=kind, confidentiality=level), source


def number_name(name: str, others: Iterable[str]) -> str:
    """A name that some systems do not take for one of others: numbered where it is one of them but for case or composed letters.

    >>> number_name("scan.txt", ["Scan.txt", "scan (2).txt"]), number_name("scan.txt", ["b.txt"])
    ('scan (3).txt', 'scan.txt')
    """
    taken = {normalize("NFC", other).casefold() for other in others}
    path = PurePosixPath(name)
    numbered = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
    return next(one for one in chain([name], numbered) if normalize("NFC", one).casefold() not in taken)


def import_file(context: CaseContext, name: str, level: str, data: bytes) -> str:
    """Take a file into the case under the confidentiality that its source gives it; its SHA-256. One that is there keeps its own.

    Raises
    ------
    CaseError
        If the level is none or not for the officer who works, there is nothing in the file, or it was erased here.
    """
    if level not in get_codes("confidentiality") or not data:
        raise CaseError(
            Sentence(
                "{name} was not attached. The file is empty, or '{level}' is not a valid mark. Select another "
                "file or mark.",
                name=name,
                level=level,
            )
        )
    key = sha256(data).hexdigest()
    scheme = controller.get_scheme(context)
    told = {"level": filing.list_levels(level, scheme)}
    if isinstance(context.ledger.gate, AccessFilter) and (why := context.ledger.gate.describe_refusal(told)):
        raise CaseError(
            Sentence(
                "{name} was not attached. It is {level}, so you would not be able to see it in the case: "
                "{why}. Ask an officer with this clearance to attach the file.",
                name=name,
                level=level,
                why=why,
            )
        )
    if row_tables.list_sources(context.ledger, key).empty and told["level"]:
        terms.add_facets(context.ledger, [("source", key)], told, "as its source says")
    called = name.replace("\\", "/").rpartition("/")[2] or "file"
    found = list(file_receipt.receive_file(context, data, called, {}, {}))
    if refused := next((one for one in found if one.state == "refused"), None):
        raise CaseError(refused.why)
    erasure_replay.reapply_to_sources(context, [one.source for one in found])
    return key


def detect_media_type(content: BinaryIO, name: str) -> str:
    """Kind of a file: of a program or a document with macros by its bytes, of others by its name."""
    head = content.read(8)
    found = next((kind for begin, kind in BEGINS.items() if head.startswith(begin)), "")
    if not found and head.startswith(b"PK") and _has_program(content):
        found = MACRO
    if not found and head == OLE and _has_bytes(content, "_VBA_PROJECT".encode("utf-16-le")):
        found = MACRO
    return found or mimetypes.guess_type(name, strict=True)[0] or UNKNOWN


def _has_program(content: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(content) as packed:
            return any(one.lower().endswith(PROGRAM) for one in packed.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _has_bytes(content: BinaryIO, sign: bytes) -> bool:
    """Whether some bytes stand anywhere in a file."""
    content.seek(0)
    before = b""
    while piece := content.read(1 << 20):
        if sign in before + piece:
            return True
        before = piece[-len(sign) :]
    return False
