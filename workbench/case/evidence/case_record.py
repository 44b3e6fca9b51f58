"""What a report says of the record: decisions and notes of officers, issues of the data, sources, steps of the method."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workbench.case.access import handling_codes
from workbench.case.context import call_engine
from workbench.case.context.case_context import CaseContext
from workbench.case.evidence import case_issues
from workbench.case.evidence.citations import format_value
from workbench.case.evidence.notes import describe_unsourced_notes, list_unsourced_notes
from workbench.case.evidence.quotations import Quotes
from workbench.case.network import document_quotations, entity_graph
from workbench.errors import SourceError
from workbench.ingest.tables.columns.column_mapping import Mapping
from workbench.ledger.access import excluded_files
from workbench.ledger.access.access_filter import REASONS
from workbench.ledger.records import row_tables
from workbench.ledger.storage.stored_values import parse_json
from workbench.model.issue_codes import translate_fix, translate_message
from workbench.model.schema import NAMES, translate_schema
from workbench.model.stored_sentences import translate_lines
from workbench.model.table_schemas import iterate_rows
from workbench.model.text.transliteration import add_transliteration
from workbench.report import content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from workbench.model.catalogue import Translator

ACTS: dict[str, content.Act] = {
    "stated": "statement",
    "superseded": "correction",
    "accepted": "accepted",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
}
"""What officers decide on rows, and how a report calls it."""


def list_decisions(context: CaseContext, quotes: Quotes, *, exclusions: bool) -> tuple[content.Decision, ...]:
    """Judgements on pairs, and what officers stated, corrected, accepted, rejected and withdrew, in order of time.

    exclusions : with those that name excluded files
    """
    untold = frozenset[str]() if exclusions else _list_excluded_runs(context)
    made = [*_list_judgements(context), *_list_rulings(context, quotes, untold)]
    return tuple(sorted(made, key=lambda decision: (decision.at, decision.what)))


def _list_judgements(context: CaseContext) -> Iterator[content.Decision]:
    for row in iterate_rows(row_tables.list_judgements(context.ledger)):
        pair = dict(zip(("one", "other"), _name_pair(context, row.left_id, row.right_id), strict=True))
        judgement = context.say.term("reporting.judgement", row.judgement)
        yield content.Decision(
            context.say("{one} and {other}: {judgement}", **pair, judgement=judgement),
            "judgement",
            row.officer,
            row.at,
            row.because,
        )


def _name_pair(context: CaseContext, left: str, right: str) -> tuple[str, str]:
    """Two entities by the names of their own, whatever they were joined to; of one name, with their ids."""
    named = context.evidence[context.evidence["prop"].isin(NAMES)].drop_duplicates("entity_id")
    own = dict(zip(named["entity_id"], named["value"], strict=True))
    one, other = (add_transliteration(str(own.get(key) or context.get_caption(key))) for key in (left, right))
    return (f"{one} ({left})", f"{other} ({right})") if one == other else (one, other)


def load_sources(context: CaseContext, *, exclusions: bool) -> pd.DataFrame:
    """The received files (`row_tables.list_sources`).

    exclusions : with those of which all is excluded; otherwise no file has a name under which it came with such
    """
    rows = row_tables.list_sources(context.ledger)
    if exclusions:
        return rows
    names = excluded_files.list_counting_names(context.ledger)
    kept = rows[~rows["source"].isin(excluded_files.list_excluded_files(context.ledger))].reset_index(drop=True)
    kept["name"] = [names.get(name, name) for name in kept["name"]]
    return kept


def _list_excluded_runs(context: CaseContext) -> frozenset[str]:
    """Runs that read files of which all is excluded."""
    return row_tables.list_run_ids(context.ledger, excluded_files.list_excluded_files(context.ledger))


def _list_rulings(context: CaseContext, quotes: Quotes, untold: frozenset[str]) -> Iterator[content.Decision]:
    said = (
        context.evidence[context.evidence["kind"] == "decided"]
        .drop_duplicates("statement_id")
        .set_index("statement_id")
    )
    for row in iterate_rows(row_tables.list_decisions(context.ledger)):
        stated = row.verdict == "stated"
        if row.verdict not in ACTS or row.target_id in untold or (stated and row.target_id not in said.index):
            continue
        what = _describe_statement(context, said, row.target_id) if stated else describe_target(context, row.target_id)
        places = said.loc[[row.target_id], ["document_id", "passage_id"]].itertuples(index=False) if stated else ()
        grounds = document_quotations.list_passages(context, places)
        yield content.Decision(what, ACTS[row.verdict], row.officer, row.at, row.because, quotes.cite(grounds))


def describe_target(context: CaseContext, key: str) -> str:
    """What a decision is about: a thing by its caption, a place of evidence by what it claims, a source by its name."""
    place = context.cache_by_material("first_claims", lambda: _find_first_claims(context.evidence)).get(key)
    if place is not None:
        first = context.evidence.iloc[place]
        value = format_value(context, first["prop"], str(first["value"]))
        said, about = _format_claim(context, first["prop"], value), str(first["canonical_id"])
        return (
            f"{context.display_name(about)}: {said}" if about in context.canonical_entities.index else said
        )  # of what was rejected no name is left
    if key.startswith("note-"):  # what a note said that was taken back is not said again
        return translate_schema("Note", context.say.language)
    source = context.cache_by_material("names_of_runs", lambda: _list_run_names(context)).get(key)
    return context.say("import of {name}", name=source) if source else key


def _find_first_claims(rows: pd.DataFrame) -> dict[str, int]:
    """Id of a piece of evidence, statement or entity -> number of the first row about it."""
    found: dict[str, int] = {}
    for column in ("evidence_id", "statement_id", "entity_id"):
        for place, key in enumerate(rows[column]):
            if place < found.get(key, len(rows)):
                found[key] = place
    return found


def _list_run_names(context: CaseContext) -> dict[str, str]:
    rows = row_tables.list_sources(context.ledger)
    return {run: name for run, name in zip(rows["run_id"][::-1], rows["name"][::-1], strict=True) if run}


def _describe_statement(context: CaseContext, said: pd.DataFrame, statement: str) -> str:
    """What an officer stated; an entity that a property points to stands by its caption."""
    row = said.loc[statement]
    prop, written = str(row["prop"]), str(row["value"])
    value = (
        context.display_name(written)
        if written in context.canonical_entities.index
        else format_value(context, prop, written)
    )
    return f"{context.display_name(str(row['canonical_id']))}: {_format_claim(context, prop, value)}"


def _format_claim(context: CaseContext, prop: str, value: str) -> str:
    """A property and its value in words."""
    return f"{context.say.term('property', prop)} = {value}"


def list_notes(rows: pd.DataFrame) -> tuple[content.Note, ...]:
    """Notes, open questions and hypotheses; conclusions and the summary stand in sections of their own."""
    kept = rows[rows["kind"].isin(["note", "question", "hypothesis"])]
    return tuple(content.Note(row.text, row.kind, row.officer, row.at) for row in iterate_rows(kept))


def list_issue_groups(context: CaseContext, *, exclusions: bool) -> tuple[content.IssueGroup, ...]:
    """Issues by their code, each with three examples; `exclusions`: with those that name excluded files."""
    rows = case_issues.list_issues(context, exclusions=exclusions)
    if not exclusions:
        rows = rows[~rows["source"].isin(excluded_files.list_excluded_files(context.ledger))]
    return tuple(
        content.IssueGroup(
            str(code),
            len(group),
            group["severity"].iloc[0],
            context.say.term("meaning", str(code)),
            translate_fix(group["fix"].iloc[0], context.say.language),
            tuple(translate_message(text, context.say.language) for text in group["message"].head(3)),
        )
        for code, group in rows.groupby("code", sort=False)
    )


def list_quarantined(context: CaseContext, *, exclusions: bool) -> tuple[content.QuarantinedSource, ...]:
    """What was received and could not be read; `exclusions`: with what is excluded."""
    rows = load_sources(context, exclusions=exclusions)
    return tuple(
        content.QuarantinedSource(
            row.name, translate_lines(row.reason, "refused.file", context.say.language), row.source, int(row.size)
        )
        for row in iterate_rows(rows[rows["state"] == "quarantined"])
    )


def list_sources(context: CaseContext, *, exclusions: bool) -> tuple[content.SourceFile, ...]:
    """The files that were received and read, withdrawn ones among them; `exclusions`: with excluded ones."""
    rows, earlier = load_sources(context, exclusions=exclusions), row_tables.list_earlier_facts(context.ledger)
    return tuple(
        content.SourceFile(
            row.name, row.source, _format_exhibit(context, row.exhibit, earlier.get(row.source, ())), int(row.size),
            row.received_at, row.reader, row.reader_version, row.zone,
            int(row.documents),
        )
        for row in iterate_rows(rows[rows["state"] != "quarantined"])
    )  # fmt: skip


def _format_exhibit(context: CaseContext, exhibit: str, earlier: Iterable[tuple[str, str]]) -> str:
    """The exhibit of a file, and those that were told before."""
    before = ", ".join(value for name, value in earlier if name == "exhibit")
    return context.say("{exhibit} (previously: {before})", exhibit=exhibit, before=before) if before else exhibit


def list_withheld(context: CaseContext, *, suggestions: bool, exclusions: bool) -> Iterator[str]:
    """Sentences on what the case has and the report does not show.

    suggestions : whether it shows those of programs
    exclusions : with who excluded what and why; otherwise only how much on which ground
    """
    say = context.say
    yield from _list_exclusions(context) if exclusions else _count_exclusions(context)
    for row in iterate_rows(handling_codes.count_withheld(context)):
        yield describe_withheld(say, row.why, row.items)
    if unsourced := len(list_unsourced_notes(context)):
        yield describe_unsourced_notes(say, unsourced)
    services = int((context.documents["service"] != "").sum())
    if services:
        yield say.count(
            "{n} message from a service (advertising, codes, bots) does not count in any link or rank.",
            "{n} messages from services (advertising, codes, bots) do not count in any link or rank.",
            services,
        )
    rows = entity_graph.list_links(context)
    rows = rows.loc[rows["layer"] == "suggested", ["source", "target", "relation"]].drop_duplicates()
    if len(rows) and not suggestions:
        yield say.count(
            "{n} link is not shown: a program suggested it and no officer has confirmed it.",
            "{n} links are not shown: programs suggested them and no officer has confirmed them.",
            len(rows),
        )
    yield from _list_withdrawals(context, load_sources(context, exclusions=exclusions))


def _count_exclusions(context: CaseContext) -> Iterator[str]:
    """How much is excluded on each ground."""
    say, mass = context.say, call_engine.count_excluded_rows(context)
    counted = excluded_files.count_by_ground(context.ledger)
    grounds = set(call_engine.list_exclusions(context)["ground"])
    counted |= {ground: excluded_files.GroundCount() for ground in grounds & mass.keys() - counted.keys()}
    for ground, found in sorted(counted.items()):
        yield say(
            "Excluded ({ground}): whole files: {files}; documents: {documents}; table rows: {rows}.",
            ground=say.term("aside", ground),
            files=say.figure(len(found.files)),
            documents=say.figure(len(found.documents)),
            rows=say.figure(len(found.rows) + sum(mass.get(ground, {}).values())),
        )


def _list_exclusions(context: CaseContext) -> Iterator[str]:
    """Who excluded what and why."""
    say, aside = context.say, call_engine.list_exclusions(context)
    for row in iterate_rows(aside[aside["state"] == "set aside"]):
        numbers = {"documents": say.figure(row.documents), "rows": say.figure(row.rows)}
        yield say(
            "{officer} excluded material ({ground}; documents: {documents}; table rows: {rows}) on {at}. "
            "Reason: {because}",
            **numbers,
            ground=say.term("aside", row.ground),
            officer=row.officer,
            at=row.at,
            because=row.because,
        )


def _list_withdrawals(context: CaseContext, gone: pd.DataFrame) -> Iterator[str]:
    """Who withdrew which of these files and why."""
    say = context.say
    reasons = row_tables.list_decisions(context.ledger).drop_duplicates("target_id", keep="last").set_index("target_id")
    for row in iterate_rows(gone[gone["state"] == "withdrawn"]):
        said = reasons.loc[row.run_id]
        yield say(
            "{officer} withdrew the import of {name} on {at}. Reason: {because}",
            name=row.name,
            **{part: said[part] for part in ("officer", "at", "because")},
        )


def describe_withheld(say: Translator, why: str, items: int) -> str:
    """A sentence on what is withheld from a reader, and why."""
    return say.count(
        "{n} item is left out: {why}.", "{n} items are left out: {why}.", items, why=describe_reason(say, why)
    )


def describe_reason(say: Translator, why: str) -> str:
    """Why something is withheld, in words of the language."""
    code = next((code for code, words in REASONS.items() if words == why), "")
    return say(f"withheld.{code}") if code else why


def _strip_examples(parameters: str) -> str:
    """Options of a reading (JSON) without the cells that a mapping shows as examples: a reader of the report may not see them all."""
    said = parse_json(parameters, dict) or {}
    if "mapping" not in said:
        return parameters
    try:
        told = Mapping.from_json(str(said.pop("mapping"))).strip_cells().to_json()
    except SourceError:
        return json.dumps(said, sort_keys=True, ensure_ascii=False)
    return json.dumps({**said, "mapping": told}, sort_keys=True, ensure_ascii=False)


def list_steps(context: CaseContext, *, exclusions: bool) -> tuple[content.Step, ...]:
    """The runs that read sources and text, in order of time; `exclusions`: with those that read excluded files."""
    say, runs = context.say, row_tables.list_runs(context.ledger)
    if not exclusions:
        runs = runs[~runs["run_id"].isin(_list_excluded_runs(context))]
    names = load_sources(context, exclusions=exclusions).set_index("source")["name"].to_dict()
    return tuple(
        content.Step(
            say("Received and read") if row.kind == "add" else say("Extracted from text"),
            row.method,
            row.version,
            ((say("parameters", context="reporting"), _strip_examples(row.parameters)),)
            if row.parameters != "{}"
            else (),
            names.get(row.source, say("all passages")),
        )
        for row in iterate_rows(runs[runs["kind"] != "officer"])
    )
