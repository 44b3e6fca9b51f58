"""What a person is answered who asks for the own data: what of it is withheld by whose decision, and the page for either side.

References
----------
Directive (EU) 2016/680, articles 12 and 13 (form, information), 14 (access), 15 (limits of it, each a documented decision), 16
(rectification, erasure, restriction), 17 (by the supervisory authority).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.access import audit_log, controller, marks
from workbench.case.context import call_engine
from workbench.case.context.entity_index import find_in_text
from workbench.case.evidence import notice_hits, provenance
from workbench.case.files import products
from workbench.case.privacy import data_subject, subject_extract
from workbench.case.privacy.redaction import BLACK, Black
from workbench.errors import CaseError
from workbench.ledger import Object, now
from workbench.ledger.access import excluded_files, terms
from workbench.ledger.records import chart_annotations, consultations, disclosures, drafts
from workbench.ledger.records.disclosures import Disclosure
from workbench.model.catalogue import Sentence
from workbench.model.table_schemas import iterate_rows
from workbench.report import processing_forms

if TYPE_CHECKING:
    from workbench.case.context.case_context import CaseContext
    from workbench.case.privacy.data_subject import Whose
    from workbench.case.privacy.subject_extract import Row

COLUMNS = (*subject_extract.ROW, "withheld")
"""Columns of the extract. `withheld`: '' nothing was decided, GIVEN, or the ground of article 15 for which it is withheld."""
GROUNDS = ("inquiry", "crime", "public security", "national security", "others")
"""Grounds of article 15(1), (a) to (e); `forms.ground` of the catalogue says them in full."""
GIVEN, TOLD, UNTOLD = "given", "told", "untold"
TARGET = "access"
"""Kind of the terms in which decisions stand, said of the person, one facet for each row."""
LISTED = 5
OWN_MARK = frozenset({"disclosures", "log"})
"""Sections whose mark is that of a product or an entry, not of material."""
KEPT = frozenset({"claims", "officers", "held"})
"""Sections whose values are the person's own data."""
VALUES = {"status": "status", "decisions": "forms.value", "disclosures": "forms.value"}
"""Property or section -> group of the catalogue that has words for values."""
FREE = frozenset({"summary", "notes", "description", "indexText", "basis", "holder", "held"})
"""Properties whose values may speak of others."""
OWN_USE, AN_OFFICER = "own use", "an officer of the controller"
"""Recipient of what has not gone out; an officer who is not named to the person."""


def build_extract(context: CaseContext, name: str) -> pd.DataFrame:
    """All that the case holds on a person (COLUMNS), and in `.attrs` what article 14 asks for beside it."""
    who = data_subject.find_subject(context, name)
    rows = pd.concat(
        [
            subject_extract.list_extract_rows(context, who),
            subject_extract.build_frame(list(_list_consultations(context, who))),
        ],
        ignore_index=True,
    )
    names = excluded_files.list_counting_names(context.ledger)
    rows["source"] = [
        ", ".join(dict.fromkeys(names.get(one, one) for one in told.split(", "))) for told in rows["source"]
    ]
    decided = _load_decisions(context, who)
    rows["withheld"] = [decided.get(ref, ("", ""))[0] for ref in rows["ref"]]
    rows.attrs = {
        "person": context.get_caption(who.key),
        "recipients": _list_recipients(rows),
        "about": _describe_processing(context, who, rows),
        "note": context.say(
            "This document contains only data that its author is allowed to see. The person who answers the "
            "data subject needs clearance for all of the data."
        ),
        "unjudged": subject_extract.list_unjudged_namesakes(context, who),
        "mark": marks.format_mark(context),
        "rows": call_engine.get_state(context),
        "counted": marks.get_exclusion_digest(context),
    }
    return rows[list(COLUMNS)]


def _list_recipients(rows: pd.DataFrame) -> list[dict[str, str]]:
    out = rows[rows["section"] == "disclosures"]
    return [{"recipient": row.value, "kind": row.schema, "name": row.source, "at": row.at} for row in iterate_rows(out)]


