"""Signed heads of the audit log, in the form of C2SP's tlog-checkpoint, and counter-signatures (C2SP's tlog-cosignature).

A checkpoint says: at this moment the log of this case had so many entries, and this is the root of their tree. Whoever holds
one can show later whether anything before it was changed. The entry after it in the log records its hash, so that the next
checkpoint covers it too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import CaseError
from workbench.ledger.log import merkle
from workbench.ledger.log.audit_log import Act, Object, Session, append_entry
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import EXERCISE
from workbench.visible import escape_unprintable

if TYPE_CHECKING:
    from workbench.identity import Card, Officer

ORIGIN = "caseledger/"
BODY = re.compile(
    rf"({ORIGIN}[^\n]+)\n(0|[1-9]\d{{0,15}})\n([A-Za-z0-9+/]{{43}}=)\ntime (\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\n"
    rf"(?:{EXERCISE}\n)?",
    re.ASCII,
)
LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})", re.ASCII)
PLAIN, TIMED, OTHER = b"\x01", b"\x04", b"\xff"
"""Kinds of signatures in C2SP's signed-note: Ed25519, Ed25519 with a time, others."""
LARGEST = 1 << 16
"""Characters of a checkpoint; a longer text is none."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a checkpoint: the name of a key and what its owner signed."""

    name: str
    key_id: bytes
    blob: bytes
    line: str

    @property
    def sha256(self) -> str:
        """Hash of the line: what the log records of a counter-signature."""
        return hashlib.sha256(self.line.encode()).hexdigest()

    def get_signed_parts(self, body: str) -> tuple[bytes, bytes, int]:
        """What was signed, the signature and its moment, if it is one with a time."""
        moment = int.from_bytes(self.blob[:8], "big")
        return _encode_cosigned(body, moment), self.blob[8:], moment


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed head of a log.

    Attributes
    ----------
    body : str
        What is signed: origin, size, root, time, and EXERCISE where it is one; each on a line.
    signatures : tuple of Signature
        The first is of the officer who made it, others of those who counter-signed.
    """

    body: str
    origin: str
    size: int
    root: bytes
    at: str
    signatures: tuple[Signature, ...]

    @property
    def text(self) -> str:
        """The whole note."""
        return build_note(self.body, "".join(f"{one.line}\n" for one in self.signatures))

    @property
    def sha256(self) -> str:
        """Hash of the note as it was made, with its first signature only: what the log records."""
        first = "".join(f"{one.line}\n" for one in self.signatures[:1])
        return hashlib.sha256(build_note(self.body, first).encode()).hexdigest()


def build_note(body: str, lines: str) -> str:
    """A signed note: what is signed, an empty line, the lines of signatures."""
    return f"{body}\n{lines}"


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint out of its text; signatures are not checked here.

    Raises
    ------
    CaseError
        If it is none.
    """
    body, gap, lines = text.partition("\n\n")
    found = BODY.fullmatch(f"{body}\n") if gap and len(text) <= LARGEST else None
    if found is None:
        raise CaseError(
            Sentence(
                "The text is not a checkpoint of a case. A checkpoint has lines for origin, size, root and time, "
                "then an empty line, then signatures. Use the complete text that `case.log.checkpoint()` "
                "returned."
            )
        )
    origin, size, root, at = found.groups()
    signatures = tuple(_parse_signature(line) for line in lines.splitlines())
    return Checkpoint(f"{body}\n", origin, int(size), base64.b64decode(root), at, signatures)


def _parse_signature(line: str) -> Signature:
    found = LINE.fullmatch(line)
    try:
        data = base64.b64decode(found.group(2), validate=True) if found else b""
    except binascii.Error:
        data = b""
    if found is None or len(data) < 68:
        raise CaseError(
            Sentence(
                "A line of the checkpoint is not a signature: '{line}'. Use the original file.",
                line=escape_unprintable(line[:60]),
            )
        )
    return Signature(found.group(1), data[:4], data[4:], line)


def get_head(sql: sqlite3.Connection) -> tuple[int, bytes]:
    """Number of entries and root of their tree."""
    frontier = merkle.Frontier(bytes(leaf) for (leaf,) in sql.execute("SELECT leaf FROM audit ORDER BY seq"))
    return frontier.size, frontier.compute_root()


def list_checkpoints(sql: sqlite3.Connection) -> list[str]:
    """Notes of all checkpoints that the ledger keeps, oldest first."""
    rows = sql.execute("SELECT body, signatures FROM checkpoints ORDER BY seq").fetchall()
    return [build_note(str(body), str(lines)) for body, lines in rows]


