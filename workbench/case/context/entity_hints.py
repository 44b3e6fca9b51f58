"""What tells one thing from another: birth date, numbers, what it uses, where it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.graph import list_attributions
from workbench.model.catalogue import Sentence
from workbench.model.schema import translate_schema
from workbench.model.table_schemas import iterate_rows
from workbench.model.text.transliteration import add_transliteration
from workbench.visible import escape_hidden

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.context.case_context import CaseContext
    from workbench.model.catalogue import Translator

VALUES = 4
"""Values of one property that are shown of a thing."""
SHOWN = 8
"""Choices that the message about an ambiguous name lists."""
PROPERTIES = {
    "name": "names", "alias": "also", "weakAlias": "also", "birthDate": "born", "nationality": "nationality",
    "address": "address", "phone": "telephone", "email": "email", "username": "user", "number": "number",
    "idNumber": "number", "registrationNumber": "register", "jurisdiction": "country",
}  # fmt: skip
"""Properties that help to tell two things apart, and how an analyst calls them: `fact.…` in the catalogue."""
ALIKE = frozenset({"names", "also", "files"})
"""What tells things that share a name from each other least: their names, and the files, of which the first stands beside the fact."""


def list_facts(context: CaseContext, entity: str) -> list[tuple[str, str]]:
    """What tells a thing from others, most telling first: property and values; 'uses'; the files or officers that say so."""
    rows = context.evidence[(context.evidence["canonical_id"] == entity) & (context.evidence["verdict"] != "rejected")]
    known = [
        (
            context.say(f"fact.{name}"),
            _format_first(rows.loc[rows["prop"] == prop, "value"].map(add_transliteration), context.say),
        )
        for prop, name in PROPERTIES.items()
        if prop in set(rows["prop"])
    ]
    held = list_attributions(context.evidence, context.canonical)
    files = context.traces.loc[context.traces["document_id"].isin(rows["document_id"]), "source_name"]
    more = (
        ("uses", held.loc[held["holder"] == entity, "held"].map(context.display_name)),
        ("files", files),
        ("stated", rows.loc[rows["officer"] != "", "officer"]),
    )
    return [
        *known,
        *((context.say(f"fact.{name}"), _format_first(values, context.say)) for name, values in more if len(values)),
    ]


def describe_ambiguity(context: CaseContext, name: str, found: pd.DataFrame) -> Sentence:
    """That a name fits several things (rows of ENTITIES): at most SHOWN choices, each with a fact and a source, and how to choose."""
    listed = found.head(SHOWN)
    known = [list_facts(context, key) for key in listed["canonical_id"]]
    lines = [
        f"  {add_transliteration(row.caption)} – {translate_schema(row.schema, context.say.language)}, id {row.canonical_id} – "
        + " – ".join(filter(None, (_select_fact(context, own, known), _find_first_document(context, row.canonical_id))))
        for row, own in zip(iterate_rows(listed), known, strict=True)
    ]
    if len(found) > SHOWN:
        lines.append(f"  {context.say('refused.find.more', more=len(found) - SHOWN)}")
    first, second = listed["canonical_id"].iloc[:2]
    return Sentence(
        "{count} entities in this case have the name '{name}':\n{listed}\nGive the id instead of the name, "
        "for example '{first}'. If some of them are the same person or item, judge them first: "
        "`case.judgements.judge(['{first}', '{second}'], same=True, because='…')`.",
        name=name,
        count=len(found),
        listed="\n".join(lines),
        first=first,
        second=second,
    )


def _select_fact(context: CaseContext, own: list[tuple[str, str]], known: list[list[tuple[str, str]]]) -> str:
    """The first fact that none of the others shares, else the first fact."""
    alike = {context.say(f"fact.{name}") for name in ALIKE}
    told = [fact for fact in own if fact[0] not in alike]
    alone = [fact for fact in told if sum(fact in others for others in known) == 1]
    return " ".join((alone or told or [("", context.say("no other facts to show"))])[0]).strip()


def _find_first_document(context: CaseContext, entity: str) -> str:
    """The first document that says something of a thing, by its title, else by its file; that of a message has its reference."""
    said = set(context.evidence.loc[context.evidence["canonical_id"] == entity, "document_id"])
    found = context.documents[context.documents["document_id"].isin(said)]
    if found.empty:
        return ""
    document, title = found[["document_id", "title"]].iloc[0]
    files = context.traces.loc[context.traces["document_id"] == document, "source_name"]
    return context.say("in “{title}”", title=escape_hidden(title or next(iter(files), document)))


def _format_first(values: pd.Series[str], say: Translator) -> str:
    found = list(dict.fromkeys(values))
    told = ", ".join(found[:VALUES])
    return say("fact.more", values=told, n=say.figure(len(found) - VALUES)) if len(found) > VALUES else told
