"""What the case knows of somebody or something, as fields of a message: only what its author and all its addressees may see.

A machine's suggestions fill nothing: an officer accepts them first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.case.access import claim_metadata, clearances, controller
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import NAMING, find_entity, find_named
from workbench.errors import CaseError
from workbench.graph import list_attributions
from workbench.ledger import Object
from workbench.ledger.access.access_filter import MINORS, SENSITIVE, AccessFilter, Reader
from workbench.messages.model.addressee import get_country
from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import Identity, Item, Person
from workbench.messages.traffic import field_labels
from workbench.model import source_grading
from workbench.model.catalogue import Sentence, get_term
from workbench.model.schema import NAMES
from workbench.model.table_schemas import iterate_rows
from workbench.model.text.normalise import normalise_name
from workbench.model.text.transliteration import transliterate_name

if TYPE_CHECKING:
    import pandas as pd

PERSON = {
    "date_of_birth": "birthDate", "place_of_birth": "birthPlace", "description": "appearance", "status": "status",
}  # fmt: skip
"""Field of a person -> property."""
SEXES = {"female": "F", "male": "M"}
THINGS = {
    "TelephoneNumber": ("phone", "number"), "Handset": ("handset", "imei"), "Sim": ("sim", "imsi"),
    "Vehicle": ("vehicle", "registrationNumber"), "BankAccount": ("account", "iban"), "CryptoWallet": ("wallet", "publicKey"),
    "UserAccount": ("email", "email"), "Company": ("company", "name"), "Organization": ("company", "name"),
}  # fmt: skip
"""Schema -> kind of a thing in a message, and the property that holds its number."""
OTHERWISE = {
    "BankAccount": ("account", "accountNumber"), "Vehicle": ("vehicle", "name"), "UserAccount": ("other", "username"),
}  # fmt: skip
"""The same where that property is not known."""
PAPERS = {"Passport": "passport", "Identification": "identity_card"}
NUMBERED = {"passportNumber": "passport", "idNumber": "identity_card"}
"""Property of a person that is the number of an identity document -> its kind."""
Source = tuple[str, str, str]
"""Field, value, id of the evidence."""


@dataclass(slots=True)
class PrefilledFields:
    """Entries of the lists of a message, and the evidence that each field comes from."""

    persons: list[Person] = field(default_factory=list)
    objects: list[Item] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    rests: set[str] = field(default_factory=set)
    withheld: int = 0


LISTED = frozenset({"aliases", "nationalities", "documents"})
"""Fields that take every value."""


def list_readers(context: CaseContext, bureaux: Iterable[str], *, judicial: bool, clearance: str = "") -> list[Reader]:
    """Who a message is for, by the codes of its bureaux."""
    return [
        clearances.build_addressee(context, bureau, clearance=clearance, nation=get_country(bureau), judicial=judicial)
        for bureau in bureaux
    ]


def fill_fields(context: CaseContext, about: Sequence[str], addressees: Sequence[Reader]) -> PrefilledFields:
    """Fields about some persons and things, each of them once.

    Raises
    ------
    CaseError
        If nothing of one of them is for all addressees, or it is hidden until it is revealed; it is logged.
    """
    names = {_resolve_name(context, name): name for name in about}
    made = PrefilledFields()
    with open_restricted(context, addressees) as seen:
        for key, name in names.items():
            if not (visible := _list_visible_ids(context, seen, key)):
                why = Sentence(
                    "The message was not filled in. There is no data about '{name}' that all of these addressees may "
                    "receive. To see the reasons, use `case.handling.withheld(to=…)`.",
                    name=name,
                )
                raise context.ledger.refuse("disclosure", Object("draft"), why)
            _Filling(seen, visible, made).add_entity()
        gate = seen.ledger.gate
        made.withheld = sum(gate.count_withheld(seen.ledger, 1).values()) if isinstance(gate, AccessFilter) else 0
    return made


def _resolve_name(context: CaseContext, name: str) -> str:
    """What a name means; of what is hidden until it is revealed no more than that, and how to reveal it."""
    try:
        return find_entity(context, name)
    except CaseError:
        if find_named(context, name).empty and (category := _find_hidden_category(context, name)):
            call = f"case.handling.reveal({category!r}, because='…')"
            why = Sentence(
                "'{name}' is the name of an item that is hidden until you reveal it. Reveal it first and give a "
                "reason: `{call}`.",
                name=name,
                call=call,
            )
            raise context.ledger.refuse("consultation", Object("draft"), why) from None
        raise


def _find_hidden_category(context: CaseContext, name: str) -> str:
    """The category under which something of that name is hidden from who works until it is revealed, '' if nothing is."""
    for category in (MINORS, SENSITIVE):
        with clearances.view_revealed(context, category) as seen:
            if name in seen.canonical_entities.index or not find_named(seen, name).empty:
                return category
    return ""


@contextmanager
def open_restricted(context: CaseContext, others: Sequence[Reader]) -> Iterator[CaseContext]:
    """The case as who works and all of some others may see it."""
    with clearances.view_as_reader(context, others[0] if others else clearances.build_reader(context)) as seen:
        everybody = (
            clearances.build_reader(context),
            *(clearances.build_product_reader(context, one) for one in others),
        )
        seen.ledger.gate = AccessFilter(everybody, controller.get_scheme(context), context.settings.years)
        yield seen


def _list_visible_ids(context: CaseContext, seen: CaseContext, key: str) -> list[str]:
    """By which ids a narrower reader sees a thing: a judgement that joins two may be withheld with one of them."""
    members = {key, *(entity for entity, name in context.canonical.items() if name == key)}
    found = {seen.canonical.get(entity, entity) for entity in members}
    rows = seen.evidence[seen.evidence["canonical_id"].isin(found) & seen.evidence["prop"].isin(NAMING)]
    return sorted(found & set(rows["canonical_id"]))


def _select_evidence(context: CaseContext, keys: frozenset[str]) -> pd.DataFrame:
    """Evidence that counts, of some things, of what points to them (attributions, papers), and of what these hold."""
    rows = context.evidence
    rows = rows[((rows["kind"] != "suggested") & (rows["verdict"] != "rejected")) | (rows["verdict"] == "accepted")]
    ids = keys.union(entity for entity, key in context.canonical.items() if key in keys)
    pointing = rows["entity_id"].isin(set(rows.loc[rows["value"].isin(ids), "entity_id"]))
    held = {context.canonical.get(value, value) for value in rows.loc[pointing & (rows["prop"] == "held"), "value"]}
    return rows[pointing | rows["canonical_id"].isin(keys | held)]


class _Filling:
    """One person or thing."""

    def __init__(self, context: CaseContext, keys: Sequence[str], into: PrefilledFields) -> None:
        self.context, self.key, self.keys, self.into = context, keys[0], frozenset(keys), into
        rows = claim_metadata.add_claim_metadata(context, _select_evidence(context, self.keys))
        self.all = rows.sort_values("kind", key=lambda kinds: kinds.map(claim_metadata.STRENGTH), kind="stable")
        self.rows = self.all[self.all["canonical_id"].isin(self.keys)]
        self.place = ""

    def add_entity(self) -> None:
        """Add it to the lists."""
        if self.rows.empty:
            raise CaseError(
                Sentence(
                    "{name} was not added to the message. A program suggested it, and no officer has accepted it. "
                    "Accept the suggestion first: `case.review.accept('{id}')`.",
                    name=self.context.display_name(self.key),
                    id=self.key,
                )
            )
        schema = str(self.context.canonical_entities.at[self.key, "schema"])
        if schema == "Person":
            self.place = f"persons[{len(self.into.persons)}]"
            self.into.persons.append(self._build_person())
        elif schema in THINGS:
            self._add_object(self.key)
        else:
            name, kind = self.context.display_name(self.key), get_term("schema", schema)
            raise CaseError(
                Sentence(
                    "This item was not added to the message. A message can list only persons and objects, but the "
                    "type of {name} is {kind}.",
                    name=name,
                    kind=kind,
                )
            )
        for held in self._list_held_entities():
            if str(self.context.canonical_entities.at[held, "schema"]) in THINGS and held != self.key:
                self._add_object(held)

    def _build_person(self) -> Person:
        family, forename = self._name()
        fields: dict[str, Any] = {
            name: next(iter(self._list_values(self.rows, name, prop)), "") for name, prop in PERSON.items()
        }
        gender = self.rows[self.rows["prop"] == "gender"].head(1)
        fields["sex"] = SEXES.get(next(iter(gender["value"]), ""), "")
        self._note("sex", gender, fields["sex"])
        scale, source, information = self._grade(self.rows)
        original = self._find_original_name()
        return Person(
            **fields, family_name=family, forename=forename, aliases=self._list_aliases(f"{forename} {family}", original), scale=scale,
            name_in_original_script=original,
            nationalities=tuple(code.upper() for code in self._list_values(self.rows, "nationalities", "nationality")),
            documents=tuple(self._list_identity_documents()), phones=tuple(dict.fromkeys(self._list_telephones())), source_grade=source,
            information_grade=information,
        )  # fmt: skip

    def _name(self) -> tuple[str, str]:
        """Family name in capitals, and forename, in Latin letters."""
        family, forename = (self.rows[self.rows["prop"] == prop].head(1) for prop in ("lastName", "firstName"))
        if len(family) and len(forename):
            found = str(family["value"].iloc[0]).upper(), str(forename["value"].iloc[0])
        else:
            name = self.context.get_caption(self.key)
            family = forename = self.rows[self.rows["value"] == name].head(1)
            found = _split_name(transliterate_name(name) or name)
        self._note("family_name", family, found[0])
        self._note("forename", forename, found[1])
        return found

    def _find_original_name(self) -> str:
        """The first name that is not in Latin letters."""
        names = self.rows[self.rows["prop"].isin(NAMES)]
        found = names.loc[[bool(transliterate_name(value)) for value in names["value"]]].head(1)
        self._note("name_in_original_script", found)
        return next(iter(found["value"]), "")

    def _list_aliases(self, *own: str) -> tuple[str, ...]:
        """Names beside those that are given already."""
        known, found = {_normalise_name(name) for name in own}, []
        for name in (one for prop in NAMES for one in self._list_values(self.rows, "aliases", prop, known)):
            known.add(_normalise_name(name))
            found.append(name)
        return tuple(found)

    def _list_values(self, rows: pd.DataFrame, name: str, prop: str, but: Iterable[str] = ()) -> list[str]:
        """Values of a property, each noted as a source of the field."""
        chosen = rows[rows["prop"] == prop].drop_duplicates("value")
        chosen = chosen.loc[[_normalise_name(value) not in but for value in chosen["value"]]]
        self._note(name, chosen if name in LISTED else chosen.head(1))
        return [str(value) for value in chosen["value"]]

    def _note(self, name: str, rows: pd.DataFrame, value: str = "") -> None:
        for row in iterate_rows(rows):
            self.into.sources.append((f"{self.place}.{name}", value or str(row.value), str(row.evidence_id)))
            self.into.rests.update(filter(None, (row.passage_id or row.document_id or row.statement_id,)))

    def _list_identity_documents(self) -> Iterator[Identity]:
        """Identity documents, those first that are things of the case."""
        found = list(self._list_held_documents())
        yield from found
        for prop, kind in NUMBERED.items():
            for number in self._list_values(
                self.rows, "documents", prop, {_normalise_name(one.number) for one in found}
            ):
                yield Identity(kind=kind, number=number)

    def _list_held_documents(self) -> Iterator[Identity]:
        holders = self.all[self.all["schema"].isin(PAPERS) & (self.all["prop"] == "holder")]
        mine = holders.loc[[self.context.canonical.get(value, value) in self.keys for value in holders["value"]]]
        for key in dict.fromkeys(mine["entity_id"]):
            rows = self.all[self.all["entity_id"] == key]
            if numbers := self._list_values(rows, "documents", "number"):
                said = next(iter(rows.loc[rows["prop"] == "type", "value"]), PAPERS[str(rows["schema"].iloc[0])])
                state = next(iter(rows.loc[rows["prop"] == "country", "value"]), "")
                yield Identity(kind=_find_document_code(said), number=numbers[0], country=state.upper())

    def _list_held_entities(self) -> list[str]:
        held = list_attributions(self.all, self.context.canonical)
        return [
            str(key)
            for key in dict.fromkeys(held.loc[held["holder"].isin(self.keys), "held"])
            if key in self.context.canonical_entities.index
        ]

    def _list_telephones(self) -> Iterator[str]:
        for held in self._list_held_entities():
            if str(self.context.canonical_entities.at[held, "schema"]) == "TelephoneNumber":
                yield from self._list_values(self.all[self.all["canonical_id"] == held], "phones", "number")[:1]
        yield from self._list_values(self.rows, "phones", "phone")[:1]

    def _add_object(self, key: str) -> None:
        schema = str(self.context.canonical_entities.at[key, "schema"])
        if schema == "TelephoneNumber" and key != self.key:
            return
        kind, prop = THINGS[schema]
        rows = self.all[self.all["canonical_id"] == key]
        self.place = f"objects[{len(self.into.objects)}]"
        number = self._list_values(rows, "number", prop)
        if not number and schema in OTHERWISE:
            kind, prop = OTHERWISE[schema]
            number = self._list_values(rows, "number", prop)
        if number and (kind, number[0]) not in {(one.kind, one.number) for one in self.into.objects}:
            scale, source, information = self._grade(rows)
            self.into.objects.append(
                Item(kind=kind, number=number[0], scale=scale, source_grade=source, information_grade=information)
            )

    @staticmethod
    def _grade(rows: pd.DataFrame) -> tuple[str, str, str]:
        """The lowest grade that holds of what is stated, where all grades are on one scale."""
        grades = [
            source_grading.parse_grade(text) for text in dict.fromkeys(rows["grade"]) if source_grading.is_grade(text)
        ]
        if len({one.scale for one in grades}) != 1:
            return "", "", ""
        scale = grades[0].scale
        source = max((one.source for one in grades), key=list(source_grading.SOURCE[scale]).index)
        information = max((one.information for one in grades), key=list(source_grading.INFORMATION[scale]).index)
        return scale, source, information


def _find_document_code(said: str) -> str:
    """Code of a kind of identity document that a source names."""
    kind = field_labels.find_code("kind", said)
    return kind if kind in get_codes("document_kinds") else "other"


def _split_name(name: str) -> tuple[str, str]:
    """Family name and forename: what stands in capitals, else the last word, is the family name."""
    words = name.split()
    capital = [word for word in words if word.isupper() and len(word) > 1]
    last = capital if 0 < len(capital) < len(words) else words[-1:]
    return " ".join(last).upper(), " ".join(word for word in words if word not in last)


def _normalise_name(name: str) -> str:
    """Words of a name, in whatever order and case they are written."""
    return " ".join(sorted(normalise_name(name).split()))
