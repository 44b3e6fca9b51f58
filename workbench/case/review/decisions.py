"""What an officer says by hand: entities and links, corrections, judgements, verdicts, notes.

All signed, all reversible, all told apart from what a source said (kind 'decided').
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_entity
from workbench.errors import CaseError, SchemaError
from workbench.ledger import Object, now
from workbench.ledger.access import note_sources
from workbench.ledger.records import row_tables
from workbench.model import probability_scales
from workbench.model import schema as vocabulary
from workbench.model.catalogue import Sentence, get_term
from workbench.model.ids import build_entity_id
from workbench.model.rows import Claim
from workbench.model.values import limits

KNOWLEDGE = "officer's knowledge"
"""The source of what no document says."""
SHOWN = 60
JUDGEMENTS = {True: "same", False: "not same", None: "unsure"}
NOTE_KINDS = ("note", "question", "hypothesis", "conclusion", "summary")
NOTE_WORDS = {
    "nature": ("fact", "assessment", "hypothesis"),
    "confidence": ("low", "moderate", "high"),
    "probability": probability_scales.WORDS,
}
NOTE_DETAIL = (*NOTE_WORDS, "basis", "supporting", "opposing", "alternatives", "gaps", "terms")
"""What a note may tell beside its text."""


@dataclass(frozen=True, slots=True)
class Ground:
    """On what an officer's word rests: a source (a passage, a document, the officer's knowledge) and the reason."""

    source: str
    because: str = ""

    @property
    def reason(self) -> str:
        """The reason, the source where none is given."""
        return self.because or self.source


def add_entity(context: CaseContext, schema: str, entity: str, properties: Mapping[str, str], ground: Ground) -> str:
    """Add an entity, a link or further properties of one; returns the entity's id."""
    if not properties:
        raise CaseError(
            Sentence(
                "{kind}: no property was given. Give at least one, for example `name='…'`.",
                kind=get_term("schema", schema),
            )
        )
    place = place_of(context, ground.source)
    ranges = _list_entity_properties(schema)
    values = {
        prop: (find_entity(context, value) if prop in ranges else _normalise_value(schema, prop, value))
        for prop, value in properties.items()
    }
    key = (
        find_entity(context, entity)
        if entity
        else build_entity_id(schema, "decided", now(), *(f"{k}={v}" for k, v in sorted(values.items())))
    )
    claims = [_build_claim((key, schema, prop), value, properties[prop], place) for prop, value in values.items()]
    context.ledger.add_claims(claims, because=ground.reason)
    return key


def _normalise_value(schema: str, prop: str, value: str) -> str:
    """What an officer states, in FollowTheMoney's form and within the limits of values.

    Raises
    ------
    SchemaError
        If it is no date where one is asked for, nobody can reckon with it, or it is too long.
    """
    clean, most = vocabulary.normalise_value(schema, prop, value), limits.get_max_length(prop)
    if limits.find_fault(prop, clean) or limits.find_fault(prop, value):
        raise SchemaError(
            Sentence(
                "`{prop}`: '{value}' is outside the range that the program can calculate with. Correct the value.",
                prop=prop,
                value=limits.cut_text(value, SHOWN),
            )
        )
    if len(clean) > most or len(value) > limits.VALUE:
        raise SchemaError(
            Sentence(
                "`{prop}`: the text has {count} characters. The maximum is {most}. Shorten it, or put the text "
                "into a note.",
                prop=prop,
                count=max(len(clean), len(value)),
                most=most,
            )
        )
    return clean


def correct_value(context: CaseContext, entity: str, prop: str, value: str, old: str, ground: Ground) -> None:
    """Supersede a value: the old statement no longer counts, the officer's does."""
    key = find_entity(context, entity)
    found = context.evidence[(context.evidence["canonical_id"] == key) & (context.evidence["prop"] == prop)]
    values = sorted(set(found["value"]))
    if not values:
        raise CaseError(
            Sentence(
                "{name} has no `{prop}` to correct. To add a value, use `case.evidence.add`.",
                name=context.get_caption(key),
                prop=prop,
            )
        )
    if old and old not in values:
        raise CaseError(
            Sentence(
                "{name} has no `{prop}` '{value}' to correct. Stated values: {values}. To add a value, use "
                "`case.evidence.add`.",
                name=context.get_caption(key),
                prop=prop,
                value=old,
                values=tuple(values),
            )
        )
    if not old and len(values) > 1:
        raise CaseError(
            Sentence(
                "{name} has {count} values of `{prop}`: {values}. State which value to correct: `old='…'`.",
                name=context.get_caption(key),
                count=len(values),
                prop=prop,
                values=tuple(values),
            )
        )
    row = found[found["value"] == (old or values[0])].iloc[0]
    place = place_of(context, ground.source)
    clean = _normalise_value(str(row["schema"]), prop, value)
    claim = _build_claim((str(row["entity_id"]), str(row["schema"]), prop), clean, value, place)
    if claim.statement_id == row["statement_id"]:
        raise CaseError(
            Sentence(
                "`{prop}` of {name} is already '{value}'. Nothing was changed.",
                prop=prop,
                name=context.get_caption(key),
                value=value,
            )
        )
    context.ledger.add_claims([claim], because=ground.reason, replaces=str(row["statement_id"]))


