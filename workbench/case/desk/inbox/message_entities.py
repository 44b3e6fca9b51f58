"""What the texts of a message name, and what links it with the rest of the case: for the desk that is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.case.context import entity_hints
from workbench.extract.identifiers.identifier_types import KINDS
from workbench.ledger.records import messages, references
from workbench.messages.model.message_fields import list_texts
from workbench.messages.model.message_links import EarlierMention, Link, NamedItem
from workbench.model.table_schemas import iterate_rows
from workbench.views import desk as view

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.context.case_context import CaseContext
    from workbench.messages.model.message import Correspondence

NAMING = frozenset({
    "name", "alias", "firstName", "lastName", "number", "imei", "imsi", "registrationNumber", "accountNumber", "iban", "publicKey",
    "email",
})  # fmt: skip
"""Properties by which a text names a thing."""
SHORTEST = 3
"""Letters of words that are looked for in a text."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that a message names.

    Attributes
    ----------
    key : str
        By which the desk asks for its links.
    schema, label : str
    entity : str
        Its id in the case, '' for none.
    sure : bool
        Whether it is more than a suggestion.
    links : DataFrame or None
        Rows of `case.desk.links` about it.
    document : str
        The message that names it.
    """

    key: str
    schema: str
    label: str
    entity: str = ""
    sure: bool = True
    links: pd.DataFrame | None = None
    document: str = ""


def find_entities(context: CaseContext, document: str, links: pd.DataFrame) -> dict[str, Thing]:
    """Words -> the thing that they name in a message: what links it first, then what it states and what was read in it."""
    rows = context.evidence
    rows = rows[(rows["document_id"] == document) & rows["prop"].isin(NAMING) & (rows["verdict"] != "rejected")]
    found: dict[str, Thing] = {}
    for row in iterate_rows(rows):
        if _is_date(row.entity_id, row.value):
            continue
        sure = row.kind != "suggested" or row.verdict == "accepted"
        one = Thing(
            row.canonical_id, row.schema, context.get_caption(row.canonical_id), row.canonical_id, sure, None, document
        )
        found |= {str(words): one for words in (row.original_value, row.value) if words}
    for (schema, value), group in links.groupby(["schema", "value"], sort=False):
        known = found.get(str(value)) or found.get(str(group["words"].iloc[0]))
        sure = bool((group["by"] != "suggested").any())
        entity = known.entity if known else ""
        one = Thing(f"{schema}\t{value}", str(schema), str(value), entity, sure, group)
        found |= dict.fromkeys({str(value), *map(str, group["words"])}, one)
        found |= {words: one for words, other in list(found.items()) if entity and other.entity == entity}
    return found


def _is_date(entity: str, value: str) -> bool:
    """Whether what was read is a day: many texts have the same day and nothing else in common."""
    return bool(KINDS["date"].key(value).entity_id == entity)


def find_mentions(message: Correspondence, named: Mapping[str, Thing]) -> dict[str, list[view.Mention]]:
    """Field -> where its text has words that name a thing."""
    return {field: [*_find_mentions(text, named)] for field, text in list_texts(message)}


def _find_mentions(text: str, named: Mapping[str, Thing]) -> Iterator[view.Mention]:
    for words, one in named.items():
        if len(words) < SHORTEST:
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE):
            yield view.Mention(start=match.start(), end=match.end(), id=one.key, kind=one.schema, sure=one.sure)


def build_links(context: CaseContext, one: Thing) -> view.Links:
    """Where else the case names a thing, and what it knows of it."""
    facts = entity_hints.list_facts(context, one.entity) if one.entity else []
    if one.links is None:
        link = _build_link(context, one)
        return view.Links(
            label=one.label, kind=one.schema, messages=len(link.messages), countries=link.countries,
            said=link.to_text(context.say.language) if link.places else "", known=facts,
            lines=[place.document_id for place in link.messages],
        )  # fmt: skip
    first: Any = next(iterate_rows(one.links))
    filed = {other.document_id for other in messages.list_messages(context.ledger, set(one.links["document_id"]))}
    others = [(row.why, row.title) for row in iterate_rows(one.links) if row.document_id not in filed]
    return view.Links(
        label=one.label, kind=one.schema, messages=int(first.messages), countries=[*filter(None, first.countries.split(", "))],
        said=first.said, known=[*facts, *others], lines=[key for key in one.links["document_id"] if key in filed],
    )  # fmt: skip


def _build_link(context: CaseContext, one: Thing) -> Link:
    """A thing with the documents that say something of it, but for the message that names it."""
    rows = context.evidence
    same = set(rows.loc[rows["canonical_id"] == one.entity, "entity_id"])
    found = references.find_documents(context.ledger, same, one.document)
    places = {hit.document_id: EarlierMention(hit.document_id, hit.title, hit.bureau, hit.our_ref) for hit in found}
    return Link(NamedItem(one.entity, one.schema, one.label, one.label, ""), tuple(places.values()))
