"""What a case tells of itself: issues of its rows, and the models that read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from workbench.case.context import exclusion_issues, search_languages
from workbench.case.context.case_context import CaseContext
from workbench.case.evidence import flag_review, fused_messages
from workbench.case.network import calls
from workbench.ledger.erasure import tombstones
from workbench.ledger.foreign import remarks
from workbench.ledger.records import extreme_values, row_tables
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.machine import model_registry
from workbench.model.rows import Issue
from workbench.model.stored_sentences import translate_lines
from workbench.model.table_schemas import ISSUES, iterate_rows
from workbench.model.values.bounds import limit_rows
from workbench.report import content
from workbench.resolve import find_contradictions, find_disagreements
from workbench.search.model_recipes import get_recipe

WORST = {"error": 0, "warning": 1, "info": 2}


SINGLE = ("birthDate", "gender", "imei", "imsi")
"""Properties of which a thing has one value: two of them are an issue."""


def list_issues(context: CaseContext, *, exclusions: bool = True) -> pd.DataFrame:
    """Issue rows of the readers, and those that come of looking at the whole case: contradictions, conflicting values.

    exclusions : with the rows about exclusions, which name excluded files
    """
    found = row_tables.list_issues(context.ledger)
    derived = [
        *find_contradictions(row_tables.list_judgements(context.ledger)),
        *find_disagreements(row_tables.list_opinions(context.ledger)),
        *list_conflicts(context),
        *fused_messages.list_issues(context),
        *(exclusion_issues.list_issues(context) if exclusions else ()),
        *flag_review.list_issues(context),
        *search_languages.find_language_issues(context),
        *calls.list_issues(context),
        *open_remarks(context),
        *find_extreme_values(context),
        *list_erasure_issues(context),
    ]
    places = context.traces.drop_duplicates("document_id").set_index("document_id")[["source", "source_name"]]
    where = {key: tuple(row) for key, *row in places.itertuples()}
    rows = [
        (i.id, i.code, i.severity, i.message, i.fix, i.document_id, i.place, *where.get(i.document_id, ("", "")))
        for i in derived
    ]
    both = pd.concat([found, pd.DataFrame(rows, columns=pd.Index(ISSUES))], ignore_index=True) if rows else found
    return both.sort_values("severity", key=lambda names: names.map(WORST), kind="stable", ignore_index=True)


def open_remarks(context: CaseContext) -> Iterator[Issue]:
    """An issue row for each package of which remarks wait for an officer."""
    waits = Counter((one.bureau, one.package) for one in remarks.list_remarks(context.ledger) if not one.state)
    for (bureau, package), number in sorted(waits.items()):
        text = Sentence("row.derived.remarks_kept", bureau=bureau, count=number)
        yield build_issue("remarks", text, fix=Sentence("fix.adopt.remarks"), place=package)


def find_extreme_values(context: CaseContext) -> Iterator[Issue]:
    """Issues of values that the ledger holds and nobody can reckon with: of an earlier release, or of a package."""
    return (row for row in limit_rows(extreme_values.list_extremes(context.ledger)) if isinstance(row, Issue))


def list_erasure_issues(context: CaseContext) -> Iterator[Issue]:
    """Issues of what was erased, has come back, and met with a legal hold."""
    for what in tombstones.list_returns(context.ledger.connection):
        yield build_issue("erased_again", Sentence(f"row.derived.{what}"), fix=Sentence(f"fix.held.{what}"))


def list_conflicts(context: CaseContext) -> Iterator[Issue]:
    """An issue for each thing of which sources state two values where there can be one."""
    rows = context.evidence[context.evidence["prop"].isin(SINGLE) & (context.evidence["kind"] != "suggested")]
    for (key, prop), group in rows.groupby(["canonical_id", "prop"], sort=True):
        values = sorted(set(group["value"]))
        if len(values) > 1 and not all(later.startswith(values[0]) for later in values):
            told = {
                "name": context.display_name(str(key)),
                "count": len(values),
                "property": prop,
                "values": ", ".join(values),
            }
            text, fix = Sentence("row.derived.conflict", **told), Sentence("fix.settle.conflict")
            yield build_issue("conflict", text, fix=fix, place=str(key))


def list_model_cards(context: CaseContext) -> tuple[content.ModelCard, ...]:
    """The language models that read the case, with the hash of their weights."""
    used = {run.version for run in iterate_rows(row_tables.list_runs(context.ledger)) if run.kind == "extract"}
    searched = get_recipe(search_languages.get_search_mode(context)).card
    cards = []
    for name, card in model_registry.load_models().items():
        if any(card.label in version for version in used) or name == searched:
            use = translate_lines(card.use, "models.good_for", context.say.language)
            cards.append(content.ModelCard(name, card.label, card.sha256, use))
    return tuple(cards)
