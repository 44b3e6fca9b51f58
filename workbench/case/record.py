"""What a report says of the record: decisions and notes of officers, issues of the data, sources, steps of the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case import extracting
from workbench.case.book import Book
from workbench.ledger import frames
from workbench.model.issues import CODES
from workbench.model.tables import each
from workbench.report import content

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

ACTS: dict[str, content.Act] = {
    "stated": "statement",
    "superseded": "correction",
    "accepted": "accepted",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
}
"""What officers decide on rows, and how a report calls it."""


def decisions(book: Book) -> tuple[content.Decision, ...]:
    """Judgements on pairs, and what officers stated, corrected, accepted, rejected and withdrew, in order of time."""
    made = [*_judgements(book), *_rulings(book)]
    return tuple(sorted(made, key=lambda decision: (decision.at, decision.what)))


def _judgements(book: Book) -> Iterator[content.Decision]:
    for row in each(frames.judgements(book.ledger)):
        pair = f"{book.caption(row.left_id)} and {book.caption(row.right_id)}"
        yield content.Decision(f"{pair}: {row.judgement}", "judgement", row.officer, row.at, row.because)


def _rulings(book: Book) -> Iterator[content.Decision]:
    said = book.evidence[book.evidence["kind"] == "decided"].drop_duplicates("statement_id").set_index("statement_id")
    for row in each(frames.decisions(book.ledger)):
        stated = row.verdict == "stated"
        if row.verdict not in ACTS or (stated and row.target_id not in said.index):
            continue
        what = _what(book, said, row.target_id) if stated else _target(book, row.target_id)
        yield content.Decision(what, ACTS[row.verdict], row.officer, row.at, row.because)


def _target(book: Book, key: str) -> str:
    """What a decision is about: a thing by its caption, a place of evidence by what it claims, a source by its name."""
    rows = book.evidence
    claim = rows[(rows["evidence_id"] == key) | (rows["statement_id"] == key) | (rows["entity_id"] == key)]
    if len(claim):
        first = claim.iloc[0]
        return f"{book.caption(str(first['canonical_id']))}: {first['prop']} = {first['value']}"
    runs = frames.sources(book.ledger)
    source = runs.loc[runs["run_id"] == key, "name"]
    return f"import of {source.iloc[0]}" if len(source) else key


def _what(book: Book, said: pd.DataFrame, statement: str) -> str:
    """What an officer stated; an entity that a property points to stands by its caption."""
    row = said.loc[statement]
    value = book.caption(str(row["value"])) if row["value"] in book.things.index else row["value"]
    return f"{book.caption(str(row['canonical_id']))}: {row['prop']} = {value}"


def notes(rows: pd.DataFrame) -> tuple[content.Note, ...]:
    """Notes, open questions and hypotheses; conclusions and the summary stand in sections of their own."""
    kept = rows[rows["kind"].isin(["note", "question", "hypothesis"])]
    return tuple(content.Note(row.text, row.kind, row.officer, row.at) for row in each(kept))


def issues(book: Book) -> tuple[content.IssueGroup, ...]:
    """Issues by their code, each with three examples."""
    rows = extracting.issues(book)
    return tuple(
        content.IssueGroup(
            str(code),
            len(group),
            group["severity"].iloc[0],
            CODES[str(code)][1],
            group["fix"].iloc[0],
            tuple(group["message"].head(3)),
        )
        for code, group in rows.groupby("code", sort=False)
    )


def quarantined(book: Book) -> tuple[content.Quarantined, ...]:
    """What was received and could not be read."""
    rows = frames.sources(book.ledger)
    return tuple(
        content.Quarantined(row.name, row.reason, row.source, int(row.size))
        for row in each(rows[rows["state"] == "quarantined"])
    )


def sources(book: Book) -> tuple[content.SourceFile, ...]:
    """The files that were received and read, withdrawn ones among them."""
    rows = frames.sources(book.ledger)
    return tuple(
        content.SourceFile(
            row.name, row.source, row.exhibit, int(row.size), row.received_at, row.reader, row.reader_version, row.zone,
            int(row.documents),
        )
        for row in each(rows[rows["state"] != "quarantined"])
    )  # fmt: skip


def steps(book: Book) -> tuple[content.Step, ...]:
    """The runs that read sources and text, in order of time."""
    runs = frames.runs(book.ledger)
    names = frames.sources(book.ledger).set_index("source")["name"].to_dict()
    return tuple(
        content.Step(
            "Received and read" if row.kind == "add" else "Read in text",
            row.method,
            row.version,
            (("parameters", row.parameters),) if row.parameters != "{}" else (),
            names.get(row.source, "all passages"),
        )
        for row in each(runs[runs["kind"] != "officer"])
    )
