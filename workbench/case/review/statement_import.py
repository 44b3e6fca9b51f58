"""A table of statements as an officer puts it in: each row is looked at, what is wrong with one is said, the others go in together."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, cast

from workbench.case.access import marks
from workbench.case.access.claim_metadata import PARTED
from workbench.case.evidence import provenance
from workbench.case.review.decisions import Ground, place_of
from workbench.errors import CaseError, SchemaError, WorkbenchError
from workbench.ledger.erasure import tombstones
from workbench.ledger.records import row_tables, statement_batch
from workbench.ledger.sessions import gone_rows
from workbench.model import handling_marks
from workbench.model import schema as vocabulary
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import Mark, Scheme, build_mark, to_facets
from workbench.model.rows import Claim, Kind
from workbench.model.source_grading import parse_grade as read_grade
from workbench.model.table_schemas import HANDLED, SEEN, STATUS, iterate_rows
from workbench.model.values import limits

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.context.case_context import CaseContext

ANSWER = ("row", "state", "why", "statement_id", "entity_id")
"""What is told of each row: its label in the table; 'stated', 'known' (the case has it) or 'rejected'; why."""
REQUIRED = ("entity_id", "schema", "prop", "value")
TEXTS = (
    *REQUIRED, "original_value", "document_id", "passage_id", "trace_id", "method", "version", "kind", "officer", "because",
    "statement_id", "language", "grade", "nature", "purpose", "review", *HANDLED,
)  # fmt: skip
WHERE = ("document_id", "passage_id", "trace_id", "start", "end")
NARROW = ("evidence_id", "passage_id", "document_id", "statement_id")
"""Ids by which a row is traced before its entity is asked."""
ID = re.compile(r"[a-z]+-[0-9a-f]{24}")
LONGEST = limits.VALUE
"""Characters of a value."""
ANY = handling_marks.build_scheme("TLP")
"""Labels, codes and countries are the same in all schemes."""
KINDS = ("received", "suggested", "decided")
Key = tuple[str, ...]


class _RejectedError(WorkbenchError):
    """Why a row does not go in: the column, and what is wrong with which value."""


@dataclass(frozen=True, slots=True)
class _KnownRows:
    """What the case has, to compare rows with."""

    statements: frozenset[str]
    places: frozenset[Key]
    documents: frozenset[str]
    passages: Mapping[str, str]
    traces: frozenset[str]


@dataclass(frozen=True, slots=True)
class _ValidRow:
    """A row that is right."""

    claim: Claim
    texts: Mapping[str, str]
    said: Mapping[str, list[str]] = field(default_factory=dict)


def import_statements(context: CaseContext, frame: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Put a table of statements in; what became of each row (ANSWER).

    Raises
    ------
    CaseError
        If a column is missing, or nothing says where the table comes from. Then nothing is written.
    """
    import pandas as pd

    missing = [name for name in REQUIRED if name not in frame.columns]
    if missing:
        raise CaseError(
            Sentence(
                "The table has no column '{column}'. A statement needs these columns: {columns}.",
                column=missing[0],
                columns=tuple(REQUIRED),
            )
        )
    if not ground.reason.strip():
        raise CaseError(Sentence("The origin of the table is missing. Give `source='…'` or `because='…'`."))
    known, default = _load_known(context), place_of(context, ground.source) if ground.source else ("", "")
    found = [_parse_row(row, known, default) for row in _list_rows(frame)]
    handled = _list_marks(context, frame, ground, default)
    with context.ledger.group_transactions():  # what was erased up to now does not come in, whoever erases meanwhile
        rows, answer = _choose_rows(context, ground, known, list(zip(frame.index, found, handled, strict=True)))
        if rows:
            rejected = sum(row[1] == "rejected" for row in answer)
            statement_batch.import_statements(context.ledger, rows, ground.reason, rejected)
    return pd.DataFrame(answer, columns=pd.Index(ANSWER))


