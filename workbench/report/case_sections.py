"""The sections about the case: conclusions, persons, chart, links, ranking, timeline, quotations."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import compress, pairwise
from typing import TYPE_CHECKING, Literal

from workbench.model.text.bidi import is_right_to_left
from workbench.model.text.transliteration import add_transliteration, format_parties, transliterate_name
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
    from collections.abc import Iterable, Mapping

    from workbench.model.catalogue import Translator
    from workbench.report.blocks import Cell, Style
    from workbench.report.content import Event, Finding, Link, Person, Position, Quotation, Report
    from workbench.report.reference_numbers import Refs

SHOWN = 25
LONG_TIME = 21
LONG_QUOTE = 1200
FIGURES = frozenset({"contacts", "records", "rank", "others", "betweenness", "group", "size", "count", "bytes"})
"""Columns of numbers."""
WHOLE = 14
"""Letters of a word within a name that a narrow column does not break."""


def build_summary(report: Report, refs: Refs) -> Section:
    """What was asked and what the officer answers."""
    say = report.say
    asked = _build_paragraphs(report.question, build_empty_notice(say, "question"), refs)
    answer = _build_paragraphs(report.summary, build_empty_notice(say, "summary"), refs)
    blocks = (
        Subheading(say("Question", context="report heading")),
        asked,
        Subheading(say("Summary", context="report heading")),
        answer,
    )
    written = report.question.strip() or report.summary.strip()
    return Section("summary", say("Question and summary"), blocks, (build_layer(say, "decided"),) if written else ())


def build_findings(report: Report, refs: Refs) -> Section:
    """Conclusions with what speaks for and against each."""
    say = report.say
    items = tuple(_build_statement(n, finding, refs, say) for n, finding in enumerate(report.findings, 1))
    blocks = (
        build_paragraph(
            say(
                "The probability of a statement and the strength of its basis are different. The report shows "
                "them separately. Each probability word comes from the selected scale (see “Method”). The word "
                "is an officer’s judgement. No program calculated it."
            )
        ),
        Statements(items),
    )
    return Section(
        "findings",
        say("Conclusions", context="report title"),
        blocks if items else (build_empty_notice(say, "findings"),),
    )


def build_persons(report: Report, refs: Refs) -> Section:
    """Persons and organisations as recorded."""
    say = report.say
    columns = build_columns(say, {"number": 0, "person": 3, "using": 3, "basis": 4, "contacts": 1.7, "passages": 1.5})
    lines = tuple(_build_person(n, person, refs, say) for n, person in enumerate(report.persons, 1))
    return build_table_section(
        say,
        "persons",
        columns,
        lines,
        caution=say(
            "A person is recorded as using a number or an account only on the stated basis. The subscriber, "
            "the user and the named person can be different people. The report counts each person’s "
            "messages, calls and payments with others in the data supplied. A message to three recipients is "
            "counted three times. This report does not state that any listed person committed an offence."
        ),
    )


def build_chart(report: Report) -> Section:
    """The link chart as a picture."""
    say = report.say
    if report.chart is None:
        return Section("chart", say("report.title.chart"), (build_empty_notice(say, "chart"),))
    caption = report.chart.caption or say(
        "This chart shows links between the named persons and objects as of {at}.", at=report.as_at
    )
    alt = say(
        "This is a link chart. {caption} The table of links shows the same information in words.", caption=caption
    )
    return Section(
        "chart",
        say("report.title.chart"),
        (
            build_paragraph(
                say(
                    "Solid lines: a source states the link, or an officer decided it. Dashed or dotted lines: a "
                    "program suggested it. A dotted line is less certain. Position, size and distance in the picture "
                    "have no meaning. The table of links below has the same content in words."
                ),
                tone="caution",
            ),
            Figure(caption, alt),
        ),
    )


def build_links(report: Report, refs: Refs) -> Section:
    """Links, confirmed and tentative."""
    say = report.say
    columns = build_columns(
        say,
        {
            "number": 0,
            "from": 3,
            "relation": 1.8,
            "to": 3,
            "records": 0,
            "period": 2.4,
            "standing": 2.2,
            "passages": 1.3,
        },
    )
    lines = tuple(_build_link(n, link, refs, say) for n, link in enumerate(report.links, 1))
    return build_table_section(
        say,
        "links",
        columns,
        lines,
        caution=say(
            "A link shows that two names appear together in one record, in the stated way. It does not show "
            "that two persons met or knew each other. The counts are numbers of records in the data supplied."
        ),
    )


def build_ranking(report: Report) -> Section:
    """Positions in the data supplied."""
    say = report.say
    columns = build_columns(
        say, {"rank": 0, "name": 4, "others": 1.2, "contacts": 1.5, "betweenness": 1.6, "group": 0.8, "custodian": 1.5}
    )
    lines = tuple(_build_position(row, say) for row in report.ranking)
    caution = report.ranking_warning or say(
        "The ranking describes how persons are linked in the data supplied. It does not measure a "
        "person’s importance, role or guilt. A person whose phone was examined often ranks high, because "
        "the data contains more about this person than about others."
    )
    return build_table_section(say, "ranking", columns, lines, caution=caution)


def build_timeline(report: Report, refs: Refs) -> Section:
    """Events in the order given."""
    say = report.say
    columns = build_columns(say, {"number": 0, "when": 2.2, "what": 4, "who": 2, "source": 2.3, "passages": 1.4})
    lines = tuple(_build_event(n, event, refs, say) for n, event in enumerate(report.timeline, 1))
    return build_table_section(
        say,
        "timeline",
        columns,
        lines,
        intro=say(
            "Times are shown as the source states them. The text next to each time shows the basis of its "
            "time zone. If the time zone is not known, the program did not add one."
        ),
    )


def build_quotations(report: Report, refs: Refs) -> Section:
    """The quoted passages, each with its source."""
    say = report.say
    items = tuple(_build_quote(quotation, refs, say) for quotation in report.passages)
    blocks = (
        build_paragraph(
            say(
                "Passages are quoted word for word from the received files. The names, numbers and words "
                "for which a passage is cited are highlighted. Invisible characters (control characters "
                "and direction overrides) are shown as code points in the form ⟨U+202E⟩. The SHA-256 is "
                "calculated from the whole file."
            )
        ),
        Quotes(items),
    )
    return Section("passages", say("Quoted passages"), blocks if items else (build_empty_notice(say, "passages"),))


def build_table_section(
    say: Translator,
    name: str,
    columns: tuple[Column, ...],
    lines: tuple[Line, ...],
    *,
    intro: str = "",
    caution: str = "",
) -> Section:
    """A section of one table, or the sentence that it is empty."""
    title = say(f"report.title.{name}")
    if not lines:
        return Section(name, title, (build_empty_notice(say, name),))
    head: list[Block] = [build_paragraph(intro)] if intro else []
    if caution:
        head.append(build_paragraph(caution, tone="caution"))
    return Section(name, title, (*head, build_table(say, columns, lines)))


def build_columns(say: Translator, widths: Mapping[str, float]) -> tuple[Column, ...]:
    """Columns by their names, each with its width; those of FIGURES to the right."""
    return tuple(
        Column(say(f"report.column.{name}"), width, "right" if name in FIGURES else "left")
        for name, width in widths.items()
    )


def build_table(say: Translator, columns: tuple[Column, ...], lines: tuple[Line, ...]) -> Table:
    """A table whose rows beyond the first 25 are opened by a line, unless they are few; columns without content are left out."""
    filled = [any(_has_content(line.cells[i]) for line in lines) for i in range(len(columns))]
    columns = tuple(compress(columns, filled))
    lines = tuple(replace(line, cells=tuple(compress(line.cells, filled))) for line in lines)
    further = len(lines) - SHOWN if len(lines) > SHOWN + 15 else 0
    return Table(columns, lines, say.count("{n} more row", "{n} more rows", further) if further else "", SHOWN)


def build_empty_notice(say: Translator, name: str) -> Text:
    """The sentence of an empty section."""
    return build_paragraph(say(f"report.empty.{name}"), tone="empty")


def build_paragraph(text: str, tone: Literal["plain", "intro", "caution", "empty"] = "intro") -> Text:
    """One paragraph of standing words."""
    return Text((build_cell(text),), tone)


def build_cell(*texts: str, style: Style = "text") -> Cell:
    """A cell of lines of text; empty ones are left out."""
    return tuple(Part(text, style) for text in texts if text)


def build_time_cell(*texts: str) -> Cell:
    """Dates and times, which are not broken over two lines unless they are long."""
    return tuple(Part(text, "time" if len(text) <= LONG_TIME else "text") for text in texts if text)


def build_small_cell(*texts: str) -> Cell:
    """Lines in small print; empty ones are left out."""
    return build_cell(*texts, style="small")


def name_cell(name: str) -> Cell:
    """A name, and under it how it reads in Latin letters where it is written in others."""
    latin = transliterate_name(name)
    whole = all(len(word) <= WHOLE for word in f"{name} {latin}".split())
    return (
        *build_cell(name, style="name" if whole else "strong"),
        *build_cell(latin, style="latin" if whole else "small"),
    )


def build_layer(say: Translator, kind: str) -> Part:
    """Label of a layer: source, machine or officer."""
    return Part(say(f"report.layer.{kind}"), "layer", layer=kind)


def build_count_cell(say: Translator, number: int) -> Cell:
    """A number with thousands parted, or a dash where it is not known (-1)."""
    return build_cell(say.figure(number) if number >= 0 else "–")


def build_facts(pairs: Iterable[tuple[str, Cell]]) -> tuple[Fact, ...]:
    """Labelled lines; those without content are left out."""
    return tuple(Fact(label, value) for label, value in pairs if _has_content(value))


def _has_content(value: Cell) -> bool:
    return any(part.text or part.links for part in value)


def _build_paragraphs(text: str, otherwise: Text, refs: Refs) -> Text:
    """Paragraphs of an officer's text; '[P3]' becomes a reference where the report quotes a P3."""
    paragraphs = [p.strip() for p in text.replace("\r\n", "\n").split("\n\n") if p.strip()]
    return Text(tuple(_link_quotations(p, refs) for p in paragraphs), "lead") if paragraphs else otherwise


