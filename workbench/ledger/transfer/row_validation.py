"""Rows of a package, checked one by one against the columns of their table before anything is done with them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from workbench.errors import PackageError, SchemaError
from workbench.ledger.access.terms import FACETS, MATERIAL
from workbench.ledger.ledger import OFFICER_RUN
from workbench.ledger.records import messages
from workbench.ledger.records.package_tables import OPEN, REAL, TABLES, WHOLE, Row
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import has_valid_values
from workbench.model.ids import compute_digest
from workbench.model.schema import check_schema
from workbench.model.table_schemas import MASS
from workbench.model.time_zones import is_day, is_zone_name
from workbench.model.values.limits import is_number
from workbench.visible import escape_unprintable

LONGEST = 16 * 1024**2
"""Characters of one value."""
JSON = {"parameters": dict, "counts": dict, "passages": list, "detail": dict, "value": list}
"""Columns that hold JSON, in the tables where they do."""
JSON_TABLES = ("runs", "notes", "terms")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
"""When something was said or came: UTC, to the second, as every workbench writes it."""
WRITTEN = ("documents", "messages")
"""Tables in which `at` is a time as a source writes it."""
SHA256 = re.compile("[0-9a-f]{64}")
ID = re.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")
"""Ids of rows and things: no room for a text."""
CODE = re.compile("[A-Za-z0-9][A-Za-z0-9._+:@/=~-]{0,199}")
"""Words of programs: names of methods, versions, properties."""
CODES = frozenset({
    ("runs", "kind"), ("runs", "state"), ("runs", "method"), ("runs", "version"), ("documents", "schema"), ("statements", "schema"),
    ("statements", "prop"), ("evidence", "method"), ("evidence", "version"), ("readings", "method"), ("readings", "version"),
    ("decisions", "target_kind"), ("decisions", "verdict"), ("issues", "code"), ("source_facts", "name"),
})  # fmt: skip
"""Columns of words of programs. Whatever else is text is struck where a person is erased (`blotting`)."""
KINDS = ("received", "suggested", "decided")
JUDGEMENTS = ("same", "not same", "unsure", "open")
ON_CLAIMS = ("accepted", "rejected", "open")
RULED = {
    "statement": ("stated", "superseded", "withdrawn", "restored", *ON_CLAIMS), "suggestion": ON_CLAIMS, "evidence": ON_CLAIMS,
    "entity": ON_CLAIMS, "run": ("withdrawn", "restored"), "note": ("withdrawn", "restored"),
    "flag": ("confirmed", "dismissed", "restored"), messages.TARGET: (messages.DONE, messages.REOPENED),
}  # fmt: skip
"""Kind of what officers decide on -> how they decide: no other pair is anybody's word on something that travels."""
SEVERITIES = ("error", "warning", "info")
MESSAGES = ("message", "notice", "letter")
NOTES = ("note", "question", "hypothesis", "conclusion", "summary")
LISTS, WORDS = ("supporting", "opposing", "alternatives", "gaps", "terms"), ("probability", "basis")
FACT_FORMS: dict[str, Callable[[str], bool]] = {"zone": is_zone_name, "verified": is_day}
"""What is told of a source -> whether a text can be that."""
CHOICES = {"nature": ("fact", "assessment", "hypothesis"), "confidence": ("", "low", "moderate", "high")}
"""What the detail of a note may hold, for those who print it."""


def check_row(table: str, row: Row) -> Row:
    """The row, if it is one of its table.

    Raises
    ------
    PackageError
        Naming the table, the column and the value.
    """
    columns = TABLES[table].columns
    if set(row) != set(columns):
        raise _build_error(table, _describe_fault("columns"))
    for name, kind in columns.items():
        if not _is_of_type(row[name], kind):
            raise _build_error(
                table, _describe_fault("kind", column=name, value=escape_unprintable(str(row[name])[:60]))
            )
        if row[name] == "" and name in _list_names(table) and (table, name) not in OPEN:
            raise _build_error(table, _describe_fault("open", column=name))
        if not _is_bounded(table, name, str(row[name])):
            raise _build_error(
                table, _describe_fault("form", column=name, value=escape_unprintable(str(row[name])[:60]))
            )
        if table in JSON_TABLES and name in JSON:
            _check_json(table, name, str(row[name]))
        if _is_moment_column(table, name) and not _is_moment(name, str(row[name])):
            raise _build_error(
                table, _describe_fault("moment", column=name, value=escape_unprintable(str(row[name])[:60]))
            )
    if table in CHECKS and (why := CHECKS[table](row)):
        raise _build_error(table, why)
    return row


