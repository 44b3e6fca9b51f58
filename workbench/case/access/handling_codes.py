"""Marks, grades, clearance and permission: what is said of material and officers, by whom it may be said, and to whom it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.case.access import claim_metadata, controller, mark_propagation
from workbench.case.access import clearances as access_clearances
from workbench.case.context import source_lookup
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_entity, find_named
from workbench.errors import CaseError
from workbench.ingest.documents import police_message
from workbench.ledger import Object
from workbench.ledger.access import terms
from workbench.ledger.access.access_filter import MINORS, REASONS, SENSITIVE, UNKNOWN, AccessFilter, Reader
from workbench.ledger.access.terms import Target
from workbench.ledger.foreign import remarks
from workbench.ledger.records import packages
from workbench.model import handling_marks, person_status
from workbench.model.catalogue import Sentence, get_term
from workbench.model.rows import Claim
from workbench.model.schema import load_vocabulary
from workbench.model.source_grading import get_grade

What = str | Sequence[str] | pd.DataFrame
"""Material: a name of a source or an entity, an id, several of them, or rows of a table that a verb gave."""
NARROWEST = (
    "evidence_id",
    "passage_id",
    "document_id",
    "note_id",
    "statement_id",
    "canonical_id",
    "entity_id",
    "source",
)
KINDS = {"canonical_id": "entity"}
PERMISSIONS = ("H1", "H2", "TLP")
LISTED = 40
CATEGORIES = (MINORS, SENSITIVE)
MARKS = ("kind", "id", "facet", "value", "officer", "because", "at")
"""Columns of `case.handling.marks()`."""
GRANTED = ("officer", "bureau", "controller")
"""Kinds of targets of which `case.access.list()` tells."""
GRANTS = ("officer", "facet", "value", "granted_by", "because", "at")


@dataclass(frozen=True, slots=True)
class Handling:
    """What `case.handling.mark` says of material; the fields are its parameters."""

    level: str = ""
    tlp: str = ""
    handling: Sequence[str] = ()
    conditions: Sequence[str] = ()
    barred: Sequence[str] = ()
    channel: str = ""
    purpose: str = ""
    special: Sequence[str] = ()

    def list_facets(self) -> dict[str, list[str]]:
        """Facet -> values, of those that are given."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        found = {name: [value] if isinstance(value, str) else list(value) for name, value in said.items()}
        return {name: kept for name, values in found.items() if (kept := [value for value in values if value])}


def mark_material(context: CaseContext, what: What, said: Handling, because: str) -> pd.DataFrame:
    """Raise the marks of material; a table of what each is marked now."""
    scheme = controller.get_scheme(context)
    facets = {
        name: [handling_marks.check_facet(name, one, scheme) for one in values]
        for name, values in said.list_facets().items()
    }
    if not facets:
        raise CaseError(
            Sentence(
                "Nothing was marked. Give at least one of these: `level=`, `tlp=`, `handling=`, `conditions=`, "
                "`barred=`, …"
            )
        )
    if "H3" in facets.get("handling", ()) and "conditions" not in facets:
        raise CaseError(
            Sentence(
                "The code H3 needs a description of its restrictions. Write the restrictions in words: "
                "`conditions=['…']`."
            )
        )
    _check_channel(context, said.list_facets(), scheme)
    targets = list_targets(context, what)
    held, whole = terms.list_current_terms(context.ledger), terms.list_current_terms(context.ledger, whole=True)
    for target in targets:
        try:
            joined = _merge_facets(held.get(target, {}), facets, scheme, target)
            joined = _merge_hidden_facets(whole.get(target, {}), joined, scheme)
        except CaseError as error:
            raise context.ledger.refuse("alteration", Object("mark", target[1]), error.args[0]) from None
        terms.add_facets(context.ledger, [target], joined, because)
    return build_target_table(context, targets)


