"""What a call table is promoted to in the ledger: numbers, handsets, SIM cards, and which stood in one record.

Each record of a large table stays in Parquet; the ledger gets the things that it names, once each. Of numbers those with the
most records are promoted: a tower dump names hundreds of thousands, and most of them concern nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from workbench.ingest.calls.table_rules import LATE, UNTIMED, OrderedRecords, Use
from workbench.ingest.calls.values.column_codes import Ints
from workbench.ingest.reading.source import Evidence
from workbench.model import identifiers
from workbench.model.catalogue import Sentence
from workbench.model.ids import build_entity_id
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Claim, Issue

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROMOTED = 1_000
"""Numbers of a table of MANY records that become things of the case, and half as many combinations of one with a handset, and with a
SIM card. Of a table with fewer records all become so."""
MANY = 20_000
BASIS = "in the same record"


def choose_limit(ordered: OrderedRecords) -> int:
    """How many numbers of a table become things of the case."""
    return PROMOTED if ordered.size > MANY else max(PROMOTED, 2 * len(ordered.names))


def list_claims(ordered: OrderedRecords, uses: Use, evidence: Evidence, limit: int = PROMOTED) -> Iterator[Claim]:
    """Claims of numbers, handsets and SIM cards, and of which number was used in which of them, with count and period."""
    names = ordered.names
    for code in _list_promoted_codes(ordered, limit):
        value = names[code]
        yield evidence.build_claim("TelephoneNumber", build_entity_id("TelephoneNumber", value), "number", value)
    for schema, prop, codes, key in (
        ("Handset", "imei", uses.imei, identifiers.build_handset_key), ("Sim", "imsi", uses.imsi, identifiers.build_sim_key),
    ):  # fmt: skip
        pairs = _list_pairs(uses.target, codes, uses, limit // 2)
        for code in dict.fromkeys(pair[1] for pair in pairs):
            yield evidence.build_claim(schema, key(names[code]).entity_id, prop, names[code])
        for target, code, count, first, last in pairs:
            holder = build_entity_id("TelephoneNumber", names[target])
            period = {"startDate": _format_day(first, ordered.base), "endDate": _format_day(last, ordered.base)}
            summary = f"{count} record(s)"
            yield from evidence.claim_attribution(holder, key(names[code]).entity_id, BASIS, summary=summary, **period)


def report_omitted(ordered: OrderedRecords, document: str, limit: int = PROMOTED) -> Iterator[Issue]:
    """How many numbers of the table are not things of the case."""
    counts = _count_records(ordered)
    many = int((counts > 0).sum())
    if many > limit:
        yield build_issue("left-out", Sentence("row.calls.left", count=many, most=limit), document_id=document)


def _count_records(ordered: OrderedRecords) -> Ints:
    """Records in which each code is a party; 0 for what is no number."""
    if not ordered.facts:
        return np.zeros(len(ordered.names), dtype=np.int64)
    counts: Ints = np.zeros(len(ordered.names), dtype=np.int64)
    for name in ("target", "other"):
        counts += np.bincount(ordered.facts[name].astype(np.int64), minlength=len(counts))
    counts[0] = 0
    return counts


def _list_promoted_codes(ordered: OrderedRecords, limit: int) -> list[int]:
    """Codes of the numbers that are promoted: most records first, then in order of their text."""
    counts = _count_records(ordered)
    found = np.flatnonzero(counts)
    if len(found) > limit:
        least = np.partition(counts[found], len(found) - limit)[len(found) - limit]
        found = found[counts[found] >= least]
    return sorted((int(code) for code in found), key=lambda code: (-int(counts[code]), ordered.names[code]))[:limit]


def _list_pairs(
    one: NDArray[np.int32], two: NDArray[np.int32], uses: Use, limit: int
) -> list[tuple[int, int, int, int, int]]:
    """Combinations of two codes with count, first and last time; the most frequent first."""
    found: dict[tuple[int, int], list[int]] = {}
    for index in np.flatnonzero((one != 0) & (two != 0)):
        key = (int(one[index]), int(two[index]))
        count, first, last = int(uses.count[index]), int(uses.first[index]), int(uses.last[index])
        held = found.setdefault(key, [0, first, last])
        held[:] = [held[0] + count, min(held[1], first), max(held[2], last)]
    ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
    return [(*key, held[0], held[1], held[2]) for key, held in ranked]


def _format_day(seconds: int, base: int) -> str:
    """Date of a local time, '' if there is none."""
    if seconds in (UNTIMED, LATE):
        return ""
    return datetime.fromtimestamp(base + seconds, UTC).date().isoformat()
