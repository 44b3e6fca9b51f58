"""Readers `ufed` and `ufed-workbook`: what Cellebrite's tools report of a telephone.

`ufed` takes report.xml, and a .ufdr package (a ZIP with report.xml and the files of the telephone); `ufed-workbook` the workbook
that Physical Analyzer writes, one sheet per kind of record. All three give the same rows. Of the files in a package documents
are received as sources of their own; pictures, sound and databases are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO, cast

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.attached_files import PAPERS, list_enclosures, normalise_base_name
from workbench.ingest.chats.chat_export_rows import list_rows
from workbench.ingest.phones.phone_content import Reading
from workbench.ingest.phones.phone_record import Fact, Item
from workbench.ingest.phones.phone_rows import read_events
from workbench.ingest.phones.report_workbook import ReportWorkbook, is_report
from workbench.ingest.phones.report_xml import Report
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import detect_encoding, is_text
from workbench.ingest.tables.sheets.workbook_notes import read_beside
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, describe_missing_record
from workbench.model.machine.archive_safety import RATIO
from workbench.model.rows import Row

METHOD, WORKBOOK = "ufed", "ufed-workbook"
VERSION = "8"
NAMESPACE = "pa.cellebrite.com/report"
SIGNS = ("<decodedData", "<modelType", "<sourceExtractions", "<caseInformation", "<taggedFiles")
REPORT = "report.xml"
SMALL = 100 * 1024**2
LARGEST = 16 * 1024**3


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: a report of a telephone, or a package that holds one."""
    if inside := _find_report(zip_members.list_names(source, head)):
        return Sentence("detected.cellebrite_package", name=repr(inside))
    if b"<" not in head[:400] or not is_text(head):
        return ""
    text = head.decode(detect_encoding(head), "replace")
    if NAMESPACE in text or ("<project" in text and any(sign in text for sign in SIGNS)):
        return Sentence("detected.cellebrite")
    return ""


def detect_workbook(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: sheets named after kinds of records, with the headers of Physical Analyzer."""
    sheets = is_report(source, head)
    return Sentence("detected.physical_analyzer", sheets=", ".join(sheets[:4])) if sheets else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """Rows of a report or package.

    Parameters
    ----------
    options : mapping
        'custodian': whose telephone it was, where the report does not say it. 'region': country of national numbers.

    Raises
    ------
    SourceError
        If the XML declares entities, or the package is damaged, locked, or unpacks to too much.
    """
    inside = _find_report(zip_members.list_names(source, source.read_head()))
    with _open_xml(source, inside) as stream:
        first = Report(stream, inside or source.name)
        reading = Reading(source, options, METHOD, VERSION)
        reading.run_first_pass(first)
    with _open_xml(source, inside) as stream:
        report = Report(stream, inside or source.name)
        yield from _list_rows(reading, report)
        yield from _list_issues(reading, report, inside)
    if inside:
        yield from list_enclosures(source, options, frozenset({inside}), reading.ties, PAPERS)


def list_files(source: SourceFile, options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Path or name of each file that a message or mail of a report in XML attaches, with its document. Options as for `read`."""
    with _open_xml(source, "") as stream:
        reading = Reading(source, options, METHOD, VERSION)
        reading.run_first_pass(Report(stream, source.name))
    for (_, path), documents in reading.ties.named.items():
        yield from ((path, document) for document in documents)


def read_workbook(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """Rows of a workbook. Options as for a report, and 'dates': 'dmy' or 'mdy' where the workbook does not tell."""
    book = ReportWorkbook(source, options.get("dates", ""))
    reading = Reading(source, options, WORKBOOK, VERSION)
    reading.run_first_pass(book)
    yield from _list_rows(reading, book)
    yield from read_beside(source)
    yield from book.list_issues()
    if not reading.items and not reading.phone.facts:
        yield build_issue("empty", describe_missing_record("record", source.name))


def _list_rows(reading: Reading, found: Iterable[Fact | Item]) -> Iterator[Row]:
    yield from list_rows(reading.source, read_events(reading, found), reading.survey, reading.method, reading.version)


def _list_issues(reading: Reading, report: Report, inside: str) -> Iterator[Row]:
    """What is said once per report."""
    if report.problem:
        message = Sentence("row.cut.report", error=report.problem, count=report.count)
        yield build_issue("truncated", message, fix=Sentence("fix.ask.report"))
    yield from report.times.list_issues()
    yield from report.tally.list_issues("")
    if report.cut:
        yield build_issue("truncated", Sentence("row.cut.values", count=report.cut), fix=Sentence("fix.look.report"))
    if report.files and not inside:
        message = Sentence("row.phone.files", count=report.files)
        yield build_issue("media", message, fix=Sentence("fix.look.report_files"))
    if not reading.items and not reading.phone.facts and not report.problem:
        yield build_issue("empty", describe_missing_record("record", reading.source.name))


def _find_report(names: frozenset[str]) -> str:
    """Name of the report in a package, '' if there is none."""
    return min(
        (name for name in names if normalise_base_name(name) == REPORT and name.count("/") < 2), key=len, default=""
    )


@contextmanager
def _open_xml(source: SourceFile, inside: str) -> Iterator[BinaryIO]:
    """The XML as a stream, out of its package if it lies in one."""
    if not inside:
        with source.open() as file:
            yield file
        return
    with zip_members.open_zip(source) as package:
        info = package.getinfo(inside)
        if zip_members.is_locked(info):
            raise SourceError(Sentence("refused.file.phone_locked", name=source.name))
        bomb = info.file_size > SMALL and info.file_size > RATIO * max(info.compress_size, 1)
        if bomb or info.file_size > LARGEST:
            sizes = {"size": f"{info.file_size:,}", "packed": f"{info.compress_size:,}"}
            raise SourceError(Sentence("refused.file.phone_large", part=inside, name=source.name, **sizes))
        try:
            stream = package.open(info)
        except zip_members.BROKEN as error:
            raise SourceError(
                Sentence("refused.file.phone_damaged", part=inside, name=source.name, error=error)
            ) from error
        with stream:
            yield cast(BinaryIO, stream)