def _check_channel(context: CaseContext, facets: Mapping[str, Sequence[str]], scheme: handling_marks.Scheme) -> None:
    """INTERPOL's labels belong to its traffic: whoever says them says the channel, in a case of any scheme."""
    said = " ".join([*facets.get("level", ()), *facets.get("conditions", ())])
    if handling_marks.INTERPOL in said.upper() and handling_marks.INTERPOL not in facets.get("channel", ()):
        raise context.ledger.refuse(
            "alteration",
            Object("mark"),
            Sentence(
                "Nothing was marked. INTERPOL marks are only for INTERPOL messages. For an INTERPOL message, "
                "give `channel='INTERPOL'` and a level of the scheme of this case ({scheme}).",
                scheme=scheme.name,
            ),
        )


def _merge_facets(
    before: Mapping[str, Sequence[str]],
    facets: Mapping[str, Sequence[str]],
    scheme: handling_marks.Scheme,
    target: Target,
) -> dict[str, list[str]]:
    """Facets with what was said before: ordered ones may only rise, the others only grow."""
    made = {name: sorted({*before.get(name, ()), *values}) for name, values in facets.items()}
    for name, order in (("level", scheme.levels), ("tlp", handling_marks.TLP)):
        if name in facets:
            highest = _find_highest(made[name], order)
            if highest != facets[name][0]:
                asked = {"name": target[1], "highest": highest, "asked": facets[name][0]}
                raise CaseError(
                    Sentence(
                        "{name} already has the mark {highest}, which is higher than {asked}. Only the controller of the "
                        "case can lower a mark: `case.handling.unmark(…, because='permission of …')`.",
                        **asked,
                    )
                )
            made[name] = [highest]
    return made


def _merge_hidden_facets(
    whole: Mapping[str, Sequence[str]], joined: Mapping[str, Sequence[str]], scheme: handling_marks.Scheme
) -> dict[str, list[str]]:
    """Facets of an own copy with what others said of the file before, unseen by the officer: nothing that they said falls."""
    made = {name: sorted({*whole.get(name, ()), *values}) for name, values in joined.items()}
    orders = {"level": scheme.levels, "tlp": handling_marks.TLP}
    return {name: [_find_highest(values, orders[name])] if name in orders else values for name, values in made.items()}


def _find_highest(values: Sequence[str], order: Sequence[str]) -> str:
    """The highest of some levels; one that only a partner's scheme has counts as higher than all of the own.

    >>> _find_highest(["EXERCISE RESTRICTED", "NATIONAL SECRET", "EXERCISE"], ("EXERCISE", "EXERCISE RESTRICTED"))
    'NATIONAL SECRET'
    """
    return max(values, key=lambda one: order.index(one) if one in order else len(order))


def remove_marks(context: CaseContext, what: What, because: str) -> pd.DataFrame:
    """Take the marks of material back: the controller, with the permission of the source as the reason."""
    controller.check_controller(context, "alteration", Object("mark"), "lowers")
    if not because.strip():
        raise context.ledger.refuse(
            "alteration",
            Object("mark"),
            Sentence(
                "You need the permission of the source to lower a mark. Give the permission, for example: "
                "`because='permission of NCB …, 3 May'`."
            ),
        )
    targets = list_targets(context, what)
    terms.add_facets(
        context.ledger, targets, {name: [] for name in (*mark_propagation.MARKING, "purpose", "special")}, because
    )
    return build_target_table(context, targets)


def grade_material(context: CaseContext, what: What, code: str, scale: str, nature: str, because: str) -> pd.DataFrame:
    """Grade material on a scale, or say whether it is fact or assessment."""
    facets: dict[str, list[str]] = {}
    if code:
        facets["grade"] = [str(get_grade(code, scale))]
    if nature:
        if nature not in handling_marks.NATURES:
            raise CaseError(
                Sentence(
                    "The nature '{nature}' is not known. Use one of these: {natures}.",
                    nature=nature,
                    natures=handling_marks.NATURES,
                )
            )
        facets["nature"] = [nature]
    if not facets:
        raise CaseError(
            Sentence(
                "No grade and no nature was given. Give a grade, for example 'B2', or a nature: `nature='fact'` "
                "or `nature='assessment'`."
            )
        )
    targets = list_targets(context, what)
    if any(kind == "entity" for kind, _ in targets):
        raise context.ledger.refuse(
            "alteration",
            Object("grade"),
            Sentence(
                "You cannot grade a person or an item. You can grade a source or its statements. You can also "
                "state whether they are fact or assessment. For a source, give its name. For statements, give "
                "rows of `case.evidence.list(…)` or `case.search(…)`."
            ),
        )
    terms.add_facets(context.ledger, targets, facets, because)
    return build_target_table(context, targets)


