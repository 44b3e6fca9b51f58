"""Messages that came in and went out: the few facts by which they are looked up, each beside its document."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from workbench.ledger.ledger import Ledger
from workbench.ledger.records import packages
from workbench.ledger.storage.runs import now
from workbench.ledger.storage.stored_values import parse_json
from workbench.visible import shorten_name

if TYPE_CHECKING:
    import pandas as pd

IN, OUT, COPY = "incoming", "outgoing", "copy"
"""Directions; a copy is what this bureau has neither received nor sent: it came in a package with the case of another one, or it is a
notice out of a public list, which nobody sends to anybody."""
FOREIGN = "message"
"""Kind under which copies are noted among rows of others."""
TARGET = "message"
"""Kind under which what became of a message is decided (`Ledger.decide`)."""
SENDING = "sending"
"""Kind under which it is decided to whom a message has gone."""
DONE, REOPENED = "done", "reopened"
"""What is decided: that nothing is to be done about it any more, or that something is after all."""


@dataclass(frozen=True, slots=True)
class FiledMessage:
    """A message as the ledger knows it.

    Attributes
    ----------
    document_id, source : str
        Its document, and the SHA-256 of its form.
    direction : str
        IN, OUT or COPY.
    form, kind : str
        'message', 'notice' or 'letter'; type of the message, colour of the notice.
    message_id, thread_id, our_ref, your_ref : str
    other_refs, to_bureaux : tuple of str
    from_bureau, at, urgency, reply_by, subject : str
        As in the message; of a sender for whom nobody vouches the name with the key (`packages.add_key`).
    state : str
        In which it was filed; of a copy, in which it was there.
    package : str
        Name of the package in which it came or went, '' if in none.
    """

    document_id: str
    source: str
    direction: str
    form: str
    kind: str
    message_id: str
    thread_id: str
    our_ref: str
    your_ref: str
    other_refs: tuple[str, ...]
    from_bureau: str
    to_bureaux: tuple[str, ...]
    at: str
    urgency: str
    reply_by: str
    subject: str
    state: str
    package: str = ""


LISTS, EMPTY = ("other_refs", "to_bureaux"), "[]"
COLUMNS = (*(field.name for field in fields(FiledMessage)), "officer", "filed_at")


def add_message(sql: sqlite3.Connection, officer: str, made: FiledMessage) -> None:
    """Note a message inside the caller's transaction; one that is known is not noted again."""
    row = [_encode_json(value) if isinstance(value, tuple) else value for value in astuple(made)]
    sql.execute(f"INSERT OR IGNORE INTO messages VALUES ({', '.join('?' * len(COLUMNS))})", (*row, officer, now()))


def update_package(ledger: Ledger, document: str, package: str, sender: str = "", *, is_sure: bool = False) -> None:
    """Note the package in which a message goes or came after all, and its sender where the message names none.

    `is_sure`: the sender takes the place of one for whom nobody vouched.
    """
    query = """UPDATE messages SET package = ?1, from_bureau = CASE WHEN ?3 != '' AND (?4 OR from_bureau = '') THEN ?3 ELSE from_bureau END
        WHERE document_id = ?2 AND package != ?1"""
    with ledger.open_transaction() as sql:
        sql.execute(query, (package, document, sender, is_sure))


MINE = f"NOT EXISTS (SELECT 1 FROM foreign_rows WHERE kind = '{FOREIGN}' AND key = document_id)"
"""Of messages: what this bureau has filed itself."""


def get_source(ledger: Ledger, document: str) -> str:
    """The source that holds a message, whoever reads."""
    return str(
        ledger.connection.execute("SELECT source FROM messages WHERE document_id = ?", (document,)).fetchone()[0]
    )


def is_live(ledger: Ledger, document: str) -> bool:
    """Whether a message counts, whoever reads: it was neither withdrawn nor excluded."""
    query = "SELECT 1 FROM main.live_messages WHERE document_id = ?"
    return ledger.connection.execute(query, (document,)).fetchone() is not None


def list_filing_times(ledger: Ledger) -> dict[str, str]:
    """Document of each message -> when it was filed here (UTC, ISO 8601), whoever reads."""
    rows = ledger.connection.execute("SELECT document_id, filed_at FROM messages").fetchall()
    return {str(document): str(at) for document, at in rows}


def find_message(ledger: Ledger, source: str) -> FiledMessage | None:
    """The message that a source holds and this bureau has filed, whoever reads; None if there is none."""
    query = f"SELECT {', '.join(COLUMNS[:-2])} FROM messages WHERE source = ? AND {MINE}"
    row = ledger.connection.execute(query, (source,)).fetchone()
    return _parse_row(row) if row else None