def _choose_rows(
    context: CaseContext,
    ground: Ground,
    known: _KnownRows,
    found: Sequence[tuple[Hashable, _ValidRow | Sentence, dict[str, list[str]]]],
) -> tuple[list[statement_batch.Put], list[tuple[object, ...]]]:
    """Rows that go in, and what is told of each (ANSWER); each was looked at already (`found`: label, claim or fault, mark)."""
    scheme = marks.get_marks(context).scheme
    overruled = _list_overruled(context)
    erased = _list_erased(context, [one.claim for _, one, _ in found if isinstance(one, _ValidRow)])
    rows: list[statement_batch.Put] = []
    answer: list[tuple[object, ...]] = []
    taken = set(known.places)
    for label, one, mark in found:
        if isinstance(one, Sentence):
            answer.append((label, "rejected", one.translate_to(context.say.language), "", ""))
            continue
        ids = one.claim.statement_id, one.claim.entity_id
        against = overruled.get(ids[0]) if one.claim.kind == "decided" else None
        if (against := erased.get(one.claim) or against) is not None:
            answer.append((label, "rejected", against.translate_to(context.say.language), *ids))
            continue
        made = one if _is_known(one, known, taken) else _drop_unverified_place(one)
        state = "known" if _is_known(made, known, taken) else "stated"
        if state == "stated":
            taken.add(_get_place(made.claim))
            said = {**made.said, **_raise_mark(made, mark, scheme)}
            rows.append(statement_batch.Put(made.claim, _format_reason(context, made, ground), said))
        why = (
            context.say(
                "The program did not find this statement at the place that the table gives. The "
                "statement was saved as stated by the table, without the place."
            )
            if made is not one
            else ""
        )
        answer.append((label, state, why, *ids))
    return rows, answer


def _list_rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Rows as mappings; of FollowTheMoney's name for the language as well."""
    named = frame.rename(columns={"lang": "language"}) if "language" not in frame.columns else frame
    kept = named.loc[:, [name in (*TEXTS, "start", "end", "confidence") for name in named.columns]].astype(object)
    kept = kept.where(kept.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in kept.to_dict("records")]


def _load_known(context: CaseContext) -> _KnownRows:
    rows = context.evidence
    names = ("statement_id", *WHERE, "method")
    places = zip(*(rows[name].astype(str) for name in names), strict=True)
    return _KnownRows(
        frozenset(rows["statement_id"]), frozenset(places), frozenset(context.documents["document_id"]),
        dict(zip(context.passages["passage_id"], context.passages["document_id"], strict=True)), frozenset(context.traces["trace_id"]),
    )  # fmt: skip


def _is_known(one: _ValidRow, known: _KnownRows, taken: set[Key]) -> bool:
    """Whether the case says it already: at this very place, or, where the row comes out of a case as it is, at any place."""
    same = one.claim.statement_id in known.statements and one.texts["statement_id"] == one.claim.statement_id
    return same or _get_place(one.claim) in taken


def _get_place(claim: Claim) -> Key:
    where = (claim.document_id, claim.passage_id, claim.trace_id, str(claim.start), str(claim.end))
    return (claim.statement_id, *where, claim.method)


def _drop_unverified_place(one: _ValidRow) -> _ValidRow:
    """The row without the place in a source of this case, where it says that the source states something which no reader found there.

    Whoever makes a table may suggest what a passage means, and an officer may decide it. That a source says so, only reading it shows.
    """
    if one.claim.kind != "received" or not one.claim.document_id:
        return one
    nowhere = replace(
        one.claim,
        document_id="",
        passage_id="",
        trace_id="",
        start=-1,
        end=-1,
        method=statement_batch.METHOD,
        version="1",
    )
    return replace(one, claim=nowhere)


def _list_overruled(context: CaseContext) -> dict[str, Sentence]:
    """Statements that do not count as an officer has decided, with who said so: no table makes them count again."""
    found = row_tables.list_decisions(context.ledger)
    latest = found.drop_duplicates("target_id", keep="last")
    against = latest[latest["verdict"].isin(["rejected", "superseded", "withdrawn"])]
    return {
        str(row.target_id): Sentence(
            "The statement was not added. On {day}, {officer} decided that it does not count in "
            "the case ({verdict}). To use the statement, restore or accept it yourself.",
            officer=row.officer,
            day=row.at[:10],
            verdict=row.verdict,
        )
        for row in iterate_rows(against)
    }


