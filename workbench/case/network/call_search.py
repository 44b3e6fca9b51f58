"""What a search of texts does not see: records of large tables of calls, which have no passage, by the identifiers that are asked for."""

from __future__ import annotations

import re

from workbench.case.context import call_engine
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import print_message
from workbench.case.network import call_links
from workbench.model import identifiers
from workbench.model.catalogue import Sentence

IDENTIFIER = re.compile(r"\+?\w(?:[\w./-]*\w)?")
LONG = re.compile(r"\+?\d[\d ()./-]*\d")
"""A number that is written in groups."""
DIGITS = 5
"""Digits that an identifier has at least."""
RECORDS = """
    WITH asked AS (SELECT unnest(CAST($values AS VARCHAR[])) AS value)
    SELECT count(*) AS records FROM calls
    WHERE document_id IN (SELECT unnest(CAST($documents AS VARCHAR[])))
        AND len(list_intersect([record, target, a, a_raw, b, b_raw, forwarded_to, imei, imei_raw, imsi, first_cell, last_cell, smsc, ip],
            (SELECT list(value) FROM asked))) > 0"""


def count_records(context: CaseContext, text: str) -> int:
    """How many records of tables whose rows have no passage hold an identifier that the text names."""
    tables = call_links.list_unclaimed_tables(context)
    values = _list_values(text) if tables else []
    if not values:
        return 0
    found = call_engine.get_engine(context).query_frame(RECORDS, {"values": values, "documents": tables})
    return int(found["records"].iloc[0])


def tell_records(context: CaseContext, text: str) -> None:
    """Tell the officer of records that a search of texts does not find."""
    if count := count_records(context, text):
        print_message(
            Sentence(
                "Call records in large tables that also contain this: {count}. Search covers texts only. To list these "
                "records, use `case.calls` or `case.why`.",
                count=count,
            ),
            context.say,
        )


def _list_values(text: str) -> list[str]:
    """Identifiers of a text, as they are written and as records have them."""
    written = dict.fromkeys([*IDENTIFIER.findall(text), *(part.strip() for part in LONG.findall(text))])
    found = [part for part in written if sum(map(str.isdigit, part)) >= DIGITS]
    read = [identifiers.build_telephone_key(part).value for part in found if not re.search(r"[^\W\d]", part)]
    return list(dict.fromkeys([*found, *read]))
