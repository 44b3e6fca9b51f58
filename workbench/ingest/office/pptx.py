"""Reader `pptx`: presentations in Office Open XML. A slide is a page; its notes and comments follow it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.office import package_parts
from workbench.ingest.office.office_package import (
    Package,
    Relation,
    get_attribute,
    get_local_name,
    has_parts,
    open_package,
)
from workbench.ingest.office.office_text import list_rows
from workbench.ingest.office.ooxml import Telling
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.ingest.reading.text_lines import format_numbers
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Row

VERSION = "9"
METHOD = "pptx"
SUFFIXES = (".pptx", ".pptm", ".ppsx", ".potx", ".ppsm", ".potm")
ASIDES = {"notesSlide": "Notes", "comments": "", "diagramData": "Diagram", "chart": "Chart", "chartEx": "Chart"}


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: a package with a part of PowerPoint, or a ZIP file with a name of PowerPoint."""
    if not head.startswith(zip_members.MARKS):
        return ""
    if has_parts(source, head, "ppt/"):
        return Sentence("detected.pptx")
    return Sentence("detected.presentation_name", suffix=source.suffix) if source.suffix in SUFFIXES else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document; passages carry the number of their slide, from 1.

    Raises
    ------
    SourceError
        If the file is damaged, locked, or made to exhaust memory.
    """
    del options
    with open_package(source) as package:
        main = package.main("ppt/presentation.xml")
        relations = package.read_relations(main)
        order = _Order()
        package.parse(main, order)
        telling = Telling(package, authors=_read_authors(package, relations))
        slides = [relations[key].target for key in order.slides if key in relations]
        hidden = [page for page, slide in enumerate(slides, 1) if _read_slide(telling, slide, page)]
        if hidden:
            text = Sentence("row.office.slides", listed=format_numbers(hidden))
            telling.wrong.append(build_issue("hidden", text))
        yield from list_rows(source, package_parts.collect_contents(telling), Evidence(METHOD, VERSION))


def _read_slide(telling: Telling, slide: str, page: int) -> bool:
    """Tell a slide and what stands beside it; whether it is hidden."""
    telling.story.page = page
    relations = telling.package.read_relations(slide)
    try:
        hidden = telling.read_part(slide, relations).is_hidden
    except SourceError as error:
        telling.note_failure(slide, error)
        return False
    telling.add_related_parts(relations, ASIDES)
    return hidden


class _Order:
    """Gathers the slides in the order in which they are shown, by the id of their relation."""

    def __init__(self) -> None:
        self.slides: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if get_local_name(tag) == "sldId":
            self.slides.append(next((value for key, value in attributes.items() if key.endswith("}id")), ""))

    def end(self, tag: str) -> None: ...

    def data(self, text: str) -> None: ...


class _Authors(_Order):
    """Gathers the names of the authors of comments by their number."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if name := get_attribute(attributes, "name"):
            self.found[get_attribute(attributes, "id")] = name


def _read_authors(package: Package, relations: Mapping[str, Relation]) -> dict[str, str]:
    authors = _Authors()
    for one in relations.values():
        if one.kind in ("commentAuthors", "authors") and package.has_part(one.target):
            with suppress(SourceError):
                package.parse(one.target, authors)
    return authors.found