def _list_erased(context: CaseContext, claims: Sequence[Claim]) -> dict[Claim, Sentence]:
    """Claims whose statement, or an entity of it, was erased here and is not in the case again, and why each does not come in.

    A table that was made before an erasure has them still. A table quotes; what an officer states in own words is new.
    """
    if not tombstones.has_marks(context.ledger):
        return {}
    statements = gone_rows.list_missing_statements(context.ledger.connection, {claim.statement_id for claim in claims})
    named = {one for claim in claims for one in (claim.entity_id, claim.value) if ID.fullmatch(one)}
    entities = gone_rows.list_missing_entities(context.ledger.connection, named)
    gone = tombstones.find_marked(context.ledger, ("statement",), statements)
    gone |= tombstones.find_marked(context.ledger, ("entity",), entities)
    found: dict[Claim, Sentence] = {}
    for claim in claims:
        stones = [gone[one][-1] for one in (claim.statement_id, claim.entity_id, claim.value) if one in gone]
        if stones:
            said = tombstones.describe_erasure(context.ledger, stones[0])
            found[claim] = Sentence(
                "The statement was not added, because the statement or one of its entities was erased ({why}). "
                "Make the table again from the case as it is now.",
                why=said,
            )
    return found


def _format_reason(context: CaseContext, one: _ValidRow, ground: Ground) -> str:
    """The ground of the table, and in brackets who had said it before and why."""
    who, why = one.texts["officer"], one.texts["because"]
    before = f"{who}: {why}" if who and why and who != context.ledger.officer else why or who
    return f"{ground.reason} ({before})" if before and before != ground.reason else ground.reason


# Marked ------------------------------------------------------------------------------------------------------------------


def _list_marks(
    context: CaseContext, frame: pd.DataFrame, ground: Ground, default: tuple[str, str]
) -> list[dict[str, list[str]]]:
    """What is to be said of each row for it to carry the mark of the ids in it."""
    known = marks.get_marks(context)
    if known.plain:
        return [{} for _ in range(len(frame))]
    names = frame.loc[:, [name in marks.COLUMNS for name in frame.columns]].fillna("").astype(str)
    others = frame.loc[
        :, [name not in (*TEXTS, *marks.COLUMNS, *SEEN, STATUS, "run_id", "lang") for name in frame.columns]
    ]
    narrow = names.loc[:, [name in NARROW for name in names.columns]]
    placed = (narrow != "").any(axis=1).tolist() if len(narrow.columns) else [False] * len(frame)
    found = [
        mark if narrowly or not ground.source else _get_ground_mark(known, entity, default)
        for mark, narrowly, entity in zip(marks.list_row_marks(context, names), placed, names["entity_id"], strict=True)
    ]
    found = [
        mark | other
        for mark, other in zip(found, provenance.get_row_marks(context, others, known.default), strict=True)
    ]
    return [to_facets(mark, known.scheme) if mark != known.default else {} for mark in found]


def _raise_mark(one: _ValidRow, mark: dict[str, list[str]], scheme: Scheme) -> dict[str, list[str]]:
    """The mark that was reckoned, raised by what the table says of a row from elsewhere; it lowers nothing."""
    if one.claim.document_id or not any(one.texts[name] for name in HANDLED):
        return mark
    said = {name: _split_text(name, one.texts[name]) for name in HANDLED}
    return to_facets(build_mark(mark, scheme) | build_mark(said, scheme), scheme)


def _split_text(name: str, text: str) -> list[str]:
    return [part.strip() for part in text.split(PARTED[name].strip()) if part.strip()]


def _get_ground_mark(known: marks.Marks, entity: str, default: tuple[str, str]) -> Mark:
    """Mark of a row that rests on the source that was given for all."""
    document, passage = default
    source = (
        known.mark_of("passages", passage)
        if passage
        else known.mark_of("documents", document)
        if document
        else known.default
    )
    return source | (known.mark_of("entities", entity) if entity in known.visible_ids["entities"] else known.default)


