"""Rows of a case as they stand in its pseudonymised copy: texts, values, ids, each by what it is."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workbench.case.privacy.erasure_scope import is_short_code
from workbench.case.privacy.pseudonyms.replacement_vocabulary import Vocabulary, get_value_kind, replace_day
from workbench.extract.identifiers.patterns import PLATE
from workbench.extract.names.lexicon import CHAT, list_ordinary_words
from workbench.ledger.erasure.text_redaction import rewrite_json
from workbench.ledger.records.package_tables import Row
from workbench.ledger.transfer.row_copy import Ids
from workbench.model import identifiers
from workbench.model.handling_marks import FORMS
from workbench.model.ids import build_entity_id, compute_digest
from workbench.model.pseudonyms.name_matching import WORD, Replacement, mark_places
from workbench.model.pseudonyms.text_rewriter import NAME, Disguise, FixedSpan, shift_covering_span
from workbench.model.pseudonyms.tokens import compact_text
from workbench.model.text.normalise import clean_text, normalise_name

HOW: dict[str, dict[str, str]] = {
    "source_facts": {"source": "id", "name": "code", "value": "text", "officer": "officer", "at": "code"},
    "runs": {
        "id": "id", "kind": "code", "state": "code", "source": "id", "method": "code", "version": "code", "parameters": "json",
        "counts": "json", "officer": "officer", "at": "code",
    },
    "arrivals": {
        "source": "id", "outer_source": "id", "name": "text", "document_id": "id", "run_id": "id", "at": "code",
    },
    "documents": {"id": "id", "schema": "code", "title": "text", "at": "moment", "service": "text"},
    "traces": {
        "id": "id", "run_id": "id", "document_id": "id", "source": "id", "trace": "text", "place": "text", "device": "text",
        "custodian": "name", "conversation": "text",
    },
    "readings": {"passage_id": "id", "method": "code", "version": "code"},
    "judgements": {
        "id": "code", "left_id": "id", "right_id": "id", "judgement": "code", "officer": "officer", "because": "text", "at": "code",
    },
    "decisions": {
        "id": "code", "target_kind": "code", "target_id": "id", "verdict": "code", "replacement": "id", "officer": "officer",
        "because": "text", "at": "code",
    },
    "notes": {
        "id": "id", "kind": "code", "text": "text", "passages": "ids", "detail": "json", "officer": "officer", "at": "code",
    },
    "terms": {
        "id": "id", "target_kind": "code", "target_id": "id", "facet": "code", "value": "terms", "officer": "officer",
        "because": "text", "at": "code",
    },
    "issues": {
        "id": "id", "run_id": "id", "source": "id", "code": "code", "severity": "code", "message": "text", "fix": "text",
        "document_id": "id", "place": "text",
    },
}  # fmt: skip
"""Table -> column of texts -> how it is changed. 'code': only words and numbers of the workbench stand there; it stays."""
OWN: dict[str, dict[str, str]] = {
    "sources": {"sha256": "id", "name": "text", "received_at": "code", "officer": "officer"},
    "passages": {"id": "id", "document_id": "id", "text": "text"},
    "statements": {"id": "id", "entity_id": "id", "schema": "code", "prop": "code", "value": "text"},
    "evidence": {
        "id": "id", "statement_id": "id", "run_id": "id", "document_id": "id", "passage_id": "id", "trace_id": "id", "method": "code",
        "version": "code", "kind": "code", "original_value": "text", "officer": "officer", "because": "text", "at": "code",
    },
    "row_files": {"run_id": "id", "path": "id", "kind": "code", "source": "id", "sha256": "id"},
}  # fmt: skip
"""The same of the tables that methods of their own change. The two name every column of texts of every table that is copied."""
NOT_COPIED = frozenset({"messages"})
"""Tables of packages of which no row is in a copy."""
READ = frozenset({"text", "name", "json", "terms"})
"""Ways to change a column whose words and numbers are looked for everywhere else as well."""
CODED = frozenset({*FORMS, "level", "special", "clearance", "role", "revealed", "country"})
"""Facets of terms whose values are codes; those of all others are texts of officers."""
SUMMED = {
    "telephone": ("a", "b", "target", "forwarded_to", "a_raw", "b_raw", "smsc"), "imei": ("imei", "imei_raw"),
    "imsi": ("imsi",), "cell": ("first_cell", "last_cell", "cell", "cell_raw"), "ip": ("ip",),
    "shape": ("payer_account", "beneficiary_account", "reference", "record", "request", "switch"),
    NAME: ("payer", "beneficiary", "address", "cell_name", "name"),
    "text": ("purpose", "operator", "roaming", "technology", "currency", "method", "port"),
    "moment": ("date", "at", "start_raw", "duration_raw", "valid_from", "valid_to"), "id": ("document_id", "holder"),
}  # fmt: skip
"""What the texts of columns of mass rows are -> the columns."""
CODES = frozenset({"event", "direction", "b_kind", "zone", "zone_basis", "imei_check", "dq", "rule"})
"""Columns of mass rows in which only codes of the workbench stand, and names of time zones: they stay."""
COLUMNS = {column: kind for kind, columns in SUMMED.items() for column in columns}
"""Column of mass rows -> what its texts are. Every column of texts is here or in CODES."""
CODE = re.compile(r"[^\W\d_].*\d|\d.*[^\W\d_]")
"""Letters and figures together, as on the plate of a car."""
MACHINE_LINE = re.compile(r"(?<![\w<])(?=[A-Z0-9]{1,44}<)[A-Z0-9<]{14,90}(?![\w<])")
"""A line of a passport or a card that machines read: capitals, figures and '<'."""
BETWEEN = r"[\s.\-·/]?"
"""What may stand between two signs of a short number."""
MOMENT = re.compile(r"[\d\s.:,/+\-TZ]*")
"""Figures and signs of a time or a duration."""
LONGEST_MOMENT = 36


def list_texts(how: str, cell: str) -> list[str]:
    """The texts of a cell that are changed, by how its column is."""
    found: list[str] = []

    def collect_text(text: str) -> str:
        found.append(text)
        return text

    rewrite_json(cell, collect_text) if how in ("json", "terms") else collect_text(cell)
    return found


@dataclass
class Recast:
    """Changes rows.

    Attributes
    ----------
    spans : mapping
        Passage -> what is known to stand where in it.
    placed : dict
        Passage -> places of its text that were replaced.
    stayed : Counter
        Words with a capital, and codes of letters and figures, that were not replaced.
    excluded : mapping
        Names of files that name what is excluded -> what stands for them.
    """

    disguise: Disguise
    vocabulary: Vocabulary
    ids: Ids
    entities: frozenset[str]
    spans: Mapping[str, Sequence[FixedSpan]] = field(default_factory=dict)
    placed: dict[str, list[Replacement]] = field(default_factory=dict)
    stayed: Counter[str] = field(default_factory=Counter)
    seen_in: dict[str, str] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)

    def rewrite_file_name(self, text: str) -> str:
        """The name of a file, or a text of the workbench that may hold it, without names of excluded files."""
        for name in sorted((one for one in self.excluded if one in text), key=len, reverse=True):
            text = self.excluded[name].join(re.split(rf"(?<!\w){re.escape(name)}(?!\w)", text))
        return self.disguise.rewrite_text(text)

    def rewrite_row(self, table: str, row: Row) -> Row:
        """A row of one of the tables of HOW."""
        how = HOW[table]
        made = {name: self._rewrite_cell(how.get(name, ""), row, name) for name in row}
        if table == "judgements":  # the ids of a pair stand in order
            made["left_id"], made["right_id"] = sorted((str(made["left_id"]), str(made["right_id"])))
        return made

    def _rewrite_cell(self, how: str, row: Row, name: str) -> str | int | float:
        text = row[name]
        if how in ("", "code") or not isinstance(text, str) or not text:
            return text
        works: dict[str, Callable[[str], str]] = {
            "id": self.ids.map_id, "text": self.rewrite_file_name, "name": self.name,
            "officer": self.replace_officer, "moment": self.replace_moment,
            "json": lambda value: rewrite_json(value, self.rewrite_file_name),
            "ids": lambda value: json.dumps([self.ids.map_id(key) for key in json.loads(value)]),
            "terms": lambda value: value if row["facet"] in CODED else rewrite_json(value, self.disguise.rewrite_text),
        }  # fmt: skip
        return works[how](text)

    def rewrite_passage(self, row: Row) -> Row:
        """A passage; where its text was changed is remembered for the evidence in it."""
        key, text = str(row["id"]), str(row["text"])
        made, places = self.disguise.replace_text(text, self.spans.get(key, ()))
        if places and key in self.spans:
            self.placed[key] = places
        new = self.ids.map_id(key)
        self._count_remaining(text, made, places, new)
        return {**row, "id": new, "document_id": self.ids.map_id(str(row["document_id"])), "text": made}

    @cached_property
    def _brief(self) -> frozenset[str]:
        """The short names of the case, in small letters; all are known before the first row."""
        return frozenset(self.vocabulary.brief.values())

    @cached_property
    def _short_number(self) -> re.Pattern[str] | None:
        """The short numbers of the case: with letters and figures in every way of writing, others exactly as they are written."""
        loose = {
            rf"(?i:{BETWEEN.join(map(re.escape, compact_text(one)))})"
            for one in self.vocabulary.short_numbers
            if is_short_code(one)
        }
        exact = {re.escape(one) for one in self.vocabulary.short_numbers if not is_short_code(one)}
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(loose | exact))})(?![^\W_])") if loose | exact else None

    def _count_remaining(self, text: str, made: str, places: Iterable[Replacement], passage: str) -> None:
        """Count what stayed of a text: lines of passports for machines, codes, short numbers, words; `made`: the text in the copy."""
        taken = mark_places(bytearray(len(text)), places)
        for line in MACHINE_LINE.findall(made):
            self._count_word(line, passage)
        mark_places(taken, (Replacement(*line.span(), "") for line in MACHINE_LINE.finditer(text)))
        found = [match for match in PLATE.finditer(text) if CODE.search(match[0])]
        found += self._short_number.finditer(text) if self._short_number else ()
        for code in found:
            if not any(taken[slice(*code.span())]):
                mark_places(taken, [Replacement(*code.span(), code[0])])
                self._count_word(code[0], passage)
        for match in WORD.finditer(text):
            word = match[0]
            telling = len(word) > 2 or word.casefold() in self._brief
            if telling and word[0].isupper() and not word[0].isdigit() and not taken[match.start()]:
                self._count_word(word, passage)

    def _count_word(self, word: str, passage: str) -> None:
        self.stayed[word] += 1
        self.seen_in.setdefault(word, passage)

    def rewrite_statement(self, row: Row) -> Row:
        """A statement; its name follows from what it says."""
        schema, prop = str(row["schema"]), str(row["prop"])
        entity, value = self.ids.map_id(str(row["entity_id"])), self.replace_value(schema, prop, str(row["value"]))
        key = compute_digest("statement", entity, schema, prop, value)
        self.ids.known[str(row["id"])] = key
        return {**row, "id": key, "entity_id": entity, "value": value}

    def rewrite_evidence(self, row: Row, said: tuple[str, str, str]) -> Row:
        """A piece of evidence; `said`: schema, property, value of its statement."""
        start, stop = int(row["start"]), int(row["stop"])
        if start >= 0 and (places := self.placed.get(str(row["passage_id"]))):
            start, stop = shift_covering_span(start, stop, places)
        made: Row = {
            name: self.ids.map_id(str(row[name]))
            for name in ("id", "statement_id", "run_id", "document_id", "passage_id", "trace_id")
        }
        written = str(row["original_value"])
        made["original_value"] = self.replace_form(*said, written) if written else ""
        made["officer"], made["because"] = (
            self.replace_officer(str(row["officer"])),
            self.disguise.rewrite_text(str(row["because"])),
        )
        return {**row, **made, "start": start, "stop": stop}

    # Values -------------------------------------------------------------------------------------------------------------

    def name(self, text: str) -> str:
        """A name; with numbers that are known."""
        return self.disguise.rewrite_text(text, (FixedSpan(0, len(text), NAME),))

    def replace_officer(self, name: str) -> str:
        """What stands for an officer."""
        return self.vocabulary.tokens.pick("officer", name, lambda attempt: f"Officer {attempt + 1}") if name else ""

    def replace_value(self, schema: str, prop: str, value: str) -> str:
        """The value of a statement."""
        if value in self.entities or prop == "contentHash":
            return self.ids.map_id(value)
        made = self.replace_form(schema, prop, value, value)
        if get_value_kind(schema, prop, value) == NAME and made != value:
            self.vocabulary.tokens.given.setdefault("value", {})[value] = made
        return made

    def replace_form(self, schema: str, prop: str, value: str, text: str) -> str:
        """What stands for a value in one of the ways in which it is written."""
        kind = get_value_kind(schema, prop, value)
        if kind == NAME:
            return self.name(text)
        if kind == "day":
            made = replace_day(self.vocabulary.tokens, text)
            return made if made != text else self.disguise.rewrite_text(text)
        if kind in ("latitude", "longitude"):
            return self.vocabulary.tokens.move_degrees(text, int(kind == "longitude"))
        if kind == "text":
            return self.disguise.rewrite_text(text)
        return self.number(kind, value, text)

    def number(self, kind: str, value: str, text: str) -> str:
        """What stands for a number in one of the ways in which it is written."""
        return self.disguise.format_number(kind, self.vocabulary.normalise_value(kind, value), text)

    def free_text(self, text: str) -> str:
        """A text that was not read before, with the numbers that are found in it."""
        return self.disguise.rewrite_text(text, self.vocabulary.identify(text))

    def replace_moment(self, text: str) -> str:
        """A time or a duration as a source has it: where it is none, a text."""
        return text if len(text) < LONGEST_MOMENT and MOMENT.fullmatch(text) else self.free_text(text)

    def replace_mass_text(self, column: str, text: str) -> str:  # noqa: PLR0911 - one line per kind
        """A text of a column of mass rows."""
        kind = COLUMNS.get(column, "")
        if kind == "id":
            return self.ids.map_id(text)
        if kind == NAME:
            return self.name(text)
        if kind == "text":
            return self.free_text(text)
        if kind == "moment":
            return self.replace_moment(text)
        if kind == "telephone":
            return self.replace_form("TelephoneNumber", "number", identifiers.build_telephone_key(text).value, text)
        if kind == "shape" and column.endswith("account"):
            return self.replace_form("BankAccount", "accountNumber", text, text)
        return self.number(kind, text, text) if kind and len(compact_text(text)) > 2 else text

    def list_remaining(self, lower: Iterable[str]) -> list[tuple[str, int, str]]:
        """Words with a capital that stayed, most frequent first: word, how often, a passage of the copy in which it stands."""
        common = {*lower, *CHAT}
        found = [
            (word, number, self.seen_in[word]) for word, number in self.stayed.items()
            if word.casefold() in self._brief or ((form := normalise_name(word)) not in common and form not in list_ordinary_words())
        ]  # fmt: skip
        return sorted(found, key=lambda row: (-row[1], row[0]))


# Entities that are named by what identifies them ------------------------------------------------------------------------

KEYED: dict[str, tuple[tuple[str, ...], ...]] = {
    "TelephoneNumber": ((),), "UserAccount": ((),), "BankAccount": ((),), "Vehicle": ((), ("vin",)), "Handset": ((),),
    "Sim": ((), ("iccid",)), "CryptoWallet": ((),),
}  # fmt: skip
"""Schema -> what may stand before the identifier in the id."""
LARGEST = 3_000_000
"""Pairs of name and scope that are tried at most."""


def rename_entities(
    recast: Recast, facts: Sequence[tuple[str, str, str, str]], sources: Mapping[str, str]
) -> dict[str, str]:
    """Ids of entities that are hashes of an identifier or a name, made of the token: mass rows are linked to them by it.

    facts : (entity, schema, property, value)
    sources : SHA-256 of a source -> of its file in the copy
    """
    made: dict[str, str] = {}
    accounts = {
        value for _, schema, prop, value in facts if schema == "BankAccount" and prop in ("iban", "accountNumber")
    }
    scopes = {
        account: recast.replace_form("BankAccount", "accountNumber", account, account) for account in sorted(accounts)
    } | dict(sources)
    parties = sum(schema == "LegalEntity" and prop == "name" for _, schema, prop, _ in facts)
    for entity, schema, prop, value in facts:
        for before in KEYED.get(schema, ()):
            if entity == build_entity_id(schema, *before, value):
                made[entity] = build_entity_id(schema, *before, recast.replace_value(schema, prop, value))
        if schema == "LegalEntity" and prop == "name" and parties * len(scopes) <= LARGEST:
            scope = next((one for one in scopes if entity == build_entity_id(schema, _normalise_name(value), one)), "")
            if scope:
                made[entity] = build_entity_id(
                    schema, _normalise_name(recast.replace_value(schema, prop, value)), scopes[scope]
                )
    return made


def _normalise_name(name: str) -> str:
    return normalise_name(name) or clean_text(name)


def map_payment_ids(recast: Recast, entities: Iterable[str], documents: Iterable[str]) -> dict[str, str]:
    """Ids of payments that are hashes of their statement's id and their number in it."""
    left = {entity for entity in entities if entity.startswith("payment-")}
    made: dict[str, str] = {}
    for document in documents if left else ():
        number, missed = 0, 0
        while left and missed < 100:
            number += 1
            old = build_entity_id("Payment", document, str(number))
            missed = missed + 1 if old not in left else 0
            if old in left:
                left.discard(old)
                made[old] = build_entity_id("Payment", recast.ids.map_id(document), str(number))
    return made
