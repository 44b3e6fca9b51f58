"""A case against a file of notices that an officer lawfully holds: hits to be verified with the source, kept until the copy expires.

The file is not kept, nobody is merged and nobody scored. What was compared is what the officer may see; a hit is shown to those who may
see every document behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pandas as pd

from workbench import ingest
from workbench.case.access import consultation_log, marks
from workbench.case.context import folder_walk
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.case.files.traffic import traffic_formats
from workbench.case.files.traffic.message_transfer import FileSettings
from workbench.errors import CaseError
from workbench.ledger.records import chart_annotations, screenings
from workbench.ledger.records.screenings import Screening, ScreeningHit
from workbench.messages import Notice
from workbench.messages.model.message import Correspondence
from workbench.messages.notices import Sought, list_subjects
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.schema import NAMES
from workbench.model.time_zones import add_years, normalise_day
from workbench.resolve.name_variants import Common
from workbench.resolve.screening import HITS, Subject, screen_subjects

COLUMNS = (
    "name", "canonical_id", "notice", "color", "listed_as", "reasons", "against", "verify", "retrieved", "expires", "file", "document_ids",
)  # fmt: skip
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
CROWDED = 20
"""Persons with too many hits who are named."""
LONGEST = 1
"""Years at most for which a copy is used after its holder had it (our bound): what it says is verified with the source, anew."""


def screen_case(context: CaseContext, path: Path, retrieved: str, expires: str, color: str) -> pd.DataFrame:
    """Screen the case against a file; hits (COLUMNS). `.attrs['left_out']`: entries that were not compared.

    `.attrs['warning']` says so as well, and who has more than HITS.

    Raises
    ------
    CaseError
        If a day is none, the copy has expired, would be used for more than LONGEST years, or holds no notice.
    SourceError
        If it is no file, or cannot be read.
    """
    today = date.today()
    had, until = _parse_day("retrieved", retrieved), _parse_day("expires", expires)
    if not had <= today <= until:
        raise CaseError(
            Sentence(
                "You cannot use this copy today. Date of the copy: {retrieved}. Last day of use: "
                "{expires}. Get a new copy from the source.",
                retrieved=retrieved,
                expires=expires,
            )
        )
    if until > (latest := add_years(had, LONGEST)):
        raise CaseError(
            Sentence(
                "You may use a copy from {retrieved} for at most one year, until {latest}. The date "
                "{expires} is too late. Enter {latest}, or the date that the source of the copy or the "
                "law of your country sets.",
                retrieved=retrieved,
                expires=expires,
                latest=str(latest),
            )
        )
    source = ingest.SourceFile(path, folder_walk.hash_file(path, path.name), path.name)
    pieces = [
        piece.taken
        for piece in build_progress_bar(
            context.say, "notices", "notices", traffic_formats.read_messages(source, FileSettings({}, color))
        )
    ]
    notices = [one.message for one in pieces if isinstance(one.message, Notice)]
    if not notices:
        raise CaseError(
            Sentence(
                "{name} contains no notice. Use a JSON file of notices in the format of the public service.",
                name=path.name,
            )
        )
    remove_expired_hits(context)
    days = (had.isoformat(), until.isoformat())
    made = Screening(compute_digest("screening", source.sha256), path.name, source.sha256, *days, len(notices))
    common: list[Common] = []
    screenings.add_screening(context.ledger, made, list(_list_hits(context, made, notices, common)))
    table = list_hits(context, made.id)
    left = [one.place for one in pieces if not _is_comparable(one.message)]
    told = context.say(
        "The program compared {compared} of {entries} entries in {file}.",
        compared=len(pieces) - len(left),
        entries=len(pieces),
        file=path.name,
    )
    told += (
        context.say(
            " These entries were not compared: {places}. They have no name and no number, or they are not notices.",
            places=", ".join(left),
        )
        if left
        else ""
    )
    told += _format_crowded(context, common)
    table.attrs |= {"left_out": left, "warning": f"{told} {table.attrs['warning']}"}
    return table


def _format_crowded(context: CaseContext, common: Sequence[Common]) -> str:
    """Who has more hits than are told; '' if nobody has."""
    most = sorted(common, key=lambda one: (-one.count, one.value))
    names = ", ".join(f"{one.value} ({one.count})" for one in most[:CROWDED])
    more = context.say(" and {count} more", count=len(most) - CROWDED) if len(most) > CROWDED else ""
    return (
        context.say(
            " Some persons or organisations have many similar entries (number in brackets): {names}. "
            "For each of them, only the {most} most similar entries are shown. To see the other "
            "entries, screen against a part of the file.",
            most=HITS,
            names=names + more,
        )
        if most
        else ""
    )


def _is_comparable(message: Correspondence | None) -> bool:
    """Whether somebody is named in what was read, or a number is."""
    return isinstance(message, Notice) and any(one.names or one.numbers for one in list_subjects(message))


def list_hits(context: CaseContext, screening: str = "") -> pd.DataFrame:
    """Hits that have not expired (COLUMNS), of one screening if it is given."""
    made = {one.id: one for one in screenings.list_screenings(context.ledger)}
    found = [
        one
        for one in screenings.list_hits(context.ledger, date.today().isoformat())
        if screening in ("", one.screening)
    ]
    away = chart_annotations.select_withheld(context.ledger, {key for one in found for key in one.rests})
    rows = [
        _build_row(context, one, made[one.screening])
        for one in found
        if away.isdisjoint(one.rests) and _is_visible(context, one)
    ]
    table = marks.add_mark_column(context, pd.DataFrame(rows, columns=pd.Index(COLUMNS)))
    table.attrs["warning"] = context.say(
        "Hits are names and dates that match. A hit does not show that the persons are the same. "
        "Hits are not in order of probability."
    )
    return consultation_log.log_answer(context, "screening", table)


def remove_expired_hits(context: CaseContext) -> int:
    """Take out hits of copies that have expired; how many."""
    return screenings.delete_expired_hits(context.ledger, date.today().isoformat())


def _parse_day(what: str, written: str) -> date:
    if not (day := normalise_day(written)):
        raise CaseError(
            Sentence("{what}: '{value}' is not a date. Write a date like this: 2026-11-27.", what=what, value=written)
        )
    return date.fromisoformat(day)


def _list_hits(
    context: CaseContext, made: Screening, notices: Sequence[Notice], common: list[Common]
) -> Iterator[ScreeningHit]:
    """Hits of the persons and bodies of the case, with what the notice says of them."""
    subjects, rests = list_screened_subjects(context)
    listed: dict[str, tuple[Notice, Sought]] = {}
    for number, notice in enumerate(notices):
        listed |= {f"{number} {at}": (notice, one) for at, one in enumerate(list_subjects(notice))}
    wanted = [_to_subject(key, one) for key, (_, one) in listed.items()]
    for hit in screen_subjects(build_progress_bar(context.say, "screening", "persons", subjects), wanted, common):
        notice, one = listed[hit.listed]
        body = {
            **asdict(one),
            "color": notice.color,
            "reasons": hit.reasons,
            "against": hit.against,
            "from": notice.from_bureau,
        }
        yield ScreeningHit(made.id, hit.known, notice.our_ref or hit.listed, body, rests[hit.known])


def list_screened_subjects(context: CaseContext) -> tuple[list[Subject], dict[str, tuple[str, ...]]]:
    """Persons and bodies of the case as the officer sees them, services apart; and the documents behind what is compared."""
    rows = context.evidence[(context.evidence["verdict"] != "rejected") & context.evidence["schema"].isin(SCREENED)]
    things = context.canonical_entities
    kinds = things.loc[~things["service"] & things["schema"].isin(SCREENED), "schema"]
    said: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    rests: dict[str, dict[str, None]] = defaultdict(dict)
    used = rows[rows["prop"].isin(FIELDS)][["canonical_id", "prop", "value", "document_id"]]
    for key, prop, value, document in [*used.itertuples(index=False, name=None), *_list_identity_documents(context)]:
        said[key][FIELDS[prop]][value] = None
        rests[key] |= {document: None} if document else {}
    made = [
        _build_subject(str(key), said[str(key)], body=str(kind) in BODIES)
        for key, kind in kinds.to_dict().items()
        if said[str(key)]["names"]
    ]
    return made, {one.id: tuple(sorted(rests[one.id])) for one in made}


def _list_identity_documents(context: CaseContext) -> Iterator[tuple[str, str, str, str]]:
    """Holder, 'idNumber', number and document of each identity document whose holder is stated."""
    rows = context.evidence[(context.evidence["kind"] != "suggested") & context.evidence["schema"].isin(PAPERS)]
    held = rows[rows["prop"] == "holder"].set_index("canonical_id")["value"]
    numbers = rows.loc[rows["prop"] == "number", ["canonical_id", "value", "document_id"]]
    for paper, value, document in numbers.itertuples(index=False, name=None):
        for holder in dict.fromkeys(held.loc[[paper]] if paper in held.index else ()):
            yield context.canonical.get(holder, holder), "idNumber", value, document


def _build_subject(key: str, said: dict[str, dict[str, None]], *, body: bool) -> Subject:
    told = {name: tuple(said[name]) for name in ("names", "births", "nationalities", "sexes", "numbers")}
    return Subject(key, **told, body=body)


def _to_subject(key: str, one: Sought) -> Subject:
    nations = tuple(code.lower() for code in one.nationalities)
    sexes = tuple(SEXES[sex] for sex in one.sexes)
    return Subject(key, one.names, one.births, nations, sexes, one.numbers, one.body)


def _is_visible(context: CaseContext, hit: ScreeningHit) -> bool:
    return context.canonical.get(hit.entity, hit.entity) in context.canonical_entities.index


def _build_row(context: CaseContext, hit: ScreeningHit, made: Screening) -> tuple[object, ...]:
    """A hit as it is shown."""
    key = context.canonical.get(hit.entity, hit.entity)
    body = hit.body
    told = {name: [str(one) for one in value] for name, value in body.items() if isinstance(value, list)}
    born = (f"born {one}" for one in told["births"])
    listed = "; ".join(filter(None, (", ".join(told["names"]), *born, " ".join(told["nationalities"]))))
    what = (
        context.say("organisation", context="screening") if body["body"] else context.say("person", context="screening")
    )
    verify = context.say(
        "This is a candidate, not a finding. Before you act, verify with {source} that "
        "notice {number} is in force and is about this {what}.",
        source=body["from"] or context.say("the General Secretariat or the bureau that requested the notice"),
        number=hit.notice,
        what=what,
    )
    return (
        context.get_caption(key), key, hit.notice, body["color"], listed, "\n".join(told["reasons"]), "\n".join(told["against"]), verify,
        made.retrieved, made.expires, made.name, ", ".join(hit.rests),
    )  # fmt: skip
