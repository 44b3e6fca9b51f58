"""The case into a report: the analyst's words, who and what is linked, the passages behind it, the quality of the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workbench import graph as rooms
from workbench import report as printing
from workbench.case import charting, extracting, linking, record
from workbench.case.book import Book
from workbench.case.quoting import Quotes
from workbench.ledger import frames, now, write_atomic
from workbench.model.rows import Kind
from workbench.model.scales import PHIA
from workbench.model.schema import label
from workbench.model.tables import each
from workbench.report import content

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

SIZE, LINKS, RANKS, QUOTED = 36, 30, 15, 3
"""Entities on the chart of a report, links and ranks that it lists, passages quoted for each link (the first in time)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is asked for: the question, the addressee, the persons to centre on."""

    question: str
    to: str
    about: tuple[str, ...]


def write(book: Book, path: Path, wanted: Wanted) -> Path:
    """Write report, PDF and chart side by side; returns the path of the HTML."""
    place = path if path.parent != Path() or path.is_absolute() else book.folder.reports / path
    place = place if place.suffix == ".html" else place.with_suffix(".html")
    made = compose(book, wanted)
    write_atomic(place, printing.html(made).encode())
    write_atomic(place.with_suffix(".pdf"), printing.pdf(made))
    detail = {"to": wanted.to, "file": place.name, "pages": "html, pdf", "passages": len(made.passages)}
    book.ledger.record("disclosure", place.name, detail)
    return place


def compose(book: Book, wanted: Wanted) -> content.Report:
    """The report as a value."""
    notes, quotes = frames.notes(book.ledger), Quotes(book)
    told = _told(book, wanted, quotes, _front(book, wanted, notes))
    argued = replace(told, findings=_findings(notes, quotes), timeline=_timeline(book, notes, quotes))
    return replace(_recorded(book, notes, quotes, argued), passages=quotes.all())


def _front(book: Book, wanted: Wanted, notes: pd.DataFrame) -> content.Report:
    """A report that has no more than its front page, question and summary."""
    return content.Report(
        mark=content.Mark(book.settings.mark),
        title=book.settings.title,
        as_at=now(),
        reference=book.settings.reference,
        officer=book.ledger.officer,
        approver=book.settings.approver,
        bureau=book.settings.bureau,
        purpose=book.ledger.purpose,
        legal_basis=book.settings.legal_basis,
        addressee=wanted.to,
        question=wanted.question or _said(notes, "question"),
        summary=_said(notes, "summary"),
        limits=LIMITS,
        scale="PHIA probability yardstick",
        scale_words=PHIA,
        tool=_tool(),
    )


def _told(book: Book, wanted: Wanted, quotes: Quotes, report: content.Report) -> content.Report:
    """The report with persons, chart, links and ranking, and what was left out of them."""
    scope = linking.Scope(suggested=bool(wanted.about))
    ranks = rooms.ranking(linking.graph(book, (), 1, 0, linking.Scope(suggested=False)))
    part = linking.graph(book, wanted.about, 1, SIZE, scope) if wanted.about else linking.overview(book, SIZE, scope)
    return replace(
        report,
        persons=_persons(book, part, ranks),
        chart=charting.picture(book, part, book.settings.title),
        links=_links(book, part, quotes),
        ranking=_ranking(ranks),
        ranking_warning=str(ranks.attrs.get("warning", "")),
        withheld=(*_cut(book, scope, part, ranks), *record.withheld(book, suggestions=scope.suggested)),
    )


def _recorded(book: Book, notes: pd.DataFrame, quotes: Quotes, report: content.Report) -> content.Report:
    """The report with what the ledger has of its making: decisions, notes, issues, sources, steps."""
    audit = frames.audit(book.ledger)
    return replace(
        report,
        decisions=record.decisions(book, quotes),
        notes=record.notes(notes),
        issues=record.issues(book),
        quarantined=record.quarantined(book),
        sources=record.sources(book),
        steps=record.steps(book),
        models=extracting.model_cards(book),
        ledger=f"entry {len(audit)}, {audit['hash'].iloc[-1] if len(audit) else ''}",
    )


def _cut(book: Book, scope: linking.Scope, part: nx.MultiDiGraph, ranks: pd.DataFrame) -> Iterator[str]:
    """Sentences on what the chart and the tables leave out because they are cut to a size."""
    whole, edges, places = linking.graph(book, (), 1, 0, scope), part.number_of_edges(), linking.places(book)
    if len(part) < len(whole):
        yield f"The chart and the tables of persons and links show {len(part)} of {len(whole):,} entities that have a link."
    if edges > LINKS:
        yield f"Of the {edges:,} links between these, the {LINKS} with the most records are listed."
    if any(len(places.get(edge, ())) > QUOTED for edge in part.edges(keys=True)):
        yield f"Of each link at most the first {QUOTED} passages in time are quoted."
    if len(ranks) > RANKS:
        yield f"Of {len(ranks):,} positions the first {RANKS} are listed."


LIMITS = (
    "Links and positions describe the data supplied. What was not seized, exported or added is not in them.",
    "An account, number or handset is recorded as used by a person on the stated basis; another person may have used it.",
    "What is marked as suggested was read out of text by a program and has not been confirmed by an officer.",
)


def _tool() -> str:
    """Program and version; run from its sources, it has none."""
    try:
        return f"caseledger {version('caseledger')}"
    except PackageNotFoundError:
        return "caseledger, from its sources"


def _said(notes: pd.DataFrame, kind: str) -> str:
    return "\n\n".join(notes.loc[notes["kind"] == kind, "text"])


def _findings(notes: pd.DataFrame, quotes: Quotes) -> tuple[content.Finding, ...]:
    return tuple(
        _finding(row.text, {**row.detail, "passages": row.passages, "officer": row.officer, "at": row.at}, quotes)
        for row in each(notes[notes["kind"] == "conclusion"])
    )


def _finding(text: str, note: Mapping[str, Any], quotes: Quotes) -> content.Finding:
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


def _links(book: Book, part: nx.MultiDiGraph, quotes: Quotes) -> tuple[content.Link, ...]:
    places, claims = linking.places(book), linking.claims(book)
    edges = sorted(
        part.edges(keys=True, data=True),
        key=lambda edge: (edge[3]["layer"] == "suggested", -edge[3]["count"], *edge[:3]),
    )
    rows = []
    for source, target, key, data in edges[:LINKS]:
        ids, through = claims.get((source, target, key), (set(), set()))
        cited = linking.passages_of(book, places.get((source, target, key), [])[:QUOTED])
        ends = book.caption(source), data["relation"], book.caption(target)
        period = _minute(data["first"]), _minute(data["last"])
        method = _method(book, ids) if data["layer"] == "suggested" else ""
        passages = quotes.cite(cited, about={source, target, *through})
        rows.append(content.Link(*ends, data["count"], *period, data["layer"], data["directed"], method, passages))
    return tuple(rows)


def _method(book: Book, claims: set[str]) -> str:
    """By what suggestions were read, and how often such a reading is right; '' if no program read them."""
    rows = book.evidence[book.evidence["evidence_id"].isin(claims) & (book.evidence["kind"] == "suggested")]
    if rows.empty:
        return ""
    low, high = f"{rows['confidence'].min():.2f}", f"{rows['confidence'].max():.2f}"
    return f"read by {', '.join(sorted(set(rows['method'])))}, confidence {low if low == high else f'{low} to {high}'}"


def _minute(at: str) -> str:
    """A time for a narrow column: to the minute, the day apart from the hour."""
    return at[:16].replace("T", " ")


def _persons(book: Book, part: nx.MultiDiGraph, ranks: pd.DataFrame) -> tuple[content.Person, ...]:
    held = rooms.attributions(book.evidence, book.canonical)
    contacts = ranks.set_index("canonical_id")["contacts"].to_dict()
    people = [
        key for key in part if book.things.at[key, "schema"] in ("Person", "Organization", "Company", "LegalEntity")
    ]
    people.sort(key=lambda key: (-contacts.get(key, 0), book.caption(key)))
    return tuple(_person(book, key, held[held["holder"] == key], int(contacts.get(key, -1))) for key in people)


def _person(book: Book, key: str, held: pd.DataFrame, contacts: int) -> content.Person:
    row, claims = book.things.loc[key], book.evidence[book.evidence["canonical_id"] == key]
    names = claims.loc[claims["prop"].isin(["name", "alias", "weakAlias"]), "value"]
    using = [
        f"{label(str(book.things.at[item, 'schema']))} {book.caption(item)}"
        for item in held["held"]
        if item in book.things.index
    ]
    return content.Person(
        caption=str(row["caption"]),
        using=tuple(dict.fromkeys(using)),
        aliases=tuple(sorted(set(names) - {row["caption"]})),
        basis=", ".join(sorted(set(held["basis"]) - {""})),
        status=_status(claims),
        custodian=bool(row["custodian"]),
        contacts=contacts,
        layer=cast(Kind, row["layer"]),
    )


def _status(claims: pd.DataFrame) -> str:
    """Status of a person as sources or officers state it; what a program read out of text is none."""
    stated = claims[(claims["prop"] == "status") & (claims["kind"] != "suggested")].drop_duplicates("value")
    said = [f"{row.value} (stated by {row.officer})" if row.officer else row.value for row in each(stated)]
    return ", ".join(said)


def _ranking(ranks: pd.DataFrame) -> tuple[content.Position, ...]:
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
        for row in each(ranks.head(RANKS))
    )


def _timeline(book: Book, notes: pd.DataFrame, quotes: Quotes) -> tuple[content.Event, ...]:
    """Quoted passages of conclusions and notes, and events that officers stated, in order of time."""
    cited: set[str] = set()
    for note in each(notes):
        detail = note.detail
        grounds = [*note.passages, *detail.get("supporting", []), *detail.get("opposing", [])]
        cited.update(quotes.cite(grounds, about=book.named_in(note.text), terms=detail.get("terms", [])))
    events = [_event(quotation) for quotation in quotes.all() if quotation.id in cited]
    return tuple(sorted([*events, *_stated_events(book)], key=lambda event: (event.at or "9999", event.what)))


def _event(quotation: content.Quotation) -> content.Event:
    who = f"{quotation.sender} → {', '.join(quotation.recipients)}" if quotation.recipients else quotation.sender
    return content.Event(
        quotation.at,
        quotation.text,
        who,
        quotation.zone,
        quotation.source,
        ", ".join(quotation.traces),
        "received",
        (quotation.id,),
    )


def _stated_events(book: Book) -> list[content.Event]:
    rows = book.evidence[(book.evidence["schema"] == "Event") & (book.evidence["kind"] == "decided")]
    found = []
    for _, event in rows.groupby("canonical_id"):
        values = event.drop_duplicates("prop").set_index("prop")["value"].to_dict()
        what = values.get("name") or values.get("summary", "event")
        found.append(
            content.Event(values.get("date", ""), what, source=f"stated by {event['officer'].iloc[0]}", layer="decided")
        )
    return found