def grant_clearance(context: CaseContext, officer: str, facets: Mapping[str, str], because: str) -> None:
    """Grant clearance to another officer."""
    what = Object("clearance", officer)
    if controller.is_self(context, officer):
        raise context.ledger.refuse(
            "alteration",
            what,
            Sentence(
                "The clearance was not granted. You cannot grant clearance to yourself. The controller "
                "or a trusted bureau can grant it to you."
            ),
        )
    controller.check_controller(context, "alteration", what, "grants")
    if not because.strip():
        raise context.ledger.refuse(
            "alteration",
            what,
            Sentence(
                "You need a reason to grant clearance. Give the reason, for example: `because='vetted by … until …'`."
            ),
        )
    scheme = controller.get_scheme(context)
    said = {name: [value] for name, value in facets.items() if value}
    if "clearance" in said:
        said["clearance"] = [handling_marks.check_facet("level", facets["clearance"], scheme)]
    if "country" in said:
        said["country"] = [handling_marks.check_country(facets["country"])]
    terms.add_facets(context.ledger, [("officer", officer.strip())], said, because)


def record_permission(context: CaseContext, what: What, covers: str, by: str, because: str) -> pd.DataFrame:
    """Record what the provider of material has allowed: the controller, or an officer of the bureau from which the source came."""
    if covers not in PERMISSIONS:
        raise CaseError(
            Sentence(
                "'{covers}' is not a permission. Use one of these: {permissions}.",
                covers=covers,
                permissions=PERMISSIONS,
            )
        )
    if not by.strip() or not because.strip():
        raise context.ledger.refuse(
            "alteration",
            Object("permission"),
            Sentence(
                "The permission was not recorded. State who gave the permission and where it is recorded, for "
                "example: `by='NCB …'`, `because='letter of 3 May, 114/26'`."
            ),
        )
    targets, held = list_targets(context, what), terms.list_current_terms(context.ledger)
    if not (controller.is_controller(context) or _is_owned(context, targets)):
        why = Sentence(
            "The permission was not recorded. Only the controller of the case ({controller}) or an officer "
            "of the bureau that provided the source can record it.",
            controller=controller.get_controller(context).statement,
        )
        raise context.ledger.refuse("alteration", Object("permission", count=len(targets)), why)
    for target in targets:
        known = held.get(target, {}).get("permission", [])
        terms.add_facets(context.ledger, [target], {"permission": [*known, covers]}, f"{by}: {because}")
    return build_target_table(context, targets)


def _is_owned(context: CaseContext, targets: Sequence[Target]) -> bool:
    """Whether a trusted bureau vouches for the officer who works, and all of this came from that bureau."""
    card, owners = access_clearances.find_vouched_card(context), packages.list_owners(context.ledger)
    sources = [_list_sources(context, target) for target in targets]
    if card is None or not all(sources):
        return False
    return all(owners.get(source) == (card.bureau, card.country) for found in sources for source in found)


def _list_sources(context: CaseContext, target: Target) -> list[str]:
    """Sources in which a source, document, passage or piece of evidence lies; none of anything wider."""
    kind, key = target
    if kind == "source":
        return [key]
    tables = {"document": context.documents, "passage": context.passages, "evidence": context.evidence}
    if kind not in tables:
        return []
    rows = tables[kind]
    documents = rows.loc[rows[f"{kind}_id"] == key, "document_id"]
    return list(context.traces.loc[context.traces["document_id"].isin(documents), "source"].unique())


