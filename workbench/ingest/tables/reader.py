"""Reader `table`: CSV, TSV and XLSX. Every row becomes a passage; mapped columns become claims.

Options: 'mapping' (text of a `Mapping`; guessed if absent) and 'region' (country of national telephone numbers).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.ingest.lines import encoding, is_text
from workbench.ingest.source import SourceFile
from workbench.ingest.tables.sheets import delimiter, is_workbook
from workbench.model.rows import Row

VERSION = "1"
METHOD = "table"
SUFFIXES = {".csv": "commas", ".tsv": "tabs", ".tab": "tabs"}
WORKBOOKS = (".xlsx", ".xlsm")
FEW = 3


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: a workbook, a table by its name, or lines with the same number of cells."""
    if is_workbook(head):
        inside = b"xl/" in head or source.suffix in WORKBOOKS
        return "the file is a workbook of a spreadsheet program (XLSX)" if inside else ""
    if not head.strip() or not is_text(head):
        return ""
    if source.suffix in SUFFIXES:
        return f"a table by its name ({source.suffix})"
    if source.suffix not in ("", ".txt", ".dat"):
        return ""
    lines = head.decode(encoding(head), "replace").splitlines()[:60]
    mark = delimiter(lines) if len([line for line in lines if line.strip()]) >= FEW else ""
    return f"its lines have cells parted by {'a tab' if mark == chr(9) else repr(mark)}" if mark and mark != "," else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document Table per sheet, one passage and trace per row.

    Raises
    ------
    SourceError
        If the workbook cannot be opened, or options['mapping'] is no mapping.
    """
    from workbench.ingest.tables.mapping import Mapping as TableMapping
    from workbench.ingest.tables.mapping import guess
    from workbench.ingest.tables.rows import SheetReader
    from workbench.ingest.tables.sheets import sheets

    given = options.get("mapping", "")
    mapping = TableMapping.from_json(given) if given else guess(source, options.get("region", ""))
    for sheet in sheets(source):
        yield from SheetReader(source, sheet, mapping).read()
