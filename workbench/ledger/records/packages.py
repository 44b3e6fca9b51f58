"""Packages that a case has sent and taken in, and the receipts that came back: whoever must correct or erase something asks here."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from workbench.errors import CaseError, IdentityError, PackageError
from workbench.ledger.ledger import Ledger
from workbench.ledger.log import checkpoints
from workbench.ledger.log.audit_log import Object
from workbench.ledger.log.log_walk import get_case_id
from workbench.ledger.storage.runs import now
from workbench.ledger.storage.stored_values import parse_json
from workbench.model.catalogue import Sentence
from workbench.visible import shorten_name

if TYPE_CHECKING:
    import pandas as pd

    from workbench.identity import Card

SENT, RECEIVED = "sent", "received"
KEPT = "SELECT 1 FROM receipts WHERE package = ? AND json_extract(receipt, '$.signature') = ?"
"""Whether a receipt is here, also one in which words were struck since."""
LOG = re.compile(rf"{checkpoints.ORIGIN}[0-9a-f]{{32}}", re.ASCII)
"""What a log of the workbench is called."""
NAME = 32
"""Characters of the name of a bureau that are shown before a key."""
KEY = re.compile(r"SHA256:\S*", re.IGNORECASE)
VOUCHED = "VALID"
"""State of a package for whose sender a bureau of the trust list vouches."""
BROUGHT = """SELECT package FROM messages WHERE package != '' AND document_id IN (SELECT value FROM json_each(?))
    UNION SELECT json_extract(a.entry, '$.input_hashes[0]') FROM audit AS a
        CROSS JOIN audit_texts AS t ON t.seq = a.seq AND t.field = 'tool.params'
        WHERE a.op = 'collection' AND json_extract(a.entry, '$.object.kind') = 'package'
        AND json_extract(t.text, '$.message') IN (SELECT value FROM json_each(?))"""
"""Packages that brought some messages: by name those that brought them first, by hash all of which the log has it."""
FIRST_SHOWN = """WITH shown AS (SELECT package, sender, state, at FROM packages
        WHERE direction = ?1 AND substr(checkpoint, 1, length(?2)) = ?2)
    SELECT sender, state FROM (SELECT *, (SELECT min(a.seq) FROM audit AS a WHERE a.op = 'collection' AND a.result = 'ok'
            AND json_extract(a.entry, '$.object.kind') = 'package' AND json_extract(a.entry, '$.object.id') = package) AS entry
        FROM shown WHERE at = (SELECT min(at) FROM shown)) ORDER BY entry IS NULL, entry, package LIMIT 1"""
"""Who sent the first package that shows a log: of several of one second the one that the own log has first."""


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """A package as the ledger remembers it.

    Attributes
    ----------
    package : str
        Its name.
    direction : str
        SENT or RECEIVED.
    sha256, header_sha256 : str
        Of the sealed file and of its header.
    sender : str
        Who signed it, with their fingerprint: as JSON of the card.
    addressees : str
        JSON list of [label, fingerprint].
    mark, title : str
        As its header says.
    checkpoint : str
        Checkpoint of the sender's log that went with it.
    state : str
        In which it was found; '' for one that was sent.
    """

    package: str
    direction: str
    sha256: str
    header_sha256: str
    sender: str
    addressees: str
    mark: str
    title: str
    checkpoint: str = ""
    state: str = ""


def extract_checkpoint(text: str, sender: Card) -> str:
    """A checkpoint that came, as it is remembered: head and line of the sender; '' of any other text, which says nothing of a log."""
    try:
        made = checkpoints.parse_checkpoint(text)
    except CaseError:
        return ""
    lines = [f"{line.line}\n" for line in made.signatures if checkpoints.is_signed_by(sender, made.body, line)]
    return checkpoints.build_note(made.body, lines[0]) if lines and LOG.fullmatch(made.origin) else ""


def add_package(sql: sqlite3.Connection, made: PackageRecord, officer: str) -> None:
    """Remember a package inside the caller's transaction; one that is known is not noted again, but that its sender is vouched for now."""
    sql.execute(f"INSERT OR IGNORE INTO packages VALUES ({', '.join('?' * 12)})", (*astuple(made), officer, now()))
    change = (
        "UPDATE packages SET state = ?1 WHERE package = ?2 AND direction = ?3 AND sha256 = ?4 AND state NOT IN ('', ?1)"
    )
    if made.state == VOUCHED:
        sql.execute(change, (VOUCHED, made.package, made.direction, made.sha256))


def record_sent_package(ledger: Ledger, made: PackageRecord) -> None:
    """Remember a package that was sent; its disclosure is logged before it is sealed.

    Raises
    ------
    PackageError
        If this case has sent one of that name.
    """
    with ledger.open_transaction() as sql:
        if find_sent(ledger, made.package):
            raise PackageError(
                Sentence(
                    "Another program has just created a package with the same name, {package}. Wait a "
                    "moment, then create the package again.",
                    package=made.package,
                )
            )
        add_package(sql, made, ledger.officer)
        what = Object(
            "sealed package", id=made.sha256, inputs=[made.header_sha256], outputs=[made.sha256], mark=made.mark
        )
        ledger.log(sql, "alteration", what, {"package": made.package})


