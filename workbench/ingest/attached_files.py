"""Files beside a chat or a report in its package: documents become sources of their own, pictures and sound are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from workbench.ingest.archives import zip_members
from workbench.ingest.archives.archive_limits import ArchiveBudget
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.machine.archive_safety import clean_name
from workbench.model.rows import Enclosure, Row

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
    source: SourceFile, skip: frozenset[str], hung: Mapping[str, str], kinds: frozenset[str] = DOCUMENTS
) -> Iterator[Row]:
    """Documents in a package as Enclosure rows; one issue that counts the rest.

    Parameters
    ----------
    skip : frozenset of str
        Names of members that were read already.
    hung : mapping of str to str
        From the last part of a name (`base`) to the document that it hangs on.
    kinds : frozenset of str
        Suffixes of what is wanted; what hangs on a document is if it holds text at all.
    """
    tally, left = ArchiveBudget(), Counter[str]()
    with zip_members.open_zip(source) as zipped:
        for info in zipped.infolist():
            name = zip_members.decode_member_name(info)
            if info.is_dir() or name in skip:
                continue
            last = normalise_base_name(name)
            if not is_document(name, DOCUMENTS if last in hung else kinds):
                left[PurePosixPath(last).suffix or "without suffix"] += 1
            elif zip_members.is_locked(info):
                tally.leave("encrypted", name)
            elif (data := tally.unpack_member(zipped, info, name)) is not None:
                yield Enclosure(clean_name(name), data, hung.get(last, ""))
            if tally.ended:
                break
    yield from tally.list_issues("")
    if left:
        told = [*(f"{count} {suffix}" for suffix, count in left.most_common(SHOWN)), *["…"] * (len(left) > SHOWN)]
        yield build_issue(
            "media",
            Sentence("row.media", count=left.total(), listed=", ".join(told)),
            fix=Sentence("fix.look.package"),
        )
