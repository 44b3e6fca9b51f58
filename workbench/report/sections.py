"""The sections about the case: conclusions, persons, chart, links, ranking, timeline, quotations."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import compress, pairwise
from typing import TYPE_CHECKING, Literal

from workbench.model.direction import right_to_left
from workbench.model.latin import beside, between, transliterated
from workbench.report import wording
from workbench.report.blocks import (
    Block,
    Column,
    Fact,
    Figure,
    Line,
    Part,
    Quote,
    Quotes,
    Section,
    Segment,
    Statement,
    Statements,
    Subheading,
    Table,
    Text,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.report.blocks import Cell, Style
    from workbench.report.content import Event, Finding, Link, Person, Position, Quotation, Report
    from workbench.report.refs import Refs

SHOWN = 25
LONG_TIME = 21
LONG_QUOTE = 1200
WHOLE = 14
"""Letters of a word within a name that a narrow column does not break."""
CONTACTS = "Messages, calls, payments"


def summary(report: Report, refs: Refs) -> Section:
    """What was asked and what the officer answers."""
    asked = _prose(report.question, "question", refs)
    answer = _prose(report.summary, "summary", refs)
    blocks = (Subheading("Question"), asked, Subheading("Summary"), answer)
    written = report.question.strip() or report.summary.strip()
    return Section("summary", "Question and summary", blocks, (layer("decided"),) if written else ())


def findings(report: Report, refs: Refs) -> Section:
    """Conclusions with what speaks for and against each."""
    items = tuple(_statement(n, finding, refs) for n, finding in enumerate(report.findings, 1))
    blocks = (sentence(wording.FINDINGS), Statements(items))
    return Section("findings", "Conclusions", blocks if items else (empty("findings"),))


def persons(report: Report, refs: Refs) -> Section:
    """Persons and organisations as recorded."""
    columns = (
        Column("No.", 0), Column("Person or organisation", 3), Column("Recorded as using", 3),
        Column("Basis and status", 4), Column(CONTACTS, 1.7, "right"), Column("Passages", 1.5),
    )  # fmt: skip
    lines = tuple(_person(n, person, refs) for n, person in enumerate(report.persons, 1))
    return table("persons", "Persons and organisations", columns, lines, caution=wording.PERSONS)


def chart(report: Report) -> Section:
    """The link chart as a picture."""
    if report.chart is None:
        return Section("chart", "Link chart", (empty("chart"),))
    caption = report.chart.caption or f"Links between the persons and objects named, as at {report.as_at}."
    alt = f"Link chart. {caption} The table of links says the same in words."
    return Section("chart", "Link chart", (sentence(wording.CHART, tone="caution"), Figure(caption, alt)))


def links(report: Report, refs: Refs) -> Section:
    """Links, confirmed and tentative."""
    columns = (
        Column("No.", 0), Column("From", 3), Column("Relation", 1.8), Column("To", 3),
        Column("Records", 0, "right"), Column("First – last", 2.4), Column("Standing", 1.9), Column("Passages", 1.3),
    )  # fmt: skip
    lines = tuple(_link(n, link, refs) for n, link in enumerate(report.links, 1))
    return table("links", "Links", columns, lines, caution=wording.LINKS)


def ranking(report: Report) -> Section:
    """Positions in the data supplied."""
    columns = (
        Column("Rank", 0, "right"), Column("Name", 4), Column("Different others", 1.2, "right"), Column(CONTACTS, 1.5, "right"),
        Column("Betweenness", 1.2, "right"), Column("Group", 0.8, "right"), Column("Custodian", 1.5),
    )  # fmt: skip
    lines = tuple(_position(row) for row in report.ranking)
    caution = report.ranking_warning or wording.RANKING
    return table("ranking", "Positions in the data supplied", columns, lines, caution=caution)


def timeline(report: Report, refs: Refs) -> Section:
    """Events in the order given."""
    columns = (
        Column("No.", 0), Column("When", 2.2), Column("What", 4), Column("Who", 2), Column("Source", 2.3),
        Column("Passages", 1.4),
    )  # fmt: skip
    lines = tuple(_event(n, event, refs) for n, event in enumerate(report.timeline, 1))
    return table("timeline", "Timeline", columns, lines, intro=wording.TIMELINE)


def quotations(report: Report, refs: Refs) -> Section:
    """The quoted passages, each with its source."""
    items = tuple(_quote(quotation, refs) for quotation in report.passages)
    blocks = (sentence(wording.QUOTES), Quotes(items))
    return Section("passages", "Quoted passages", blocks if items else (empty("passages"),))


def table(
    name: str, title: str, columns: tuple[Column, ...], lines: tuple[Line, ...], *, intro: str = "", caution: str = ""
) -> Section:
    """A section of one table, or the sentence that it is empty."""
    if not lines:
        return Section(name, title, (empty(name),))
    head: list[Block] = [sentence(intro)] if intro else []
    if caution:
        head.append(sentence(caution, tone="caution"))
    return Section(name, title, (*head, grid(columns, lines)))


def grid(columns: tuple[Column, ...], lines: tuple[Line, ...]) -> Table:
    """A table whose rows beyond the first 25 are opened by a line, unless they are few; columns without content are left out."""
    filled = [any(_has_content(line.cells[i]) for line in lines) for i in range(len(columns))]
    columns = tuple(compress(columns, filled))
    lines = tuple(replace(line, cells=tuple(compress(line.cells, filled))) for line in lines)
    further = len(lines) - SHOWN if len(lines) > SHOWN + 15 else 0
    return Table(columns, lines, f"{further:,} further rows" if further else "", SHOWN)


def empty(name: str) -> Text:
    """The sentence of an empty section."""
    return sentence(wording.EMPTY[name], tone="empty")


def sentence(text: str, tone: Literal["plain", "intro", "caution", "empty"] = "intro") -> Text:
    """One paragraph of standing words."""
    return Text((cell(text),), tone)


def cell(*texts: str, style: Style = "text") -> Cell:
    """A cell of lines of text; empty ones are left out."""
    return tuple(Part(text, style) for text in texts if text)


def time(*texts: str) -> Cell:
    """Dates and times, which are not broken over two lines unless they are long."""
    return tuple(Part(text, "time" if len(text) <= LONG_TIME else "text") for text in texts if text)


def small(*texts: str) -> Cell:
    """Lines in small print; empty ones are left out."""
    return cell(*texts, style="small")


def called(name: str) -> Cell:
    """A name, and under it how it reads in Latin letters where it is written in others."""
    latin = transliterated(name)
    whole = all(len(word) <= WHOLE for word in f"{name} {latin}".split())
    return (*cell(name, style="name" if whole else "strong"), *cell(latin, style="latin" if whole else "small"))


def layer(kind: str, text: str = "") -> Part:
    """Label of a layer: source, machine or officer."""
    return Part(text or wording.LAYERS[kind], "layer", layer=kind)


def count(number: int) -> Cell:
    """A number with thousands parted, or a dash where it is not known (-1)."""
    return cell(f"{number:,}" if number >= 0 else "–")


def facts(pairs: Iterable[tuple[str, Cell]]) -> tuple[Fact, ...]:
    """Labelled lines; those without content are left out."""
    return tuple(Fact(label, value) for label, value in pairs if _has_content(value))


def _has_content(value: Cell) -> bool:
    return any(part.text or part.links for part in value)


def _prose(text: str, name: str, refs: Refs) -> Text:
    """Paragraphs of an officer's text; '[P3]' becomes a reference where the report quotes a P3."""
    paragraphs = [p.strip() for p in text.replace("\r\n", "\n").split("\n\n") if p.strip()]
    return Text(tuple(_linked(p, refs) for p in paragraphs), "lead") if paragraphs else empty(name)


