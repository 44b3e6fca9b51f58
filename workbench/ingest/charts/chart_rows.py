"""From the items of a chart to rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.ingest.charts.chart_types import find_edge, find_meaning, get_end_properties
from workbench.ingest.charts.i2_chart import METHOD, VERSION, Chart, ChartItem
from workbench.ingest.places.feature_rows import is_moment
from workbench.ingest.reading.record_text import ANY, Entries, Entry, FaultCounts, Line, quote_value
from workbench.ingest.registers.register_record import find_known_id
from workbench.model import identifiers
from workbench.model.catalogue import Sentence
from workbench.model.ids import build_entity_id
from workbench.model.rows import Claim, Row

BASIS = "chart"
IDENTIFIERS: dict[str, str] = {
    "TelephoneNumber": "number", "BankAccount": "accountNumber", "Vehicle": "registrationNumber", "Handset": "imei",
    "Sim": "imsi", "CryptoWallet": "publicKey", "Passport": "number",
}  # fmt: skip
"""Property that the identity of an entity is, by its schema."""

OWN = re.compile(r"[a-z]+-[0-9a-f]{24}")
"""Identity of an entity that a workbench has written: its id there, which identifies nothing in the world."""

DATED = {"Event": "startDate", "Document": "date"}
EVENTS = frozenset({"Call", "Payment"})
STATUS = frozenset({"Ownership", "Directorship", "Employment", "Membership", "Attribution", "UnknownLink"})
ROLE = {"Family": "relationship", "Associate": "relationship", "Call": "summary", "Payment": "purpose"}
PAID = {"payer": "payerAccount", "beneficiary": "beneficiaryAccount"}
FIXES = {"unknown-word": "fix.say.types", "bad-row": "fix.look.chart_links"}


@dataclass(frozen=True, slots=True)
class Node:
    """An entity of the chart: its id and schema here."""

    id: str
    schema: str


def list_rows(chart: Chart, region: str | None) -> Iterator[Row]:
    """Rows of a chart. It is read twice: links may stand before what they join."""
    writing = _Writing(chart, region)
    for item in chart:
        writing.add_item(item)
    yield writing.entries.build_document(chart.source.name)
    for item in chart:
        yield from writing.list_item_rows(item)
    if chart.problem:
        writing.tally.add(
            "truncated", Sentence("fault.chart_breaks_off", error=chart.problem), f"after item {writing.entries.count}"
        )
    if writing.timed:
        writing.tally.add("zone-unknown", Sentence("fault.chart_zone"), "", "fix.say.chart_zone")
    yield from writing.entries.finish(writing.tally, "item")


NOWHERE: tuple[int, None] = (0, None)
"""What an id of no entity stands for."""


class _Writing:
    """Writes the items of one chart."""

    def __init__(self, chart: Chart, region: str | None) -> None:
        self.source, self.region = chart.source, region
        self.entries = Entries(chart.source, METHOD, VERSION, is_protected=True)
        self.tally = FaultCounts(dict(FIXES))
        self.nodes: dict[str, tuple[int, Node | None]] = {}
        self.first: dict[str, tuple[str, str]] = {}
        self.timed = False

    def add_item(self, item: ChartItem) -> None:
        """Take an entity of the first pass: its first id counts before the others. An id that entities share is nobody's."""
        if not item.keys:
            return
        self.first.setdefault(item.keys[0], _get_identity(item))
        node = self._build_node(item)
        for number, key in enumerate(item.keys):
            known_number, known = self.nodes.get(key, (len(item.keys), None))
            if number < known_number:
                self.nodes[key] = number, node
            elif number == known_number and known != node:
                self.nodes[key] = number, None

    def _build_node(self, item: ChartItem) -> Node:
        """The entity that an item stands for: items of one id that are called differently stand for different ones."""
        schema, identity = find_schema(item), _get_identity(item)
        values = {**_list_identity_properties(item, schema), **_split_attributes(item, schema)[0]}
        apart = () if self.first[item.keys[0]] == identity else identity
        made = build_entity_id(schema, self.source.sha256, item.keys[0], *apart)
        return Node(self._find_known_id(schema, values) or made, schema)

    def _find_known_id(self, schema: str, values: Mapping[str, str]) -> str:
        if schema == "TelephoneNumber" and values.get("number"):
            return identifiers.build_telephone_key(values["number"], self.region).entity_id
        return find_known_id(schema, values)

    def list_item_rows(self, item: ChartItem) -> Iterator[Row]:
        """Rows of one item."""
        entry = self.entries.add_entry(item.place, _list_lines(item), head=item.type or "Item")
        yield from entry.rows
        self.timed |= "T" in item.at
        if item.keys:
            yield from self._claim_entity(entry, item)
        elif item.ends:
            yield from self._link(entry, item)

    def _claim_entity(self, entry: Entry, item: ChartItem) -> Iterator[Claim]:
        node = self._build_node(item)
        if self.nodes[item.keys[0]][1] is None:
            self.tally.add("bad-row", Sentence("fault.chart_twins", id=quote_value(item.keys[0])), item.place)
        if node.schema == "Thing":
            self.tally.add("unknown-word", Sentence("fault.chart_type", name=quote_value(item.type)), item.place)
        said, rest = _split_attributes(item, node.schema)
        for prop, value in {**_list_identity_properties(item, node.schema), **said}.items():
            yield self._build_claim(entry, node, prop, value)
        if item.at and node.schema in DATED:
            yield entry.build_claim(node.schema, node.id, DATED[node.schema], item.at, label="date")
        elif item.at:
            rest = [("date", item.at), *rest]
        if item.description:
            yield entry.build_claim(node.schema, node.id, "description", item.description)
        for label, value in [*rest, *_list_assessments(item), *(("card", card.line) for card in item.cards)]:
            yield entry.build_claim(node.schema, node.id, "notes", f"{label}: {value}", value, label)

    def _build_claim(self, entry: Entry, node: Node, prop: str, written: str) -> Claim:
        """A property in the form of the vocabulary."""
        from workbench.model.schema import clean_value, load_vocabulary

        kind = load_vocabulary().schemata[node.schema].properties[prop].type.name
        value = clean_value(node.schema, prop, written) if kind in ("country", "gender") else written
        if prop == "number" and node.schema == "TelephoneNumber":
            value = identifiers.build_telephone_key(written, self.region).value
        if kind == "date" and not is_moment(value):
            self.tally.add("bad-date", Sentence("fault.no_date", text=quote_value(written)), "")
        return entry.build_claim(node.schema, node.id, prop, value, written, ANY)

    def _link(self, entry: Entry, item: ChartItem) -> Iterator[Claim]:
        left, right = (self.nodes.get(end, NOWHERE)[1] for end in item.ends)
        if left is None or right is None:
            shared = any(end in self.nodes for end, node in zip(item.ends, (left, right), strict=True) if node is None)
            fault = Sentence("fault.chart_link_twins") if shared else Sentence("fault.chart_link")
            self.tally.add("bad-row", fault, item.place)
            return
        meant = find_meaning("links", item.type) or find_meaning("links", item.label)
        schema, turned = find_edge(meant, left.schema, right.schema, item.arrow)
        source, target = (right, left) if turned else (left, right)
        if schema == "Attribution":
            link = identifiers.build_attribution_id(source.id, target.id, BASIS)
            yield from entry.link(schema, link, {"basis": BASIS})
        else:
            each = (self.source.sha256, item.place) if schema in EVENTS else (item.type, item.label)
            link = identifiers.build_link_id(schema, source.id, target.id, *each)
        for prop, node in zip(get_end_properties(schema), (source, target), strict=True):
            account = schema == "Payment" and node.schema in ("BankAccount", "CryptoWallet")
            yield from entry.link(schema, link, {prop: node.id, **({PAID[prop]: node.id} if account else {})})
        yield from self._claim_link_details(entry, item, schema, link)

    def _claim_link_details(self, entry: Entry, item: ChartItem, schema: str, link: str) -> Iterator[Claim]:
        """What is said of a link: its label as the role, its date, its strength and grades, the rest as description."""
        if role := item.label or item.type:
            yield entry.build_claim(schema, link, ROLE.get(schema, "role"), role, label="label" if item.label else "")
        if item.at:
            yield entry.build_claim(schema, link, "date", item.at)
        if item.strength and schema in STATUS:
            yield entry.build_claim(schema, link, "status", item.strength, label="strength")
        told = [
            (label, value) for label, value in _list_assessments(item) if label != "strength" or schema not in STATUS
        ]
        told += [*item.attributes, *(("card", card.line) for card in item.cards)]
        if item.description:
            yield entry.build_claim(schema, link, "description", item.description)
        for label, value in told:
            if value:
                yield entry.build_claim(schema, link, "description", f"{label}: {value}", value, label)


