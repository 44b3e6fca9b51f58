"""The case into a report: the analyst's words, who and what is linked, the passages behind it, the quality of the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workbench import graph as rooms
from workbench import report as printing
from workbench.case.access import clearances, controller, handling_codes, marks
from workbench.case.charts import chart_builder
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_in_text
from workbench.case.context.progress import print_message
from workbench.case.evidence import case_issues, case_record, flag_review, product_basis
from workbench.case.evidence.notes import list_sourced_notes
from workbench.case.evidence.quotations import Quotes
from workbench.case.files import products
from workbench.case.network import document_quotations, entity_graph, link_evidence, row_evidence
from workbench.errors import CaseError
from workbench.ledger import now
from workbench.ledger.access import note_sources
from workbench.ledger.access.access_filter import Reader
from workbench.ledger.log import checkpoints
from workbench.ledger.records import disclosures, row_tables
from workbench.ledger.records.disclosures import Disclosure
from workbench.model.catalogue import Sentence, Translator, encode_word
from workbench.model.probability_scales import PHIA
from workbench.model.rows import Kind
from workbench.model.schema import translate_schema
from workbench.model.stored_sentences import translate_lines
from workbench.model.table_schemas import iterate_rows
from workbench.model.text.transliteration import format_parties
from workbench.report import content

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

SIZE, LINKS, RANKS, QUOTED = 36, 30, 15, 3
"""Entities on the chart of a report, links and ranks that it lists, passages quoted for each link (the first in time)."""


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What a report is asked for: question, addressee, persons to centre on, reader (None: who works), scale of grades, language."""

    question: str
    to: str
    about: tuple[str, ...]
    reader: Reader | None = None
    scale: str = ""
    language: str = ""


def write_report(context: CaseContext, path: Path, wanted: ReportRequest) -> Path:
    """Write the page with its chart, and the PDF beside it; returns the path of the one that was asked for, and says where both are."""
    context = context.to_language(wanted.language)
    is_paper = path.suffix.lower() == ".pdf"
    place = products.place_of(context, path)
    if path.is_dir() or place.suffix.lower() not in ("", ".html", ".pdf"):
        raise CaseError(
            Sentence(
                "{path} is not a name for a report. Give a file name that ends in `.html`. The PDF is saved next "
                "to it.",
                path=path,
            )
        )
    place = place.with_suffix(".html")
    with clearances.view_as_reader(context, wanted.reader) if wanted.reader else nullcontext(context) as cut:
        made = build_report(cut, wanted)
        told, left = _collect_reported_ids(cut, wanted, made), handling_codes.describe_withheld(cut, wanted.reader)
    page, paper = printing.to_html(made).encode(), printing.to_pdf(made)
    hashes = [sha256(data).hexdigest() for data in (page, paper)]
    passages = len(made.passages)
    out = Disclosure(
        "report", wanted.to, place.name, hashes[0], made.mark.text, count=passages, also=(hashes[1],), cut=left
    )
    disclosures.record_disclosure(context.ledger, out, told)
    files = [
        products.Product(place, page, made.mark.text),
        products.Product(place.with_suffix(".pdf"), paper, made.mark.text, told),
    ]
    written, printed = products.write_products(context, files)
    print_message(
        is_paper
        and Sentence(
            "The report was written as two files: {paper}, and {page} with the interactive chart.",
            page=written,
            paper=printed,
        ),
        context.say,
    )
    if context.ledger.identity:
        context.ledger.sign_checkpoint()
    print_message(left.get("say"), context.say)
    return printed if is_paper else written


def build_report(context: CaseContext, wanted: ReportRequest) -> content.Report:
    """The report as a value."""
    notes, quotes = list_sourced_notes(context), Quotes(context, wanted.scale)
    told = _add_network_sections(context, wanted, quotes, _build_front_page(context, wanted, notes))
    argued = replace(told, findings=_build_findings(notes, quotes), timeline=_build_timeline(context, notes, quotes))
    made = replace(_add_ledger_sections(context, notes, quotes, argued), passages=quotes.list_quotations())
    flagged = flag_review.describe_flags(
        context, [one.id for one in made.passages], map(str, _select_graph(context, wanted)), "report"
    )
    return replace(made, limits=(*made.limits, *filter(None, [flagged])))