def reveal_category(context: CaseContext, category: str, because: str) -> pd.DataFrame:
    """Show a category of hidden material to the officer who works, once a case; after that it is consulted, and nothing is asked."""
    gate = context.ledger.gate
    secret = gate.list_secret_ids(context.ledger) if gate else frozenset()
    said = (facets for (_, key), facets in terms.list_current_terms(context.ledger).items() if key not in secret)
    known = sorted({*CATEGORIES, *(one for facets in said for one in facets.get("special", ()))})
    if category not in known:
        raise CaseError(
            Sentence(
                "There is no category '{category}'. Categories: {categories}.",
                category=category,
                categories=tuple(known),
            )
        )
    target = ("officer", context.ledger.officer)
    before = terms.list_current_terms(context.ledger).get(target, {}).get("revealed", [])
    if category in before:
        context.ledger.record("consultation", Object("category", category), {"because": because} if because else {})
        return count_withheld(context)
    if not because.strip():
        raise context.ledger.refuse(
            "consultation",
            Object("category", category),
            Sentence("The category was not revealed. You need a reason to reveal it: `because='…'`."),
        )
    terms.add_facets(context.ledger, [target], {"revealed": [*before, category]}, because, "consultation")
    access_clearances.set_access_filter(context)
    context.forget()
    return count_withheld(context, remarked=True)


def count_withheld(context: CaseContext, readers: int | None = None, *, remarked: bool = False) -> pd.DataFrame:
    """How much is not shown, and why: why, items. Nothing of its content; `readers` as in `AccessFilter.counted`.

    `remarked`: remarks of others are counted as well; they go into no product.
    """
    gate = context.ledger.gate
    counts = gate.count_withheld(context.ledger, readers) if isinstance(gate, AccessFilter) else Counter[str]()
    if isinstance(gate, AccessFilter) and remarked:
        counts.update(
            why for one, known in remarks.list_marks(context.ledger) if (why := gate.describe_reason(one, known))
        )
    rows = [(why, counts[why]) for why in REASONS.values() if counts.get(why)]
    return pd.DataFrame(rows, columns=pd.Index(["why", "items"]))


def describe_withheld(seen: CaseContext, reader: Reader | None) -> dict[str, object]:
    """Of a case as an addressee sees it, for who works and for the log: to whom it is cut, what is left out, what to say."""
    if reader is None:
        return {}
    out = count_withheld(seen, 1)
    made: dict[str, object] = {
        "reader": list(reader.told),
        "left out": dict(zip(out["why"], map(int, out["items"]), strict=True)),
    }
    if reader.country == UNKNOWN and REASONS["country"] in set(out["why"]):
        made["say"] = Sentence(
            "The country of the addressee is not known. Items that one or more countries are not allowed to "
            "see are left out. Give the country: `country='FR'`."
        )
    return made


def preview_product(context: CaseContext, reader: Reader) -> pd.DataFrame:
    """How much of what the officer who works sees a product for another reader leaves out, and why (why, items)."""
    mine = count_withheld(context).set_index("why")["items"]
    with access_clearances.view_as_reader(context, reader) as seen:
        theirs, said = count_withheld(seen, 1), describe_withheld(seen, reader)
    left = theirs["items"] - theirs["why"].map(mine).fillna(0).astype(int)
    made = theirs.assign(items=left)[left > 0].reset_index(drop=True)
    made.attrs = {"reader": said["reader"], "say": said.get("say", "")}
    return made


def record_person_status(context: CaseContext, names: Iterable[str], status: str, because: str) -> int:
    """Say the status of persons, in bulk; number of persons."""
    code = person_status.normalise_status(status)
    rows = [
        (key, str(context.canonical_entities.at[key, "schema"]))
        for key in dict.fromkeys(find_entity(context, name) for name in names)
    ]
    for key, schema in rows:
        claim = Claim(key, schema, "status", code, method="officer", version="1", kind="decided")
        known = context.evidence[(context.evidence["canonical_id"] == key) & (context.evidence["prop"] == "status")]
        older = known.loc[(known["kind"] == "decided") & (known["value"] != code), "statement_id"].drop_duplicates()
        context.ledger.add_claims([claim], because=because, replaces=next(iter(older), ""))
    return len(rows)


