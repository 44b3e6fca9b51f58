"""Duties of whoever keeps personal data: review and hold, restriction, access of the person concerned, notice of a correction.

References
----------
Directive (EU) 2016/680, articles 5 (time limits), 7 (notice of wrong data to its recipients), 14 (access), 16 (restriction);
INTERPOL's Rules on the Processing of Data (retention of at most five years at first; our encoding).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

from workbench.case.access import controller, handling_codes, marks
from workbench.case.access.handling_codes import What
from workbench.case.context import call_engine
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_entity
from workbench.case.evidence import case_issues
from workbench.case.files import products
from workbench.errors import CaseError
from workbench.ledger import Object, now
from workbench.ledger.access import terms
from workbench.ledger.records import disclosures, row_tables
from workbench.ledger.records.disclosures import Disclosure
from workbench.model.catalogue import Sentence
from workbench.model.table_schemas import iterate_rows
from workbench.model.time_zones import add_years, is_day, normalise_day
from workbench.report import processing_forms

if TYPE_CHECKING:
    from workbench.ledger.access.terms import Target

REVIEW = ("name", "source", "received_at", "due", "days", "state", "because")
"""Columns of the review list. `days`: int, until it is due, negative once it is past; `state`: due, past, on hold, restricted."""
NOTICE = ("recipient", "kind", "name", "at", "officer", "mark", "sha256", "wrong", "right", "because")


def review_list(context: CaseContext, within: int) -> pd.DataFrame:
    """Sources whose review is due within so many days, the most urgent first (REVIEW)."""
    today, held = datetime.now(UTC).date(), terms.list_current_terms(context.ledger)
    said = {key: facets for (kind, key), facets in held.items() if kind == "source"}
    rows = []
    for row in iterate_rows(row_tables.list_sources(context.ledger)):
        facets = said.get(row.source, {})
        due = _compute_review_date(context, row.received_at, facets)
        days = (due - today).days
        state = (
            "on hold"
            if facets.get("hold")
            else "restricted"
            if facets.get("restricted")
            else "past"
            if days < 0
            else "due"
        )
        if days <= within or state in ("on hold", "restricted"):
            because = ", ".join([*facets.get("hold", ()), *facets.get("restricted", ())])
            rows.append((row.name, row.source, row.received_at, due.isoformat(), days, state, because))
    return pd.DataFrame(rows, columns=pd.Index(REVIEW)).sort_values(["days", "name"], ignore_index=True)


def _compute_review_date(context: CaseContext, received: str, facets: Mapping[str, Sequence[str]]) -> date:
    if said := facets.get("review"):
        return date.fromisoformat(min(said))
    came = date.fromisoformat(received[:10]) if is_day(received[:10]) else datetime.now(UTC).date()
    return add_years(came, context.settings.years)


def set_review_date(context: CaseContext, what: What, until: str, because: str) -> pd.DataFrame:
    """Set the date of the next review: the controller, at most `terms.LONGEST` years ahead."""
    _check_controller(context, "sets_dates")
    if not (day := normalise_day(until)):
        raise CaseError(
            Sentence("`until`: '{value}' is not a date. Write the date in the form 2027-05-03.", value=until)
        )
    if day > add_years(datetime.now(UTC).date(), terms.LONGEST).isoformat():
        why = Sentence(
            "{day} is more than {years} years from now. Set an earlier date. When that date comes, "
            "you can set a new one.",
            day=day,
            years=terms.LONGEST,
        )
        raise context.ledger.refuse("alteration", Object("review"), why)
    return _record_terms(context, what, {"review": [day]}, because)


def add_hold(context: CaseContext, what: What, because: str) -> pd.DataFrame:
    """Put a legal hold on material: nothing of it can be erased until it is released."""
    return _record_terms(context, what, {"hold": [because]}, because)


def add_restriction(context: CaseContext, what: What, because: str) -> pd.DataFrame:
    """Restrict processing (article 16(3)): kept as evidence, shown to the controller only."""
    return _record_terms(context, what, {"restricted": [because]}, because)


def release_material(context: CaseContext, what: What, because: str) -> pd.DataFrame:
    """Take a hold or a restriction back: the controller."""
    _check_controller(context, "releases")
    return _record_terms(context, what, {"hold": [], "restricted": []}, because)


def hold_reason(context: CaseContext, targets: Sequence[Target]) -> str:
    """Why one of these is on hold; '' if none is."""
    said = terms.list_current_terms(context.ledger)
    return next((reason for target in targets for reason in said.get(target, {}).get("hold", ())), "")


def check_hold(context: CaseContext, source: str) -> None:
    """Refuse what would take a source out of use that is on hold itself, or in which something is.

    Raises
    ------
    CaseError
        With the reason of the hold; the refusal is logged.
    """
    within = [source]
    for one in within:
        within += [inner for inner, _, _ in row_tables.list_inner_sources(context.ledger, one) if inner not in within]
    lies = context.traces[context.traces["source"].isin(within)]["document_id"]
    passages = context.passages[context.passages["document_id"].isin(lies)]["passage_id"]
    targets = (
        [("source", one) for one in within]
        + [("document", one) for one in lies]
        + [("passage", one) for one in passages]
    )
    if reason := hold_reason(context, targets):
        raise context.ledger.refuse(
            "alteration",
            Object("source", source),
            Sentence(
                "The source was not withdrawn. It, or something in it, is on legal hold ({why}). The controller "
                "must release the hold first: `case.privacy.release(…)`.",
                why=reason,
            ),
        )


def _record_terms(context: CaseContext, what: What, facets: Mapping[str, list[str]], because: str) -> pd.DataFrame:
    if not because.strip():
        what_is = Object(", ".join(facets))
        raise context.ledger.refuse(
            "alteration",
            what_is,
            Sentence("Nothing was changed. Give the reason, for example: `because='court order of 3 May'`."),
        )
    targets = handling_codes.list_targets(context, what)
    terms.add_facets(context.ledger, targets, facets, because)
    return handling_codes.build_target_table(context, targets)


def _check_controller(context: CaseContext, does: str) -> None:
    controller.check_controller(context, "alteration", Object("review"), does)


def _display_value(context: CaseContext, value: str) -> str:
    return context.get_caption(value) if value in context.canonical_entities.index else value


def _list_members(context: CaseContext, key: str) -> list[str]:
    return [str(one) for one in context.entities.loc[context.entities["canonical_id"] == key, "entity_id"]]


def build_correction_notice(context: CaseContext, name: str, because: str) -> pd.DataFrame:
    """Everybody to whom data on a person went out that was corrected since, with the wrong and the right value (NOTICE)."""
    key = find_entity(context, name)
    ids = {key, *_list_members(context, key)}
    out = disclosures.list_disclosures(context.ledger, sorted(ids))
    changed = row_tables.list_corrections(context.ledger)
    changed = changed[changed["entity_id"].isin(ids)]
    rows = [
        (sent.recipient, sent.kind, sent.name, sent.at, sent.officer, sent.mark, sent.sha256,
         f"{wrong.prop} = {_display_value(context, wrong.value)}",
         f"{wrong.prop} = {_display_value(context, wrong.right)}" if wrong.right else "withdrawn",
         because or wrong.because)
        for wrong in iterate_rows(changed) for sent in iterate_rows(out[out["at"] <= wrong.at])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(NOTICE))


def build_form_facts(context: CaseContext) -> dict[str, object]:
    """What forms on the processing of personal data are filled with: counts, sources, categories, recipients, models, periods."""
    from workbench.case.evidence import case_record

    sources, out, said = (
        row_tables.list_sources(context.ledger),
        disclosures.list_disclosures(context.ledger),
        context.settings,
    )
    status = context.evidence[(context.evidence["prop"] == "status") & (context.evidence["kind"] != "suggested")]
    schemata = dict(Counter(context.canonical_entities["schema"]).most_common())
    people = context.canonical_entities[context.canonical_entities["schema"] == "Person"]
    return {
        "settings": said, "controller": _format_controller(context),
        "officer": context.ledger.officer, "purpose": context.ledger.purpose, "at": now(),
        "sources": sources.to_dict("records"), "documents": len(context.documents), "persons": len(people),
        "suggested": int((people["layer"] == "suggested").sum()),
        "status": status.drop_duplicates("canonical_id")["value"].value_counts().to_dict(),
        "schemata": schemata, "kinds": [context.say.term("schema", one) for one in schemata],
        "recipients": sorted(set(out["recipient"]) - {""}), "disclosures": len(out),
        "models": [card.name for card in case_issues.list_model_cards(context)],
        "withheld": {case_record.describe_reason(context.say,
        row.why): row.items for row in iterate_rows(handling_codes.count_withheld(context))},
        "aside": call_engine.list_exclusions(context).to_dict("records"), "reviews": len(review_list(context, 180)),
    }  # fmt: skip


def _format_controller(context: CaseContext) -> str:
    """The controller, and by what he is known."""
    who, say = controller.get_controller(context), context.say
    if not who.name:
        return say("not recorded")
    return (
        say("{name}, identified by the signing key {key}", name=who.name, key=who.key)
        if who.key
        else say("{name}, identified by name only", name=who.name)
    )


def write_forms(context: CaseContext, folder: Path, language: str = "") -> list[Path]:
    """Write the forms of FORMS, filled from the case, in its language or another; their paths."""
    context = context.to_language(language)
    told = {**build_form_facts(context), "mark": marks.format_mark(context)}
    files = {row["source"] for row in cast("list[dict[str, str]]", told["sources"])}
    files |= set(row_tables.set_asides(context.ledger)["set_aside_id"])
    files |= set(context.evidence.loc[context.evidence["prop"] == "status", "statement_id"])
    products.refuse_own(context, folder / "form.html")
    made = [
        (folder / f"{name}.html", processing_forms.build_form(name, told, context.say.language).encode())
        for name in processing_forms.FORMS
    ]
    for path, data in made:
        out = Disclosure(
            "form", "", path.name, sha256(data).hexdigest(), str(told["mark"]), what="record of processing"
        )
        disclosures.record_disclosure(context.ledger, out, files)
    return products.write_products(
        context, [products.Product(path, data, str(told["mark"]), files) for path, data in made]
    )
