"""Rows as they come in, within the limits of their values: what lies beyond is told in issue rows that name it and its place.

The one place through which every reader and every extractor passes (`workbench.ingest.read`, `workbench.case.sources.extraction`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from math import isfinite
from operator import attrgetter
from typing import Any, TypeVar

from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Batch, Claim, Document, Enclosure, Issue, Passage, Row, Trace
from workbench.model.time_zones import FIRST_YEAR, LAST_YEAR, is_far
from workbench.model.values.columns import Excess, limit_batch
from workbench.model.values.limits import (
    LABEL,
    PASSAGE,
    VALUE,
    cut_text,
    find_fault,
    get_max_length,
    replace_surrogates,
)

TOLD = 20
"""Issue rows about values of one kind in one file; the others are counted in one more."""
SHOWN = 60
CODES = {
    "time": "bad-date",
    "number": "bad-row",
    "position": "bad-position",
    "text": "truncated",
    "signs": "bad-encoding",
}
NAMED = {Document: ("title",), Trace: ("trace", "place", "device", "custodian", "conversation"), Enclosure: ("name",)}
"""Fields of a row that are shown in one line."""
TEXTS: dict[type, tuple[str, ...]] = {
    kind: tuple(one.name for one in fields(kind) if one.type == "str")
    for kind in (Document, Trace, Passage, Claim, Issue, Enclosure)
}
"""Fields of a row that are texts."""
GET_TEXTS: dict[type, Callable[[object], tuple[str, ...]]] = {kind: attrgetter(*names) for kind, names in TEXTS.items()}
R = TypeVar("R", bound=Document | Trace | Passage | Claim | Issue | Enclosure)


def limit_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows within the limits, in their order, and after them an issue for what lay beyond.

    A claim whose time, number or position nobody can reckon with is left out; a document keeps what it is without its time; a
    text that is too long is cut, a passage is parted; half a character becomes a mark.
    """
    gate = _Bounds()
    for row in rows:
        yield from gate.let(row)
    yield from gate.list_issues()