def list_unclassified(context: CaseContext, keys: Iterable[str]) -> list[str]:
    """Captions of the persons among these whose status neither an officer nor a message of a bureau has said.

    A register or a chart may call somebody a suspect: that is what it says, and not what the person is to this case.
    """
    said = context.evidence[
        (context.evidence["prop"] == "status") & context.evidence["value"].isin(list(person_status.STATUS))
    ]
    said = said[(said["kind"] == "decided") | (said["method"] == police_message.METHOD)]
    settled = set(said.loc[said["value"] != person_status.UNSETTLED, "canonical_id"])
    people = [
        key
        for key in keys
        if key in context.canonical_entities.index and context.canonical_entities.at[key, "schema"] == "Person"
    ]
    return [context.get_caption(key) for key in people if key not in settled]


def check_person_status(context: CaseContext, keys: Iterable[str], product: str) -> str:
    """A sentence on persons in a product whose status nobody has said, '' where all have one.

    Raises
    ------
    CaseError
        Where case.toml requires a status: it says whose is missing and how to say it, in one call.
    """
    missing = list_unclassified(context, keys)
    if not missing:
        return ""
    listed = ", ".join(repr(name) for name in missing[:LISTED]) + (", …" if len(missing) > LISTED else "")
    said = context.settings.status or ("asked" if context.settings.scheme == "EXERCISE" else "required")
    if said == "required":
        named = {"listed": listed, "product": get_term("refused.report.product", product)}
        why = Sentence(
            "The {product} was not created. Persons in it without a status: {count}. Record a status for "
            "each person. One command records the same status for several persons: "
            "`case.evidence.classify([{listed}], '…', because='…')`. Possible statuses: {statuses}.",
            count=len(missing),
            **named,
            statuses=", ".join(person_status.STATUS),
        )
        raise context.ledger.refuse("disclosure", Object(product, count=len(missing)), why)
    return context.say(
        "For {n} of the persons shown, no officer has recorded a status in the case "
        "(suspect, witness, victim, …): {listed}.",
        n=len(missing),
        listed=listed,
    )


def build_mark_table(context: CaseContext) -> pd.DataFrame:
    """All terms of material that hold (MARKS), oldest first."""
    found = terms.list_terms(context.ledger)
    found = found[found["target_kind"].isin(terms.MATERIAL)]
    found = found[~((found["target_kind"] == "entity") & found["facet"].isin(claim_metadata.OF_CLAIMS))]
    found = found.rename(columns={"target_kind": "kind", "target_id": "id"})
    return found[list(MARKS)].reset_index(drop=True)


def list_clearances(context: CaseContext) -> pd.DataFrame:
    """What was granted to officers and bureaux, and revealed to who works: officer, facet, value, granted_by, because, at."""
    found = terms.list_terms(context.ledger)
    mine = (
        (found["facet"] != "revealed")
        | (found["target_id"] == context.ledger.officer)
        | controller.is_controller(context)
    )
    found = found[mine & found["target_kind"].isin(GRANTED)].rename(
        columns={"target_id": "who", "officer": "granted_by"}
    )
    made = found.rename(columns={"who": "officer"})[list(GRANTS)].reset_index(drop=True)
    made.attrs = {
        "controller": str(controller.get_controller(context)),
        "note": controller.describe_controller(context),
    }
    return made


def list_targets(context: CaseContext, what: What) -> list[Target]:
    """The targets that a person means; a file or document in which something is secret to that person is as if it were not there."""
    if isinstance(what, pd.DataFrame):
        return _list_table_targets(context, what)
    named = [what] if isinstance(what, str) else list(what)
    found = [target for name in named for target in _resolve_targets(context, name)]
    if not found:
        raise CaseError(Sentence("Nothing was selected. Give a source, an entity, an id, or rows of a table."))
    return list(dict.fromkeys(found))