def _describe_processing(context: CaseContext, who: Whose, rows: pd.DataFrame) -> dict[str, str]:
    """What is said of the processing as a whole: purpose, ground, categories, recipients, time limits, origin."""
    said, say = context.settings, context.say
    status = context.evidence[(context.evidence["canonical_id"] == who.key) & (context.evidence["prop"] == "status")]
    statuses = set(status.loc[status["kind"] != "suggested", "value"])
    dates = sorted({row for row in rows["review"] if row})
    listed = {
        "controller": say.join_words(filter(None, (controller.get_controller(context).name, said.bureau))),
        "purpose": say.join_words(sorted({*rows["purpose"], context.ledger.purpose} - {""})),
        "legal_basis": said.legal_basis or say("not stated in `case.toml`"),
        "category": say.join_words(say.term("status", one) for one in sorted(statuses)) or say("not recorded yet"),
        "data": _format_headings(context, rows),
        "recipients": say.join_words(sorted({row["recipient"] for row in _list_recipients(rows)} - {OWN_USE}))
        or say("none yet"),
        "kept": say("review on {dates}", dates=say.join_words(dates))
        if dates
        else say.count("review at most {n} year after receipt", "review at most {n} years after receipt", said.years),
        "origin": say.join_words(sorted(set(rows.loc[~rows["section"].isin(OWN_MARK), "source"]) - {""}))
        or say("officers of the controller"),
    }
    return {name: text for name, text in listed.items() if text}


def _list_consultations(context: CaseContext, who: Whose) -> Iterator[Row]:
    """Consultations that asked for the person: an officer's own; for an auditor, all; for the controller, of others the time alone."""
    whole = audit_log.is_auditor(context)
    everyone = whole or controller.is_controller(context)
    mine = consultations.list_own_officer_ids(context.ledger)
    found = consultations.list_entries(context.ledger, None if everyone else mine)
    found = found[(found["operation"] == "consultation") & (found["query"] != "")]
    asked = {query for query in set(found["query"]) if _is_named_in(context, who, query)}
    for row in iterate_rows(found[found["query"].isin(asked)]):
        open_ = whole or row.officer_id in mine
        yield {
            "section": "log", "schema": "Consultation", "property": row.kind if open_ else "consultation",
            "value": row.query if open_ else "", "said_by": row.officer if open_ else "another officer", "at": row.at,
            "purpose": row.purpose if open_ else "", "because": row.reason if open_ else "", "mark": row.mark, "ref": f"entry {row.hash}",
        }  # fmt: skip


def _is_named_in(context: CaseContext, who: Whose, query: str) -> bool:
    return any(key in query for key in who.ids) or not who.ids.isdisjoint(find_in_text(context, query))


# What is withheld ---------------------------------------------------------------------------------------------------------


def withhold_rows(
    context: CaseContext, name: str, rows: pd.DataFrame, decision: tuple[str, bool], because: str
) -> pd.DataFrame:
    """Decide on rows of an extract: a ground of GROUNDS, GIVEN in spite of their mark, or '' nothing; and whether the person is told."""
    who, (ground, tell) = data_subject.find_subject(context, name), decision
    what = Object("access of the person", who.key, count=len(rows))
    controller.check_controller(context, "alteration", what, "decides")
    if ground not in ("", GIVEN, *GROUNDS):
        raise CaseError(
            Sentence(
                "'{ground}' is not a reason to withhold data under article 15 of Directive (EU) 2016/680. Use "
                "one of these: {grounds}. To give the data to the person, use '{given}'.",
                ground=ground,
                grounds=tuple(GROUNDS),
                given=GIVEN,
            )
        )
    if not because.strip():
        raise context.ledger.refuse(
            "alteration",
            what,
            Sentence(
                "This decision needs a reason (article 15(4) of Directive (EU) 2016/680). Give the reason, for "
                "example: `because='decision 12/26 of 3 May'`."
            ),
        )
    refs = _select_refs(context, who, rows)
    values = [ground, TOLD if tell else UNTOLD] if ground else []
    terms.add_facets(context.ledger, [(TARGET, who.key)], dict.fromkeys(refs, values), because)
    made = build_extract(context, who.key)
    chosen = made[made["ref"].isin(refs)].reset_index(drop=True)
    chosen.attrs = made.attrs
    return chosen


def _select_refs(context: CaseContext, who: Whose, rows: pd.DataFrame) -> list[str]:
    if "ref" not in rows or rows.empty:
        raise CaseError(
            Sentence("No rows were given. Give rows from `case.subjects.records(…)`, including their column `ref`.")
        )
    known = set(build_extract(context, who.key)["ref"])
    refs = list(dict.fromkeys(map(str, rows["ref"])))
    if odd := [ref for ref in refs if ref not in known]:
        raise CaseError(
            Sentence(
                "Rows that are not in the current extract of this person: {count}. Run "
                "`case.subjects.records(…)` again.",
                count=len(odd),
            )
        )
    return refs


def _load_decisions(context: CaseContext, who: Whose) -> dict[str, tuple[str, str]]:
    """Row -> ground and whether it is told, as decided of any of the ids of the person; the stricter counts."""
    held = terms.list_current_terms(context.ledger)
    found: dict[str, tuple[str, str]] = {}
    for member in sorted(who.members):
        for ref, values in held.get((TARGET, member), {}).items():
            if values and found.get(ref, (GIVEN, ""))[0] == GIVEN:
                told = UNTOLD if UNTOLD in values else TOLD
                found[ref] = (next(one for one in values if one not in (TOLD, UNTOLD)), told)
    return found


