"""The audit log: who did what, when, what for and on whose ground, as leaves of a Merkle tree (RFC 6962).

Six operations, as Directive (EU) 2016/680 article 25 names them: collection, alteration, consultation, disclosure,
combination, erasure. An entry is one line of canonical JSON (sorted keys, no spaces, UTF-8). It holds codes, counts, hashes
and times as they are, and commits to every text that people wrote (names, reasons, queries) by a salted hash; salts and texts
lie in `audit_texts` and may be erased, which leaves the log verifiable. docs/audit.md tells the form for a reader outside.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from workbench.ledger.log import merkle
from workbench.ledger.log.legacy_hash_chain import GENESIS, get_head
from workbench.ledger.log.row_commitments import Told, is_begun
from workbench.model.handling_marks import remove_conditions
from workbench.model.pseudonyms.name_matching import ERASED

if TYPE_CHECKING:
    from workbench.identity import Officer

OPERATIONS = ("collection", "alteration", "consultation", "disclosure", "combination", "erasure")
REASONED = ("consultation", "disclosure")
"""Operations that are refused without a reason."""
COMMITTED = ("actor.name", "purpose", "legal_basis", "justification", "object.name", "object.query", "tool.params")
"""Places of an entry that hold salted hashes of texts; '' where there is no text. `recipients` holds a list of them."""
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Object:
    """What an operation dealt with.

    Attributes
    ----------
    kind : str
        'source', 'run', 'entity', 'note', 'search', 'report', ...; stands in the log as it is.
    name : str
        What it is called, or its id where that is made of a name or a value. The log commits to it by a salted hash.
    id : str
        Hash of a content, or a random id: what says nothing of a person. Stands in the log as it is.
    count : int
        How many things of that kind.
    query : str
        What was asked. The log commits to it by a salted hash.
    inputs, outputs : sequence of str
        SHA-256 of the bytes that went in and came out.
    mark : str
        Mark of what was shown; the case's if not given. It stands in the log without the words of its conditions.
    """

    kind: str
    name: str = ""
    id: str = ""
    count: int = 1
    query: str = ""
    inputs: Sequence[str] = ()
    outputs: Sequence[str] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` stands for the officer in the log: the key's fingerprint, or a number out of name and case secret."""

    name: str
    id: str
    bureau: str = ""
    role: str = ""
    auth_method: str = "name"
    fingerprint: str = ""


def _list_no_rows(_: int) -> list[Told]:
    return []


@dataclass(slots=True)
class Session:
    """What holds for all that an officer does in an open case; `reason` may change."""

    actor: Actor
    case_id: str
    purpose: str
    legal_basis: str = ""
    mark: str = ""
    reason: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    rows: Callable[[int], list[Told]] = _list_no_rows
    """Gives what the entry of a number commits to in the tables (`row_commitments.Binding.commit_rows`)."""
    logged: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Text that holds for the whole session -> number and hash of an entry that says it; shared by copies of the session."""

    @property
    def repeated_texts(self) -> frozenset[str]:
        """What each entry says anew: purpose, legal basis, reason."""
        return frozenset({self.purpose, self.legal_basis, self.reason} - {""})


@dataclass(frozen=True, slots=True)
class Act:
    """One entry as it is told: operation, object, details (`because` among them is its reason), recipients, result."""

    operation: str
    what: Object
    detail: Json = field(default_factory=dict)
    to: Sequence[str] = ()
    result: str = "ok"


def get_last_entry_number(sql: sqlite3.Connection) -> int:
    """Number of the last entry; 0 where there is none."""
    return int(sql.execute("SELECT coalesce(max(seq), 0) FROM main.audit").fetchone()[0])


def start_session(sql: sqlite3.Connection, officer: str | Officer, purpose: str) -> Session:
    """A session of an officer in the case that this ledger belongs to."""
    facts = dict(sql.execute("SELECT name, value FROM case_facts").fetchall())
    return Session(build_actor(officer, facts.get("secret", "")), facts.get("case_id", ""), purpose, reason=purpose)


def build_actor(officer: str | Officer, secret: str) -> Actor:
    """Who acts, by a name that nobody has proved or by an officer's card."""
    if isinstance(officer, str):
        return Actor(officer, compute_local_id(officer, secret))
    card = officer.card
    return Actor(card.name, card.fingerprint, card.bureau, card.role, card.kind, card.fingerprint)


def compute_local_id(name: str, secret: str) -> str:
    """What stands for a name in the log of one case: HMAC-SHA256 under the case's secret, 32 digits."""
    return "local:" + hmac.new(secret.encode(), name.encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:32]