# Looked at ---------------------------------------------------------------------------------------------------------------


def _parse_row(row: Mapping[str, object], known: _KnownRows, default: tuple[str, str]) -> _ValidRow | Sentence:
    """The row as a claim, or why it is none."""
    try:
        texts = {name: _parse_text(name, row.get(name)) for name in TEXTS}
        claim = _build_claim(texts, row, _resolve_place(texts, row, known, default))
        return _ValidRow(claim, texts, _parse_annotations(texts, claim))
    except _RejectedError as why:
        return cast(Sentence, why.args[0])


def _parse_text(name: str, value: object) -> str:
    """A text; '' where the cell is empty."""
    value = "" if value is None else value
    if not isinstance(value, str):
        raise _RejectedError(
            Sentence(
                "`{name}` is {value}, which is not text. Convert the column to text first.",
                name=name,
                value=_show(value),
            )
        )
    if name in REQUIRED and not value.strip():
        raise _RejectedError(Sentence("`{name}` is empty. Every statement needs a value in this column.", name=name))
    if len(value) > LONGEST or not _is_encodable(value):
        raise _RejectedError(
            Sentence(
                "`{name}` is too long or contains damaged characters: {value}. Correct the text in the table.",
                name=name,
                value=_show(value),
            )
        )
    return value


def _show(value: object) -> str:
    """A value as it is shown in a reason: in quotes, and at most 60 characters of it."""
    return f"{value!r:.60}"


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def _check_property(schema: str, prop: str) -> tuple[str, bool]:
    """What is wrong with a schema and its property, and whether the property points to an entity."""
    try:
        vocabulary.check_schema(schema, prop)
    except SchemaError as error:
        return error.sentence, False
    found = vocabulary.load_vocabulary().schemata[schema].properties[prop]
    return (
        Sentence(
            "The program takes `{prop}` of {schema} from statements about other entities. Add those "
            "statements instead.",
            prop=prop,
            schema=schema,
        )
        if found.stub
        else ""
    ), found.type.name == "entity"


def _build_claim(texts: Mapping[str, str], row: Mapping[str, object], where: tuple[str, str, str, int, int]) -> Claim:
    wrong, points = _check_property(texts["schema"], texts["prop"])
    if wrong:
        raise _RejectedError(Sentence("The value of `schema` or `prop` is not accepted. {why}", why=wrong))
    for name in ("entity_id", "value") if points else ("entity_id",):
        if not ID.fullmatch(texts[name]):
            raise _RejectedError(
                Sentence(
                    "`{name}` is {value}, which is not the id of an entity. `case.entities()` lists the ids. "
                    "`case.evidence.add` creates an entity.",
                    name=name,
                    value=_show(texts[name]),
                )
            )
    kind = texts["kind"] or "decided"
    if kind not in KINDS:
        raise _RejectedError(
            Sentence("`kind` is {value}. It must be one of: {kinds}.", value=_show(kind), kinds=tuple(KINDS))
        )
    value, original = texts["value"], texts["original_value"]
    if limits.find_fault(texts["prop"], value):
        raise _RejectedError(
            Sentence(
                "`value` is outside the range that the program can calculate with: {value}. Correct the value.",
                value=_show(value),
            )
        )
    if len(value) > limits.get_max_length(texts["prop"]):
        raise _RejectedError(
            Sentence(
                "`value` is too long for `{prop}`: {value}. Shorten the value.", value=_show(value), prop=texts["prop"]
            )
        )
    method = texts["method"] or ("officer" if kind == "decided" else statement_batch.METHOD)
    return Claim(
        texts["entity_id"], texts["schema"], texts["prop"], value, "" if original == value else original, *where,
        method, texts["version"] or "1", _parse_confidence(row.get("confidence")), cast(Kind, kind),
    )  # fmt: skip


def _parse_confidence(value: object) -> float:
    if value is None or value == "":
        return 1.0
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) <= 1:
        raise _RejectedError(Sentence("`confidence` is {value}. It must be a number from 0 to 1.", value=_show(value)))
    return float(value)