def judge_pairs(context: CaseContext, pairs: Iterable[tuple[str, str]], *, same: bool | None, because: str) -> None:
    """Judge pairs of entities."""
    chosen = list(pairs)
    if not chosen:
        raise CaseError(Sentence("No pair was given. Give rows from `case.judgements.duplicates()`, or two names."))
    if not because.strip():
        why = Sentence("A judgement needs a reason. Give the reason, for example: `because='same passport'`.")
        raise context.ledger.refuse("combination", Object("pair", count=len(chosen)), why)
    if same:
        _may_be_one(context, chosen)
    context.ledger.judge(chosen, JUDGEMENTS[same], because)


def _may_be_one(context: CaseContext, pairs: Iterable[tuple[str, str]]) -> None:
    """Refuse to join what can never be one thing."""
    schemata = dict(zip(context.evidence["entity_id"], context.evidence["schema"], strict=True))
    for left, right in pairs:
        one, other = schemata.get(left, ""), schemata.get(right, "")
        if not vocabulary.may_be_one(one, other):
            kinds, names = (
                (get_term("schema", one), get_term("schema", other)),
                (context.get_caption(left), context.get_caption(right)),
            )
            raise CaseError(
                Sentence(
                    "{kind} and {other} can never be the same item ({names}). If one of them uses or has the other, "
                    "add this as a statement: `case.evidence.add('Attribution', …)`.",
                    kind=kinds[0],
                    other=kinds[1],
                    names=names,
                )
            )


