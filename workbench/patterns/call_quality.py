"""Quality rules that look across files: both parties' records, overlapping requests, cells that no list explains.

Rules within one file are told when it is read (`workbench.ingest.calls.quality_rules`). What a file alone cannot show is found here,
from all records together; nothing is changed, records that repeat one of another file are not counted again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbench.model.catalogue import Sentence, encode_word
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue
from workbench.model.table_schemas import iterate_rows

if TYPE_CHECKING:
    from workbench.ledger.duckdb import Analytics

NEAR = 5
"""Seconds between the starts of two records of one call."""

REPEATED = """
    WITH timed AS (
        SELECT document_id, document_id NOT IN (SELECT unnest(CAST($kept AS VARCHAR[]))) AS later, row, a, b, target, event,
            duration, coalesce(start_utc, start) AS at, start_utc IS NULL AS open_,
            CAST(epoch(coalesce(start_utc, start)) AS BIGINT) // 10 AS span
        FROM calls WHERE a <> '' AND b <> '' AND start IS NOT NULL),
    near AS (SELECT *, unnest([span - 1, span, span + 1]) AS place FROM timed)
    SELECT y.document_id, y.row, x.document_id AS first_document, x.row AS first_row,
        CASE WHEN x.target = y.target THEN 'C-06' ELSE 'C-05' END AS rule
    FROM timed AS y JOIN near AS x ON x.a = y.a AND x.b = y.b AND x.place = y.span AND x.event = y.event AND x.open_ = y.open_
    WHERE (x.later, x.document_id) < (y.later, y.document_id)
        AND CASE WHEN x.target = y.target THEN x.at = y.at AND coalesce(x.duration, -1) = coalesce(y.duration, -1)
            ELSE abs(epoch(x.at) - epoch(y.at)) <= 5 AND abs(coalesce(x.duration, 0) - coalesce(y.duration, 0)) <= 3 END
    QUALIFY row_number() OVER (PARTITION BY y.document_id, y.row ORDER BY x.later, x.document_id, x.row) = 1
    ORDER BY y.document_id, y.row"""

UNEXPLAINED = """
    SELECT document_id, count(*) AS records, min(row) AS first_row, arg_min(first_cell, row) AS example
    FROM calls AS c WHERE first_cell <> '' AND EXISTS (SELECT 1 FROM cells) AND NOT EXISTS (
        SELECT 1 FROM cells AS t WHERE t.cell = c.first_cell
            AND (t.valid_from = '' OR c.start IS NULL OR t.valid_from <= strftime(c.start, '%Y-%m-%d'))
            AND (t.valid_to = '' OR c.start IS NULL OR t.valid_to >= strftime(c.start, '%Y-%m-%d')))
    GROUP BY document_id ORDER BY document_id"""

FAST = """
    WITH sites AS (SELECT cell, avg(lat) AS lat, avg(lon) AS lon FROM cells WHERE NOT isnan(lat) AND NOT isnan(lon) GROUP BY cell),
    placed AS (
        SELECT c.document_id, c.row, c.target, c.start, radians(s.lat) AS lat, radians(s.lon) AS lon,
            lag(c.start) OVER mine AS start_before, lag(radians(s.lat)) OVER mine AS lat_before,
            lag(radians(s.lon)) OVER mine AS lon_before
        FROM calls AS c JOIN sites AS s ON s.cell = c.first_cell WHERE c.target <> '' AND c.start IS NOT NULL
        WINDOW mine AS (PARTITION BY c.target ORDER BY c.start, c.document_id, c.row)),
    moved AS (
        SELECT *, 12742 * asin(sqrt(least(1, pow(sin((lat - lat_before) / 2), 2)
            + cos(lat) * cos(lat_before) * pow(sin((lon - lon_before) / 2), 2)))) AS apart,
            greatest(epoch(start) - epoch(start_before), 1) / 3600 AS hours
        FROM placed WHERE start_before IS NOT NULL)
    SELECT document_id, count(*) AS records, min(row) AS first_row, CAST(round(arg_min(apart, row)) AS BIGINT) AS example
    FROM moved WHERE apart > 5 AND apart / hours > 300 GROUP BY document_id ORDER BY document_id"""


def find_repeats(engine: Analytics, kept: Sequence[str] = ()) -> None:
    """Find records that repeat one of another file, so that no answer counts them again; once, when the engine is opened.

    `kept`: documents whose records count where those of others repeat them, because each is an entity of the case already.
    """
    if _count_files(engine) > 1:
        engine.hold("crossing", REPEATED, {"kept": list(kept)})


def list_issues(engine: Analytics, titles: Mapping[str, str] = MappingProxyType({})) -> Iterator[Issue]:
    """What the files show together, one issue per rule and document (and the one it repeats). Run `prepare` first.

    `titles`: of documents, for the messages.
    """
    if _count_files(engine) > 1:
        yield from _list_repeat_issues(engine, titles)
    for row in iterate_rows(engine.query_frame(UNEXPLAINED)):
        text = Sentence("row.across.unexplained", count=int(row.records), example=repr(row.example))
        fix = Sentence("fix.ask.moved")
        yield build_issue("C-11", text, fix=fix, document_id=row.document_id, place=f"row {row.first_row}")
    for row in iterate_rows(engine.query_frame(FAST)):
        text = Sentence("row.across.fast", count=int(row.records), example=str(row.example))
        fix = Sentence("fix.look.card")
        yield build_issue("C-10", text, fix=fix, document_id=row.document_id, place=f"row {row.first_row}")


def _list_repeat_issues(engine: Analytics, titles: Mapping[str, str]) -> Iterator[Issue]:
    """C-05 and C-06 between files."""
    query = """SELECT rule, document_id, first_document, count(*) AS records, min(row) AS first_row,
            arg_min(first_row, row) AS other_row
        FROM crossing GROUP BY ALL ORDER BY rule, document_id, first_document"""
    for row in iterate_rows(engine.query_frame(query)):
        other = titles.get(row.first_document, "the other file")
        rows = {"number": str(row.first_row), "other": str(row.other_row)}
        text = Sentence(f"row.across.{encode_word(row.rule)}", count=int(row.records), **rows, name=other)
        yield build_issue(row.rule, text, document_id=row.document_id, place=f"row {row.first_row}")


def _count_files(engine: Analytics) -> int:
    return int(engine.query_frame("SELECT count(DISTINCT document_id) AS n FROM calls")["n"][0])
