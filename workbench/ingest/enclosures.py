"""Files beside a chat or a report in its package: documents become sources of their own, pictures and sound are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from workbench.ingest.archives import zips
from workbench.ingest.archives.limits import Tally, shown
from workbench.ingest.source import SourceFile
from workbench.model.issues import issue
from workbench.model.rows import Enclosure, Row

DOCUMENTS = frozenset(
    ".csv .doc .docx .eml .geojson .gpx .htm .html .json .jsonl .kml .kmz .mbox .md .msg .ndjson .odp .ods .odt .parquet .pdf"
    " .ppt .pptx .rtf .tsv .txt .vcf .xls .xlsm .xlsx .xml .zip".split()
)
"""Suffixes of files that readers can make text of. A telephone also holds thousands of pictures, icons and databases."""

KINDS = 8


def is_document(name: str) -> bool:
    """Whether a file is of a kind that holds text, by its name."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower() in DOCUMENTS


def base(name: str) -> str:
    """Last part of a path as phones of either kind write it, in lower case."""
    return name.replace("\\", "/").rpartition("/")[2].casefold()


def enclosures(
    source: SourceFile, skip: frozenset[str], hung: Mapping[str, str], wanted: frozenset[str] | None = None
) -> Iterator[Row]:
    """Documents in a package as Enclosure rows; one issue that counts the rest.

    Parameters
    ----------
    skip : frozenset of str
        Names of members that were read already.
    hung : mapping of str to str
        From the last part of a name (`base`) to the document that it hangs on.
    wanted : frozenset of str, optional
        Last parts of names (`base`) that count although they are not in `hung`; all of them if absent.
    """
    tally, left = Tally(), Counter[str]()
    with zips.opened(source) as zipped:
        for info in zipped.infolist():
            name = zips.member_name(info)
            if info.is_dir() or name in skip:
                continue
            last = base(name)
            if not is_document(name) or (wanted is not None and last not in wanted and last not in hung):
                left[PurePosixPath(last).suffix or "without suffix"] += 1
            elif zips.is_locked(info):
                tally.leave("encrypted", name)
            elif tally.allows(name, info.file_size, info.compress_size):
                try:
                    data = zipped.read(info)
                except zips.BROKEN:
                    tally.leave("bad-row", name)
                    continue
                if not tally.take(name, len(data)):
                    break
                yield Enclosure(shown(name), data, hung.get(last, ""))
    yield from tally.issues("")
    if left:
        kinds = ", ".join(f"{count} {suffix}" for suffix, count in left.most_common(KINDS))
        more = ", …" if len(left) > KINDS else ""
        yield issue(
            "media",
            f"{left.total()} file(s) beside the text stay in the package and were not read: {kinds}{more}.",
            fix="Open the package in its own program to look at them, or add those that matter.",
        )