def list_package_sources(ledger: Ledger, names: Collection[str]) -> set[str]:
    """Sources that hold messages which came in packages of these names, whoever reads."""
    query = "SELECT source FROM messages WHERE direction = ? AND package IN (SELECT value FROM json_each(?))"
    return {str(key) for (key,) in ledger.connection.execute(query, (IN, _encode_json(sorted(names)))).fetchall()}


def list_file_messages(ledger: Ledger) -> frozenset[str]:
    """Documents of messages that came in a file of somebody's traffic: sealed by nobody, and not here before."""
    query = """SELECT document_id FROM messages AS m WHERE package = ''
        AND EXISTS (SELECT 1 FROM arrivals AS a WHERE a.source = m.source AND a.run_id != '' AND a.at <= m.filed_at)"""
    return frozenset(str(key) for (key,) in ledger.connection.execute(query).fetchall())


def list_sent_sources(ledger: Ledger, message_id: str) -> list[str]:
    """Sources that hold a message as it went out, whoever reads."""
    query = f"SELECT source FROM messages WHERE message_id = ? AND direction = ? AND {MINE} ORDER BY filed_at DESC"
    return [str(source) for (source,) in ledger.connection.execute(query, (message_id, OUT)).fetchall()]


def list_sent_addressees(ledger: Ledger, document: str) -> frozenset[str]:
    """Addressees to whom a message has gone, whoever reads."""
    query = "SELECT target_id FROM main.live_decisions WHERE target_kind = ? AND target_id > ? AND target_id < ?"
    rows = ledger.connection.execute(query, (SENDING, f"{document} ", f"{document}!")).fetchall()
    return frozenset(str(target).partition(" ")[2] for (target,) in rows)


