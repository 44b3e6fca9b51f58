"""Numbers of quotations and sources, and what is cited where: so that every claim walks back to its passage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence
from workbench.report.blocks import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbench.report.content import Decision, Event, Link, Person, Quotation, Report

    Citing = Decision | Event | Link | Person


@dataclass(frozen=True, slots=True)
class Refs:
    """Numbers of one report. `numbers`: quotation id to 'P3'; `files`: SHA-256 to 'S1'; `cited`: 'P3' to anchors."""

    numbers: dict[str, str]
    files: dict[str, str]
    cited: dict[str, list[str]]

    def build_references(self, passages: Iterable[str]) -> Part:
        """References to quotations as one part of a cell; an empty one if there are none."""
        return Part(style="refs", links=tuple(self.numbers[name] for name in dict.fromkeys(passages)))

    def build_citation_links(self, quotation: Quotation) -> Part:
        """Where a quotation is cited: anchors of conclusions, links, persons, events and decisions."""
        return Part(style="refs", links=tuple(self.cited.get(self.numbers[quotation.id], ())))

    def build_file_reference(self, sha256: str) -> Part:
        """Reference to the row of a source file, empty if the file is not listed."""
        return Part(style="refs", links=(self.files[sha256],) if sha256 in self.files else ())


def build_refs(report: Report) -> Refs:
    """Numbers of the report's quotations and sources.

    Raises
    ------
    CaseError
        If two quotations have one id, or a row cites a quotation that the report does not hold.
    """
    _check_unique(report)
    numbers = {quotation.id: f"P{n}" for n, quotation in enumerate(report.passages, 1)}
    cited: dict[str, list[str]] = {}
    for anchor, passages in _list_citations(report):
        for name in dict.fromkeys(passages):
            if name not in numbers:
                raise CaseError(
                    Sentence(
                        "{anchor} cites the passage '{name}', but the report does not quote this passage. "
                        "Add the passage to `passages`.",
                        anchor=anchor,
                        name=name,
                    )
                )
            cited.setdefault(numbers[name], []).append(anchor)
    return Refs(numbers, {file.sha256: f"S{n}" for n, file in enumerate(report.sources, 1)}, cited)


def _check_unique(report: Report) -> None:
    name, count = next(iter(Counter(q.id for q in report.passages).most_common(1)), ("", 0))
    if count > 1:
        raise CaseError(
            Sentence(
                "{count} quotations have the id '{name}'. Give each passage only once. To highlight words, use "
                "`spans`.",
                count=count,
                name=name,
            )
        )


def _list_citations(report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    for n, finding in enumerate(report.findings, 1):
        yield f"C{n}", finding.supporting + finding.opposing
    rows: dict[str, Iterable[Citing]] = {
        "N": report.persons,
        "L": report.links,
        "T": report.timeline,
        "D": report.decisions,
    }
    for letter, citing in rows.items():
        for n, row in enumerate(citing, 1):
            yield f"{letter}{n}", row.passages
