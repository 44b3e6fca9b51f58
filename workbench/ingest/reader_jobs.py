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
from workbench.ingest.row_transfer import AT_ONCE, SIZE, encode_rows, refusal, value
from workbench.worker import Content, Job, Message, serve

Arguments = Mapping[str, object]
FileJob = Callable[[SourceFile, Arguments], Iterator[Message]]


def detect(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Reader, version and reason."""
    del arguments
    found = ingest.detect(file)
    yield value([found.reader, found.version, found.reason])


def choices(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Every reader that would take the file, with its reason."""
    del arguments
    head = file.head()
    yield value([[name, why] for name, one in ingest.READERS.items() if (why := one.detect(file, head))])


def read(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Rows of the file, by the reader that is named, with the options that are given."""
    options = cast("Mapping[str, str]", arguments["options"])
    yield from encode_rows(ingest.read(file, options, str(arguments["reader"])))


def mapping(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """What the columns of a table are, as JSON: guessed, and as an officer said (`said`, of each sheet)."""
    from workbench.ingest.tables.columns.column_mapping import OfficerChoice
    from workbench.ingest.tables.guess.sheet_parts import guess
    from workbench.ingest.tables.sheets.sheet import Form

    said = {
        sheet: OfficerChoice(one["header"], one["kind"], one["fields"], one["forms"], frozenset(one["left_out"]))
        for sheet, one in cast("dict[str, dict[str, Any]]", arguments["said"]).items()
    }
    form = Form(*cast("list[str]", arguments["form"]))
    yield value(guess(file, str(arguments["region"]), form=form, said=said).to_json())


def first_rows(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Numbers and cells of the first rows of a table of a mapping."""
    from workbench.ingest.tables.columns.column_mapping import Mapping as Table
    from workbench.ingest.tables.guess import sheet_parts

    table = Table.from_json(str(arguments["mapping"]))
    rows = sheet_parts.rows(file, table, str(arguments["sheet"]))
    yield value([[number, list(cells)] for number, cells in islice(rows, cast(int, arguments["count"]))])


def cells(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Rows of all sheets of a table, some at once: which sheet, its name, whether its first row is its header; numbers and cells.

    `count`: how many rows of each sheet, 0 for all.
    """
    from workbench.ingest.tables.sheets.sheet_readers import sheets

    most = cast(int, arguments["count"]) or None
    for at, sheet in enumerate(sheets(file)):
        for rows in _some(islice(sheet.rows(), most)):
            yield value([at, sheet.name, sheet.known, rows])


def beside(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """What a table holds beside its rows, as places, texts, and whether people write them; then what is wrong with it.

    `below`: number of each sheet with records, and the row below which they stand.
    """
    from workbench.ingest.tables.sheets import unread_sheet_text as around

    found = around.UnreadSheetText(file, dict(cast("list[tuple[int, int]]", arguments["below"])))
    for text in found.texts():
        yield value(list(text))
    yield from encode_rows(found.issues)


def _some(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
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


def about_file(work: FileJob) -> Job:
    """A job about a file: what is given of the file put together, and a refusal handed back as one."""

    def run(arguments: Arguments, content: Content | None) -> Iterator[Message]:
        try:
            yield from work(_file(arguments, content), arguments)
        except WorkbenchError as error:
            yield refusal(error)

    return run


def _file(arguments: Arguments, content: Content | None) -> SourceFile:
    """The file that a job is about: where it lies, or as the parent reads it out. In a case no link is followed."""
    from workbench.ledger.storage.file_vault import open_case_file

    path, sha256, name = (str(arguments[key]) for key in ("path", "sha256", "name"))
    place = Path(path)
    opener = content or ((lambda: open_case_file(place)) if arguments["own"] else None)
    return SourceFile(place, sha256, name, opener=opener)


JOBS = {one.__name__: about_file(one) for one in (detect, choices, read, mapping, first_rows, cells, beside)}


def main() -> None:
    """Do jobs until the parent is gone."""
    serve(JOBS)


if __name__ == "__main__":
    main()