@dataclass(slots=True)
class _Bounds:
    """What lay beyond the limits in one file so far."""

    counts: Counter[str] = field(default_factory=Counter)
    found: list[Issue] = field(default_factory=list)
    parted: dict[str, list[int]] = field(default_factory=dict)
    """Where the parts of a passage begin that was too long."""
    trace: Trace | None = None

    def let(self, row: Row) -> Iterator[Row]:
        """A row within the limits; none where it says nothing then, several where it is parted."""
        if isinstance(row, Batch):
            made, excess = limit_batch(row)
            for one in excess:
                self._tell_column(one, row)
            yield made
            return
        row = self._replace_surrogates(row)
        match row:
            case Claim():
                yield from self._limit_claim(row)
            case Passage() if len(row.text) > PASSAGE:
                yield from self._split_passage(row)
            case Document() if is_far(row.at):
                self._report_issue("time", row.id, "", "row.limit.document", text=_format_value(row.at))
                yield self._shorten_labels(replace(row, at=""))
            case Document() | Trace() | Enclosure():
                self.trace = row if isinstance(row, Trace) else self.trace
                yield self._shorten_labels(row)
            case _:
                yield row

    def list_issues(self) -> Iterator[Issue]:
        """What was told, and how many more there are of each kind."""
        yield from self.found
        for kind, count in self.counts.items():
            if count > TOLD:
                yield build_issue(
                    CODES[kind], Sentence("row.limit.more", count=count - TOLD), fix=Sentence("fix.look.source")
                )

    def _limit_claim(self, claim: Claim) -> Iterator[Claim]:
        if kind := find_fault(claim.prop, claim.value):
            self._report_issue(
                kind,
                claim.document_id,
                self._place(claim),
                f"row.limit.{kind}",
                text=_format_value(claim.value),
                property=claim.prop,
            )
            return
        most = get_max_length(claim.prop)
        if len(claim.value) > most or len(claim.original_value) > VALUE:
            count, values = (
                max(len(claim.value), len(claim.original_value)),
                (claim.value, claim.original_value or claim.value),
            )
            self._report_issue(
                "text",
                claim.document_id,
                self._place(claim),
                "row.limit.text",
                property=claim.prop,
                count=count,
                most=most,
            )
            claim = replace(claim, value=cut_text(values[0], most), original_value=cut_text(values[1], VALUE))
        if not 0 <= claim.confidence <= 1:
            claim = replace(
                claim, confidence=min(1.0, max(0.0, claim.confidence)) if isfinite(claim.confidence) else 0.0
            )
        yield self._move_claim(claim) if claim.passage_id in self.parted else claim

    def _split_passage(self, passage: Passage) -> Iterator[Passage]:
        """A passage that is too long, in parts: the first keeps its name."""
        starts = self.parted[passage.id] = _find_starts(passage.text)
        for number, (start, end) in enumerate(pairwise([*starts, len(passage.text)])):
            yield replace(passage, id=_compute_part_id(passage.id, number), text=passage.text[start:end])

    def _move_claim(self, claim: Claim) -> Claim:
        """A claim about a passage that was parted, with its place in the part where it begins."""
        if claim.start < 0:
            return claim
        starts = self.parted[claim.passage_id]
        part = bisect_right(starts, claim.start) - 1
        end = min(claim.end, *starts[part + 1 : part + 2], claim.end)
        at = claim.start - starts[part], end - starts[part]
        return replace(claim, passage_id=_compute_part_id(claim.passage_id, part), start=at[0], end=at[1])

    def _shorten_labels(self, row: R) -> R:
        """A row whose names are short enough for a line."""
        texts: dict[str, str] = {name: getattr(row, name) for name in NAMED.get(type(row), ())}
        long: dict[str, Any] = {name: cut_text(text, LABEL) for name, text in texts.items() if len(text) > LABEL}
        if not long:
            return row
        document = row.id if isinstance(row, Document) else getattr(row, "document_id", "")
        for name in long:
            count = len(getattr(row, name))
            self._report_issue("text", document, "", "row.limit.text", property=name, count=count, most=LABEL)
        return replace(row, **long)

    def _replace_surrogates(self, row: R) -> R:
        """A row without halves of characters."""
        found = GET_TEXTS[type(row)](row)
        if "".join(found).isascii():
            return row
        texts = dict(zip(TEXTS[type(row)], found, strict=True))
        made = {name: replace_surrogates(text) for name, text in texts.items()}
        broken: dict[str, Any] = {name: text for name, text in made.items() if text != texts[name]}
        if not broken:
            return row
        document = row.id if isinstance(row, Document) else getattr(row, "document_id", "")
        self._report_issue("signs", document, "", "row.limit.signs", text=_format_value(next(iter(broken.values()))))
        return replace(row, **broken)

    def _place(self, claim: Claim) -> str:
        return self.trace.place if self.trace and self.trace.id == claim.trace_id else ""

    def _tell_column(self, one: Excess, batch: Batch) -> None:
        document = str(batch.rows.column("document_id")[0].as_py())
        values = {"text": _format_value(one.value), "column": one.column, "count": one.count}
        self._report_issue(
            one.kind,
            document,
            f"row {one.row}",
            f"row.limit.column_{'text' if one.kind == 'text' else 'value'}",
            **values,
        )

    def _report_issue(self, kind: str, document: str, place: str, key: str, **values: object) -> None:
        self.counts[kind] += 1
        if sum(CODES[kind] == one.code for one in self.found) >= TOLD:
            return
        limits = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)} if kind == "time" else {}
        said = Sentence(key, **values, **limits)
        self.found.append(
            build_issue(CODES[kind], said, fix=Sentence("fix.look.source"), document_id=document, place=place)
        )


def _find_starts(text: str) -> list[int]:
    """Where the parts of a long text begin: behind white space, where there is any near the end of a part."""
    starts = [0]
    while len(text) - starts[-1] > PASSAGE:
        window = text[starts[-1] : starts[-1] + PASSAGE]
        space = next((at for at in range(PASSAGE - 1, PASSAGE - LABEL, -1) if window[at].isspace()), PASSAGE - 1)
        starts.append(starts[-1] + space + 1)
    return starts


def _compute_part_id(passage: str, number: int) -> str:
    return compute_digest("part", passage, str(number)) if number else passage


def _format_value(text: str) -> str:
    return repr(cut_text(text, SHOWN))
