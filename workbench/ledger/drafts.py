"""Messages that are being written, saved at every change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.ledger.audit import Object
from workbench.ledger.drawings import withheld
from workbench.ledger.store import Ledger, now

DRAFT, PARTLY, SENT, DISCARDED = "draft", "partly sent", "sent", "discarded"


@dataclass(frozen=True, slots=True)
class Stored:
    """A draft as the ledger keeps it.

    Attributes
    ----------
    id : str
    message : str
        As JSON.
    told : mapping
        What is said of it: 'sources' (what fields were filled from), 'let_stand' (warnings, and why), 'approvals', ...
    rests : tuple of str
        Passages, documents and statements from which fields were filled; who may not see one of them does not read the draft.
    state : str
        DRAFT, PARTLY (not to all of its addressees yet), SENT or DISCARDED.
    officer, at : str
        Who changed it last, and when.
    """

    id: str
    message: str
    told: Mapping[str, object] = field(default_factory=dict)
    rests: tuple[str, ...] = ()
    state: str = DRAFT
    officer: str = ""
    at: str = ""


def save(ledger: Ledger, made: Stored, what: str) -> Stored:
    """Keep a draft as it is now; logged as an alteration. `what`: what was done, for the log."""
    moment = now()
    row = (made.id, made.message, _json(made.told), _json(made.rests), made.state, ledger.officer, moment)
    with ledger.transaction() as sql:
        sql.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        ledger.log(sql, "alteration", Object("draft", made.id), {"done": what})
    return Stored(made.id, made.message, made.told, made.rests, made.state, ledger.officer, moment)


def listed(ledger: Ledger) -> list[Stored]:
    """Drafts of which the reader may see all that they were filled from, the latest first."""
    query = "SELECT id, message, told, rests, state, officer, at FROM drafts ORDER BY at DESC, id"
    found = [
        Stored(key, message, json.loads(told), tuple(json.loads(rests)), *rest)
        for key, message, told, rests, *rest in ledger.reading.execute(query).fetchall()
    ]
    hidden = withheld(ledger, {key for one in found for key in one.rests})
    return [one for one in found if hidden.isdisjoint(one.rests)]


def count(ledger: Ledger) -> int:
    """How many drafts there are and were, whoever reads."""
    return int(ledger.connection.execute("SELECT count(*) FROM drafts").fetchone()[0])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