def _select_graph(context: CaseContext, wanted: ReportRequest) -> nx.MultiDiGraph:
    """The graph that a report shows."""
    scope = entity_graph.Scope(suggested=bool(wanted.about))
    return (
        entity_graph.build_graph(context, wanted.about, 1, SIZE, scope)
        if wanted.about
        else entity_graph.build_overview(context, SIZE, scope)
    )


def _collect_reported_ids(context: CaseContext, wanted: ReportRequest, made: content.Report) -> set[str]:
    """Of what a report tells: what it quotes, whom it shows, whom the quotations name, its lists; and what these rest on."""
    ids, rows = {quotation.id for quotation in made.passages}, context.evidence
    documents = set(context.passages.loc[context.passages["passage_id"].isin(ids), "document_id"])
    there = rows["passage_id"].isin(ids) | (rows["document_id"].isin(documents) & (rows["passage_id"] == ""))
    named = rows.loc[there, "canonical_id"]
    calls = {quotation.document_id for quotation in made.passages} - {""}
    part, ranked = _select_graph(context, wanted), set(entity_graph.rank_entities(context).head(RANKS)["canonical_id"])
    behind = product_basis.list_graph_basis(context, part) | product_basis.list_entity_places(context, ranked)
    quoted = ids & set(context.passages["passage_id"])
    return {
        *documents,
        *quoted,
        *calls,
        *named,
        *map(str, part),
        *ranked,
        *behind,
        *_collect_listed_ids(context, wanted),
    }


def _collect_listed_ids(context: CaseContext, wanted: ReportRequest) -> set[str]:
    """Files that a report lists, and the rows, notes and rules behind its lists of decisions, notes and what is set aside."""
    ruled, judged = row_tables.list_decisions(context.ledger), row_tables.list_judgements(context.ledger)
    lists = (ruled["target_id"], ruled["replacement"], judged["left_id"], judged["right_id"])
    files = case_record.load_sources(context, exclusions=not wanted.to)["source"]
    aside = row_tables.set_asides(context.ledger)["set_aside_id"]
    return {
        *files,
        *aside,
        *list_sourced_notes(context)["note_id"],
        *(key for one in lists for key in one if key),
    }


def _build_front_page(context: CaseContext, wanted: ReportRequest, notes: pd.DataFrame) -> content.Report:
    """A report that has no more than its front page, question and summary."""
    say = context.say
    return content.Report(
        mark=content.Mark(marks.format_mark(context)),
        title=context.settings.title,
        as_at=now(),
        reference=context.settings.reference,
        officer=context.ledger.officer,
        approver=context.settings.approver,
        bureau=context.settings.bureau,
        purpose=context.ledger.purpose,
        legal_basis=context.settings.legal_basis,
        addressee=wanted.to,
        question=wanted.question or _join_note_texts(notes, "question"),
        summary=_join_note_texts(notes, "summary"),
        limits=(*(say(f"reporting.limit.{name}") for name in LIMITS), *_describe_controller(context)),
        scale=say("PHIA probability yardstick"),
        scale_words=tuple((say.term("probability", word), say(f"range.{encode_word(word)}")) for word, _ in PHIA),
        tool=_describe_program(say),
        language=say.catalogue_language,
    )