# The page -----------------------------------------------------------------------------------------------------------------


def write_extract(context: CaseContext, name: str, path: Path, to: str, because: str) -> Path:
    """Write the extract as a page: for the controller, or, with `to`, the one that the person gets."""
    who = data_subject.find_subject(context, name)
    what = Object("access of the person", who.key)
    controller.check_controller(context, "disclosure", what, "hands_out" if to else "extracts")
    rows = build_extract(context, who.key)
    place = products.place_of(context, path)
    place = place if place.suffix == ".html" else place.with_suffix(".html")
    shown = _build_handout(context, who, rows) if to else rows
    facts = _build_facts(context, who, rows, shown, to)
    data = processing_forms.build_page("access", "answer" if to else "access", facts, context.say.language).encode()
    mark = _get_default_mark(context) if to else marks.format_mark(context)
    out = Disclosure(
        "access", to, place.name, sha256(data).hexdigest(), mark, because, "access of the person", count=len(shown)
    )
    disclosures.record_disclosure(context.ledger, out, _list_disclosed_ids(context, who, rows))
    return products.write_product(context, place, data, mark)


def _list_disclosed_ids(context: CaseContext, who: Whose, rows: pd.DataFrame) -> set[str]:
    """Of what an extract tells: the person, each row of the case in it, and what is behind those that are none of the material."""
    of = context.evidence[context.evidence["canonical_id"].isin(who.ids)]
    refs = set(rows.loc[~rows["section"].isin(OWN_MARK), "ref"])
    named = {key for ref in refs for key in provenance.ID.findall(ref)}
    behind = {key for one in chart_annotations.list_drawings(context.ledger) if one.key in refs for key in one.rests}
    behind |= {key for one in drafts.list_drafts(context.ledger) if one.id in refs for key in one.rests}
    hits = [one for one in notice_hits.list_notice_hits(context, who.ids) if one.made.id in refs]
    behind |= {key for one in hits for key in one.screened.documents}
    documents = {*of["document_id"], *of["passage_id"], *of["statement_id"]}
    return {*who.ids, *documents, *named, *behind} - {""}


def _get_default_mark(context: CaseContext) -> str:
    known = marks.get_marks(context)
    return known.label(known.default)


def _build_facts(
    context: CaseContext, who: Whose, rows: pd.DataFrame, shown: pd.DataFrame, to: str
) -> dict[str, object]:
    decided, here = _load_decisions(context, who), set(rows["ref"])
    withheld = [(ground, told) for ref, (ground, told) in decided.items() if ref in here and ground != GIVEN]
    said = {ground for ground, told in withheld if told == TOLD or not to}
    return {
        "settings": context.settings, "officer": context.ledger.officer, "at": now(), "to": to, "grounds": sorted(said, key=GROUNDS.index),
        "mark": _get_default_mark(context) if to else marks.format_mark(context), "person": context.get_caption(who.key),
        "unjudged": rows.attrs["unjudged"],
        "about": {**rows.attrs["about"], **_describe_origin(context, who, rows, to)},
        "sections": _split_sections(_translate_rows(context, shown), HANDED if to else CONTROLLED),
        "reasons": () if to else _list_reasons(context, who, rows),
    }  # fmt: skip


HANDED = ("property", "value", "said_by", "source", "place", "text", "at")
CONTROLLED = (*HANDED, "grade", "purpose", "review", "because", "mark", "withheld")
"""Columns of the page: of the person, and of the controller."""


def _split_sections(rows: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, list[str], pd.DataFrame]]:
    """Sections that have rows, each with the columns in which something stands."""
    by = dict(iter(rows.groupby("section")))
    return [
        (section, [name for name in columns if by[section][name].astype(bool).any()], by[section])
        for section in subject_extract.SECTIONS
        if section in by
    ]


