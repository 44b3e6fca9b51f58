"""A message into the ledger: its form is the source, its texts are passages, its lists are claims; mark and grades go with it.

Everything of a message is written in one transaction, so that none is ever there without its mark.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from sqlite3 import Connection

from workbench import ingest
from workbench.case.access import controller
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.messages import threads
from workbench.case.sources import file_receipt
from workbench.errors import CaseError
from workbench.exchange.package_header import Cover
from workbench.ingest.documents import police_message
from workbench.ledger import Arrival, Object, Run
from workbench.ledger.access import terms
from workbench.ledger.records import messages, packages
from workbench.ledger.records.messages import IN, OUT, FiledMessage
from workbench.messages import LetterOfRequest, Message, Notice, to_json
from workbench.messages.model.message import Correspondence, Item, Person
from workbench.messages.model.message_json import from_dict
from workbench.messages.traffic import SurroundingText
from workbench.messages.traffic.marks import mark_mentions, markings
from workbench.messages.triage.threads import find_thread, get_own_reference, list_references
from workbench.model import source_grading
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import (
    EXERCISE,
    HANDLING,
    PLAIN,
    SCHEMES,
    SEPARATOR,
    TLP,
    Mark,
    Scheme,
    build_mark,
    merge_marks,
    remove_level_prefix,
    to_facets,
)  # fmt: skip
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.rows import Claim, Document, Issue, LedgerRow, Trace
from workbench.model.text.normalise import fold_text
from workbench.visible import escape_unprintable

STATES = {IN: "received", OUT: "sent"}
SHOWN = 8
"""Marks that an issue names."""
SHOWN_DATE = 40
"""Characters of a date that an issue shows."""
LOWEST = "FOUO"
"""Confidentiality that is the lowest of every scheme."""
STRICTEST = {"tlp": TLP[-1:], "handling": ("H1", "H2", "H3")}
"""What a TLP or handling code counts as that nobody knows; handling codes add up, so all that restrict."""


def file_message(  # noqa: PLR0913 - what is told of a message is named one by one
    context: CaseContext, message: Correspondence, *, direction: str, data: bytes | None = None, name: str = "", package: str = "",
    sender: str = "", mark: Mark | None = PLAIN, said_by: str = "", within: Arrival | None = None, issues: Sequence[Issue] = (),
    is_vouched: bool = True,
) -> str:  # fmt: skip
    """File a message; the id of its document.

    Filing it again changes nothing, but that what was a copy is one no more, and what came unsealed has come sealed.

    Parameters
    ----------
    direction : str
        'incoming' or 'outgoing'.
    data : bytes, optional
        How it came, where that is another form than ours: kept as a source of its own, in which the message lies.
    name : str
        Under which it is kept; by default by its reference.
    package : str
        Name of the package in which it came or went.
    sender : str
        Bureau of who signed the package: it has sent a message that names no sender.
    mark : Mark, optional
        What it is marked with beside what it says itself: the mark of what it was made from. None where its source is a file of ours:
        that keeps its own mark.
    said_by : str
        Who says that mark, where it is not who works.
    within : Arrival, optional
        How it came, where it lies in a source that is kept already.
    issues : sequence of Issue
        What is to be told of it.
    is_vouched : bool
        A bureau of the trust list vouches for who signed the package. The seal of anybody else changes nothing of what is here.

    Raises
    ------
    CaseError
        If the direction is none, or the message was erased from the case.
    """
    if direction not in STATES:
        raise CaseError(
            Sentence(
                "'{direction}' is not a direction of a message. Use '{incoming}' or '{outgoing}'.",
                direction=direction,
                incoming=IN,
                outgoing=OUT,
            )
        )
    form = to_json(message).encode()
    sha256 = hash_form(message)
    if known := messages.find_message(context.ledger, sha256):
        if package and known.direction == direction == IN:
            _note_seal(context, message, known, package, sender, is_vouched=is_vouched)
        return known.document_id
    if why := file_receipt.check_erased(context, form):
        raise context.ledger.refuse("collection", Object("source"), why)
    name = name or f"{message.our_ref or message.message_id or 'message'}.json"
    outer = None if within else _store_outer_file(context, data, form, name)
    context.folder.store_source(BytesIO(form))
    arrival = within or Arrival(f"{outer[1]}/{name}" if outer else name, outer[0] if outer else "")
    context.ledger.add_source(sha256, arrival, len(form), {})
    made = _Filing(context, message, ingest.SourceFile(context.folder.get_source_path(sha256), sha256, name, form))
    made.rows += [replace(one, document_id=made.document) for one in issues]
    said = {} if mark is None else made.build_facets(mark)
    return made.save_message(direction, package, sender, said, said_by)


def _note_seal(
    context: CaseContext, message: Correspondence, known: FiledMessage, package: str, sender: str, *, is_vouched: bool
) -> None:
    """Note that a message which is here came under a seal: the first one for which a bureau of the trust list vouches counts."""
    is_doubtful = known.package in packages.list_unvouched(context.ledger)
    if is_vouched and (not known.package or is_doubtful):
        sender = message.from_bureau or sender
        messages.update_package(context.ledger, known.document_id, package, sender, is_sure=is_doubtful)


def hash_form(message: Correspondence) -> str:
    """The source that holds a message: the SHA-256 of its form."""
    return hashlib.sha256(to_json(message).encode()).hexdigest()


def _store_outer_file(context: CaseContext, data: bytes | None, form: bytes, name: str) -> tuple[str, str] | None:
    """Hash and name of the file in which the message came, where that is not its form itself."""
    if data is None or data == form:
        return None
    sha256 = context.folder.store_source(BytesIO(data))
    outer = name.removesuffix(".json")
    context.ledger.add_source(sha256, Arrival(outer), len(data), {})
    return sha256, outer


class _Filing:
    """One message that is filed."""

    def __init__(self, context: CaseContext, message: Correspondence, source: ingest.SourceFile) -> None:
        self.context, self.message, self.source = context, message, source
        self.rows: list[LedgerRow] = [
            row for row in ingest.read(source, reader=police_message.METHOD) if isinstance(row, LedgerRow)
        ]
        self.document = next(row.id for row in self.rows if isinstance(row, Document))
        self.rows += _list_date_issues(message, self.document)

    def save_message(
        self, direction: str, package: str, sender: str, mark: Mapping[str, list[str]], said_by: str
    ) -> str:
        """Write it down, with the facets of its mark; the id of its document."""
        counts = Counter(f"{type(row).__name__.lower()}s" for row in self.rows)
        filed = self._build_filed(direction, package, sender)
        said = {("source", self.source.sha256): mark, **dict(self._list_grades())}

        def write_marks(sql: Connection) -> None:
            for (kind, key), told in said.items():
                for facet, values in told.items():
                    because = "as the message says"
                    terms.add_facet(sql, self.context.ledger, (kind, key, facet), values, because, officer=said_by)
            messages.add_message(sql, self.context.ledger.officer, filed)

        self.context.ledger.finish(build_run(self.source.sha256), self.rows, dict(counts), beside=write_marks)
        return self.document

    def _build_filed(self, direction: str, package: str, sender: str) -> FiledMessage:
        one = self.message if self.message.from_bureau else replace(self.message, from_bureau=sender)
        refs = [*list_references(one), get_own_reference(one)]
        return FiledMessage(
            self.document, self.source.sha256, direction, one.form, describe_kind(one), one.message_id,
            find_thread(one, messages.list_threads(self.context.ledger, refs)), one.our_ref, getattr(one, "your_ref", ""),
            getattr(one, "other_refs", ()), one.from_bureau, (*one.to, *one.cc), one.date_time, one.urgency, one.reply_by,
            one.subject, STATES[direction], package,
        )  # fmt: skip

    def build_facets(self, other: Mark) -> dict[str, list[str]]:
        """The facets of its mark: what it says itself, and what it is marked with beside."""
        scheme = controller.get_scheme(self.context)
        return to_facets(get_message_mark(self.message, scheme) | other, scheme)

    def _list_grades(self) -> Iterator[tuple[tuple[str, str], dict[str, list[str]]]]:
        """Grades of persons and things, said of the passages in which these stand."""
        places = {row.id: row.place for row in self.rows if isinstance(row, Trace)}
        stand = {places[row.trace_id]: row.passage_id for row in self.rows if isinstance(row, Claim) if row.passage_id}
        for name in ("persons", "objects"):
            for number, part in enumerate(getattr(self.message, name)):
                if (found := format_grade(part)) and (passage := stand.get(f"{name}[{number}]")):
                    yield ("passage", passage), {"grade": [found]}


def _list_date_issues(message: Correspondence, document: str) -> Iterator[Issue]:
    """That a message is dated in the future, as it is filed."""
    if threads.is_postdated(message.date_time, datetime.now(UTC)):
        told = Sentence("row.traffic.postdated", at=escape_unprintable(message.date_time[:SHOWN_DATE]))
        yield build_issue("bad-date", told, fix=Sentence("fix.ask.date"), document_id=document, place="date_time")


def build_run(source: str) -> Run:
    """The run in which a message was read."""
    return Run("add", police_message.METHOD, police_message.VERSION, source)


def describe_kind(message: Correspondence) -> str:
    """What a message is in a word or two: 'request', 'red notice', 'blue diffusion', 'letter of request'."""
    if isinstance(message, Notice):
        return f"{message.color} {'diffusion' if message.diffusion else 'notice'}".strip()
    if isinstance(message, LetterOfRequest):
        return "letter of request"
    return message.type if isinstance(message, Message) else ""


def get_message_mark(message: Correspondence, scheme: Scheme) -> Mark:
    """The mark of a message, by what it says of its handling. What the scheme does not know counts as the highest level."""
    conditions = [text.strip() for text in (message.handling_text, message.conditions_of_use) if text.strip()]
    told = {
        "level": list_levels(message.confidentiality, scheme), "tlp": find_codes("tlp", message.tlp),
        "handling": find_codes("handling", message.handling), "conditions": conditions,
    }  # fmt: skip
    return build_mark(told, scheme)


@dataclass(frozen=True, slots=True)
class HandlingScan:
    """What the whole text of a message says of its handling beside its fields: a mark, and what is to be told."""

    mark: Mark = PLAIN
    issues: tuple[Issue, ...] = ()


def look_through(
    message: Correspondence, written: Iterable[str], scheme: Scheme, own: Iterable[tuple[str, str]] = ()
) -> HandlingScan:
    """Look for marks in all that came of a message from outside.

    `written`: its texts as they came. `own`: marks that its reader has found beside those of its fields, field and value.
    """
    fields = [(path, value) for path in markings.MARKS if (value := getattr(message, path, ""))]
    said = [*fields, *own]
    found = mark_mentions.look_through(written, said, scheme.levels)
    mark = merge_marks(get_field_mark(one.field, one.text, scheme) for one in found.counted)
    told = [*_find_differing_marks(fields, found, {field for field, _ in own})]
    if found.told:
        told.append(Sentence("row.traffic.may_bear", listed=_name_marks(found.told)))
    if found.looks:
        told.append(Sentence("row.traffic.looks", what=_name_marks(found.looks)))
    return HandlingScan(mark, tuple(build_issue("other-words", one, fix=Sentence("fix.look.source")) for one in told))


def look_around(texts: Sequence[SurroundingText], scheme: Scheme) -> HandlingScan:
    """Look for marks in what stands around the messages of a file; of other text it is told where it stands."""
    found = mark_mentions.look_through([one.text for one in texts], (), scheme.levels)
    told = []
    if found.counted:
        words = list(dict.fromkeys(one.text for one in found.counted))
        told.append(Sentence("row.traffic.around_marks", listed=_name_marks(words)))
    if found.told:
        told.append(Sentence("row.traffic.around_may_bear", listed=_name_marks(found.told)))
    if found.looks:
        told.append(Sentence("row.traffic.looks", what=_name_marks(found.looks)))
    if places := list(dict.fromkeys(one.place for one in texts if one.told)):
        told.append(Sentence("row.traffic.around", listed=_name_marks(places)))
    mark = merge_marks(get_field_mark(one.field, one.text, scheme) for one in found.counted)
    return HandlingScan(mark, tuple(build_issue("other-words", one, fix=Sentence("fix.look.source")) for one in told))


def _find_differing_marks(
    fields: Sequence[tuple[str, str]], found: mark_mentions.MarkScan, told: Collection[str]
) -> Iterator[Sentence]:
    """That the text says another mark than the field does; nothing of fields of which it is `told` already."""
    for path, value in fields:
        own = markings.read_code(path, value)
        others = dict.fromkeys(
            one.text
            for one in found.counted
            if one.field == path and not mark_mentions.is_same_mark(path, own, one.text)
        )
        if others and path not in told:
            yield Sentence("row.traffic.marks", field=path, listed=_name_marks((own, *others)))


def _name_marks(words: Sequence[str]) -> object:
    return format_list([escape_unprintable(one) for one in words[:SHOWN]], count=len(words))


def get_cover_mark(cover: Cover, scheme: Scheme) -> Mark:
    """The mark that is signed on the cover of a package: its level, its codes and its conditions."""
    _, *parts = cover.mark.split(SEPARATOR)
    codes = [*cover.handling, *(one for one in parts if one in HANDLING or one in TLP)]
    said = {
        "level": _list_cover_levels(cover.mark, scheme),
        "tlp": [],
        "handling": [],
        "conditions": [*cover.conditions],
    }
    said["barred"] = scheme.parse_label(cover.mark)["barred"]
    for code in codes:
        field = "tlp" if fold_text(code).strip().upper().startswith("TLP") else "handling"
        said[field] += find_codes(field, code)
    return build_mark(said, scheme)


def _list_cover_levels(label: str, scheme: Scheme) -> list[str]:
    """The level of a mark as it is printed; none for what is the lowest here, or in a scheme that comes with the workbench."""
    printed = [one.partition(SEPARATOR)[0].removeprefix(f"{EXERCISE} – ") for one in (label, scheme.label(PLAIN))]
    lowest = {*printed[1:], scheme.levels[0], *(names[0] for names in SCHEMES.values())}
    return [] if printed[0] in lowest else list_levels(remove_level_prefix(printed[0]), scheme)


def get_field_mark(field: str, value: str, scheme: Scheme) -> Mark:
    """The mark that one field says."""
    return get_message_mark(from_dict({"form": "message", field: markings.read_code(field, value)}), scheme)


def find_codes(field: str, written: str) -> list[str]:
    """Codes that a TLP or handling code stands for: itself, the strictest where there is no such code, none where nothing is said."""
    if markings.is_unknown(field, written):
        return list(STRICTEST[field])
    code = markings.read_code(field, written)
    return [code] if code else []


def list_levels(confidentiality: str, scheme: Scheme) -> list[str]:
    """The level that a message names, as the scheme has it; none for the lowest, its own word where the scheme has no such level."""
    wanted = fold_text(confidentiality).strip()
    if wanted in ("", LOWEST):
        return []
    return [next((name for name in scheme.levels if name.upper().endswith(f" {wanted}".upper())), wanted)]


def get_level(confidentiality: str, scheme: Scheme) -> str:
    """The same as one word, '' for the lowest."""
    return next(iter(list_levels(confidentiality, scheme)), "")


def format_grade(part: Person | Item) -> str:
    """The grade that a message gives, as it is kept: 'B2 (4x4)'; '' where it gives none that its scale has."""
    try:
        return str(source_grading.get_grade(f"{part.source_grade}{part.information_grade}", part.scale))
    except CaseError:
        return ""