def encode_entry(entry: Json) -> str:
    """The one JSON text of an entry: sorted keys, no spaces."""
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def compute_commitment(salt: bytes, text: str) -> str:
    """SHA-256 over a salt and a text, 64 digits: without the salt nobody can try texts against it."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def list_commitments(entry: Json) -> Iterator[tuple[str, str]]:
    """Places of an entry that commit to a text, and the hashes there."""
    for place in COMMITTED:
        if hash_ := get_value(entry, place):
            yield place, hash_
    recipients = entry.get("recipients")
    for number, hash_ in enumerate(recipients if isinstance(recipients, list) else ()):
        yield f"recipients.{number}", str(hash_)


def get_value(entry: object, place: str) -> str:
    """The value at a place such as 'actor.name' or 'recipients.0'; '' where there is none."""
    for part in place.split("."):
        if isinstance(entry, dict):
            entry = entry.get(part, "")
        elif isinstance(entry, list) and part.isdecimal() and int(part) < len(entry):
            entry = entry[int(part)]
        else:
            return ""
    return entry if isinstance(entry, str) else ""


def append_entry(sql: sqlite3.Connection, session: Session, act: Act, moment: str) -> int:
    """Add an entry inside the caller's transaction; returns its number, from 1."""
    if act.operation not in OPERATIONS:
        raise ValueError(f"{act.operation!r} is no operation of the log. There are: {', '.join(OPERATIONS)}.")
    last = sql.execute("SELECT seq, leaf FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (int(last[0]) + 1, bytes(last[1]).hex()) if last else (1, GENESIS)
    texts = _Texts(_find_erased(sql, session))
    entry = {**_build_entry(session, act, texts), "seq": seq, "prev_hash": previous, "ts_utc": moment}
    if rows := session.rows(seq):
        entry["rows"] = rows
    line = encode_entry(entry)
    leaf = merkle.compute_leaf(line.encode())
    sql.execute("INSERT INTO audit (seq, entry, leaf) VALUES (?, ?, ?)", (seq, line, leaf))
    sql.executemany("INSERT INTO audit_texts VALUES (?, ?, ?, ?)", [(seq, *row) for row in texts.rows])
    session.logged.update(
        {text: (seq, leaf) for *_, text in texts.rows if text in session.repeated_texts - set(session.logged)}
    )
    return seq


def _find_erased(sql: sqlite3.Connection, session: Session) -> set[str]:
    """Texts that hold for the whole session and were erased since an entry said them: they are not written anew."""
    query = """SELECT 1 FROM audit AS a WHERE a.seq = ? AND a.leaf = ?
        AND NOT EXISTS (SELECT 1 FROM audit_texts AS t WHERE t.seq = a.seq AND t.text = ?)"""
    said = {text: session.logged[text] for text in session.repeated_texts if text in session.logged}
    return {text for text, (seq, leaf) in said.items() if sql.execute(query, (seq, leaf, text)).fetchone()}


def continue_log(sql: sqlite3.Connection, session: Session, moment: str) -> None:
    """Go on with the log of an earlier schema, where there is one: an entry holds the head of its chain, or binds its rows."""
    begun = sql.execute("SELECT 1 FROM audit LIMIT 1").fetchone() is not None
    count, hash_ = (0, "") if begun else get_head(sql)
    if count:
        chain = Object("log", id=hash_, count=count, inputs=(hash_,))
        append_entry(
            sql, session, Act("alteration", chain, {"because": "the log of an earlier schema goes on here"}), moment
        )
    elif begun and not is_begun(sql):
        (rows,) = sql.execute("SELECT count(*) FROM row_marks").fetchone()
        told = {"because": "rows of an earlier schema are bound to the log as they are"}
        append_entry(sql, session, Act("alteration", Object("rows", count=int(rows)), told), moment)


class _Texts:
    """Salts texts of one entry and keeps what is to be stored of them. `erased`: texts that are not said any more."""

    def __init__(self, erased: Set[str]) -> None:
        self.rows: list[tuple[str, bytes, str]] = []
        self.erased = erased

    def __call__(self, place: str, text: str) -> str:
        if not text:
            return ""
        text = ERASED if text in self.erased else text
        text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        salt = secrets.token_bytes(16)
        self.rows.append((place, salt, text))
        return compute_commitment(salt, text)


def _build_entry(session: Session, act: Act, said: _Texts) -> dict[str, object]:
    """The entry but for its place in the log."""
    what, detail = act.what, dict(act.detail)
    reason = str(detail.pop("because", "") or session.reason)
    params = json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else ""
    return {
        "op": act.operation,
        "actor": _encode_actor(session, said),
        "case_id": session.case_id,
        "purpose": said("purpose", session.purpose),
        "legal_basis": said("legal_basis", session.legal_basis),
        "justification": said("justification", reason),
        "object": {
            "kind": what.kind,
            "id": what.id,
            "count": what.count,
            "name": said("object.name", what.name),
            "query": said("object.query", what.query),
        },
        "recipients": [said(f"recipients.{number}", who) for number, who in enumerate(filter(None, act.to))],
        "confidentiality": remove_conditions(what.mark or session.mark),
        "tool": {"name": "caseledger", "version": _get_version(), "params": said("tool.params", params)},
        "input_hashes": list(what.inputs),
        "output_hashes": list(what.outputs),
        "result": act.result,
    }


def _encode_actor(session: Session, said: _Texts) -> dict[str, str]:
    who = session.actor
    return {
        "officer": who.id,
        "name": said("actor.name", who.name),
        "bureau": who.bureau,
        "role": who.role,
        "session": session.id,
        "auth_method": who.auth_method,
        "fingerprint": who.fingerprint,
    }


@cache
def _get_version() -> str:
    """Version of the program; run from its sources, it has none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("caseledger")
    except PackageNotFoundError:
        return "from sources"
