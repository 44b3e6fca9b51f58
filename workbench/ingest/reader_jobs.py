"""What the reader process does for the case: it looks at a file, reads it, shows its columns and its first rows.

Run as a program it is that process (`workbench.worker.serve`). A stranger's file is opened here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, cast

from workbench import ingest
from workbench.errors import WorkbenchError
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.row_transfer import AT_ONCE, SIZE, encode_refusal, encode_rows, encode_value
from workbench.worker import Content, Job, Message, run_jobs

Arguments = Mapping[str, object]
FileJob = Callable[[SourceFile, Arguments], Iterator[Message]]


def detect(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Reader, version and reason."""
    del arguments
    found = ingest.detect(file)
    yield encode_value([found.reader, found.version, found.reason])


def choices(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Every reader that would take the file, with its reason."""
    del arguments
    head = file.read_head()
    yield encode_value([[name, why] for name, one in ingest.READERS.items() if (why := one.detect(file, head))])


def read(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Rows of the file, by the reader that is named, with the options that are given."""
    options = cast("Mapping[str, str]", arguments["options"])
    yield from encode_rows(ingest.read(file, options, str(arguments["reader"])))


def mapping(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """What the columns of a table are, as JSON: guessed, and as an officer said (`said`, of each sheet)."""
    from workbench.ingest.tables.columns.column_mapping import OfficerChoice
    from workbench.ingest.tables.guess.sheet_parts import guess_file_mapping
    from workbench.ingest.tables.sheets.sheet import Form

    said = {
        sheet: OfficerChoice(one["header"], one["kind"], one["fields"], one["forms"], frozenset(one["left_out"]))
        for sheet, one in cast("dict[str, dict[str, Any]]", arguments["said"]).items()
    }
    form = Form(*cast("list[str]", arguments["form"]))
    yield encode_value(guess_file_mapping(file, str(arguments["region"]), form=form, said=said).to_json())


def first_rows(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Numbers and cells of the first rows of a table of a mapping."""
    from workbench.ingest.tables.columns.column_mapping import Mapping as Table
    from workbench.ingest.tables.guess import sheet_parts

    table = Table.from_json(str(arguments["mapping"]))
    rows = sheet_parts.read_rows(file, table, str(arguments["sheet"]))
    yield encode_value([[number, list(cells)] for number, cells in islice(rows, cast(int, arguments["count"]))])


def cells(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Rows of all sheets of a table, some at once: which sheet, its name, whether its first row is its header; numbers and cells.

    `count`: how many rows of each sheet, 0 for all.
    """
    from workbench.ingest.tables.sheets.sheet_readers import read_sheets

    most = cast(int, arguments["count"]) or None
    for at, sheet in enumerate(read_sheets(file)):
        for rows in _split_batches(islice(sheet.rows(), most)):
            yield encode_value([at, sheet.name, sheet.known, rows])


def beside(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """What a table holds beside its rows, as places, texts, and whether people write them; then what is wrong with it.

    `below`: number of each sheet with records, and the row below which they stand.
    """
    from workbench.ingest.tables.sheets import unread_sheet_text as around

    found = around.UnreadSheetText(file, dict(cast("list[tuple[int, int]]", arguments["below"])))
    for text in found.read_texts():
        yield encode_value(list(text))
    yield from encode_rows(found.issues)


def _split_batches(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    """Rows in lots of a size that one message holds."""
    held: list[tuple[int, list[str]]] = []
    size = 0
    for row in rows:
        held.append(row)
        size += sum(map(len, row[1]))
        if len(held) >= AT_ONCE or size >= SIZE:
            yield held
            held, size = [], 0
    if held:
        yield held


def build_file_job(work: FileJob) -> Job:
    """A job about a file: what is given of the file put together, and a refusal handed back as one."""

    def run(arguments: Arguments, content: Content | None) -> Iterator[Message]:
        try:
            yield from work(_build_source(arguments, content), arguments)
        except WorkbenchError as error:
            yield encode_refusal(error)

    return run


def _build_source(arguments: Arguments, content: Content | None) -> SourceFile:
    """The file that a job is about: where it lies, or as the parent reads it out. In a case no link is followed."""
    from workbench.ledger.storage.file_vault import open_case_file

    path, sha256, name = (str(arguments[key]) for key in ("path", "sha256", "name"))
    place = Path(path)
    opener = content or ((lambda: open_case_file(place)) if arguments["own"] else None)
    return SourceFile(place, sha256, name, opener=opener)


JOBS = {one.__name__: build_file_job(one) for one in (detect, choices, read, mapping, first_rows, cells, beside)}


def main() -> None:
    """Do jobs until the parent is gone."""
    run_jobs(JOBS)


if __name__ == "__main__":
    main()
