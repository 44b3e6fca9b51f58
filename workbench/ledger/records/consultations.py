"""Consultations into the audit log, and all of it as a table: with the texts that entries commit to, but for those erased."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from workbench.ledger.log import audit_log, legacy_hash_chain
from workbench.ledger.storage.stored_values import parse_json

if TYPE_CHECKING:
    import pandas as pd

    from workbench.ledger.ledger import Ledger

COLUMNS = (
    "seq", "at", "operation", "officer", "purpose", "reason", "kind", "object", "count", "query", "recipients", "detail",
    "result", "mark", "legal_basis", "bureau", "role", "auth_method", "officer_id", "session", "hash", "log",
)  # fmt: skip
ERASED, WITHHELD = "[erased]", "[withheld]"
DEALT_WITH = ("object.name", "object.query")
Row = tuple[object, ...]


def record_consultation(ledger: Ledger, what: audit_log.Object, detail: audit_log.Json) -> None:
    """Log a consultation, which is asked for often: it is in the log at once, on the disk with the next row that is said.

    The end of the process loses nothing of it; the end of the machine's power may lose what came since then. A refusal is on the
    disk at once.

    Raises
    ------
    CaseError
        Without a reason; the refusal is logged.
    """
    has_reason = bool(detail.get("because") or ledger.session.reason.strip())
    ledger.record("consultation", what, detail, durable=not has_reason)


def list_entries(ledger: Ledger, officers: Collection[str] | None = None, secret: Collection[str] = ()) -> pd.DataFrame:
    """Entries in order (COLUMNS), of all officers or of those with these ids.

    `object` is its name, or its id where it has none; `recipients` joins them by ', '; `detail` is JSON; `hash` is that of the
    leaf. `log` is 'tree', or 'chain' for entries from before schema 6, which have a numbering of their own. A text that was
    erased reads ERASED. Of an entry that tells of a `secret` id (an object, a hash, what lies in it), what it dealt with reads WITHHELD.
    """
    import pandas as pd

    rows = [*_list_old_entries(ledger, officers), *_list_current_log(ledger, officers, frozenset(secret))]
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


def count_entries(ledger: Ledger) -> int:
    """How many entries there are, those of the old chain included."""
    query = "SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM audit_v1)"
    return int(ledger.connection.execute(query).fetchone()[0])


def list_own_officer_ids(ledger: Ledger) -> frozenset[str]:
    """Ids under which the log has the officer who is at work: the key's, and what stands for the name."""
    who = ledger.session.actor
    return frozenset((who.id, compute_local_id(ledger, who.name)))


def compute_local_id(ledger: Ledger, name: str) -> str:
    """What stands for a name in this case's log."""
    row = ledger.connection.execute("SELECT value FROM case_facts WHERE name = 'secret'").fetchone()
    return audit_log.compute_local_id(name, str(row[0]) if row else "")


def list_numbers(ledger: Ledger, officers: Collection[str], secret: Collection[str] = ()) -> frozenset[int]:
    """Numbers of the entries of officers with these ids, without those that tell of a `secret` id."""
    texts, closed = _load_texts(ledger), frozenset(secret)
    rows = ledger.connection.execute("SELECT seq, entry FROM audit").fetchall()
    entries = [(seq, entry) for seq, line in rows if (entry := json.loads(line))["actor"]["officer"] in officers]
    return frozenset(seq for seq, entry in entries if closed.isdisjoint(_list_named_ids(entry, texts.get(seq, {}))))


def _load_texts(ledger: Ledger) -> dict[int, dict[str, str]]:
    """Texts that entries commit to: number of the entry -> place -> text."""
    texts: dict[int, dict[str, str]] = {}
    for seq, place, text in ledger.connection.execute("SELECT seq, field, text FROM audit_texts"):
        texts.setdefault(seq, {})[place] = text
    return texts


def _list_old_entries(ledger: Ledger, officers: Collection[str] | None) -> Iterator[Row]:
    for seq, at, operation, officer, purpose, object_, detail, result, _, hash_ in legacy_hash_chain.list_rows(
        ledger.connection
    ):
        id_ = compute_local_id(ledger, officer)
        if officers is None or id_ in officers:
            because = str(json.loads(detail).get("because", ""))
            said = (purpose, because, "", object_, 1, "", "", detail)
            yield seq, at, operation, officer, *said, result, "", "", "", "", "name", id_, "", hash_, "chain"


def _list_current_log(ledger: Ledger, officers: Collection[str] | None, secret: frozenset[str]) -> Iterator[Row]:
    texts = _load_texts(ledger)
    for seq, line, leaf in ledger.connection.execute("SELECT seq, entry, leaf FROM audit ORDER BY seq"):
        entry = json.loads(line)
        if officers is None or entry["actor"]["officer"] in officers:
            said = texts.get(seq, {})
            if secret and not secret.isdisjoint(_list_named_ids(entry, said)):
                entry = {**entry, "object": {**entry["object"], "id": WITHHELD}}
                said = {**said, **dict.fromkeys(DEALT_WITH, WITHHELD), "tool.params": json.dumps({"withheld": 1})}
            yield _build_row(seq, entry, bytes(leaf).hex(), _build_text_reader(entry, said))


def _list_named_ids(entry: audit_log.Json, said: Mapping[str, str]) -> Iterator[str]:
    """Ids and hashes of what an entry tells of."""
    what, detail = cast("Mapping[str, Any]", entry["object"]), parse_json(said.get("tool.params", "{}"), dict) or {}
    yield from (str(what["id"]), said.get("object.name", ""))
    yield from (str(key) for place in ("input_hashes", "output_hashes") for key in cast("list[Any]", entry[place]))
    yield from (str(value) for value in detail.values() if isinstance(value, str))


def _build_text_reader(entry: audit_log.Json, texts: dict[str, str]) -> Callable[[str], str]:
    """Gives the text at a place of an entry."""
    committed = dict(audit_log.list_commitments(entry))
    return lambda place: texts.get(place, ERASED) if place in committed else ""


def _build_row(seq: int, entry: dict[str, dict[str, object]], hash_: str, said: Callable[[str], str]) -> Row:
    who, what = entry["actor"], entry["object"]
    object_ = said("object.name") or what["id"]
    recipients = ", ".join(said(f"recipients.{number}") for number in range(len(entry["recipients"])))
    told = (said("purpose"), said("justification"), what["kind"], object_, what["count"], said("object.query"))
    head = (seq, entry["ts_utc"], entry["op"], said("actor.name"), *told, recipients, said("tool.params") or "{}")
    person = (who["bureau"], who["role"], who["auth_method"], who["officer"], who["session"])
    return *head, entry["result"], entry["confidentiality"], said("legal_basis"), *person, hash_, "tree"