def _resolve_place(
    texts: Mapping[str, str], row: Mapping[str, object], known: _KnownRows, default: tuple[str, str]
) -> tuple[str, str, str, int, int]:
    """Document, passage, trace, start and end, as far as they are of this case; else the source that was given for all."""
    document, passage, trace = texts["document_id"], texts["passage_id"], texts["trace_id"]
    lies = known.passages.get(passage, "")
    if lies and document and document != lies:
        raise _RejectedError(
            Sentence(
                "The passage {passage} does not belong to the document {document}.",
                passage=_show(passage),
                document=_show(document),
            )
        )
    document = lies or (document if document in known.documents else "")
    if not document:
        return (*(("", "") if texts["document_id"] or passage else default), "", -1, -1)
    start, end = (_parse_number(name, row.get(name)) for name in ("start", "end"))
    if (start < 0) != (end < 0) or start > end:
        raise _RejectedError(
            Sentence(
                "`start` is {start} and `end` is {end} (-1: not given). Give both or neither. `end` must not be "
                "less than `start`.",
                start=start,
                end=end,
            )
        )
    marked = (start, end) if lies else (-1, -1)
    return (document, passage if lies else "", trace if trace in known.traces else "", *marked)


def _parse_number(name: str, value: object) -> int:
    if value is None or value == "":
        return -1
    if (
        isinstance(value, bool)
        or not isinstance(value, Real)
        or not float(value).is_integer()
        or not -1 <= float(value) < limits.LARGEST
    ):
        raise _RejectedError(
            Sentence(
                "`{name}` is {value}. It must be a whole number: the position of a character in the text, "
                "counted from 0.",
                name=name,
                value=_show(value),
            )
        )
    return int(float(value))


def _parse_annotations(texts: Mapping[str, str], claim: Claim) -> dict[str, list[str]]:
    """What is said beside the claim. Of a place that the case has, its own grade counts and not the table's."""
    found: dict[str, list[str]] = {}
    for name, check in CHECKS.items():
        if texts[name] and (name == "language" or not claim.document_id):
            try:
                found[name] = check(texts[name])
            except (CaseError, _RejectedError) as error:
                raise _RejectedError(
                    Sentence(
                        "`{name}` is {value}, which is not accepted. {why}",
                        name=name,
                        value=_show(texts[name]),
                        why=error,
                    )
                ) from error
    for name in ("tlp", "handling", "barred"):
        for part in _split_text(name, texts[name]):
            try:
                handling_marks.check_facet(name, part, ANY)
            except CaseError as error:
                raise _RejectedError(Sentence("`{name}`: {why}", name=name, why=error)) from error
    return found


def _build_check(*allowed: str) -> Callable[[str], list[str]]:
    def check(text: str) -> list[str]:
        if text not in allowed:
            raise _RejectedError(Sentence("It must be one of: {allowed}.", allowed=allowed))
        return [text]

    return check


def _parse_day(text: str) -> list[str]:
    try:
        return [date.fromisoformat(text).isoformat()]
    except ValueError as error:
        raise _RejectedError(Sentence("Write the date in the form 2026-05-31.")) from error


def _parse_grade(text: str) -> list[str]:
    return [str(read_grade(text))]


def _parse_language(text: str) -> list[str]:
    if not handling_marks.is_formed("language", text):
        raise _RejectedError(Sentence("Use an ISO 639 code, such as 'fr' or 'fra'."))
    return [text]


def _parse_purposes(text: str) -> list[str]:
    if not (found := [part for part in text.split(", ") if part.strip()]):
        raise _RejectedError(Sentence("Give the purpose for which the material is saved."))
    return found


CHECKS: dict[str, Callable[[str], list[str]]] = {
    "language": _parse_language, "grade": _parse_grade, "nature": _build_check(*handling_marks.NATURES), "purpose": _parse_purposes,
    "review": _parse_day,
}  # fmt: skip
"""Column -> what it says as the ledger keeps it."""
