"""Office files as packages: ZIP files of XML parts, as OOXML and OpenDocument are. Sizes are bounded, nothing is fetched.

The parts are parsed as a stream of events, without a tree: no depth of nesting matters, and text that python-docx does not
give out (tracked insertions, form fields, text boxes, notes) is read like any other.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol
from zipfile import ZipFile

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.archives.archive_limits import TOTAL
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.machine.archive_safety import clean_name

PART = 64 * 1024**2
"""Bytes of an XML part, at most: a novel has two million."""

ELEMENTS = 1_000_000
"""Elements of all parts of a document together, at most: a book of a thousand pages has half of them."""

RELATIONS = 10_000


class Events(Protocol):
    """What is told of the events of an XML document."""

    def start(self, tag: str, attributes: dict[str, str]) -> object:
        """An element begins. Names are written '{namespace}name'."""

    def end(self, tag: str) -> object:
        """An element ends."""

    def data(self, text: str) -> object:
        """Text stands here."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A part that another part refers to. `kind`: last word of its type; `target`: name of a member, or an address."""

    kind: str
    target: str
    outside: bool


@dataclass(slots=True)
class Package:
    """An open office file. `elements`: how many have been parsed."""

    name: str
    zipped: ZipFile
    names: dict[str, str] = field(default_factory=dict)
    elements: int = 0

    def has_part(self, part: str) -> bool:
        """Whether there is such a member; upper and lower case do not count."""
        return part.lower() in self.names

    def read(self, part: str, limit: int = PART) -> bytes:
        """Bytes of a member.

        Raises
        ------
        SourceError
            If it is not there, damaged, or larger than allowed.
        """
        info = self.zipped.NameToInfo.get(self.names.get(part.lower(), ""))
        if info is None:
            raise SourceError(Sentence("refused.file.part_missing", name=self.name, part=clean_name(part)))
        if info.file_size > limit:
            sizes = {"size": f"{info.file_size:,}", "most": f"{limit:,}"}
            raise SourceError(Sentence("refused.file.part_large", part=clean_name(part), name=self.name, **sizes))
        try:
            return self.zipped.read(info)
        except zip_members.BROKEN as error:
            raise SourceError(
                Sentence("refused.file.part_damaged", part=clean_name(part), name=self.name, error=error)
            ) from error

    def parse(self, part: str, events: Events) -> None:
        """Tell the events of an XML part.

        Raises
        ------
        SourceError
            If it is no well-formed XML, declares entities, or holds more elements than any document.
        """
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import ParseError, XMLParser

        parser = XMLParser(target=_CountingEvents(self, events), forbid_dtd=True)
        data = self.read(part)
        try:
            parser.feed(data)
            parser.close()
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            why = (
                "declares entities, as no office program does" if isinstance(error, DefusedXmlException) else str(error)
            )
            raise SourceError(
                Sentence("refused.file.part_xml", part=clean_name(part), name=self.name, why=why)
            ) from error

    def read_relations(self, part: str = "") -> dict[str, Relation]:
        """What a part refers to, by id; of the package itself if no part is named."""
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        found = _Relations(folder)
        if self.has_part(where):
            self.parse(where, found)
        return found.relations

    def read_all_relations(self) -> Iterator[Relation]:
        """What the parts refer to, all of them; a list that is damaged says nothing."""
        for name in self.names.values():
            folder, part = posixpath.split(name)
            if part.endswith(".rels") and posixpath.basename(folder) == "_rels":
                with suppress(SourceError):
                    yield from self.read_relations(
                        posixpath.join(posixpath.dirname(folder), part.removesuffix(".rels"))
                    ).values()

    def main(self, usual: str) -> str:
        """Name of the part that holds the document itself; the usual one where the package does not say."""
        told = next((one.target for one in self.read_relations().values() if one.kind == "officeDocument"), "")
        return told if self.has_part(told) else usual

    def list_folder(self, folder: str) -> list[str]:
        """Names of the members in any folder of this name, in order of the archive."""
        return [
            name for key, name in self.names.items() if f"/{folder.lower()}/" in f"/{key}" and not key.endswith("/")
        ]


@contextmanager
def open_package(source: SourceFile) -> Iterator[Package]:
    """The package, open for reading.

    Raises
    ------
    SourceError
        If it is damaged, locked, or unpacks to more than it may.
    """
    with zip_members.open_zip(source) as zipped:
        members = zipped.infolist()
        if any(zip_members.is_locked(info) for info in members):
            raise build_locked_error(source.name)
        total = sum(info.file_size for info in members)
        if total > TOTAL:
            raise SourceError(Sentence("refused.file.large", name=source.name, size=f"{total:,}", most=f"{TOTAL:,}"))
        package = Package(source.name, zipped)
        for info in members:
            package.names.setdefault(info.filename.replace("\\", "/").lower(), info.filename)
        yield package


def has_parts(source: SourceFile, head: bytes, folder: str) -> bool:
    """Whether the file is a package of Office Open XML with parts in a folder ('word/')."""
    names = zip_members.list_names(source, head)
    return "[Content_Types].xml" in names and any(name.lower().startswith(folder) for name in names)


def build_locked_error(name: str) -> SourceError:
    """The error of a file that needs a password."""
    return SourceError(Sentence("refused.file.office_locked", name=name))


def get_local_name(tag: str) -> str:
    """Name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def get_attribute(attributes: dict[str, str], name: str) -> str:
    """Value of an attribute whatever its namespace, '' if there is none."""
    return next((value for key, value in attributes.items() if get_local_name(key) == name), "")


def get_count(attributes: dict[str, str], name: str, most: int = 1_000_000) -> int:
    """The number that an attribute says, `most` at most; 1 if there is none, or it is no number."""
    said = get_attribute(attributes, name)
    return min(int(said[:9]), most) if said.isascii() and said.isdigit() else 1


class _CountingEvents:
    """Hands events on, and counts elements."""

    def __init__(self, package: Package, events: Events) -> None:
        self.package = package
        self._start, self.end, self.data = events.start, events.end, events.data

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.package.elements += 1
        if self.package.elements > ELEMENTS:
            raise SourceError(Sentence("refused.file.elements", name=self.package.name, most=f"{ELEMENTS:,}"))
        self._start(tag, attributes)

    def close(self) -> None:
        """The document ends."""


class _Relations:
    """Gathers relationships of OOXML."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.relations: dict[str, Relation] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if get_local_name(tag) != "Relationship" or len(self.relations) >= RELATIONS:
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        outside = attributes.get("TargetMode", "") == "External"
        if not outside:
            target = posixpath.normpath(posixpath.join("/", self.folder, target)).lstrip("/")
        self.relations[attributes.get("Id", "")] = Relation(kind, target, outside)

    def end(self, tag: str) -> None: ...

    def data(self, text: str) -> None: ...


class Leaves:
    """Gathers the text of the elements that hold nothing else: properties of a document, by local name, the first of each."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        del tag, attributes
        self._text = []

    def end(self, tag: str) -> None:
        """An element ends."""
        if text := "".join(self._text).strip():
            self.found.setdefault(get_local_name(tag), text[:2000])
        self._text = []

    def data(self, text: str) -> None:
        """Text stands here."""
        self._text.append(text)
