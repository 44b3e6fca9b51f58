"""Grades as they came, and for show on another scale: of sources and of what they say, never of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.access import claim_metadata, marks
from workbench.ledger.access import terms
from workbench.ledger.records import row_tables
from workbench.model.catalogue import Sentence
from workbench.model.source_grading import convert_grade, is_grade, parse_grade
from workbench.model.table_schemas import iterate_rows

if TYPE_CHECKING:
    from workbench.case.context.case_context import CaseContext

GRADES = ("kind", "id", "what", "grade", "words", "shown", "lossy", "officer", "because", "at")
"""Columns of `case.evidence.grades`. `what`: name of the source, title of the document, the claim; `grade`: on the scale on which it came,
and `words` what that says; `shown`: on the scale that was asked for, '≈' before it where it is another; `lossy`: bool, whether it is."""
COLUMNS = {"source": "source", "document": "document_id", "passage": "passage_id", "evidence": "evidence_id",
           "statement": "statement_id", "note": "note_id"}  # fmt: skip
"""Kind of what is graded -> column by which its mark is known."""


def build_grade_table(context: CaseContext, scale: str) -> pd.DataFrame:
    """Grades that hold (GRADES), with the mark of what each is of.

    Raises
    ------
    CaseError
        If the scale is not known.
    """
    if scale:
        convert_grade(parse_grade("X4 (4x4)"), scale)
    found = terms.list_terms(context.ledger)
    found = found[(found["facet"] == "grade") & found["target_kind"].isin(COLUMNS)]
    names = _list_names(context)
    rows = [
        (row.target_kind, row.target_id, names.get(row.target_id, ""), *_describe_grade(text, scale), row.officer, row.because, row.at)
        for row in iterate_rows(found) for text in row.value
    ]  # fmt: skip
    made = pd.DataFrame(rows, columns=pd.Index(GRADES)).astype({"lossy": bool})
    ids = pd.DataFrame({column: made["id"].where(made["kind"] == kind, "") for kind, column in COLUMNS.items()})
    return marks.label_rows(context, made, marks.list_row_marks(context, ids))


def _describe_grade(text: str, scale: str) -> tuple[str, str, str, bool]:
    """Grade, its words, as it is shown, whether something is lost in that; of what is no grade the words say so."""
    if not is_grade(text):
        return (
            text,
            str(
                Sentence(
                    "'{text}' is not a grade. Write the code of the grade, then its scale in brackets: 'B2 (4x4)'.",
                    text=text,
                )
            ),
            text,
            False,
        )
    given = parse_grade(text)
    return text, given.words, convert_grade(given, scale or given.scale), scale not in ("", given.scale)


def _list_names(context: CaseContext) -> dict[str, str]:
    """What sources, documents and claims are called, by their ids."""
    sources, rows = row_tables.list_sources(context.ledger), context.evidence
    claims = [f"{prop} = {value}" for prop, value in zip(rows["prop"], rows["value"], strict=True)]
    found = dict(zip(sources["source"], sources["name"], strict=True))
    found |= dict(zip(context.documents["document_id"], context.documents["title"], strict=True))
    found |= dict(zip(rows["statement_id"], claims, strict=True)) | dict(zip(rows["evidence_id"], claims, strict=True))
    return found


def list_passage_grades(context: CaseContext, places: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The grade of each (document, passage): the nearest that was given, of the passage, its document or its source; '' without."""
    said = {target: facets for target, facets in terms.list_current_terms(context.ledger).items() if "grade" in facets}
    lies: dict[str, list[str]] = {}
    for document, source in context.traces[["document_id", "source"]].itertuples(index=False) if said else ():
        lies.setdefault(document, []).append(source)
    for document, passage in places:
        where = [("passage", passage), ("document", document), *(("source", one) for one in lies.get(document, ()))]
        yield claim_metadata.find_nearest_terms(said, [*where, ("case", "")]).get("grade", "")
