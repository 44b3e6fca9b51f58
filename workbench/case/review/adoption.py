"""Adopt what another bureau remarks as one's own word, or dismiss it. Both are signed, logged, and taken back like any other word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from workbench.case.evidence.remarks import SUPERSEDED, build_remark_table
from workbench.case.sources import importing
from workbench.errors import CaseError
from workbench.ledger.access import note_sources, terms
from workbench.ledger.access.terms import Target
from workbench.ledger.foreign import remarks
from workbench.ledger.foreign.remarks import ADOPTED, DISMISSED, Remark, merge_facets
from workbench.ledger.records import row_tables
from workbench.ledger.transfer.row_validation import is_ruled
from workbench.model import handling_marks
from workbench.model.catalogue import Sentence
from workbench.model.rows import Claim
from workbench.model.schema import check_schema
from workbench.visible import escape_unprintable

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.context.case_context import CaseContext


TAKEN_BACK = {"evidence": ("suggestion", "rejected", "accepted"), "notes": ("note", "withdrawn", "restored")}
"""Table of what is a word of its own once it is adopted -> under which kind, and by which verdict, it is taken back and stands again."""


def adopt_remarks(context: CaseContext, chosen: Iterable[str], because: str) -> pd.DataFrame:
    """Say what remarks say as an officer of this case; the remarks as they are then (REMARKS).

    What is said so bears the marks under which the remark was sent: the claim or the note itself; of any other word what it is said of.
    What the same officer has adopted already is not said again.

    Raises
    ------
    CaseError
        Without a reason; where a remark is not known, or can be adopted by nobody, or bears marks that nothing here can bear. Then
        nothing is adopted.
    """
    found = _resolve_remarks(context, chosen, because)
    if unfit := [one for one in found if one.kind not in ADOPTS]:
        raise CaseError(
            Sentence(
                "The remark {remark} shows how your material appears in the files of {bureau}. Nobody "
                "can adopt this remark. Ask {bureau} for the file and add it.",
                remark=unfit[0].id,
                bureau=unfit[0].bureau,
            )
        )
    new = [one for one in found if (one.state, one.by) != (ADOPTED, context.ledger.officer)]
    if new:
        with context.ledger.group_transactions():
            rests_on = {one.id: _adopt_one(context, one, because) for one in new}
            context.ledger.decide(remarks.TARGET, list(rests_on), ADOPTED, because, rests_on=rests_on)
    return _load_remark_rows(context, found)


def dismiss_remarks(context: CaseContext, chosen: Iterable[str], because: str) -> pd.DataFrame:
    """Note that nothing follows here from remarks; they stay on record. Claims and notes that were adopted of them are taken back.

    Returns as `adopt`.

    Raises
    ------
    CaseError
        As `adopt`; where another word was adopted, which stands until another one takes its place. Then nothing is dismissed.
    """
    found = _resolve_remarks(context, chosen, because)
    adopted = [one for one in found if one.state == ADOPTED]
    if fixed := [one for one in adopted if one.kind not in TAKEN_BACK]:
        raise CaseError(
            Sentence(
                "The remark {remark} is adopted, so you cannot dismiss it. Change the judgement or "
                "decision that you adopted. To lower a mark that you adopted, ask the controller. "
                "The remark stays adopted.",
                remark=fixed[0].id,
            )
        )
    with context.ledger.group_transactions():
        for one in adopted:
            target, verdict, _ = TAKEN_BACK[one.kind]
            words = [key for _, key in remarks.list_adopted(context.ledger.connection, one.id)]
            context.ledger.decide(target, words, verdict, because)
        context.ledger.decide(remarks.TARGET, [one.id for one in found], DISMISSED, because)
    return _load_remark_rows(context, found)


def _resolve_remarks(context: CaseContext, chosen: Iterable[str], because: str) -> list[Remark]:
    wanted = list(dict.fromkeys(chosen))
    if not because.strip():
        raise CaseError(Sentence("You need a reason to adopt or dismiss a remark. Give it: `because='…'`."))
    known = {one.id: one for one in remarks.list_remarks(context.ledger)}
    if missing := [key for key in wanted if key not in known]:
        raise CaseError(
            Sentence(
                "There is no remark '{remark}' in this case. Give ids or rows from `case.review.remarks()`.",
                remark=missing[0],
            )
        )
    if not wanted:
        raise CaseError(Sentence("No remark was given. Give ids or rows from `case.review.remarks()`."))
    return [known[key] for key in wanted]


def _load_remark_rows(context: CaseContext, found: Sequence[Remark]) -> pd.DataFrame:
    made = build_remark_table(context)
    return made[made["remark_id"].isin([one.id for one in found])].reset_index(drop=True)


def _adopt_one(context: CaseContext, one: Remark, because: str) -> str:
    """Say what a remark says, with its marks; the id of what the word is, or of what it is said of."""
    said = context.say("{bureau} stated this. Reason to adopt it: {because}", bureau=one.bureau, because=because)
    targets, facets = ADOPTS[one.kind](context, one, said), _get_marks(one)
    if one.kind in TAKEN_BACK:
        _let_stand(context, one.kind, targets[0][1], said)
    if facets and (unfit := [target for target in targets if target[0] not in terms.MATERIAL]):
        raise CaseError(
            Sentence(
                "The remark {remark} has marks from {bureau}, but an item of this type ({kind}) cannot have "
                "marks. You can read and dismiss the remark, but not adopt it.",
                remark=one.id,
                bureau=one.bureau,
                kind=unfit[0][0],
            )
        )
    for target in targets if facets else ():
        held = terms.list_current_terms(context.ledger, [target[1]], whole=True).get(target, {})
        terms.add_facets(context.ledger, [target], merge_facets(held, facets), said)
    return targets[0][1]


def _let_stand(context: CaseContext, kind: str, key: str, because: str) -> None:
    """Let a word stand that was taken back under the same id before."""
    target, back, again = TAKEN_BACK[kind]
    if context.ledger.connection.execute(
        "SELECT 1 FROM ruling WHERE target_id = ? AND verdict = ?", (key, back)
    ).fetchone():
        context.ledger.decide(target, [key], again, because)


def _get_marks(one: Remark) -> dict[str, list[str]]:
    """The marks of a remark: facet -> values."""
    return {name: list(values) for name, values in one.marks.items() if name in remarks.HELD and values}


def _adopt_claim(context: CaseContext, one: Remark, because: str) -> list[Target]:
    body = {name: str(value) for name, value in one.body.items()}
    check_schema(body["schema"], body["prop"])
    passage = body["passage_id"] if body["passage_id"] in set(context.passages["passage_id"]) else ""
    document = body["document_id"] if body["document_id"] in set(context.documents["document_id"]) else ""
    claim = Claim(
        body["entity_id"], body["schema"], body["prop"], body["value"], body["original_value"], document, passage, kind="decided",
        method="officer", version="1",
    )  # fmt: skip
    keys = context.ledger.add_claims([claim], because=because, is_bound=bool(_get_marks(one)))
    return [("evidence", key) for key in keys]


def _adopt_judgement(context: CaseContext, one: Remark, because: str) -> list[Target]:
    ends = str(one.body["left_id"]), str(one.body["right_id"])
    context.ledger.judge([ends], str(one.body["judgement"]), because)
    return [("entity", key) for key in ends]


def _adopt_decision(context: CaseContext, one: Remark, because: str) -> list[Target]:
    body = {name: str(value) for name, value in one.body.items()}
    if body["verdict"] == SUPERSEDED and not _is_of_the_same(context, body["target_id"], body["replacement"]):
        raise CaseError(
            Sentence(
                "The remark {remark} would replace a statement. The new statement is not in this case, or is "
                "about another entity or property. The value would be lost. First adopt the new statement, or "
                "correct the value: `case.evidence.correct(…)`.",
                remark=one.id,
            )
        )
    if not is_ruled(body["target_kind"], body["verdict"]):
        raise CaseError(
            Sentence(
                "The remark {remark} contains '{what}', which the program does not accept. You can read and "
                "dismiss the remark, but not adopt it.",
                remark=one.id,
                what=escape_unprintable(f"{body['target_kind']} {body['verdict']}"[:60]),
            )
        )
    rests_on = {body["target_id"]: body["replacement"]}
    context.ledger.decide(body["target_kind"], [body["target_id"]], body["verdict"], because, rests_on=rests_on)
    source = ""
    if body["target_kind"] == "run":
        source = row_tables.get_run_source(context.ledger, body["target_id"])
    return [("source", source) if source else (body["target_kind"], body["target_id"])]


def _is_of_the_same(context: CaseContext, old: str, new: str) -> bool:
    """Whether one statement can stand in the place of another: both are in the case, of one entity and property."""
    rows = context.evidence.drop_duplicates("statement_id").set_index("statement_id")
    if old == new or not {old, new} <= set(rows.index):
        return False
    return bool((rows.loc[old, ["canonical_id", "prop"]] == rows.loc[new, ["canonical_id", "prop"]]).all())


def _adopt_mark(context: CaseContext, one: Remark, because: str) -> list[Target]:
    """Marks only rise: what is said here already stays, and theirs is added; of a facet of one value theirs takes its place."""
    body = {name: str(value) for name, value in one.body.items()}
    target, facet, values = (body["target_kind"], body["target_id"]), body["facet"], json.loads(body["value"])
    if not handling_marks.has_valid_values(facet, values):
        raise CaseError(
            Sentence(
                "The remark {remark} contains '{what}', which the program does not accept. You can read and "
                "dismiss the remark, but not adopt it.",
                remark=one.id,
                what=f"{facet} = {escape_unprintable(body['value'][:60])}",
            )
        )
    held = terms.list_current_terms(context.ledger, [target[1]], whole=True).get(target, {})
    said = {facet: values} if facet in handling_marks.SINGLE else merge_facets(held, {facet: values})
    terms.add_facets(context.ledger, [target], said, because)
    return [target]


def _adopt_fact(context: CaseContext, one: Remark, because: str) -> list[Target]:
    source, name, value = (str(one.body[column]) for column in ("source", "name", "value"))
    importing.set_source_facts(context, source, {name: value}, because)
    return [("source", source)]


def _adopt_note(context: CaseContext, one: Remark, because: str) -> list[Target]:
    body, known = one.body, set(context.passages["passage_id"])
    cited = note_sources.list_cited_passages(json.loads(str(body["passages"])), json.loads(str(body["detail"])))
    passages = [key for key in cited if key in known]
    said = context.say("{officer}: {text}", officer=str(body["officer"]), text=str(body["text"]))
    return [("note", context.ledger.add_note(str(body["kind"]), said, passages, {"basis": because}))]


ADOPTS: dict[str, Callable[[CaseContext, Remark, str], list[Target]]] = {
    "evidence": _adopt_claim, "judgements": _adopt_judgement, "decisions": _adopt_decision, "terms": _adopt_mark,
    "source_facts": _adopt_fact, "notes": _adopt_note,
}  # fmt: skip
"""Table for which a row was written -> how an officer says the same; gives what the word is, or is said of: that bears its marks."""