def list_threads(ledger: Ledger, references: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """References (bureau and reference) of messages that this bureau has filed, among these -> thread."""
    query = f"""SELECT from_bureau, our_ref, thread_id FROM messages
        WHERE our_ref IN (SELECT value FROM json_each(?)) AND {MINE} ORDER BY filed_at, at, document_id"""
    rows = ledger.connection.execute(query, (_encode_json(sorted({ref for _, ref in references if ref})),)).fetchall()
    return {(bureau, ref): thread for bureau, ref, thread in reversed(rows) if (bureau, ref) in references}


ACKNOWLEDGED = f"""(SELECT 'acknowledged' FROM receipts AS r WHERE r.package = m.package AND r.arrived
            AND m.direction = '{OUT}' LIMIT 1)"""
LISTED = "m.form = 'notice' AND m.from_bureau = '' AND m.to_bureaux = '[]' AND m.package = ''"
"""A notice out of a public list (`notices.is_public_notice`)."""
DIRECTION = f"""CASE WHEN {LISTED} OR EXISTS (SELECT 1 FROM foreign_rows WHERE kind = '{FOREIGN}' AND key = m.document_id)
            THEN '{COPY}' ELSE m.direction END"""


HEAD = 80
"""Characters of the title of a message before the key of its sender."""
RESTATED = f"""EXISTS (SELECT 1 FROM messages AS m WHERE m.document_id = e.document_id AND m.direction = '{OUT}'
    AND (m.package != '' OR EXISTS (SELECT 1 FROM foreign_rows WHERE kind = '{FOREIGN}' AND key = m.document_id)))"""
"""Of evidence `e`: in a message that states again what the case of its sender had, which is no second source for it."""


AMONG = "document_id IN (SELECT value FROM json_each(?))"
NAMED = """(m.document_id = ?1 OR (?1 IN (m.our_ref, m.message_id)
    AND NOT EXISTS (SELECT 1 FROM main.messages AS d WHERE d.document_id = ?1)))"""
"""What has a name; the id of a document is the name of that one alone, whoever writes it as a reference."""
THREAD = "thread_id = ?"


def list_messages(ledger: Ledger, documents: Iterable[str] | None = None) -> list[FiledMessage]:
    """Messages that the reader may see, in the order in which they were filed, in the state in which they are now."""
    return (
        _list_messages(ledger) if documents is None else _list_messages(ledger, AMONG, _encode_json(sorted(documents)))
    )


def find_by_name(ledger: Ledger, name: str) -> list[FiledMessage]:
    """Those of them that have a name: their document, their reference or their own id."""
    return _list_messages(ledger, NAMED, name)


def list_thread_messages(ledger: Ledger, thread: str) -> list[FiledMessage]:
    """Those of them that are of one thread."""
    return _list_messages(ledger, THREAD, thread)


def _list_messages(ledger: Ledger, condition: str = "TRUE", *asked: str) -> list[FiledMessage]:
    columns = ", ".join(DIRECTION if name == "direction" else f"m.{name}" for name in COLUMNS[:-2])
    query = f"""SELECT {columns}, coalesce((SELECT nullif(verdict, '{REOPENED}') FROM ruling WHERE target_id = m.document_id),
            {ACKNOWLEDGED})
        FROM live_messages AS m WHERE {condition} ORDER BY filed_at, at, document_id"""
    rows = ledger.reader_connection.execute(query, asked).fetchall()
    unvouched = packages.list_unvouched(ledger)
    return [_add_key(_parse_row([*row[:16], verdict or row[16], row[17]]), unvouched) for *row, verdict in rows]


def _add_key(one: FiledMessage, unvouched: Mapping[str, str]) -> FiledMessage:
    """A message that came, from its bureau by name alone where the sender is vouched for, else by name and key."""
    named = _name_bureau(one.from_bureau, one.direction, one.package, unvouched)
    return one if named == one.from_bureau else replace(one, from_bureau=named)


def _name_bureau(bureau: str, direction: str, package: str, unvouched: Mapping[str, str]) -> str:
    if key := unvouched.get(package, "") if direction == IN else "":
        return packages.add_key(bureau, key)
    found = KEYED.fullmatch(bureau) if "SHA256:" in bureau else None
    return packages.add_key(found[1], found[2]) if found else bureau


KEYED = re.compile(r"(.*?) ?(SHA256:[\w+/]{43})", re.ASCII | re.DOTALL)
"""A bureau by name and key (`packages.add_key`)."""


def list_keyed_bureaux(ledger: Ledger, documents: Iterable[str] | None = None) -> dict[str, str]:
    """Documents of messages from senders for whom nobody vouches -> the bureau by name and key; of these documents, if they are given.

    That is what came so here, and what another bureau passed on as such.
    """
    unvouched = packages.list_unvouched(ledger)
    asked = (_encode_json(sorted(unvouched)), None if documents is None else _encode_json(sorted(documents)))
    query = """SELECT document_id, direction, from_bureau, package FROM live_messages
        WHERE (package IN (SELECT value FROM json_each(?1)) OR instr(from_bureau, 'SHA256:'))
        AND (?2 IS NULL OR document_id IN (SELECT value FROM json_each(?2)))"""
    rows = ledger.reader_connection.execute(query, asked).fetchall()
    named = {key: _name_bureau(bureau, direction, package, unvouched) for key, direction, bureau, package in rows}
    return {key: bureau for key, bureau in named.items() if KEYED.fullmatch(bureau)}


def add_keys_to_titles(ledger: Ledger, titles: Mapping[str, str]) -> dict[str, str]:
    """Titles by document, those of messages from senders for whom nobody vouches with the key beside the name of the bureau."""
    return {
        **titles,
        **{key: add_key_to_title(titles[key], bureau) for key, bureau in list_keyed_bureaux(ledger, titles).items()},
    }


def add_key_to_title(title: str, bureau: str) -> str:
    """The title of a message ('Request S-1 QN-NCB → QM-NCB: …') with the bureau of its sender by name and key.

    >>> add_key_to_title("Request S-1 QN-NCB → QM-NCB: van", "QN-NCB SHA256:" + 43 * "a")[:33]
    'Request S-1 QN-NCB SHA256:aaaaaaa'

    Of what stands before the key so much is left that one sees the key, where the message has a long name or reference.
    """
    found = KEYED.fullmatch(bureau)
    head, arrow, rest = title.partition(" → ")
    if not found or bureau in head[: HEAD + len(bureau)]:
        return title
    if arrow and head.endswith(found[1]) and len(head) <= HEAD:
        return f"{head.removesuffix(found[1])}{bureau}{arrow}{rest}"
    return f"{shorten_name(packages.KEY.sub('…', head), HEAD)} {found[2]}{arrow}{rest}"


def build_message_table(filed: Iterable[FiledMessage]) -> pd.DataFrame:
    """Messages as a table: the fields of `FiledMessage`, lists joined with commas."""
    import pandas as pd

    names = COLUMNS[:-2]
    rows = [[", ".join(getattr(one, name)) if name in LISTS else getattr(one, name) for name in names] for one in filed]
    return pd.DataFrame(rows, columns=list(names))


def _parse_row(row: Sequence[str]) -> FiledMessage:
    named = zip(COLUMNS, row, strict=False)
    cells: list[Any] = [_parse_list(cell) if name in LISTS else cell for name, cell in named]
    return FiledMessage(*cells[: len(COLUMNS) - 2])


def _parse_list(cell: str) -> tuple[str, ...]:
    return () if cell == EMPTY else tuple(parse_json(cell, list) or ())


def _encode_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
