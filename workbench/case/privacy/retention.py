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
from workbench.case.context.entity_index import find_entity
from workbench.case.context.tables import Book
from workbench.case.evidence import case_issues
from workbench.case.files import products
from workbench.errors import CaseError
from workbench.ledger import Object, now
from workbench.ledger.access import terms
from workbench.ledger.records import disclosures, row_tables
from workbench.ledger.records.disclosures import Disclosure
from workbench.model.catalogue import Sentence
from workbench.model.table_schemas import iterate_rows
from workbench.model.time_zones import add_years, day_of, is_day
from workbench.report import processing_forms

if TYPE_CHECKING:
    from workbench.ledger.access.terms import Target

REVIEW = ("name", "source", "received_at", "due", "days", "state", "because")
"""Columns of the review list. `days`: int, until it is due, negative once it is past; `state`: due, past, on hold, restricted."""
NOTICE = ("recipient", "kind", "name", "at", "officer", "mark", "sha256", "wrong", "right", "because")


def review_list(book: Book, within: int) -> pd.DataFrame:
    """Sources whose review is due within so many days, the most urgent first (REVIEW)."""
    today, held = datetime.now(UTC).date(), terms.current_terms(book.ledger)
    said = {key: facets for (kind, key), facets in held.items() if kind == "source"}
    rows = []
    for row in iterate_rows(row_tables.sources(book.ledger)):
        facets = said.get(row.source, {})
        due = _due(book, row.received_at, facets)
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


def _due(book: Book, received: str, facets: Mapping[str, Sequence[str]]) -> date:
    if said := facets.get("review"):
        return date.fromisoformat(min(said))
    came = date.fromisoformat(received[:10]) if is_day(received[:10]) else datetime.now(UTC).date()
    return add_years(came, book.settings.years)


def retain(book: Book, what: What, until: str, because: str) -> pd.DataFrame:
    """Set the date of the next review: the controller, at most `terms.LONGEST` years ahead."""
    _controller(book, "sets_dates")
    if not (day := day_of(until)):
        raise CaseError(Sentence("until: '{value}' is not a date. Enter a date like 2027-05-03.", value=until))
    if day > add_years(datetime.now(UTC).date(), terms.LONGEST).isoformat():
        why = Sentence(
            "{day} is more than {years} years from now. Set an earlier date. On that date you can set a new one.",
            day=day,
            years=terms.LONGEST,
        )
        raise book.ledger.refuse("alteration", Object("review"), why)
    return _record_terms(book, what, {"review": [day]}, because)


def hold(book: Book, what: What, because: str) -> pd.DataFrame:
    """Put a legal hold on material: nothing of it can be erased until it is released."""
    return _record_terms(book, what, {"hold": [because]}, because)


def restrict(book: Book, what: What, because: str) -> pd.DataFrame:
    """Restrict processing (article 16(3)): kept as evidence, shown to the controller only."""
    return _record_terms(book, what, {"restricted": [because]}, because)


def release(book: Book, what: What, because: str) -> pd.DataFrame:
    """Take a hold or a restriction back: the controller."""
    _controller(book, "releases")
    return _record_terms(book, what, {"hold": [], "restricted": []}, because)


def hold_reason(book: Book, targets: Sequence[Target]) -> str:
    """Why one of these is on hold; '' if none is."""
    said = terms.current_terms(book.ledger)
    return next((reason for target in targets for reason in said.get(target, {}).get("hold", ())), "")


def unheld(book: Book, source: str) -> None:
    """Refuse what would take a source out of use that is on hold itself, or in which something is.

    Raises
    ------
    CaseError
        With the reason of the hold; the refusal is logged.
    """
    within = [source]
    for one in within:
        within += [inner for inner, _, _ in row_tables.list_inner_sources(book.ledger, one) if inner not in within]
    lies = book.traces[book.traces["source"].isin(within)]["document_id"]
    passages = book.passages[book.passages["document_id"].isin(lies)]["passage_id"]
    targets = (
        [("source", one) for one in within]
        + [("document", one) for one in lies]
        + [("passage", one) for one in passages]
    )
    if reason := hold_reason(book, targets):
        raise book.ledger.refuse(
            "alteration",
            Object("source", source),
            Sentence(
                "This was not done. The source, or something in it, is on legal hold ({why}). The "
                "controller must release the hold first: case.privacy.release(…).",
                why=reason,
            ),
        )


