"""What a package of an office program holds beside its text: properties, programs, pictures, files, ties to the outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workbench.errors import SourceError
from workbench.ingest.archives.archive_limits import MEMBER, ArchiveBudget
from workbench.ingest.office import ole_file
from workbench.ingest.office.office_package import Leaves, Package, Relation
from workbench.ingest.office.office_text import OfficeContent, Part, Properties
from workbench.ingest.office.ooxml import Telling
from workbench.ingest.office.unread_text import Further, list_within, split_words
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.machine.archive_safety import clean_name
from workbench.model.rows import Issue

LOADED = frozenset({"attachedTemplate", "oleObject", "frame", "image", "subDocument", "externalLink", "video", "audio"})
"""Relations to the outside that a program follows without being asked."""

CHUNK = "aFChunk"
"""A part that is a document in another format, laid into the text when the document is opened."""

PROGRAMS = ("vbaproject.bin", "/activex/", "/basic/", "/scripts/", "xlmmacro")
PICTURE = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".webp", ".heic", ".wdp")
SHOWN = 5
PROPERTIES = re.compile(r"\((?:docProps/|meta\.xml)")
"""Parts with further text that cannot be beside a cell of a table."""


def collect_contents(telling: Telling) -> OfficeContent:
    """All that an OOXML package holds, once its text is told."""
    package, tally = telling.package, ArchiveBudget()
    ties = list(package.read_all_relations())
    within = [*list_within(package), *(one.target for one in ties if one.kind == CHUNK and not one.outside)]
    names = [package.names[name.lower()] for name in dict.fromkeys(within) if package.has_part(name)]
    issues = [*telling.wrong, *list_issues(package, ties)]
    found = OfficeContent(telling.story, read_properties(package), issues, read_files(package, names, tally), tally)
    add_further(package, found)
    return found


def add_further(package: Package, told: OfficeContent) -> None:
    """Put the words of the package that stand in nothing which was told behind it."""
    read = [text for part in told.story.list_parts() for text in (part.label, *part.lines)]
    properties = (value for _, value in told.properties.list_properties())
    found = Further(split_words((*read, *told.story.links, *properties, *(one.message for one in told.issues))))
    found.gather(package)
    for one in told.issues:
        found.broken.pop(one.place, None)
    props = told.story.list_special()
    told.story.further = [
        Part(label, 0, lines, props=() if PROPERTIES.search(label) else props) for label, lines in found.list_texts()
    ]
    told.issues.extend(found.list_issues(package.name))


def read_properties(package: Package) -> Properties:
    """What an OOXML document says of itself; parts of properties that are damaged say nothing."""
    core, app = _read_leaf_texts(package, "docProps/core.xml"), _read_leaf_texts(package, "docProps/app.xml")
    program = " ".join(filter(None, (app.get("Application", ""), app.get("AppVersion", ""))))
    return Properties(
        title=core.get("title", ""),
        author=core.get("creator", ""),
        created=core.get("created", ""),
        modified=core.get("modified", ""),
        saved_by=core.get("lastModifiedBy", ""),
        program=program,
        company=app.get("Company", ""),
        keywords=core.get("keywords", ""),
        summary=core.get("description", "") or core.get("subject", ""),
    )


def open_properties(package: Package) -> Properties:
    """What an OpenDocument says of itself."""
    meta = _read_leaf_texts(package, "meta.xml")
    saved_by, author = meta.get("creator", ""), meta.get("initial-creator", "")
    return Properties(
        title=meta.get("title", ""),
        author=author or saved_by,
        created=meta.get("creation-date", "")[:26],
        modified=meta.get("date", "")[:26],
        saved_by=saved_by if author else "",
        program=meta.get("generator", ""),
        keywords=meta.get("keyword", ""),
        summary=meta.get("description", "") or meta.get("subject", ""),
    )


def list_issues(package: Package, relations: Iterable[Relation]) -> list[Issue]:
    """Issues of programs within, of what would be loaded from outside, and of pictures that were not read."""
    return [*_list_program_issues(package), *_report_outside_links(relations), *_list_media_issues(package)]


def read_files(package: Package, names: Iterable[str], tally: ArchiveBudget) -> Iterator[tuple[str, bytes]]:
    """Files within the package (name, bytes); of OLE objects what lies in them. What is too large is noted in `tally`."""
    for name in names:
        info = package.zipped.NameToInfo[name]
        if not tally.may_unpack(name, info.file_size, info.compress_size):
            continue
        try:
            found = ole_file.unwrap_object(name, package.read(name, MEMBER))
        except SourceError:
            tally.leave("bad-row", name)
            continue
        for inner, data in found:
            if not tally.add_member(inner, len(data)):
                return
            yield clean_name(inner), data


def _read_leaf_texts(package: Package, part: str) -> dict[str, str]:
    leaves = Leaves()
    if package.has_part(part):
        try:
            package.parse(part, leaves)
        except SourceError:
            return {}
    return leaves.found


def _list_program_issues(package: Package) -> Iterator[Issue]:
    found = [name for name in package.names.values() if any(mark in f"/{name.lower()}" for mark in PROGRAMS)]
    if found:
        yield build_issue(
            "macro",
            Sentence("row.office.program", name=repr(package.name), listed=_join_names(found)),
            fix=Sentence("fix.careful.program"),
        )


def _report_outside_links(relations: Iterable[Relation]) -> Iterator[Issue]:
    found = sorted({f"{one.kind}: {one.target}" for one in relations if one.outside and one.kind in LOADED})
    if found:
        yield build_issue(
            "outside",
            Sentence("row.office.outside", count=len(found), listed=_join_names(found)),
            fix=Sentence("fix.careful.network"),
        )


def _list_media_issues(package: Package) -> Iterator[Issue]:
    media = [*package.list_folder("media"), *package.list_folder("Pictures")]
    pictures = sum(name.lower().endswith(PICTURE) for name in media)
    if media:
        others = {"others": len(media) - pictures} if len(media) > pictures else {}
        key = "row.office.media" if others else "row.office.pictures"
        yield build_issue(
            "left-out",
            Sentence(key, count=pictures, name=repr(package.name), **others),
            fix=Sentence("fix.look.document"),
        )


def _join_names(names: list[str]) -> str:
    return format_list([clean_name(name) for name in names[:SHOWN]], count=len(names))