def _link_quotations(text: str, refs: Refs) -> Cell:
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


def _build_statement(n: int, finding: Finding, refs: Refs, say: Translator) -> Statement:
    against: Cell = (
        (refs.build_references(finding.opposing),)
        if finding.opposing
        else build_small_cell(say("report.empty.against"))
    )
    supporting: Cell = (
        (refs.build_references(finding.supporting),)
        if finding.supporting
        else build_small_cell(say("report.empty.for"))
    )
    pairs = (
        (
            say("Probability", context="report fact"),
            build_cell(say.term("probability", finding.probability), style="strong"),
        ),
        (
            say("Confidence in the basis of the conclusion"),
            build_cell(_translate_confidence(finding, say), style="strong") + build_cell(finding.because),
        ),
        (say("Passages in support"), supporting),
        (say("Passages against"), against),
        (say("Other explanations"), build_cell(*finding.alternatives)),
        (say("What is missing"), build_cell(*finding.gaps)),
        (say("Written by"), build_cell(", ".join(filter(None, (finding.officer, finding.at))))),
    )
    nature = say(f"report.nature.{finding.nature}")
    return Statement(
        f"C{n}", finding.statement, finding.nature, nature, (build_layer(say, "decided"),), build_facts(pairs)
    )


def _translate_confidence(finding: Finding, say: Translator) -> str:
    return finding.confidence and say(f"report.confidence.{finding.confidence}")


