"""The case into a report: the analyst's words, who and what is linked, the passages behind it, the quality of the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workbench import graph as rooms
from workbench import report as printing
from workbench.case import charting, extracting, linking, record
from workbench.case.book import Book
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
    notes = frames.notes(book.ledger)
    return _recorded(book, notes, _told(book, wanted, notes, _front(book, wanted, notes)))


def _front(book: Book, wanted: Wanted, notes: pd.DataFrame) -> content.Report:
    """A report that has no more than its front page, question and summary."""
    return content.Report(
        mark=content.Mark(book.settings.mark),
        title=book.settings.title,
        as_at=now(),
        reference=book.settings.reference,
        officer=book.ledger.officer,
        purpose=book.ledger.purpose,
        addressee=wanted.to,
        question=wanted.question or _said(notes, "question"),
        summary=_said(notes, "summary"),
        limits=LIMITS,
        scale="PHIA probability yardstick",
        scale_words=PHIA,
        tool=_tool(),
    )


def _told(book: Book, wanted: Wanted, notes: pd.DataFrame, report: content.Report) -> content.Report:
    """The report with conclusions, persons, links, ranking, timeline, and the passages that these cite."""
    confirmed = linking.Scope(suggested=False)
    ranks = rooms.ranking(linking.graph(book, (), 1, 0, confirmed))
    part = (
        linking.graph(book, wanted.about, 1, SIZE, linking.Scope())
        if wanted.about
        else linking.overview(book, SIZE, confirmed)
    )
    quotes = _Quotes(book)
    links = _links(book, part, quotes)
    findings = _findings(notes, quotes)
    timeline = _timeline(book, notes, quotes)
    return replace(
        report,
        findings=findings,
        persons=_persons(book, part, ranks),
        chart=charting.picture(book, part, book.settings.title),
        links=links,
        ranking=_ranking(ranks),
        ranking_warning=str(ranks.attrs.get("warning", "")),
        timeline=timeline,
        passages=quotes.all(),
    )


def _recorded(book: Book, notes: pd.DataFrame, report: content.Report) -> content.Report:
    """The report with what the ledger has of its making: decisions, notes, issues, sources, steps."""
    audit = frames.audit(book.ledger)
    return replace(
        report,
        decisions=record.decisions(book),
        notes=record.notes(notes),
        issues=record.issues(book),
        quarantined=record.quarantined(book),
        sources=record.sources(book),
        steps=record.steps(book),
        models=extracting.model_cards(book),
        ledger=f"entry {len(audit)}, {audit['hash'].iloc[-1] if len(audit) else ''}",
    )


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


class _Quotes:
    """The passages that the report quotes, each once, in the order in which they are first asked for."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.stance: dict[str, content.Stance] = {}

    def cite(self, passages: Iterable[str], stance: content.Stance = "context") -> tuple[str, ...]:
        """Ask for passages; those that are in the case."""
        known = [passage for passage in passages if passage in self._documents]
        for passage in known:
            if self.stance.get(passage, "context") == "context":
                self.stance[passage] = stance
        return tuple(known)

    @property
    def _documents(self) -> dict[str, str]:
        book = self.book
        return book.derived(
            "passage-documents",
            lambda: dict(zip(book.passages["passage_id"], book.passages["document_id"], strict=True)),
        )

    def all(self) -> tuple[content.Quotation, ...]:
        """The quotations, ready to print."""
        ids = list(self.stance)
        table = linking.quote(self.book, [self._documents[key] for key in ids], ids)
        zones = self.book.documents.set_index("document_id")["zone"].to_dict()
        return tuple(
            content.Quotation(
                id=row.passage_id,
                text=row.text,
                at=row.at,
                zone=zones.get(row.document_id) or "zone unknown",
                sender=row.sender,
                recipients=tuple(row.recipients),
                source=row.source_name,
                exhibit=row.exhibit,
                sha256=row.sha256,
                place=row.place,
                traces=tuple(row.traces),
                document_id=row.document_id,
                stance=self.stance[row.passage_id],
            )
            for row in each(table)
        )


def _said(notes: pd.DataFrame, kind: str) -> str:
    return "\n\n".join(notes.loc[notes["kind"] == kind, "text"])


def _findings(notes: pd.DataFrame, quotes: _Quotes) -> tuple[content.Finding, ...]:
    return tuple(
        _finding(row.text, {**row.detail, "passages": row.passages, "officer": row.officer, "at": row.at}, quotes)
        for row in each(notes[notes["kind"] == "conclusion"])
    )


def _finding(text: str, note: Mapping[str, Any], quotes: _Quotes) -> content.Finding:
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


def _links(book: Book, part: nx.MultiDiGraph, quotes: _Quotes) -> tuple[content.Link, ...]:
    places = linking.places(book)
    edges = sorted(
        part.edges(keys=True, data=True),
        key=lambda edge: (edge[3]["layer"] == "suggested", -edge[3]["count"], *edge[:3]),
    )
    rows = []
    for source, target, key, data in edges[:LINKS]:
        cited = linking.passages_of(book, places.get((source, target, key), [])[:QUOTED])
        ends = book.caption(source), data["relation"], book.caption(target)
        period = _minute(data["first"]), _minute(data["last"])
        rows.append(
            content.Link(*ends, data["count"], *period, data["layer"], data["directed"], passages=quotes.cite(cited))
        )
    return tuple(rows)


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


def _person(book: Book, key: str, held: pd.DataFrame, messages: int) -> content.Person:
    row = book.things.loc[key]
    names = book.evidence[
        (book.evidence["canonical_id"] == key) & book.evidence["prop"].isin(["name", "alias", "weakAlias"])
    ]
    using = [
        f"{label(str(book.things.at[item, 'schema']))} {book.caption(item)}"
        for item in held["held"]
        if item in book.things.index
    ]
    return content.Person(
        caption=str(row["caption"]),
        using=tuple(dict.fromkeys(using)),
        aliases=tuple(sorted(set(names["value"]) - {row["caption"]})),
        basis=", ".join(sorted(set(held["basis"]) - {""})),
        custodian=bool(row["custodian"]),
        messages=messages,
        layer=cast(Kind, row["layer"]),
    )


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


def _timeline(book: Book, notes: pd.DataFrame, quotes: _Quotes) -> tuple[content.Event, ...]:
    """Quoted passages of conclusions and notes, and events that officers stated, in order of time."""
    cited = [passage for passages in notes["passages"] for passage in passages]
    for detail in notes["detail"]:
        cited += [*detail.get("supporting", []), *detail.get("opposing", [])]
    events = [
        _event(quotation, quotes)
        for quotation in quotes.all()
        if quotation.id in set(quotes.cite(dict.fromkeys(cited)))
    ]
    return tuple(sorted([*events, *_stated_events(book)], key=lambda event: (event.at or "9999", event.what)))


def _event(quotation: content.Quotation, quotes: _Quotes) -> content.Event:
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