def _add_network_sections(
    context: CaseContext, wanted: ReportRequest, quotes: Quotes, report: content.Report
) -> content.Report:
    """The report with persons, chart, links and ranking, and what was left out of them."""
    scope = entity_graph.Scope(suggested=bool(wanted.about))
    ranks = entity_graph.rank_entities(context)
    part = _select_graph(context, wanted)
    unsettled = handling_codes.check_person_status(context, part, "report")
    return replace(
        report,
        persons=_build_persons(context, part, ranks),
        chart=chart_builder.build_report_chart(context, part, context.settings.title),
        links=_build_links(context, part, quotes),
        ranking=_build_ranking(ranks),
        ranking_warning=_describe_ranking(context, ranks),
        withheld=(
            *_describe_omissions(context, scope, part, ranks),
            *case_record.list_withheld(context, suggestions=scope.suggested, exclusions=not wanted.to),
        ),
        limits=(*report.limits, *filter(None, [unsettled])),
    )


def _add_ledger_sections(
    context: CaseContext, notes: pd.DataFrame, quotes: Quotes, report: content.Report
) -> content.Report:
    """The report with what the ledger has of its making: decisions, notes, issues, sources, steps."""
    size, root = checkpoints.get_head(context.ledger.connection)
    exclusions = not report.addressee
    return replace(
        report,
        decisions=case_record.list_decisions(context, quotes, exclusions=exclusions),
        notes=case_record.list_notes(notes),
        issues=case_record.list_issue_groups(context, exclusions=exclusions),
        quarantined=case_record.list_quarantined(context, exclusions=exclusions),
        sources=case_record.list_sources(context, exclusions=exclusions),
        steps=case_record.list_steps(context, exclusions=exclusions),
        models=case_issues.list_model_cards(context),
        ledger=context.say("{size} entries, root hash {root}", size=size, root=root.hex()),
    )


def _describe_omissions(
    context: CaseContext, scope: entity_graph.Scope, part: nx.MultiDiGraph, ranks: pd.DataFrame
) -> Iterator[str]:
    """Sentences on what the chart and the tables leave out because they are cut to a size."""
    say = context.say
    whole, edges, places = (
        entity_graph.build_graph(context, (), 1, 0, scope),
        part.number_of_edges(),
        link_evidence.list_link_places(context),
    )
    if len(part) < len(whole):
        yield say(
            "The chart and the tables of persons and links show {shown} of the {whole} entities that have links.",
            shown=len(part),
            whole=say.figure(len(whole)),
        )
    if edges > LINKS:
        yield say(
            "Of the {whole} links between these entities, the report lists the {shown} links "
            "that have the most records.",
            whole=say.figure(edges),
            shown=LINKS,
        )
    many = (
        edge
        for *edge, data in part.edges(keys=True, data=True)
        if {"numbers", "entries"} & data.keys() and data["count"] > QUOTED
    )
    if any(many) or any(len(places.get(edge, ())) > QUOTED for edge in part.edges(keys=True)):
        yield say(
            "For each link, the report quotes at most the first {shown} passages, call records or payments, "
            "in time order.",
            shown=QUOTED,
        )
    if whole.graph.get("left_out"):
        yield from translate_lines(str(whole.graph["left_out"]), "left_out", say.language).split("\n")
    if len(ranks) > RANKS:
        yield say(
            "Of the {whole} entities in the ranking, the report lists the first {shown}.",
            whole=say.figure(len(ranks)),
            shown=RANKS,
        )


LIMITS = ("supplied", "used_by", "suggested")
"""Limits of what a report is made of."""


def _describe_controller(context: CaseContext) -> Iterator[str]:
    """A sentence where the marks and clearances of the case hang on a name that nothing proves."""
    if controller.describe_controller(context):
        yield context.say(
            "A controller who is known only by name decided the marks and clearances. The name was not verified."
        )


def _describe_program(say: Translator) -> str:
    """Program and version; run from its sources, it has none."""
    try:
        return f"caseledger {version('caseledger')}"
    except PackageNotFoundError:
        return say("{tool}, run from its source code", tool="caseledger")


def _join_note_texts(notes: pd.DataFrame, kind: str) -> str:
    return "\n\n".join(notes.loc[notes["kind"] == kind, "text"])


