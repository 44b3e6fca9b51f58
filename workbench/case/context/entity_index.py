"""Which entity a person means by a name: by id, by caption, by any of its names or values, in whatever script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.case.context import entity_hints
from workbench.case.context.case_context import CaseContext
from workbench.errors import CaseError
from workbench.model.catalogue import Sentence
from workbench.model.schema import NAMES
from workbench.model.text.normalise import normalise_name, sort_name_words
from workbench.model.text.transliteration import add_transliteration, normalise_typed, transliterate_name

if TYPE_CHECKING:
    import pandas as pd

NAMING = frozenset({*NAMES, "username", "email", "number", "iban", "registrationNumber", "full", "imei"})
"""Properties by whose values an entity is found and marked in a text."""
LONGEST = 6
"""Words of a name that is looked for in a text."""


def find_entity(context: CaseContext, name: str, *, schema: str = "") -> str:
    """Canonical id of the entity that a person means: by id, by caption, by any of its names or values.

    A confirmed entity is preferred to a suggested one, a person to an account. Where nothing is called so, a name in
    another script that reads so in Latin letters (`latin` in ENTITIES) is meant, if it is the only one.

    Raises
    ------
    CaseError
        If nothing or more than one thing has that name; it lists what is near, or the choices with a fact of each.
    """
    if name in context.canonical_entities.index:
        return name
    known = context.entities.loc[context.entities["entity_id"] == name, "canonical_id"]
    if len(known):
        return str(known.iloc[0])
    found = find_named(context, name)
    chosen = found[found["schema"] == schema] if schema else found
    if len(chosen) > 1:
        best = chosen[chosen["rank"] == chosen["rank"].min()]
        if len(best) == 1:
            return str(best["canonical_id"].iloc[0])
        raise CaseError(entity_hints.describe_ambiguity(context, name, best))
    if chosen.empty:
        if len(read := _rank_entities(context, set().union(*_find_readings(context, name)))) > 1:
            raise CaseError(entity_hints.describe_ambiguity(context, name, read))
        near = "; ".join(find_alike(context, name))
        raise CaseError(
            Sentence("Nothing in this case has the name '{name}'. Similar names: {near}.", name=name, near=near)
            if near
            else Sentence(
                "Nothing in this case has the name '{name}'. Check the names in `case.entities()`. The entity "
                "may be hidden from you: `case.handling.withheld()` shows how many items are hidden.",
                name=name,
            )
        )
    return str(chosen["canonical_id"].iloc[0])


def find_named(context: CaseContext, name: str) -> pd.DataFrame:
    """Entities one of whose names or values is `name` (normalised), with `rank` (0 best): caption, schema, canonical_id.

    Where there is none: those with the one name of another script that reads so in Latin letters.
    """
    readings = _find_readings(context, name)
    alone = readings[0] if readings and all(ids == readings[0] for ids in readings) else set()
    return _rank_entities(context, _load_index(context).get(normalise_name(name)) or alone)


def find_in_any_order(context: CaseContext, name: str) -> set[str]:
    """Canonical ids of what has the name with its words in another order: 'Lee, Dana' for Dana Lee."""
    form = sort_name_words(name)
    index = _load_index(context) if " " in form else {}
    return {key for other, keys in index.items() if sort_name_words(other) == form for key in keys}


def _rank_entities(context: CaseContext, ids: set[str]) -> pd.DataFrame:
    found = context.canonical_entities[context.canonical_entities["canonical_id"].isin(ids)].copy()
    layers = {"decided": 0, "received": 0, "suggested": 2}
    people = found["schema"].map({"Person": 0, "Company": 0, "Organization": 0, "LegalEntity": 0}).fillna(1)
    found["rank"] = found["layer"].map(layers).astype(int) + people.astype(int)
    return found.sort_values(["rank", "canonical_id"])


def find_alike(context: CaseContext, name: str, limit: int = 5) -> list[str]:
    """Captions most like a name, as they are written or as they read in Latin letters (in brackets)."""
    from rapidfuzz import process

    captions = sorted(set(context.canonical_entities["caption"]))
    forms = [
        (form, add_transliteration(caption))
        for caption in captions
        for form in (caption, transliterate_name(caption))
        if form
    ]
    found = process.extract(
        name, [form for form, _ in forms], limit=2 * limit, score_cutoff=60, processor=normalise_name
    )
    return list(dict.fromkeys(forms[at][1] for _, _, at in found))[:limit]


def find_in_text(context: CaseContext, text: str) -> set[str]:
    """Entities one of whose names or values stands in a text, as whole words; names of one or two letters do not count."""
    index, words = _load_index(context), normalise_name(text).split()
    spans = [(at, to) for at in range(len(words)) for to in range(at + 1, min(at + LONGEST, len(words)) + 1)]
    names = (" ".join(words[at:to]) for at, to in spans)
    return {key for name in names if len(name) > 2 for key in index.get(name, ())}


def _load_index(context: CaseContext) -> dict[str, set[str]]:
    """Normalised name or value -> canonical ids."""
    return context.cache_by_material("names", lambda: _build_index(context))


def _find_readings(context: CaseContext, name: str) -> list[set[str]]:
    """For each name of another script that reads so in Latin letters: the canonical ids of what is called so."""
    return [
        _load_index(context)[key]
        for key in sorted(
            context.cache_by_material("latin", lambda: _build_latin_index(context)).get(normalise_typed(name), ())
        )
    ]


def _build_latin_index(context: CaseContext) -> dict[str, set[str]]:
    """How names read in Latin letters, as they are typed -> the names in their normalised form."""
    read: dict[str, set[str]] = {}
    for value, _ in _list_names(context):
        if latin := normalise_typed(transliterate_name(value)):
            read.setdefault(latin, set()).add(normalise_name(value))
    return read


def _build_index(context: CaseContext) -> dict[str, set[str]]:
    index: dict[str, set[str]] = {}
    for value, key in _list_names(context):
        index.setdefault(normalise_name(value), set()).add(key)
    return index


def _list_names(context: CaseContext) -> Iterator[tuple[str, str]]:
    """Names, values and captions, each with the canonical id of what is called so."""
    naming = context.evidence[context.evidence["prop"].isin(NAMING)]
    yield from naming[["value", "canonical_id"]].drop_duplicates().itertuples(index=False, name=None)
    yield from context.canonical_entities[["caption", "canonical_id"]].itertuples(index=False, name=None)