def _list_table_targets(context: CaseContext, frame: pd.DataFrame) -> list[Target]:
    column = next((name for name in NARROWEST if name in frame.columns and (frame[name] != "").any()), "")
    if not column:
        raise CaseError(
            Sentence("The table has no id column. It needs one of these columns: {columns}.", columns=NARROWEST)
        )
    keys = [str(key) for key in frame[column].drop_duplicates() if key]
    if column in KINDS:
        return [target for key in keys for target in _list_entity_targets(context, key)]
    kind = column.removesuffix("_id")
    return [
        target
        for key in keys
        for target in (
            [(kind, key)]
            if not source_lookup.is_partial(context, key)
            else _list_entity_targets(context, find_entity(context, key))
        )
    ]


def _resolve_targets(context: CaseContext, name: str) -> list[Target]:
    ids = {
        "evidence": context.evidence["evidence_id"], "statement": context.evidence["statement_id"],
        "passage": context.passages["passage_id"], "document": context.documents["document_id"],
    }  # fmt: skip
    for kind, column in ids.items():
        if (column == name).any() and not source_lookup.is_partial(context, name):
            return [(kind, name)]
    sources = source_lookup.find_sources(context, name)
    if sources.empty or _is_entity_id(context, name):
        return _list_entity_targets(context, find_entity(context, name))
    _check_unambiguous(context, name, sources)
    return [("source", source_lookup.find_source(context, name))]


def _is_entity_id(context: CaseContext, name: str) -> bool:
    return name in context.canonical_entities.index or bool((context.entities["entity_id"] == name).any())


def _check_unambiguous(context: CaseContext, name: str, sources: pd.DataFrame) -> None:
    """Refuse a word by which a file and a person or thing are called: whoever sends a file chooses its name.

    A hash (`source_lookup.HASH`) is the file, and an entity that stands for a file bears its name by right.
    """
    if source_lookup.HASH.fullmatch(name) and sources["source"].str.startswith(name.lower()).all():
        return
    called = find_named(context, name)
    schemata = load_vocabulary().schemata
    called = called[[not schemata[schema].is_a("Document") for schema in called["schema"]]]
    if len(called):
        listed = ", ".join(
            f"`{key}` ({caption})"
            for key, caption in called[["canonical_id", "caption"]].head(LISTED).itertuples(index=False, name=None)
        )
        raise CaseError(
            Sentence(
                "'{name}' is the name of a source and also of an entity in this case. Enter the id of the one "
                "that you mean. Source: {sources}. Entity: {listed}.",
                name=name,
                sources=", ".join(f"`{key}`" for key in sources["source"].head(LISTED)),
                listed=listed,
            )
        )


def _list_entity_targets(context: CaseContext, key: str) -> list[Target]:
    """An entity with all that judgements have joined to it."""
    members = context.entities.loc[context.entities["canonical_id"] == key, "entity_id"]
    return [("entity", str(member)) for member in members] or [("entity", key)]


def build_target_table(context: CaseContext, targets: Sequence[Target]) -> pd.DataFrame:
    """What targets are marked now, and whether the officer who works still sees them: kind, id, said, mark, shown."""
    scheme, held, mine = (
        controller.get_scheme(context),
        terms.list_current_terms(context.ledger),
        access_clearances.build_reader(context),
    )
    rows = []
    for kind, key in targets:
        facets = held.get((kind, key), {})
        why = AccessFilter((mine,), scheme).describe_refusal(facets)
        said = "; ".join(f"{name} {', '.join(values)}" for name, values in facets.items())
        rows.append(
            (
                kind,
                key,
                said,
                scheme.label(handling_marks.build_mark(facets, scheme)),
                f"hidden from you: {why}" if why else "shown",
            )
        )
    return pd.DataFrame(rows, columns=pd.Index(["kind", "id", "said", "mark", "shown"]))
