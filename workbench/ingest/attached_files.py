"""Files beside a chat or a report in its package: documents become sources of their own, pictures and sound are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from workbench.ingest.archives import zip_members
from workbench.ingest.archives.archive_limits import ArchiveBudget
from workbench.ingest.archives.chat_files import add_chats, open_zip_package
from workbench.ingest.file_ties import FileTies, build_enclosure
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Row

DOCUMENTS = frozenset(
    ".csv .doc .docx .eml .geojson .gpx .htm .html .json .jsonl .kml .kmz .mbox .md .msg .ndjson .odp .ods .odt .parquet .pdf"
    " .ppt .pptx .rtf .tsv .txt .vcf .xls .xlsm .xlsx .xml .zip".split()
)
"""Suffixes of files that readers can make text of. A telephone also holds thousands of pictures, icons and databases."""

SHOWN = 8


PAPERS = frozenset(
    ".csv .doc .docx .eml .kml .kmz .msg .odp .ods .odt .pdf .ppt .pptx .rtf .vcf .xls .xlsm .xlsx".split()
)
"""Suffixes of what people write and send; the text files of a telephone are for the most part those of its programs."""


def is_document(name: str, kinds: frozenset[str] = DOCUMENTS) -> bool:
    """Whether a file is of a kind that holds text, by its name."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower() in kinds


def normalise_base_name(name: str) -> str:
    """Last part of a path as phones of either kind write it, in lower case."""
    return name.replace("\\", "/").rpartition("/")[2].casefold()


def list_enclosures(
    source: SourceFile,
    options: Mapping[str, str],
    skip: frozenset[str],
    ties: FileTies,
    kinds: frozenset[str] = DOCUMENTS,
) -> Iterator[Row]:
    """Documents in a package as Enclosure rows; one issue that counts the rest.

    The messages of other chats in the package attach files too, if the chats are of a kind that is wanted.

    Parameters
    ----------
    options : mapping
        As the other chats are read.
    skip : frozenset of str
        Names of members that were read already.
    ties : FileTies
        Which messages name which files. A file that several attach hangs on each; one that is not certain hangs on none.
    kinds : frozenset of str
        Suffixes of what is wanted; what hangs on a document is if it holds text at all.
    """
    tally, left = ArchiveBudget(), Counter[str]()
    with zip_members.open_zip(source) as zipped:
        members = [(info, zip_members.decode_member_name(info)) for info in zipped.infolist() if not info.is_dir()]
        members = [(info, name) for info, name in members if name not in skip]
        wanted = [name for _, name in members if is_document(name, kinds)]
        add_chats(ties, open_zip_package(source, options, zipped, (info for info, _ in members)), wanted)
        found = ties.find_files([name for _, name in members])
        for info, name in members:
            if not is_document(name, DOCUMENTS if name in found.documents else kinds):
                left[PurePosixPath(normalise_base_name(name)).suffix or "without suffix"] += 1
            elif zip_members.is_locked(info):
                tally.leave("encrypted", name)
            elif (data := tally.unpack_member(zipped, info, name)) is not None:
                yield build_enclosure(name, data, found)
            if tally.ended:
                break
    yield from tally.list_issues("")
    yield from found.list_issues()
    if left:
        told = [*(f"{count} {suffix}" for suffix, count in left.most_common(SHOWN)), *["…"] * (len(left) > SHOWN)]
        yield build_issue(
            "media",
            Sentence("row.media", count=left.total(), listed=", ".join(told)),
            fix=Sentence("fix.look.package"),
        )
