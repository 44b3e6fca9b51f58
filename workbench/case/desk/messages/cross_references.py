"""Links of a message with the case and with all messages before it: by what identifies a thing, and by names as suggestions."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import pandas as pd

from workbench.case.access import marks
from workbench.case.context import visible_rows
from workbench.case.context.case_context import CaseContext
from workbench.extract import load_methods
from workbench.ingest.documents import police_message
from workbench.ledger.access.access_filter import AccessFilter
from workbench.ledger.records import references, row_tables
from workbench.messages.model.defect import catch_defect
from workbench.messages.model.message import Correspondence, Person
from workbench.messages.model.message_fields import list_texts
from workbench.messages.model.message_links import EarlierMention, Link, NamedItem, sort_links
from workbench.model import identifiers
from workbench.model.catalogue import Translator
from workbench.model.rows import Passage
from workbench.model.schema import NAMES
from workbench.model.stored_sentences import translate_lines
from workbench.model.text.normalise import normalise_name
from workbench.resolve.name_variants import Name, name_reasons

LINKS = (
    "schema", "value", "words", "field", "start", "end", "said", "messages", "bureaux", "countries", "document_id", "title", "why", "by",
)  # fmt: skip
"""Columns of `case.desk.links`: a row for each thing and document."""
READ = "identifiers"
IDENTIFYING = frozenset(
    {
        "TelephoneNumber",
        "BankAccount",
        "Handset",
        "Sim",
        "Vehicle",
        "Passport",
        "Identification",
        "UserAccount",
        "CryptoWallet",
    }
)
NAMED = "names of persons"
MOST = 20
"""Names of the case that are compared with one name of a message."""


def find_identifiers(message: Correspondence, defects: list[str] | None = None) -> list[NamedItem]:
    """Things that a message names by what identifies them: in its lists, then in its texts; each once.

    `defects`: is given what could not be read for a defect of the program.
    """

    def note_defect(defect: str) -> list[NamedItem]:
        if defects is not None:
            defects.append(defect)
        return []

    found: dict[str, NamedItem] = {}
    for read in (_find_in_lists, _read_items):
        for one in catch_defect(lambda: [*read(message)], note_defect):  # noqa: B023
            found.setdefault(one.entity_id, one)
    return list(found.values())


def _find_in_lists(message: Correspondence) -> Iterator[NamedItem]:
    for number, item in enumerate(message.objects):
        if found := police_message.identify_thing(item.kind, item.number):
            yield _build_named(found[0], found[2], item.number, f"objects[{number}].number")
    for number, person in enumerate(message.persons):
        for at, phone in enumerate(person.phones):
            yield _build_named(
                "TelephoneNumber", identifiers.build_telephone_key(phone), phone, f"persons[{number}].phones[{at}]"
            )
        for at, paper in enumerate(person.documents):
            if paper.number:
                schema, key = police_message.identify_document(paper.kind, paper.number, paper.country)
                yield _build_named(schema, key, paper.number, f"persons[{number}].documents[{at}].number")


def _read_items(message: Correspondence) -> Iterator[NamedItem]:
    for field, text in list_texts(message):
        passage = Passage(id="message", document_id="message", number=0, text=text)
        for claim in load_methods()[READ].extract([passage]):
            if claim.schema in IDENTIFYING:
                words = text[claim.start : claim.end]
                yield NamedItem(
                    claim.entity_id, claim.schema, claim.value, words, field, claim.start, claim.end, "suggested"
                )


def _build_named(schema: str, key: identifiers.Key, words: str, field: str) -> NamedItem:
    return NamedItem(key.entity_id, schema, key.value, words, field)


def find_links(context: CaseContext, message: Correspondence, document_id: str = "") -> list[Link]:
    """Things that a message names and that something else of the case names too, those of most bureaux first.

    What the reader may not see does not count. The message itself does not either, by its document.
    """
    things = {one.entity_id: one for one in find_identifiers(message)}
    places: defaultdict[str, list[EarlierMention]] = defaultdict(list)
    for hit in references.find_documents(context.ledger, things, document_id):
        places[hit.entity_id].append(EarlierMention(hit.document_id, hit.title, hit.bureau, hit.our_ref))
    return sort_links([Link(things[key], tuple(found)) for key, found in places.items()])


def build_link_table(
    context: CaseContext, message: Correspondence, document_id: str = "", language: str = "en"
) -> pd.DataFrame:
    """Links and names (LINKS) in words of a language, each with the documents behind it."""
    voice = Translator(language)
    rows = [
        (
            link.named.schema, link.named.value, link.named.words, link.named.field,
            link.named.start, link.named.end, link.to_text(language),
            len(link.messages), link.bureau_count, ", ".join(link.countries), place.document_id, place.title,
            voice("the same identifier"), link.named.by,
        )
        for link in find_links(context, message, document_id)
        for place in link.places
    ]  # fmt: skip
    rows += list(_list_alike_persons(context, message, document_id, voice))
    made = pd.DataFrame(rows, columns=pd.Index(LINKS)).astype({"start": "Int64", "end": "Int64"})
    return marks.add_mark_column(context, made)


Row = tuple[str, str, str, str, int | None, int | None, str, int, int, str, str, str, str, str]


@dataclass(frozen=True)
class KnownNames:
    """Names of persons, as far as the reader sees them and nobody rejected them.

    Attributes
    ----------
    where : mapping
        Name -> documents that say it.
    words, keys : mapping
        Word, and name in its normalised form -> names.
    said : mapping
        Document -> names that it says.
    """

    where: defaultdict[str, set[str]] = dataclasses.field(default_factory=lambda: defaultdict(set))
    words: defaultdict[str, set[str]] = dataclasses.field(default_factory=lambda: defaultdict(set))
    keys: defaultdict[str, set[str]] = dataclasses.field(default_factory=lambda: defaultdict(set))
    said: dict[str, set[str]] = dataclasses.field(default_factory=dict)

    def renew(self, documents: Iterable[str], said: Iterable[tuple[str, str]]) -> None:
        """Take the names of some documents for those that they say now: pairs of name and document."""
        for document in documents:
            for name in self.said.pop(document, ()):
                self._forget(name, document)
        for name, document in said:
            self.said.setdefault(document, set()).add(name)
            self.where[name].add(document)
            self.keys[key := normalise_name(name)].add(name)
            for word in key.split():
                self.words[word].add(name)

    def _forget(self, name: str, document: str) -> None:
        self.where[name].discard(document)
        if self.where[name]:
            return
        del self.where[name]
        key = normalise_name(name)
        for index, entries in ((self.keys, [key]), (self.words, key.split())):
            for entry in entries:
                index[entry].discard(name)


def _list_alike_persons(
    context: CaseContext, message: Correspondence, document_id: str, voice: Translator
) -> Iterator[Row]:
    """Persons of the case whose names may be those of persons in the message, with the reason: suggestions, never facts."""
    found = [
        *_compare_listed_persons(context, message, document_id, voice),
        *_compare_text_names(context, message, document_id, voice),
    ]
    titles = context.documents.set_index("document_id")["title"].to_dict() if found else {}
    for written, place, documents, why in found:
        said = voice.count(
            "{n} document may mention this person", "{n} documents may mention this person", len(documents)
        )
        for document in documents:
            title = str(titles.get(document, ""))
            yield ("Person", written, written, *place, said, 0, 0, "", document, title, why, "suggested")


Alike = tuple[str, tuple[str, int | None, int | None], list[str], str]
"""A name, its place in the message (field, start, end), the documents that have one like it, and why it is like it."""


def _compare_listed_persons(
    context: CaseContext, message: Correspondence, document_id: str, voice: Translator
) -> Iterator[Alike]:
    for number, person in enumerate(message.persons):
        written = f"{person.forename} {person.family_name}".strip()
        for documents, why in _find_similar_names(context, person, document_id, voice):
            yield written, (f"persons[{number}]", None, None), documents, why


def _compare_text_names(
    context: CaseContext, message: Correspondence, document_id: str, voice: Translator
) -> Iterator[Alike]:
    """Names of two words or more that were read in the texts of a message, where another document has the same name."""
    known = load_person_names(context)
    listed = {normalise_name(f"{one.forename} {one.family_name}") for one in message.persons}
    for name in sorted(known.said.get(document_id, ())):
        key, place = normalise_name(name), _find_place(message, name)
        if " " not in key or key in listed or place is None:
            continue
        listed.add(key)
        documents = set().union(*(known.where[other] for other in known.keys[key])) - {document_id}
        if documents:
            yield name, place, sorted(documents), voice("the same name")


def _find_place(message: Correspondence, name: str) -> tuple[str, int, int] | None:
    """Where a text of a message first has a name: field, start, end."""
    found = ((field, text.find(name)) for field, text in list_texts(message))
    return next(((field, at, at + len(name)) for field, at in found if at >= 0), None)


def _find_similar_names(
    context: CaseContext, person: Person, document_id: str, voice: Translator
) -> Iterator[tuple[list[str], str]]:
    written, known = f"{person.forename} {person.family_name}".strip(), load_person_names(context)
    mine = {key for name in (written, *person.aliases) if (key := normalise_name(name))}
    if not mine or not written:
        return
    near = sorted({name for key in mine for word in key.split() for name in known.words.get(word, ())})
    reasons: dict[str, str] = {name: voice("the same name") for name in near if normalise_name(name) in mine}
    compared = [Name(name) for name in near if name not in reasons][:MOST]
    for one, other, why, _ in name_reasons([Name(written), *compared]):
        if written in (one.text, other.text):
            reasons.setdefault(
                other.text if one.text == written else one.text, translate_lines(why, "reason", voice.language)
            )
    for name, why in reasons.items():
        if documents := sorted(known.where.get(name, set()) - {document_id}):
            yield documents, why


def load_person_names(context: CaseContext) -> KnownNames:
    """Names of persons in the case: those of the documents to which something came are read again, all where something else changed."""
    return context.cache_by_version(NAMED, lambda: _collect_person_names(context))


def _collect_person_names(context: CaseContext) -> KnownNames:
    gate = context.ledger.gate
    touched = gate.list_changed_documents(context.ledger, NAMED) if isinstance(gate, AccessFilter) else None
    known = context.grown.get(NAMED)
    if touched is not None and known and known[0] is gate:
        made = cast("KnownNames", known[1])
        rows = visible_rows.filter_evidence(context, row_tables.list_evidence(context.ledger, sorted(touched)))
    else:
        made, rows = KnownNames(), context.evidence
    chosen = rows[(rows["schema"] == "Person") & rows["prop"].isin(NAMES) & (rows["verdict"] != "rejected")]
    pairs = chosen.loc[chosen["document_id"] != "", ["value", "document_id"]].drop_duplicates()
    made.renew(touched or (), pairs.itertuples(index=False, name=None))
    context.grown[NAMED] = (gate, made)
    return made


def list_values(found: Sequence[Link]) -> list[str]:
    """What the case knows of a message, for its priority."""
    return [link.named.value for link in found]