def _build_person(n: int, person: Person, refs: Refs, say: Translator) -> Line:
    aliases = (
        say("also known as: {names}", names=", ".join(map(add_transliteration, person.aliases)))
        if person.aliases
        else ""
    )
    tags = [Part(say("Phone examined"), "tag")] if person.custodian else []
    tags += [Part(say("Service: {service}", service=person.service), "tag")] if person.service else []
    tags += [Part(person.minor, "tag")] if person.minor else []
    name = (*name_cell(person.caption), *build_small_cell(aliases), *tags)
    basis = (
        build_layer(say, person.layer),
        *build_cell(person.basis),
        *build_small_cell(person.status and say("Status: {status}", status=person.status)),
    )
    cells = (
        build_cell(f"N{n}"),
        name,
        build_cell(*person.using),
        basis,
        build_count_cell(say, person.contacts),
        (refs.build_references(person.passages),),
    )
    return Line(cells, f"N{n}", person.layer)


def _build_link(n: int, link: Link, refs: Refs, say: Translator) -> Line:
    standing = (build_layer(say, link.layer), *build_small_cell(say(f"report.standing.{link.layer}"), link.method))
    span = (
        build_time_cell(link.first)
        if link.first == link.last
        else (*build_time_cell(link.first), *build_time_cell(link.last and f"– {link.last}"))
    )
    relation = build_cell(say.term("relation", link.relation), "" if link.directed else say("(no direction)"))
    cells = (
        build_cell(f"L{n}"), name_cell(link.source), relation, name_cell(link.target),
        build_count_cell(say, link.count), span, standing, (refs.build_references(link.passages),),
    )  # fmt: skip
    return Line(cells, f"L{n}", link.layer)