def _linked(text: str, refs: Refs) -> Cell:
    known = set(refs.numbers.values())
    pieces = re.split(r"\[(P[0-9]{1,6})\]", text)
    parts = []
    for n, piece in enumerate(pieces):
        if n % 2 == 0:
            parts.append(Part(piece))
        elif piece in known:
            parts.append(Part(style="refs", links=(piece,)))
        else:
            parts.append(Part(f"[{piece}]"))
    return tuple(part for part in parts if part.text or part.links)


def _statement(n: int, finding: Finding, refs: Refs) -> Statement:
    against: Cell = (refs.part(finding.opposing),) if finding.opposing else small(wording.EMPTY["against"])
    supporting: Cell = (refs.part(finding.supporting),) if finding.supporting else small(wording.EMPTY["for"])
    pairs = (
        ("Likelihood", cell(finding.probability, style="strong")),
        ("Confidence in the basis", cell(finding.confidence, style="strong") + cell(finding.because)),
        ("Passages for", supporting),
        ("Passages against", against),
        ("Other explanations", cell(*finding.alternatives)),
        ("What is missing", cell(*finding.gaps)),
        ("Written by", cell(", ".join(filter(None, (finding.officer, finding.at))))),
    )
    nature = wording.NATURES[finding.nature]
    return Statement(f"C{n}", finding.statement, finding.nature, nature, (layer("decided"),), facts(pairs))


