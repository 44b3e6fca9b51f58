"""Setting material aside before it is read: who may not be overheard, what lies outside the authority."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from workbench.case.context import call_engine, source_lookup
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_alike, find_in_any_order, find_named
from workbench.case.context.exclusion_issues import SHOWN, list_similar_names
from workbench.case.context.progress import print_message
from workbench.case.network import search
from workbench.errors import CaseError
from workbench.graph import list_attributions
from workbench.ledger import Object, Rule
from workbench.ledger.access import hidden_bulk_rows
from workbench.ledger.records import row_tables
from workbench.model import identifiers
from workbench.model.catalogue import Sentence
from workbench.model.ids import build_entity_id
from workbench.model.pseudonyms.name_matching import ERASED
from workbench.model.text.transliteration import normalise_typed, transliterate_name

if TYPE_CHECKING:
    import pandas as pd

GROUNDS = ("lawyer and client", "out of scope", "out of period", "other")
COLUMNS = (
    "set_aside_id", "rule", "ground", "documents", "rows", "state", "officer", "because", "at", "reopened_by",
)  # fmt: skip
IDENTIFYING = ("number", "username", "email", "accountNumber", "iban")


def exclude_material(context: CaseContext, given: dict[str, str], ground: str, because: str) -> pd.DataFrame:
    """Set aside what fits all that is given; the row of `table` that tells of it."""
    criteria = {name: value.strip() for name, value in given.items() if value.strip()}
    if not criteria:
        raise CaseError(
            Sentence(
                "Nothing was excluded. State what to exclude. Give at least one of these: `sender=`, `number=`, "
                "`term=`, `folder=`, `since=`, `until=`."
            )
        )
    if ground not in GROUNDS:
        raise CaseError(
            Sentence(
                "The type of reason '{ground}' is not known. Use one of these: {grounds}.",
                ground=ground,
                grounds=tuple(GROUNDS),
            )
        )
    if not because.strip():
        raise context.ledger.refuse(
            "alteration",
            Object("set-aside"),
            Sentence(
                "You need a reason to exclude material. Give the reason, for example: `because='letter of "
                "counsel of 3 May'`."
            ),
        )
    for name in ("since", "until"):
        if name in criteria and not search.BOUND.fullmatch(criteria[name]):
            raise CaseError(
                Sentence(
                    "{field}: '{value}' is not a date. Write it like this: 2025-09-14 or 2025-09-14T22:30.",
                    field=name,
                    value=criteria[name],
                )
            )
    if ERASED in criteria.get("term", ""):
        raise CaseError(
            Sentence(
                "Nothing was excluded. The text '{marker}' replaces words that were erased. Give other words in `term=`.",
                marker=ERASED,
            )
        )
    if "folder" in criteria:
        source_lookup.check_folder(context, criteria["folder"].strip("/"))
    rule, known = _build_rule(context, criteria), hidden_bulk_rows.list_visible_rule_ids(context.ledger)
    key = context.ledger.exclude_material(rule, ground, because, known)
    search.remove_stale_vectors(context)
    made = list_exclusions(context)
    row = made[made["set_aside_id"] == key].reset_index(drop=True)
    if not row[["documents", "rows"]].sum(axis=None):
        print_message(Sentence("aside.nothing"), context.say)
    if similar := list_similar_names(context, (*rule.sender_names, *rule.party_names)):
        told = Sentence(
            "This exclusion does not apply to these similar names in the case: {names}. Check whether any of "
            "these names refers to a person in the exclusion. If so, exclude that name too.",
            names=tuple(similar[:SHOWN]),
        )
        print_message(told, context.say)
    return row


def reopen_material(context: CaseContext, key: str, role: str, because: str) -> None:
    """Let what was set aside count again."""
    known = row_tables.set_asides(context.ledger).set_index("set_aside_id")
    if key not in known.index or known.at[key, "state"] != "set aside":
        standing = tuple(known.index[known["state"] == "set aside"]) or Sentence("none", context="refused")
        raise CaseError(
            Sentence(
                "No current exclusion has the id '{name}'. Ids of the current exclusions: {names}.",
                name=key,
                names=standing,
            )
        )
    allowed = context.settings.reopened_by
    if role not in allowed:
        why = Sentence(
            "The role '{role}' is not allowed to reopen excluded material. Roles in `case.toml` that are "
            "allowed to do this: {roles}.",
            role=role,
            roles=tuple(allowed),
        )
        raise context.ledger.refuse("alteration", Object("set-aside", key), why)
    if not because.strip():
        raise context.ledger.refuse(
            "alteration",
            Object("set-aside", key),
            Sentence(
                "You need a reason to reopen material. Give the reason, for example: `because='court order of 4 June'`."
            ),
        )
    context.ledger.reopen(key, role, because)


def list_exclusions(context: CaseContext) -> pd.DataFrame:
    """What is set aside and what was reopened (COLUMNS): counted, never shown."""
    frame = call_engine.list_exclusions(context)
    frame["rule"] = [json.loads(text)["words"] for text in frame["rule"]]
    return frame[list(COLUMNS)]


def _build_rule(context: CaseContext, criteria: dict[str, str]) -> Rule:
    words = ", ".join(f"{name} {value!r}" for name, value in criteria.items())
    sender = _resolve_ids(context, criteria["sender"]) if "sender" in criteria else set()
    party = _resolve_ids(context, criteria["number"]) if "number" in criteria else set()
    return Rule(
        tuple(sorted(sender)), tuple(sorted(party)), tuple(sorted(_list_values(context, sender | party, criteria))),
        criteria.get("term", ""), criteria.get("folder", "").strip("/"), criteria.get("since", ""), criteria.get("until", ""),
        words, row_tables.list_secret_places(context.ledger),
        _list_names(context, criteria.get("sender", "")), _list_names(context, criteria.get("number", "")),
        _list_struck_sources(context, criteria.get("folder", "").strip("/")),
    )  # fmt: skip


def _list_struck_sources(context: CaseContext, folder: str) -> tuple[str, ...]:
    """Sources in a folder whose name was erased: what stands for it now may stand for other folders later."""
    if ERASED not in folder:
        return ()
    rows = context.ledger.reader_connection.execute("SELECT sha256, name FROM live_sources ORDER BY 1").fetchall()
    return tuple(str(key) for key, name in rows if f"{name}/".startswith(f"{folder}/"))


def _list_names(context: CaseContext, who: str) -> tuple[str, ...]:
    """The name that was given, as later files may give it too; with it the name in another script, if only that one was found."""
    if not who or _is_identifier(who):
        return ()
    found = sorted(set(find_named(context, who)["caption"]))
    other = [name for name in found if normalise_typed(transliterate_name(name)) == normalise_typed(who)]
    return tuple(dict.fromkeys((who, *other)))


def _is_identifier(who: str) -> bool:
    """Whether it is a number or an address: its id is the same in each file."""
    return identifiers.is_telephone(who) or "@" in who or who.replace(" ", "").isdigit()


def _resolve_ids(context: CaseContext, who: str) -> set[str]:
    """Everything that a name or identifier means: the things called so, what they use, and what it would be if it came."""
    identifier = _is_identifier(who)
    found = set(find_named(context, who)["canonical_id"]) | (set() if identifier else find_in_any_order(context, who))
    if not found and not identifier:
        near = "; ".join(find_alike(context, who))
        known = Sentence(
            "Nothing was excluded. Nobody in this case has the name '{name}'. Similar names: {near}. Give a "
            "number or an address.",
            name=who,
            near=near,
        )
        raise CaseError(
            known
            if near
            else Sentence(
                "Nothing was excluded. Nobody in this case has the name '{name}'. Give a number or an address.",
                name=who,
            )
        )
    if identifier:
        found |= {identifiers.build_telephone_key(who).entity_id, identifiers.build_account_key(who).entity_id}
    used = list_attributions(context.evidence)
    used = used[used["layer"] != "suggested"]
    while more := set(used.loc[used["holder"].isin(found), "held"]) - found:
        found |= more
    joined = {key for key, one in context.canonical.items() if one in found}
    return found | joined


def _list_values(context: CaseContext, ids: Collection[str], criteria: dict[str, str]) -> set[str]:
    """The numbers and accounts of these entities, as mass rows name them."""
    rows = context.evidence[context.evidence["entity_id"].isin(list(ids)) & context.evidence["prop"].isin(IDENTIFYING)]
    found = set(rows["value"])
    written = [criteria[name] for name in ("sender", "number") if name in criteria]
    used = {
        key.value
        for who in written
        if _is_identifier(who)
        for key in (identifiers.build_handset_key(who), identifiers.build_sim_key(who))
        if len(key.value) >= identifiers.IMEI_KEY
    }
    return (
        found
        | used
        | {
            value
            for who in written
            if build_entity_id("TelephoneNumber", value := identifiers.build_telephone_key(who).value) in ids
        }
    )
