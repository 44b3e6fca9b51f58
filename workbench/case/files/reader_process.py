"""The reader process as the case uses it: files of strangers are opened there, and rows come back.

One process a session, shared by all cases and threads, started when a file is first looked at. What it gives is looked at
here before it is taken (`workbench.ingest.row_transfer`), and counted against the budget of the file (`workbench.ingest.budgets`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict
from functools import cache
from typing import Any, NamedTuple, cast

from workbench import errors
from workbench.case.context.case_context import CaseContext
from workbench.errors import CaseError, SourceError, WorkbenchError
from workbench.ingest import budgets, row_transfer
from workbench.ingest.budgets import FileBudget, Output
from workbench.ingest.reading.source import Detection, SourceFile
from workbench.ingest.tables.columns import column_mapping as maps
from workbench.ingest.tables.sheets.sheet import AS_FOUND, Form
from workbench.ingest.tables.sheets.unread_sheet_text import Text
from workbench.model.catalogue import Sentence
from workbench.model.rows import Issue, Row
from workbench.worker import JobError, Message, NotStarted, Pool, Stopped

MODULE = ("workbench.ingest.reader_jobs",)
"""What the process runs, and the arguments of that program."""
SHOWN = 160
Find = Callable[[str, SourceFile, Mapping[str, object]], Generator[Message, None, None] | None]
"""From a job, its file and its arguments to the messages of it, None where nobody did it."""
JOB_RESULTS: ContextVar[Find | None] = ContextVar("job_results", default=None)
"""Finds the messages of jobs that a cluster did (`workbench.cluster`): they are not done again here."""


@cache
def get_pool(module: tuple[str, ...]) -> Pool:
    """The processes of a module."""
    return Pool(*module)


def start() -> None:
    """Start the process beforehand: what is needed first of it is there when the first file is."""
    with suppress(NotStarted):  # said where it is needed
        get_pool(MODULE).start()


@contextmanager
def use_job_results(find: Find) -> Iterator[None]:
    """Within the block, a job that `find` knows is not done again; this computer does any other."""
    token = JOB_RESULTS.set(find)
    try:
        yield
    finally:
        JOB_RESULTS.reset(token)


def build_source_file(context: CaseContext, sha256: str, name: str) -> SourceFile:
    """A source that is kept, as readers take it."""
    return SourceFile(
        context.folder.get_source_path(sha256), sha256, name,
        opener=lambda: context.folder.open_source(sha256), is_sealed=context.folder.vault.key is not None,
    )  # fmt: skip


def detect_reader(file: SourceFile, whole: FileBudget | None = None) -> Detection:
    """Which reader takes a file, and why; `whole`: what was handed over, in which the file lies.

    Raises
    ------
    SourceError
        If no reader takes it, or looking at it went over the budget.
    """
    reader, version, reason = cast("list[str]", _get_job_value(file, "detect", {}, "detection", whole))
    return Detection(reader, version, reason)


def list_readers(file: SourceFile) -> list[tuple[str, str]]:
    """Every reader that would take a file, and why. Raises as `detect`."""
    found = cast("list[list[str]]", _get_job_value(file, "choices", {}, "detection"))
    return [(reader, why) for reader, why in found]


def guess_mapping(
    file: SourceFile, region: str = "", *, form: Form = AS_FOUND, said: Mapping[str, maps.OfficerChoice] | None = None
) -> maps.Mapping:
    """What the columns of a table are (`ingest.tables.guess.parts.guess`). Raises SourceError."""
    told = {
        sheet: {**asdict(one), "left_out": sorted(one.left_out), "left_out_above": []}
        for sheet, one in (said or {}).items()
    }
    arguments = {"region": region, "form": [form.delimiter, form.encoding], "said": told}
    return maps.Mapping.from_json(str(_get_job_value(file, "mapping", arguments, "the table reader")))


def read_first_rows(file: SourceFile, table: maps.Mapping, sheet: str, count: int) -> list[tuple[int, list[str]]]:
    """Numbers and cells of the first rows of a table. Raises SourceError."""
    arguments = {"mapping": table.to_json(), "sheet": sheet, "count": count}
    found = cast("list[list[object]]", _get_job_value(file, "first_rows", arguments, "the table reader"))
    return [(cast(int, number), [str(cell) for cell in cast("list[str]", cells)]) for number, cells in found]


class Cells(NamedTuple):
    """A row of a table: which sheet (from 0), its name, whether its first row is its header; the number of the row and its cells."""

    sheet: int
    name: str
    known: bool
    number: int
    cells: list[str]


def read_cells(file: SourceFile, whole: FileBudget | None = None, *, count: int = 0) -> Iterator[Cells]:
    """Rows of all sheets of a table in their order; `count`: how many of each sheet, 0 for all. Raises as `read`."""
    measure = budgets.Yield(get_size(file), whole)
    with closing(run_job(file, "cells", {"count": count}, "the table reader", whole)) as messages:
        try:
            for message in messages:
                for row in _decode_cells(row_transfer.decode_value(message)):
                    measure.count_output(Output(rows=1, output=budgets.ROW + sum(map(len, row.cells))))
                    yield row
        except Stopped as stopped:
            raise _build_stop_error(file, stopped, whole) from stopped
        except row_transfer.BadMessage as error:
            raise build_defect_error(file, "the table reader", "what it gave is no row") from error


def read_surroundings(file: SourceFile, below: Mapping[int, int]) -> tuple[list[Text], list[Issue]]:
    """What a table holds beside its records (`ingest.tables.sheets.beside`), and what is wrong with it. Raises as `read`.

    `below`: by its number, the row of each sheet with records below which they stand.
    """
    measure, texts, issues = budgets.Yield(get_size(file)), list[Text](), list[Issue]()
    with closing(run_job(file, "beside", {"below": list(below.items())}, "the table reader")) as messages:
        try:
            for message in messages:
                if message.tag == row_transfer.VALUE:
                    place, rows, told = cast("list[Any]", row_transfer.decode_value(message))
                    texts.append(Text(str(place), [[str(cell) for cell in row] for row in rows], bool(told)))
                    measure.count_output(Output(output=budgets.ROW + sum(len(cell) for row in rows for cell in row)))
                else:
                    issues += [row for row in row_transfer.decode_rows(message) if isinstance(row, Issue)]
        except Stopped as stopped:
            raise _build_stop_error(file, stopped) from stopped
        except (row_transfer.BadMessage, TypeError, ValueError) as error:
            raise build_defect_error(file, "the table reader", "what it gave is no text") from error
    return texts, issues


def _decode_cells(found: object) -> list[Cells]:
    """Rows of a message, each of its type."""
    try:
        at, name, known, rows = cast("list[Any]", found)
        return [
            Cells(int(at), str(name), bool(known), int(number), [str(cell) for cell in row]) for number, row in rows
        ]
    except (TypeError, ValueError) as error:
        raise row_transfer.BadMessage from error


def read_rows(
    file: SourceFile, options: Mapping[str, str], reader: str, whole: FileBudget | None = None
) -> Iterator[Row]:
    """Rows of a file; `whole`: what was handed over, in which the file lies.

    Raises
    ------
    SourceError
        If it cannot be read, its reader has a defect, or it went over the budget of a file of its size or of the whole.
    """
    what = f"reader {reader!r}"
    measure = budgets.Yield(get_size(file), whole)
    with closing(run_job(file, "read", {"options": dict(options), "reader": reader}, what, whole)) as messages:
        try:
            for message in messages:
                for row in row_transfer.decode_rows(message):
                    measure.count(row)
                    yield row
        except Stopped as stopped:
            raise _build_stop_error(file, stopped, whole) from stopped
        except row_transfer.BadMessage as error:
            raise build_defect_error(file, what, "what it gave is no row") from error


def get_size(file: SourceFile) -> int:
    """Bytes of a file. Raises SourceError where it cannot be opened."""
    try:
        with file.open() as content:
            return content.seek(0, 2)
    except OSError as error:
        raise SourceError(Sentence("refused.file.not_opened", name=file.name, error=error)) from error


def _get_job_value(
    file: SourceFile, job: str, arguments: Mapping[str, object], what: str, whole: FileBudget | None = None
) -> object:
    try:
        (message,) = run_job(file, job, arguments, what, whole)
        return row_transfer.decode_value(message)
    except (row_transfer.BadMessage, ValueError) as error:
        raise build_defect_error(file, what, "it gave no answer") from error


def run_job(
    file: SourceFile,
    job: str,
    arguments: Mapping[str, object],
    what: str,
    whole: FileBudget | None = None,
    module: tuple[str, ...] = (),
) -> Generator[Message, None, None]:
    """Messages of a job about a file; a fault of a reader is a reason for this file and stops no other.

    Parameters
    ----------
    module : tuple of str, optional
        What the process runs; the readers of `ingest` if not given.

    Raises
    ------
    SourceError
        If the file is refused, went over its budget, or its reader has a defect.
    """
    given = {
        "path": str(file.path.absolute()),
        "sha256": file.sha256,
        "name": file.name,
        "own": file.opener is not None,
    }
    content = file.open if file.data is not None or file.is_sealed else None
    options = cast("Mapping[str, str]", arguments.get("options", {}))
    allowed = budgets.compute_budget(get_size(file), options)
    if whole:
        allowed = whole.cut(allowed)
    find = JOB_RESULTS.get()
    done = find(job, file, arguments) if find and not module else None
    try:
        with closing(
            done or get_pool(module or MODULE).run(job, {**given, **arguments}, budget=allowed, content=content)
        ) as messages:
            for message in messages:
                if message.tag == row_transfer.REFUSAL:
                    raise _decode_refusal(message)
                yield message
    except Stopped as stopped:
        raise _build_stop_error(file, stopped, whole) from stopped
    except NotStarted as error:
        raise CaseError(
            Sentence(
                "The program that reads files cannot start ({error}). Files that were added before are in the "
                "case. Close other programs, and check whether this account is allowed to start programs. Then "
                "add the other files again.",
                error=error,
            )
        ) from error
    except JobError as error:
        raise build_defect_error(file, what, f"{error.kind}: {str(error)[:SHOWN]}") from error


def _decode_refusal(message: Message) -> WorkbenchError:
    """The error with which a reader refuses a file; of a kind that we know."""
    kind, sentence = cast("tuple[str, str]", row_transfer.decode_value(message))
    raised = getattr(errors, kind, SourceError)
    return (
        raised(sentence) if isinstance(raised, type) and issubclass(raised, WorkbenchError) else SourceError(sentence)
    )


def build_budget_error(name: str, whole: FileBudget, over: Stopped) -> SourceError:
    """Why nothing more of what was handed over is read, from a file of it on: with the figure, and what of it is kept."""
    told = {"name": name, "figure": get_limit_figure(over), "count": whole.read}
    return SourceError(Sentence(f"refused.file.whole.{over.limit}", **told))


def _build_stop_error(file: SourceFile, stopped: Stopped, whole: FileBudget | None = None) -> SourceError:
    """Why a file was not read to its end, with the figure."""
    if whole and whole.read and (over := whole.exceeded_limit):
        return build_budget_error(file.name, whole, over)
    return SourceError(
        Sentence(f"refused.file.stopped.{stopped.limit}", name=file.name, figure=get_limit_figure(stopped))
    )


def get_limit_figure(stopped: Stopped) -> int:
    """The limit, in megabytes where it is one of bytes."""
    return round(stopped.figure / budgets.MEGABYTE if stopped.limit in ("memory", "output") else stopped.figure)


def build_defect_error(file: SourceFile, what: str, told: str) -> SourceError:
    """That a reader has a fault, and is to be told of."""
    return SourceError(
        Sentence(
            "{what} failed on '{name}' ({error}). This is a defect in the program: report it with "
            "the hash of the file, {hash}…. The file itself is saved.",
            error=told,
            name=file.name,
            what=what,
            hash=file.sha256[:12],
        )
    )