def _translate_rows(context: CaseContext, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their code words in the language of the case."""
    say, keys = context.say, rows["section"].where(rows["property"] != "status", "status")
    return rows.assign(
        property=[say.term("property", one) for one in rows["property"]],
        value=[say.term(VALUES.get(key, ""), one) for key, one in zip(keys, rows["value"], strict=True)],
        said_by=[say.term("forms.said_by", one) for one in rows["said_by"]],
        withheld=[say.term("forms.withheld", one) for one in rows["withheld"]],
    )


def _describe_origin(context: CaseContext, who: Whose, rows: pd.DataFrame, to: str) -> dict[str, str]:
    """For the person: the origin and the purposes of what is handed out, no file names of others and no purposes of what is not."""
    if not to:
        return {}
    open_ = rows[rows["withheld"].isin(["", GIVEN])]
    black = Black(context, who)
    listed = sorted({black.redact_names(one) for one in open_.loc[~open_["section"].isin(OWN_MARK), "source"]} - {""})
    out, say = sorted({row["recipient"] for row in _list_recipients(open_)} - {OWN_USE}), context.say
    return {
        "controller": context.settings.bureau or controller.get_controller(context).name,
        "origin": say.join_words(listed) or say("officers of the controller"), "data": _format_headings(context, open_),
        "purpose": say.join_words(sorted({*open_.loc[open_["section"] != "log", "purpose"], context.ledger.purpose} - {""})),
        "recipients": say.join_words(out) or say("none", context="forms"),
    }  # fmt: skip


def _format_headings(context: CaseContext, rows: pd.DataFrame) -> str:
    return context.say.join_words(context.say(f"forms.section.{one}") for one in dict.fromkeys(rows["section"]))


def _list_reasons(context: CaseContext, who: Whose, rows: pd.DataFrame) -> list[Mapping[str, str]]:
    """Decisions of article 15 for the controller's file: ground, whether told, by whom, when, why."""
    found = terms.list_terms(context.ledger)
    found = found[(found["target_kind"] == TARGET) & found["target_id"].isin(who.members)]
    found = found[found["facet"].isin(set(rows["ref"]))]
    return [
        {
            "ground": next((one for one in row.value if one not in (TOLD, UNTOLD)), ""),
            "told": TOLD if TOLD in row.value else UNTOLD,
            "officer": row.officer, "at": row.at, "because": row.because,
        }
        for row in iterate_rows(found.drop_duplicates(["officer", "because", "at"])) if row.value
    ]  # fmt: skip


def _build_handout(context: CaseContext, who: Whose, rows: pd.DataFrame) -> pd.DataFrame:
    """What the person gets: without what is withheld, without officers' names, others blacked out.

    Raises
    ------
    CaseError
        Where a row is marked higher than the case itself and nobody has decided on it.
    """
    plain = _get_default_mark(context)
    material = ~rows["section"].isin(OWN_MARK)
    undecided = rows[material & (rows["withheld"] == "") & (rows["mark"] != plain)]
    if len(undecided):
        listed = tuple(f"{row.section} {row.property} ({row.mark})" for row in iterate_rows(undecided.head(LISTED)))
        said = {"mark": plain, "listed": listed, "grounds": tuple(GROUNDS), "given": GIVEN}
        why = Sentence(
            "{n} row has a mark other than {mark}. Decide first whether the person gets this row ({listed}): "
            "`case.subjects.withhold(name, rows, ground=…, because=…)`. To withhold the row, use one of "
            "these for `ground`: {grounds}. To give the row to the person, use '{given}'.",
            "{n} rows have a mark other than {mark}. Decide first whether the person gets these rows "
            "({listed}): `case.subjects.withhold(name, rows, ground=…, because=…)`. To withhold the rows, "
            "use one of these for `ground`: {grounds}. To give the rows to the person, use '{given}'.",
            n=len(undecided),
            **said,
        )
        raise context.ledger.refuse("disclosure", Object("access of the person", who.key, count=len(undecided)), why)
    black = Black(context, who)
    made = rows[rows["withheld"].isin(["", GIVEN])].copy()
    return made.assign(**_redact_columns(made, black)).reset_index(drop=True)


def _redact_columns(rows: pd.DataFrame, black: Black) -> dict[str, list[str]]:
    """Columns without others' data and officers' names."""
    values = [_redact_value(black, row) for row in iterate_rows(rows)]
    said = [one if one in ("received", "suggested") else AN_OFFICER for one in rows["said_by"]]
    logged = [row.section in OWN_MARK for row in iterate_rows(rows)]
    return {
        "property": [row.property if row.section != "log" else "consultation" for row in iterate_rows(rows)],
        "value": values, "said_by": ["" if own else one for own, one in zip(logged, said, strict=True)],
        "text": [black.redact_text(text) for text in rows["text"]], "because": ["" for _ in range(len(rows))],
        "source": ["" if own else black.redact_names(text) for own, text in zip(logged, rows["source"], strict=True)],
        "place": [black.redact_names(text) for text in rows["place"]],
    }  # fmt: skip


def _redact_value(black: Black, row: object) -> str:
    section, value, prop = (str(getattr(row, name)) for name in ("section", "value", "property"))
    if section == "disclosures" or (section in KEPT and prop not in FREE):
        return value
    if section == "log":
        return ""
    if section == "marks":
        return BLACK if prop in ("conditions", "permission") else value
    return black.redact_text(value)
