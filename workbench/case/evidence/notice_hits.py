"""Hits in files of notices, as what the reader may see of the case gives them now.

A hit is compared anew for whoever asks, with the statements that this reader may see and that nobody has rejected: so no reason shows what
is hidden from the reader, and none outlives the statement that it came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from workbench.case.access import marks
from workbench.ledger.records import screenings
from workbench.ledger.records.screenings import Screening, ScreeningHit
from workbench.messages.notices import Sought
from workbench.model.handling_marks import Mark, merge_marks
from workbench.model.schema import NAMES
from workbench.resolve.screening import Candidate, Subject, screen_subjects

if TYPE_CHECKING:
    from workbench.case.context.case_context import CaseContext

BODIES = ("Organization", "Company", "PublicBody")
SCREENED = ("Person", "LegalEntity", *BODIES)
FIELDS = {
    **dict.fromkeys(NAMES, "names"),
    **dict.fromkeys(("passportNumber", "idNumber", "registrationNumber"), "numbers"),
    "birthDate": "births",
    "nationality": "nationalities",
    "gender": "sexes",
}
"""Property of the case -> what is compared."""
PAPERS = ("Passport", "Identification")
SEXES = {"F": "female", "M": "male"}
LISTS = ("names", "births", "nationalities", "sexes", "numbers")
"""What a notice says of its subject, in lists."""
Used = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]
"""Of what is compared: canonical id, property, value, and the ids of the documents and of the evidence behind it."""


@dataclass(frozen=True, slots=True)
class Screened:
    """A person or body of the case as the reader sees it, with the ids of the documents and of the evidence behind what is compared."""

    subject: Subject
    documents: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticeHit:
    """A hit that is kept, by which screening, and what speaks for and against it as the reader sees the case."""

    kept: ScreeningHit
    made: Screening
    candidate: Candidate
    screened: Screened
    mark: Mark


def list_screened(context: CaseContext, among: Collection[str] | None = None) -> dict[str, Screened]:
    """Persons and bodies of the case as the reader sees them, services apart, by canonical id; all, or those `among` some."""
    things = context.canonical_entities
    kinds = things.loc[~things["service"] & things["schema"].isin(SCREENED), "schema"].to_dict()
    said: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    documents: dict[str, set[str]] = defaultdict(set)
    evidence: dict[str, set[str]] = defaultdict(set)
    for key, prop, value, places, claims in chain(
        _list_claims(context, among), _list_identity_documents(context, among)
    ):
        said[key][FIELDS[prop]][value] = None
        documents[key] |= {*places} - {""}
        evidence[key] |= {*claims}
    return {
        key: Screened(
            Subject(key, **{name: tuple(said[key][name]) for name in LISTS}, body=str(kind) in BODIES),
            tuple(sorted(documents[key])),
            tuple(sorted(evidence[key])),
        )
        for key, kind in ((str(key), kind) for key, kind in kinds.items())
        if key in said and said[key]["names"]
    }


def _list_claims(context: CaseContext, among: Collection[str] | None) -> Iterator[Used]:
    rows = context.evidence
    rows = rows[(rows["verdict"] != "rejected") & rows["schema"].isin(SCREENED) & rows["prop"].isin(FIELDS)]
    rows = rows if among is None else rows[rows["canonical_id"].isin(among)]
    used = rows[["canonical_id", "prop", "value", "document_id", "evidence_id"]]
    for key, prop, value, document, claim in used.itertuples(index=False, name=None):
        yield key, prop, value, (document,), (claim,)


def _list_identity_documents(context: CaseContext, among: Collection[str] | None) -> Iterator[Used]:
    """The number of each identity document whose holder is stated, as a number of its holder."""
    rows = context.evidence
    rows = rows[(rows["verdict"] != "rejected") & (rows["kind"] != "suggested") & rows["schema"].isin(PAPERS)]
    columns = ["canonical_id", "value", "document_id", "evidence_id"]
    held: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for paper, holder, document, claim in rows.loc[rows["prop"] == "holder", columns].itertuples(
        index=False, name=None
    ):
        held[paper].append((context.canonical.get(holder, holder), document, claim))
    for paper, value, document, claim in rows.loc[rows["prop"] == "number", columns].itertuples(index=False, name=None):
        for holder, place, stated in held.get(paper, ()):
            if among is None or holder in among:
                yield holder, "idNumber", value, (document, place), (claim, stated)


def to_subject(key: str, one: Sought) -> Subject:
    """Whom a notice is about, as it is compared."""
    nations = tuple(code.lower() for code in one.nationalities)
    sexes = tuple(SEXES[sex] for sex in one.sexes if sex in SEXES)
    return Subject(key, one.names, one.births, nations, sexes, one.numbers, one.body)


def list_notice_hits(context: CaseContext, entities: Collection[str] | None = None) -> list[NoticeHit]:
    """Hits that have not expired, of all or of some entities; of one person, notice and file the one that was found last."""
    made = {one.id: one for one in screenings.list_screenings(context.ledger)}
    kept: dict[tuple[str, str, str], ScreeningHit] = {}
    for one in screenings.list_hits(context.ledger, date.today().isoformat()):
        if entities is None or one.entity in entities:
            of = (context.canonical.get(one.entity, one.entity), one.notice, made[one.screening].sha256)
            kept.pop(of, None)
            kept[of] = one
    there = list_screened(context, {key for key, *_ in kept}) if kept else {}
    return [
        NoticeHit(one, made[one.screening], candidate, there[key], _get_mark(context, there[key]))
        for (key, *_), one in kept.items()
        if key in there and (candidate := _compare_again(there[key].subject, one.body))
    ]


def _compare_again(subject: Subject, body: Mapping[str, object]) -> Candidate | None:
    """The hit of a person of the case and of what is kept of a notice; None where there is none (any more)."""
    told = {name: value if isinstance(value := body.get(name), list) else [] for name in LISTS}
    sought = Sought(**{name: tuple(map(str, value)) for name, value in told.items()}, body=bool(body.get("body")))
    return next(screen_subjects([subject], [to_subject("", sought)]), None)


def _get_mark(context: CaseContext, one: Screened) -> Mark:
    """The mark of all statements of a person or body that are compared."""
    known = marks.get_marks(context)
    return merge_marks([known.default, *(known.mark_of("evidence", key) for key in one.evidence)])
