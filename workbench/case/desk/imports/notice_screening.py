"""A case against a file of notices that an officer lawfully holds: hits to be verified with the source, kept until the copy expires.

The file is not kept, nobody is merged and nobody scored. What was compared is what the officer may see; a hit is shown to others as what
they may see gives it (`case.evidence.notice_hits`).
"""

from __future__ import annotations

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
from workbench.case.evidence import notice_hits
from workbench.case.evidence.notice_hits import NoticeHit
from workbench.case.files.traffic import traffic_formats
from workbench.case.files.traffic.message_transfer import FileSettings
from workbench.errors import CaseError
from workbench.ledger.records import screenings
from workbench.ledger.records.screenings import Screening, ScreeningHit
from workbench.messages import Notice
from workbench.messages.model.message import Correspondence
from workbench.messages.notices import Sought, list_subjects
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.time_zones import add_years, normalise_day
from workbench.resolve.name_variants import Common
from workbench.resolve.screening import HITS, screen_subjects

COLUMNS = (
    "name", "canonical_id", "notice", "color", "listed_as", "reasons", "against", "verify", "retrieved", "expires", "file", "document_ids",
)  # fmt: skip
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
                "You cannot use this copy today. Date of the copy: {retrieved}. Last day of use: {expires}. "
                "Correct the dates if they are wrong, or get a new copy from the source.",
                retrieved=retrieved,
                expires=expires,
            )
        )
    if until > (latest := add_years(had, LONGEST)):
        raise CaseError(
            Sentence(
                "You may use a copy from {retrieved} for at most one year, until {latest}. The date {expires} is "
                "too late. Enter {latest}, or an earlier date if the source of the copy or the law of your "
                "country sets one.",
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
                "{name} contains no notice. Use a JSON file of notices in the format of INTERPOL's website for "
                "public notices.",
                name=path.name,
            )
        )
    remove_expired_hits(context)
    days = (had.isoformat(), until.isoformat())
    officer = context.ledger.officer
    made = Screening(compute_digest("screening", source.sha256, officer), path.name, source.sha256, *days, len(notices))
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
            " Some persons or organisations in the case have many similar entries (number in brackets): "
            "{names}. For each of them, at most the {most} most similar entries are shown. To see the other "
            "entries, split the file of notices and screen the case against each part.",
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
    found = [one for one in notice_hits.list_notice_hits(context) if screening in ("", one.made.id)]
    table = pd.DataFrame([_build_row(context, one) for one in found], columns=pd.Index(COLUMNS))
    of_rows = marks.list_row_marks(context, table)
    table = marks.label_rows(context, table, [mark | one.mark for mark, one in zip(of_rows, found, strict=True)])
    table.attrs["warning"] = context.say(
        "A hit shows only that data such as names, dates or numbers match. It does not show that the "
        "persons are the same. Hits are not in order of probability."
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
    there = notice_hits.list_screened(context)
    listed: dict[str, tuple[Notice, Sought]] = {}
    for number, notice in enumerate(notices):
        listed |= {f"{number} {at}": (notice, one) for at, one in enumerate(list_subjects(notice))}
    wanted = [notice_hits.to_subject(key, one) for key, (_, one) in listed.items()]
    subjects = [one.subject for one in there.values()]
    for hit in screen_subjects(build_progress_bar(context.say, "screening", "persons", subjects), wanted, common):
        notice, one = listed[hit.listed]
        body = {**asdict(one), "color": notice.color, "from": notice.from_bureau}
        behind = there[hit.known]
        yield ScreeningHit(
            made.id, hit.known, notice.our_ref or hit.listed, body, (*behind.documents, *behind.evidence)
        )


def _build_row(context: CaseContext, one: NoticeHit) -> tuple[object, ...]:
    """A hit as it is shown."""
    key, body, made = one.candidate.known, one.kept.body, one.made
    told = {name: [str(value) for value in values] for name, values in body.items() if isinstance(values, list)}
    born = (f"born {date}" for date in told["births"])
    listed = "; ".join(filter(None, (", ".join(told["names"]), *born, " ".join(told["nationalities"]))))
    what = (
        context.say("organisation", context="screening") if body["body"] else context.say("person", context="screening")
    )
    verify = context.say(
        "This is a candidate, not a finding. Before you act, verify with {source} that "
        "notice {number} is in force and is about this {what}.",
        source=body["from"] or context.say("the General Secretariat or the bureau that requested the notice"),
        number=one.kept.notice,
        what=what,
    )
    return (
        context.get_caption(key), key, one.kept.notice, body["color"], listed, "\n".join(one.candidate.reasons),
        "\n".join(one.candidate.against), verify, made.retrieved, made.expires, made.name, ", ".join(one.screened.documents),
    )  # fmt: skip
