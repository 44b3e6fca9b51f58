"""What a ledger holds of a thing, withdrawn and set aside rows too: its values, what is its alone, where it is spoken of."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterator
from typing import NamedTuple

from workbench.ledger.erasure.erasure_closure import list_dependants, list_rows
from workbench.ledger.ledger import Ledger
from workbench.model.pseudonyms.name_matching import Phrases
from workbench.model.schema import list_owner_properties
from workbench.model.text.normalise import normalise_name

LINKS = (("Attribution", "holder", "held"), ("Ownership", "owner", "asset"))
"""Links by which somebody has a thing: schema, the property that names who, the one that names the thing."""
OWN = (
    "UserAccount", "TelephoneNumber", "Handset", "Sim", "BankAccount", "CryptoWallet", "Passport", "Identification", "Vehicle",
    "Address",
)  # fmt: skip
"""Schemata of things that say who somebody is."""

ROW_ID = re.compile(r"^id: (.+)$", re.MULTILINE)
"""Line in which a row of a register tells its id."""
REGISTERS = "(SELECT id FROM runs WHERE method IN ('ftm-entities', 'ftm-statements'))"
"""Runs that have read a register."""


class Fact(NamedTuple):
    """A value that is stated, and how it is written."""

    entity: str
    schema: str
    prop: str
    value: str
    written: str


def list_facts(ledger: Ledger, entities: Collection[str]) -> list[Fact]:
    """Everything that is stated of entities."""
    query = """SELECT DISTINCT s.entity_id, s.schema, s.prop, s.value, e.original_value FROM statements AS s
        JOIN evidence AS e ON e.statement_id = s.id WHERE s.entity_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2, 3, 4, 5"""
    return [Fact(*row) for row in ledger.connection.execute(query, (_encode_ids(entities),)).fetchall()]


def find_belongings(ledger: Ledger, entities: Collection[str]) -> frozenset[str]:
    """Things that are recorded as used, held or owned by these entities and by nobody else; addresses that only they have.

    What is held by such a thing alone (the SIM card by which a number was used) is among them.
    """
    known, sql = frozenset(entities), ledger.connection
    having: dict[str, set[str]] = {}
    for thing, owner in (*_list_holders(sql), *_list_addresses(sql)):
        having.setdefault(thing, set()).add(owner)
    mine: set[str] = set()
    while (more := {thing for thing, whose in having.items() if whose <= known | mine}) != mine:
        mine = more
    return _select_own_things(sql, mine) - known


def find_holdings(ledger: Ledger, entities: Collection[str]) -> frozenset[str]:
    """Things that are recorded as used, held or owned by these entities, also where others use them or go by them too."""
    known, sql = frozenset(entities), ledger.connection
    return _select_own_things(sql, {thing for thing, owner in _list_holders(sql) if owner in known}) - known


def find_namesakes(
    ledger: Ledger, entities: Collection[str], things: Collection[str], props: Collection[str]
) -> frozenset[str]:
    """Others that are recorded to use one of these things under a name of these entities: the same, as far as sources say."""
    sql = ledger.connection
    users = {owner for thing, owner in _list_holders(sql) if thing in things}
    mine = {normalise_name(fact.value) for fact in list_facts(ledger, entities) if fact.prop in props}
    found = {one.entity for one in list_facts(ledger, users) if one.prop in props and normalise_name(one.value) in mine}
    return frozenset(found - set(entities))


def _select_own_things(sql: sqlite3.Connection, things: Collection[str]) -> frozenset[str]:
    """Those of some things that say who somebody is."""
    schemata = ", ".join(
        f"'{schema}'" for schema in sorted({*OWN, *(schema for schema, _ in list_owner_properties(OWN))})
    )
    query = f"SELECT DISTINCT entity_id FROM statements WHERE schema IN ({schemata}) AND entity_id IN (SELECT value FROM json_each(?))"
    return frozenset(str(key) for (key,) in sql.execute(query, (_encode_ids(things),)).fetchall())


def _list_holders(sql: sqlite3.Connection) -> list[tuple[str, str]]:
    """Things and whose they are, by links and by what is said of the things themselves."""
    roles = (*LINKS, *((schema, prop, "") for schema, prop in list_owner_properties(OWN)))
    return [pair for schema, whose, what in roles for pair in _list_pairs(sql, schema, whose, what)]


def _list_pairs(sql: sqlite3.Connection, schema: str, whose: str, what: str) -> list[tuple[str, str]]:
    """Things and whose they are: as sources and officers say, not as a machine suggests."""
    thing = "h.value" if what else "o.entity_id"
    join = "JOIN statements AS h ON h.entity_id = o.entity_id AND h.prop = ?" if what else ""
    query = f"""SELECT DISTINCT {thing}, o.value FROM statements AS o {join} WHERE o.schema = ? AND o.prop = ?
        AND EXISTS (SELECT 1 FROM evidence AS e WHERE e.statement_id = o.id AND e.kind != 'suggested')"""
    return [(str(a), str(b)) for a, b in sql.execute(query, (*([what] if what else []), schema, whose)).fetchall()]


def _list_addresses(sql: sqlite3.Connection) -> list[tuple[str, str]]:
    query = """SELECT DISTINCT a.entity_id, s.entity_id FROM statements AS a JOIN statements AS s ON s.value = a.entity_id
        WHERE a.schema = 'Address'"""
    return [(str(a), str(b)) for a, b in sql.execute(query).fetchall()]


def find_own_rows(ledger: Ledger, entities: Collection[str]) -> list[str]:
    """Rows of tables (their passages) that are about nothing but these entities and what hangs on them."""
    return _tell_alone(ledger, entities, "e.passage_id", "d.schema = 'Table'")


def find_own_notices(ledger: Ledger, entities: Collection[str]) -> list[str]:
    """Notices (their documents) that are about nothing but these entities and what hangs on them."""
    return _tell_alone(ledger, entities, "e.document_id", "e.run_id IN (SELECT id FROM runs WHERE method = 'notice')")


def _tell_alone(ledger: Ledger, entities: Collection[str], key: str, where: str) -> list[str]:
    sql = ledger.connection
    mine = frozenset(entities) | list_dependants(sql, entities)
    query = f"""WITH mine AS (SELECT value AS id FROM json_each(?)), said AS (SELECT {key} AS key, s.entity_id FROM evidence AS e
            JOIN statements AS s ON s.id = e.statement_id JOIN documents AS d ON d.id = e.document_id
            WHERE {where} AND {key} != '' AND e.kind != 'suggested')
        SELECT DISTINCT key FROM said WHERE entity_id IN mine EXCEPT SELECT key FROM said WHERE entity_id NOT IN mine"""
    return [str(found) for (found,) in sql.execute(query, (_encode_ids(mine),)).fetchall()]


def list_row_ids(ledger: Ledger, entities: Collection[str]) -> set[str]:
    """What registers call these entities: in the rows that name them as a party, and in those that are about them alone."""
    sql, keys = ledger.connection, _encode_ids(entities)
    query = f"""SELECT DISTINCT e.original_value FROM statements AS s JOIN evidence AS e ON e.statement_id = s.id
        WHERE s.value IN (SELECT value FROM json_each(?)) AND e.run_id IN {REGISTERS}"""
    found = {str(name) for (name,) in sql.execute(query, (keys,)).fetchall()}
    query = f"""SELECT DISTINCT p.text FROM passages AS p JOIN evidence AS e ON e.passage_id = p.id JOIN statements AS s
        ON s.id = e.statement_id WHERE s.entity_id IN (SELECT value FROM json_each(?)) AND e.run_id IN {REGISTERS}"""
    found.update(name.strip() for (text,) in sql.execute(query, (keys,)).fetchall() for name in ROW_ID.findall(text))
    return {name for name in found if not name.startswith("\x00") and len(name) > 1}


def list_other_names(ledger: Ledger, entities: Collection[str], props: Collection[str]) -> list[str]:
    """Names that sources and officers give to all other entities."""
    query = """SELECT DISTINCT s.value FROM statements AS s WHERE s.prop IN (SELECT value FROM json_each(?))
        AND s.entity_id NOT IN (SELECT value FROM json_each(?))
        AND EXISTS (SELECT 1 FROM evidence AS e WHERE e.statement_id = s.id AND e.kind != 'suggested')"""
    rows = ledger.connection.execute(query, (_encode_ids(props), _encode_ids(entities))).fetchall()
    return [str(value) for (value,) in rows]


def find_reach(ledger: Ledger, entities: Collection[str]) -> frozenset[str]:
    """What says something of entities, or names them as a party: ids of documents; of tables the passages and traces of rows."""
    query = """SELECT DISTINCT e.document_id, e.passage_id, e.trace_id, coalesce(d.schema, '') FROM evidence AS e
        JOIN statements AS s ON s.id = e.statement_id LEFT JOIN documents AS d ON d.id = e.document_id WHERE e.document_id != ''
        AND (s.entity_id IN (SELECT value FROM json_each(?)) OR s.value IN (SELECT value FROM json_each(?)))"""
    rows = ledger.connection.execute(query, (_encode_ids(entities), _encode_ids(entities))).fetchall()
    found = ((passage, trace) if schema == "Table" else (document,) for document, passage, trace, schema in rows)
    return frozenset(str(key) for keys in found for key in keys if key)


def list_naming(ledger: Ledger, names: Phrases) -> frozenset[str]:
    """What has one of these names in its title or text, as `reach` lists it, whether or not a reading has found it there."""
    sql = ledger.connection
    schemata = dict(sql.execute("SELECT id, schema FROM documents").fetchall())
    said = (one for one in list_passages(ledger) if names.has_match(one.text))
    found: set[str] = set()
    rows: dict[str, set[str]] = {}
    for one in said:
        if schemata.get(one.document) == "Table" and one.number > 0:
            rows.setdefault(one.document, set()).add(one.passage)
        else:
            found.add(one.document)
    for document, chosen in rows.items():
        found |= chosen
        found.update(key for passage, _, keys in list_rows(sql, document) if passage in chosen for key in keys)
    titled = sql.execute("SELECT id, title FROM documents WHERE schema != 'Table'").fetchall()
    return frozenset(found | {str(key) for key, title in titled if names.has_match(title)})


def list_written_texts(ledger: Ledger, passages: Collection[str]) -> list[str]:
    """Texts that people wrote: of passages that no service has sent and that are no rows of a table."""
    query = """SELECT p.text FROM passages AS p JOIN documents AS d ON d.id = p.document_id
        WHERE d.service = '' AND d.schema != 'Table' AND p.id IN (SELECT value FROM json_each(?))"""
    return [str(text) for (text,) in ledger.connection.execute(query, (_encode_ids(passages),)).fetchall()]


def list_document_passages(ledger: Ledger, documents: Collection[str]) -> list[str]:
    """Passages of documents."""
    query = "SELECT id FROM passages WHERE document_id IN (SELECT value FROM json_each(?))"
    return [str(key) for (key,) in ledger.connection.execute(query, (_encode_ids(documents),)).fetchall()]


def select_known_documents(ledger: Ledger, documents: Collection[str]) -> list[str]:
    """Which of these documents are in the ledger."""
    query = "SELECT id FROM documents WHERE id IN (SELECT value FROM json_each(?))"
    return [str(key) for (key,) in ledger.connection.execute(query, (_encode_ids(documents),)).fetchall()]


def list_source_documents(ledger: Ledger, sources: Collection[str]) -> list[str]:
    """Documents that lie in sources."""
    query = "SELECT DISTINCT document_id FROM traces WHERE source IN (SELECT value FROM json_each(?))"
    return [str(key) for (key,) in ledger.connection.execute(query, (_encode_ids(sources),)).fetchall()]


def list_document_sources(ledger: Ledger, documents: Collection[str]) -> set[str]:
    """Sources in which documents lie."""
    query = "SELECT DISTINCT source FROM traces WHERE source != '' AND document_id IN (SELECT value FROM json_each(?))"
    return {str(key) for (key,) in ledger.connection.execute(query, (_encode_ids(documents),)).fetchall()}


class Lying(NamedTuple):
    """A place of a document in a source."""

    trace: str
    document: str
    place: str


class DocumentPassage(NamedTuple):
    """A passage of a document."""

    passage: str
    document: str
    number: int
    text: str


def list_places(ledger: Ledger, source: str) -> list[Lying]:
    """Where documents lie in a source, by every reading of it."""
    query = "SELECT DISTINCT id, document_id, place FROM traces WHERE source = ? ORDER BY document_id, id"
    return [Lying(*row) for row in ledger.connection.execute(query, (source,)).fetchall()]


def list_source_passages(ledger: Ledger, source: str) -> list[DocumentPassage]:
    """Passages of the documents in a source, in order."""
    query = """SELECT id, document_id, number, text FROM passages WHERE document_id IN
        (SELECT document_id FROM traces WHERE source = ?) ORDER BY n"""
    return [DocumentPassage(*row) for row in ledger.connection.execute(query, (source,)).fetchall()]


def list_passages(ledger: Ledger) -> Iterator[DocumentPassage]:
    """All passages of the ledger."""
    for row in ledger.connection.execute("SELECT id, document_id, number, text FROM passages"):
        yield DocumentPassage(*row)


def list_titles(ledger: Ledger, source: str) -> dict[str, tuple[str, str, str]]:
    """Documents in a source -> schema, title, time."""
    query = "SELECT id, schema, title, at FROM documents WHERE id IN (SELECT document_id FROM traces WHERE source = ?)"
    return {row[0]: row[1:] for row in ledger.connection.execute(query, (source,)).fetchall()}


def list_inner_sources(ledger: Ledger) -> list[tuple[str, str]]:
    """Sources that came in other sources: the inner one and the outer one."""
    query = "SELECT DISTINCT source, outer_source FROM arrivals WHERE outer_source NOT IN ('', source) ORDER BY 1, 2"
    return [(str(a), str(b)) for a, b in ledger.connection.execute(query).fetchall()]


def list_sources_within(ledger: Ledger, outer: Collection[str]) -> set[str]:
    """Sources that lie in some sources, however deep, whoever reads."""
    query = """WITH RECURSIVE inside(id) AS (SELECT value FROM json_each(?)
            UNION SELECT a.source FROM inside CROSS JOIN main.arrivals AS a ON a.outer_source = inside.id)
        SELECT id FROM inside"""
    return {str(key) for (key,) in ledger.connection.execute(query, (_encode_ids(outer),)).fetchall()}.difference(outer)


def list_sources(ledger: Ledger) -> list[tuple[str, str]]:
    """Hash and name of every source."""
    return [
        (str(a), str(b)) for a, b in ledger.connection.execute("SELECT sha256, name FROM sources ORDER BY 1").fetchall()
    ]


def list_mass_files(ledger: Ledger) -> list[tuple[str, str]]:
    """Names of the files of mass rows, and their tables."""
    query = "SELECT DISTINCT path, kind FROM row_files ORDER BY 1"
    return [(str(a), str(b)) for a, b in ledger.connection.execute(query).fetchall()]


def _encode_ids(keys: Collection[str]) -> str:
    return json.dumps(sorted(keys))
