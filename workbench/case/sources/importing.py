"""What was received and how it was read: add, map again, withdraw, restore."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.access import mark_transfer
from workbench.case.context import folder_walk
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.case.files import reader_process
from workbench.case.privacy import erasure_replay
from workbench.case.sources import cluster_reading, file_receipt, reading_renewal
from workbench.errors import CaseError, SourceError
from workbench.ingest.chats.message_times import ORDERS
from workbench.ingest.tables.columns import column_mapping as tables
from workbench.ledger import Run, parquet_rows
from workbench.ledger.access import hidden_parts, own_copies
from workbench.ledger.erasure import tombstones
from workbench.ledger.records import row_tables
from workbench.ledger.sessions.gone_rows import ChangedError
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import check_country
from workbench.model.schema import SPECIAL
from workbench.model.table_schemas import iterate_rows
from workbench.model.time_zones import get_zone as known_zone
from workbench.model.time_zones import normalise_day
from workbench.model.values.limits import LABEL
from workbench.views.table_display import set_table_language
from workbench.visible import escape_name

if TYPE_CHECKING:
    from workbench.cluster.cluster import Cluster

PASSED_OVER = "passed over"
OPTIONS = ("mapping", "region", "ocr", "dates", "custodian", "notice", "zone")
"""What readers are told."""
SHOWN = 80
SENTENCES = (("state", "word"), ("why", "detected"), ("why", "refused.file"))
"""Columns of what `add` answers, and the groups of the catalogue that their sentences are of."""


def add_files(
    context: CaseContext, path: Path, facts: Mapping[str, str], options: Mapping[str, str], on: Cluster | None = None
) -> pd.DataFrame:
    """Receive a file or all files of a folder; a table of what came in and what did not (columns: `file_receipt.Receipt`).

    on : where the files are read; in the reader process of this machine if not given
    """
    found = list(folder_walk.walk_folder(path))
    files = [entry for entry in found if not entry.why]
    if not files:
        _check_files(path, found)
    reader_process.start()
    with cluster_reading.use_cluster_readings(context, on, files, options), context.ledger.hold_filter():
        receipts = [
            receipt
            for entry in build_progress_bar(context.say, "adding", "files", files)
            for receipt in _receive_file(context, entry, facts, options, alone=path == entry.path)
        ]
    receipts += [file_receipt.Receipt(entry.name, PASSED_OVER, why=entry.why) for entry in found if entry.why]
    answer = pd.DataFrame(receipts, columns=pd.Index(file_receipt.Receipt._fields))
    return set_table_language(answer, context.say.language, SENTENCES)


def check_facts(facts: Mapping[str, str]) -> dict[str, str]:
    """What is told of files, without what is empty.

    Raises
    ------
    CaseError
        If a fact is no text, or longer than a line of a report takes.
    """
    for name, value in facts.items():
        if not isinstance(value, str):
            raise CaseError(
                Sentence(
                    "Options must be names with text values, as in `{{'region': 'GB'}}`, not {value}.",
                    value=repr(value)[:SHOWN],
                )
            )
        if len(value) > LABEL:
            raise CaseError(
                Sentence(
                    "`{prop}`: the text has {count} characters. The maximum is {most}. Shorten it, or put the text "
                    "into a note.",
                    prop=name,
                    count=len(value),
                    most=LABEL,
                )
            )
    return {name: value for name, value in facts.items() if value}


def check_options(options: object, *others: str) -> dict[str, str]:
    """What an officer says of how files are read (OPTIONS and `others`).

    Raises
    ------
    CaseError
        If it is no mapping of texts, an option is not known, or its value can mean nothing.
    """
    if not isinstance(options, Mapping) or not all(isinstance(one, str) for pair in options.items() for one in pair):
        raise CaseError(
            Sentence(
                "Options must be names with text values, as in `{{'region': 'GB'}}`, not {value}.",
                value=repr(options)[:SHOWN],
            )
        )
    known = (*OPTIONS, *others)
    if unknown := set(options) - set(known):
        raise CaseError(
            Sentence(
                "'{name}' is not an option for reading a file. Options: {names}.",
                name=min(unknown)[:SHOWN],
                names=", ".join(known),
            )
        )
    if options.get("region"):
        check_country(options["region"][:SHOWN])
    if options.get("dates", "") not in ("", *ORDERS):
        raise CaseError(
            Sentence(
                "The option `dates` is '{value}'. It must be one of these: {names}.",
                value=options["dates"][:SHOWN],
                names=", ".join(ORDERS),
            )
        )
    return dict(options)


def _check_files(path: Path, found: list[folder_walk.Entry]) -> None:
    """Refuse what holds no file; where some lie there that cannot be read the table tells of them.

    Raises
    ------
    CaseError
        With the reason.
    """
    if len(found) == 1 and found[0].path == path:
        raise CaseError(Sentence("{path} cannot be added. {why}", path=found[0].name, why=found[0].why))
    if not any(getattr(entry.why, "key", "").startswith("refused.") for entry in found):
        raise CaseError(
            Sentence(
                "{path} contains no file to add. Enter the path of a file, or of a folder that contains files.",
                path=escape_name(str(path)),
            )
        )


def _receive_file(
    context: CaseContext, entry: folder_walk.Entry, facts: Mapping[str, str], options: Mapping[str, str], *, alone: bool
) -> Iterator[file_receipt.Receipt]:
    """Receipts of a file, and of what is in it. One of a folder that cannot be read is passed over; one by itself is refused."""
    try:
        yield from file_receipt.receive_file(context, entry, entry.name, facts, options)
    except SourceError as error:
        if alone:
            raise
        yield file_receipt.Receipt(entry.name, PASSED_OVER, why=error.sentence)


def remap_source(context: CaseContext, source: str, options: Mapping[str, str], because: str) -> pd.DataFrame:
    """Read a source again in another way; what came of the old reading is withdrawn, everything derived follows.

    Raises
    ------
    CaseError
        Where the file was read so before, and an erasure has changed it since so that it cannot be read so again.
    ChangedError
        If the file was erased, or read in another way, meanwhile.
    """
    name = str(_get_source_row(context, source)["name"])
    before = _withdraw_run(context, source, because)
    try:
        receipt = file_receipt.read_source(context, source, name, options)
        if receipt.state == "known":
            run = file_receipt.run_of(context, source, receipt.reader, options)
            _bring_back(context, source, run, because, is_last=run in before[-1:])
            receipt = receipt._replace(state="read")
    except ChangedError:
        _restore_successor(context, source, because)
        raise
    except (CaseError, SourceError):
        context.ledger.decide("run", before, "restored", because)
        raise
    _withdraw_unheld(context, source, because)
    erasure_replay.reapply_to_sources(context, [source])
    return pd.DataFrame([receipt], columns=pd.Index(file_receipt.Receipt._fields))


def _restore_successor(context: CaseContext, source: str, because: str) -> None:
    """Bring back the file that an erasure has put in the place of one while that was read again."""
    context.ledger.renew_snapshot()
    context.forget()
    ((_, found),) = tombstones.follow_files(context.ledger, [("source", source)])
    if found != source and row_tables.get_source_state(context.ledger, found)[0] == "withdrawn":
        restore(context, found, because)


def set_source_facts(context: CaseContext, source: str, facts: Mapping[str, str], because: str) -> None:
    """Tell of a source, given by its hash; a new zone reads its mass rows again.

    What is told of the officer's own copy of a hidden file is for the officer alone, and the file stays as it was read.

    Raises
    ------
    CaseError
        Where a fact is none of `row_tables.FACTS`, a zone is not known, or a day lies in the future.
    """
    if unknown := set(facts) - set(row_tables.FACTS):
        raise CaseError(
            Sentence(
                "A source has no field '{name}'. Use one of these: {names}.", name=min(unknown), names=row_tables.FACTS
            )
        )
    check_facts(facts)
    if facts.get("zone"):
        known_zone(facts["zone"])
    if facts.get("verified"):
        facts = {**facts, "verified": _parse_past_day(facts["verified"])}
    is_own = own_copies.is_own_copy(context.ledger, source)
    context.ledger.describe_source(source, facts, because, is_own_copy=is_own)
    if facts.get("zone") and not is_own:
        reread_in_zone(context, source, facts["zone"], because)


def _parse_past_day(written: str) -> str:
    """The day that is written; refuses what is no day that has been."""
    day = normalise_day(written)
    if not "" < day <= datetime.now(UTC).date().isoformat():
        raise CaseError(
            Sentence(
                "The source was not changed. '{day}' is not valid as the day on which a source was checked. "
                "Enter the date in the form 2026-11-27, not later than today.",
                day=written,
            )
        )
    return day


def reread_in_zone(context: CaseContext, source: str, zone: str, because: str) -> None:
    """Read a source of mass rows again in its zone: their moments in UTC are kept with them."""
    if source in set(parquet_rows.list_live_files(context.ledger)["source"]):
        saved = row_tables.get_options(context.ledger, source)
        if saved.get("zone", "") != zone:
            remap_source(context, source, {**saved, "zone": zone}, because or f"zone {zone}")


def build_mapping_table(context: CaseContext, source: str) -> pd.DataFrame:
    """How the columns of a table are taken: sheet, column, example, entity, schema, prop, role, form, why.

    A column of a special category has no example, nor has one that was left out; none has one where a part of the file is hidden
    from the officer or excluded.
    """
    table = _get_mapping(context, source).build_table()
    kept = table["prop"].isin(SPECIAL) | (table["role"] == tables.LEFT_OUT)
    table.loc[
        table["column"].isin(table.loc[kept, "column"]) | bool(hidden_parts.list_hidden_parts(context.ledger, source)),
        "example",
    ] = ""
    return table


def build_options(
    context: CaseContext, source: str, table: pd.DataFrame | None, given: Mapping[str, str]
) -> dict[str, str]:
    """Options of a reading: those given, and the mapping as the edited table says."""
    if table is None:
        return dict(given)
    made = _get_mapping(context, source)
    before = made.build_table().set_index(["sheet", "column"])
    for row in iterate_rows(table):
        old = before.loc[[(row.sheet, row.column)]] if (row.sheet, row.column) in before.index else before.head(0)
        if not ((old["entity"] == row.entity) & (old["prop"] == row.prop) & (old["role"] == row.role)).any():
            made = made.assign(row.column, row.entity or row.schema, row.prop, role=row.role, sheet=row.sheet)
    return {**given, "mapping": made.to_json()}


def _get_mapping(context: CaseContext, source: str) -> tables.Mapping:
    """The mapping that the live reading used: saved with the run if it was edited, guessed from the file if not."""
    row = _get_source_row(context, source)
    if not row["reader"]:
        raise CaseError(Sentence("No reader can read '{name}', so it has no columns to map.", name=row["name"]))
    if row["reader"] != "table":
        raise CaseError(
            Sentence(
                "{name} was not read as a table (reader: {reader}), so it has no columns that you can map to "
                "properties. Enter the name of a CSV or XLSX file.",
                name=row["name"],
                reader=row["reader"],
            )
        )
    saved = row_tables.get_options(context.ledger, source)
    if "mapping" in saved:
        return tables.Mapping.from_json(saved["mapping"])
    return reader_process.guess_mapping(
        reader_process.build_source_file(context, source, str(row["name"])), saved.get("region", "")
    )


def withdraw_source(context: CaseContext, source: str, because: str) -> None:
    """Take back all that was read from a source and from the files within it. The files stay; `restore` brings it back.

    An own copy of what is hidden (`owncopies`) goes from the officer's sight alone: for others the file is as it was.
    """
    if own_copies.is_own_copy(context.ledger, source):
        own_copies.let_go(context.ledger, source, because)
        return
    _withdraw_run(context, source, because)
    _withdraw_unheld(context, source, because)


def _withdraw_run(context: CaseContext, source: str, because: str) -> list[str]:
    """Withdraw the readings of a source that count; gives them, the one that counts before others last."""
    runs = row_tables.list_source_runs(context.ledger, source)
    live = list(runs.loc[runs["verdict"] != "withdrawn", "run_id"])
    context.ledger.decide("run", live, "withdrawn", because)
    return live


def _withdraw_unheld(context: CaseContext, outer: str, because: str) -> None:
    """Withdraw what came within a source and was received in no other way."""
    for source, _, live in row_tables.list_inner_sources(context.ledger, outer):
        if not live and row_tables.get_source_state(context.ledger, source)[0] != "withdrawn":
            withdraw_source(context, source, because)


def restore(context: CaseContext, source: str, because: str) -> None:
    """Bring back the reading of a withdrawn source that counted last, with the files within it."""
    runs = row_tables.list_source_runs(context.ledger, source)
    if runs.empty:
        raise CaseError(
            Sentence(
                "The source {source}… was never read, so there is nothing to restore. Add the file again.",
                source=source[:12],
            )
        )
    _bring_back(context, source, str(runs["run_id"].iloc[-1]), because, is_last=True)
    for inner, _, live in row_tables.list_inner_sources(context.ledger, source):
        if live and row_tables.get_source_state(context.ledger, inner)[0] == "withdrawn":
            restore(context, inner, because)


def _bring_back(context: CaseContext, source: str, run: str, because: str, *, is_last: bool) -> None:
    """Let a reading count again, with its own texts and under what was said of the file since; `is_last`: none has counted after it."""
    runs = row_tables.list_source_runs(context.ledger, source).set_index("run_id")
    known = {name: str(value) for name, value in runs.loc[run].items()}
    again = Run("add", known["method"], known["version"], source, known["parameters"])
    if known["state"] == "read" and again.id == run and not row_tables.is_foreign(context.ledger, source):
        file = source, str(_get_source_row(context, source)["name"])
        reading_renewal.bring_back(context, file, again, because, is_last=is_last)
        return
    mark_transfer.copy_marks(context, source, run)
    context.ledger.decide("run", [run], "restored", because)


def _get_source_row(context: CaseContext, sha256: str) -> pd.Series[str]:
    return row_tables.list_sources(context.ledger, sha256).iloc[0]
