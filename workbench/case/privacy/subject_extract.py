"""All that a case holds on one person, section by section, each row with its source and mark (ROW).

What is above the reader's clearance is in no section, no count and no word: all tables come through the gate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, cast

import pandas as pd

from workbench.case.access import claim_metadata, marks
from workbench.case.context.entity_index import find_in_text, find_named
from workbench.case.evidence import notice_hits
from workbench.case.evidence.notes import list_sourced_notes
from workbench.case.network import document_quotations, search
from workbench.case.privacy import person_records
from workbench.ledger.access import note_sources, terms
from workbench.ledger.records import chart_annotations, charts, disclosures, drafts, row_tables
from workbench.model.handling_marks import merge_marks
from workbench.model.pseudonyms import name_matching
from workbench.model.schema import NAMES
from workbench.model.table_schemas import iterate_rows

if TYPE_CHECKING:
    from workbench.case.context.case_context import CaseContext
    from workbench.case.privacy.data_subject import Whose

ROW = (
    "section", "schema", "property", "value", "said_by", "source", "place", "text", "at", "grade", "purpose", "review", "method",
    "confidence", "because", "mark", "ref",
)  # fmt: skip
SECTIONS = (
    "claims", "officers", "suggestions", "held", "links", "texts", "calls", "payments", "positions", "notes", "judgements", "decisions",
    "marks", "disclosures", "log",
)  # fmt: skip
"""Sections in order; `forms.section` of the catalogue has their headings."""
MOST = 10_000
"""Texts that are looked through for one name."""
Row = dict[str, object]


def list_extract_rows(context: CaseContext, who: Whose) -> pd.DataFrame:
    """Rows of all sections but the log (ROW), in the order of SECTIONS."""
    found = list(
        chain(
            _list_claims(context, who), _list_attributions(context, who), _list_links(context, who), _list_texts(context, who),
            person_records.list_calls(context, who),
            person_records.list_payments(context, who), person_records.list_positions(context, who), _list_notes(context, who),
            _list_drawings(context, who), _list_drafts(context, who),
            _list_screening_hits(context, who), _list_judgements(context, who), _list_decisions(context, who), _list_marks(context,
            who), _list_remarks(context, who),
            _list_disclosures(context, who),
        )
    )  # fmt: skip
    order = {name: number for number, name in enumerate(SECTIONS)}
    found.sort(key=lambda row: order[str(row["section"])])
    return build_frame(found)


def build_frame(rows: list[Row]) -> pd.DataFrame:
    """Rows with all columns of ROW, '' where nothing is said."""
    filled = [{**dict.fromkeys(ROW, ""), **row} for row in rows]
    return pd.DataFrame(filled, columns=pd.Index(ROW), dtype=object)


def list_unjudged_namesakes(context: CaseContext, who: Whose) -> list[str]:
    """Others that are called as the person is, and of which nobody has judged whether they are the same: caption, type and id."""
    said = row_tables.list_judgements(context.ledger)
    said = said[said["judgement"] == "not same"]
    apart = {
        key
        for pair in said[["left_id", "right_id"]].to_numpy().tolist()
        if not who.members.isdisjoint(pair)
        for key in pair
    }
    rows = context.evidence
    names = set(rows.loc[(rows["canonical_id"] == who.key) & rows["prop"].isin(NAMES), "value"])
    found = (
        pd.concat([find_named(context, name) for name in sorted(names)])
        if names
        else context.canonical_entities.head(0)
    )
    found = found[~found["canonical_id"].isin({*who.ids, *apart})].drop_duplicates("canonical_id")
    return [f"{row.caption}, {row.schema}, {row.canonical_id}" for row in iterate_rows(found)]


def format_value(context: CaseContext, value: str) -> str:
    """An entity by its caption, anything else as it is."""
    key = context.canonical.get(value, value)
    return context.get_caption(key) if key in context.canonical_entities.index else value


def _list_claims(context: CaseContext, who: Whose) -> Iterator[Row]:
    """What is claimed of the person itself."""
    rows = context.evidence[context.evidence["canonical_id"] == who.key]
    for row in _list_evidence(context, rows):
        yield {**row, "section": _get_layer(row)}


def _get_layer(row: Row) -> str:
    kind = row.pop("kind")
    return "officers" if kind == "decided" else "suggestions" if kind == "suggested" else "claims"


def _list_attributions(context: CaseContext, who: Whose) -> Iterator[Row]:
    """What the person is recorded as using: that it is so, and what is claimed of the number, account or device."""
    rows = context.evidence
    uses = rows["schema"].eq("Attribution") & rows["prop"].eq("holder")
    uses &= rows["value"].map(lambda value: context.canonical.get(value, value)).isin(who.ids)
    about = rows["entity_id"].isin(set(rows.loc[uses, "entity_id"])) | rows["canonical_id"].isin(who.held.keys())
    for row in _list_evidence(context, rows[about & (rows["canonical_id"] != who.key)]):
        row.pop("kind")
        yield {**row, "section": "held"}


def _list_links(context: CaseContext, who: Whose) -> Iterator[Row]:
    """Messages, relations, events that point to the person, or to what the person used at the time."""
    rows, counted = context.evidence, person_records.list_record_documents(context)
    other = ~rows["canonical_id"].isin(who.ids) & (rows["schema"] != "Attribution")
    rows = rows[other & ~(rows["document_id"].isin(counted) & rows["schema"].isin(["Call", "Payment"]))]
    ends = rows["value"].map(lambda value: context.canonical.get(value, value))
    rows, ends = rows[ends.isin(who.ids)], ends[ends.isin(who.ids)]
    at = rows["document_id"].map(context.documents.set_index("document_id")["at"]).fillna("")
    kept = pd.Series([who.is_held_at(*one) for one in zip(ends, at, strict=True)], index=rows.index, dtype=bool)
    for row, key in zip(_list_evidence(context, rows[kept]), rows.loc[kept, "canonical_id"], strict=True):
        row.pop("kind")
        yield {**row, "section": "links", "value": context.get_caption(str(key))}


def _list_evidence(context: CaseContext, rows: pd.DataFrame) -> Iterator[Row]:
    rows = marks.add_mark_column(context, claim_metadata.add_claim_metadata(context, rows.reset_index(drop=True)))
    quoted = document_quotations.quote_documents(context, rows["document_id"], rows["passage_id"])
    for row, place in zip(iterate_rows(rows), iterate_rows(quoted), strict=True):
        yield {
            "schema": row.schema, "property": row.prop, "value": format_value(context, row.value), "said_by": row.officer or row.kind,
            "source": place.source_name, "place": place.place, "text": place.text, "at": row.first_seen, "grade": row.grade,
            "purpose": row.purpose or context.ledger.purpose, "review": row.review, "method": row.method,
            "confidence": row.confidence, "because": row.because, "mark": row.mark, "ref": row.evidence_id, "kind": row.kind,
        }  # fmt: skip


def _list_texts(context: CaseContext, who: Whose) -> Iterator[Row]:
    """Passages in which a name or number of the person stands, and from which nothing was claimed of the person."""
    known = set(context.evidence.loc[context.evidence["canonical_id"].isin(who.ids), "passage_id"])
    found = [passage for name in sorted(who.names) for passage in _list_naming_passages(context, name)]
    wanted = [passage for passage in dict.fromkeys(found) if passage not in known]
    rows = context.passages.set_index("passage_id").loc[wanted, ["document_id"]].reset_index()
    quoted, known_marks = (
        document_quotations.quote_documents(context, rows["document_id"], rows["passage_id"]),
        marks.get_marks(context),
    )
    for place in iterate_rows(quoted):
        mark = known_marks.label(known_marks.mark_of("passages", place.passage_id))
        yield {
            "section": "texts", "schema": place.kind, "property": "names the person", "value": "", "said_by": "received",
            "source": place.source_name, "place": place.place, "text": place.text, "at": place.at, "mark": mark,
            "ref": place.passage_id,
        }  # fmt: skip


def _list_naming_passages(context: CaseContext, name: str) -> list[str]:
    """Passages in which a name of two words or more, or a number, stands."""
    words = name_matching.split_words(name)
    if len(words) < 2 and not (words and any(sign.isdigit() for sign in words[0]) and len(words[0]) > 4):
        return []
    found = search.search_expression(context, f'"{" ".join(words)}"', MOST)["passage_id"]
    return list(found[found.isin(set(context.passages["passage_id"]))])


def _list_notes(context: CaseContext, who: Whose) -> Iterator[Row]:
    """Notes that name the person or rest on a passage about the person."""
    about = set(context.evidence.loc[context.evidence["canonical_id"].isin(who.ids), "passage_id"]) - {""}
    known = marks.get_marks(context)
    for note in iterate_rows(list_sourced_notes(context)):
        named = not who.ids.isdisjoint(find_in_text(context, f"{note.text} {_format_conclusion(note.detail)}"))
        if named or about.intersection(note_sources.list_cited_passages(note.passages, note.detail)):
            yield {
                "section": "notes", "schema": "Note", "property": note.kind, "value": note.text, "said_by": note.officer,
                "text": _format_conclusion(note.detail), "at": note.at, "mark": known.label(known.mark_of("notes", note.note_id)),
                "ref": note.note_id,
            }  # fmt: skip


def _list_drawings(context: CaseContext, who: Whose) -> Iterator[Row]:
    """Words on charts that name the person, and names of groups in which the person is."""
    for one in chart_annotations.list_drawings(context.ledger):
        if not charts.is_there(context.ledger, one.chart):
            continue
        members = one.body.get("members")
        meant = {*find_in_text(context, one.words), *(members if isinstance(members, list) else ())}
        if (
            one.words
            and not who.ids.isdisjoint(meant)
            and not chart_annotations.select_withheld(context.ledger, one.rests)
        ):
            mark = marks.get_marks(context).label(
                marks.get_marks(context).default | marks.get_places_mark(context, one.rests)
            )
            yield {
                "section": "notes", "schema": "Note", "property": f"{one.kind} on a chart", "value": one.words,
                "said_by": one.officer, "text": charts.display_name(context.ledger, one.chart), "at": one.at, "mark": mark, "ref": one.key,
            }  # fmt: skip


def _list_drafts(context: CaseContext, who: Whose) -> Iterator[Row]:
    """Messages that are being written and name the person, or were filled from what the case states of the person."""
    about = set(context.evidence.loc[context.evidence["canonical_id"].isin(who.ids), "evidence_id"])
    for one in drafts.list_drafts(context.ledger):
        used = {str(row[-1]) for row in cast("list[list[str]]", one.told.get("sources", []))}
        if one.state == drafts.DRAFT and (used & about or not who.ids.isdisjoint(find_in_text(context, one.message))):
            mark = marks.get_marks(context).label(
                marks.get_marks(context).default | marks.get_places_mark(context, one.rests)
            )
            text = json.loads(one.message)
            yield {
                "section": "notes", "schema": "Note", "property": "draft of a message", "value": str(text.get("subject", "")),
                "said_by": one.officer, "text": str(text.get("summary_of_facts", "")), "at": one.at, "mark": mark, "ref": one.id,
            }  # fmt: skip


def _list_screening_hits(context: CaseContext, who: Whose) -> Iterator[Row]:
    """Hits of the person in files of notices, as long as they may be used."""
    known = marks.get_marks(context)
    for hit in notice_hits.list_notice_hits(context, who.ids):
        yield {
            "section": "notes", "schema": "Note", "property": "hit in a file of notices, not verified", "value": hit.kept.notice,
            "text": "; ".join(hit.candidate.reasons), "mark": known.label(known.default | hit.mark), "ref": hit.made.id,
        }  # fmt: skip


def _format_conclusion(detail: Mapping[str, object]) -> str:
    """What a conclusion says beside its sentence."""
    said = {name: value for name, value in detail.items() if name not in (*note_sources.CITED, "terms") and value}
    listed = ((name, value if isinstance(value, list) else [value]) for name, value in said.items())
    return "; ".join(f"{name}: {', '.join(map(str, values))}" for name, values in listed)


def _list_judgements(context: CaseContext, who: Whose) -> Iterator[Row]:
    known = marks.get_marks(context)
    for row in iterate_rows(row_tables.list_judgements(context.ledger)):
        ends = (row.left_id, row.right_id)
        if who.ids.isdisjoint(ends):
            continue
        names = " – ".join(dict.fromkeys(_get_entity_caption(context, end) for end in ends))
        mark = known.label(merge_marks(known.mark_of("entities", end) for end in ends))
        yield {
            "section": "judgements", "schema": "Judgement", "property": row.judgement, "value": names, "said_by": row.officer,
            "at": row.at, "because": row.because, "mark": mark, "ref": f"judgement {row.left_id} {row.right_id}",
        }  # fmt: skip


def _get_entity_caption(context: CaseContext, key: str) -> str:
    """An entity by its own name, whatever it was joined to."""
    rows = context.entities.loc[context.entities["entity_id"] == key, "caption"]
    return str(rows.iloc[0]) if len(rows) else context.get_caption(key)


def _list_decisions(context: CaseContext, who: Whose) -> Iterator[Row]:
    """What was corrected, withdrawn, rejected or accepted: the value that no longer counts with the one that does."""
    known = marks.get_marks(context)
    mark = known.label(known.mark_of("entities", who.key))
    wrong = row_tables.list_corrections(context.ledger)
    for row in iterate_rows(wrong[wrong["entity_id"].isin(who.members)]):
        right = format_value(context, row.right) if row.right else "withdrawn"
        yield {
            "section": "decisions", "schema": "Decision", "property": row.prop, "value": f"{format_value(context, row.value)} → {right}",
            "said_by": row.officer, "at": row.at, "because": row.because, "mark": mark, "ref": f"correction {row.prop} {row.at}",
        }  # fmt: skip
    mine = context.evidence[context.evidence["canonical_id"] == who.key]
    ids = {*mine["evidence_id"], *mine["statement_id"], *who.members}
    said = row_tables.list_decisions(context.ledger)
    for row in iterate_rows(said[said["target_id"].isin(ids) & said["verdict"].isin(["accepted", "restored", "open"])]):
        claim = mine[(mine["evidence_id"] == row.target_id) | (mine["statement_id"] == row.target_id)]
        what = (
            f"{claim['prop'].iloc[0]} = {format_value(context, str(claim['value'].iloc[0]))}"
            if len(claim)
            else "the whole entity"
        )
        yield {
            "section": "decisions", "schema": "Decision", "property": row.verdict, "value": what, "said_by": row.officer,
            "at": row.at, "because": row.because, "mark": mark, "ref": f"decision {row.target_id} {row.at}",
        }  # fmt: skip


def _list_marks(context: CaseContext, who: Whose) -> Iterator[Row]:
    known, said = marks.get_marks(context), terms.list_terms(context.ledger)
    for row in iterate_rows(said[(said["target_kind"] == "entity") & said["target_id"].isin(who.ids)]):
        if row.value:
            yield {
                "section": "marks", "schema": "Mark", "property": row.facet, "value": ", ".join(row.value), "said_by": row.officer,
                "at": row.at, "because": row.because, "mark": known.label(known.mark_of("entities", row.target_id)),
                "ref": f"mark {row.target_id} {row.facet}",
            }  # fmt: skip


def _list_remarks(context: CaseContext, who: Whose) -> Iterator[Row]:
    """What other bureaux say of the person, which has no effect here."""
    from workbench.case.evidence import remarks

    for row in iterate_rows(remarks.list_remarks(context, who.ids)):
        yield {
            "section": "officers", "schema": "Remark", "property": row.kind, "value": row.text, "said_by": row.officer or row.bureau,
            "source": row.package, "at": row.at, "because": row.because, "ref": row.remark_id,
        }  # fmt: skip


def _list_disclosures(context: CaseContext, who: Whose) -> Iterator[Row]:
    """What went out that told of the person; nothing that told as well of what the reader may not know to be there."""
    for row in iterate_rows(disclosures.list_disclosures(context.ledger, sorted(who.ids))):
        yield {
            "section": "disclosures", "schema": row.kind, "property": "recipient", "value": row.recipient or "own use",
            "said_by": row.officer, "source": row.name, "at": row.at, "because": row.because, "mark": row.mark,
            "ref": row.disclosure_id,
        }  # fmt: skip