def _get_identity(item: ChartItem) -> tuple[str, str]:
    """What an item is called: entities of one id and one name are one."""
    return item.label, item.identity


def find_schema(item: ChartItem) -> str:
    """Schema of an entity by the name of its type; a text that stands on the chart is a note, what is not known a thing."""
    return "Note" if item.is_text else find_meaning("entities", item.type) or "Thing"


def _list_identity_properties(item: ChartItem, schema: str) -> dict[str, str]:
    """What the identity and label of an entity are in the vocabulary."""
    label = item.label or item.identity
    identity = item.identity if item.identity and not OWN.fullmatch(item.identity) else item.label
    if schema == "TelephoneNumber" and not identifiers.is_telephone(identity) and identifiers.is_telephone(label):
        identity = label
    if schema in IDENTIFIERS:
        named = (
            {} if _normalise_letters(label) == _normalise_letters(identity) or schema == "Passport" else {"name": label}
        )
        return {IDENTIFIERS[schema]: identity, **named} if identity else {}
    if schema == "Note":
        return {"description": label} if label else {}
    if schema == "UserAccount":
        mailed = identity.count("@") == 1 and not identity.startswith("@")
        return {"email" if mailed else "username": identity, **({} if label == identity else {"alias": label})}
    return {"full" if schema == "Address" else "name": label} if label else {}