def _build_position(row: Position, say: Translator) -> Line:
    custodian = (Part(say("Phone examined"), "tag"),) if row.custodian else build_cell(say("no", context="report"))
    group = build_cell(str(row.community) if row.community else "–")
    between = build_cell(f"{row.betweenness:.3f}")
    return Line(
        (build_count_cell(say, row.rank), name_cell(row.caption), build_count_cell(say, row.degree),
        build_count_cell(say, row.contacts), between, group,
         custodian)
    )  # fmt: skip


def _build_event(n: int, event: Event, refs: Refs, say: Translator) -> Line:
    what = (build_layer(say, event.layer), *build_cell(event.what))
    source = (*build_cell(event.source), *build_cell(event.trace, style="mono"))
    when = (*build_time_cell(event.at), *build_small_cell(event.zone))
    return Line(
        (build_cell(f"T{n}"), when, what, build_cell(event.who), source, (refs.build_references(event.passages),)),
        f"T{n}",
        event.layer,
    )


def _build_quote(quotation: Quotation, refs: Refs, say: Translator) -> Quote:
    who = format_parties(quotation.sender, quotation.recipients)
    when = " ".join(filter(None, (quotation.at, f"({quotation.zone})" if quotation.zone else "")))
    exhibit = say("exhibit {exhibit}", exhibit=quotation.exhibit) if quotation.exhibit else ""
    place = ", ".join(filter(None, (quotation.source, quotation.place, exhibit)))
    pairs = (
        (say("Source", context="report fact"), (refs.build_file_reference(quotation.sha256), *build_cell(place))),
        (say("SHA-256 of the file"), build_cell(quotation.sha256, style="hash")),
        (say("Trace", context="report fact"), build_cell(", ".join(quotation.traces), style="mono")),
        (say("Document", context="report fact"), build_cell(quotation.document_id, style="mono")),
        (say("Grade", context="report fact"), build_cell(quotation.grade)),
        (say("Flag", context="report fact"), build_cell(quotation.flagged)),
        (say("Officer’s note"), build_cell(quotation.note)),
        (say("Cited in"), (refs.build_citation_links(quotation),)),
    )
    head = " · ".join(filter(None, (who, when)))
    stance = say(f"report.stance.{quotation.stance}")
    words = split_segments(quotation.text, quotation.spans)
    number = refs.numbers[quotation.id]
    rtl, brief = is_right_to_left(quotation.text), len(quotation.text) < LONG_QUOTE
    return Quote(
        number, head, quotation.stance, stance, words, (build_layer(say, "received"),), build_facts(pairs), rtl, brief
    )


def split_segments(text: str, spans: tuple[tuple[int, int], ...]) -> tuple[Segment, ...]:
    """Text cut at its marked places; joined, it is the text again. Spans outside are cut, overlapping ones joined.

    >>> [(s.text, s.marked) for s in split_segments("abcd", ((1, 2), (2, 9)))]
    [('a', False), ('bcd', True)]
    """
    marked = [False] * len(text)
    for start, end in spans:
        for i in range(max(start, 0), min(end, len(text))):
            marked[i] = True
    cuts = [0, *(i for i in range(1, len(text)) if marked[i] != marked[i - 1]), len(text)]
    return tuple(Segment(text[a:b], marked[a]) for a, b in pairwise(cuts) if a < b)
