"""Files into the case: kept by hash, read by the reader that fits, resumable, one bad file stops nothing."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from workbench import ingest
from workbench.case.book import Book
from workbench.case.progress import bar
from workbench.errors import CaseError, SourceError
from workbench.ingest.tables import mapping as tables
from workbench.ledger import Run, frames
from workbench.model.issues import issue
from workbench.model.rows import Row
from workbench.model.tables import each

BATCH = 2000
"""Rows in one transaction."""
RESULT = ("name", "state", "reader", "why", "documents", "traces", "claims", "issues", "source")


def add(book: Book, path: Path, facts: Mapping[str, str], options: Mapping[str, str]) -> pd.DataFrame:
    """Receive a file or all files of a folder; a table of what came in and what did not (columns RESULT)."""
    files = list(_files(path))
    if not files:
        raise CaseError(f"{path} holds no file to add. Name a file, or a folder with files in it.")
    rows = [_receive(book, file, name, facts, options) for file, name in bar("Adding files", "files", files)]
    return pd.DataFrame(rows, columns=pd.Index(RESULT))


def remap(book: Book, source: str, options: Mapping[str, str], because: str) -> pd.DataFrame:
    """Read a source again in another way; what came of the old reading is withdrawn, everything derived follows."""
    name = str(_source_row(book, source)["name"])
    withdraw(book, source, because)
    return pd.DataFrame([_read(book, source, name, options)], columns=pd.Index(RESULT))


def mapping(book: Book, source: str) -> pd.DataFrame:
    """How the columns of a table are taken: sheet, column, example, entity, schema, prop, role, form, why."""
    return _mapping(book, source).table()


def options(book: Book, source: str, table: pd.DataFrame | None, given: Mapping[str, str]) -> dict[str, str]:
    """Options of a reading: those given, and the mapping as the edited table says."""
    if table is None:
        return dict(given)
    made = _mapping(book, source)
    before = made.table().set_index(["sheet", "column"])
    for row in each(table):
        old = before.loc[[(row.sheet, row.column)]] if (row.sheet, row.column) in before.index else before.head(0)
        if not ((old["entity"] == row.entity) & (old["prop"] == row.prop) & (old["role"] == row.role)).any():
            made = made.assign(row.column, row.entity or row.schema, row.prop, role=row.role, sheet=row.sheet)
    return {**given, "mapping": made.to_json()}


def _mapping(book: Book, source: str) -> tables.Mapping:
    """The mapping that the live reading used: saved with the run if it was edited, guessed from the file if not."""
    row = _source_row(book, source)
    if row["reader"] != "table":
        raise CaseError(
            f"{row['name']} was read as {row['reader'] or 'nothing'}, which has no columns to map. Name a CSV or XLSX file."
        )
    saved = json.loads(str(row["parameters"]))
    if "mapping" in saved:
        return tables.Mapping.from_json(saved["mapping"])
    return tables.guess(
        ingest.SourceFile(book.folder.source(source), source, str(row["name"])), saved.get("region", "")
    )


def withdraw(book: Book, source: str, because: str) -> None:
    """Take back all that was read from a source. The file stays; `restore` brings the reading back."""
    runs = frames.runs_of(book.ledger, source)
    book.ledger.decide("run", list(runs.loc[runs["verdict"] != "withdrawn", "run_id"]), "withdrawn", because)


def restore(book: Book, source: str, because: str) -> None:
    """Bring the last reading of a withdrawn source back."""
    runs = frames.runs_of(book.ledger, source)
    if runs.empty:
        raise CaseError(f"source {source[:12]}… was never read, so there is nothing to restore. Add the file again.")
    book.ledger.decide("run", [str(runs["run_id"].iloc[-1])], "restored", because)


def find_source(book: Book, name: str) -> str:
    """SHA-256 of a source by its file name, its exhibit or the beginning of its hash.

    Raises
    ------
    CaseError
        If none or several fit.
    """
    known = frames.sources(book.ledger)
    fits = known[
        (known["name"] == name)
        | (known["name"].map(os.path.basename) == name)
        | (known["exhibit"] == name)
        | (known["source"].str.startswith(name) & (len(name) >= 6))
    ]
    if len(fits) != 1:
        listed = ", ".join(known["name"].head(8))
        raise CaseError(
            f"{name!r} names {len(fits)} sources of this case. Known: {listed}. Give the file name or the hash."
        )
    return str(fits["source"].iloc[0])


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Regular files with their names below `path`; hidden files and links are passed over (a link may lead anywhere)."""
    if not path.exists():
        raise CaseError(f"{path} does not exist. Name a file or a folder.")
    if path.is_file():
        yield path, path.name
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder) / name
            if not name.startswith(".") and not file.is_symlink() and file.is_file():
                yield file, file.relative_to(path).as_posix()


def _receive(
    book: Book, file: Path, name: str, facts: Mapping[str, str], options: Mapping[str, str]
) -> tuple[object, ...]:
    sha256 = book.folder.keep(file)
    book.ledger.add_source(sha256, name, file.stat().st_size, facts)
    row = _source_row(book, sha256)
    if row["state"] in ("read", "withdrawn"):
        return (
            name,
            "known" if row["state"] == "read" else "withdrawn",
            row["reader"],
            "",
            row["documents"],
            0,
            0,
            0,
            sha256,
        )
    return _read(book, sha256, str(row["name"]), options)


def _read(book: Book, sha256: str, name: str, options: Mapping[str, str]) -> tuple[object, ...]:
    source = ingest.SourceFile(book.folder.source(sha256), sha256, name)
    parameters = json.dumps(dict(options), sort_keys=True)
    try:
        found = ingest.detect(source)
    except SourceError as error:
        return _quarantine(
            book, sha256, name, Run("add", "none", "1", sha256, parameters), "unknown-format", str(error)
        )
    run = Run("add", found.reader, found.version, sha256, parameters)
    if book.ledger.has_run(run):
        return (name, "known", found.reader, found.reason, 0, 0, 0, 0, sha256)
    try:
        counts = _store(book, run, ingest.read(source, options, found.reader))
    except SourceError as error:
        return _quarantine(book, sha256, name, run, "unreadable", str(error))
    numbers = [counts[kind] for kind in ("Document", "Trace", "Claim", "Issue")]
    return (name, "read", found.reader, found.reason, *numbers, sha256)


def _store(book: Book, run: Run, rows: Iterable[Row]) -> Counter[str]:
    """Write rows in batches; the run counts only when the last batch is in."""
    counts: Counter[str] = Counter()
    documents: set[str] = set()
    batch: list[Row] = []
    for row in bar("Reading", "rows", rows):
        kind = type(row).__name__
        counts[kind] += 1
        if kind == "Document":
            documents.add(getattr(row, "id", ""))
        batch.append(row)
        if len(batch) == BATCH:
            book.ledger.add_rows(run, batch)
            batch = []
    counts["Document"] = len(documents)
    numbers = {f"{kind.lower()}s": number for kind, number in counts.items()}
    book.ledger.finish(run, batch, numbers)
    return counts


def _quarantine(book: Book, sha256: str, name: str, run: Run, code: str, reason: str) -> tuple[object, ...]:
    found = issue(code, reason, fix="Open it in its own program and export it as CSV, text, PDF or EML.", place=name)
    book.ledger.finish(run, [found], {"reason": reason}, state="quarantined")
    return (name, "quarantined", run.method, reason, 0, 0, 0, 1, sha256)


def _source_row(book: Book, sha256: str) -> pd.Series[str]:
    known = frames.sources(book.ledger)
    return known[known["source"] == sha256].iloc[0]