def _build_findings(notes: pd.DataFrame, quotes: Quotes) -> tuple[content.Finding, ...]:
    return tuple(
        _build_finding(row.text, {**row.detail, "passages": row.passages, "officer": row.officer, "at": row.at}, quotes)
        for row in iterate_rows(notes[notes["kind"] == "conclusion"])
    )


def _build_finding(text: str, note: Mapping[str, Any], quotes: Quotes) -> content.Finding:
    """A conclusion; `note` holds its detail and passages, officer, at."""
    return content.Finding(
        statement=text,
        nature=note.get("nature", "assessment"),
        probability=str(note.get("probability", "")),
        confidence=note.get("confidence", ""),
        because=str(note.get("basis", "")),
        supporting=quotes.cite([*note["passages"], *note.get("supporting", [])], "for"),
        opposing=quotes.cite(note.get("opposing", []), "against"),
        alternatives=tuple(note.get("alternatives", [])),
        gaps=tuple(note.get("gaps", [])),
        officer=note["officer"],
        at=note["at"],
    )


def _build_links(context: CaseContext, part: nx.MultiDiGraph, quotes: Quotes) -> tuple[content.Link, ...]:
    places, claims = link_evidence.list_link_places(context), link_evidence.list_link_claims(context)
    edges = sorted(
        part.edges(keys=True, data=True),
        key=lambda edge: (edge[3]["layer"] == "suggested", -edge[3]["count"], *edge[:3]),
    )
    calls = row_evidence.list_edge_records(context, part, [edge[:3] for edge in edges[:LINKS]], QUOTED)
    rows = []
    for source, target, key, data in edges[:LINKS]:
        ids, through = claims.get((source, target, key), (set(), set()))
        cited = document_quotations.list_passages(context, places.get((source, target, key), [])[:QUOTED])
        ends = context.get_caption(source), data["relation"], context.get_caption(target)
        period = _format_minute(data["first"]), _format_minute(data["last"])
        method = _describe_method(context, ids) if data["layer"] == "suggested" else ""
        passages = quotes.cite(cited, about={source, target, *through})
        if (records := calls.get((source, target, key))) is not None:
            passages += quotes.cite_calls(records.head(QUOTED - len(passages)))
        rows.append(content.Link(*ends, data["count"], *period, data["layer"], data["directed"], method, passages))
    return tuple(rows)


def _describe_method(context: CaseContext, claims: set[str]) -> str:
    """By what suggestions were read, and how often such a reading is right; '' if no program read them."""
    rows = context.evidence[context.evidence["evidence_id"].isin(claims) & (context.evidence["kind"] == "suggested")]
    if rows.empty:
        return ""
    low, high = f"{rows['confidence'].min():.2f}", f"{rows['confidence'].max():.2f}"
    key = "reporting.read_by" if low == high else "reporting.read_by_range"
    return context.say(
        key, methods=", ".join(sorted(set(rows["method"]))), low=low, **({} if low == high else {"high": high})
    )


def _format_minute(at: str) -> str:
    """A time for a narrow column: to the minute, the day apart from the hour."""
    return at[:16].replace("T", " ")


def _build_persons(context: CaseContext, part: nx.MultiDiGraph, ranks: pd.DataFrame) -> tuple[content.Person, ...]:
    held = rooms.list_attributions(context.evidence, context.canonical)
    contacts = ranks.set_index("canonical_id")["contacts"].to_dict()
    people = [key for key in part if part.nodes[key]["schema"] in ("Person", "Organization", "Company", "LegalEntity")]
    people.sort(key=lambda key: (-contacts.get(key, 0), context.get_caption(key)))
    return tuple(_build_person(context, key, held[held["holder"] == key], int(contacts.get(key, -1))) for key in people)


