"""Columns of the tables through which rooms meet. The ledger reads and checks them at its door.

All columns are strings unless said otherwise.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

DOCUMENTS = ("document_id", "schema", "title", "at", "at_utc", "service", "traces")
"""Live documents. `at` as written; `at_utc` in UTC ('' while the zone is unknown); `traces`: int, number of places."""

TRACES = (
    "trace_id",
    "document_id",
    "source",
    "source_name",
    "exhibit",
    "trace",
    "place",
    "device",
    "custodian",
    "conversation",
)
"""Where documents lie. `source` is the SHA-256 of the file."""

PASSAGES = ("passage_id", "document_id", "number", "page", "text")
"""Text. `number` and `page`: int."""

STATEMENTS = (
    "statement_id", "entity_id", "canonical_id", "schema", "prop", "value", "original_value", "language", "kind",
)  # fmt: skip
"""FollowTheMoney statements, each once; where each is claimed is in EVIDENCE. `language` of the value: ISO 639, '' unknown; `kind`
as in EVIDENCE, the strongest of its places."""

EVIDENCE = (
    "evidence_id",
    "statement_id",
    "entity_id",
    "canonical_id",
    "schema",
    "prop",
    "value",
    "original_value",
    "document_id",
    "passage_id",
    "trace_id",
    "start",
    "end",
    "method",
    "version",
    "confidence",
    "kind",
    "officer",
    "because",
    "run_id",
    "verdict",
)
"""One row per place where a statement is claimed. `start`, `end`: int (-1 none); `confidence`: float in [0, 1];
`kind` received / suggested / decided; `verdict` '' / accepted / rejected: what an officer said of a suggestion."""

TRAFFIC_READERS = frozenset({"chat-export", "whatsapp", "telegram", "telegram-page", "signal", "mail", "msg"})
"""Methods of the readers that look at who wrote to whom. They alone find that an account is a service, or whose device was read:
another file that says so is a file that says so."""

HANDLED = ("level", "tlp", "handling", "conditions", "barred")
"""How a claim is to be handled, in columns of their own: its level in the case's scheme and its TLP label ('' the lowest, none), its
codes ('H1, H2'), its conditions in words (parted by '; '), the countries to which it is closed ('QM, QN')."""
WEIGHED = ("grade", "nature", "purpose", "review", "language")
"""What is said beside a claim: grade on the scale on which it came ('B2 (4x4)'), 'fact' or 'assessment', for which purposes alone it
is kept, date of its review (ISO 8601), language of its value (ISO 639); '' where nobody has said it."""
SEEN = ("first_seen", "last_seen")
"""When the claim first and last came into the case (UTC)."""
STATUS = "status"
"""Column of the status of the person whom a claim is about ('suspect', 'witness', …), '' where none is stated."""

FLAGS = (
    "flag_id", "category", "words", "about", "who", "passage_id", "document_id", "start", "end", "at", "at_source", "today", "method",
    "version", "confidence", "state", "officer", "because",
)  # fmt: skip
"""What may tell of a special category or a minor, one row a place. `category`: 'health', 'sex life', 'biometrics', 'genetics', 'minors';
`words`: as written; `about`, `who`: of a minor the canonical id and caption of the person named nearest or whose birth date it is, ''
where none is; `start`, `end`: int (-1 none); `at`: time of the source as written; `at_source`, `today`: 'minor', 'perhaps', 'of age',
'' unknown; `confidence`: float in [0, 1], of the reading; `state`: 'suggested', 'confirmed' or 'dismissed', with who said so and why."""

ENTITIES = ("entity_id", "canonical_id", "schema", "caption", "latin", "custodian", "service", "layer", "mentions")
"""Entities that have a live statement. `caption`: the name shown (fixed rule); `latin`: how it reads in Latin letters, '' if
it is written in them (a guess at the sound, no name that anybody has used); `custodian`, `service`: bool;
`layer`: 'received', 'suggested' or 'decided', the strongest of its claims; `mentions`: int, places of evidence."""

LINKS = (
    "source",
    "target",
    "relation",
    "directed",
    "document_id",
    "passage_id",
    "statement_id",
    "evidence_id",
    "at",
    "service",
    "layer",
    "count",
)
"""One row per occurrence of a link between two canonical entities. `relation`: 'contacted', 'named with', 'names', 'uses',
'owns', ...; `directed`, `service`: bool; `layer` as above; `count`: int, usually 1."""

HAPPENINGS = (
    "happening_id", "at", "until", "start", "end", "grain", "relation", "directed", "members", "layer", "document_id", "passage_id",
    "statement_ids",
)  # fmt: skip
"""What happened, for a timeline. `at`, `until`: as written; `start`, `end`: float, milliseconds since 1970 in UTC, `end` NaN for an
instant; `grain`: int, how exact (index into times.GRAINS); `relation`: as in LINKS, or the schema of what is dated itself; `members`:
tuple of canonical ids, senders first; `layer`: as in LINKS; `statement_ids`: tuple."""

PLACES = (
    "place_id", "node", "lat", "lon", "radius", "azimuth", "beam", "at", "label", "layer", "document_id",
)  # fmt: skip
"""Where something is put by a source, for a map; not where a person was. `node`: canonical id of what is there; `lat`, `lon`: float,
degrees (WGS 84); `radius`: float, metres, NaN unknown; `azimuth`, `beam`: float, degrees, NaN for none; `at`: as written, '' undated;
`label`: the place in words; `layer`: as in LINKS."""

PAIRS = (
    "left_id", "right_id", "schema", "left", "left_latin", "right", "right_latin", "score", "reasons", "judgement", "evidence",
)  # fmt: skip
"""Candidate pairs. `left`, `right`: captions; `left_latin`, `right_latin`: as `latin` in ENTITIES; `score`: float in [0, 1], order
of review and no probability; `reasons`: str, one per line;
`judgement`: '' / same / not same / unsure; `evidence`: int, number of places behind the reasons."""

HITS = (
    "rank",
    "score",
    "text",
    "marked",
    "at",
    "sender",
    "title",
    "source_name",
    "exhibit",
    "traces",
    "kind",
    "document_id",
    "passage_id",
    "matched",
)
"""Search hits, best first, and `copies`: list of ids of documents with the same text at nearly the same time.
`marked`: list of (start, end) in `text`; `traces`: list of trace ids; `matched`: 'words',
'meaning' or 'both'; `score`: float, reciprocal-rank fusion, comparable within one answer only."""

MESSAGES = (
    "at", "sender", "recipients", "text", "device", "conversation", "kind", "service", "title", "source_name", "exhibit", "document_id",
    "passage_id",
)  # fmt: skip
"""Messages and mails, in order of time. `at`: as written; `sender`: name shown, several claims parted by ' / '; `recipients`: list of
names; `device`, `conversation`: where the message lies, several parted by ', '; `kind`: Message or Email; `service`: which service sent
it, '' a person; `text`: of a mail its whole body; the subject is its `title`."""

NEWS = ("kind", "at", "who", "what", "source", "document_id", "passage_id", "canonical_id")
"""What has come into a case. `kind`: 'source', 'passage', 'suggestion', 'decision', 'note' or 'issue'; `at`: when it came (UTC);
`who`: the officer, or the method of a machine; `what`: in words. The ids are '' where they say nothing."""

REMARKS = ("remark_id", "bureau", "officer", "warning", "kind", "about", "text", "state", "at", "package", "because")
"""What other bureaux say of things that they did not bring, warnings first. `officer`: who says so there, '' for a program; `warning`:
'danger', 'minor', 'protected person' or 'mistaken identity', by the words of the remark alone, '' where it warns of none of these;
`kind`: 'claim', 'judgement', 'decision', 'mark', 'fact', 'note' or 'copy' (how their file has what is ours); `about`: names of what it
points at; `state`: '' while nobody here has decided, 'adopted' or 'dismissed'; `at`: when it came (UTC)."""

WARNINGS = DANGER, MINOR, PROTECTED, MISTAKEN = ("danger", "minor", "protected person", "mistaken identity")
"""What a text about a person may warn of, the most urgent first."""

ISSUES = ("issue_id", "code", "severity", "message", "fix", "document_id", "place", "source", "source_name")

RANKING = (
    "rank", "canonical_id", "caption", "latin", "schema", "custodian", "degree", "contacts", "betweenness",
    "betweenness_error", "community",
)  # fmt: skip
"""Positions in the data supplied. `latin`: as in ENTITIES; `custodian`: bool; `degree`, `contacts`, `community`: int;
`betweenness`: float in [0, 1]; `betweenness_error`: its standard error, 0 where it is exact."""

MASS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "transfers": {
        "document_id": "string", "row": "int64", "date": "string", "amount": "decimal128(18, 2)", "currency": "string",
        "payer_account": "string", "payer": "string", "beneficiary_account": "string", "beneficiary": "string",
        "purpose": "string", "reference": "string",
    },
    "positions": {
        "document_id": "string", "row": "int64", "holder": "string", "at": "string", "lat": "float64", "lon": "float64",
        "height": "float64", "radius": "float64", "method": "string",
    },
    "calls": {
        "document_id": "string", "row": "int64", "record": "string", "operator": "string", "request": "string",
        "target": "string", "event": "string", "direction": "string", "a": "string", "a_raw": "string", "b": "string",
        "b_raw": "string", "b_kind": "string", "forwarded_to": "string", "start": "timestamp[s]", "start_raw": "string",
        "start_utc": "timestamp[s]", "end": "timestamp[s]", "zone": "string", "zone_basis": "string", "duration": "int64",
        "duration_raw": "string", "imei": "string", "imei_raw": "string", "imei_check": "string", "imsi": "string",
        "first_cell": "string", "last_cell": "string", "cell_name": "string", "lat": "float64", "lon": "float64",
        "azimuth": "float64", "roaming": "string", "switch": "string", "smsc": "string", "ip": "string", "port": "string",
        "bytes_up": "int64", "bytes_down": "int64", "dq": "string",
    },
    "call_marks": {"document_id": "string", "row": "int64", "rule": "string", "group": "int64", "counts": "bool"},
    "cells": {
        "document_id": "string", "row": "int64", "cell": "string", "cell_raw": "string", "name": "string",
        "address": "string", "lat": "float64", "lon": "float64", "azimuth": "float64", "beam": "float64", "range": "float64",
        "technology": "string", "operator": "string", "valid_from": "string", "valid_to": "string",
    },
})  # fmt: skip
"""Tables of mass rows, kept as Parquet: column -> Arrow type. `row`: number in the source, from 1; with the document it names
the row. Accounts as `identifiers.build_bank_account_key` compares them; `date`, `at`: ISO 8601 as written; `holder`: entity id of what was
there, '' unknown; `height`, `radius`: metres; `radius`: of the circle that the source gives, NaN if none. The ledger adds
the column `source` (SHA-256 of the file). A string column may come dictionary-encoded.