def _normalise_letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _split_attributes(item: ChartItem, schema: str) -> tuple[dict[str, str], list[Line]]:
    """Attributes that are properties of the schema, and those that are none."""
    from workbench.model.schema import load_vocabulary

    known_props = load_vocabulary().schemata[schema].properties
    said: dict[str, str] = {}
    rest: list[Line] = []
    for name, value in item.attributes:
        prop = find_meaning("attributes", name)
        if value and prop in known_props and prop not in said:
            said[prop] = value
        elif value:
            rest.append((name or "attribute", value))
    other = item.identity and item.label and item.identity != item.label and not OWN.fullmatch(item.identity)
    if other and schema not in (*IDENTIFIERS, "UserAccount"):
        rest.append(("identity", item.identity))
    return said, rest


def _list_assessments(item: ChartItem) -> Iterator[Line]:
    """Strength, grades and source of an item, as written."""
    yield from ((label, value) for label, value in (("strength", item.strength), ("grades", " / ".join(item.grades)),
                                                    ("source", item.source)) if value)  # fmt: skip


def _list_lines(item: ChartItem) -> Iterator[Line]:
    yield "label", item.label
    yield "identity", item.identity if item.identity != item.label else ""
    yield "date", item.at
    yield "description", item.description
    yield from ((name or "attribute", value) for name, value in item.attributes)
    yield from _list_assessments(item)
    for card in item.cards:
        yield "card", card.line