def list_pair_ids(context: CaseContext, pairs: pd.DataFrame | Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of ids of the rows of a PAIRS table, of one row, or of two names."""
    if isinstance(pairs, pd.Series) and "left_id" in pairs.index:
        pairs = pairs.to_frame().T
    if isinstance(pairs, pd.DataFrame):
        if missing := [name for name in ("left_id", "right_id") if name not in pairs]:
            raise CaseError(
                Sentence(
                    "The table has no column '{column}'. Give rows from `case.judgements.duplicates()`, or two names.",
                    column=missing[0],
                )
            )
        return list(zip(pairs["left_id"], pairs["right_id"], strict=True))
    if len(pairs) != 2:
        raise CaseError(
            Sentence("A pair needs two names, but you gave {count}: {names}.", count=len(pairs), names=tuple(pairs))
        )
    left, right = (find_entity(context, name) for name in pairs)
    if left == right:
        raise CaseError(
            Sentence(
                "'{one}' and '{other}' are already one entity ({id}). To split this entity, use "
                "`case.judgements.split`.",
                one=pairs[0],
                other=pairs[1],
                id=left,
            )
        )
    return [(left, right)]


def split_entity(context: CaseContext, entity: str, because: str) -> int:
    """Take back every judgement that joins an entity to others; number of pairs reopened."""
    key = find_entity(context, entity)
    known = row_tables.list_judgements(context.ledger)
    joined = known[(known["judgement"] == "same") & known["left_id"].map(lambda x: context.canonical.get(x, x) == key)]
    if joined.empty:
        raise CaseError(
            Sentence("No judgement merged '{name}' with another entity, so there is nothing to split.", name=entity)
        )
    context.ledger.judge(list(zip(joined["left_id"], joined["right_id"], strict=True)), "open", because)
    return len(joined)


def review_suggestions(context: CaseContext, targets: Sequence[str], verdict: str, because: str) -> None:
    """Accept or reject suggestions: places of evidence, statements or whole entities, by id."""
    known = (
        set(context.evidence["evidence_id"])
        | set(context.evidence["statement_id"])
        | set(context.evidence["entity_id"])
    )
    unknown = [target for target in targets if target not in known]
    if not targets:
        raise CaseError(
            Sentence(
                "No id was given. Give ids from the columns `evidence_id`, `statement_id` or `entity_id`, or "
                "rows from `case.review.flags()`."
            )
        )
    if unknown:
        raise CaseError(
            Sentence(
                "'{name}' is not the id of a statement, an entity or a place in a source. Use ids from the "
                "tables of the case. Give flags and remarks separately. To adopt a remark, use "
                "`case.review.adopt(…)`.",
                name=unknown[0],
            )
        )
    context.ledger.decide("suggestion", list(targets), verdict, because)


def add_note(context: CaseContext, text: str, kind: str, passages: Sequence[str], detail: Mapping[str, object]) -> str:
    """Keep a note, question, hypothesis, conclusion or the summary, tied to passages; returns its id."""
    if kind not in NOTE_KINDS:
        raise CaseError(
            Sentence("'{kind}' is not a kind of note. Use one of these: {kinds}.", kind=kind, kinds=tuple(NOTE_KINDS))
        )
    if not text.strip():
        raise CaseError(Sentence("The note is empty. Write the text that you want to save."))
    if unknown := sorted(set(detail) - set(NOTE_DETAIL)):
        raise CaseError(
            Sentence(
                "A note has no field '{name}'. Use one of these: {names}.", name=unknown[0], names=tuple(NOTE_DETAIL)
            )
        )
    for name, words in NOTE_WORDS.items():
        if detail.get(name) and detail[name] not in words:
            raise CaseError(
                Sentence(
                    "{name}: '{value}' is not known. Use one of these: {words}.",
                    name=name,
                    value=detail[name],
                    words=tuple(words),
                )
            )
    named = list(note_sources.list_cited_passages(passages, detail))
    known = row_tables.select_live_passages(context.ledger, named) if named else set()
    missing = [passage for passage in named if passage not in known]
    if missing:
        raise CaseError(
            Sentence(
                "The passage '{passage}' is not in this case. Use ids from the column `passage_id` of a search result.",
                passage=missing[0],
            )
        )
    return context.ledger.add_note(kind, text, passages, detail)


def place_of(context: CaseContext, source: str) -> tuple[str, str]:
    """Document and passage of a source named by a person: a passage id, a document id, or the officer's knowledge."""
    if source == KNOWLEDGE:
        return "", ""
    passage = context.passages[context.passages["passage_id"] == source]
    if len(passage):
        return str(passage["document_id"].iloc[0]), source
    if (context.documents["document_id"] == source).any():
        return source, ""
    raise CaseError(
        Sentence(
            "The source '{source}' is not in this case. Give a `passage_id` or `document_id` from a search. "
            "If the information does not come from a document, give '{knowledge}'.",
            source=source,
            knowledge=KNOWLEDGE,
        )
    )


def _build_claim(what: tuple[str, str, str], value: str, original: str, place: tuple[str, str]) -> Claim:
    """An officer's claim; `what` is entity id, schema and property, `place` document and passage."""
    return Claim(
        *what,
        value,
        original_value="" if original == value else original,
        document_id=place[0],
        passage_id=place[1],
        method="officer",
        version="1",
        kind="decided",
    )


def _list_entity_properties(schema: str) -> set[str]:
    vocabulary.check_schema(schema)
    properties = vocabulary.load_vocabulary().schemata[schema].properties
    return {name for name, prop in properties.items() if prop.type.name == "entity"}


def check_properties(schema: str, properties: Iterable[str]) -> None:
    """Raise unless the schema has all the properties.

    Raises
    ------
    SchemaError
        With the nearest known name.
    """
    for prop in properties:
        vocabulary.check_schema(schema, prop)
    if vocabulary.is_edge(schema):
        relation = vocabulary.RELATIONS[schema]
        missing = [end for end in (relation.source, relation.target) if end not in properties]
        if missing:
            ends = {"source": relation.source, "target": relation.target}
            raise SchemaError(
                Sentence(
                    "{kind} links two entities, but '{missing}' is missing. Give `{source}=` and `{target}=`.",
                    kind=get_term("schema", schema),
                    missing=missing[0],
                    **ends,
                )
            )


__all__ = [
    "KNOWLEDGE",
    "NOTE_KINDS",
    "add_entity",
    "add_note",
    "check_properties",
    "correct_value",
    "judge_pairs",
    "list_pair_ids",
    "place_of",
    "review_suggestions",
    "split_entity",
]  # fmt: skip