def _build_person(context: CaseContext, key: str, held: pd.DataFrame, contacts: int) -> content.Person:
    if key not in context.canonical_entities.index:  # known by rows only
        return content.Person(context.get_caption(key), contacts=contacts)
    row, claims = context.canonical_entities.loc[key], context.evidence[context.evidence["canonical_id"] == key]
    names = claims.loc[claims["prop"].isin(["name", "alias", "weakAlias"]), "value"]
    using = [
        f"{translate_schema(str(context.canonical_entities.at[item, 'schema']), context.say.language)} {context.display_name(item)}"
        for item in held["held"]
        if item in context.canonical_entities.index
    ]
    return content.Person(
        caption=str(row["caption"]),
        using=tuple(dict.fromkeys(using)),
        aliases=tuple(sorted(set(names) - {row["caption"]})),
        basis=", ".join(context.say.term("attribution", one) for one in sorted(set(held["basis"]) - {""})),
        status=_format_status(claims, context.say),
        custodian=bool(row["custodian"]),
        contacts=contacts,
        layer=cast(Kind, row["layer"]),
        minor=flag_review.describe_person_flags(context, key),
    )


def _format_status(claims: pd.DataFrame, say: Translator) -> str:
    """Status of a person as sources or officers state it; what a program read out of text is none."""
    stated = claims[(claims["prop"] == "status") & (claims["kind"] != "suggested")].drop_duplicates("value")
    said = [
        say("{value} (stated by {officer})", value=say.term("status", row.value), officer=row.officer) if row.officer
        else say.term("status", row.value) for row in iterate_rows(stated)
    ]  # fmt: skip
    return ", ".join(said)


def _describe_ranking(context: CaseContext, ranks: pd.DataFrame) -> str:
    """How the ranking misleads, and how betweenness was estimated where it is not exact."""
    warning = rooms.RANKING_WARNING.translate_to(context.say.language)
    estimated = bool(ranks["betweenness_error"].any())
    return f"{warning} {ranks.attrs['method'].translate_to(context.say.language)}" if estimated else warning


def _build_ranking(ranks: pd.DataFrame) -> tuple[content.Position, ...]:
    return tuple(
        content.Position(
            int(row.rank),
            row.caption,
            int(row.degree),
            int(row.contacts),
            float(row.betweenness),
            int(row.community),
            bool(row.custodian),
        )
        for row in iterate_rows(ranks.head(RANKS))
    )


def _build_timeline(context: CaseContext, notes: pd.DataFrame, quotes: Quotes) -> tuple[content.Event, ...]:
    """Quoted passages of conclusions and notes, and events that officers stated, in order of time."""
    cited: set[str] = set()
    for note in iterate_rows(notes):
        rests_on, terms = note_sources.list_cited_passages(note.passages, note.detail), note.detail.get("terms", [])
        cited.update(quotes.cite(rests_on, about=find_in_text(context, note.text), terms=terms))
    events = [_build_event(quotation) for quotation in quotes.list_quotations() if quotation.id in cited]
    return tuple(sorted([*events, *_list_stated_events(context)], key=lambda event: (event.at or "9999", event.what)))


def _build_event(quotation: content.Quotation) -> content.Event:
    return content.Event(
        quotation.at,
        quotation.text,
        format_parties(quotation.sender, quotation.recipients),
        quotation.zone,
        quotation.source,
        ", ".join(quotation.traces),
        "received",
        (quotation.id,),
    )


def _list_stated_events(context: CaseContext) -> list[content.Event]:
    say = context.say
    rows = context.evidence[(context.evidence["schema"] == "Event") & (context.evidence["kind"] == "decided")]
    found = []
    for _, event in rows.groupby("canonical_id"):
        values = event.drop_duplicates("prop").set_index("prop")["value"].to_dict()
        what = values.get("name") or values.get("summary", say("event", context="reporting"))
        found.append(
            content.Event(
                values.get("date", ""),
                what,
                source=say("stated by {officer}", officer=event["officer"].iloc[0]),
                layer="decided",
            )
        )
    return found