def _person(n: int, person: Person, refs: Refs) -> Line:
    aliases = f"also: {', '.join(map(beside, person.aliases))}" if person.aliases else ""
    tags = [Part("Custodian", "tag")] if person.custodian else []
    tags += [Part(f"Service: {person.service}", "tag")] if person.service else []
    tags += [Part(person.minor, "tag")] if person.minor else []
    name = (*called(person.caption), *small(aliases), *tags)
    basis = (layer(person.layer), *cell(person.basis), *small(person.status and f"Status: {person.status}"))
    cells = (cell(f"N{n}"), name, cell(*person.using), basis, count(person.contacts), (refs.part(person.passages),))
    return Line(cells, f"N{n}", person.layer)


def _link(n: int, link: Link, refs: Refs) -> Line:
    standing = (layer(link.layer), *small(wording.STANDING[link.layer], link.method))
    span = time(link.first) if link.first == link.last else (*time(link.first), *time(link.last and f"– {link.last}"))
    relation = cell(link.relation, "" if link.directed else "(no direction)")
    cells = (
        cell(f"L{n}"), called(link.source), relation, called(link.target),
        count(link.count), span, standing, (refs.part(link.passages),),
    )  # fmt: skip
    return Line(cells, f"L{n}", link.layer)


def _position(row: Position) -> Line:
    custodian = (Part("Custodian", "tag"),) if row.custodian else cell("no")
    group = cell(str(row.community) if row.community else "–")
    between = cell(f"{row.betweenness:.3f}")
    return Line(
        (count(row.rank), called(row.caption), count(row.degree), count(row.contacts), between, group,
         custodian)
    )  # fmt: skip


def _event(n: int, event: Event, refs: Refs) -> Line:
    what = (layer(event.layer), *cell(event.what))
    source = (*cell(event.source), *cell(event.trace, style="mono"))
    when = (*time(event.at), *small(event.zone))
    return Line(
        (cell(f"T{n}"), when, what, cell(event.who), source, (refs.part(event.passages),)), f"T{n}", event.layer
    )


def _quote(quotation: Quotation, refs: Refs) -> Quote:
    who = between(quotation.sender, quotation.recipients)
    when = " ".join(filter(None, (quotation.at, f"({quotation.zone})" if quotation.zone else "")))
    exhibit = f"exhibit {quotation.exhibit}" if quotation.exhibit else ""
    place = ", ".join(filter(None, (quotation.source, quotation.place, exhibit)))
    pairs = (
        ("Source", (refs.file(quotation.sha256), *cell(place))),
        ("SHA-256 of the file", cell(quotation.sha256, style="hash")),
        ("Trace", cell(", ".join(quotation.traces), style="mono")),
        ("Document", cell(quotation.document_id, style="mono")),
        ("Grade", cell(quotation.grade)),
        ("Flagged", cell(quotation.flagged)),
        ("Officer’s note", cell(quotation.note)),
        ("Cited in", (refs.citing(quotation),)),
    )
    head = " · ".join(filter(None, (who, when)))
    stance = wording.STANCES[quotation.stance]
    words = segments(quotation.text, quotation.spans)
    number = refs.numbers[quotation.id]
    rtl, brief = right_to_left(quotation.text), len(quotation.text) < LONG_QUOTE
    return Quote(number, head, quotation.stance, stance, words, (layer("received"),), facts(pairs), rtl, brief)


def segments(text: str, spans: tuple[tuple[int, int], ...]) -> tuple[Segment, ...]:
    """Text cut at its marked places; joined, it is the text again. Spans outside are cut, overlapping ones joined.

    >>> [(s.text, s.marked) for s in segments("abcd", ((1, 2), (2, 9)))]
    [('a', False), ('bcd', True)]
    """
    marked = [False] * len(text)
    for start, end in spans:
        for i in range(max(start, 0), min(end, len(text))):
            marked[i] = True
    cuts = [0, *(i for i in range(1, len(text)) if marked[i] != marked[i - 1]), len(text)]
    return tuple(Segment(text[a:b], marked[a]) for a, b in pairwise(cuts) if a < b)