def _list_names(table: str) -> set[str]:
    """Columns that name a thing, or the row itself."""
    return set(TABLES[table].names) | ({"id"} & set(TABLES[table].columns))


def _is_bounded(table: str, name: str, value: str) -> bool:
    """Whether an id or a word of a program has the form of one: nothing that erasure does not look at holds free text."""
    if (table, name) in CODES:
        return not value or CODE.fullmatch(value) is not None
    named = TABLES[table].names.get(name, "id" if name == "id" else "")
    return not value or named in ("", "value", "passages") or ID.fullmatch(value) is not None


def _is_moment_column(table: str, name: str) -> bool:
    return name in ("received_at", "filed_at") or (name == "at" and table not in WRITTEN)


def _is_moment(name: str, value: str) -> bool:
    """Whether a text is a moment; only when a source came may not be left open."""
    if not value:
        return name != "received_at"
    return MOMENT.fullmatch(value) is not None and is_day(value[:10])


def _is_of_type(value: object, kind: type) -> bool:
    if kind is WHOLE:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63
    if kind is REAL:
        return isinstance(value, int | float) and not isinstance(value, bool) and is_number(value)
    return isinstance(value, str) and len(value) <= LONGEST and _is_text(value)


def _is_text(value: str) -> bool:
    """Whether it is whole characters: JSON can hold halves of them, which no file can."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_json(table: str, name: str, text: str) -> None:
    try:
        fits = isinstance(json.loads(text), JSON[name])
    except (ValueError, RecursionError):
        fits = False
    if not fits:
        raise _build_error(table, _describe_fault("form", column=name, value=escape_unprintable(text[:60])))


def _find_evidence_fault(row: Row) -> str:
    """By hand is what an officer says; what a program read is nobody's word."""
    by_hand = row["run_id"] == OFFICER_RUN
    if row["kind"] not in KINDS or by_hand != (row["kind"] == "decided") or by_hand != bool(row["officer"]):
        return _describe_fault("nobodys")
    return "" if 0 <= float(row["confidence"]) <= 1 else _describe_fault("confidence", value=row["confidence"])


def _find_statement_fault(row: Row) -> str:
    claim = [str(row[name]) for name in ("entity_id", "schema", "prop", "value")]
    if row["id"] != compute_digest("statement", *claim):
        return _describe_fault("statement")
    try:
        check_schema(str(row["schema"]), str(row["prop"]))
    except SchemaError as error:
        return str(error)
    return ""


def _find_source_fact_fault(row: Row) -> str:
    """A zone that there is, and a day that is one."""
    name, value = str(row["name"]), str(row["value"])
    fits = FACT_FORMS.get(name.removeprefix("own "))
    if not value or fits is None or fits(value):
        return ""
    return _describe_fault("form", column="value", value=escape_unprintable(value[:60]))


def _find_row_file_fault(row: Row) -> str:
    name = f"{row['kind']}-{str(row['sha256'])[:24]}.parquet"
    fits = row["kind"] in MASS and row["path"] == name and SHA256.fullmatch(str(row["sha256"]))
    return "" if fits else _describe_fault("mass", path=escape_unprintable(str(row["path"])[:60]))