`calls`: one row per record. `a`, `b`, `target`,
`forwarded_to`: numbers as `identifiers.build_telephone_key` compares them ('' none); `target`:
whose handset, SIM card and cells the record states; `a_raw`, `b_raw`, `imei_raw`: as written. `event`: voice, sms, mms, data,
forward, voicemail, ussd, '' unknown; `direction`: out, in, fwd, '' unknown, as the target sees it. `b_kind`: what the number
other than the target is: number, short code, emergency, sender name, service, withheld, unreadable. `start`, `end`: as written, without a
zone; `start_raw`, `duration_raw`: as written where it could not be read, else ''; `start_utc`: null while the `zone` (IANA name
or offset) is unknown; `zone_basis`: value, header, told, profile, ''. `duration`: seconds, null unknown. `imei`: 14 digits; `imei_check`:
ok, bad, zero (0 in place of the check digit), version (16 digits), none (14 digits), short, ''. `a_raw`, `b_raw`,
`imei_raw` are '' where they say no more than the value. Cells as `MCC-MNC-LAC-CI` where they are written
so. `bytes_up`, `bytes_down`: null unknown. `dq`: ids of the quality rules that the record breaks, parted by a space.
`call_marks`: records that a rule puts in a `group` with others of the file (the lowest row of the group); `counts`: false where
the record repeats another one and is not to be counted again.
`cells`: `beam`: degrees; `range`: metres; NaN unknown; `valid_from`, `valid_to`: ISO dates."""


def build_arrow_schema(table: str) -> pa.Schema:
    """Arrow schema of a mass table.

    Raises
    ------
    KeyError
        If there is no table of that name in MASS.
    """
    import pyarrow as pa

    kinds = {"decimal128(18, 2)": pa.decimal128(18, 2)}
    return pa.schema([(name, kinds.get(kind) or pa.type_for_alias(kind)) for name, kind in MASS[table].items()])


def is_among(column: pd.Series[str], values: Collection[str]) -> pd.Series[bool]:
    """Whether each text of a column is one of some values: as `isin`, which takes ten microseconds for each of the values."""
    import pandas as pd

    known = values if isinstance(values, AbstractSet | Mapping) else set(values)
    return pd.Series([text in known for text in column.tolist()], index=column.index, dtype=bool)


def iterate_rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows of a table as named tuples. Their fields are what the column holds; no type checker can know it."""
    row = namedtuple("Row", ["Index", *map(str, frame.columns)], rename=True)  # type: ignore[misc]
    columns = [frame.iloc[:, number].tolist() for number in range(frame.shape[1])]
    return map(row._make, zip(frame.index.tolist(), *columns, strict=True))