def add_receipt(ledger: Ledger, package: str, receiver: str, found: tuple[str, bool, str]) -> bool:
    """Keep a receipt: state and arrival as checked, and its text; False if it was kept before."""
    state, arrived, text = found
    with ledger.open_transaction() as sql:
        if sql.execute(KEPT, (package, json.loads(text)["signature"])).fetchone():
            return False
        row = (package, receiver, state, int(arrived), text, now())
        new = sql.execute("INSERT OR IGNORE INTO receipts VALUES (?, ?, ?, ?, ?, ?)", row).rowcount > 0
        if new:
            ledger.log(sql, "collection", Object("receipt", receiver, id=package), {"state": state, "arrived": arrived})
    return new


def list_acknowledged(ledger: Ledger) -> dict[tuple[str, str], Card]:
    """Packages that arrived, each with the fingerprint of who says so -> their card."""
    query = "SELECT package, receiver, json_extract(receipt, '$.receiver') FROM receipts WHERE arrived ORDER BY at"
    rows = ledger.reader_connection.execute(query).fetchall()
    return {(package, receiver): _parse_card(card) for package, receiver, card in rows}


def find_signer(ledger: Ledger, package: str) -> Card | None:
    """Who signed a package that came, by its name; None where none of that name did."""
    query = "SELECT sender FROM packages WHERE package = ? AND direction = ? LIMIT 1"
    row = ledger.connection.execute(query, (package, RECEIVED)).fetchone()
    return _parse_card(row[0]) if row else None


def find_sent(ledger: Ledger, package: str, sha256: str = "") -> PackageRecord | None:
    """A package that was sent, by its name, and of several of one name (of earlier versions) by its hash; None if there is none."""
    names = ", ".join(PackageRecord.__dataclass_fields__)
    row = ledger.reader_connection.execute(
        f"SELECT {names} FROM packages WHERE package = ? AND direction = ? ORDER BY sha256 = ? DESC, at DESC",
        (package, SENT, sha256),
    ).fetchone()
    return PackageRecord(*row) if row else None


def is_of_sender(ledger: Ledger, checkpoint: str, sender: Card, state: str) -> bool:
    """Whether a checkpoint that came is the sender's word on a log of the sender: signed by the sender, and of a log that is not ours.

    A log belongs to the bureau that showed it first (`names`; `state`: that of the package).
    One of ours fits our log where it is to be counter-signed.
    """
    try:
        made = checkpoints.parse_checkpoint(checkpoint)
    except CaseError:
        return False
    if not any(checkpoints.is_signed_by(sender, made.body, line) for line in made.signatures):
        return False
    sql = ledger.connection
    if made.origin == checkpoints.ORIGIN + get_case_id(sql):
        return sql.execute("SELECT 1 FROM checkpoints WHERE body = ?", (made.body,)).fetchone() is not None
    first = sql.execute(FIRST_SHOWN, (RECEIVED, f"{made.origin}\n")).fetchone()
    return first is None or not set(list_bureau_names(_parse_card(first[0]), first[1])).isdisjoint(
        list_bureau_names(sender, state)
    )


def list_addressees(made: PackageRecord) -> list[str]:
    """Fingerprints of those to whom a package was sealed."""
    return [str(fingerprint) for _, fingerprint in json.loads(made.addressees)]


def list_sealed_to(ledger: Ledger, package: str) -> list[str]:
    """The same of a package that was sent, by its name; none where there is none."""
    made = find_sent(ledger, package) if package else None
    return list_addressees(made) if made else []


def build_bureau_name(sender: Card, state: str) -> str:
    """What the bureau of a sender is known by: its name where a bureau of the trust list vouches for the sender, else with the key too.

    Anybody can write a name on a card. So what came unvouched is of that key alone, and of no bureau that is called the same.
    """
    return sender.bureau if state == VOUCHED else add_key(sender.bureau, sender.fingerprint)


def add_key(bureau: str, key: str) -> str:
    """The name of a bureau with the key of a sender for whom nobody vouches: of that key alone, whoever else is called so.

    Of the name so much is left that the key beside it is seen in a table, and nothing in it looks like a key.
    """
    return f"{shorten_name(KEY.sub('…', bureau.removesuffix(key)), NAME)} {key}".strip() if key else bureau


def list_unvouched(ledger: Ledger) -> dict[str, str]:
    """Packages that came from senders for whom no bureau of the trust list vouched -> the fingerprint of the key that signed them.

    A name is of one content and one sender. So of several sealed files of one name the best counts: one copy for whose sender a bureau
    vouched is enough, whether it came first or last.
    """
    query = """SELECT package, sender FROM packages AS p WHERE direction = ?1 AND state != ?2 AND NOT EXISTS
        (SELECT 1 FROM packages AS v WHERE v.package = p.package AND v.direction = ?1 AND v.state = ?2)"""
    rows = ledger.connection.execute(query, (RECEIVED, VOUCHED)).fetchall()
    return {str(package): _find_fingerprint(card) for package, card in rows}