def _find_term_fault(row: Row) -> str:
    own = row["target_kind"] in ("officer", "case") or row["facet"] in ("permission", "hold")
    if own or row["target_kind"] not in MATERIAL or row["facet"] not in FACETS:
        return _describe_fault(
            "term",
            kind=escape_unprintable(str(row["target_kind"])[:40]),
            facet=escape_unprintable(str(row["facet"])[:40]),
        )
    facet, said = str(row["facet"]), json.loads(str(row["value"]))
    if not _is_text_list(said):
        return _describe_fault("texts")
    if has_valid_values(facet, said):
        return ""
    return _describe_fault(
        "moment" if facet == "review" else "form", column="value", value=escape_unprintable(str(row["value"])[:60])
    )


def _find_note_fault(row: Row) -> str:
    """Its kind, the passages that it rests on, and in its detail lists where lists are and texts where texts are."""
    detail = json.loads(str(row["detail"]))
    lists = all(_is_text_list(detail.get(name, [])) for name in LISTS)
    texts = all(isinstance(detail.get(name, ""), str | int | float) for name in WORDS)
    texts &= all(detail.get(name, known[0]) in known for name, known in CHOICES.items())
    passages = json.loads(str(row["passages"]))
    fits = row["kind"] in NOTES and _is_text_list(passages) and all(map(ID.fullmatch, passages)) and lists and texts
    return "" if fits else _describe_fault("note")


def _find_message_fault(row: Row) -> str:
    """Which way it went, in which form, and lists of texts where lists are."""
    fits = row["direction"] in (messages.IN, messages.OUT) and row["form"] in MESSAGES
    try:
        fits = fits and all(_is_text_list(json.loads(str(row[name]))) for name in messages.LISTS)
    except (ValueError, RecursionError):
        fits = False
    return "" if fits else _describe_fault("message")


def _find_judgement_fault(row: Row) -> str:
    return (
        ""
        if row["judgement"] in JUDGEMENTS
        else _describe_fault("judgement", value=escape_unprintable(str(row["judgement"])[:40]))
    )


def _find_decision_fault(row: Row) -> str:
    kind, verdict = str(row["target_kind"]), str(row["verdict"])
    return (
        ""
        if is_ruled(kind, verdict)
        else _describe_fault("decision", kind=escape_unprintable(kind[:40]), verdict=escape_unprintable(verdict[:40]))
    )


def is_ruled(kind: str, verdict: str) -> bool:
    """Whether officers decide so on what is of this kind."""
    return verdict in RULED.get(kind, ())


def _is_text_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _find_run_fault(row: Row) -> str:
    if row["kind"] in ("officer", "package") or row["id"] == OFFICER_RUN:
        return _describe_fault("run", kind=escape_unprintable(str(row["kind"])))
    counts = json.loads(str(row["counts"]))
    fits = all(_is_count(value) or (name == "reason" and isinstance(value, str)) for name, value in counts.items())
    return "" if fits else _describe_fault("form", column="counts", value=escape_unprintable(str(row["counts"])[:60]))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53


CHECKS: dict[str, Callable[[Row], str]] = {
    "sources": lambda row: "" if SHA256.fullmatch(str(row["sha256"])) else _describe_fault("source"),
    "issues": lambda row: "" if row["severity"] in SEVERITIES else _describe_fault("severity",
    value=escape_unprintable(str(row["severity"])[:40])),
    "judgements": _find_judgement_fault, "decisions": _find_decision_fault, "notes": _find_note_fault,
    "evidence": _find_evidence_fault, "statements": _find_statement_fault,
    "row_files": _find_row_file_fault, "terms": _find_term_fault,
    "source_facts": _find_source_fact_fault, "runs": _find_run_fault, "messages": _find_message_fault,
}  # fmt: skip
"""Table -> why a row cannot stand, '' if it can."""


def _build_error(table: str, what: str) -> PackageError:
    return PackageError(
        Sentence(
            "A row of the table {table} is not valid. {what} The row was not added to a package and "
            "was not imported. If the row came in a package, tell the sender.",
            table=table,
            what=what,
        ),
        f"ledger/{table}.jsonl",
    )


def _describe_fault(what: str, **values: object) -> str:
    return Sentence(f"refused.row.why.{what}", **values)