def create_checkpoint(sql: sqlite3.Connection, session: Session, officer: Officer, moment: str) -> str:
    """Sign the head of the log, keep the note and log it; the last note if nothing was logged since.

    Inside the caller's transaction: nobody adds an entry between the counting and the signing.
    """
    size, root = get_head(sql)
    last = sql.execute("SELECT size, body, signatures FROM checkpoints ORDER BY seq DESC LIMIT 1").fetchone()
    if last and int(last[0]) + 1 == size:
        return build_note(str(last[1]), str(last[2]))
    body = f"{ORIGIN}{session.case_id}\n{size}\n{base64.b64encode(root).decode()}\ntime {moment}\n"
    if officer.card.is_watermarked or EXERCISE in session.mark.upper():
        body += f"{EXERCISE}\n"
    line = f"{build_signature(body, officer)}\n"
    sql.execute("INSERT INTO checkpoints (size, body, signatures) VALUES (?, ?, ?)", (size, body, line))
    _save_card(sql, officer.card)
    made = parse_checkpoint(build_note(body, line))
    what = Object("checkpoint", id=made.sha256, count=size, outputs=[made.sha256])
    append_entry(sql, session, Act("consultation", what), moment)
    return made.text


def build_signature(body: str, officer: Officer) -> str:
    """The line by which an officer signs a checkpoint of their own log."""
    name = get_key_name(officer.card)
    return f"— {name} {base64.b64encode(compute_key_id(officer.card) + officer.sign(body.encode())).decode()}"


def build_countersignature(text: str, officer: Officer, moment: int) -> str:
    """The line by which another party says that it saw this checkpoint; to be given back to who made it.

    Parameters
    ----------
    text : str
        The note as received.
    officer : Officer
        Who says so.
    moment : int
        When, in seconds since 1970, UTC.
    """
    signed = officer.sign(_encode_cosigned(parse_checkpoint(text).body, moment))
    data = compute_key_id(officer.card, timed=True) + moment.to_bytes(8, "big") + signed
    return f"— {get_key_name(officer.card)} {base64.b64encode(data).decode()}"


def add_countersignatures(sql: sqlite3.Connection, session: Session, given: str, card: Card, moment: str) -> None:
    """Keep the counter-signatures of a card's holder that a note brings, under the same checkpoint of this ledger; logged.

    Raises
    ------
    CaseError
        If the note is of no checkpoint of this ledger, or brings no new and right signature by that card.
    """
    found = parse_checkpoint(given)
    row = sql.execute("SELECT seq, signatures FROM checkpoints WHERE body = ?", (found.body,)).fetchone()
    if row is None:
        raise CaseError(
            Sentence(
                "The checkpoint with {count} entries is not from this case. Countersign a checkpoint of this "
                "case: `case.log.checkpoint()`.",
                count=found.size,
            )
        )
    known, name = str(row[1]).splitlines(), get_key_name(card)
    new = [one for one in found.signatures if one.name == name and one.line not in known]
    if not new or not all(is_signed_by(card, found.body, one) for one in new):
        raise CaseError(
            Sentence(
                "The checkpoint has no new valid signature of {who}. Ask for the signed checkpoint again.",
                who=card.label,
            )
        )
    for one in new:
        what = Object("counter-signature", id=one.sha256, count=found.size, inputs=[one.sha256])
        append_entry(sql, session, Act("consultation", what), moment)
    lines = "".join(f"{line}\n" for line in (*known, *(one.line for one in new)))
    sql.execute("UPDATE checkpoints SET signatures = ? WHERE seq = ?", (lines, row[0]))
    _save_card(sql, card)


def is_signed_by(card: Card, body: str, line: Signature) -> bool:
    """Whether a line under a checkpoint is a signature of the card's holder, with a time or without one."""
    from workbench import identity

    if line.name != get_key_name(card):
        return False
    if line.key_id == compute_key_id(card, timed=True):
        data, blob, _ = line.get_signed_parts(body)
        return identity.signed_by(card, data, blob)
    return line.key_id == compute_key_id(card) and identity.signed_by(card, body.encode(), line.blob)


def get_key_name(card: Card) -> str:
    """The name of a card's key in a note: 'officer/' and the fingerprint in hexadecimal digits."""
    return format_key_name(card.fingerprint)


def format_key_name(fingerprint: str) -> str:
    """The same out of a fingerprint ('SHA256:…')."""
    return "officer/" + base64.b64decode(fingerprint.removeprefix("SHA256:") + "=").hex()


def compute_key_id(card: Card, *, timed: bool = False) -> bytes:
    """Four bytes by which a line names its key and its kind of signature (C2SP's signed-note)."""
    raw = base64.b64decode(card.key)
    kind = TIMED if timed else PLAIN
    if card.kind == "x509":
        kind = OTHER + (b"caseledger/x509-timed" if timed else b"caseledger/x509")
    return hashlib.sha256(get_key_name(card).encode() + b"\n" + kind + raw).digest()[:4]


def _encode_cosigned(body: str, moment: int) -> bytes:
    return f"cosignature/v1\ntime {moment}\n{body}".encode()


def _save_card(sql: sqlite3.Connection, card: Card) -> None:
    """Keep the card: without it the signature cannot be checked."""
    sql.execute("INSERT OR IGNORE INTO signers VALUES (?, ?)", (card.fingerprint, card.to_json()))