def _record_terms(book: Book, what: What, facets: Mapping[str, list[str]], because: str) -> pd.DataFrame:
    if not because.strip():
        what_is = Object(", ".join(facets))
        raise book.ledger.refuse(
            "alteration", what_is, Sentence("Nothing was changed. Give a reason: because='court order of 3 May'.")
        )
    targets = handling_codes.targets_of(book, what)
    terms.add(book.ledger, targets, facets, because)
    return handling_codes.build_target_table(book, targets)


def _controller(book: Book, does: str) -> None:
    controller.only_controller(book, "alteration", Object("review"), does)


def _display_value(book: Book, value: str) -> str:
    return book.caption(value) if value in book.canonical_entities.index else value


def _members(book: Book, key: str) -> list[str]:
    return [str(one) for one in book.entities.loc[book.entities["canonical_id"] == key, "entity_id"]]


def correction_notice(book: Book, name: str, because: str) -> pd.DataFrame:
    """Everybody to whom data on a person went out that was corrected since, with the wrong and the right value (NOTICE)."""
    key = find_entity(book, name)
    ids = {key, *_members(book, key)}
    out = disclosures.frame(book.ledger, sorted(ids))
    changed = row_tables.corrections(book.ledger)
    changed = changed[changed["entity_id"].isin(ids)]
    rows = [
        (sent.recipient, sent.kind, sent.name, sent.at, sent.officer, sent.mark, sent.sha256,
         f"{wrong.prop} = {_display_value(book, wrong.value)}",
         f"{wrong.prop} = {_display_value(book, wrong.right)}" if wrong.right else "withdrawn",
         because or wrong.because)
        for wrong in iterate_rows(changed) for sent in iterate_rows(out[out["at"] <= wrong.at])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(NOTICE))


def facts(book: Book) -> dict[str, object]:
    """What forms on the processing of personal data are filled with: counts, sources, categories, recipients, models, periods."""
    from workbench.case.evidence import case_record

    sources, out, said = row_tables.sources(book.ledger), disclosures.frame(book.ledger), book.settings
    status = book.evidence[(book.evidence["prop"] == "status") & (book.evidence["kind"] != "suggested")]
    schemata = dict(Counter(book.canonical_entities["schema"]).most_common())
    people = book.canonical_entities[book.canonical_entities["schema"] == "Person"]
    return {
        "settings": said, "controller": _controller_label(book),
        "officer": book.ledger.officer, "purpose": book.ledger.purpose, "at": now(),
        "sources": sources.to_dict("records"), "documents": len(book.documents), "persons": len(people),
        "suggested": int((people["layer"] == "suggested").sum()),
        "status": status.drop_duplicates("canonical_id")["value"].value_counts().to_dict(),
        "schemata": schemata, "kinds": [book.say.term("schema", one) for one in schemata],
        "recipients": sorted(set(out["recipient"]) - {""}), "disclosures": len(out),
        "models": [card.name for card in case_issues.model_cards(book)],
        "withheld": {case_record.reason(book.say, row.why): row.items for row in iterate_rows(handling_codes.withheld(book))},
        "aside": row_tables.set_asides(book.ledger).to_dict("records"), "reviews": len(review_list(book, 180)),
    }  # fmt: skip


def _controller_label(book: Book) -> str:
    """The controller, and by what he is known."""
    who, say = controller.controller(book), book.say
    if not who.name:
        return say("not named")
    return (
        say("{name}, identified by the signing key {key}", name=who.name, key=who.key)
        if who.key
        else say("{name}, identified by name only", name=who.name)
    )


def write_forms(book: Book, folder: Path, language: str = "") -> list[Path]:
    """Write the forms of FORMS, filled from the case, in its language or another; their paths."""
    book = book.with_language(language)
    told = {**facts(book), "mark": marks.label(book)}
    files = {row["source"] for row in cast("list[dict[str, str]]", told["sources"])}
    files |= set(row_tables.set_asides(book.ledger)["set_aside_id"])
    files |= set(book.evidence.loc[book.evidence["prop"] == "status", "statement_id"])
    products.refuse_own(book, folder / "form.html")
    made = [
        (folder / f"{name}.html", processing_forms.form(name, told, book.say.language).encode())
        for name in processing_forms.FORMS
    ]
    for path, data in made:
        out = Disclosure(
            "form", "", path.name, sha256(data).hexdigest(), str(told["mark"]), what="record of processing"
        )
        disclosures.add(book.ledger, out, files)
    return [products.save(book, path, data, str(told["mark"]), files) for path, data in made]
