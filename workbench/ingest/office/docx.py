"""Reader `docx`: documents of word processors in Office Open XML. Programs within are reported and never run.

python-docx is not used to read: it gives out no tracked insertions, no form fields and no text boxes, and refuses .docm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.ingest.archives import zip_members
from workbench.ingest.office import package_parts
from workbench.ingest.office.office_package import has_parts, open_package
from workbench.ingest.office.office_text import list_rows
from workbench.ingest.office.ooxml import Telling
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.rows import Row

VERSION = "10"
METHOD = "docx"
SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
ASIDES = {
    "header": "Header", "footer": "Footer", "footnotes": "", "endnotes": "", "comments": "", "diagramData": "Diagram",
    "chart": "Chart", "chartEx": "Chart",
}  # fmt: skip
"""Parts whose text stands beside that of the document, and their label; '' where the part itself says it."""


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: a package with a part of Word, or a ZIP file with a name of Word."""
    if not head.startswith(zip_members.MARKS):
        return ""
    if has_parts(source, head, "word/"):
        return Sentence("detected.docx")
    return Sentence("detected.document_name", suffix=source.suffix) if source.suffix in SUFFIXES else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document with its passages: text and tables, then headers, notes, comments, deleted text and links.

    Raises
    ------
    SourceError
        If the file is damaged, locked, or made to exhaust memory.
    """
    del options
    with open_package(source) as package:
        main = package.main("word/document.xml")
        telling = Telling(package)
        relations = package.read_relations(main)
        telling.read_part(main, relations)
        telling.add_related_parts(relations, ASIDES)
        yield from list_rows(source, package_parts.collect_contents(telling), Evidence(METHOD, VERSION))
