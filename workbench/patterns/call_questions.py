"""The questions of telephone answers as SQL over the tables `calls` and `call_marks`. Constants only; values are bound.

Those of `COMMON_SQL` are written in what DuckDB and Spark mean alike (`workbench.cluster.sql_translation`): the first record is that of the
lowest document and row among several of one time, a weekday is counted in days from a Monday, lists are sorted.

`asked` puts a question's parts in, by what is asked. Parameters: $numbers (list) or $number, $since and $until (until is not
included), $zone, $services (whether records with services count), $contact, $documents (ids of documents), $limit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

VIEWS: dict[str, str] = {
    "crossing": "SELECT CAST(NULL AS VARCHAR) AS document_id, CAST(NULL AS BIGINT) AS row WHERE false",
    "ties": """SELECT CAST(NULL AS VARCHAR) AS a, CAST(NULL AS VARCHAR) AS b, CAST(NULL AS VARCHAR) AS document_id,
        CAST(0 AS BIGINT) AS records, CAST(NULL AS TIMESTAMP) AS first, CAST(NULL AS TIMESTAMP) AS last, false AS a_service,
        false AS b_service WHERE false""",
    "counted": """
        SELECT c.* FROM calls AS c
        ANTI JOIN (SELECT source, document_id, row FROM call_marks WHERE NOT counts) AS m USING (source, document_id, row)
        ANTI JOIN (SELECT document_id, row FROM crossing) AS x USING (document_id, row)""",
}
"""Views that the engine is opened with: `counted` has each call once; `crossing` is filled by `call_quality.find_repeats`, `ties` by
`call_network.count_pairs`."""

PERIOD = """($since = '' OR start >= CAST(nullif($since, '') AS TIMESTAMP))
    AND ($until = '' OR start < CAST(nullif($until, '') AS TIMESTAMP))"""
MOMENT = """CASE WHEN start_utc IS NULL THEN start ELSE (start_utc AT TIME ZONE 'UTC') AT TIME ZONE $zone END"""
SERVICE = "('short code', 'sender name', 'service')"
CODE = "'^[0-9]{4,6}$|[^+0-9]'"
"""Numbers that are short codes or sender names by themselves, also where they are what the record is about. Those of three
digits may be emergency numbers; there the record says which."""
ZONED = "count(*) FILTER (zone = '') AS unzoned, list_sort(list(DISTINCT zone)) AS zones"
"""How many of the records of a group have no zone, and which zones there are: `telephony` says so under the answer."""
ALL = "counted"
ONE = "(SELECT * FROM counted WHERE a = $number UNION ALL SELECT * FROM counted WHERE b = $number AND a <> $number)"
SEVERAL = """(
    SELECT * FROM counted WHERE a IN <NUMBERS>
    UNION ALL SELECT * FROM counted WHERE b IN <NUMBERS> AND a NOT IN <NUMBERS>)"""
"""Records in which a number is a party, in two parts: for each the engine looks at one column only where nothing fits, and in
a large file, where the records of one target lie together, nothing fits nearly everywhere."""


def prepare_query(question: str, given: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """A question in its quickest form for what is asked, and the values that it takes.

    `numbers` in `given` may be empty (all), one, or several; bounds and zone may be ''.
    """
    values = dict(given)
    numbers = values.get("numbers")
    if isinstance(numbers, list) and len(numbers) == 1:
        values["number"] = numbers[0]
    records = ONE if values.get("number") else SEVERAL if numbers else ALL
    period = PERIOD if values.get("since") or values.get("until") else "true"
    moment = MOMENT if values.get("zone") else "start"
    targets = "target IN <NUMBERS>" if numbers else "true"
    documents = "document_id IN (SELECT unnest(CAST($documents AS VARCHAR[])))" if "documents" in values else "true"
    parts = {
        "<TARGETS>": targets,
        "<DOCUMENTS>": documents,
        "<RECORDS>": records,
        "<PERIOD>": period,
        "<MOMENT>": moment,
        "<SERVICE>": SERVICE,
        "<CODE>": CODE,
        "<ZONED>": ZONED,
    }
    for name, part in parts.items():
        question = question.replace(name, part)
    if isinstance(numbers, list) and "<NUMBERS>" in question:
        named = {f"number_{place}": number for place, number in enumerate(numbers)}
        question = question.replace("<NUMBERS>", "(" + ", ".join(f"${name}" for name in named) + ")")
        return question, named | {name: value for name, value in values.items() if _has_parameter(question, name)}
    return question, {name: value for name, value in values.items() if _has_parameter(question, name)}


def _has_parameter(question: str, name: str) -> bool:
    """Whether a question takes a value of that name."""
    return re.search(rf"\${name}\b", question) is not None


CONTACTS = """
    WITH mine AS (
        SELECT CASE WHEN a = $number THEN b ELSE a END AS contact, a = $number AS made, event, duration, <MOMENT> AS moment,
            (target = $number AND b_kind IN <SERVICE>) AS service, document_id, row, zone
        FROM <RECORDS> AS r WHERE <PERIOD>)
    SELECT contact, bool_or(service) AS service, count(*) AS records, count(*) FILTER (made) AS "out",
        count(*) FILTER (NOT made) AS "in", count(*) FILTER (event IN ('sms', 'mms')) AS texts,
        coalesce(sum(duration), 0) AS seconds, count(DISTINCT CAST(moment AS DATE)) AS days, min(moment) AS first, max(moment) AS last,
        arg_min(document_id, (moment, document_id, row)) FILTER (moment IS NOT NULL) AS first_document,
        arg_min(row, (moment, document_id, row)) FILTER (moment IS NOT NULL) AS first_row, <ZONED>
    FROM mine GROUP BY contact ORDER BY records DESC, seconds DESC, contact"""

RHYTHM = """
    SELECT date_diff('day', DATE '0001-01-01', CAST(<MOMENT> AS DATE)) % 7 + 1 AS weekday, hour(<MOMENT>) AS hour,
        count(*) AS records, <ZONED>
    FROM <RECORDS> AS r WHERE start IS NOT NULL AND <PERIOD> GROUP BY 1, 2 ORDER BY 1, 2"""

DAYS = """
    SELECT CAST(<MOMENT> AS DATE) AS day, min(<MOMENT>) AS first, max(<MOMENT>) AS last, count(*) AS records,
        arg_min(first_cell, (start, document_id, row)) FILTER (target = $number AND first_cell <> '') AS first_cell,
        arg_max(first_cell, (start, document_id, row)) FILTER (target = $number AND first_cell <> '') AS last_cell,
        arg_min(document_id, (start, document_id, row)) AS first_document, arg_min(row, (start, document_id, row)) AS first_row,
        arg_max(document_id, (start, document_id, row)) AS last_document, arg_max(row, (start, document_id, row)) AS last_row, <ZONED>
    FROM <RECORDS> AS r WHERE start IS NOT NULL AND <PERIOD> GROUP BY 1 ORDER BY 1"""

COMMON = """
    WITH sides AS MATERIALIZED (
        SELECT a AS own, b AS contact, start, duration, (target = a AND b_kind IN <SERVICE>) AS service, document_id, row
        FROM counted WHERE a IN <NUMBERS> AND <PERIOD>
        UNION ALL
        SELECT b, a, start, duration, (target = b AND b_kind IN <SERVICE>), document_id, row
        FROM counted WHERE b IN <NUMBERS> AND <PERIOD>)
    SELECT contact, own, count(*) AS records, coalesce(sum(duration), 0) AS seconds, min(start) AS first, max(start) AS last,
        arg_min(document_id, (start, document_id, row)) FILTER (start IS NOT NULL) AS first_document,
        arg_min(row, (start, document_id, row)) FILTER (start IS NOT NULL) AS first_row
    FROM sides WHERE contact <> '' AND contact <> own AND ($services OR NOT service)
        AND contact IN (SELECT contact FROM sides GROUP BY contact HAVING count(DISTINCT own) >= 2)
    GROUP BY contact, own ORDER BY contact, own"""

DEVICES = """
    WITH used AS (
        SELECT target AS number, imei, imsi, count(*) AS records, min(start) AS first, max(start) AS last,
            arg_min(document_id, (start, document_id, row)) FILTER (start IS NOT NULL) AS first_document,
            arg_min(row, (start, document_id, row)) FILTER (start IS NOT NULL) AS first_row
        FROM counted WHERE target <> '' AND (imei <> '' OR imsi <> '') AND <PERIOD>
            AND <TARGETS>
        GROUP BY 1, 2, 3),
    cards AS (SELECT imei, count(DISTINCT imsi) AS n FROM used WHERE imei <> '' AND imsi <> '' GROUP BY imei),
    handsets AS (SELECT imsi, count(DISTINCT imei) AS n FROM used WHERE imei <> '' AND imsi <> '' GROUP BY imsi)
    SELECT u.number, u.imei, u.imsi, u.records, u.first, u.last, coalesce(c.n, 0) AS cards_of_handset,
        coalesce(h.n, 0) AS handsets_of_card, u.first_document, u.first_row
    FROM used AS u LEFT JOIN cards AS c ON c.imei = u.imei LEFT JOIN handsets AS h ON h.imsi = u.imsi
    ORDER BY u.number, u.first, u.imei, u.imsi"""

SUMMARY = """
    SELECT event, direction, count(*) AS records, coalesce(sum(duration), 0) AS seconds, min(start) AS first,
        max(start) AS last, count(*) FILTER (start IS NULL) AS without_time, count(*) FILTER (start_utc IS NULL) AS without_zone
    FROM <RECORDS> AS r WHERE <PERIOD> GROUP BY 1, 2 ORDER BY records DESC, event, direction"""

UNCOUNTED = """SELECT rule, count(*) AS records FROM call_marks WHERE NOT counts GROUP BY rule ORDER BY rule"""

TIES = """
    SELECT a, b, document_id, count(*) AS records, min(start) AS first, max(start) AS last,
        bool_or(target = b AND b_kind IN <SERVICE>) OR regexp_matches(a, <CODE>) AS a_service,
        bool_or(target = a AND b_kind IN <SERVICE>) OR regexp_matches(b, <CODE>) AS b_service
    FROM counted WHERE a <> '' AND b <> '' AND <DOCUMENTS> GROUP BY a, b, document_id"""
"""Held as `ties` by `call_network.count_pairs`: ten million records come to two million rows,
and each question to them takes milliseconds."""

LINKS = """
    WITH asked AS (SELECT DISTINCT unnest(CAST($numbers AS VARCHAR[])) AS number),
    named AS (SELECT DISTINCT unnest(CAST($first AS VARCHAR[])) AS number),
    pairs AS MATERIALIZED (
        SELECT a, b, sum(records) AS records, bool_or(a_service OR b_service) AS service FROM ties
        WHERE len($numbers) = 0 OR a IN (FROM asked) OR b IN (FROM asked) GROUP BY a, b),
    best AS (
        SELECT a, b FROM pairs ORDER BY service, CAST(a IN (FROM named) AS INT) + CAST(b IN (FROM named) AS INT) DESC,
            records DESC, a, b LIMIT $limit)
    SELECT t.*, (SELECT count(*) FROM pairs WHERE NOT service) AS pairs,
        coalesce((SELECT sum(records) FROM pairs WHERE NOT service), 0) AS total
    FROM ties AS t JOIN best USING (a, b) ORDER BY t.a, t.b, t.document_id"""

BEHIND = """
    WITH asked AS (SELECT DISTINCT unnest(CAST($callers AS VARCHAR[])) AS a, unnest(CAST($called AS VARCHAR[])) AS b)
    SELECT a, b, document_id, source, row, start, zone, event, duration, first_cell, imei, count(*) OVER (PARTITION BY a, b) AS records
    FROM counted JOIN asked USING (a, b) WHERE <DOCUMENTS>
    QUALIFY row_number() OVER (PARTITION BY a, b ORDER BY start NULLS LAST, document_id, row) <= $each
    ORDER BY start NULLS LAST, document_id, row"""

SIZE = """
    WITH asked AS (SELECT DISTINCT unnest(CAST($callers AS VARCHAR[])) AS a, unnest(CAST($called AS VARCHAR[])) AS b)
    SELECT count(*) AS records, count(DISTINCT (a, b, CAST(start AS DATE))) AS days
    FROM counted JOIN asked USING (a, b) WHERE start IS NOT NULL AND <DOCUMENTS>"""

MOMENTS = """
    WITH asked AS (SELECT DISTINCT unnest(CAST($callers AS VARCHAR[])) AS a, unnest(CAST($called AS VARCHAR[])) AS b)
    SELECT a, b, document_id, row, epoch_ms(coalesce(start_utc, start)) AS begun, zone, event, duration
    FROM counted JOIN asked USING (a, b) WHERE start IS NOT NULL AND <DOCUMENTS>
    ORDER BY begun, document_id, row LIMIT $limit"""

PAIR_DAYS = """
    WITH asked AS (SELECT DISTINCT unnest(CAST($callers AS VARCHAR[])) AS a, unnest(CAST($called AS VARCHAR[])) AS b)
    SELECT a, b, epoch_ms(CAST(CAST(start AS DATE) AS TIMESTAMP)) AS begun, count(*) AS records, min(document_id) AS document_id
    FROM counted JOIN asked USING (a, b) WHERE start IS NOT NULL AND <DOCUMENTS>
    GROUP BY a, b, CAST(start AS DATE) ORDER BY records DESC, begun, a, b LIMIT $limit"""

MASTS = """
    WITH asked AS (SELECT DISTINCT unnest(CAST($numbers AS VARCHAR[])) AS target),
    sites AS (
        SELECT cell, arg_min(name, row) AS name, avg(lat) AS lat, avg(lon) AS lon, arg_min(azimuth, row) AS azimuth,
            arg_min(beam, row) AS beam, arg_min(range, row) AS range
        FROM cells WHERE NOT isnan(lat) AND NOT isnan(lon) GROUP BY cell),
    used AS (
        SELECT target, first_cell AS cell, count(*) AS records, min(start) AS first, max(start) AS last, min(document_id) AS document_id
        FROM counted JOIN asked USING (target) WHERE first_cell <> '' GROUP BY target, first_cell)
    SELECT target, cell, coalesce(s.name, '') AS name, lat, lon, azimuth, beam, range, records, first, last, document_id,
        count(*) OVER () AS masts
    FROM used JOIN sites AS s USING (cell) ORDER BY records DESC, target, cell LIMIT $limit"""

WHEREABOUTS = """
    WITH asked AS (SELECT DISTINCT unnest(CAST($holders AS VARCHAR[])) AS holder)
    SELECT holder, lat, lon, radius, "at", document_id, row, method, count(*) OVER () AS positions
    FROM positions JOIN asked USING (holder) WHERE abs(lat) <= 90 AND abs(lon) <= 180
    ORDER BY "at", document_id, row LIMIT $limit"""

PRESENT = "SELECT 1 AS there FROM ties WHERE a = $number OR b = $number LIMIT 1"

NAMED = """
    WITH asked AS (SELECT unnest(CAST($digests AS VARCHAR[])) AS digest)
    SELECT number, left(sha256($schema || chr(31) || number), $length) AS digest
    FROM (SELECT a AS number FROM ties UNION SELECT b FROM ties)
    WHERE left(sha256($schema || chr(31) || number), $length) IN (FROM asked)"""
"""Numbers of entity ids, which are digests of the numbers (`model.ids`)."""

PAID = """
    WITH beyond AS (
        SELECT unnest(CAST($documents AS VARCHAR[])) AS document_id, unnest(CAST($upto AS BIGINT[])) AS upto)
    SELECT payer_account, payer, beneficiary_account, beneficiary, source, document_id, count(*) AS records,
        min(nullif(date, '')) AS first, max(date) AS last
    FROM transfers JOIN beyond USING (document_id)
    WHERE row > upto AND (payer <> '' OR payer_account <> '') AND (beneficiary <> '' OR beneficiary_account <> '')
    GROUP BY ALL ORDER BY records DESC, payer_account, payer, beneficiary_account, beneficiary, document_id LIMIT $limit"""

PAID_ENTRIES = """
    WITH beyond AS (
        SELECT unnest(CAST($documents AS VARCHAR[])) AS document_id, unnest(CAST($upto AS BIGINT[])) AS upto),
    sides AS (
        SELECT DISTINCT unnest(CAST($payer_account AS VARCHAR[])) AS payer_account, unnest(CAST($payer AS VARCHAR[])) AS payer,
            unnest(CAST($beneficiary_account AS VARCHAR[])) AS beneficiary_account,
            unnest(CAST($beneficiary AS VARCHAR[])) AS beneficiary)
    SELECT payer_account, payer, beneficiary_account, beneficiary, document_id, source, row, date, amount, currency, purpose,
        reference, count(*) OVER mine AS records
    FROM transfers JOIN beyond USING (document_id) JOIN sides USING (payer_account, payer, beneficiary_account, beneficiary)
    WHERE row > upto WINDOW mine AS (PARTITION BY payer_account, payer, beneficiary_account, beneficiary)
    QUALIFY row_number() OVER (mine ORDER BY date = '', date, document_id, row) <= $each
    ORDER BY date = '', date, document_id, row"""

RECORDS = """
    SELECT source, document_id, row, start, zone, a, b, event, direction, duration, first_cell, imei, imsi, dq
    FROM <RECORDS> AS r WHERE ($contact = '' OR a = $contact OR b = $contact) AND <PERIOD>
    ORDER BY start, document_id, row LIMIT $limit"""

COMMON_SQL = MappingProxyType({
    "SUMMARY": SUMMARY, "CONTACTS": CONTACTS, "RHYTHM": RHYTHM, "DAYS": DAYS, "COMMON": COMMON, "DEVICES": DEVICES, "TIES": TIES,
    "UNCOUNTED": UNCOUNTED, "RECORDS": RECORDS,
})  # fmt: skip
"""Questions that run on either engine, by name."""