def _find_fingerprint(card: str) -> str:
    """The fingerprint of a card; '' where too much of it was erased."""
    try:
        return _parse_card(card).fingerprint
    except (TypeError, ValueError, CaseError, IdentityError):
        return ""


def list_bureau_names(sender: Card, state: str) -> tuple[str, ...]:
    """What the bureau of a sender is known by, and was while nobody vouched for the sender, also in whole, as earlier versions wrote it."""
    whole = f"{sender.bureau} {sender.fingerprint}".strip()
    return tuple(dict.fromkeys((build_bureau_name(sender, state), build_bureau_name(sender, ""), whole)))


def list_sender_names(ledger: Ledger, package: str) -> list[tuple[str, ...]]:
    """All that each of those is known by who have sent a package of a name."""
    query = "SELECT sender, state FROM packages WHERE package = ? AND direction = ?"
    rows = ledger.connection.execute(query, (package, RECEIVED)).fetchall()
    return [list_bureau_names(_parse_card(card), state) for card, state in rows]


def list_bureau_packages(ledger: Ledger, known_by: Collection[str]) -> set[str]:
    """Packages that came from a bureau, by all that it is known by (`names`)."""
    rows = ledger.connection.execute("SELECT package, sender, state FROM packages WHERE direction = ?", (RECEIVED,))
    return {
        str(package)
        for package, card, state in rows.fetchall()
        if build_bureau_name(_parse_card(card), state) in known_by
    }


def _parse_card(text: str) -> Card:
    from workbench.identity import Card

    return Card(**{name: value for name, value in json.loads(text).items() if name != "type"})


def list_owners(ledger: Ledger) -> dict[str, tuple[str, str]]:
    """Sources that came in packages: SHA-256 -> bureau and country of who sent them, as on a card for which a bureau vouches."""
    query = """SELECT f.key, p.sender FROM foreign_rows AS f JOIN packages AS p ON p.package = f.package
        WHERE f.kind = 'source' AND p.direction = ? AND p.state = ?"""
    asked = (RECEIVED, VOUCHED)
    told = {key: json.loads(sender) for key, sender in ledger.connection.execute(query, asked).fetchall()}
    return {key: (str(card["bureau"]), str(card["country"])) for key, card in told.items()}


def list_packages(ledger: Ledger) -> pd.DataFrame:
    """Packages, oldest first: package, direction, title, mark, sender, to (labels), state, receipts, officer, at, sha256.

    `receipts`: how many addressees say that it came whole. Left out are those that told of what the reader may not even know to
    be there: what was sent of it, what brought nothing else, and what brought a message of it.
    """
    import pandas as pd

    query = """SELECT p.package, p.direction, p.title, p.mark, p.sender, p.addressees AS "to", p.state, (SELECT count(DISTINCT r.receiver)
            FROM receipts AS r WHERE r.package = p.package AND r.arrived AND p.direction = 'sent') AS receipts, p.officer, p.at, p.sha256
        FROM packages AS p WHERE NOT EXISTS (SELECT 1 FROM disclosures AS d JOIN disclosed AS t ON t.disclosure_id = d.id
            WHERE p.direction = 'sent' AND d.sha256 = p.sha256 AND t.target_id IN (SELECT value FROM json_each(?)))
        AND (p.package NOT IN (SELECT package FROM foreign_rows WHERE kind = 'source') OR p.package IN (SELECT package FROM foreign_rows
            WHERE kind = 'source' AND key NOT IN (SELECT value FROM json_each(?))))
        AND p.package NOT IN (SELECT value FROM json_each(?)) AND p.sha256 NOT IN (SELECT value FROM json_each(?))
        ORDER BY p.at, p.package"""
    secret = ledger.encode_secret_ids() or "[]"
    closed = json.dumps(sorted(_list_closed_packages(ledger, secret)))
    cursor = ledger.reader_connection.execute(query, (secret, secret, closed, closed))
    made = pd.DataFrame(cursor.fetchall(), columns=pd.Index([str(column[0]) for column in cursor.description]))
    made["sender"] = [str((parse_json(text, dict) or {}).get("name", "")) for text in made["sender"]]
    made["to"] = [", ".join(label for label, _ in parse_json(text, list) or ()) for text in made["to"]]
    return made


def _list_closed_packages(ledger: Ledger, secret: str) -> set[str]:
    """Names and hashes of packages that brought a message of which the reader may not know, whether they brought it first or again."""
    if not json.loads(secret):
        return set()
    rows = ledger.connection.execute(BROUGHT, (secret, secret)).fetchall()
    return {str(package) for (package,) in rows}


def list_states(ledger: Ledger, hashes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Of sealed files that were taken in: hash -> state in which they were found, and title."""
    query = (
        "SELECT sha256, state, title FROM packages WHERE direction = ? AND sha256 IN (SELECT value FROM json_each(?))"
    )
    rows = ledger.reader_connection.execute(query, (RECEIVED, json.dumps(list(hashes)))).fetchall()
    return {sha256: (state, title) for sha256, state, title in rows}
